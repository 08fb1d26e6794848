"""Figures of the uncertainty of a plan: emission by year, how sure limits are, where variance comes from.

They draw rows of emissions.csv, limits.csv and sobol.csv of the command and compute nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from model.base.words import POLLUTANTS
from model.report.look import COLOURS, INK, key, plain, save, style
from model.report.messages import Messages, load_messages
from model.report.page.limits import limit_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ALL = "all"
ACROSS = 3
PER_CENT = 100.0
MOST_GROUPS = 8
"""Bars of a panel of Sobol indices at most."""
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")


def fan(rows: pd.DataFrame, m: Messages) -> Figure:
    """Emission of the region by year, a panel a pollutant: value, and the band of 95 % of the draws.

    rows: of emissions.csv.
    """
    import matplotlib.pyplot as plt

    whole = rows[(rows["city"] == ALL) & (rows["sector"] == ALL)]
    pollutants = [name for name in SHOWN if name in set(whole["pollutant"])]
    down = -(-len(pollutants) // ACROSS)
    figure, axes = plt.subplots(down, ACROSS, figsize=(9.5, 0.8 + 2.6 * down), squeeze=False)
    for axis, pollutant in zip(axes.flat, pollutants, strict=False):
        scale = m.quantity_scale("t/yr", whole.loc[whole["pollutant"] == pollutant, "high"].max())
        for case in ("frozen", "plan"):
            one = whole[(whole["pollutant"] == pollutant) & (whole["case"] == case)].sort_values("year")
            low, high = one["low"] / scale.by, one["high"] / scale.by
            axis.fill_between(one["year"], low, high, color=COLOURS[case], alpha=0.22, linewidth=0)
            axis.plot(one["year"], one["value"] / scale.by, color=COLOURS[case], marker="o", markersize=3)
            axis.plot(one["year"], one["median"] / scale.by, color=COLOURS[case], linestyle=":")
        name = m.word("quantity", pollutant)
        axis.set_title(m("uncertain.panel", pollutant=name, unit=scale.unit), fontsize=9)
        axis.set_xticks(sorted(set(whole["year"])))
        axis.set_ylim(bottom=0)
    for axis in list(axes.flat)[len(pollutants) :]:
        axis.axis("off")
    figure.supylabel(m("uncertain.emission"), fontsize=9)
    key(figure, ["frozen", "plan"], [m("case.frozen"), m("case.plan")])
    return figure


def attainment(rows: pd.DataFrame, m: Messages) -> Figure:
    """Share of the draws in which each limit is met, by limit and year; those that are judged alone in grey.

    rows: of limits.csv that are drawn and neither sure nor impossible.
    """
    import matplotlib.pyplot as plt

    rows = rows.iloc[::-1].reset_index(drop=True)
    figure, axis = plt.subplots(figsize=(9.5, 1.2 + 0.32 * len(rows)))
    for place, row in enumerate(rows.to_dict("records")):
        share = float(row["probability"]) * PER_CENT
        axis.barh(place, share, height=0.66, color=COLOURS["plan" if row["imposed"] else "start"])
        white = {"color": "white", "pad": 0.8}  # before the line at 50
        axis.text(share + 1.0, place, f"{share:.0f}", va="center", fontsize=8, bbox=white)
    axis.axvline(50, color=INK, linewidth=0.7, linestyle=":", zorder=0.5)
    axis.set_yticks(range(len(rows)), [limit_name(limit, m) for limit in rows["limit"]], fontsize=8)
    plain(axis, "", m("uncertain.met"))
    axis.set_xlim(0, 108)
    key(figure, ["plan", "start"], [m("uncertain.imposed"), m("uncertain.judged")])
    return figure


def indices(rows: pd.DataFrame, m: Messages) -> Figure:
    """Total Sobol indices of the groups that matter most with their intervals, a panel an output, and before
    them first-order ones.

    rows: of sobol.csv.
    """
    import matplotlib.pyplot as plt

    outputs = list(dict.fromkeys(rows["output"]))
    down = -(-len(outputs) // 2)
    figure, axes = plt.subplots(down, 2, figsize=(11.0, 0.8 + 2.5 * down), squeeze=False)
    for axis, output in zip(axes.flat, outputs, strict=False):
        _bars(axis, rows[rows["output"] == output].head(MOST_GROUPS).iloc[::-1], m)
        axis.set_title(output_name(str(output), m), fontsize=9)
    for axis in list(axes.flat)[len(outputs) :]:
        axis.axis("off")
    key(figure, ["start", "plan"], [m("uncertain.total"), m("uncertain.first")])
    return figure


def _bars(axis: Axes, rows: pd.DataFrame, m: Messages) -> None:
    """One output: its groups, the greatest on top."""
    place = range(len(rows))
    spread = rows["total_order_interval"] * PER_CENT
    axis.barh(place, rows["total_order"] * PER_CENT, xerr=spread, height=0.7, color=COLOURS["start"])
    axis.barh(place, rows["first_order"].clip(lower=0) * PER_CENT, height=0.35, color=COLOURS["plan"])
    axis.set_yticks(place, [group_name(str(name), m) for name in rows["group"]], fontsize=8)
    plain(axis, "", m("uncertain.variance"))
    axis.set_xlim(left=0)


def output_name(output: str, m: Messages) -> str:
    """What is drawn, in words: POLLUTANT/YEAR, `above LIMIT`, cost."""
    if output.startswith("above "):
        return m("uncertain.above", limit=limit_name(output.removeprefix("above "), m))
    pollutant, _, year = output.partition("/")
    if not year:
        return m.word("uncertain", output)
    return m("page.of_year", what=m.word("quantity", pollutant), year=year)


def group_name(group: str, m: Messages) -> str:
    """A group of numbers in words: KIND, SECTOR; an item of measure_data; `price of ITEM`."""
    kind, _, sector = group.partition(", ")
    if sector:
        of = m(f"sector.{sector}") if f"sector.{sector}" in m.texts else m("uncertain.everywhere")
        return m("uncertain.of", what=m(f"uncertain.{kind}"), sector=of)
    if group.startswith("price of "):
        return m("uncertain.price", item=m.word("item", group.removeprefix("price of ")))
    return m(f"uncertain.{group}")


def write_uncertainty_figures(
    emissions: pd.DataFrame, limits: pd.DataFrame, sobol: pd.DataFrame, lang: str, where: Path
) -> None:
    """emission, attainment and sobol as SVG and PNG into `where`; the last two where there is something."""
    m = load_messages(lang)
    where.mkdir(parents=True, exist_ok=True)
    doubtful = limits[limits["probability"].between(0.001, 0.999) | limits["quantity"].isin(POLLUTANTS)]
    doubtful = doubtful[doubtful["probability"].notna() & (doubtful["quantity"] != "")]
    with style(m):
        save(fan(emissions, m), where / "emission")
        if len(doubtful):
            save(attainment(doubtful, m), where / "attainment")
        if len(sobol):
            save(indices(sobol, m), where / "sobol")
