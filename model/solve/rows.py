"""The limits that are imposed, as sums over quantities, years and cells of sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from model.problem.problem import Bools, Floats, Ints, Problem


@dataclass(frozen=True)
class Rows:
    """R imposed limits: `sign * (use - bound) <= 0`.

    row [R]: which limits. sign [R]: 1 for at most, -1 for at least. bound [R]: less what is exogenous.
    quantity [Q]: the quantities that occur. weight: coefficient of each row on each quantity, year and set of
    cells, [R, Q * Y * sets]. member [sets, G]: 1 where a set holds a cell.
    """

    row: Ints
    sign: Floats
    bound: Floats
    quantity: Ints
    years: int
    weight: sparse.csr_array
    member: Floats

    @cached_property
    def by_cell(self) -> sparse.csr_array:
        """Coefficient of each quantity, year and cell in each row, [Q * Y * G, R]."""
        sets, cells = self.member.shape
        entry = sparse.coo_array(self.weight)
        row, column = entry.coords
        inside = sparse.csr_array(self.member)
        number = np.diff(inside.indptr)[column % sets]
        first = inside.indptr[column % sets] - np.cumsum(number) + number
        cell = inside.indices[np.repeat(first, number) + np.arange(number.sum())]
        place = np.repeat(column // sets, number) * cells + cell
        entries = (np.repeat(entry.data, number), (place, np.repeat(row, number)))
        shape = (len(self.quantity) * self.years * cells, len(self.row))
        return sparse.csr_array(sparse.coo_array(entries, shape=shape))

    def charges(self, price: Floats) -> Floats:
        """What one unit of a quantity costs under prices of the rows [R], [Q, Y, G]."""
        table = self.by_cell @ (price * self.sign)
        return np.asarray(table).reshape(len(self.quantity), self.years, self.member.shape[1])

    def left(self, used: Floats) -> Floats:
        """Left sides, [R], of use by quantity, year and cell, [Q, Y, G]."""
        return np.asarray(used.ravel() @ self.by_cell)

    def touched(self, which: Ints) -> Bools:
        """Which cells each of some rows counts, [rows, G]."""
        weight = abs(self.weight[which])
        sets = np.zeros((len(which), len(self.member)))
        for block in np.split(weight.toarray(), weight.shape[1] // len(self.member), axis=1):
            sets += block
        return np.asarray(sets @ self.member > 0)


def imposed(problem: Problem) -> Rows:
    """The enforced limits of a problem."""
    row = np.flatnonzero(problem.enforced & np.isfinite(problem.bound))
    years, sets = len(problem.years), len(problem.cell_set)
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    place = np.full(len(problem.limit), -1)
    place[row] = np.arange(len(row))
    term = np.flatnonzero(place[owner] >= 0)
    quantity, position = np.unique(problem.term_quantity[term], return_inverse=True)
    column = (position * years + problem.term_year[term]) * sets + problem.term_set[term]
    entries = (problem.term_coef[term], (place[owner[term]], column))
    shape = (len(row), len(quantity) * years * sets)
    return Rows(
        row=row,
        sign=-problem.sense[row].astype(float),
        bound=problem.bound[row] - problem.exogenous[row],
        quantity=quantity,
        years=years,
        weight=sparse.csr_array(sparse.coo_array(entries, shape=shape)),
        member=problem.cell_set.astype(float),
    )
