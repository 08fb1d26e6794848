"""The problem as flows: one unit per source walks from state 0 through one arc a year to the last decision
year.

Exact reductions happen here: arcs that nothing can reach, that lead nowhere or that a mandate forbids are
left out; what a source with one pathway costs and uses is a constant; limits that are not enforced are left
out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.pathways import passable, reachable, useful_states
from model.problem.problem import Bools, Floats, Ints, Problem

NOISE = 1e-13
"""Share of the greatest coefficient of a limit below which a difference is rounding."""


@dataclass(frozen=True)
class Arcs:
    """Arcs of all sources, sorted by source. Node of state k at the end of year index t (-1 = start): k
    (Y+1) + t + 1.

    move is the global move, -1 for staying. cost and gross are CNY, discounted and weighted, of one whole
    source that takes the arc; use [A, R] is what it adds to each enforced limit `row`, in the unit of the
    limit.
    """

    tail: Ints
    head: Ints
    year: Ints
    move: Ints
    source: Ints
    cost: Floats
    gross: Floats
    use: sparse.csr_array
    row: Ints

    def take(self, chosen: Ints) -> Arcs:
        """The arcs with these indices."""
        return Arcs(
            tail=self.tail[chosen],
            head=self.head[chosen],
            year=self.year[chosen],
            move=self.move[chosen],
            source=self.source[chosen],
            cost=self.cost[chosen],
            gross=self.gross[chosen],
            use=self.use[chosen],
            row=self.row,
        )


@dataclass(frozen=True)
class Constant:
    """What does not depend on the plan: cost and gross in CNY, use [R] of each enforced limit."""

    cost: float
    gross: float
    use: Floats


def build_arcs(problem: Problem, open_states: Bools | None = None) -> tuple[Arcs, Constant]:
    """Arcs of every source with a choice, and the constant of those without and of the start year; through
    `open_states` [K, Y] alone where they are given.

    Raises:
        ValueError: a cost or a use that is not finite on an arc that can be taken.
    """
    allowed = passable(problem) if open_states is None else open_states
    useful = useful_states(problem, reachable(problem, allowed))
    years = len(problem.years)
    before = np.zeros(len(useful), dtype=bool)
    before[problem.state_start[:-1]] = True
    tails, heads, moves, at = [], [], [], []
    for year in range(years):
        stay = np.flatnonzero(before & useful[:, year])
        offered = before[problem.move_from] & useful[problem.move_to, year]
        move = np.flatnonzero(offered & np.isfinite(problem.capital[:, year]))
        tails += [stay * (years + 1) + year, problem.move_from[move] * (years + 1) + year]
        heads += [stay * (years + 1) + year + 1, problem.move_to[move] * (years + 1) + year + 1]
        moves += [np.full(len(stay), -1), move]
        at += [np.full(len(stay) + len(move), year)]
        before = useful[:, year]
    tail, head, move, year_of = (np.concatenate(part).astype(np.int64) for part in (tails, heads, moves, at))
    source = problem.source_of_state[tail // (years + 1)]
    order = np.lexsort((head, tail, year_of, source))
    tail, head, move, year_of, source = (part[order] for part in (tail, head, move, year_of, source))
    cost, gross = _spending(problem, head, move, year_of)
    row, use, constant = _usage(problem, head, move, year_of)
    if not (np.isfinite(cost).all() and np.isfinite(use.data).all()):
        raise ValueError("the problem has a cost or a use that is not a number")
    arcs = Arcs(tail, head, year_of, move, source, cost, gross, use, row)
    return arcs, constant


def _spending(problem: Problem, head: Ints, move: Ints, year: Ints) -> tuple[Floats, Floats]:
    """Cost of each arc and its positive part, CNY discounted and weighted, [A].

    An arc into k in year y pays phi of the year y and, having stood there, (1 - phi) of the year y + 1.
    """
    rate = problem.discount * problem.weight
    state = head // (len(rate) + 1)
    phi = problem.part_year[problem.source_of_state[state]]
    out = []
    for sign in (None, 0.0):
        cost = problem.cost if sign is None else np.maximum(problem.cost, sign)
        capital = problem.capital * problem.charge
        capital = capital if sign is None else np.maximum(capital, sign)
        yearly = rate * cost
        total = phi * yearly[state, year]
        later = np.flatnonzero(year + 1 < len(rate))
        total[later] += (1 - phi[later]) * yearly[state[later], year[later] + 1]
        moved = move >= 0
        total[moved] += (rate * capital)[move[moved], year[moved]]
        out.append(total)
    return out[0], out[1]


def _usage(problem: Problem, head: Ints, move: Ints, year: Ints) -> tuple[Ints, sparse.csr_array, Constant]:
    """What each arc adds to each enforced limit over and above state 0; and the frozen case, a constant.

    Every source is somewhere, so what state 0 uses can be taken from all states: most arcs of a limit vanish.
    """
    years = len(problem.years)
    row = np.flatnonzero(problem.enforced & np.isfinite(problem.bound))
    nodes, moves = _Triplets(), _Triplets()
    for column, limit in enumerate(row):
        for term in range(problem.term_ptr[limit], problem.term_ptr[limit + 1]):
            _add_term(problem, term, column, nodes, moves)
    by_node = nodes.matrix((len(problem.state_label) * (years + 1), len(row)))
    by_move = moves.matrix((len(problem.move_from) * years + 1, len(row)))
    zero = problem.state_start[:-1]
    rate = problem.discount * problem.weight
    started = rate[0] * (1 - problem.part_year) * problem.cost[zero, 0]
    staying = (zero[:, None] * (years + 1) + np.arange(years + 1)).ravel()
    constant = Constant(
        float(started.sum()),
        float(np.maximum(started, 0).sum()),
        np.asarray(by_node[staying].sum(axis=0)).ravel() + problem.exogenous[row],
    )
    place = np.where(move >= 0, move * years + year, len(problem.move_from) * years)
    own = zero[problem.source_of_state[head // (years + 1)]] * (years + 1) + head % (years + 1)
    use = sparse.csr_array(by_node[head] - by_node[own] + by_move[place])
    return row, _without_noise(use), constant


def _without_noise(use: sparse.csr_array) -> sparse.csr_array:
    """Entries that are nothing but the rounding of a difference are left out."""
    greatest = abs(use).max(axis=0).toarray().ravel() if use.nnz else np.zeros(use.shape[1])
    use.data[np.abs(use.data) <= NOISE * greatest[use.indices]] = 0.0
    use.eliminate_zeros()
    use.sort_indices()
    return use


class _Triplets:
    """Entries of a sparse matrix, collected."""

    def __init__(self) -> None:
        self.parts: list[tuple[Ints, Ints, Floats]] = []

    def add(self, row: Ints, column: int, value: Floats) -> None:
        """Entries of one column."""
        self.parts.append((row, np.full(len(row), column), value))

    def matrix(self, shape: tuple[int, int]) -> sparse.csr_array:
        """The sum of all entries, by rows."""
        if not self.parts:
            return sparse.csr_array(shape)
        row, column, value = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return sparse.csr_array(sparse.coo_array((value, (row, column)), shape=shape))


def _add_term(problem: Problem, term: int, column: int, nodes: _Triplets, moves: _Triplets) -> None:
    """Enter one term of a limit: by the node it is used in and by the move that uses it."""
    quantity, year = int(problem.term_quantity[term]), int(problem.term_year[term])
    years = len(problem.years)
    member = problem.cell_set[problem.term_set[term]][problem.cell]
    driver = problem.term_coef[term] * problem.driver[problem.quantity_driver[quantity]][:, year]
    part = slice(*problem.state_factor_ptr[quantity : quantity + 2])
    state, factor = problem.state_factor_idx[part], problem.state_factor_val[part]
    owner = problem.source_of_state[state]
    chosen = member[owner]
    state, owner, value = state[chosen], owner[chosen], factor[chosen] * driver[owner[chosen]]
    if problem.quantity_stock[quantity]:
        nodes.add(state * (years + 1) + year + 1, column, value)
    else:
        phi = problem.part_year[owner]
        nodes.add(state * (years + 1) + year + 1, column, phi * value)
        nodes.add(state * (years + 1) + year, column, (1 - phi) * value)
    part = slice(*problem.move_factor_ptr[quantity : quantity + 2])
    move, factor = problem.move_factor_idx[part], problem.move_factor_val[part]
    owner = problem.source_of_state[problem.move_from[move]]
    chosen = member[owner]
    moves.add(move[chosen] * years + year, column, factor[chosen] * driver[owner[chosen]])
