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
