"""From relaxed optima and plans to pathways: one of each source, and those that change a row."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Floats, Ints, Problem
from model.solve.paths import Steps
from model.solve.price import Priced

LITTLE = 1e-6
"""Excess in CNY that is none."""


def main_pathways(problem: Problem, plan: Plan) -> tuple[Steps, Ints]:
    """The pathway of greatest share of each source, [S, Y] local, and the pathways of divided sources."""
    order = np.lexsort((plan.share, plan.source))
    last = np.append(np.flatnonzero(np.diff(plan.source[order])), len(order) - 1)
    top = order[last]
    base = plan.state[top] - problem.state_start[plan.source[top], None]
    return base.astype(np.int16), np.flatnonzero(plan.share < 1)


def split_units(problem: Problem, priced: Priced) -> Ints:
    """Units that the relaxation splits over pathways."""
    share = priced.mix.share
    split = (share > 1e-7) & (share < 1 - 1e-7)
    source = np.unique(priced.pool.source[priced.mix.column[split]])
    return source[~problem.divisible[source]]


def rounded(problem: Problem, priced: Priced) -> tuple[Steps, Floats]:
    """Every unit on its pathway of greatest share in the relaxed optimum, divisible sources on their base,
    [S, Y]; and the signed use [R] of what the relaxed optimum has divisible sources do beside it.
    """
    column, share = priced.mix.column, priced.mix.share
    source = priced.pool.source[column]
    whole = ~problem.divisible[source]
    state = priced.base.copy()
    stays = 1 - np.bincount(source, share, len(state))
    order = np.lexsort((share, source))
    last = np.append(np.flatnonzero(np.diff(source[order])), len(order) - 1) if len(order) else order
    top = order[last]
    top = top[whole[top] & (share[top] >= stays[source[top]])]
    state[source[top]] = priced.pool.state[column[top]]
    return state, np.asarray(priced.pool.use[column[~whole]].T @ share[~whole])


def by_row(use: sparse.csr_array, excess: Floats, rows: Ints, per: int) -> Ints:
    """For each row, both ways, `per` pathways that change it: half of them of least excess, half of least
    excess for what they change.
    """
    columns = sparse.csc_array(use)
    taken = np.zeros(len(excess), dtype=bool)
    for row in rows:
        part = slice(columns.indptr[row], columns.indptr[row + 1])
        for sign in (1, -1):
            more = columns.data[part] * sign
            at, more = columns.indices[part][more > 0], more[more > 0]
            taken[at[np.argsort(excess[at], kind="stable")[: per // 2]]] = True
            taken[at[np.argsort((excess[at] + LITTLE) / more, kind="stable")[: per // 2]]] = True
    return np.flatnonzero(taken)
