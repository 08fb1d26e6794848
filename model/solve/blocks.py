"""Sources with equally many states together, as arrays [state, source] and [arc, source]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from model.problem.pathways import passable
from model.problem.problem import Bools, Floats, Ints, Places, Problem
from model.solve.rows import Rows

CHUNK = 8_192
"""Sources in a block at most: its arrays then stay near the processor."""


@dataclass(frozen=True)
class Block:
    """B sources of n states each; states and arcs have local numbers.

    Arcs are staying and every move that one of the sources has, sorted by the state they leave; the global
    move of a source on an arc that it does not have is -1, and on staying too.
    """

    source: Ints  # [B]
    state: Places  # [n, B] global state
    leave: Ints  # [N]
    enter: Ints
    move: Places  # [N, B], not filled where `regular`
    moves: tuple[int, int]  # global moves from, up to
    barred: Bools | None  # [Y, n, B] states that no pathway may be in
    regular: bool  # neighbours in the problem, with the same moves in the same order

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
    leave, enter = kinds // count, kinds % count
    made = table[leave != enter]
    regular = bool((np.diff(source) == 1).all()) and made.size == len(move)
    regular = regular and bool((made.T.ravel() == np.arange(len(move)) + int(begin[0])).all())
    span = (int(move.min()), int(move.max()) + 1) if len(move) else (0, 0)
    if regular:
        table = np.broadcast_to(np.int32(-1), table.shape)
    return Block(source, state, leave, enter, table, span, barred, regular)


def gather(problem: Problem, rows: Rows, block: Block) -> Numbers:
    """The numbers of a block."""
    states = (int(block.state.min()), int(block.state.max()) + 1)
    moves = block.moves
    factor, moved = {}, {}
    driver: dict[int, list[Floats]] = {}
    by_state = (problem.state_factor_ptr, problem.state_factor_idx, problem.state_factor_val)
    by_move = (problem.move_factor_ptr, problem.move_factor_idx, problem.move_factor_val)
    for position, quantity in enumerate(rows.quantity.tolist()):
        values = _span(*by_state, quantity, states)
        if values is not None:
            factor[position] = _of_states(block, values, states[0])
        values = _span(*by_move, quantity, moves)
        if values is not None:
            moved[position] = _of_arcs(block, values, 0.0)
        own = int(problem.quantity_driver[quantity])
        if own not in driver:
            driver[own] = [
                row[block.source] for row in _columns(problem.driver[own], (0, len(problem.source)))
            ]
    cost = _once(_columns(problem.cost, states), lambda column: _of_states(block, column, states[0]))
    capital = _once(_columns(problem.capital, moves), lambda column: _of_arcs(block, column, np.inf))
    return Numbers(cost, capital, driver, factor, moved)


def _columns(values: Floats, span: tuple[int, int]) -> list[Floats]:
    """Columns of a table [.., Y] between two rows; one for all years where the table is a view of one."""
    part = values[span[0] : span[1]]
    if values.strides[1] == 0:
        return [part[:, 0]] * values.shape[1]
    return list(part.T)


def _once(columns: list[Floats], made: Callable[[Floats], Floats]) -> list[Floats]:
    """What is made of each column, made once where columns are one and the same."""
    known = {id(column): column for column in columns}
    done = {key: made(column) for key, column in known.items()}
    return [done[id(column)] for column in columns]


def _of_states(block: Block, values: Floats, first: int) -> Floats:
    """Values by state, [n, B], of a span that begins at global state `first`."""
    if block.regular:
        return np.ascontiguousarray(values.reshape(block.state.shape[1], -1).T)
    return np.asarray(values[block.state - first])


def _of_arcs(block: Block, values: Floats, without: float) -> Floats:
    """Values by arc, [N, B]: 0 for staying, `without` where a source has no such move."""
    stays = block.leave == block.enter
    if block.regular:
        out = np.zeros(block.move.shape)
        if len(values):
            out[~stays] = values.reshape(block.move.shape[1], -1).T
        return out
    missing = np.where(stays, 0.0, without)[:, None]
    if not len(values):
        return np.broadcast_to(missing, block.move.shape)
    return np.where(block.move >= 0, values[np.maximum(block.move - block.moves[0], 0)], missing)


def _span(ptr: Ints, idx: Ints, val: Floats, quantity: int, span: tuple[int, int]) -> Floats | None:
    """Factors of a quantity between two global numbers, dense; None where all are zero."""
    begin, end = int(ptr[quantity]), int(ptr[quantity + 1])
    # in the type of the index, or numpy would convert all of it
    first, last = begin + np.searchsorted(idx[begin:end], np.array(span, dtype=idx.dtype))
    if first == last:
        return None
    out = np.zeros(span[1] - span[0])
    out[idx[first:last] - span[0]] = val[first:last]
    return out
