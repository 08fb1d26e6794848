"""Cheapest first: how a plan is made without an optimiser (method greedy), to be compared with.

As EPA's CoST picks its least-cost strategy (measures in the order of cost per tonne until the target is met),
for limits of every kind and years, one limit after the other. What comes out is a plan, never a proof.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.plan import TOLERANCE, Plan, evaluate, shortfall_scale, verify
from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.network import Arcs, build_arcs

BATCH = 16
"""Changes are ranked anew when the cheapest sixteenth of them is made: what a source can do next may be
cheaper than what others can do first.
"""

ROUNDING = TOLERANCE / 1000
"""Share of its scale below which the room of a limit is rounding."""


def greedy(problem: Problem, bound_cny: float = -np.inf) -> Plan:
    """Cheapest first, limit after limit, in the order of the problem (entry, then year).

    Every source begins in state 0, or where its mandates leave it no other way on its cheapest pathway. While
    a limit is missed, the changes of pathway that bring it nearer are made in the order of cost per unit
    of improvement; a change that breaks a limit which holds, or takes one already tried further away, is
    left out. A change leaves the pathway in some year by one move and then stays, as long as mandates let
    it. Limits are gone through again as long as fewer of them are missed. A divisible source changes in part
    where that is enough.

    bound_cny: a lower bound that is proven elsewhere. Prices are nan: nothing is known of them.

    Raises:
        ValueError: the problem has costs or uses that are not numbers.
    """
    began = time.monotonic()
    search = _Search(problem)
    missed = search.missed()
    while len(missed):
        for limit in missed:
            if search.room[limit] < 0:
                search.improve(int(limit))
            search.tried[limit] = True
        before, missed = len(missed), search.missed()
        if len(missed) >= before:
            break
    plan = search.plan()
    status = "feasible" if verify(problem, plan).met else "infeasible"
    bound = min(bound_cny, evaluate(problem, plan).cost_cny)
    seconds = {"greedy": time.monotonic() - began}
    return replace(plan, bound_cny=bound, status=status, seconds=seconds, route=("cheapest first",))


@dataclass(frozen=True)
class _Changes:
    """One change for each of some pathways, in the order in which they are made.

    pathway: which, [N]; arc: the first arc that is another, [N]; path: arcs of the pathway after it, [N, Y].
    """

    pathway: Ints
    arc: Ints
    path: Ints


class _Search:
    """Pathways as arcs, [P, Y], with the share of their source, and the room of each enforced limit, [R]."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.arcs, constant = build_arcs(problem)
        self.years = len(problem.years)
        row = self.arcs.row
        sense = problem.sense[row].astype(np.float64)
        self.use = self.arcs.use.multiply(sense).tocsr()
        self.columns = self.use.tocsc()
        self.tolerance = ROUNDING * shortfall_scale(problem)[row]
        self.tried = np.zeros(len(row), dtype=bool)
        order = np.argsort(self.arcs.tail, kind="stable")
        nodes = len(problem.state_label) * (self.years + 1)
        self.leaving = order
        self.leaving_ptr = np.searchsorted(self.arcs.tail[order], np.arange(nodes + 1))
        self.onward = _onward(self.arcs, nodes, self.years)
        self.cost_ahead = self._ahead(self.arcs.cost)
        self.source = np.arange(len(problem.source))
        self.share = np.ones(len(self.source))
        self.path = self._follow(problem.state_start[:-1] * (self.years + 1), 0)
        self.room = sense * (constant.use - problem.bound[row])
        self.room += np.asarray(self.use[self.path.ravel()].sum(axis=0)).ravel()

    def missed(self) -> Ints:
        """Limits that are missed, in order."""
        return np.flatnonzero(self.room < -self.tolerance)

    def plan(self) -> Plan:
        """The pathways as a plan, without prices or a bound."""
        order = np.argsort(self.source, kind="stable")
        state = self.arcs.head[self.path[order]] // (self.years + 1)
        price = np.full(len(self.problem.limit), np.nan)
        return Plan(self.source[order], self.share[order], state, price, -np.inf, "feasible", {})

    def improve(self, limit: int) -> None:
        """Make changes, cheapest first, until the limit holds or nothing brings it nearer."""
        use = np.zeros(len(self.arcs.cost))
        part = slice(*self.columns.indptr[limit : limit + 2])
        use[self.columns.indices[part]] = self.columns.data[part]
        touched = np.zeros(len(self.problem.source), dtype=bool)
        touched[self.arcs.source[use != 0]] = True
        refused = np.zeros(len(use), dtype=bool)
        ahead = self._ahead(use)
        while self.room[limit] < -self.tolerance[limit]:
            pathway = np.flatnonzero(touched[self.source])
            changes = self._ranked(pathway, use, ahead, refused, float(self.tolerance[limit]))
            if len(changes.pathway) == 0:
                return
            self._make(changes, limit, refused)

    def _ahead(self, value: Floats) -> Floats:
        """Sum of a value of arcs along the onward pathway of each node, [nodes]."""
        out = np.zeros(len(self.onward))
        for year in range(self.years - 1, -1, -1):
            node = np.flatnonzero(self.onward[year :: self.years + 1] >= 0) * (self.years + 1) + year
            arc = self.onward[node]
            out[node] = value[arc] + out[self.arcs.head[arc]]
        return out

    def _follow(self, node: Ints, year: int) -> Ints:
        """Onward pathway of nodes of one year, [N, Y - year]."""
        out = np.zeros((len(node), self.years - year), dtype=np.int64)
        for step in range(out.shape[1]):
            out[:, step] = self.onward[node]
            node = self.arcs.head[out[:, step]]
        return out

    def _ranked(self, pathway: Ints, use: Floats, ahead: Floats, refused: Bools, least: float) -> _Changes:
        """The cheapest change of each pathway by cost per unit of improvement, those that come first.

        use: what arcs add to the room of the limit; ahead: the same of the onward pathways of nodes. least:
        an improvement that is none.
        """
        arcs = self.arcs
        found: list[tuple[Ints, Floats, Ints, Ints]] = []
        for year in range(self.years):
            now = self.path[pathway, year:]
            tail = arcs.tail[now[:, 0]]
            start = self.leaving_ptr[tail]
            count = self.leaving_ptr[tail + 1] - start
            at = np.repeat(np.arange(len(pathway)), count)
            arc = self.leaving[np.arange(len(at)) + (start - np.cumsum(count) + count)[at]]
            head = arcs.head[arc]
            gain = use[arc] + ahead[head] - use[now].sum(axis=1)[at]
            cost = arcs.cost[arc] + self.cost_ahead[head] - arcs.cost[now].sum(axis=1)[at]
            better = np.flatnonzero((gain > least) & ~refused[arc])
            ratio = cost[better] / gain[better]
            found.append((at[better], ratio, arc[better], np.full(len(better), year)))
        at, ratio, arc, year_of = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.lexsort([arc, ratio])
        first = np.sort(np.unique(at[order], return_index=True)[1])
        order = order[first[: max(1, len(first) // BATCH)]]
        at, arc, year_of = at[order], arc[order], year_of[order]
        path = self.path[pathway[at]]
        for year in range(self.years):
            own = np.flatnonzero(year_of == year)
            path[own, year] = arc[own]
            path[own, year + 1 :] = self._follow(arcs.head[arc[own]], year + 1)
        return _Changes(pathway[at], arc, path)

    def _make(self, changes: _Changes, limit: int, refused: Bools) -> None:
        """Make changes until the limit holds; those that what else must hold leaves no room are refused."""
        added = self._used(changes.path) - self._used(self.path[changes.pathway])
        for at, (pathway, more) in enumerate(zip(changes.pathway.tolist(), added, strict=True)):
            missing = -self.room[limit]
            if missing <= self.tolerance[limit]:
                return
            most = float(self.share[pathway])
            divisible = self.problem.divisible[self.source[pathway]]
            part = min(most, missing / more[limit]) if divisible else most
            part = min(part, self._room_for(more, limit))
            if (part < most and not divisible) or part * more[limit] <= self.tolerance[limit]:
                refused[changes.arc[at]] = True
                continue
            self.room += part * more
            if part < most:
                self.share[pathway] -= part
                self.source = np.append(self.source, self.source[pathway])
                self.share = np.append(self.share, part)
                self.path = np.vstack([self.path, changes.path[at]])
            else:
                self.path[pathway] = changes.path[at]

    def _used(self, path: Ints) -> Floats:
        """What pathways of a whole source add to the room of each limit, [N, R]."""
        count = np.arange(0, path.size + 1, self.years)
        chosen = sparse.csr_array((np.ones(path.size), path.ravel(), count), (len(path), len(self.arcs.cost)))
        return np.asarray((chosen @ self.use).toarray())

    def _room_for(self, more: Floats, limit: int) -> float:
        """How much of a whole source may change so that no other limit is broken."""
        worse = np.flatnonzero(more < 0)
        worse = worse[worse != limit]
        room, tolerance = self.room[worse], self.tolerance[worse]
        held = room >= -tolerance
        # Half the tolerance may be used up: a limit used to its end still holds.
        room = np.where(held, np.maximum(room + tolerance / 2, 0.0), np.inf)
        room[~held & self.tried[worse]] = 0.0
        return float(np.min(room / -more[worse], initial=np.inf))


def _onward(arcs: Arcs, nodes: int, years: int) -> Ints:
    """The arc that a pathway takes from each node if nothing is asked of it, [nodes]; -1 where it ends.

    Staying, where it is possible to the end; else the cheapest way on.
    """
    out = np.full(nodes, -1)
    stays, ahead = np.zeros(nodes, dtype=bool), np.zeros(nodes)
    stays[arcs.head[arcs.year == years - 1]] = True
    for year in range(years - 1, -1, -1):
        own = np.flatnonzero(arcs.year == year)
        staying = (arcs.move[own] < 0) & stays[arcs.head[own]]
        value = arcs.cost[own] + ahead[arcs.head[own]]
        stays[arcs.tail[own[staying]]] = True
        order = np.lexsort([value, ~staying, arcs.tail[own]])
        node, first = np.unique(arcs.tail[own[order]], return_index=True)
        best = order[first]
        out[node], ahead[node] = own[best], value[best]
    return out
