"""The sums that money of a plan goes into, and amounts by the parameters that they follow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints
from model.results.case import Case

TOTAL, INVESTMENT, ANNUITY, RUNS = "total", "investment", "annuity", "running"


@dataclass
class Gathered:
    """Amounts [n, O] and the parameters that they follow, [n, 2] with elasticities [n, 2]; -1 = none."""

    amount: list[Floats] = field(default_factory=list)
    parameter: list[Ints] = field(default_factory=list)
    elasticity: list[Floats] = field(default_factory=list)

    def add(
        self, amount: Floats, parameter: Ints, other: Ints | None = None, by: Floats | None = None
    ) -> None:
        """Amounts [n, O] that follow a parameter [n] and, by an elasticity [n] (1), another one [n]."""
        used = np.flatnonzero((parameter >= 0) & (amount != 0).any(axis=1))
        second = np.full(len(parameter), -1) if other is None else other
        power = np.ones(len(parameter)) if by is None else by
        self.amount.append(amount[used])
        self.parameter.append(np.column_stack([parameter, second])[used])
        self.elasticity.append(np.column_stack([np.ones(len(parameter)), power])[used])

    def laid(self, sums: int, count: int) -> tuple[Floats, sparse.csr_array]:
        """Amounts [sums, P] by profile, and profiles [P, count]."""
        if not self.amount:
            return np.zeros((sums, 0)), sparse.csr_array((0, count))
        amount, parameter = np.concatenate(self.amount), np.concatenate(self.parameter)
        elasticity = np.where(parameter >= 0, np.round(np.concatenate(self.elasticity), 9), 0.0)
        keys = np.column_stack([parameter, elasticity])
        first, place = np.unique(keys, axis=0, return_inverse=True)
        out = np.zeros((len(first), amount.shape[1]))
        np.add.at(out, place.ravel(), amount)
        row = np.repeat(np.arange(len(first)), 2)
        column, value = first[:, :2].astype(np.int64).ravel(), first[:, 2:].ravel()
        some = column >= 0
        entries = (value[some], (row[some], column[some]))
        return out.T, sparse.csr_array(entries, shape=(len(first), count))


@dataclass(frozen=True)
class Sums:
    """The sums of money: the present value, and investment, annuity and running cost of each year."""

    case: Case

    @property
    def years(self) -> list[int]:
        """Decision years."""
        return [int(year) for year in self.case.problem.years]

    @property
    def names(self) -> tuple[list[str], list[int]]:
        """Item and year of each sum, O = 1 + 3 Y."""
        items = [TOTAL, *(name for name in (INVESTMENT, ANNUITY, RUNS) for _ in self.years)]
        return items, [0, *(3 * self.years)]

    @property
    def rate(self) -> Floats:
        """Present value of a unit of money of each year, for the years it stands for, [Y]."""
        return np.asarray(self.case.problem.weight * self.case.problem.discount)

    def of_yearly(self, money: Floats) -> Floats:
        """Money paid in a year, [n, Y], in every sum, [n, O]."""
        none = np.zeros_like(money)
        return np.column_stack([money @ self.rate, none, none, money])

    def of_moves(self, overnight: Floats, annuity: Floats, moved: Floats) -> tuple[Floats, Floats]:
        """Moves made, [n, Y], of outlays [n]: what follows overnight cost and annuity, [n, O] each."""
        none = np.zeros_like(moved)
        invested = np.column_stack([np.zeros(len(moved)), moved * overnight[:, None], none, none])
        paid = moved * annuity[:, None]
        charged = paid @ (self.rate * self.case.problem.charge)
        return invested, np.column_stack([charged, none, paid.cumsum(axis=1), none])
