"""A tile map: a square for each area, all of one size, about where the area lies. No boundary is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.report.look import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CLOSER = 1.3
"""Tiles stand closer than their areas, so that few cells stay empty."""


def place(lat: Floats, lon: Floats) -> Ints:
    """Row (from the north) and column (from the west) of each area's tile, [n, 2].

    Degrees are brought to a grid whose step is CLOSER times the mean distance of an area from its nearest
    neighbour; of all ways to give each area a cell of its own, the one with the least squared distances.
    """
    from scipy.optimize import linear_sum_assignment

    where = np.column_stack([-lat, lon * np.cos(np.radians(lat.mean()))])
    count = len(where)
    if count == 1:
        return np.zeros((1, 2), dtype=np.int64)
    apart = np.hypot(*(where[:, None] - where[None]).T)
    np.fill_diagonal(apart, np.inf)
    where = (where - where.mean(axis=0)) / (CLOSER * apart.min(axis=1).mean())
    reach = int(np.ceil(np.abs(where).max())) + int(np.ceil(np.sqrt(count)))
    side = np.arange(-reach, reach + 1)
    cells = np.array([(row, column) for row in side for column in side], dtype=np.int64)
    off = ((where[:, None] - cells[None]) ** 2).sum(axis=2)
    taken: Ints = cells[linear_sum_assignment(off)[1]]
    return np.asarray(taken - taken.min(axis=0))


def tile_map(
    axis: Axes, places: Ints, names: Sequence[str], values: Floats, labels: Sequence[str], title: str
) -> None:
    """Draw the tiles: colour by value (0 white), name and label in each."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    shade = plt.get_cmap("YlGnBu")
    top = float(values.max()) or 1.0
    weight = plt.rcParams["axes.titleweight"]  # the Chinese font has one weight
    for (row, column), name, value, label in zip(places, names, values, labels, strict=True):
        depth = 0.08 + 0.8 * float(value) / top
        axis.add_patch(Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, color=shade(depth), linewidth=0))
        ink = "white" if depth > 0.55 else INK
        axis.text(column, row - 0.16, name, ha="center", va="center", fontsize=6.8, color=ink)
        axis.text(column, row + 0.2, label, ha="center", va="center", fontsize=8.5, color=ink, weight=weight)
    axis.set(xlim=(places[:, 1].min() - 0.6, places[:, 1].max() + 0.6))
    axis.set(ylim=(places[:, 0].max() + 0.6, places[:, 0].min() - 0.6), aspect="equal")
    axis.set_title(title)
    axis.axis("off")
