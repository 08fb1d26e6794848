"""Shortest pathways of every source under prices on the limits, vectorised over sources (design: section 5).

With a price on each limit no source needs to know of another: its cheapest pathway is a shortest path
through its states over the years.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy import sparse

from model.problem.problem import Bools, Floats, Ints, Places, Problem
from model.solve.blocks import Block, Numbers, gather, make_blocks
from model.solve.rows import Rows
from model.solve.walk import Best, Near, Steps
from model.solve.worth import worth

KEPT = 10_000_000
"""Numbers gathered once and kept between evaluations, if all blocks together need no more."""

WIDE = 500
"""Sources in a block from which its arcs are compared one after the other."""


@dataclass(frozen=True)
class Values:
    """Under prices: node [Y, n, B], cost of standing in a state at the end of a year; arc [Y, N, B], cost of
    a move in a year; onward [Y + 1, n, B], least cost from a state at the end of a year (start first) to
    the last year, that year's own node left out; began [B], what state 0 still costs in the first year.
    """

    node: Floats
    arc: Floats
    onward: Floats
    began: Floats


class BlockWalk:
    """The sources of a problem by number of states; see `walk.Walk`."""

    def __init__(self, problem: Problem, rows: Rows, weight: Floats | None = None) -> None:
        self.problem, self.rows = problem, rows
        self.weight = np.ones(len(problem.source)) if weight is None else weight
        self.rate = problem.discount * problem.weight
        self.blocks = list(make_blocks(problem, np.flatnonzero(self.weight > 0)))
        size = sum(b.state.size * (len(rows.quantity) + 1) + b.move.size for b in self.blocks)
        self._kept = [gather(problem, rows, b) for b in self.blocks] if size <= KEPT else None

    def bounded(self, problem: Problem, rows: Rows) -> Self:
        """See `walk.Walk`."""
        out = copy(self)
        out.problem, out.rows = problem, rows
        return out

    def closed(self, source: int, year: int, states: Bools) -> Self:
        """See `walk.Walk`."""
        out, blocks = copy(self), []
        for block in self.blocks:
            place = np.flatnonzero(block.source == source)
            if len(place):
                shape = (self.rows.years, *block.state.shape)
                barred = np.zeros(shape, dtype=bool) if block.barred is None else block.barred.copy()
                barred[year, states, place[0]] = True
                block = replace(block, barred=barred)
            blocks.append(block)
        out.blocks = blocks
        return out

    def best(self, price: Floats, money: bool = True, sums: bool = True) -> Best:
        """See `walk.Walk`."""
        table = self.rows.charges(price)
        count, years = len(self.problem.source), len(self.rate)
        value, state = np.zeros(count), np.zeros((count, years), dtype=np.int16)
        used, cost = np.zeros_like(table), 0.0
        for position, block in enumerate(self.blocks):
            numbers = self._numbers(position)
            values = self._values(block, numbers, table, money)
            value[block.source] = values.onward[0, 0] + values.began
            every = np.arange(len(block.source))
            path = _follow(block, values, every, np.zeros(len(every), dtype=np.int16), 0)
            state[block.source] = path
            if sums:
                cost += self._add_up(block, numbers, path, used)
        return Best(value, state, cost, self.rows.left(used))

    def total(self, state: Steps) -> tuple[float, Floats]:
        """See `walk.Walk`."""
        shape = (len(self.rows.quantity), self.rows.years, self.rows.member.shape[1])
        used, cost = np.zeros(shape), 0.0
        for position, block in enumerate(self.blocks):
            cost += self._add_up(block, self._numbers(position), state[block.source], used)
        return cost, self.rows.left(used)

    def worth(self, source: Ints, state: Steps) -> tuple[Floats, sparse.csr_array]:
        """See `walk.Walk`."""
        return worth(self.problem, self.rows, source, state)

    def near(self, price: Floats, reach: float, among: Bools | None = None) -> Near:
        """See `walk.Walk`."""
        table = self.rows.charges(price)
        none = np.zeros(0)
        found: list[tuple[Ints, Steps, Floats]] = [
            (none.astype(np.int64), np.zeros((0, len(self.rate)), dtype=np.int16), none)
        ]
        for position, block in enumerate(self.blocks):
            if len(block.state) == 1 or (among is not None and not among[block.source].any()):
                continue
            values = self._values(block, self._numbers(position), table)
            ahead, entered = _forward(block, values)
            excess = self._off_best(block, values, ahead)
            close = np.isfinite(excess) & (excess <= reach)
            year, state, column = np.nonzero(close if among is None else close & among[block.source])
            path = _through(block, values, entered, year, state, column)
            kept = np.unique(np.column_stack([column, path]), axis=0, return_index=True)[1]
            own = np.maximum(excess[year, state, column][kept], 0.0)
            found.append((block.source[column[kept]], path[kept], own))
        sources, states, over = zip(*found, strict=True)
        return Near(np.concatenate(sources), np.concatenate(states), np.concatenate(over))

    def second(self, price: Floats) -> Floats:
        """See `walk.Walk`."""
        table = self.rows.charges(price)
        out = np.full(len(self.problem.source), np.inf)
        for position, block in enumerate(self.blocks):
            if len(block.state) == 1:
                continue
            values = self._values(block, self._numbers(position), table)
            excess = self._off_best(block, values, _forward(block, values)[0])
            out[block.source] = np.maximum(excess.min(axis=(0, 1)), 0.0)
        return out

    def _off_best(self, block: Block, values: Values, ahead: Floats) -> Floats:
        """What the cheapest pathway through each node costs over its source's, inf on that, [Y, n, B]."""
        excess: Floats = ahead + values.onward[1:] - values.onward[0, 0]
        every = np.arange(len(block.source))
        path = _follow(block, values, every, np.zeros(len(every), dtype=np.int16), 0)
        for year in range(len(excess)):
            excess[year, path[:, year], every] = np.inf
        return excess

    def _numbers(self, position: int) -> Numbers:
        """The numbers of a block, kept or gathered anew."""
        if self._kept is not None:
            return self._kept[position]
        return gather(self.problem, self.rows, self.blocks[position])

    def _values(self, block: Block, numbers: Numbers, table: Floats, money: bool = True) -> Values:
        """Costs of nodes, of arcs and of the way onward, under charges [Q, Y, G]."""
        problem, years = self.problem, len(self.rate)
        cell, phi = problem.cell[block.source], problem.part_year[block.source]
        standing = np.zeros((years + 1, *block.state.shape))
        ending = np.zeros((years, *block.state.shape))
        arc = np.empty((years, *block.move.shape))
        for year in range(years):
            if money:
                np.multiply(numbers.cost[year], self.rate[year], out=standing[year])
                np.multiply(numbers.capital[year], self.rate[year] * problem.charge[year], out=arc[year])
            else:
                arc[year] = np.where(np.isfinite(numbers.capital[year]), 0.0, np.inf)
            for position, quantity in enumerate(self.rows.quantity):
                if not table[position, year].any():
                    continue
                driver = numbers.driver[int(problem.quantity_driver[quantity])][year]
                charged = table[position, year][cell] * driver
                if position in numbers.factor:
                    target = ending if problem.quantity_stock[quantity] else standing
                    target[year] += numbers.factor[position] * charged
                if position in numbers.moved:
                    arc[year] += numbers.moved[position] * charged
        node = phi * standing[:-1] + (1 - phi) * standing[1:] + ending
        if block.barred is not None:
            node[block.barred] = np.inf
        onward = np.zeros((years + 1, *block.state.shape))
        for year in range(years - 1, -1, -1):
            reached = node[year] + onward[year + 1]
            _least(block, arc[year], reached, onward[year])
        return Values(node, arc, onward, (1 - phi) * standing[0, 0])

    def _add_up(self, block: Block, numbers: Numbers, path: Steps, used: Floats) -> float:
        """Cost of the pathways of a block, by weight; their use is added to `used` [Q, Y, G]."""
        problem, every = self.problem, np.arange(len(path))
        weight, cell = self.weight[block.source], problem.cell[block.source]
        phi, arc_of = problem.part_year[block.source], block.arc_of
        total, before = np.zeros(len(path)), np.zeros(len(path), dtype=np.int16)
        for year, rate in enumerate(self.rate):
            now = path[:, year]
            arc = arc_of[before, now]
            cost = numbers.cost[year]
            total += rate * (phi * cost[now, every] + (1 - phi) * cost[before, every])
            total += rate * problem.charge[year] * numbers.capital[year][arc, every]
            for position, quantity in enumerate(self.rows.quantity):
                factor, moved = numbers.factor.get(position), numbers.moved.get(position)
                if factor is None and moved is None:
                    continue
                amount = np.zeros(len(path))
                if factor is not None:
                    amount = factor[now, every]
                    if not problem.quantity_stock[quantity]:
                        amount = phi * amount + (1 - phi) * factor[before, every]
                if moved is not None:
                    amount = amount + moved[arc, every]
                amount = amount * weight * numbers.driver[int(problem.quantity_driver[quantity])][year]
                used[position, year] += np.bincount(cell, amount, used.shape[2])
            before = now
        return float(weight @ total)


def _least(block: Block, arc: Floats, reached: Floats, out: Floats) -> None:
    """Least cost over the arcs out of each state, [n, B], written to `out`."""
    if block.state.shape[1] < WIDE:
        out[:] = np.minimum.reduceat(arc + reached[block.enter], block.leaving[:-1], axis=0)
        return
    # numpy reduces wide arrays faster pair by pair than along their first axis
    out[:] = np.inf
    cost = np.empty(block.state.shape[1])
    for number, (leave, enter) in enumerate(zip(block.leave.tolist(), block.enter.tolist(), strict=True)):
        np.add(arc[number], reached[enter], out=cost)
        np.minimum(out[leave], cost, out=out[leave])


def _follow(block: Block, values: Values, columns: Ints, state: Steps, year: int) -> Steps:
    """The cheapest pathways of the sources in `columns` [C] from local states [C] at the end of a year index
    (0 = start) on, [C, Y]; years before are 0.
    """
    path = np.zeros((len(state), len(values.arc)), dtype=np.int16)
    ends, here = block.leaving, state
    for at_year in range(year, len(values.arc)):
        for k in np.unique(here):
            arcs = slice(ends[k], ends[k + 1])
            at = np.flatnonzero(here == k)
            own, to = columns[at], block.enter[arcs]
            onward = values.node[at_year][to[:, None], own] + values.onward[at_year + 1][to[:, None], own]
            path[at, at_year] = to[(values.arc[at_year][arcs][:, own] + onward).argmin(axis=0)]
        here = path[:, at_year]
    return path


def _forward(block: Block, values: Values) -> tuple[Floats, Places]:
    """Least cost from the start up to and with each node, [Y, n, B], and the arcs that lead into it best."""
    order = np.argsort(block.enter, kind="stable")
    starts = np.searchsorted(block.enter[order], np.arange(len(block.state) + 1))
    cost = np.empty_like(values.node)
    arc = np.empty(values.node.shape, dtype=np.int16)
    before = np.full(block.state.shape, np.inf)
    before[0] = 0.0
    every = np.arange(block.state.shape[1])
    for year in range(len(cost)):
        reached = (values.arc[year] + before[block.leave])[order]
        for k in range(len(before)):
            part = reached[starts[k] : starts[k + 1]]
            best = part.argmin(axis=0)
            arc[year, k] = order[starts[k] + best]
            cost[year, k] = part[best, every] + values.node[year, k]
        before = cost[year]
    return cost, arc


def _through(block: Block, values: Values, entered: Places, year: Ints, state: Ints, column: Ints) -> Steps:
    """The cheapest pathways through nodes: year, local state and column of the block, each [P]."""
    path = np.zeros((len(year), len(values.arc)), dtype=np.int16)
    for last in np.unique(year):
        at = np.flatnonzero(year == last)
        part = _follow(block, values, column[at], state[at].astype(np.int16), int(last) + 1)
        here = state[at]
        for before in range(int(last), -1, -1):
            part[:, before] = here
            here = block.leave[entered[before, here, column[at]]]
        path[at] = part
    return path
