"""What is ordered of the sources of a group at one level, and what the next level can order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.problem.problem import Problem
from model.studies.emergency.day import POLLUTANTS, Day, Floats
from model.studies.emergency.groups import Group
from model.studies.emergency.orders import Orders

Ints = NDArray[np.int64]

LEAST_SHARE = 1e-7
"""A part of a source below this is rounding."""


@dataclass(frozen=True)
class Piece:
    """A part of a source (position among the members of the group) under one order; row -1: it runs.

    taken: share of the activity of this part that the order takes hold of.
    """

    member: int
    share: float
    row: int = -1
    taken: float = 0.0


@dataclass(frozen=True)
class DayProblem:
    """The problem of one group and level, and what its states are.

    piece [S]: the piece each source of the problem is. row, taken [K]: the order that each state is.
    """

    problem: Problem
    piece: tuple[Piece, ...]
    row: Ints
    taken: Floats


class GroupDay:
    """The day of one group: what its members emit and what orders cut and cost.

    emission [n, P] in kg; activity [n].
    """

    def __init__(self, group: Group, day: Day, orders: Orders) -> None:
        self.group, self.orders = group, orders
        self.emission = day.emission[group.member] * group.weight[:, None]
        self.activity = day.activity[group.member] * group.weight
        with np.errstate(divide="ignore", invalid="ignore"):
            yearly = np.where(day.part > 0, day.activity / day.part, 0.0)
        self.yearly = yearly[group.member] * group.weight

    @property
    def total(self) -> Floats:
        """Emission of the day, [P], kg."""
        return np.asarray(self.emission.sum(axis=0))

    def cut(self, member: int, row: int, taken: float) -> Floats:
        """What an order cuts of a whole source, [P], kg."""
        if row < 0:
            return np.zeros(len(POLLUTANTS))
        return np.asarray(self.emission[member] * self.orders.cuts[row] * taken)

    def lost(self, member: int, row: int, taken: float) -> float:
        """Value that an order of a whole source costs, CNY of the day."""
        return 0.0 if row < 0 else float(self.activity[member] * self.orders.cost[row] * taken)

    def choices(self, piece: Piece, level: str) -> list[tuple[int, float]]:
        """(row, taken) that a piece may go on to at a level: what cuts as much of everything, and more of
        something, as what is ordered of it already."""
        source = int(self.group.member[piece.member])
        now = self.cut(piece.member, piece.row, piece.taken)
        found = []
        for row in self.orders.open.get(source, ()):
            if level not in self.orders.levels[row]:
                continue
            for taken in self._steps(piece.member, row):
                then = self.cut(piece.member, row, taken)
                if (then >= now).all() and (then > now).any():
                    found.append((row, taken))
        return found

    def _steps(self, member: int, row: int) -> list[float]:
        """Shares that an order may take hold of: one, or one a line."""
        most, line = float(self.orders.most[row]), self.orders.line[row]
        if np.isnan(line):
            return [most]
        lines = max(1, round(self.yearly[member] / line))
        return [n / lines for n in range(1, int(most * lines + 1e-9) + 1)]


def standing(day: GroupDay) -> tuple[Piece, ...]:
    """Everything runs."""
    return tuple(Piece(member, 1.0) for member in range(len(day.group.member)))


def cut_of(day: GroupDay, pieces: tuple[Piece, ...]) -> Floats:
    """What the orders of some pieces cut, [P], kg."""
    parts = [
        piece.share * day.cut(piece.member, piece.row, piece.taken) for piece in pieces if piece.row >= 0
    ]
    return np.sum(parts, axis=0) if parts else np.zeros(len(POLLUTANTS))


def free_pieces(
    day: GroupDay, pieces: tuple[Piece, ...], level: str
) -> tuple[list[tuple[Piece, list[tuple[int, float]]]], list[Piece]]:
    """The pieces that a level may order more of, with what, and the others."""
    free, rest = [], []
    for piece in pieces:
        found = day.choices(piece, level) if day.emission[piece.member].any() else []
        if found:
            free.append((piece, found))
        else:
            rest.append(piece)
    return free, rest
