"""The map of what the plan cuts in each city: outlines where a boundary file is given, else tiles.

In Chinese reports outlines are drawn only of a file that names the approval number of its map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.report.fonts import chinese_family
from model.report.look import FAINT, INK, inside
from model.report.messages import Messages, Scale, shown
from model.report.page.boundaries import REVIEW, Boundaries, Ring
from model.report.page.tiles import place, tile_map
from model.results.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = ("SO2", "NOx", "VOCs", "PM2.5")
LEAST_CITIES = 2
"""Cities from which a map says more than a number."""


def has_map(results: Results) -> bool:
    """Whether the run is of several cities of known place."""
    return len(_cities(results)) >= LEAST_CITIES


def city_map(results: Results, messages: Messages, boundaries: Boundaries | None = None) -> Figure:
    """Abatement of the plan's actions by city, first full year, a panel for each of PANELS."""
    import matplotlib.pyplot as plt

    cities = _cities(results)
    sums = results.plan.groupby("city")[[f"abated_{p}_t" for p in PANELS]].sum()
    table = sums.reindex(cities["city"], fill_value=0.0)
    names = [messages.name("city", city) for city in cities["city"]]
    outlined = boundaries is not None and (messages.lang != "zh" or bool(boundaries.review))
    figure, axes = plt.subplots(2, 2, figsize=(11.0, 8.0 if outlined else 6.6))
    for axis, pollutant in zip(axes.flat, PANELS, strict=True):
        values = table[f"abated_{pollutant}_t"].to_numpy(float)
        scale = messages.quantity_scale("t/yr", float(np.abs(values).max()))
        labels = [shown(value, _short(scale)) for value in values]
        unit = messages("figure.abatement", unit=scale.unit)
        title = f"{messages.word('quantity', pollutant)} · {unit}"
        if outlined and boundaries is not None:
            shapes = [boundaries.rings[code] for code in cities["adcode"]]
            outline_map(axis, shapes, names, values, labels, title)
        else:
            where = place(cities["lat"].to_numpy(float), cities["lon"].to_numpy(float))
            tile_map(axis, where, names, values, labels, title)
            inside(axis)
    if outlined and boundaries is not None and boundaries.review:
        number = f"{REVIEW}：{boundaries.review}"  # Chinese in every language
        figure.text(0.5, 0.0, number, ha="center", va="bottom", fontsize=8, family=chinese_family())
    return figure


def _cities(results: Results) -> pd.DataFrame:
    """Cities of the run with their place; the region itself is none."""
    known = results.cities.dropna(subset=["lat", "lon"])
    return known[~known["adcode"].astype(str).str.endswith("0000")]


def _short(scale: Scale) -> Scale:
    """A label in a small area has one decimal at most, two of ten thousand tonnes."""
    return Scale(scale.by, min(scale.decimals, 2 if scale.by >= 1e4 else 1), scale.unit)


def outline_map(
    axis: Axes,
    shapes: list[tuple[Ring, ...]],
    names: list[str],
    values: NDArray[np.float64],
    labels: list[str],
    title: str,
) -> None:
    """Draw areas by their rings in an equirectangular projection: colour by value (0 near white), name and
    label at the middle of each area's largest ring.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    shade, top = plt.get_cmap("YlGnBu"), float(values.max()) or 1.0
    squeeze = np.cos(np.radians(np.mean([middle(rings)[1] for rings in shapes])))
    for rings, name, value, label in zip(shapes, names, values, labels, strict=True):
        depth = 0.08 + 0.8 * max(float(value), 0.0) / top
        flat = [ring * (squeeze, 1.0) for ring in rings]
        path = Path.make_compound_path(*(Path(ring, closed=True) for ring in flat))
        axis.add_patch(PathPatch(path, facecolor=shade(depth), edgecolor=FAINT, linewidth=0.8))
        x, y = middle(rings) * (squeeze, 1.0)
        ink = "white" if depth > 0.55 else INK
        axis.text(x, y, f"{name}\n{label}", ha="center", va="center", fontsize=6.8, color=ink)
    axis.autoscale_view()
    axis.set(aspect="equal")
    axis.set_title(title)
    axis.axis("off")


def middle(rings: tuple[Ring, ...]) -> Ring:
    """Centre of gravity (longitude, latitude) of the largest ring, by the shoelace formula."""
    areas = [_area(ring) for ring in rings]
    ring, area = max(zip(rings, areas, strict=True), key=lambda each: abs(each[1]))
    if area == 0.0:
        return np.asarray(ring.mean(axis=0))
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]
    return np.asarray(((ring + after) * cross[:, None]).sum(axis=0) / (6.0 * area))


def _area(ring: Ring) -> float:
    after = np.roll(ring, -1, axis=0)
    return float((ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]).sum()) / 2.0
