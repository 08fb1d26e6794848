"""What pathways cost and use of the rows, looked up in the problem; see `walk.Walk.worth`."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints, Problem
from model.solve.rows import Rows
from model.solve.walk import Steps

PART = 4_096
"""Pathways whose use is computed together."""


def worth(problem: Problem, rows: Rows, source: Ints, state: Steps) -> tuple[Floats, sparse.csr_array]:
    """Cost [P] and use of the rows [P, R] of pathways source [P], state [P, Y]; no sign, no weight."""
    costs, uses = [np.zeros(0)], [sparse.csr_array((0, len(rows.row)))]
    for begin in range(0, len(source), PART):
        part = slice(begin, begin + PART)
        global_state = problem.state_start[source[part], None] + state[part]
        cost, use = _worth(problem, rows, source[part], global_state)
        costs.append(cost)
        uses.append(use)
    return np.concatenate(costs), sparse.csr_array(sparse.vstack(uses))


def _worth(problem: Problem, rows: Rows, source: Ints, state: Ints) -> tuple[Floats, sparse.csr_array]:
    """`worth` of some pathways in global states."""
    rate, phi = problem.discount * problem.weight, problem.part_year[source]
    cells = rows.member.shape[1]
    asked = np.diff(rows.by_cell.indptr).reshape(-1, cells).any(axis=1)
    places, amounts, cost = [], [], np.zeros(len(source))
    before = problem.state_start[source]
    by_state = (problem.state_factor_ptr, problem.state_factor_idx, problem.state_factor_val)
    by_move = (problem.move_factor_ptr, problem.move_factor_idx, problem.move_factor_val)
    for year in range(rows.years):
        now = state[:, year]
        cost += rate[year] * (phi * problem.cost[now, year] + (1 - phi) * problem.cost[before, year])
        step = np.flatnonzero(now != before)
        move = problem.find_moves(before[step], now[step])
        cost[step] += rate[year] * problem.charge[year] * problem.capital[move, year]
        for position, quantity in enumerate(rows.quantity.tolist()):
            table = position * rows.years + year
            if not asked[table]:
                continue
            amount = _looked_up(*by_state, quantity, now)
            if not problem.quantity_stock[quantity]:
                amount = phi * amount + (1 - phi) * _looked_up(*by_state, quantity, before)
            amount[step] += _looked_up(*by_move, quantity, move)
            amount *= problem.driver[problem.quantity_driver[quantity]][source, year]
            places.append(table * cells + problem.cell[source])
            amounts.append(amount)
        before = now
    if not places:
        return cost, sparse.csr_array((len(source), len(rows.row)))
    # in rows: one pathway, in columns: quantity, year and cell
    column, value = np.stack(places, axis=1), np.stack(amounts, axis=1)
    used = value != 0
    pointer = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    shape = (len(source), rows.by_cell.shape[0])
    return cost, sparse.csr_array(
        sparse.csr_array((value[used], column[used], pointer), shape=shape) @ rows.by_cell
    )


def _looked_up(ptr: Ints, idx: Ints, val: Floats, quantity: int, item: Ints) -> Floats:
    """Factor of a quantity of some states or moves."""
    begin, end = int(ptr[quantity]), int(ptr[quantity + 1])
    if begin == end:
        return np.zeros(len(item))
    # in the type of the index, or numpy would convert all of it
    at = np.minimum(begin + np.searchsorted(idx[begin:end], item.astype(idx.dtype)), end - 1)
    return np.where(idx[at] == item, val[at], 0.0)
