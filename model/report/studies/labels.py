"""Where direct labels stand so that none covers another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

LINE = 1.35
"""Height of a line of text with the room above it, in font sizes."""


def spread(wanted: Floats, gap: float, low: float, high: float) -> Floats:
    """Positions at least `gap` apart and within [low, high], with the least squared distance from those
    wanted, [n]; where there is no room for all, evenly from low to high.

    Pool adjacent violators: with i gaps taken off the i-th, positions need only not fall.
    """
    order = np.argsort(wanted, kind="stable")
    count = len(wanted)
    out = np.empty(count)
    if count < 2 or gap * (count - 1) >= high - low:
        out[order] = np.linspace(low, high, count) if count > 1 else np.clip(wanted, low, high)
        return out
    steps = gap * np.arange(count)
    blocks: list[tuple[float, int]] = []  # mean, number
    for value in wanted[order] - steps:
        mean, number = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, more = blocks.pop()
            mean, number = (before * more + mean * number) / (more + number), more + number
        blocks.append((mean, number))
    level = np.repeat([mean for mean, _ in blocks], [number for _, number in blocks])
    out[order] = np.clip(level, low, high - steps[-1]) + steps
    return out


def name_ends(
    axis: Axes,
    ends: Mapping[str, tuple[float, float]],
    names: Sequence[str],
    colours: Sequence[str],
    size: float = 8.0,
) -> None:
    """Write the name of each line right of the axes, at the height of its end, (x, y), led to it by a hair.

    Call when the limits of the axes are final; how high the axes are is taken from the figure as it stands.
    """
    if not ends:
        return
    into = axis.transData + axis.transAxes.inverted()
    at = np.clip(into.transform(np.array(list(ends.values()), dtype=float)), 0.0, 1.0)
    figure = axis.get_figure(root=True)
    assert figure is not None
    height = axis.get_position().height * figure.get_figheight() * 72.0
    places = spread(at[:, 1], LINE * size / height, 0.0, 1.0)
    for (x, y), place, name, colour in zip(at, places, names, colours, strict=True):
        axis.annotate(
            name,
            xy=(x, y),
            xycoords="axes fraction",
            xytext=(1.045, place),
            textcoords="axes fraction",
            va="center",
            fontsize=size,
            color=colour,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2},
        )
