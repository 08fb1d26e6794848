"""Iterative proportional fitting: scale rows until every group reaches its control total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def rake(
    seed: pd.Series,
    margins: Sequence[tuple[pd.Series, Mapping[str, float]]],
    tolerance: float = 1e-9,
    rounds: int = 500,
) -> pd.Series:
    """Scale `seed` (one non-negative value a row) so that sums by each key reach the totals of each margin.

    A margin is (key of each row, total of each key); rows whose key has no total are left out of it. The
    procedure of Deming and Stephan (1940). Raises ValueError when a total has nothing to scale or when
    the margins can not be met together.
    """
    value = seed.to_numpy(dtype=float).copy()
    groups: list[tuple[str, float, NDArray[np.intp]]] = []
    for key, totals in margins:
        for name, total in totals.items():
            rows = np.flatnonzero(key.to_numpy() == name)
            if total > 0 and not value[rows].sum() > 0:
                raise ValueError(f"nothing to scale for '{name}'")
            groups.append((name, total, rows))
    for _ in range(rounds):
        worst = 0.0
        for _, total, rows in groups:
            now = value[rows].sum()
            if total > 0:
                worst = max(worst, abs(now / total - 1))
            value[rows] *= total / now if now > 0 else 0.0
        if worst <= tolerance:
            return pd.Series(value, index=seed.index)
    raise ValueError(f"margins disagree: {worst:.1e} left after {rounds} rounds")


def apportion(shares: pd.Series, total: int) -> pd.Series:
    """Whole numbers in proportion to `shares` that sum to `total` (largest remainder; ties by row order)."""
    exact = shares / shares.sum() * total
    whole = np.floor(exact).astype(int)
    left = total - int(whole.sum())
    order = (whole - exact).sort_values(kind="stable").index[:left]
    whole.loc[order] += 1
    return whole
