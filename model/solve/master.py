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
    """price [R]: the duals. promised: what the pool says a plan costs at the best prices in the box. missed:
    cost of what the mix misses of the rows at the upper prices; spare: what lower prices would still save.
    """

    price: Floats
    promised: float
    mix: Mix
    missed: float
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
    least = pool.reduced((low + high) / 2) - abs(pool.use) @ ((high - low) / 2)
    kept = np.flatnonzero(least < 0)
    part = pool.take(kept)
    times = weight[part.source]
    unit = float(np.median(np.abs(part.cost * times))) if len(kept) else 1.0
    unit = max(unit if unit > 0 else 1.0, LEAST_UNIT * float(np.abs(room * scale).max(initial=0.0)))
    rows = len(room)
    factor = scale / unit
    eye = sparse.eye_array(rows)
    top = sparse.hstack([sparse.diags_array(factor) @ (part.use.T @ sparse.diags_array(times)), -eye, eye])
    once, shared = _convexity(part.source, len(kept) + 2 * rows)
    matrix = Matrix(
        cost=np.concatenate([part.cost * times / unit, high / scale, -low / scale]),
        matrix=sparse.csc_array(sparse.vstack([top, once])),
        row_lower=np.concatenate([room * factor, np.full(once.shape[0], -np.inf)]),
        row_upper=np.concatenate([room * factor, np.ones(once.shape[0])]),
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
        missed=float(over @ (high / scale)) * unit,
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


def _convexity(source: Ints, columns: int) -> tuple[sparse.csr_array, Ints]:
    """A row for each source with two or more pathways, which share it; and these sources."""
    own, place, number = np.unique(source, return_inverse=True, return_counts=True)
    row = np.full(len(own), -1)
    several = np.flatnonzero(number > 1)
    row[several] = np.arange(len(several))
    inside = np.flatnonzero(row[place] >= 0)
    entries = (np.ones(len(inside)), (row[place[inside]], inside))
    return sparse.csr_array(entries, shape=(len(several), columns)), own[several]
