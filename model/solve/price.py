"""Prices of the limits: the best bound that prices alone can prove, by column generation in a box (design:
section 5).

The dual function is the sum of the cheapest pathways under the prices, less what the limits allow. Around the
best prices so far a small LP chooses among the pathways met so far; its duals, held in a box, are the next
prices. What the LP promises and what walking all sources finds say whether the box grows or shrinks; when
both agree, the LP is solved over all pathways there are. Large problems begin with samples of their sources.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints, Problem
from model.solve.columns import Pool, empty_pool, keys, make_pool
from model.solve.flat import make_walk
from model.solve.highs import Settings
from model.solve.master import Corner, Mix, solve_master
from model.solve.paths import BlockWalk
from model.solve.rows import Rows
from model.solve.walk import Best, Steps, Walk
from model.solve.warm import Warm
from model.solve.worth import worth

MARGIN = 1e-12
"""Rounding margin of a sum of shortest paths, as a share of its absolute terms."""

MISSED = 1e-9
"""Rounding: share of a row's bound by which a relaxed optimum may miss it, and of a price at the end of its
box.
"""

LEAST = 1e-9
"""CNY to which a relaxation of no cost at all is solved."""

ROUNDS = 120
FIRST_WIDTH = 0.1
"""Half the width of the first box, as a share of a price or, of a low price, of the usual one."""

LATER_WIDTH, LOW_PRICE = 0.005, 0.1
"""The same around prices of a sample, and what of the usual price is a low one."""

WARM_WIDTH = 0.05
"""The same around prices of a related problem."""

AGAIN_WIDTH = 0.02
"""The first width once some states are closed, or bounds moved."""

SAMPLES = (600, 3_000, 20_000, 150_000)
"""Sources in the samples; one is taken when the next larger problem is at least RATIO times as large."""

SAMPLE_EXACT = 5.0
"""Samples are solved to this share of the cost over their number of sources."""

RATIO = 2.5
RARE = 20
"""Kinds of sources up to so many are in every sample whole."""

ALTERNATIVES, ALTERNATIVE_SHARE = 15_000, 0.3
"""Sources whose next best pathways go in the pool at once, in number and of all at most: those nearest to
leaving their best.
"""

KEPT = 4_000
"""Pathways kept for a related problem, beside those of the relaxed optimum."""

ENDLESS = 1e3
"""Prices above this many usual ones, and again where they have doubled, are checked for being the sign of
limits that can not all hold.
"""


@dataclass(frozen=True)
class Start:
    """Prices [R] to begin with, and how far around them to look, width [R]."""

    price: Floats
    width: Floats
    low: float


@dataclass(frozen=True)
class Priced:
    """price [R]; bound: proven, CNY; base [S, Y] and the pool that the relaxed optimum `mix` is of; status:
    optimal (of the relaxation), infeasible (proven), none (no verdict in time).
    """

    price: Floats
    bound: float
    base: Steps
    pool: Pool
    mix: Mix
    scale: Floats
    status: str
    rounds: int
    corner: Corner | None

    def kept(self) -> tuple[Ints, Steps]:
        """Pathways of use to a related problem: those of the relaxed optimum and those of least excess."""
        pool, used = self.pool, self.mix.column
        column = np.union1d(used, np.argsort(pool.reduced(self.price), kind="stable")[:KEPT])
        left = np.unique(pool.source[used])
        source = np.concatenate([left, pool.source[column]])
        return source, np.concatenate([self.base[left], pool.state[column]])


def price_limits(
    problem: Problem, rows: Rows, settings: Settings, exact: float, warm: Warm | None = None
) -> tuple[Walk, Priced]:
    """The prices of all rows, to `exact` of the cost; from prices and pathways of a related problem, if there
    are any, instead of samples.
    """
    scale, count = usual_prices(problem, rows), len(rows.row)
    if warm is not None:
        walk = make_walk(problem, rows)
        width = np.where(warm.known, WARM_WIDTH, FIRST_WIDTH / LOW_PRICE)
        reach = np.inf if len(warm.source) else reach_of(walk, warm.price)
        search = _Search(walk, settings, scale, Start(warm.price, width, LOW_PRICE), reach)
        search.add(warm.source, warm.state)
        return walk, search.run(exact)
    later = np.full(count, LATER_WIDTH)
    begin = Start(np.zeros(count), np.full(count, FIRST_WIDTH), 1.0)
    rounds, reach = 0, np.inf
    for size in SAMPLES:
        weight = sampled(problem, size)
        if RATIO * np.count_nonzero(weight) > len(problem.source):
            break
        part = BlockWalk(problem, rows, weight)
        found = _Search(part, settings, scale, begin, reach).run(max(exact, SAMPLE_EXACT / size))
        if found.status != "optimal":
            break
        begin, rounds = Start(found.price, later, LOW_PRICE), rounds + found.rounds
        reach = reach_of(part, found.price)
        del part, found  # before the next, larger one is made
    walk = make_walk(problem, rows)
    found = _Search(walk, settings, scale, begin, reach).run(exact)
    return walk, Priced(**{**vars(found), "rounds": found.rounds + rounds})


def price_again(
    walk: Walk,
    known: Priced,
    settings: Settings,
    exact: float,
    enough: float = np.inf,
) -> Priced:
    """The prices of a walk with fewer states open, or fewer rows, than the one of `known`, to `exact`
    of the cost; status none once the bound is `enough`. Base and pool of `known` have no closed state.
    """
    begin = Start(known.price, np.full(len(known.price), AGAIN_WIDTH), LOW_PRICE)
    search = _Search(walk, settings, known.scale, begin, np.inf, (known.base, known.pool))
    search.corner = known.corner
    return search.run(exact, enough)


def price_near(
    walk: Walk, known: Priced, settings: Settings, exact: float, width: Floats | None = None
) -> Priced:
    """The prices of a walk with other bounds than the one of `known`, to `exact` of the cost, from its prices
    alone: a pool of all pathways that were ever of use makes the LPs of many points of a curve slow.

    width [R]: CNY around the known prices to look in first, if that is known.
    """
    relative = np.full(len(known.price), AGAIN_WIDTH)
    if width is not None:
        relative = np.maximum(relative, width / np.maximum(known.price, LOW_PRICE * known.scale))
    begin = Start(known.price, relative, LOW_PRICE)
    return _Search(walk, settings, known.scale, begin, reach_of(walk, known.price)).run(exact)


def usual_prices(problem: Problem, rows: Rows, most: int = 2_000) -> Floats:
    """CNY per unit of each row, [R]: spending of single moves that help it over how much they help."""
    several = np.flatnonzero(np.diff(problem.move_start) > 0)
    chosen = np.sort(np.random.default_rng(0).permutation(several)[:most])
    counts = np.diff(problem.move_start)[chosen]
    move = np.arange(counts.sum()) + np.repeat(
        problem.move_start[chosen] - np.cumsum(counts) + counts, counts
    )
    source = np.repeat(chosen, counts)
    offered = np.isfinite(problem.capital[move])
    leaves = (problem.move_from[move] == problem.state_start[source]) & offered.any(axis=1)
    move, source, first = move[leaves], source[leaves], offered[leaves].argmax(axis=1)
    local = (problem.move_to[move] - problem.state_start[source]).astype(np.int16)
    state = np.where(np.arange(rows.years) >= first[:, None], local[:, None], np.int16(0))
    base = np.zeros((len(problem.source), rows.years), dtype=np.int16)
    pool = make_pool(partial(worth, problem, rows), rows, base, source, state)
    use = sparse.csc_array(pool.use)
    helps = use.data < 0
    row = np.repeat(np.arange(len(rows.row)), np.diff(use.indptr))[helps]
    gained = np.bincount(row, -use.data[helps], len(rows.row))
    spent = np.bincount(row, np.abs(pool.cost[use.indices[helps]]), len(rows.row))
    known = (gained > 0) & (spent > 0)
    usual = float(np.median(spent[known] / gained[known])) if known.any() else 1.0
    return np.where(known, spent / np.where(known, gained, 1.0), usual)


def sampled(problem: Problem, size: int) -> Floats:
    """How many sources each one of a sample stands for, [S] (0: not in it): the same share of every kind of
    source, which is its cell, its number of states and whether it is divisible, and rare kinds whole.
    """
    count = len(problem.source)
    kind = (problem.cell.astype(np.int64) * 128 + np.diff(problem.state_start)) * 2 + problem.divisible
    order = np.random.default_rng(0).permutation(count)
    order = order[np.argsort(kind[order], kind="stable")]
    _, first, number = np.unique(kind[order], return_index=True, return_counts=True)
    taken = np.minimum(number, np.maximum(RARE, np.ceil(number * size / count))).astype(np.int64)
    rank = np.arange(count) - np.repeat(first, number)
    weight = np.zeros(count)
    inside = rank < np.repeat(taken, number)
    weight[order[inside]] = np.repeat(number / taken, number)[inside]
    return weight


def reach_of(walk: Walk, price: Floats) -> float:
    """Excess within which as many sources as wanted have a second pathway."""
    second = walk.second(price)
    inside = np.flatnonzero((walk.weight > 0) & np.isfinite(second))
    order = inside[np.argsort(second[inside], kind="stable")]
    wanted = min(ALTERNATIVES, ALTERNATIVE_SHARE * walk.weight.sum())
    reached = int(np.searchsorted(np.cumsum(walk.weight[order]), wanted))
    return float(second[order[min(reached, len(order) - 1)]]) if len(order) else 0.0


class _Search:
    """One search for prices on one walk."""

    def __init__(
        self,
        walk: Walk,
        settings: Settings,
        scale: Floats,
        start: Start,
        reach: float,
        known: tuple[Steps, Pool] | None = None,
    ) -> None:
        self.walk, self.settings, self.scale, self.start = walk, settings, scale, start
        self.right = walk.rows.bound * walk.rows.sign
        best = walk.best(start.price)
        self.price, self.bound = start.price, self._value(start.price, best)
        self.base, self.cost, used, self.pool = best.state, best.cost, best.use, empty_pool(walk.rows)
        if known is not None:
            self.base, self.pool = known
            self.cost, used = walk.total(self.base)
        self.room = self.right - used * walk.rows.sign
        self.corner: Corner | None = None
        self.alarm = ENDLESS * scale
        if np.isfinite(reach):
            near = walk.near(start.price, reach)
            self.add(near.source, near.state)

    def run(self, exact: float, enough: float = np.inf) -> Priced:
        """Until the relaxation is solved to `exact` of its cost, or the bound is `enough`."""
        width = self.start.width.copy()
        mix, status, count = Mix(np.zeros(0, dtype=np.int64), np.zeros(0)), "none", 0
        while count < ROUNDS and self.bound < enough and time.monotonic() < self.settings.stop_at:
            count += 1
            room = width * np.maximum(self.price, self.start.low * self.scale)
            low, high = np.maximum(self.price - room, 0.0), self.price + room
            step = solve_master(
                self.pool,
                self.walk.weight,
                self.cost,
                self.room,
                (low, high),
                self.scale,
                self.settings,
                self.corner,
            )
            if step is None:
                break
            self.corner = step.corner
            best = self.walk.best(step.price, sums=False)
            found = self._value(step.price, best)
            gain, hoped = found - self.bound, step.promised - self.bound
            self.add(*self._changed(best))
            if found > self.bound:
                self.price, self.bound = step.price, found
            near = max(exact * max(abs(self.cost), abs(self.bound)), LEAST)
            held = ((step.price <= low) & (low > 0)) | (step.price >= (1 - MISSED) * high)
            if step.promised - self.bound <= near and step.spare <= near and self._met(step.missed):
                mix, status = step.mix, "optimal"
                break
            if (self.price > self.alarm).any():
                if self._endless():
                    status = "infeasible"
                    break
                self.alarm = np.maximum(self.alarm, 2 * self.price)
            if gain > 0.5 * hoped or hoped <= near:
                width[held] *= 10 if gain > 0.95 * hoped else 4
            elif gain < 0:
                width /= 2
        pool, base, scale = self.pool, self.base, self.scale
        return Priced(self.price, self.bound, base, pool, mix, scale, status, count, self.corner)

    def _value(self, price: Floats, best: Best) -> float:
        """The dual function, less a margin for rounding."""
        terms, paid = best.value * self.walk.weight, price * self.right
        return float(terms.sum() - paid.sum() - MARGIN * (np.abs(terms).sum() + np.abs(paid).sum()))

    def _changed(self, best: Best) -> tuple[np.ndarray, Steps]:
        """Sources that leave their base, and their pathways."""
        source = np.flatnonzero((best.state != self.base).any(axis=1) & (self.walk.weight > 0))
        return source, best.state[source]

    def add(self, source: np.ndarray, state: Steps) -> None:
        """Put pathways in the pool that are new to it."""
        known = np.concatenate([keys(self.pool.source, self.pool.state), keys(source, self.base[source])])
        new = np.flatnonzero(~np.isin(keys(source, state), known))
        if len(new):
            more = make_pool(self.walk.worth, self.walk.rows, self.base, source[new], state[new])
            self.pool = self.pool.join(more)

    def _met(self, missed: Floats) -> bool:
        """Whether a mix that misses so much of the rows, [R], meets them but for rounding: of their bounds,
        or in money where these are 0.
        """
        money = max(MARGIN * max(abs(self.cost), abs(self.bound)), LEAST)
        room = np.maximum(MISSED * np.abs(self.walk.rows.bound) * self.scale, money)
        return bool((missed * self.scale <= room).all())

    def _endless(self) -> bool:
        """Whether the prices prove that no mix of pathways meets all rows: even for nothing it would cost."""
        return self._value(self.price, self.walk.best(self.price, money=False, sums=False)) > 0
