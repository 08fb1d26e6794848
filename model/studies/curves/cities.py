"""Cities side by side: what a common reduction costs each, and what each would do at a common price.

Read off cost curves. A curve's points are plans and proven bounds; between them the cost is told three ways:
the bound that the tangents of all points prove, the chord of the lower convex hull of the plans (what mixing
neighbouring plans costs), and the first plan that cuts as much, which is a plan of whole units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COLUMNS = (
    *("city", "pollutant", "year", "asked", "level", "unit", "status"),
    *("reduction_t", "reduction_low_t", "reduction_high_t", "reduction_pct"),
    *("total_cost_cny", "cost_low_cny", "cost_high_cny"),
)

PERCENT, TONNES, PRICE = "reduction_pct", "reduction_t", "price_cny_per_t"


def city_frame(
    curve: pd.DataFrame, percents: Sequence[float], tonnes: Sequence[float], prices: Sequence[float]
) -> pd.DataFrame:
    """cities.csv: every city at every common reduction, per cent of its frozen emission or tonnes, and at
    every common price, CNY per tonne of the year, not discounted.

    status: asked (between the ends of the curve), free (cut without a target), out_of_reach (more
    than the most achievable: no cost), most (the price would pay for more than there is).

    Args:
        curve: rows of curve.csv, of any number of cities, pollutants and years.
    """
    rows = [
        {**dict(zip(("city", "pollutant", "year"), key, strict=True)), **row}
        for key, points in curve.groupby(["city", "pollutant", "year"], sort=False)
        for row in _of_city(points.sort_values("point"), percents, tonnes, prices)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_city(
    points: pd.DataFrame, percents: Sequence[float], tonnes: Sequence[float], prices: Sequence[float]
) -> Iterable[dict[str, object]]:
    last = points.iloc[-1]
    frozen = (
        100 * float(last["reduction_t"]) / float(last["reduction_pct"]) if last["reduction_pct"] else np.nan
    )
    asked = [(PERCENT, level, "%", level / 100 * frozen if level else 0.0) for level in percents]
    asked += [(TONNES, level, "t", level) for level in tonnes]
    for name, level, unit, reduction in asked:
        yield {"asked": name, "level": level, "unit": unit, **_cost_at(points, reduction, frozen)}
    for price in prices:
        yield {"asked": PRICE, "level": price, "unit": "CNY/t", **_cut_at(points, price, frozen)}


def _cost_at(points: pd.DataFrame, reduction: float, frozen: float) -> dict[str, object]:
    """The cost of one reduction, t/yr; one of nan is of a city that can cut nothing."""
    cut, cost = _columns(points, "reduction_t", "total_cost_cny")
    share = 100 * reduction / frozen
    known = {
        "reduction_t": reduction,
        "reduction_low_t": reduction,
        "reduction_high_t": reduction,
        "reduction_pct": share,
    }
    if not reduction <= cut[-1] * (1 + 1e-9):
        return {**known, "status": "out_of_reach"}
    at = hull(cut, cost)
    return {
        **known,
        "status": "free" if reduction <= cut[0] else "asked",
        "total_cost_cny": float(np.interp(reduction, cut[at], cost[at])),
        "cost_low_cny": proven(points, reduction),
        "cost_high_cny": float(cost[np.searchsorted(cut, min(reduction, cut[-1]))]),
    }


def _cut_at(points: pd.DataFrame, price: float, frozen: float) -> dict[str, object]:
    """What is cut where every tonne that costs less than a price is: the point of the hull at which cost less
    price times reduction is least, between the last point whose price is below and the first above it.
    """
    cut, cost, marginal, prices = _columns(
        points, "reduction_t", "total_cost_cny", "marginal_cny_per_t", "price_cny_per_t"
    )
    rate = float(np.max(marginal / np.where(prices > 0, prices, np.inf)))  # what a CNY of the year counts
    best = int(np.argmin(cost - price * rate * cut))
    below, above = np.flatnonzero(prices <= price), np.flatnonzero(prices > price)
    low = float(cut[below[-1]]) if len(below) else float(cut[0])
    high = float(cut[above[0]]) if len(above) else float(cut[-1])
    return {
        "status": "asked" if len(above) else "most",
        "reduction_t": float(cut[best]),
        "reduction_low_t": min(low, float(cut[best])),
        "reduction_high_t": max(high, float(cut[best])),
        "reduction_pct": 100 * float(cut[best]) / frozen,
        "total_cost_cny": float(cost[best]),
        "cost_low_cny": proven(points, float(cut[best])),
        "cost_high_cny": float(cost[best]),
    }


def proven(points: pd.DataFrame, reduction: float) -> float:
    """The highest of the tangents, CNY: the prices of each point prove a bound at every reduction."""
    cut, bound, marginal = _columns(points, "reduction_t", "bound_cny", "marginal_cny_per_t")
    return float(np.max(bound + marginal * (reduction - cut)))


def hull(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Points on the lower convex hull from the first to the last, x ascending (Andrew's monotone chain)."""
    kept: list[int] = []
    for at in range(len(x)):
        while len(kept) > 1:
            a, b = kept[-2:]
            if (y[b] - y[a]) * (x[at] - x[a]) < (y[at] - y[a]) * (x[b] - x[a]):
                break
            kept.pop()
        kept.append(at)
    return np.array(kept, dtype=np.int64)


def _columns(points: pd.DataFrame, *names: str) -> list[Floats]:
    return [points[name].to_numpy(dtype=np.float64) for name in names]
