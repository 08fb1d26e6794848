"""What standing in a state and making a move cost and use of the rows, each on its own, as sparse tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints, Problem
from model.solve.rows import Rows

MOST = 12_000_000
"""Numbers in the tables up to which they are made: 150 MB."""


@dataclass(frozen=True)
class Tables:
    """Of one whole source, discounted and weighted, CNY and use of the rows, over all years.

    Standing in state k at the end of year index y (node y K + k) counts phi in that year and 1 - phi in the
    next: node [Y K], node_use [Y K, R]. Move m in year y (y M + m): move [Y M] (inf where it is not on
    offer), move_use [Y M, R]. What state 0 still counts in the first year: start [S], start_use [S, R].
    """

    node: Floats
    node_use: sparse.csr_array
    move: Floats
    move_use: sparse.csr_array
    start: Floats
    start_use: sparse.csr_array


def numbers(problem: Problem, rows: Rows) -> float:
    """About how many numbers other than 0 the uses of all nodes and moves have."""
    shape = (len(rows.quantity), rows.years * rows.member.shape[1])
    asked = np.diff(rows.by_cell.indptr).reshape(shape)
    total = 0.0
    for position, quantity in enumerate(rows.quantity.tolist()):
        for pointer, times in ((problem.state_factor_ptr, 2), (problem.move_factor_ptr, 1)):
            entries = float(pointer[quantity + 1] - pointer[quantity])
            total += times * entries * rows.years * float(asked[position].mean())
    return total


def make_tables(problem: Problem, rows: Rows) -> Tables:
    """The tables of a problem."""
    rate, states, years = problem.discount * problem.weight, len(problem.state_label), rows.years
    phi = problem.part_year
    of_state = phi[problem.source_of_state][:, None]
    yearly = rate * problem.cost
    node = of_state * yearly
    node[:, :-1] += (1 - of_state) * yearly[:, 1:]
    zero = problem.state_start[:-1]
    use = _Uses(problem, rows)
    return Tables(
        node=node.T.ravel(),
        node_use=use.table(use.nodes, states * years),
        move=(rate * problem.charge * problem.capital).T.ravel(),
        move_use=use.table(use.moves, len(problem.move_from) * years),
        start=(1 - phi) * yearly[zero, 0],
        start_use=use.table(use.starts, len(phi)),
    )


class _Uses:
    """Entries of the tables: place, column (quantity, year and cell) and amount of each."""

    def __init__(self, problem: Problem, rows: Rows) -> None:
        self.problem, self.rows = problem, rows
        self.nodes: list[tuple[Ints, Ints, Floats]] = []
        self.moves: list[tuple[Ints, Ints, Floats]] = []
        self.starts: list[tuple[Ints, Ints, Floats]] = []
        self.owner = problem.source_of_state
        self.mover = self.owner[problem.move_from]
        for position, quantity in enumerate(rows.quantity.tolist()):
            self._add(position, quantity)

    def _add(self, position: int, quantity: int) -> None:
        """The entries of one quantity."""
        p, cells, states = self.problem, self.rows.member.shape[1], len(self.problem.state_label)
        driver, stock = p.driver[p.quantity_driver[quantity]], bool(p.quantity_stock[quantity])
        part = slice(*p.state_factor_ptr[quantity : quantity + 2])
        state, factor = p.state_factor_idx[part].astype(np.int64), p.state_factor_val[part]
        own = self.owner[state]
        phi = np.ones(len(own)) if stock else p.part_year[own]
        first = state == p.state_start[own]
        moved = slice(*p.move_factor_ptr[quantity : quantity + 2])
        move, step = p.move_factor_idx[moved].astype(np.int64), p.move_factor_val[moved]
        source = self.mover[move]
        for year in range(self.rows.years):
            column = (position * self.rows.years + year) * cells
            amount, at = factor * driver[own, year], column + p.cell[own]
            self.nodes.append((year * states + state, at, phi * amount))
            late = np.flatnonzero(phi < 1)
            if year:
                self.nodes.append(((year - 1) * states + state[late], at[late], ((1 - phi) * amount)[late]))
            else:
                late = late[first[late]]
                self.starts.append((own[late], at[late], ((1 - phi) * amount)[late]))
            at = column + p.cell[source]
            self.moves.append((year * len(p.move_from) + move, at, step * driver[source, year]))

    def table(self, entries: list[tuple[Ints, Ints, Floats]], size: int) -> sparse.csr_array:
        """Use of the rows [size, R]."""
        if not entries:
            return sparse.csr_array((size, len(self.rows.row)))
        place, column, amount = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        asked = np.flatnonzero((np.diff(self.rows.by_cell.indptr) > 0)[column])
        shape = (size, self.rows.by_cell.shape[0])
        table = sparse.coo_array((amount[asked], (place[asked], column[asked])), shape=shape)
        return sparse.csr_array(sparse.csr_array(table) @ self.rows.by_cell)
