"""Shortest pathways of all sources at once, from tables of what every state and move costs and uses.

The same as `paths.BlockWalk` for problems whose tables are small enough to keep: prices become costs by one
sparse product, and a year of all sources is one minimum over arcs sorted by the state they leave.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from model.problem.pathways import passable
from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.columns import keys
from model.solve.paths import BlockWalk
from model.solve.rows import Rows
from model.solve.tables import MOST, make_tables, numbers
from model.solve.walk import Best, Near, Steps, Walk


def make_walk(problem: Problem, rows: Rows) -> Walk:
    """All sources of a problem, ready to be walked: from tables where these are small enough."""
    return FlatWalk(problem, rows) if numbers(problem, rows) <= MOST else BlockWalk(problem, rows)


@dataclass(frozen=True)
class _Arcs:
    """Staying and every move, sorted by the states that they leave and enter, global numbers, [A]. move: -1
    where it is staying. out, number [K]: first arc out of each state, and how many. entering [A]: arcs by the
    state they enter; into, entered [K]: the first of those that enter a state there, and how many.
    """

    leave: Ints
    enter: Ints
    move: Ints
    out: Ints
    number: Ints
    entering: Ints
    into: Ints
    entered: Ints


def _arcs(problem: Problem) -> _Arcs:
    states = np.arange(len(problem.state_label))
    leave = np.concatenate([states, problem.move_from]).astype(np.int64)
    enter = np.concatenate([states, problem.move_to]).astype(np.int64)
    move = np.concatenate([np.full(len(states), -1), np.arange(len(problem.move_from))])
    order = np.lexsort((enter, leave))
    leave, enter, move = leave[order], enter[order], move[order]
    entering = np.argsort(enter, kind="stable")
    out, into = np.searchsorted(leave, states), np.searchsorted(enter[entering], states)
    number, entered = (np.diff(np.append(first, len(leave))) for first in (out, into))
    return _Arcs(leave, enter, move, out, number, entering, into, entered)


@dataclass(frozen=True)
class _Values:
    """Under prices: node [Y, K], arc [Y, A], onward [Y + 1, K] and began [S], as in `paths.Values`."""

    node: Floats
    arc: Floats
    onward: Floats
    began: Floats


class FlatWalk:
    """All sources of a problem, each standing for itself; see `walk.Walk`."""

    def __init__(self, problem: Problem, rows: Rows) -> None:
        self.problem, self.rows = problem, rows
        self.weight = np.ones(len(problem.source))
        self._tables, self._arcs = make_tables(problem, rows), _arcs(problem)
        self._moving = np.flatnonzero(self._arcs.move >= 0)
        self._barred = ~passable(problem).T if len(problem.forbid_state) else None
        self._zero = problem.state_start[:-1]
        self._owner = problem.source_of_state
        self._offered = np.isfinite(self._tables.move)

    def bounded(self, problem: Problem, rows: Rows) -> Self:
        """See `walk.Walk`."""
        out = copy(self)
        out.problem, out.rows = problem, rows
        return out

    def closed(self, source: int, year: int, states: Bools) -> Self:
        """See `walk.Walk`."""
        out = copy(self)
        shape = (self.rows.years, len(self._owner))
        out._barred = np.zeros(shape, dtype=bool) if self._barred is None else self._barred.copy()
        first, last = self.problem.state_start[source : source + 2]
        out._barred[year, first:last] |= states
        return out

    def best(self, price: Floats, money: bool = True, sums: bool = True) -> Best:
        """See `walk.Walk`."""
        values = self._values(price, money)
        state = self._zero[:, None] + np.zeros((1, self.rows.years), dtype=np.int64)
        here = self._zero
        for year in range(self.rows.years):
            here = state[:, year] = self._next(values, year, here)
        local = (state - self._zero[:, None]).astype(np.int16)
        cost, used = self.total(local) if sums else (0.0, np.zeros(len(self.rows.row)))
        return Best(values.onward[0][self._zero] + values.began, local, cost, used)

    def total(self, state: Steps) -> tuple[float, Floats]:
        """See `walk.Walk`."""
        tables, place = self._tables, self._places(np.arange(len(state)), state)
        made = self._moves(place)[1]
        cost = float(tables.start.sum() + tables.node[place].sum() + tables.move[made].sum())
        use = np.asarray(tables.start_use.sum(axis=0)).ravel()
        for chosen, table in ((place.ravel(), tables.node_use), (made, tables.move_use)):
            use = use + np.bincount(chosen, minlength=table.shape[0]).astype(float) @ table
        return cost, np.asarray(use)

    def worth(self, source: Ints, state: Steps) -> tuple[Floats, sparse.csr_array]:
        """See `walk.Walk`."""
        tables, place = self._tables, self._places(source, state)
        step, made = self._moves(place)
        cost = tables.start[source] + tables.node[place].sum(axis=1)
        cost += np.bincount(step, tables.move[made], len(source))
        pointer = np.concatenate([[0], np.cumsum(np.bincount(step, minlength=len(source)))])
        use = _chosen(place.ravel(), np.arange(len(source) + 1) * self.rows.years, tables.node_use)
        use = use + _chosen(made, pointer, tables.move_use) + tables.start_use[source]
        return cost, sparse.csr_array(use)

    def near(self, price: Floats, reach: float, among: Bools | None = None) -> Near:
        """See `walk.Walk`."""
        values = self._values(price)
        ahead, before = self._forward(values)
        excess = self._off_best(values, ahead)
        close = np.isfinite(excess) & (excess <= reach)
        if among is not None:
            close &= among[self._owner]
        year, node = np.nonzero(close)
        path = np.zeros((len(node), self.rows.years), dtype=np.int64)
        path[np.arange(len(node)), year] = node
        for at in range(1, self.rows.years):
            later = year < at
            path[later, at] = self._next(values, at, path[later, at - 1])
        for at in range(self.rows.years - 2, -1, -1):
            sooner = year > at
            path[sooner, at] = before[at + 1][path[sooner, at + 1]]
        source = self._owner[node]
        local = (path - self._zero[source, None]).astype(np.int16)
        kept = np.unique(keys(source, local), return_index=True)[1]
        order = kept[np.lexsort((*local[kept].T[::-1], source[kept]))]
        return Near(source[order], local[order], np.maximum(excess[year, node][order], 0.0))

    def second(self, price: Floats) -> Floats:
        """See `walk.Walk`."""
        values = self._values(price)
        excess = self._off_best(values, self._forward(values)[0]).min(axis=0)
        least = np.minimum.reduceat(excess, self._zero)
        return np.where(np.isfinite(least), np.maximum(least, 0.0), np.inf)

    def _values(self, price: Floats, money: bool = True) -> _Values:
        """Costs of nodes, of arcs and of the way onward under prices."""
        tables, years, signed = self._tables, self.rows.years, price * self.rows.sign
        node, move = tables.node_use @ signed, tables.move_use @ signed
        began = tables.start_use @ signed
        if money:
            node, move, began = node + tables.node, move + tables.move, began + tables.start
        else:
            move = np.where(self._offered, move, np.inf)
        by_year = node.reshape(years, -1)
        if self._barred is not None:
            by_year[self._barred] = np.inf
        arc = np.zeros((years, len(self._arcs.leave)))
        arc[:, self._moving] = move.reshape(years, -1)[:, self._arcs.move[self._moving]]
        onward = np.zeros((years + 1, by_year.shape[1]))
        for year in range(years - 1, -1, -1):
            reached = by_year[year] + onward[year + 1]
            onward[year] = np.minimum.reduceat(arc[year] + reached[self._arcs.enter], self._arcs.out)
        return _Values(by_year, arc, onward, began)

    def _next(self, values: _Values, year: int, here: Ints) -> Ints:
        """The state at the end of a year to which the cheapest way leads from states [n] a year before, the
        first of several, [n].
        """
        arcs = self._arcs
        number = arcs.number[here]
        start = np.cumsum(number) - number
        at = np.arange(number.sum()) + np.repeat(arcs.out[here] - start, number)
        enter = arcs.enter[at]
        cost = values.arc[year][at] + values.node[year][enter] + values.onward[year + 1][enter]
        return np.asarray(enter[_first_least(cost, start, number)])

    def _forward(self, values: _Values) -> tuple[Floats, list[Ints]]:
        """Least cost from the start up to and with each node, [Y, K], and the state before it on that way."""
        arcs, cost, before = self._arcs, np.empty_like(values.node), list[Ints]()
        here = np.full(values.node.shape[1], np.inf)
        here[self._zero] = 0.0
        for year in range(len(cost)):
            reached = (values.arc[year] + here[arcs.leave])[arcs.entering]
            first = _first_least(reached, arcs.into, arcs.entered)
            before.append(arcs.leave[arcs.entering[first]])
            here = cost[year] = reached[first] + values.node[year]
        return cost, before

    def _off_best(self, values: _Values, ahead: Floats) -> Floats:
        """What the cheapest pathway through each node costs over its source's, inf on that, [Y, K]."""
        excess: Floats = ahead + values.onward[1:] - values.onward[0][self._zero][self._owner]
        here = self._zero
        for year in range(self.rows.years):
            here = self._next(values, year, here)
            excess[year, here] = np.inf
        return excess

    def _places(self, source: Ints, state: Steps) -> Ints:
        """Nodes of pathways, [P, Y]."""
        place: Ints = self._zero[source][:, None] + state + np.arange(self.rows.years) * len(self._owner)
        return place

    def _moves(self, place: Ints) -> tuple[Ints, Ints]:
        """Pathway and place in the tables of each move that pathways make, in their order."""
        state = place % len(self._owner)
        before = np.hstack([self._zero[self._owner[state[:, :1]]], state[:, :-1]])
        path, year = np.nonzero(state != before)
        move = self.problem.find_moves(before[path, year], state[path, year])
        return path, year * len(self.problem.move_from) + move


def _chosen(place: Ints, pointer: Ints, table: sparse.csr_array) -> sparse.csr_array:
    """Sums of rows of a table: row n sums those at place[pointer[n] : pointer[n + 1]]."""
    shape = (len(pointer) - 1, table.shape[0])
    return sparse.csr_array(sparse.csr_array((np.ones(len(place)), place, pointer), shape=shape) @ table)


def _first_least(cost: Floats, start: Ints, number: Ints) -> Ints:
    """The first place of the least cost in each group, of which `number` begin at `start`."""
    least = np.repeat(np.minimum.reduceat(cost, start), number)
    place = np.where(cost == least, np.arange(len(cost)), len(cost))
    first: Ints = np.minimum.reduceat(place, start)
    return first
