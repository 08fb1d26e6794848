"""Figures of a calibration: each observation before and after it, and the numbers that moved most.

They draw rows of residuals.csv and parameters.csv and compute nothing but ratios.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.look import COLOURS, FAINT, INK, key, plain, save, style
from model.report.messages import Messages, load_messages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 45
"""Observations in a figure, those furthest from the inventory before."""
NUMBERS = 25
"""Numbers of the tables in a figure."""
WIDE = 34
"""Characters of a name before it goes on below."""
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10, 20, 50, 100)
Z95 = 1.96


def observations(residuals: pd.DataFrame, m: Messages) -> Figure:
    """Inventory over observation, a row each: before and after, and the 95 % range of the observation.

    Args:
        residuals: rows of residuals.csv that were used.
    """
    import matplotlib.pyplot as plt

    order = residuals["residual_before"].abs().sort_values(ascending=False, kind="stable").index[:MOST]
    rows = residuals.loc[sorted(order)].iloc[::-1]
    figure, axis = plt.subplots(figsize=(9.5, 1.6 + 0.24 * len(rows)))
    place = np.arange(len(rows))
    reach = np.exp(Z95 * rows["log_sd"])
    axis.hlines(place, 1 / reach, reach, color=FAINT, linewidth=7, zorder=1)
    before, after = np.exp(-rows["residual_before"]), np.exp(-rows["residual_after"])
    axis.hlines(place, before, after, color=COLOURS["start"], linewidth=1.0, zorder=2)
    axis.plot(before, place, "o", color=COLOURS["frozen"], markersize=4.5, zorder=3)
    axis.plot(after, place, "o", color=COLOURS["plan"], markersize=4.5, zorder=4)
    axis.set_yticks(place, rows["observation"])
    span = np.concatenate([before, after, np.minimum(reach, 12), 1 / np.minimum(reach, 12)])
    plain(axis, "", m("calibration.ratio"))
    _log(axis, span)
    key(
        figure,
        [FAINT, "frozen", "plan"],
        [m("calibration.range"), m("calibration.before"), m("calibration.after")],
    )
    return figure


def numbers(found: pd.DataFrame, m: Messages) -> Figure:
    """The numbers that moved most, as multiples of what the tables say, with 95 % before and after.

    Args:
        found: rows of parameters.csv.
    """
    import matplotlib.pyplot as plt

    rows = found.loc[found["sds_moved"].abs().sort_values(ascending=False, kind="stable").index[:NUMBERS]]
    rows = rows.iloc[::-1]
    figure, axis = plt.subplots(figsize=(9.5, 1.6 + 0.3 * len(rows)))
    place = np.arange(len(rows))
    reach = np.exp(Z95 * rows["prior_log_sd"])
    axis.hlines(place, 1 / reach, reach, color=FAINT, linewidth=7, zorder=1)
    spread = np.exp(Z95 * rows["log_sd"])
    axis.hlines(place, rows["factor"] / spread, rows["factor"] * spread, color=COLOURS["plan"], linewidth=2.2)
    axis.plot(rows["factor"], place, "o", color=COLOURS["plan"], markersize=4.5)
    axis.set_yticks(place, [_named(name) for name in rows["parameter"]], fontsize=7.5)
    plain(axis, "", m("calibration.multiple"))
    _log(axis, np.concatenate([1 / reach, reach, rows["factor"] * spread, rows["factor"] / spread]))
    key(figure, [FAINT, "plan"], [m("calibration.before_range"), m("calibration.after_range")])
    return figure


def _named(parameter: str) -> str:
    """The name of a parameter without its empty parts, on lines that fit."""
    return fill(", ".join(part for part in parameter.split("/") if part != "-"), WIDE)


def _log(axis: Axes, shown: np.typing.NDArray[np.float64]) -> None:
    """A logarithmic axis around 1 with plain numbers."""
    low, high = float(shown.min()) / 1.1, float(shown.max()) * 1.1
    axis.set_xscale("log")
    axis.set_xlim(low, high)
    ticks = [tick for tick in TICKS if low <= tick <= high]
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()
    axis.axvline(1.0, color=INK, linewidth=0.8, zorder=0)


def write_calibration_figures(tables: Mapping[str, pd.DataFrame], lang: str, where: Path) -> None:
    """observations and parameters as SVG and PNG into `where`, of the tables by the name of their files."""
    m = load_messages(lang)
    used = tables["residuals"][tables["residuals"]["why_not"] == ""]
    with style(m):
        save(observations(used, m), where / "observations")
    with style(m):
        save(numbers(tables["parameters"], m), where / "parameters")
