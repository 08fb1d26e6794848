"""From the relaxed optimum to a plan of whole units, and what that proves.

The relaxed optimum, rounded, is mended and improved by exchanging units near their best pathways (swap);
divisible sources then follow by a small LP. Then a core goes to HiGHS: first the nearest pathways by limit,
then all within D of their best, D growing. Where only units were left out, a plan that uses these costs more
than L + D: the lesser of the core's bound and L + D is a bound, and from D = U - L on it holds all optima.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import sparse

from model.plan import Evaluation, Plan, evaluate, verify
from model.problem.problem import Bools, Floats, Ints
from model.solve.branch import Tree
from model.solve.cluster import decide_clusters
from model.solve.columns import keys, make_pool
from model.solve.core import decide, make_core
from model.solve.dive import Menu, State, dive
from model.solve.effort import (
    CLUSTER_ROOM,
    CLUSTERED,
    CORE,
    DIVES,
    FEW,
    FREE,
    GROUP_NODES,
    LEAVES,
    MANY,
    MENDED,
    NEAREST,
    NODES,
    PER_ROW,
    REFINED,
    SMALL,
    SOFT,
    TIGHTER,
    WIDER,
)
from model.solve.highs import Settings
from model.solve.master import solve_master
from model.solve.price import ENDLESS, Priced, reach_of
from model.solve.rounding import FULL, by_row, evened_out, filled, kinds, main_pathways, rounded, split_units
from model.solve.swap import Exchange
from model.solve.walk import Near, Steps, Walk
from model.solve.warm import Warm


@dataclass(frozen=True)
class Found:
    """The best plan, if any, with its evaluation; bound: proven, CNY."""

    plan: Plan | None
    evaluation: Evaluation | None
    bound: float
    priced: Priced
    status: str
    route: tuple[str, ...]


class Finish:
    """From the relaxed optimum to a plan."""

    def __init__(
        self,
        walk: Walk,
        priced: Priced,
        settings: Settings,
        gap: float,
        route: tuple[str, ...],
        groups: bool = True,
    ) -> None:
        self.walk, self.priced, self.settings, self.gap = walk, priced, settings, gap
        self.problem, self.rows = walk.problem, walk.rows
        self.bound, self.route = priced.bound, list(route)
        self._branched = False
        self.short = np.zeros(0, dtype=np.int64)
        self.best: Plan | None = None
        self.found: Evaluation | None = None
        self.cheapest = walk.best(priced.price)
        self.binding = np.flatnonzero(priced.price > FREE * priced.scale)
        self.state, self.mixed_use = rounded(self.problem, priced)
        self.mixed = bool(walk.problem.divisible.any())
        split = split_units(self.problem, priced)
        if groups and len(split) and len(self.state) <= CLUSTERED:
            bounded = replace(settings, nodes=GROUP_NODES)
            room = CLUSTER_ROOM * gap * abs(priced.bound)
            decided = decide_clusters(walk, priced, self.cheapest, split, bounded, room)
            self.state[decided.source] = decided.state
            self.bound += decided.gained
            if decided.gained:
                self.route.append(f"groups of narrow limits add {decided.gained:.4g} CNY to the bound")
        used = walk.total(self.state)[1] * self.rows.sign + self.mixed_use
        self.filled = partial(filled, rows=self.rows, used=used)
        self.near = walk.near(priced.price, self._menu_reach())
        shared = np.flatnonzero(self.problem.divisible)
        source = np.concatenate([priced.pool.source, self.near.source, shared])
        state = np.concatenate([priced.pool.state, self.near.state, self.cheapest.state[shared]])
        kept = np.flatnonzero(self.problem.divisible[source])
        kept = kept[np.unique(keys(source[kept], state[kept]), return_index=True)[1]]
        self.shared = Near(source[kept], state[kept], np.zeros(len(kept)))

    def mend(self, warm: Warm, within: float = MENDED) -> None:
        """Begin with a related problem's plan, mended by exchange if within so many gaps of the bound."""
        self.keep(warm)
        if self.reached() or self._small():
            return
        begin = self._units_of(warm)
        cost, used = self.walk.total(begin)
        excess = cost + self.priced.price @ (self.rows.sign * (used - self.rows.bound)) - self.priced.bound
        if excess <= within * self.gap * abs(self.priced.bound):
            self._exchange(0, PER_ROW[0], begin)

    def keep(self, warm: Warm) -> None:
        """Keep the plan of a related problem if it is one of this problem."""
        if warm.whole.all():
            self._take(warm.plan.source, warm.plan.share, warm.plan.state)

    def _units_of(self, warm: Warm) -> Steps:
        """The pathways of units in the plan of a related problem, of others those to begin with, [S, Y]."""
        kept, begin = ~self.problem.divisible & warm.whole, self.state.copy()
        begin[kept] = main_pathways(self.problem, warm.plan)[0][kept]
        return begin

    def run(self, quick: bool = False) -> Found:
        """All stages, until the gap is reached or nothing is left; `quick`: exchange of units alone."""
        units = bool((~self.problem.divisible).any())
        if not len(self.priced.mix.column) or not units or not len(split_units(self.problem, self.priced)):
            self._offer(self.state)
        for steps, per in zip(DIVES, PER_ROW, strict=True):
            if steps and quick:
                break
            if steps and not (self._branched or self.mixed):
                self._branch()
            if not self.reached() and units and (per == PER_ROW[0] or not (self.mixed or self._small())):
                self._exchange(steps, per)
                if self.found is None and len(self.short) and not quick:
                    self._reach_further()
                    self._exchange(steps, per)
        if not self.reached() and not quick:
            self._cores()
        return self.result()

    def result(self) -> Found:
        """What there is so far."""
        status = "optimal" if self.reached() else "feasible"
        if self.best is None:
            status = "infeasible" if np.isposinf(self.bound) else "none"
        return Found(self.best, self.found, self.bound, self.priced, status, tuple(self.route))

    def _menu_reach(self) -> float:
        """Excess of the pathways that a search by exchange may want."""
        wider = WIDER[0] if len(self.state) <= MANY else WIDER[1]
        return wider * reach_of(self.walk, self.priced.price)

    def _small(self) -> bool:
        """Whether HiGHS decides the whole problem sooner than a search by chance could."""
        return self.problem.cost.size <= SMALL or len(self.state) <= FEW

    def reached(self, times: float = 1.0) -> bool:
        """Whether the best plan is within the gap, or so many times the gap, of the bound."""
        if self.found is None:
            return False
        return self.found.cost_cny - self.bound <= times * self._wanted()

    def _wanted(self) -> float:
        """The gap in CNY."""
        gross = 0.0 if self.found is None else self.found.gross_cny
        return max(self.gap * gross, self.settings.enough, 1e-6)

    def _take(self, source: Ints, share: Floats, state: Ints) -> None:
        """Keep pathways, in global states, if they are a plan that meets all limits at less cost."""
        none = np.full(len(self.problem.limit), np.nan)
        plan = Plan(source, share, state, none, self.bound, "feasible", {})
        evaluation = evaluate(self.problem, plan)
        if self.found is not None and evaluation.cost_cny >= self.found.cost_cny:
            return
        verdict = verify(self.problem, plan, found=evaluation)
        if not verdict.limits.any() and not verdict.broken:
            self.best, self.found = plan, evaluation

    def _offer(self, state: Steps) -> None:
        """Let divisible sources follow units in local states [S, Y], and keep the plan if it is the best."""
        divisible = np.flatnonzero(self.problem.divisible)
        every = np.arange(len(state))
        first = self.problem.state_start[:-1, None]
        if not len(divisible):
            self._take(every, np.ones(len(state)), first + state)
            return
        near = self.shared
        pool = make_pool(self.walk.worth, self.rows, state, near.source, near.state)
        cost, used = self.walk.total(state)
        room = (self.rows.bound - used) * self.rows.sign
        room -= 1e-9 * np.abs(self.rows.bound)
        top = np.maximum(ENDLESS * self.priced.scale, 10 * self.priced.price)
        box = (np.zeros(len(room)), top)
        step = solve_master(pool, self.walk.weight, cost, room, box, self.priced.scale, self.settings)
        if step is None:
            return
        if step.missed > 1e-9 * abs(step.promised) + 1e-6:
            used = used + pool.use[step.mix.column].T @ step.mix.share
            over = (used - self.rows.bound) * self.rows.sign
            self.short = np.flatnonzero(over > FULL * np.maximum(np.abs(self.rows.bound), 1.0))
            return
        used_columns = step.mix.share > 1e-12
        column, share = step.mix.column[used_columns], step.mix.share[used_columns]
        left = 1 - np.bincount(pool.source[column], share, len(state))
        stays = every[left > 1e-12]
        source = np.concatenate([stays, pool.source[column]])
        order = np.argsort(source, kind="stable")
        shares = np.concatenate([left[stays], share])
        states = np.concatenate([state[stays], pool.state[column]]) + first[source]
        self._take(source[order], shares[order], states[order])

    def _exchange(self, steps: int, per: int, begin: Steps | None = None) -> None:
        """Search whole-number plans by exchange from the best plan or the rounded relaxation."""
        base = self.state if begin is None else begin
        table = self._table(per, base)
        if table is None:
            return
        search, state, source, path = table
        if begin is None:
            state = dive(search.menu, search.price, state, self.settings)
        if not search.settle(state) and not self.mixed:
            self.route.append("exchange left a limit missed")
            return
        goal = 0.5 * self.gap
        if steps and not self.mixed:
            state = search.redive(state, steps, goal, steps, self.settings)
            state = search.refine(state, REFINED * steps, goal, steps, self.settings.stop_at)
        chosen = base.copy()
        chosen[source[state.chosen]] = path[state.chosen]
        self._offer(chosen)
        name = f"{steps} new dives" if begin is None else "from the plan before"
        self.route.append(f"exchange of units, {per} a limit, {name}")

    def _table(self, per: int, base: Steps) -> tuple[Exchange, State, Ints, Steps] | None:
        """The search by exchange from base pathways [S, Y]: itself, where it begins, and source and pathway
        of each entry.
        """
        near = self.near
        unit = ~self.problem.divisible[near.source]
        pool = make_pool(self.walk.worth, self.rows, base, near.source[unit], near.state[unit])
        picked = by_row(pool.use, near.excess[unit], self.binding, per, self.filled(pool))
        extra = self.priced.pool.take(np.unique(self.priced.mix.column))
        more = ~self.problem.divisible[extra.source]
        moved = np.flatnonzero((base != self.state).any(axis=1))
        own = np.unique(np.concatenate([pool.source[picked], extra.source[more], moved]))
        if not len(own):
            return None
        source = np.concatenate([own, own, pool.source[picked], extra.source[more], moved])
        parts = [
            base[own],
            self.cheapest.state[own],
            pool.state[picked],
            extra.state[more],
            self.state[moved],
        ]
        path = np.concatenate(parts)
        once = np.sort(np.unique(keys(source, path), return_index=True)[1])
        source, path = source[once], path[once]
        cost, use = self.walk.worth(source, path)
        signed = use @ sparse.diags_array(self.rows.sign)
        excess = cost + signed @ self.priced.price - self.cheapest.value[source]
        spending = max(abs(self.priced.bound), abs(self.cheapest.cost), 1e-9)
        is_binding = np.zeros(len(self.priced.price), dtype=bool)
        is_binding[self.binding] = True
        unit_price = np.where(is_binding, self.priced.price, self.priced.scale) / spending
        owner = np.searchsorted(own, source)
        kind = kinds(self.problem, self.rows, self.binding, own)
        menu = Menu(owner, excess / spending, sparse.csr_array(signed @ sparse.diags_array(unit_price)), kind)
        used = self.walk.total(base)[1] * self.rows.sign + self.mixed_use
        left = self.rows.bound * self.rows.sign - used - TIGHTER * np.abs(self.rows.bound)
        tolerance = 0.5 * TIGHTER * np.abs(self.rows.bound) * unit_price
        even = make_pool(self.walk.worth, self.rows, self.priced.base, self.shared.source, self.shared.state)
        soft = evened_out(even.use, pool.use[picked])
        search = Exchange(
            menu, np.where(soft, SOFT, is_binding.astype(float)), np.where(soft, np.inf, tolerance)
        )
        search.miss[soft] = 2 * SOFT
        begin = np.flatnonzero((path == base[source]).all(axis=1))
        return search, State(begin[np.argsort(owner[begin])], left * unit_price), source, path

    def _reach_further(self) -> None:
        """Where whole units miss rows: pathways, however dear, of the units that clear them, and all of
        divisible sources.
        """
        sets: Bools = np.logical_or.reduce(self.rows.touched(self.short))
        among = sets[self.problem.cell] & ~self.problem.divisible
        far = self.walk.near(self.priced.price, np.inf, among)
        pool = make_pool(self.walk.worth, self.rows, self.state, far.source, far.state)
        picked = by_row(pool.use, far.excess, self.short, PER_ROW[0], self.filled(pool))
        self.near = _with(self.near, far, picked)
        self.binding = np.union1d(self.binding, self.short)
        rest = self.walk.near(self.priced.price, np.inf, self.problem.divisible)
        known = keys(self.shared.source, self.shared.state)
        self.shared = _with(self.shared, rest, ~np.isin(keys(rest.source, rest.state), known))

    def _cores(self) -> None:
        """Cores by HiGHS: nearest by limit, then all within D of their best until nothing is left out; where
        nodes are counted, only until there is a plan.
        """
        bounded = self.settings.nodes is not None
        for per in NEAREST[: 2 if bounded else None]:
            if self.reached() or not len(self.binding) or len(self.state) <= FEW:
                break
            self.nearest_core(per)
        if bounded and self.found is not None:
            return
        if self.mixed and not bounded:
            self._branch()
        size, complete = CORE, False
        while not self.reached() and not complete and time.monotonic() < self.settings.stop_at:
            complete = self.core_within(size) or bounded
            size *= 2

    def core_within(self, most: int) -> bool:
        """The core of all that could be in a better plan, or else of the nearest `most` pathways of units and
        all of divisible sources, since these can use a little of one that is far off; whether it had all.
        """
        room = np.inf if self.found is None else self.found.cost_cny - self.priced.bound
        near = self.walk.near(self.priced.price, room, ~self.problem.divisible)
        complete = len(near.excess) <= most
        reach = room if complete else float(np.sort(near.excess)[most])
        kept = np.flatnonzero(near.excess <= reach)
        rest = self.walk.near(self.priced.price, np.inf, self.problem.divisible)
        source = np.concatenate([near.source[kept], rest.source])
        state = np.concatenate([near.state[kept], rest.state])
        self._decide(source, state, f"core of {len(source)} pathways", reach)
        return complete

    def nearest_core(self, per: int) -> None:
        """The core of the nearest pathways of each binding limit, `per` of them either way."""
        pool = make_pool(self.walk.worth, self.rows, self.state, self.near.source, self.near.state)
        picked = by_row(pool.use, self.near.excess, self.binding, per, self.filled(pool))
        self._decide(pool.source[picked], pool.state[picked], f"core of {per} a limit", None)

    def _branch(self) -> None:
        """Divide the problem by split units that have few like them (projects), and look for plans in the
        parts of least bound.
        """
        self._branched = True
        if self.reached() or len(self.state) <= FEW:
            return
        tree = Tree(self.walk, self.priced, self.settings, self._wanted())
        if not len(np.intersect1d(tree.rare, split_units(self.problem, self.priced))):
            return
        for _ in range(LEAVES):
            enough = np.inf if self.found is None else self.found.cost_cny - self._wanted()
            leaf = tree.leaf(enough)
            if leaf is None:
                break
            part = Finish(leaf.walk, leaf.priced, self.settings, self.gap, ()).run(quick=True)
            tree.settle(part.bound)
            if part.plan is not None:
                self._take(part.plan.source, part.plan.share, part.plan.state)
        if self.found is not None:
            self.bound = max(self.bound, min(tree.bound, self.found.cost_cny))
        self.route.append(f"branching on units with few like them, {tree.nodes} nodes")

    def _decide(self, source: Ints, state: Steps, name: str, reach: float | None) -> None:
        """Solve one core; a plan that uses what it leaves out costs more than L + `reach` (None: unknown)."""
        extra = self.priced.pool.take(np.unique(self.priced.mix.column))
        base = self.state
        source, state = np.concatenate([source, extra.source]), np.concatenate([state, extra.state])
        if self.best is not None:
            base, parts = main_pathways(self.problem, self.best)
            local = self.best.state[parts] - self.problem.state_start[self.best.source[parts], None]
            moved = np.flatnonzero((base != self.state).any(axis=1))
            source = np.concatenate([source, self.best.source[parts], moved])
            state = np.concatenate([state, local.astype(np.int16), self.state[moved]])
        away = np.flatnonzero((base != self.cheapest.state).any(axis=1))
        source, state = np.concatenate([source, away]), np.concatenate([state, self.cheapest.state[away]])
        own = np.unique(source)
        source, state = np.concatenate([source, own]), np.concatenate([state, self.cheapest.state[own]])
        core = make_core(self.walk, base, source, state)
        wanted = max(self.gap * abs(self.priced.bound), 1e-6) if self.found is None else self._wanted()
        settings, share = self.settings, 2
        if reach is None:
            settings, share = replace(self.settings, nodes=NODES), 20
        decided = decide(core, settings, wanted / share, self.bound + wanted, self.best)
        if decided.pathways is not None:
            self._take(*decided.pathways)
        if reach is not None:
            bound = min(decided.bound, self.priced.bound + reach)
            if self.found is not None:
                bound = min(bound, self.found.cost_cny)
            self.bound = max(self.bound, bound)
        self.route.append(f"{name}: {decided.status}")


def _with(near: Near, more: Near, chosen: Ints | Bools) -> Near:
    """Pathways, and some of others."""
    both = zip(vars(near).values(), vars(more).values(), strict=True)
    return Near(*(np.concatenate([ours, theirs[chosen]]) for ours, theirs in both))
