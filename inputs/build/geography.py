"""Distances between places, and to what supplies heat."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EARTH_KM = 6371.0
LARGE_CHP_MW = 300.0
"""From this size on plans ask boilers in reach of a CHP unit to give way to it."""


def km_between(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distance of every point to every target, km [points, targets] (haversine)."""
    a, b = np.radians(lat)[:, None], np.radians(to_lat)[None, :]
    half = np.sin((a - b) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon[:, None] - to_lon[None, :]) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)))


def km_to_large_chp(points: pd.DataFrame, units: pd.DataFrame, year: int) -> pd.Series:
    """Great-circle distance of every point to the nearest large CHP unit in service in a year, km.

    Args:
        points: lat, lon.
        units: rows of power_units: chp (yes or no), capacity MW, from_year, lat, lon, and to_year where one
            is known.
    """
    stands = (units["chp"] == "yes") & (units["capacity"] >= LARGE_CHP_MW) & (units["from_year"] <= year)
    if "to_year" in units:
        stands &= ~(units["to_year"] < year)
    large = units[stands]
    if large.empty:
        return pd.Series(np.nan, index=points.index)
    here, there = (frame[["lat", "lon"]].to_numpy(float).T for frame in (points, large))
    return pd.Series(km_between(*here, *there).min(axis=1).round(1), index=points.index)
