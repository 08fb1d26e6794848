"""Rounding by which parts add up to the total that is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rounded_parts(values: Floats, decimals: int) -> Floats:
    """`values` rounded so that they add up to their rounded sum: largest remainders are rounded up.

    Each differs from its value by less than one unit of the last place; missing values stay missing.
    Hamilton's method of apportionment; ties go to the earlier value.
    """
    scale = 10.0**decimals
    out = np.asarray(values, dtype=np.float64) * scale
    known = np.flatnonzero(np.isfinite(out))
    # 1e-9 of a unit is the noise of the sum: 2.9999999999 is 3.
    whole = np.floor(out[known] + 1e-9)
    rest = out[known] - whole
    up = round(float(out[known].sum())) - int(whole.sum())
    whole[np.argsort(-rest, kind="stable")[:up]] += 1
    out[known] = whole
    return out / scale + 0.0  # -0 is written 0


def rounded_table(values: Floats, rows: Floats, columns: Floats, decimals: int) -> Floats:
    """A table rounded so that its rows and its columns add up to totals that are rounded already.

    values: (rows, columns). rows, columns: the totals, which add up to the same. Of all such tables the one
    whose cells are nearest to `values` in sum; what is nothing stays so where that can be. Controlled
    rounding (Cox 1987, J. Am. Stat. Assoc. 82) as a problem of transport, whose corners are whole numbers.
    """
    if not values.size:
        return values + 0.0
    from scipy.optimize import linprog

    scale = 10.0**decimals
    cells = values.ravel() * scale
    whole = np.floor(cells + 1e-9)
    rest = np.clip(cells - whole, 0.0, 1.0)
    empty = np.where(np.abs(cells) < 1e-9, float(values.size), 1.0)
    # A cell is its floor, one step up to its ceiling, further steps up, and steps down.
    cost = np.concatenate([np.where(rest > 0, 1.0 - 2.0 * rest, empty), empty, empty])
    ones = np.eye(values.shape[0]).repeat(values.shape[1], axis=1)
    sums = np.vstack([ones, np.tile(np.eye(values.shape[1]), values.shape[0])])
    totals = np.concatenate([rows, columns]) * scale - sums @ whole
    bounds = [(0.0, 1.0)] * cells.size + [(0.0, None)] * (2 * cells.size)
    # The last total follows from the others; without it noise in the totals leaves no contradiction.
    found = linprog(cost, A_eq=np.hstack([sums, sums, -sums])[:-1], b_eq=np.round(totals)[:-1], bounds=bounds)
    if not found.success:
        raise ArithmeticError(f"no rounding of a table has these totals: {found.message}")
    up, more, down = np.round(found.x).reshape(3, -1)
    out: Floats = (whole + up + more - down) / scale + 0.0
    return out.reshape(values.shape)
