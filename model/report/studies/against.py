"""The inventory over those of others: a dot with its range for each place and each sector.

The figure draws rows of inventory_comparison.csv and computes nothing.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from model.report.look import INK, PAYER_COLOURS, key, plain, save, style
from model.report.messages import Messages, load_messages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

APART = 0.26
"""Rows between the dots of two inventories of one place."""
WIDE = 30
"""Characters of a name before it goes on below."""
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def ratios(compared: pd.DataFrame, m: Messages) -> Figure:
    """A panel of places and one of sectors, a colour an inventory, ratios written beside their dots.

    Args:
        compared: rows of inventory_comparison.csv of one pollutant that have a ratio.
    """
    import matplotlib.pyplot as plt

    parts = [rows for rows in (_places(compared, m), _sectors(compared, m)) if len(rows)]
    titles = {"place": m("against.area"), "sector": m("against.part")}
    inventories = list(dict.fromkeys(compared["inventory"]))
    colour = dict(zip(inventories, PAYER_COLOURS, strict=False))
    most = max(rows["label"].nunique() for rows in parts)
    size = (5.4 * len(parts) + 1.0, 1.9 + 0.4 * most)
    figure, axes = plt.subplots(1, len(parts), figsize=size, squeeze=False)
    for axis, rows in zip(axes[0], parts, strict=True):
        _dots(axis, rows, colour)
        plain(axis, titles[rows["panel"].iloc[0]], m("against.axis"))
        _log(axis, rows)
    key(figure, [colour[name] for name in inventories], [name.replace("_", " ") for name in inventories])
    pollutant = m.word("quantity", compared["pollutant"].iloc[0])
    year = compared["model_year"].iloc[0]
    figure.supxlabel(m("against.title", pollutant=pollutant, year=year), x=0.01, ha="left", fontsize=9)
    return figure


def _places(compared: pd.DataFrame, m: Messages) -> pd.DataFrame:
    rows = compared[compared["part"].isna()]
    return rows.assign(label=[m.name("city", area) for area in rows["area"]], panel="place")


def _sectors(compared: pd.DataFrame, m: Messages) -> pd.DataFrame:
    rows = compared[compared["part"].notna()]
    name = rows["part_zh"].fillna(rows["part"]) if m.lang == "zh" else rows["part"]
    place = [m.name("city", area) for area in rows["area"]]
    several = rows["area"].nunique() > 1
    label = [f"{part} ({where})" if several else part for part, where in zip(name, place, strict=True)]
    return rows.assign(label=label, panel="sector")


def _dots(axis: Axes, rows: pd.DataFrame, colour: dict[str, str]) -> None:
    """Dots with their ranges, the first label on top; a range that holds 1 is faint."""
    order = {label: -i for i, label in enumerate(dict.fromkeys(rows["label"]))}
    many = rows.groupby("label")["inventory"].transform("size")
    number = rows.groupby("label").cumcount()
    for row, place in zip(rows.to_dict("records"), number - (many - 1) / 2, strict=True):
        y, own = order[row["label"]] - APART * place, colour[row["inventory"]]
        faint = row["inside"] == "yes"
        axis.plot([row["low"], row["high"]], [y, y], color=own, alpha=0.3 if faint else 1.0, linewidth=2.2)
        axis.plot([row["ratio"]], [y], "o", color=own, markersize=5.5)
        axis.annotate(
            f"{row['ratio']:.2f}" if row["ratio"] < 10 else f"{row['ratio']:.0f}",
            (row["high"], y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=own,
        )
    axis.set_yticks(list(order.values()), [fill(label, WIDE) for label in order])
    axis.axvline(1.0, color=INK, linewidth=0.8, zorder=0)


def _log(axis: Axes, rows: pd.DataFrame) -> None:
    """A logarithmic axis with room for the numbers right of the ranges."""
    low, high = min(float(rows["low"].min()), 0.9), max(float(rows["high"].max()), 1.1)
    axis.set_xscale("log")
    axis.set_xlim(low / 1.15, high * (high / low) ** 0.12)
    shown = [tick for tick in TICKS if low / 1.15 <= tick <= high]
    axis.set_xticks(shown, [f"{tick:g}" for tick in shown])
    axis.minorticks_off()


def write_against_figures(compared: pd.DataFrame, names: pd.DataFrame, lang: str, where: Path) -> None:
    """against_POLLUTANT as SVG and PNG into `where`, made where there is something to draw.

    Args:
        compared: inventory_comparison.csv. names: frame kind, id, en, zh of places.
    """
    m = load_messages(lang, names)
    known = compared[compared["ratio"].notna() & compared["low"].notna()]
    for pollutant, rows in known.groupby("pollutant", sort=False):
        where.mkdir(exist_ok=True)
        with style(m):
            save(ratios(rows, m), where / f"against_{pollutant}")
