"""The LP of the pathways met so far, in delta form, with its duals held in a box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints
from model.solve.columns import Pool
from model.solve.highs import Matrix, Settings, solve_lp


LEAST_SHARE = 1e-10
"""Share of a source below which a pathway is rounding."""


@dataclass(frozen=True)
class Mix:
    """Pathways `column` [N] of a pool with their shares [N]; what is left of a source stays on its base."""

    column: Ints
    share: Floats


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


def solve_master(
    pool: Pool,
    weight: Floats,
    fixed: float,
    room: Floats,
    box: tuple[Floats, Floats],
    scale: Floats,
    settings: Settings,
) -> Step | None:
    """The best prices in a box as far as the pool knows; None without a verdict.

    weight [S]: sources that each one stands for. fixed: cost of the base. room [R]: what the rows leave over
    the base. scale [R]: a usual price of each row, by which it is scaled. Pathways that cost more than their
    base at all prices in the box are left out, which changes nothing.
    """
    low, high = box
    # the reduced cost of a pathway is linear in the prices: least at one end of the box for each row
    least = pool.reduced((low + high) / 2) - abs(pool.use) @ ((high - low) / 2)
    kept = np.flatnonzero(least < 0)
    part = pool.take(kept)
    times = weight[part.source]
    unit = float(np.median(np.abs(part.cost * times))) if len(kept) else 1.0
    unit = unit if unit > 0 else 1.0
    rows = len(room)
    factor = scale / unit
    eye = sparse.eye_array(rows)
    top = sparse.hstack([sparse.diags_array(factor) @ (part.use.T @ sparse.diags_array(times)), -eye, eye])
    once = _convexity(part.source, len(kept) + 2 * rows)
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
    outcome = solve_lp(matrix, settings, presolve="off")
    if outcome.value is None or outcome.dual is None:
        return None
    share, over, under = np.split(outcome.value, [len(kept), len(kept) + rows])
    return Step(
        price=np.clip(-outcome.dual[:rows] * scale, low, high),
        promised=fixed + outcome.bound * unit,
        mix=Mix(kept[share > LEAST_SHARE], share[share > LEAST_SHARE]),
        missed=float(over @ (high / scale)) * unit,
        spare=float(under @ (low / scale)) * unit,
    )


def _convexity(source: Ints, columns: int) -> sparse.csr_array:
    """A row for each source with two or more pathways, which share it."""
    own, place, number = np.unique(source, return_inverse=True, return_counts=True)
    row = np.full(len(own), -1)
    several = np.flatnonzero(number > 1)
    row[several] = np.arange(len(several))
    inside = np.flatnonzero(row[place] >= 0)
    entries = (np.ones(len(inside)), (row[place[inside]], inside))
    return sparse.csr_array(entries, shape=(len(several), columns))
