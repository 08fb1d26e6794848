"""Sources that are alike, and the states they can reach: the work on packages is done once for each block."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.inventory.columns import SourceColumns
from model.options.packages import Measure, State, packages, sort_controls

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Steps:
    """The arcs of a block in a row, [A]: from and to which state, and what each adds."""

    from_state: Ints
    to_state: Ints
    added: Bools  # [m, A]
    measures: NDArray[np.object_]  # tuple of ids
    payer: NDArray[np.object_]  # joined by + where measures differ
    first_year: Ints


@dataclass(frozen=True)
class Block:
    """n sources that are alike; part[m, K]: the measure is in the state's package; arcs[from, to]."""

    class_id: str
    sources: Ints  # [n] positions
    states: tuple[State, ...]  # [K], state 0 first
    measures: tuple[Measure, ...]  # [m] those in any package
    part: Bools
    arcs: Bools
    steps: Steps

    @property
    def first_year(self) -> Ints:
        """Year from which each state can be reached, [K]: the latest of its measures' first years."""
        years = np.array([m.first_year for m in self.measures], dtype=np.int64)
        return np.asarray((self.part * years[:, None]).max(axis=0, initial=0))


def make_blocks(
    sources: pd.DataFrame, measures: Sequence[Measure], slot_of: Mapping[str, str]
) -> list[Block]:
    """Group the sources by what the fit of measures depends on, with the packages of each group."""
    columns = SourceColumns(sources)
    controls = np.empty(len(sources), dtype=object)
    controls[:] = [sort_controls(c, slot_of) for c in columns["controls"]]
    texts = {name: _as_text(columns[name]) for name in sorted({n for m in measures for n in m.where})}
    blocks = []
    for class_id in sorted(set(columns["class"])):
        at = np.flatnonzero(columns["class"] == class_id)
        of_class = [m for m in measures if class_id in m.classes]
        fits = np.array(
            [_fits_source(m, columns["capacity"][at], {n: texts[n][at] for n in m.where}) for m in of_class]
        )
        fits = fits.reshape(len(of_class), len(at))
        alike: dict[tuple[Any, ...], list[int]] = {}
        keys = zip(columns["fuel"][at], columns["technology"][at], controls[at], fits.T.tolist(), strict=True)
        for place, (fuel, technology, in_place, fitting) in enumerate(keys):
            alike.setdefault((fuel, technology, in_place, tuple(fitting)), []).append(place)
        for (fuel, technology, in_place, fitting), members in alike.items():
            usable = [m for m, fit in zip(of_class, fitting, strict=True) if fit]
            blocks.append(
                _block(class_id, State(fuel, technology, in_place, ()), at[members], usable, slot_of)
            )
    return blocks


def _fits_source(measure: Measure, capacity: NDArray[np.float64], where: Mapping[str, NDArray[Any]]) -> Bools:
    """Sources [n] whose capacity and attributes a measure fits; what is not known does not fit."""
    fits = np.ones(len(capacity), dtype=bool)
    if math.isfinite(measure.min_capacity):
        fits &= capacity >= measure.min_capacity
    if math.isfinite(measure.below_capacity):
        fits &= capacity < measure.below_capacity
    for name, values in where.items():
        wanted = measure.where[name]
        known = np.array([v is not None for v in values], dtype=bool)
        fits &= known if wanted is None else np.isin(values.astype(str), sorted(wanted)) & known
    return fits


def _block(
    class_id: str, first: State, sources: Ints, fitting: Sequence[Measure], slot_of: Mapping[str, str]
) -> Block:
    states = packages(first, fitting, slot_of)
    used = {m for state in states for m in state.measures}
    measures = tuple(m for m in fitting if m.id in used)
    part = np.array([[m.id in s.measures for s in states] for m in measures], dtype=bool)
    sets = [frozenset(s.measures) for s in states]
    arcs = np.array([[one < other and not states[i].ended for other in sets] for i, one in enumerate(sets)])
    part = part.reshape(-1, len(states))
    return Block(class_id, sources, tuple(states), measures, part, arcs, _steps(measures, part, arcs))


def _steps(measures: Sequence[Measure], part: Bools, arcs: Bools) -> Steps:
    from_state, to_state = np.nonzero(arcs)
    added = part[:, to_state] & ~part[:, from_state]
    names, payer = (np.empty(len(to_state), dtype=object) for _ in range(2))
    for at, there in enumerate(added.T):
        steps = [m for m, adds in zip(measures, there, strict=True) if adds]
        names[at] = tuple(m.id for m in steps)
        payer[at] = "+".join(sorted({m.payer for m in steps}))
    years = np.array([m.first_year for m in measures], dtype=np.int64)
    first_year = (added * years[:, None]).max(axis=0, initial=0)
    return Steps(from_state, to_state, added, names, payer, first_year)


def _as_text(values: NDArray[Any]) -> NDArray[np.object_]:
    """Attributes as fits_where writes them: yes, no, numbers without trailing zeros; None: not known."""

    def text(value: Any) -> str | None:
        if value is None or value != value:
            return None
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "no"
        return f"{value:g}" if isinstance(value, float | int | np.number) else str(value)

    return np.array([text(v) for v in values], dtype=object)
