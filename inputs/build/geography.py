"""Distances between places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0


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
