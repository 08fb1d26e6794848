"""From relaxed optima and plans to pathways: one of each source, and those that change a row."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.columns import Pool
from model.solve.effort import RARE
from model.solve.price import Priced
from model.solve.rows import Rows
from model.solve.walk import Steps

LITTLE = 1e-6
"""Excess in CNY that is none."""

FULL = 1e-6
"""Part of its bound up to which a row is full, and beyond which it is missed."""


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


def filled(pool: Pool, rows: Rows, used: Floats) -> Ints:
    """How many rows that are full at a signed use [R] each pathway of a pool fills further, [P]."""
    full: Bools = np.asarray(used >= rows.bound * rows.sign - FULL * np.abs(rows.bound))
    more = pool.use[:, np.flatnonzero(full)] @ sparse.diags_array(rows.sign[full])
    return np.asarray((more > 0).sum(axis=1)).ravel()


def by_row(use: sparse.csr_array, excess: Floats, rows: Ints, per: int, worse: Ints) -> Ints:
    """For each row, both ways, pathways that change it: per / 2 of least excess, per / 2 of least excess for
    what they change, and per / 2 of least excess among those that fill no full row but this one.

    The last are there for rows that share their units (build rates of several years): all that is cheap may
    clear one row by filling another that is full. worse: how many full rows each pathway fills, [P].
    """
    columns = sparse.csc_array(use)
    taken = np.zeros(len(excess), dtype=bool)
    for row in rows:
        part = slice(columns.indptr[row], columns.indptr[row + 1])
        for way in (1, -1):
            more = columns.data[part] * way
            at, more = columns.indices[part][more > 0], more[more > 0]
            least = worse[at].min(initial=0)
            alone = at[worse[at] == least]
            for some, cost in ((at, excess[at]), (at, (excess[at] + LITTLE) / more), (alone, excess[alone])):
                taken[some[np.argsort(cost, kind="stable")[: per // 2]]] = True
    return np.flatnonzero(taken)


def kinds(problem: Problem, rows: Rows, binding: Ints, own: Ints) -> Ints:
    """Kind of the units `own` [n]: those that touch the same binding rows are of one kind, [n]."""
    alike = np.unique(rows.touched(binding).T, axis=0, return_inverse=True)[1].ravel()
    cell = problem.cell[own]
    rare = np.bincount(cell, minlength=len(alike))[cell] < RARE
    return np.where(rare, len(alike) + alike[cell], cell)


def evened_out(shared: sparse.csr_array, units: sparse.csr_array) -> Bools:
    """Rows that divisible sources can fill or clear as far as one unit moves them, [R].

    shared, units: use of the rows by pathways of both, [P, R].
    """
    if not shared.shape[0]:
        return np.zeros(shared.shape[1], dtype=bool)
    reach = abs(units).max(axis=0).toarray().ravel() if units.shape[0] else 0.0
    return np.asarray(abs(shared).sum(axis=0)).ravel() > 2 * reach
