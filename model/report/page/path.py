"""The figure of emission by year: the cases as lines, the targets as marks with their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.look import COLOURS, key, nameless
from model.report.messages import Messages
from model.report.page import data
from model.results.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TARGET_GAP, TARGET_WIDTH, TARGET_HEIGHT = 0.03, 0.07, 0.055
"""Distance of a target's label from its mark, half its width and its height, in parts of the axes."""

TARGET_PLACES = ((0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1))
"""Where a target's label may stand, by half widths to the right and above or below; the first of the
roomiest is taken."""


def path(results: Results, messages: Messages) -> Figure:
    """Emission of each case from the start year on, and the chain-linked targets, a panel for each
    pollutant.
    """
    import matplotlib.pyplot as plt
    import seaborn as sns

    rows = data.paths(results)
    scale = messages.scale("mass")
    figure, axes = plt.subplots(1, 3, figsize=(11.0, 3.6))
    for axis, pollutant in zip(axes, data.TARGETED, strict=True):
        part = rows[rows["pollutant"] == pollutant].assign(shown=lambda frame: frame["value"] / scale.by)
        lines = part[part["series"] != "target"]
        for case in ("frozen", "current_law", "plan"):
            line = lines[lines["series"] == case].sort_values("year")
            axis.plot(
                line["year"],
                line["shown"],
                color=COLOURS[case],
                marker="o",
                markersize=5,
                markeredgecolor="white",
                markeredgewidth=0.75,
                linewidth=2.0,
            )
        targets = part[part["series"] == "target"]
        axis.plot(
            targets["year"],
            targets["shown"],
            linestyle="none",
            marker="_",
            markersize=22,
            markeredgewidth=2.5,
            color=COLOURS["target"],
        )
        axis.set_xticks([results.start, *results.years])
        axis.margins(x=0.14, y=0.22)
        _name_targets(axis, targets, lines, scale.decimals)
        axis.grid(visible=False, axis="x")
        axis.set_title(messages.word("quantity", pollutant))
        nameless(axis.xaxis)
        axis.set(ylabel=messages("figure.emission", unit=scale.unit))
        sns.despine(ax=axis, left=True)
    shown = ["frozen", "current_law", "plan", "target"]
    labels = [messages.word("case", name) for name in shown[:3]] + [messages("figure.target")]
    key(figure, shown, labels)
    return figure


def _name_targets(axis: Axes, targets: pd.DataFrame, lines: pd.DataFrame, decimals: int) -> None:
    """Write the value of each target beside its mark, where the lines pass farthest away."""
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    tables = [table.sort_values("year") for _, table in lines.groupby("series")]
    for row in targets.to_dict("records"):
        rooms = []
        for shift, side in TARGET_PLACES:
            reach = (np.linspace(-1, 1, 15) + shift) * TARGET_WIDTH * (right - left) + row["year"]
            passing = [np.interp(reach, table["year"], table["shown"]) for table in tables]
            middle = row["shown"] + side * (TARGET_GAP + TARGET_HEIGHT / 2) * (high - low)
            nearest = np.abs(np.array(passing) - middle).min(initial=np.inf) / (high - low)
            rooms.append(min(nearest, 1.5 * TARGET_HEIGHT))
        shift, side = TARGET_PLACES[int(np.argmax(rooms))]
        axis.annotate(
            f"{row['shown']:,.{decimals}f}",
            (
                row["year"] + shift * TARGET_WIDTH * (right - left),
                row["shown"] + side * TARGET_GAP * (high - low),
            ),
            ha="center",
            va="bottom" if side > 0 else "top",
            fontsize=7.5,
            color=COLOURS["target"],
        )
