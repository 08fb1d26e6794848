"""The figure of what confidence costs. It draws rows of confidence_curve.csv and computes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from model.report.look import COLOURS, INK, key, save, style
from model.report.messages import Messages, load_messages
from model.report.studies.curves import OTHER_COLOURS, money_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PER_CENT = 100.0


def price_of_confidence(rows: pd.DataFrame, m: Messages) -> Figure:
    """Left the cost over the plain plan against the confidence asked for, down to the proven bound; right
    what fresh draws attain, a line a year, the plain plan's dashed.

    rows: of confidence_curve.csv, levels that were reached.
    """
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.0))
    _cost(left, rows.drop_duplicates("confidence"), m)
    labels = list(dict.fromkeys(rows["limit"]))
    for label, colour in zip(labels, OTHER_COLOURS, strict=False):
        one = rows[rows["limit"] == label]
        x, y = one["confidence"] * PER_CENT, one["attained"] * PER_CENT
        right.plot(x, y, marker="o", markersize=3.5, color=colour)
        right.axhline(float(one["attained_plain"].iloc[0]) * PER_CENT, color=colour, lw=0.9, ls="--")
    ends = [rows["confidence"].min() * PER_CENT, rows["confidence"].max() * PER_CENT]
    right.plot(ends, ends, color=INK, linewidth=0.8, linestyle=":")
    right.set_ylabel(m("confidence.attained"), fontsize=9)
    for axis in (left, right):
        axis.set_xlabel(m("confidence.asked"), fontsize=9)
    key(figure, list(OTHER_COLOURS[: len(labels)]), labels[: len(OTHER_COLOURS)])
    return figure


def _cost(axis: Axes, rows: pd.DataFrame, m: Messages) -> None:
    """Cost over the plain plan, and the band down to the bound."""
    scale = money_scale(rows["extra_cny"], m)
    x, extra = rows["confidence"] * PER_CENT, rows["extra_cny"] / scale.by
    bound = (rows["bound_cny"] - rows["plain_cost_cny"]) / scale.by
    axis.fill_between(x, bound, extra, color=COLOURS["plan"], alpha=0.25, linewidth=0)
    axis.plot(x, extra, marker="o", markersize=4, color=COLOURS["plan"], linewidth=1.6)
    axis.set_ylabel(m("confidence.extra", unit=scale.unit), fontsize=9)


def write_confidence_figure(rows: pd.DataFrame, lang: str, where: Path) -> None:
    """price_of_confidence as SVG and PNG into `where`; none where no level was reached."""
    reached = rows[rows["status"] != "infeasible"]
    if reached.empty:
        return
    m = load_messages(lang)
    where.mkdir(parents=True, exist_ok=True)
    with style(m):
        save(price_of_confidence(reached, m), where / "price_of_confidence")
