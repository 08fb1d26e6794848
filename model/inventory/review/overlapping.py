"""How uncertain the emission of groups of sources is, where a source may be in several groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.observed.closures import Bools
from model.inventory.uncertain.parameters import Parameters
from model.inventory.uncertain.propagate import propagate
from model.tables.read import Tables


def log_sds_of_groups(
    inventory: Inventory, tables: Tables, parameters: Parameters, groups: Sequence[Bools]
) -> Floats:
    """Standard deviation of ln of the first year's emission of groups of sources [S], [group, pollutant].

    In closed form (`propagate`), lognormal: sqrt(ln(1 + r^2)) of the relative standard deviation r; nan where
    a group emits none. Groups are packed into sets of disjoint ones, each set propagated at once. Raises as
    `state_effects` does.
    """
    out = np.full((len(groups), len(POLLUTANTS)), np.nan)
    for members in _disjoint(groups):
        label = np.full(len(inventory.sources), -1, dtype=np.int64)
        for number, at in enumerate(members):
            label[groups[at]] = number
        found = propagate(inventory, tables, parameters, label)
        sd = np.sqrt(np.log1p(found.relative_sd**2))
        out[members] = np.where(found.value > 0, sd, np.nan)
    return out


def _disjoint(groups: Sequence[Bools]) -> list[list[int]]:
    """Positions of the groups with a source, in sets of which no two share one; first fit."""
    sets: list[tuple[list[int], Bools]] = []
    for at, kept in enumerate(groups):
        if not kept.any():
            continue
        for members, taken in sets:
            if not (taken & kept).any():
                members.append(at)
                taken |= kept
                break
        else:
            sets.append(([at], kept.copy()))
    return [members for members, _ in sets]
