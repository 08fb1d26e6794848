"""From the relaxed optimum to a plan of whole units, and what that proves.

Where many units share limits with divisible sources, a core goes to HiGHS first: the relaxed optimum and the
nearest pathways by limit. Groups of narrow limits are decided whole. Where there is no plan yet, the relaxed
optimum, rounded, is mended and improved by exchanging units near their best pathways (swap), and divisible
sources follow by a small LP. Then come wider cores, at last all within D of their best, D growing. Where only
units were left out, a plan that uses these costs more than L + D: the lesser of the core's bound and L + D is
a bound, and from D = U - L on it holds all optima.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Bools, Ints
from model.solve.branch import Tree
from model.solve.cluster import decide_clusters
from model.solve.columns import Pool, keys, make_pool
from model.solve.core import decide, make_core
from model.solve.dive import Menu, State, dive
from model.solve.effort import (
    CLUSTER_ROOM,
    CLUSTERED,
    CORE,
    DIVES,
    FAR,
    FEW,
    FREE,
    GROUP_NODES,
    LEAVES,
    MANY,
    MENDED,
    MOVED,
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
from model.solve.incumbent import Found, Incumbent
from model.solve.price import Priced, reach_of
from model.solve.rounding import by_row, evened_out, filled, kinds, main_pathways, rounded, split_units
from model.solve.swap import Exchange
from model.solve.walk import Near, Steps, Walk
from model.solve.warm import Warm


class Finish(Incumbent):
    """From the relaxed optimum to a plan.

    state [S, Y]: the relaxation rounded, with units as groups have them once these are decided. small: HiGHS
    decides the whole problem sooner than a search by chance could. core_first: before any exchange of units.
    """

    def __init__(
        self, walk: Walk, priced: Priced, settings: Settings, gap: float, route: tuple[str, ...]
    ) -> None:
        super().__init__(walk, priced, settings, gap, route)
        self.binding = np.flatnonzero(priced.price > FREE * priced.scale)
        self.state, self.mixed_use = rounded(self.problem, priced)
        self.mixed = bool(self.problem.divisible.any())
        self.small = self.problem.cost.size <= SMALL or len(self.state) <= FEW
        self.core_first = self.mixed and not self.small
        self.near = walk.near(priced.price, self._menu_reach())
        self.share(self.near)
        self._branched = False
        self._tried = set[int]()  # widths of cores around the units as they stand

    def mend(self, warm: Warm, within: float = MENDED) -> None:
        """Begin with a related problem's plan, mended by exchange if within so many gaps of the bound."""
        self.keep(warm)
        if self.reached() or self.small:
            return
        begin = self._units_of(warm)
        cost, used = self.walk.total(begin)
        excess = cost + self.priced.price @ (self.rows.sign * (used - self.rows.bound)) - self.priced.bound
        if excess <= within * self.gap * abs(self.priced.bound):
            self._exchange(0, PER_ROW[0], begin)

    def _units_of(self, warm: Warm) -> Steps:
        """The pathways of units in the plan of a related problem, of others those to begin with, [S, Y]."""
        kept, begin = ~self.problem.divisible & warm.whole, self.state.copy()
        begin[kept] = main_pathways(self.problem, warm.plan)[0][kept]
        return begin

    def run(self, quick: bool = False) -> Found:
        """All stages, until the gap is reached or nothing is left; `quick`: the first of them alone.

        Where divisible sources share limits with units, a core finds plans that an exchange of units, which
        moves these alone, does not.
        """
        if not len(self._split()):
            self.offer(self.state)
        if self.core_first and not self.reached():
            self._first_cores(NEAREST[: 2 if quick else 1])
        if not quick and not self.reached():
            self._groups()
        if not self.reached() and not (self.core_first and self.found is not None):
            self._exchanges(quick)
        if not self.reached() and not quick:
            self._cores()
        return self.result()

    def _split(self) -> Ints:
        """Units that the relaxed optimum divides."""
        return split_units(self.problem, self.priced)

    def _first_cores(self, widths: tuple[int, ...]) -> None:
        """The nearest pathways by limit, so many of them; wider ones while there is no plan in reach of a
        core, and at last around the best plan, however many sources are elsewhere in it.
        """
        before = self.found
        for per in NEAREST:
            lacking = self.found is before and self._start() is None
            if self.reached() or time.monotonic() >= self.settings.stop_at or not (per in widths or lacking):
                return
            if per == NEAREST[1]:
                self._see_further()
            self.nearest_core(per)
        if before is not None and self.found is before and self._start() is None:
            self._decide_nearest(NEAREST[0], self.best)

    def _see_further(self) -> None:
        """Where the plan is far from the bound, the pathways that units may use in a better one are near, and
        no others: fewer leave more room in a core for those that count.
        """
        if self.found is not None and not self.reached(FAR) and len(self.state) <= MANY:
            self.near = self.walk.near(self.priced.price, self.found.cost_cny - self.priced.bound)

    def _groups(self) -> None:
        """Groups of narrow limits decided whole: a better bound, and units that fit these limits."""
        split = self._split()
        if not len(split) or len(self.state) > CLUSTERED:
            return
        bounded = replace(self.settings, nodes=GROUP_NODES)
        room = CLUSTER_ROOM * self.gap * abs(self.priced.bound)
        decided = decide_clusters(self.walk, self.priced, self.cheapest, split, bounded, room)
        unit = ~self.problem.divisible[decided.source]
        self.state[decided.source[unit]] = decided.state[unit]
        self._tried.clear()
        self.bound = max(self.bound, self.priced.bound + decided.gained)
        if self.found is not None:
            self.bound = min(self.bound, self.found.cost_cny)
        if decided.gained:
            self.route.append(f"groups of narrow limits add {decided.gained:.4g} CNY to the bound")

    def _exchanges(self, quick: bool) -> None:
        """Exchange of units, wider each time, with a division of the problem before the wider ones."""
        units = bool((~self.problem.divisible).any())
        for steps, per in zip(DIVES, PER_ROW, strict=True):
            if steps and quick:
                break
            if steps and not (self._branched or self.mixed):
                self._branch()
            wider = not (self.mixed or self.small)
            if not self.reached() and units and (per == PER_ROW[0] or wider):
                self._exchange(steps, per)
                if self.found is None and len(self.short) and not quick:
                    self._reach_further()
                    self._exchange(steps, per)

    def _filled(self, pool: Pool) -> Ints:
        """How many full rows each pathway of a pool fills further, [P], as units stand now."""
        used = self.walk.total(self.state)[1] * self.rows.sign + self.mixed_use
        return filled(pool, self.rows, used)

    def _menu_reach(self) -> float:
        """Excess of the pathways that a search by exchange may want."""
        wider = WIDER[0] if len(self.state) <= MANY else WIDER[1]
        return wider * reach_of(self.walk, self.priced.price)

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
        self.offer(chosen)
        name = f"{steps} new dives" if begin is None else "from the plan before"
        self.route.append(f"exchange of units, {per} a limit, {name}")

    def _table(self, per: int, base: Steps) -> tuple[Exchange, State, Ints, Steps] | None:
        """The search by exchange from base pathways [S, Y]: itself, where it begins, and source and pathway
        of each entry.
        """
        near = self.near
        unit = ~self.problem.divisible[near.source]
        pool = make_pool(self.walk.worth, self.rows, base, near.source[unit], near.state[unit])
        picked = by_row(pool.use, near.excess[unit], self.binding, per, self._filled(pool))
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
        picked = by_row(pool.use, far.excess, self.short, PER_ROW[0], self._filled(pool))
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
        for per in NEAREST[self.core_first : 2 if bounded else None]:
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
        self._decide(source, state, f"core of {len(source)} pathways", reach, self.best)
        return complete

    def nearest_core(self, per: int) -> None:
        """The core of the nearest pathways of each binding limit, `per` of them either way, once."""
        if per not in self._tried:
            self._tried.add(per)
            self._decide_nearest(per, self._start())

    def _start(self) -> Plan | None:
        """The best plan, unless too many sources are elsewhere in it than in the rounded relaxation: a core
        that has both of all of them is no small one.
        """
        if self.best is None:
            return None
        there = main_pathways(self.problem, self.best)[0]
        return self.best if (there != self.state).any(axis=1).sum() <= MOVED else None

    def _decide_nearest(self, per: int, start: Plan | None) -> None:
        pool = make_pool(self.walk.worth, self.rows, self.state, self.near.source, self.near.state)
        picked = by_row(pool.use, self.near.excess, self.binding, per, self._filled(pool))
        self._decide(pool.source[picked], pool.state[picked], f"core of {per} a limit", None, start)

    def mixed_pathways(self) -> tuple[Ints, Steps]:
        """The pathways of the relaxed optimum and, of their sources and of all that stand elsewhere now,
        those it begins with: without one of them the core's own relaxation may have no solution.
        """
        pool, column = self.priced.pool, self.priced.mix.column
        moved = np.flatnonzero((self.state != self.priced.base).any(axis=1))
        moved = np.union1d(pool.source[column], moved)
        source = np.concatenate([pool.source[column], moved])
        return source, np.concatenate([pool.state[column], self.priced.base[moved]])

    def _branch(self) -> None:
        """Divide the problem by split units that have few like them (projects), and look for plans in the
        parts of least bound.
        """
        self._branched = True
        if self.reached() or len(self.state) <= FEW:
            return
        tree = Tree(self.walk, self.priced, self.settings, self.wanted())
        if not len(np.intersect1d(tree.rare, self._split())):
            return
        for _ in range(LEAVES):
            enough = np.inf if self.found is None else self.found.cost_cny - self.wanted()
            leaf = tree.leaf(enough)
            if leaf is None:
                break
            part = Finish(leaf.walk, leaf.priced, self.settings, self.gap, ()).run(quick=True)
            tree.settle(part.bound)
            if part.plan is not None:
                self.take(part.plan.source, part.plan.share, part.plan.state)
        if self.found is not None:
            self.bound = max(self.bound, min(tree.bound, self.found.cost_cny))
        self.route.append(f"branching on units with few like them, {tree.nodes} nodes")

    def _decide(self, source: Ints, state: Steps, name: str, reach: float | None, start: Plan | None) -> None:
        """Solve one core, in which the plan `start` is too if there is one; a plan that uses what it leaves
        out costs more than L + `reach` (None: unknown).
        """
        base, mixed = self.state, self.mixed_pathways()
        source, state = np.concatenate([source, mixed[0]]), np.concatenate([state, mixed[1]])
        if start is not None:
            base, parts = main_pathways(self.problem, start)
            local = start.state[parts] - self.problem.state_start[start.source[parts], None]
            moved = np.flatnonzero((base != self.state).any(axis=1))
            source = np.concatenate([source, start.source[parts], moved])
            state = np.concatenate([state, local.astype(np.int16), self.state[moved]])
        away = np.flatnonzero((base != self.cheapest.state).any(axis=1))
        source, state = np.concatenate([source, away]), np.concatenate([state, self.cheapest.state[away]])
        own = np.unique(source)
        source, state = np.concatenate([source, own]), np.concatenate([state, self.cheapest.state[own]])
        core = make_core(self.walk, base, source, state)
        wanted = max(self.gap * abs(self.priced.bound), 1e-6) if self.found is None else self.wanted()
        settings, share = self.settings, 2
        if reach is None:
            settings, share = replace(self.settings, nodes=NODES), 20
        decided = decide(core, settings, wanted / share, self.bound + wanted, start)
        if decided.pathways is not None:
            self.take(*decided.pathways)
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
