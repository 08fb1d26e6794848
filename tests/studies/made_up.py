"""A day of one place in round numbers, without tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.scenario.scenario import Alert
from model.studies.emergency.day import POLLUTANTS, Day
from model.studies.emergency.groups import Group
from model.studies.emergency.orders import Orders
from model.studies.emergency.pieces import GroupDay

ALL = ("yellow", "orange", "red")


@dataclass(frozen=True)
class Option:
    """An order of one source. cost: CNY for the whole of it. lines: 0 = not in lines."""

    source: int
    cost: float
    most: float = 1.0
    grain: str = "unit"
    lines: int = 0
    cuts: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    levels: tuple[str, ...] = ALL


def place(emission: Sequence[Sequence[float]], options: Sequence[Option]) -> GroupDay:
    """Sources that emit these kg [S, P] in a day with activity 1 and 365 in a year."""
    count = len(emission)
    sources = pd.DataFrame(index=pd.Index([f"s{n}" for n in range(count)], name="source"))
    day = Day(sources, np.ones(count), np.array(emission, dtype=float), np.full(count, 1 / 365))
    group = Group("a", "", "", np.arange(count), np.ones(count))
    offered: dict[int, tuple[int, ...]] = {}
    for row, option in enumerate(options):
        offered[option.source] = (*offered.get(option.source, ()), row)
    rows = pd.DataFrame({"grain": [option.grain for option in options]})
    orders = Orders(
        rows,
        np.array([option.cost for option in options], dtype=float),
        np.array([365 / option.lines if option.lines else np.nan for option in options]),
        np.array([option.most for option in options], dtype=float),
        np.array([option.cuts for option in options], dtype=float).reshape(len(options), len(POLLUTANTS)),
        np.array([option.grain != "share" for option in options]),
        tuple(frozenset(option.levels) for option in options),
        offered,
        {},
    )
    return GroupDay(group, day, orders)


def alert(
    level: str = "yellow",
    reduce: float = 0.1,
    quantities: tuple[str, ...] = POLLUTANTS,
    together: tuple[str, ...] = (),
    each: str | None = None,
) -> Alert:
    """An alert of January."""
    return Alert(
        id=level.upper(),
        where=None,
        clauses=(),
        stated=True,
        strength=None,
        note=None,
        file="",
        line=None,
        level=level,
        reduce=reduce,
        quantities=quantities,
        each=each,
        months=(1,),
        together=together,
    )


def ordered(day: GroupDay, pieces: Sequence[object]) -> Mapping[tuple[int, int], float]:
    """(source, row) -> share of the source's activity that the order takes hold of."""
    found: dict[tuple[int, int], float] = {}
    for piece in pieces:
        if piece.row >= 0:  # type: ignore[attr-defined]
            key = (piece.member, piece.row)  # type: ignore[attr-defined]
            found[key] = found.get(key, 0.0) + piece.share * piece.taken  # type: ignore[attr-defined]
    return found
