"""Sources with equally many states together, as arrays [state, source] and [arc, source]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.problem.pathways import passable
from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.rows import Rows

CHUNK = 16_384
"""Sources in a block at most: its arrays then stay near the processor."""


@dataclass(frozen=True)
class Block:
    """B sources of n states each; states and arcs have local numbers.

    Arcs are staying and every move that one of the sources has, sorted by the state they leave; the global
    move of a source on an arc that it does not have is -1, and on staying too.
    """

    source: Ints  # [B]
    state: Ints  # [n, B] global state
    leave: Ints  # [N]
    enter: Ints
    move: Ints  # [N, B]
    barred: Bools | None  # [Y, n, B] states that no pathway may be in

    @property
    def arc_of(self) -> Ints:
        """Arc between two local states, -1 where there is none, [n, n]."""
        out = np.full((len(self.state), len(self.state)), -1)
        out[self.leave, self.enter] = np.arange(len(self.leave))
        return out

    @property
    def leaving(self) -> Ints:
        """Arcs out of local state k are `leaving[k] : leaving[k + 1]`, [n + 1]."""
        return np.searchsorted(self.leave, np.arange(len(self.state) + 1))


@dataclass(frozen=True)
class Numbers:
    """What the problem says of a block; lists over years, of one and the same array where nothing changes."""

    cost: list[Floats]  # [n, B]
    capital: list[Floats]  # [N, B], 0 for staying, inf where there is no move
    driver: dict[int, list[Floats]]  # driver -> [B]
    factor: dict[int, Floats]  # position of the quantity in the rows -> [n, B]
    moved: dict[int, Floats]  # [N, B]


def make_blocks(problem: Problem, sources: Ints) -> Iterator[Block]:
    """Blocks of some sources, by number of states."""
    number = np.diff(problem.state_start)[sources]
    mask = passable(problem) if len(problem.forbid_state) else None
    for count in np.unique(number):
        own = sources[number == count]
        for begin in range(0, len(own), CHUNK):
            yield _block(problem, own[begin : begin + CHUNK], int(count), mask)


def _block(problem: Problem, source: Ints, count: int, mask: Bools | None) -> Block:
    """One block: the arcs that any of its sources has."""
    state = (problem.state_start[source] + np.arange(count)[:, None]).astype(np.int32)
    begin, number = problem.move_start[source], np.diff(problem.move_start)[source]
    column = np.repeat(np.arange(len(source)), number)
    move = np.arange(number.sum()) + np.repeat(begin - np.cumsum(number) + number, number)
    first = problem.state_start[source][column]
    code = (problem.move_from[move] - first) * count + problem.move_to[move] - first
    kinds = np.unique(np.concatenate([code, np.arange(count) * (count + 1)]))
    table = np.full((len(kinds), len(source)), -1, dtype=np.int32)
    table[np.searchsorted(kinds, code), column] = move
    barred = None
    if mask is not None and not mask[state].all():
        barred = ~np.moveaxis(mask[state], 2, 0)
    return Block(source, state, kinds // count, kinds % count, table, barred)


def gather(problem: Problem, rows: Rows, block: Block) -> Numbers:
    """The numbers of a block."""
    states = (int(block.state.min()), int(block.state.max()) + 1)
    has = block.move >= 0
    moves = (int(block.move[has].min()), int(block.move.max()) + 1) if has.any() else (0, 0)
    factor, moved = {}, {}
    driver: dict[int, list[Floats]] = {}
    by_state = (problem.state_factor_ptr, problem.state_factor_idx, problem.state_factor_val)
    by_move = (problem.move_factor_ptr, problem.move_factor_idx, problem.move_factor_val)
    for position, quantity in enumerate(rows.quantity.tolist()):
        values = _span(*by_state, quantity, states)
        if values is not None:
            factor[position] = values[block.state - states[0]]
        values = _span(*by_move, quantity, moves)
        if values is not None:
            moved[position] = np.where(has, values[np.maximum(block.move - moves[0], 0)], 0.0)
        own = int(problem.quantity_driver[quantity])
        if own not in driver:
            driver[own] = _by_year(problem.driver[own], block.source)
    cost = _by_year(problem.cost, block.state)
    return Numbers(cost, _capital(problem, block, has), driver, factor, moved)


def _capital(problem: Problem, block: Block, has: Bools) -> list[Floats]:
    """Annuities of the arcs by year."""
    without = np.broadcast_to(np.where(block.leave == block.enter, 0.0, np.inf)[:, None], has.shape)
    if not has.any():
        return [without] * len(problem.years)
    years = _by_year(problem.capital, np.maximum(block.move, 0))
    once = {id(values): np.where(has, values, without) for values in years}
    return [once[id(values)] for values in years]


def _by_year(values: Floats, index: Ints) -> list[Floats]:
    """Rows of a table [.., Y] by year; one array for all years where the table is a view of one column."""
    if values.strides[1] == 0:
        return [values[index, 0]] * values.shape[1]
    return [values[index, year] for year in range(values.shape[1])]


def _span(ptr: Ints, idx: Ints, val: Floats, quantity: int, span: tuple[int, int]) -> Floats | None:
    """Factors of a quantity between two global numbers, dense; None where all are zero."""
    begin, end = int(ptr[quantity]), int(ptr[quantity + 1])
    first, last = begin + np.searchsorted(idx[begin:end], span)
    if first == last:
        return None
    out = np.zeros(span[1] - span[0])
    out[idx[first:last] - span[0]] = val[first:last]
    return out
