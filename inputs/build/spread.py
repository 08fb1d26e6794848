"""Spread totals over areas, and whole units over counties and options, keeping quotas as closely as whole
units can."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

import numpy as np
import pandas as pd


def in_proportion(total: float, weights: Mapping[str, float], least: float = 0.0) -> dict[str, float]:
    """`total` over the areas in proportion to their weights; areas with a share below `least` get nothing."""
    whole = sum(weights.values())
    kept = {area: w for area, w in weights.items() if w > 0 and w / whole >= least}
    return {area: total * w / sum(kept.values()) for area, w in kept.items()}


def expand(numbers: pd.DataFrame) -> pd.DataFrame:
    """One row a unit."""
    return numbers.loc[numbers.index.repeat(numbers["units"])].drop(columns="units").reset_index(drop=True)


def to_counties(sizes: pd.Series, target: pd.Series) -> pd.Series:
    """County of every unit: from the largest unit down, each goes where most capacity is still wanted.

    `target` is the capacity wanted by county in the unit of `sizes`, scaled to the sum of the sizes. Ties
    go to the lower code.
    """
    wanted = target * (sizes.sum() / target.sum())
    queue = [(-amount, area) for area, amount in wanted.items()]
    heapq.heapify(queue)
    placed: dict[object, str] = {}
    for unit, size in sizes.sort_values(ascending=False, kind="stable").items():
        left, area = queue[0]
        heapq.heapreplace(queue, (left + float(size), area))
        placed[unit] = area
    return pd.Series(placed).reindex(sizes.index)


def to_options(units: pd.DataFrame, by: list[str], shares: pd.Series) -> pd.Series:
    """Option (index of `shares`) of every unit, in turn within the order of `by`, so that each has its share.

    The turn is the golden-ratio sequence, which fills any interval evenly and needs no random numbers.
    """
    order = units.sort_values(by, kind="stable").index
    turn = (np.arange(1, len(order) + 1) * 0.6180339887498949) % 1.0
    edges = np.cumsum(shares.to_numpy(dtype=float)) / shares.sum()
    chosen = np.minimum(np.searchsorted(edges, turn, side="right"), len(shares) - 1)
    return pd.Series(shares.index.to_numpy()[chosen], index=order).reindex(units.index)
