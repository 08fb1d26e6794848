"""What a rating says about a number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPREAD_OF_RATING = {"A": 0.2, "B": 0.4, "C": 1.25, "D": 2.0, "E": 9.0}
"""What a rating implies where low and high are empty: the 95 % range runs from value / (1 + s) to value x
(1 + s). Middle of the error ranges of the EMEP/EEA guidebook's chapter on uncertainties as recalled, not
seen: A 10-30 %, B 20-60 %, C 50-200 %, D 100-300 %, E an order of magnitude."""

Z95 = 1.96
"""Standard normal deviate of a 95 % range."""

TAILS = (0.025, 0.975)
"""Quantiles at its ends."""


def rating_log_sds(ratings: pd.Series[Any]) -> Floats:
    """Standard deviation of the logarithm that each rating implies, [n]."""
    spread = ratings.map(SPREAD_OF_RATING).to_numpy(dtype=np.float64)
    return np.asarray(np.log1p(spread) / Z95)


def log_sds(table: pd.DataFrame) -> Floats:
    """Standard deviation of the logarithm of each value of a long table (none 0), [n].

    ln(high / low) / (2 x 1.96); ln(high / value) / 1.96 where low is 0 or of the other sign; what the rating
    implies where low and high do not say it. Of a negative value the sizes count.
    """
    value, low, high = (table[name].to_numpy(dtype=np.float64) for name in ("value", "low", "high"))
    sign = np.sign(value)
    near, far = np.where(sign > 0, low, -high), np.where(sign > 0, high, -low)
    both, one = (near > 0) & (far >= near), ~(near > 0) & (far > np.abs(value))
    out = rating_log_sds(table["rating"])
    out[both] = np.log(far[both] / near[both]) / (2 * Z95)
    out[one] = np.log(far[one] / np.abs(value[one])) / Z95
    return out
