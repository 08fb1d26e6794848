"""How far each limit could be pushed if nothing else mattered: what no plan can pass."""

from __future__ import annotations

import numpy as np

from model.problem.pathways import passable, reachable
from model.problem.problem import Bools, Floats, Ints, Problem


def best_reach(problem: Problem, among: Bools | None = None) -> Floats:
    """Best left side of each limit over all plans, [I]: the least for at most, the greatest for at least.

    Every source takes, year by year, the best state for the limit alone of those it can have reached, under
    the mandates (state 0 as long as they leave it none) and the part-year rule; that years must follow from
    each other, other limits and build rates are left out, so no plan passes it. Moves count with the best one
    of each year. Limits that are not `among` [I] those asked for have nan.
    """
    standing = reachable(problem, passable(problem))
    out = problem.exogenous.astype(np.float64).copy()
    asked = np.ones(len(out), dtype=bool) if among is None else among
    out[~asked] = np.nan
    for limit in np.flatnonzero(asked):
        sign = -float(problem.sense[limit])
        terms = np.arange(problem.term_ptr[limit], problem.term_ptr[limit + 1])
        for year in np.unique(problem.term_year[terms]):
            now = terms[problem.term_year[terms] == year]
            states, stocks, moves = _coefficients(problem, now, int(year))
            out[limit] += _best_states(problem, sign, states, stocks, int(year), standing)
            out[limit] += _best_moves(problem, sign, moves)
    return out


def unreachable(problem: Problem, tolerance: float = 1e-6, among: Bools | None = None) -> Bools:
    """Enforced limits that no plan can meet, [I], or those of them `among` [I] some."""
    best = best_reach(problem, among)
    room = problem.sense * (best - problem.bound)
    scale = np.maximum(np.abs(np.nan_to_num(problem.bound)), np.abs(best)) + 1e-12
    return problem.enforced & (room < -tolerance * scale)


def _coefficients(problem: Problem, terms: Ints, year: int) -> tuple[Floats, Floats, Floats]:
    """Coefficients in one year of each state with and without the part-year rule, [K], and of moves, [M]."""
    owner = problem.source_of_state
    states, stocks = np.zeros(len(owner)), np.zeros(len(owner))
    moves = np.zeros(len(problem.move_from))
    for term in terms:
        quantity = int(problem.term_quantity[term])
        chosen = problem.cell_set[problem.term_set[term]][problem.cell]
        weight = problem.term_coef[term] * chosen * problem.driver[problem.quantity_driver[quantity], :, year]
        at = slice(*problem.state_factor_ptr[quantity : quantity + 2])
        index = problem.state_factor_idx[at]
        target = stocks if problem.quantity_stock[quantity] else states
        target[index] += problem.state_factor_val[at] * weight[owner[index]]
        made = slice(*problem.move_factor_ptr[quantity : quantity + 2])
        index = problem.move_factor_idx[made]
        moves[index] += problem.move_factor_val[made] * weight[owner[problem.move_from[index]]]
    return states, stocks, moves


def _best_states(
    problem: Problem, sign: float, states: Floats, stocks: Floats, year: int, standing: Bools
) -> float:
    """Best sum over sources of one year's states: `sign` 1 for the least, -1 for the greatest."""
    zero = problem.state_start[:-1]
    phi = problem.part_year

    def best(value: Floats, at: int) -> Floats:
        if at < 0:
            return value[zero]
        return sign * np.minimum.reduceat(np.where(standing[:, at], sign * value, np.inf), zero)

    now, before = best(states, year), best(states, year - 1)
    return float((phi * now + (1 - phi) * before + best(stocks, year)).sum())


def _best_moves(problem: Problem, sign: float, moves: Floats) -> float:
    """Best sum of moves: none is made, or the best one of each source."""
    if not moves.any():
        return 0.0
    owner = problem.source_of_state[problem.move_from]
    least = np.zeros(len(problem.source))
    np.minimum.at(least, owner, sign * moves)
    return float(sign * least.sum())
