"""Mandates of the scenario: which states they forbid and from which decision year on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.problem.problem import Ints
from model.problem.world import World
from model.scenario.scenario import Mandate


def forbidden(world: World, mandates: Iterable[Mandate]) -> tuple[list[str], Ints, Ints, Ints]:
    """Names of the mandates, and rows (mandate, state, index of the first year) of what they forbid.

    A mandate that binds a year between decision years binds from the next one, and one from before the
    first decision year from that; one after the last year forbids nothing yet. What is no longer there by
    then has nothing to comply.
    """
    names: list[str] = []
    parts: list[Ints] = []
    for mandate in mandates:
        number = len(names)
        names.append(mandate.id)
        first = next((at for at, year in enumerate(world.years) if year >= mandate.first_year), None)
        if first is None:
            continue
        running = world.driver["activity"][:, 1 + first :].any(axis=1)
        inside = (world.among(mandate.where, None) & running)[world.state_source]
        if mandate.not_in is not None:
            inside &= world.states_in(mandate.not_in)
        else:
            inside &= ~world.states_in(mandate.only_in)
        state = np.flatnonzero(inside)
        parts.append(np.column_stack([np.full(len(state), number), state, np.full(len(state), first)]))
    rows = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.int64)
    mandate_of, state_of, first_of = np.ascontiguousarray(rows.T.astype(np.int64))
    return names, mandate_of, state_of, first_of
