"""What is asked of the sources of a problem under prices of its limits: every source is then alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.rows import Rows

Steps = NDArray[np.int16]
"""Pathways in local states, [.., Y]."""


@dataclass(frozen=True)
class Best:
    """The cheapest pathway of each source: value [S] under the prices and state [S, Y]; and what all of them
    together, by weight, cost without prices and use of the rows, [R].
    """

    value: Floats
    state: Steps
    cost: float
    use: Floats


@dataclass(frozen=True)
class Near:
    """Pathways source [P], state [P, Y], and excess [P]: what each costs over the cheapest of its source."""

    source: Ints
    state: Steps
    excess: Floats


class Walk(Protocol):
    """The sources of a problem, ready to be walked under any prices.

    weight [S]: how many sources each one stands for (0: it is left out).
    """

    problem: Problem
    rows: Rows
    weight: Floats

    def bounded(self, problem: Problem, rows: Rows) -> Self:
        """The same sources for a problem that differs in the bounds of its limits alone."""

    def closed(self, source: int, year: int, states: Bools) -> Self:
        """The same with some states of one source closed at the end of a year; states: by local state."""

    def best(self, price: Floats, money: bool = True, sums: bool = True) -> Best:
        """The cheapest pathways under prices of the rows, [R]; without `money` as if nothing else cost
        anything, without `sums` their cost and use are left 0.
        """

    def total(self, state: Steps) -> tuple[float, Floats]:
        """Cost and use of the rows [R] of given pathways [S, Y], by weight."""

    def worth(self, source: Ints, state: Steps) -> tuple[Floats, sparse.csr_array]:
        """Cost [P] and use of the rows [P, R] of pathways source [P], state [P, Y]; no sign, no weight."""

    def near(self, price: Floats, reach: float, among: Bools | None = None) -> Near:
        """Of every node of every source (or of those `among` them, [S]) that is not on its cheapest pathway
        the cheapest through it, where that costs at most `reach` more.
        """

    def second(self, price: Floats) -> Floats:
        """What leaving the cheapest pathway costs each source at least, [S]; inf where it has one alone."""
