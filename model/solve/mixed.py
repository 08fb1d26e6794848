"""The least-cost mix of pathways, units shared where that is cheaper; and again when less is asked for.

This is the relaxation that prices are of. It tells what a demand costs without the jumps of whole units, and
needs a second or so where a plan of whole units needs many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Floats, Ints, Problem
from model.solve.flat import make_walk
from model.solve.highs import Settings
from model.solve.nearest import nearest
from model.solve.paths import BlockWalk
from model.solve.price import Priced, price_again, price_limits
from model.solve.rows import Rows, imposed
from model.solve.walk import Steps, Walk
from model.solve.warm import Warm, may_be
from model.solve.worth import worth

EXACT = 1e-6
"""A mix is found to this share of its cost."""

USED = 1e-12
"""Shares of a source below this are rounding."""

HELD = 1e-9
"""Share of its bound by which a row may be missed for rounding."""


@dataclass(frozen=True)
class Mixed:
    """A mix of pathways that meets all imposed limits. plan: the pathways, of which a unit may have several;
    cost: what they cost, CNY; bound: what no plan and no mix costs less than, proven.
    """

    plan: Plan
    cost: float
    bound: float


@dataclass(frozen=True)
class Relaxation:
    """The least-cost mix of a problem with its prices; room [R]: what it leaves of the rows."""

    problem: Problem
    rows: Rows
    priced: Priced
    room: Floats
    mixed: Mixed


def relax(problem: Problem, threads: int, seed: int, near: Relaxation | None = None) -> Relaxation | None:
    """The least-cost mix; None where no mix meets all limits, or none is found.

    near: of a related problem. If it has the same states, its prices and pathways are a start, and of mixes
    that cost as little the one nearest to its own is the answer.
    """
    rows, settings = imposed(problem), Settings(threads, seed, np.inf)
    if near is None or not np.array_equal(problem.state_start, near.problem.state_start):
        return _found(*price_limits(problem, rows, settings, EXACT))
    walk, priced = price_limits(problem, rows, settings, EXACT, _warm(problem, rows, near))
    return _near(_found(walk, priced), near, settings)


def relax_without(known: Relaxation, problem: Problem, threads: int, seed: int) -> Mixed | None:
    """The least-cost mix of `problem`, which is that of `known` without some limits and mandates.

    Where nothing changes the plan of the answer is that of `known` itself.
    """
    near = _freed(known, problem)
    if near is not None:
        return near
    rows = imposed(problem)
    kept = np.searchsorted(known.rows.row, rows.row)
    start = known.priced
    pool = replace(start.pool, use=sparse.csr_array(start.pool.use[:, kept]))
    start = replace(start, price=start.price[kept], scale=start.scale[kept], pool=pool, corner=None)
    walk, settings = make_walk(problem, rows), Settings(threads, seed, np.inf)
    found = _near(_found(walk, price_again(walk, start, settings, EXACT, np.inf)), known, settings)
    return None if found is None else found.mixed


def _near(found: Relaxation | None, known: Relaxation, settings: Settings) -> Relaxation | None:
    """The mix found, changed to the one nearest to that of `known` that costs as little."""
    if found is None:
        return None
    problem, rows, mixed = found.problem, found.rows, found.mixed
    start = (mixed.plan, mixed.cost, found.room)
    plan, cost = nearest(problem, rows, start, known.mixed.plan, settings)
    return replace(found, mixed=Mixed(plan, cost, mixed.bound))


def _freed(known: Relaxation, problem: Problem) -> Mixed | None:
    """The mix without some limits and mandates, where the prices alone prove it; else None.

    A limit without a price can go. Of the sources that mandates let go, those that would cost less under the
    prices take their cheapest pathways; if all limits still hold, and those with a price to the full, no mix
    costs less. What all of them gain counts as nothing below EXACT of the cost.
    """
    rows, price = known.rows, known.priced.price
    if price[~np.isin(rows.row, imposed(problem).row)].any():
        return None
    source = _let_go(known.problem, problem)
    after, path = _cheapest(problem, rows, price, source)
    gained = _cheapest(known.problem, rows, price, source)[0] - after
    most = EXACT * max(abs(known.mixed.cost), abs(known.mixed.bound))
    bound = known.mixed.bound - float(gained.sum())
    if gained.sum() <= most:
        return replace(known.mixed, bound=bound)
    better = gained > 0
    source, path = source[better], path[better]
    plan = known.mixed.plan
    old = np.isin(plan.source, source)
    first = problem.state_start[plan.source[old], None]
    left: Steps = (plan.state[old] - first).astype(np.int16)
    before, used = worth(problem, rows, plan.source[old], left)
    now, use = worth(problem, rows, source, path)
    share = plan.share[old]
    more = (np.asarray(use.sum(axis=0)).ravel() - used.T @ share) * rows.sign
    cost = known.mixed.cost + float(now.sum() - before @ share)
    least = np.minimum(known.room, 0.0) - HELD * np.maximum(np.abs(rows.bound), 1.0)
    if (known.room - more < least).any() or cost - bound > known.mixed.cost - known.mixed.bound + most:
        return None
    order = np.argsort(np.concatenate([plan.source[~old], source]), kind="stable")
    columns = (
        (plan.source[~old], source),
        (plan.share[~old], np.ones(len(source))),
        (plan.state[~old], problem.state_start[source, None] + path),
    )
    paths, shares, states = (np.concatenate(parts)[order] for parts in columns)
    return Mixed(replace(plan, source=paths, share=shares, state=states), cost, bound)


def _let_go(known: Problem, problem: Problem) -> Ints:
    """Sources with states that a mandate of `known` forbids and that it does not in `problem`."""
    count = len(known.mandate)
    before = np.bincount(known.forbid_mandate, minlength=count)
    fewer = np.bincount(problem.forbid_mandate, minlength=count) < before
    state = known.forbid_state[fewer[known.forbid_mandate]]
    return np.unique(np.searchsorted(known.state_start, state, side="right") - 1)


def _cheapest(problem: Problem, rows: Rows, price: Floats, source: Ints) -> tuple[Floats, Steps]:
    """Cost under prices and local states of the cheapest pathways of some sources, [n] and [n, Y]."""
    weight = np.zeros(len(problem.source))
    weight[source] = 1.0
    best = BlockWalk(problem, rows, weight).best(price, sums=False)
    return best.value[source], best.state[source]


def _found(walk: Walk, priced: Priced) -> Relaxation | None:
    """The mix that pricing ended with, if it is one."""
    if priced.status != "optimal":
        return None
    problem, rows, pool, share = walk.problem, walk.rows, priced.pool, priced.mix.share
    column = priced.mix.column
    cost, used = walk.total(priced.base)
    left = 1 - np.bincount(pool.source[column], share, len(problem.source))
    stays = np.flatnonzero(left > USED)
    source = np.concatenate([stays, pool.source[column]])
    order = np.argsort(source, kind="stable")
    state = np.concatenate([priced.base[stays], pool.state[column]]) + problem.state_start[source, None]
    none = np.full(len(problem.limit), np.nan)
    shares = np.concatenate([left[stays], share])[order]
    plan = Plan(source[order], shares, state[order], none, priced.bound, "feasible", {})
    room = (rows.bound - used) * rows.sign - pool.use[column].T @ share
    cost += float(pool.cost[column] @ share)
    return Relaxation(problem, rows, priced, room, Mixed(plan, cost, priced.bound))


def _warm(problem: Problem, rows: Rows, near: Relaxation) -> Warm:
    """What is known of a related problem."""
    price = np.zeros(len(near.problem.limit))
    price[near.rows.row] = near.priced.price
    place = {label: at for at, label in enumerate(near.problem.limit.tolist())}
    at = np.array([place.get(label, -1) for label in problem.limit[rows.row].tolist()], dtype=np.int64)
    known = np.isin(at, near.rows.row)
    source, state = near.priced.kept()
    start = problem.state_start[source, None]
    ways = Plan(source, np.ones(len(source)), start + state, near.mixed.plan.price, -np.inf, "", {})
    good = may_be(problem, ways)
    whole = np.ones(len(problem.source), dtype=bool)
    return Warm(np.where(known, price[at], 0.0), known, source[good], state[good], near.mixed.plan, whole)
