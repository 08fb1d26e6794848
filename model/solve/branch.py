"""Branch and bound on the units that decide (design: section 5).

Prices let a plan build a third of a pipeline. Where the relaxation splits a unit that has no other like it
(one of few in its cell), the problem is divided: one node gets a state of the unit at the end of a year, the
other all its other states in that year. Every node is priced again from the prices and pathways of the one
it comes from, and its bound is proven as that of the whole problem is. The node of least bound is divided
next. A leaf splits no such unit, and a plan is found in it as in a problem without projects.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, replace

import numpy as np

from model.problem.problem import Bools, Floats, Ints
from model.solve.columns import make_pool
from model.solve.highs import Settings
from model.solve.master import Mix
from model.solve.price import Priced, price_again
from model.solve.walk import Steps, Walk

FEW = 3
"""Units with a choice in a cell, up to which none of them has enough others like it."""

NODES = 200
"""Nodes priced in all; a dive that has begun goes on to its leaf."""

SPREAD = 0.05
"""Spread of the cost of a split unit, in gaps wanted, below which it does not decide."""

NEAR_BEST = 0.2
"""How much less than a leaf any other could cost, in gaps wanted, when the leaf is taken."""

EXACT = 0.2
"""To what the relaxation of a node is solved, in gaps wanted."""

LEAST_SHARE = 1e-6
"""Share of a unit below which it is not split."""


@dataclass(frozen=True)
class Cut:
    """Unit `source` is in local `state` at the end of year index `year` (inside), or it is not."""

    source: int
    state: int
    year: int
    inside: bool

    def open(self, path: Steps) -> Bools:
        """Which pathways [.., Y] it leaves open."""
        return np.asarray((path[..., self.year] == self.state) == self.inside)


@dataclass(frozen=True)
class Node:
    """Part of a problem: its walk, and the prices known of it. cut: what it adds to the problem that `priced`
    is of, None once `priced` is its own.
    """

    walk: Walk
    priced: Priced
    cut: Cut | None = None


class Tree:
    """The nodes of one problem. wanted: gap in CNY. nodes: how many were priced."""

    def __init__(self, walk: Walk, priced: Priced, settings: Settings, wanted: float) -> None:
        self.settings, self.wanted, self.nodes = settings, wanted, 0
        self.exact = EXACT * wanted / max(abs(priced.bound), 1e-9)
        self.rare = rare_units(walk)
        self._heap: list[tuple[float, int, Node]] = []
        self._leaves: list[Node] = []
        self._settled, self._pushed = np.inf, 0
        self._push(Node(walk, priced))

    @property
    def bound(self) -> float:
        """Proven lower bound on the cost of the whole problem, CNY; inf when no plan meets all rows."""
        leaves = [leaf.priced.bound for leaf in self._leaves]
        return float(min([self._least(), self._settled, *leaves]))

    def leaf(self, enough: float) -> Node | None:
        """The next node to find a plan in, least bound first; None when none of them costs less than `enough`
        CNY, or no more can be told in the nodes or the time there are.
        """
        while self._least() < min(enough, self._best_leaf() - NEAR_BEST * self.wanted):
            if self.nodes >= NODES or time.monotonic() >= self.settings.stop_at:
                break
            self._dive(heapq.heappop(self._heap)[2], enough)
        if self._best_leaf() >= enough:
            return None
        return self._leaves.pop(int(np.argmin([leaf.priced.bound for leaf in self._leaves])))

    def settle(self, bound: float) -> None:
        """What a leaf that was taken costs at least, CNY."""
        self._settled = min(self._settled, bound)

    def _least(self) -> float:
        """Least bound of the open nodes."""
        return self._heap[0][0] if self._heap else np.inf

    def _best_leaf(self) -> float:
        """Least bound of the leaves not yet taken."""
        return min((leaf.priced.bound for leaf in self._leaves), default=np.inf)

    def _push(self, node: Node) -> None:
        """One more open node."""
        self._pushed += 1
        heapq.heappush(self._heap, (node.priced.bound, self._pushed, node))

    def _dive(self, node: Node, enough: float) -> None:
        """Divide a node, then the likelier part of it, down to a leaf or to one that costs too much."""
        while True:
            limit = min(enough, self._best_leaf() - NEAR_BEST * self.wanted)
            node = self._priced(node, limit)
            if node.priced.status == "infeasible":
                return
            if node.priced.status != "optimal":
                if node.priced.bound >= limit:
                    self._push(node)
                else:
                    self.settle(node.priced.bound)
                return
            cut = choose(node, self.rare, SPREAD * self.wanted)
            if cut is None:
                self._leaves.append(node)
                return
            if node.priced.bound >= limit:
                self._push(node)
                return
            other = replace(cut, inside=not cut.inside)
            self._push(Node(node.walk, node.priced, other))
            node = Node(node.walk, node.priced, cut)

    def _priced(self, node: Node, enough: float) -> Node:
        """The node with prices of its own."""
        walk, known = node.walk, node.priced
        if node.cut is not None:
            walk = restrict(walk, node.cut)
            known = _kept(walk, known, node.cut)
        elif known.status == "optimal":
            return node
        self.nodes += 1
        found = price_again(walk, known, self.settings, self.exact, enough)
        return Node(walk, replace(found, bound=max(found.bound, known.bound)))


def rare_units(walk: Walk) -> Ints:
    """Units with a choice that have few others in their cell."""
    problem = walk.problem
    unit = ~problem.divisible & (np.diff(problem.state_start) > 1) & (walk.weight > 0)
    number = np.bincount(problem.cell[unit], minlength=int(problem.cell.max(initial=0)) + 1)
    return np.flatnonzero(unit & (number[problem.cell] <= FEW))


def choose(node: Node, rare: Ints, least: float) -> Cut | None:
    """Where to divide a node: the split unit whose pathways differ most in cost, and the state at the end of
    a year that it is nearest to be half in, the likelier side first; None where no split unit's pathways
    differ by `least` CNY.
    """
    mix, pool, base = node.priced.mix, node.priced.pool, node.priced.base
    owner = pool.source[mix.column]
    chosen, most = None, least
    for source in np.intersect1d(np.unique(owner), rare):
        column = np.flatnonzero(owner == source)
        share = np.append(mix.share[column], 1 - mix.share[column].sum())
        path = np.vstack([pool.state[mix.column[column]], base[source]])
        cost = np.append(pool.cost[mix.column[column]], 0.0)
        part, state, year = _halves(share, path)
        spread = float(share @ np.abs(cost - share @ cost))
        if spread >= most and min(part, 1 - part) > LEAST_SHARE:
            chosen, most = Cut(int(source), state, year, part >= 0.5), spread
    return chosen


def _halves(share: Floats, path: Steps) -> tuple[float, int, int]:
    """The share of a unit that is in a state at the end of a year, nearest to a half; the state; the year."""
    states = np.arange(int(path.max()) + 1)
    part = np.einsum("p,pky->ky", share, (path[:, None, :] == states[:, None]).astype(float))
    state, year = divmod(int(np.abs(part - 0.5).argmin()), path.shape[1])
    return float(part[state, year]), state, year


def restrict(walk: Walk, cut: Cut) -> Walk:
    """The walk with the states closed that a cut closes; all else is shared with the given one."""
    first, last = walk.problem.state_start[cut.source : cut.source + 2]
    same = np.arange(last - first) == cut.state
    return walk.closed(cut.source, cut.year, same != cut.inside)


def _kept(walk: Walk, known: Priced, cut: Cut) -> Priced:
    """What is known, as far as it is open after a cut: the unit's own pathways without those closed, over a
    base that is open.
    """
    pool, source = known.pool, cut.source
    own = pool.source == source
    path = np.vstack([known.base[source], pool.state[own]])
    path = path[cut.open(path)]
    base = known.base.copy()
    # the mix splits the unit both ways, so that some pathway is open
    base[source], path = path[0], path[1:]
    part = make_pool(walk.worth, walk.rows, base, np.full(len(path), source), path)
    nothing = Mix(np.zeros(0, dtype=np.int64), np.zeros(0))
    kept = pool.take(np.flatnonzero(~own)).join(part)
    corner = known.corner
    if corner is not None:
        column = np.append(corner.column, np.zeros(len(own) - len(corner.column), dtype=np.int64))
        corner = replace(corner, column=column[~own])
    return replace(known, base=base, pool=kept, mix=nothing, status="none", corner=corner)
