"""Sources that are alike, and the states they can reach: the work on packages is done once for each block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.baseline.columns import source_columns
from model.options.packages import Measure, Signature, State, packages, sort_controls

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """n sources of one signature; part[m, K]: the measure is in the state's package; arcs[from, to]."""

    class_id: str
    sources: Ints  # [n] positions
    states: tuple[State, ...]  # [K], state 0 first
    measures: tuple[Measure, ...]  # [m] those in any package
    part: Bools
    arcs: Bools

    @property
    def first_year(self) -> Ints:
        """Year from which each state can be reached, [K]: the latest of its measures' first years."""
        years = np.array([m.first_year for m in self.measures], dtype=np.int64)
        return np.asarray((self.part * years[:, None]).max(axis=0, initial=0))


def make_blocks(
    sources: pd.DataFrame, measures: Sequence[Measure], slot_of: Mapping[str, str]
) -> list[Block]:
    """Group the sources by what the fit of measures depends on, with the packages of each group."""
    columns = source_columns(sources)
    blocks = []
    classes = columns["class"]
    for class_id in sorted(set(classes)):
        fitting = [m for m in measures if class_id in m.classes]
        names = sorted({name for m in fitting for name in m.where})
        steps = np.unique([c for m in fitting for c in (m.min_capacity, m.below_capacity) if np.isfinite(c)])
        at = np.flatnonzero(classes == class_id)
        capacity = columns["capacity"][at]
        band = np.where(np.isnan(capacity), -1, np.searchsorted(steps, capacity, side="right"))
        controls = [sort_controls(c, slot_of) for c in columns["controls"][at]]
        where = (
            zip(*(_as_text(columns[name][at]) for name in names), strict=True) if names else [()] * len(at)
        )
        keys = zip(columns["fuel"][at], columns["technology"][at], controls, band, where, strict=True)
        alike: dict[tuple[Any, ...], list[int]] = {}
        for place, key in enumerate(keys):
            alike.setdefault(key, []).append(place)
        for (fuel, technology, in_place, _, values), members in alike.items():
            given = tuple(zip(names, values, strict=True))
            signature = Signature(class_id, fuel, technology, in_place, float(capacity[members[0]]), given)
            blocks.append(_block(signature, at[members], fitting, slot_of))
    return blocks


def _block(
    signature: Signature, sources: Ints, fitting: Sequence[Measure], slot_of: Mapping[str, str]
) -> Block:
    states = packages(signature, fitting, slot_of)
    used = {m for state in states for m in state.measures}
    measures = tuple(m for m in fitting if m.id in used)
    part = np.array([[m.id in s.measures for s in states] for m in measures], dtype=bool).reshape(
        -1, len(states)
    )
    sets = [frozenset(s.measures) for s in states]
    arcs = np.array([[one < other and not states[i].ended for other in sets] for i, one in enumerate(sets)])
    return Block(signature.class_id, sources, tuple(states), measures, part, arcs)


def _as_text(values: NDArray[Any]) -> NDArray[np.object_]:
    """Attributes as fits_where writes them: yes, no, numbers without trailing zeros; None: not known."""

    def text(value: Any) -> str | None:
        if value is None or value != value:
            return None
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "no"
        return f"{value:g}" if isinstance(value, float | int | np.number) else str(value)

    return np.array([text(v) for v in values], dtype=object)
