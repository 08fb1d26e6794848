"""Of the mixes of pathways that cost as little, the one nearest to a given mix.

Where units are alike under a limit (so much capacity a year, whichever units), as many mixes cost the same as
there are ways to choose among them. What differs between two problems is told by the mixes that differ least.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Floats, Ints, Problem
from model.solve.columns import keys
from model.solve.highs import Matrix, Settings, solve_lp
from model.solve.rows import Rows
from model.solve.walk import Steps
from model.solve.worth import worth

SAME = 1e-9
"""Shares of a source that differ by less are the same; and what being nearer may cost, as a share of the
cost, or take of a row, as a share of its bound.
"""

LEAST = 1e-7
"""Shares of a source below this are what HiGHS leaves by its tolerance."""


def nearest(
    problem: Problem, rows: Rows, mixed: tuple[Plan, float, Floats], plan: Plan, settings: Settings
) -> tuple[Plan, float]:
    """The mix that costs as little as `mixed` and moves the least share of sources away from `plan`, of the
    pathways that either has; and its cost.

    mixed: pathways, their cost and the room [R] that they leave of the rows. Sources that are on the same
    pathways in both stay there. `mixed` itself where HiGHS finds none as good.
    """
    source, state, was, now = _both(problem, plan, mixed[0])
    moved = np.unique(source[np.abs(was - now) > SAME])
    if not len(moved):
        return plan, mixed[1]
    own = np.isin(source, moved)
    cost, use = worth(problem, rows, source[own], state[own])
    signed = use @ sparse.diags_array(rows.sign)
    change = now[own] - was[own]
    # what is left of money and rows in the other plan, and what the change itself takes of them by rounding
    money = float(cost @ change)
    room = np.asarray(np.maximum(mixed[2], 0.0) + signed.T @ change)
    matrix = _matrix(np.searchsorted(moved, source[own]), was[own], cost, signed, (money, room))
    outcome = solve_lp(matrix, settings)
    if outcome.value is None:
        return mixed[0], mixed[1]
    on, off = np.split(outcome.value, 2)
    share = was.copy()
    share[own] += on - off
    share[share <= LEAST] = 0.0
    share /= np.bincount(source, share)[source]  # whole again, after rounding
    more = share[own] - was[own]
    over, dearer = signed.T @ more - room, float(cost @ more) - money
    if (over > SAME * np.maximum(np.abs(rows.bound), 1.0)).any() or dearer > SAME * abs(mixed[1]):
        return mixed[0], mixed[1]
    kept = share > 0
    states = state[kept] + problem.state_start[source[kept], None]
    near = Plan(source[kept], share[kept], states, plan.price, mixed[0].bound_cny, "feasible", {})
    return near, mixed[1] + dearer


def _both(problem: Problem, one: Plan, other: Plan) -> tuple[Ints, Steps, Floats, Floats]:
    """The pathways of two plans, each once, sorted by source: source [P], local state [P, Y], share in one
    and in the other, [P].
    """
    source = np.concatenate([one.source, other.source])
    state = np.concatenate([one.state, other.state]) - problem.state_start[source, None]
    local: Steps = state.astype(np.int16)
    _, first, place = np.unique(keys(source, local), return_index=True, return_inverse=True)
    shares = np.zeros((2, len(first)))
    np.add.at(shares[0], place[: len(one.source)], one.share)
    np.add.at(shares[1], place[len(one.source) :], other.share)
    order = np.argsort(source[first], kind="stable")
    return source[first][order], local[first][order], shares[0][order], shares[1][order]


def _matrix(
    owner: Ints, was: Floats, cost: Floats, use: sparse.csr_array, room: tuple[float, Floats]
) -> Matrix:
    """Least share of the sources `owner` that comes onto pathways [P], columns on [P] and off [P], the shares
    that were there going off; cost and use of the rows within their room.
    """
    count = len(owner)
    every = np.arange(count)
    own = sparse.csr_array((np.ones(count), (owner, every)), shape=(int(owner.max()) + 1, count))
    size = np.maximum(abs(use).max(axis=0).toarray().ravel(), SAME)
    unit = max(float(np.abs(cost).max()), 1.0)
    held = sparse.vstack([sparse.csr_array(cost[None, :] / unit), sparse.diags_array(1 / size) @ use.T])
    part = sparse.vstack([own, held])
    upper = np.concatenate([np.zeros(own.shape[0]), [room[0] / unit], room[1] / size])
    lower = np.full(len(upper), -np.inf)
    lower[: own.shape[0]] = 0.0
    return Matrix(
        cost=np.concatenate([np.ones(count), np.zeros(count)]),
        matrix=sparse.csc_array(sparse.hstack([part, -part])),
        row_lower=lower,
        row_upper=upper,
        lower=np.zeros(2 * count),
        upper=np.concatenate([np.full(count, np.inf), was]),
        whole=np.zeros(0, dtype=bool),
        family=(),
        label=(),
    )
