"""Figures across cities: prices by city and year, and a target shared out in two ways.

They draw rows of prices.csv and allocation.csv and compute nothing.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.look import COLOURS, FAINT, INK, key, plain, save, style
from model.report.messages import Messages, Scale, load_messages, shown
from model.report.studies.curves import mass_scale, money_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure

DARK = 0.6
"""Part of the colour scale above which numbers are white."""


def price_map(prices: pd.DataFrame, m: Messages) -> Figure:
    """Price of one more tonne by city and year, a panel a pollutant, cities by their highest price.

    Colour goes by the logarithm. A city that could not cut as much as was asked of it has no price there.

    Args:
        prices: rows of prices.csv.
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LogNorm

    pollutants = list(dict.fromkeys(prices["pollutant"]))
    known = prices.loc[prices["price_cny_per_t"] > 0, "price_cny_per_t"]
    low, high = (float(known.min()), float(known.max())) if len(known) else (1.0, 10.0)
    norm = LogNorm(low, max(high, low * 1.01))
    rows = prices["city"].nunique()
    width = 2.2 + len(pollutants) * (1.0 + 0.85 * prices["year"].nunique())
    figure, axes = plt.subplots(
        1, len(pollutants), figsize=(max(width, 5.0), 1.6 + 0.34 * rows), squeeze=False
    )
    for axis, pollutant in zip(axes[0], pollutants, strict=True):
        part = prices[prices["pollutant"] == pollutant]
        table = part.pivot(index="city", columns="year", values="price_cny_per_t")
        status = part.pivot(index="city", columns="year", values="status").reindex(table.index)
        dearest = table.fillna(np.inf).max(axis=1).sort_values(ascending=False, kind="stable")
        order = dearest.index
        _tiles(axis, table.loc[order], status.loc[order], norm, m)
        axis.set_title(m.word("quantity", pollutant), pad=20)
    figure.suptitle(m("across.prices"), x=0.01, ha="left", fontsize=11.5)
    return figure


def _tiles(axis: Axes, table: pd.DataFrame, status: pd.DataFrame, norm: LogNorm, m: Messages) -> None:
    """Tiles with their numbers, grey where there is no price, hatched where the cut is out of reach."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    shade, scale = plt.get_cmap("YlGnBu"), Scale(1.0, 0, "")
    values = table.to_numpy(dtype=float)
    for row, column in product(range(len(table)), range(values.shape[1])):
        value = values[row, column]
        depth = 0.08 + 0.8 * float(norm(value)) if value > 0 else 0.0
        missed = status.iloc[row, column] == "missed"
        face = FAINT if missed else shade(depth) if value > 0 else "white"
        axis.add_patch(
            Rectangle(
                (column - 0.48, row - 0.46),
                0.96,
                0.92,
                facecolor=face,
                edgecolor="white" if missed else FAINT,
                hatch="////" if missed else None,
            )
        )
        text = m("across.out_of_reach") if missed else shown(_round(value), scale) if value > 0 else "0"
        ink = "white" if depth > DARK else INK
        axis.text(column, row, text, ha="center", va="center", fontsize=8, color=ink)
    axis.set(xlim=(-0.5, len(table.columns) - 0.5), ylim=(len(table) - 0.5, -0.5))
    axis.set_xticks(range(len(table.columns)), [str(year) for year in table.columns])
    axis.xaxis.tick_top()
    axis.set_yticks(range(len(table)), [m.name("city", city) for city in table.index])
    axis.tick_params(length=0)
    axis.grid(visible=False)
    for side in axis.spines.values():
        side.set_visible(False)


def _round(value: float) -> float:
    """To three digits: prices are no better known."""
    return float(f"{value:.3g}")


def allocation(shares: pd.DataFrame, m: Messages) -> Figure:
    """What each city cuts and pays when all cut the same percentage, and when the whole costs least.

    Cities by how much more they pay under equal percentages; the totals stand below.

    Args:
        shares: rows of allocation.csv of one pollutant and region; city "" is the total.
    """
    import matplotlib.pyplot as plt

    total = shares[shares["city"] == ""].set_index("rule").to_dict("index")
    cities = shares[shares["city"] != ""]
    cost = cities.pivot(index="city", columns="rule", values="total_cost_cny")
    cut = cities.pivot(index="city", columns="rule", values="reduction_pct")
    order = (cost["equal"] - cost["least"]).sort_values(kind="stable").index
    scale = money_scale(cities["total_cost_cny"], m)
    figure, axes = plt.subplots(1, 2, figsize=(11.0, 1.9 + 0.36 * len(order)), sharey=True)
    _pairs(axes[0], cut.loc[order], Scale(1.0, 1, "%"))
    plain(axes[0], m("across.cut"), m("across.cut_axis"))
    _pairs(axes[1], cost.loc[order], scale)
    plain(axes[1], m("across.cost"), m("curve.total_axis", unit=scale.unit))
    axes[1].axvline(0.0, color=INK, linewidth=0.7)
    axes[0].set_yticks(range(len(order)), [m.name("city", city) for city in order])
    key(figure, ["start", "plan"], [m("across.equal"), m("across.least")])
    equal, least = (total[rule]["total_cost_cny"] for rule in ("equal", "least"))
    saved = total["saved"]
    mass = mass_scale(cities["reduction_t"], m)
    figure.supxlabel(
        m(
            "across.allocation",
            pollutant=m.word("quantity", shares["pollutant"].iloc[0]),
            year=shares["year"].iloc[0],
            cut=m.with_unit(shown(total["least"]["reduction_t"], mass), mass.unit),
            low=shown(saved["low_cny"], scale),
            high=shown(saved["high_cny"], scale),
            **{
                name: m.with_unit(shown(value, scale), scale.unit)
                for name, value in (("saved", saved["total_cost_cny"]), ("equal", equal), ("least", least))
            },
        ),
        x=0.01,
        ha="left",
        fontsize=9,
    )
    return figure


def _pairs(axis: Axes, table: pd.DataFrame, scale: Scale) -> None:
    """A line from one value to the other in each row, the difference beside it."""
    for row, values in enumerate(table[["equal", "least"]].to_numpy() / scale.by):
        axis.plot(values, [row, row], color=FAINT, linewidth=3.0, zorder=1, solid_capstyle="round")
        axis.plot(values[:1], [row], "o", color=COLOURS["start"], markersize=7, zorder=2)
        axis.plot(values[1:], [row], "o", color=COLOURS["plan"], markersize=7, zorder=3)
        change = values[1] - values[0]
        axis.annotate(
            f"{change:+,.{max(scale.decimals, 0)}f}",
            (values.max(), row),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=COLOURS["target"] if change > 0 else INK,
        )


def write_city_figures(
    shares: pd.DataFrame, prices: pd.DataFrame, names: pd.DataFrame, lang: str, where: Path
) -> None:
    """allocation_POLLUTANT and prices as SVG and PNG into `where`, those of each scenario with its name
    where there are several; none of what has no rows.

    Args:
        shares: allocation.csv. prices: prices.csv. names: frame kind, id, en, zh of places.
    """
    m = load_messages(lang, names)
    several = shares["scenario"].nunique() > 1
    for scenario, rows in shares.groupby("scenario", sort=False):
        end = f"_{scenario}" if several else ""
        for pollutant, part in rows.groupby("pollutant", sort=False):
            with style(m):
                save(allocation(part, m), where / f"allocation_{pollutant}{end}")
        with style(m):
            save(price_map(prices[prices["scenario"] == scenario], m), where / f"prices{end}")
