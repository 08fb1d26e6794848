"""The LP of the pathways met so far, in delta form, with its duals held in a box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints
from model.solve.columns import Pool
from model.solve.highs import Basis, Matrix, Settings, solve_lp

LEAST_UNIT = 1e-12
"""Least unit of money of an LP, as a share of what its rows leave: HiGHS takes 1e20 for infinite."""

LEAST_SHARE = 1e-10
"""Share of a source below which a pathway is rounding."""

BASIC = 1
"""HiGHS's code of a basic column or row; 0 is that of a column at its lower bound."""


@dataclass(frozen=True)
class Mix:
    """Pathways `column` [N] of a pool with their shares [N]; what is left of a source stays on its base."""

    column: Ints
    share: Floats


@dataclass(frozen=True)
class Corner:
    """Where one LP ended, for the next to begin: status (see `highs.Basis`) of the pathways of the pool [P],
    of what is over and under each row [2 R], of the rows [R] and of the sources [S].
    """

    column: Ints
    beside: Ints
    row: Ints
    source: Ints


@dataclass(frozen=True)
class Step:
    """price [R]: the duals. promised: what the pool says a plan costs at the best prices in the box. missed
    [R]: what the mix misses of each row, in its unit; spare: what lower prices would still save.
    """

    price: Floats
    promised: float
    mix: Mix
    missed: Floats
    spare: float
    corner: Corner | None


def solve_master(
    pool: Pool,
    weight: Floats,
    fixed: float,
    room: Floats,
    box: tuple[Floats, Floats],
    scale: Floats,
    settings: Settings,
    corner: Corner | None = None,
) -> Step | None:
    """The best prices in a box as far as the pool knows; None without a verdict.

    weight [S]: sources that each one stands for. fixed: cost of the base. room [R]: what the rows leave over
    the base. scale [R]: a usual price of each row, by which it is scaled. Pathways that cost more than their
    base at all prices in the box are left out, which changes nothing. corner: where an LP with the first of
    these pathways ended.
    """
    low, high = box
    # the reduced cost of a pathway is linear in the prices: least at one end of the box for each row
    least = pool.reduced((low + high) / 2) - pool.size @ ((high - low) / 2)
    kept = np.flatnonzero(least < 0)
    source = pool.source[kept]
    times = weight[source]
    cost = pool.cost[kept] * times
    unit = float(np.median(np.abs(cost))) if len(kept) else 1.0
    unit = max(unit if unit > 0 else 1.0, LEAST_UNIT * float(np.abs(room * scale).max(initial=0.0)))
    rows = len(room)
    factor = scale / unit
    shared, once = _sharing(source)
    matrix = Matrix(
        cost=np.concatenate([cost / unit, high / scale, -low / scale]),
        matrix=_columns(pool.use, kept, times, factor, np.where(once >= 0, rows + once, -1)),
        row_lower=np.concatenate([room * factor, np.full(len(shared), -np.inf)]),
        row_upper=np.concatenate([room * factor, np.ones(len(shared))]),
        lower=np.zeros(len(kept) + 2 * rows),
        upper=np.concatenate([np.ones(len(kept)), np.full(2 * rows, np.inf)]),
        whole=np.zeros(0, dtype=bool),
        family=(),
        label=(),
    )
    begin = None if corner is None else _begin(corner, kept, shared)
    outcome = solve_lp(matrix, settings, presolve="off", begin=begin)
    if outcome.value is None or outcome.dual is None:
        return None
    share, over, under = np.split(outcome.value, [len(kept), len(kept) + rows])
    return Step(
        price=np.clip(-outcome.dual[:rows] * scale, low, high),
        promised=fixed + outcome.bound * unit,
        mix=Mix(kept[share > LEAST_SHARE], share[share > LEAST_SHARE]),
        missed=over * unit / scale,
        spare=float(under @ (low / scale)) * unit,
        corner=_ended(outcome.basis, (len(pool.source), rows, len(weight)), kept, shared),
    )


def _begin(corner: Corner, kept: Ints, shared: Ints) -> Basis:
    """Where to begin with pathways `kept` and the sources `shared`; pathways that are new are unused."""
    known = kept < len(corner.column)
    column = np.zeros(len(kept), dtype=np.int64)
    column[known] = corner.column[kept[known]]
    return Basis(np.concatenate([column, corner.beside]), np.concatenate([corner.row, corner.source[shared]]))


def _ended(basis: Basis | None, sizes: tuple[int, int, int], kept: Ints, shared: Ints) -> Corner | None:
    """Where the LP with pathways `kept` and sources `shared` ended; sizes: P, R, S."""
    if basis is None or len(basis.column) != len(kept) + 2 * sizes[1]:
        return None
    column, source = np.zeros(sizes[0], dtype=np.int64), np.full(sizes[2], BASIC)
    column[kept] = basis.column[: len(kept)]
    source[shared] = basis.row[sizes[1] :]
    return Corner(column, basis.column[len(kept) :], basis.row[: sizes[1]], source)


def _sharing(source: Ints) -> tuple[Ints, Ints]:
    """The sources that two or more of the pathways share, and the place of that of each pathway among them,
    -1 where it has its source alone.
    """
    own, place, number = np.unique(source, return_inverse=True, return_counts=True)
    several = np.flatnonzero(number > 1)
    at = np.full(len(own), -1)
    at[several] = np.arange(len(several))
    return own[several], at[place]


def _columns(
    use: sparse.csr_array, kept: Ints, times: Floats, factor: Floats, once: Ints
) -> sparse.csc_array:
    """Columns of the LP: of the pathways `kept`, their use times `times` and the `factor` [R] of the row, and
    1 in row `once` where that is not -1; then what is over each row, and what is under it.
    """
    rows, number = len(factor), np.diff(use.indptr)[kept]
    place = np.arange(number.sum()) + np.repeat(use.indptr[kept] - np.cumsum(number) + number, number)
    pointer = np.concatenate([[0], np.cumsum(number + (once >= 0))])
    index, value = np.empty(pointer[-1], dtype=np.int32), np.ones(pointer[-1])
    last = pointer[1:][once >= 0] - 1
    first = np.ones(len(index), dtype=bool)
    first[last] = False
    index[last] = once[once >= 0]
    index[first] = use.indices[place]
    value[first] = use.data[place] * factor[use.indices[place]] * np.repeat(times, number)
    every = np.arange(rows)
    beside = pointer[-1] + np.arange(1, 2 * rows + 1)
    parts = (
        np.concatenate([value, np.full(rows, -1.0), np.ones(rows)]),
        np.concatenate([index, every, every]).astype(np.int32),
        np.concatenate([pointer, beside]).astype(np.int32),
    )
    return sparse.csc_array(parts, shape=(int(once.max(initial=rows - 1)) + 1, len(kept) + 2 * rows))
