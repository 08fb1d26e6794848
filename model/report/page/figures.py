"""Figures of a run in seaborn, the same bytes every time; each draws what data.py selects."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.look import COLOURS, INK, PAYER_COLOURS, inside, key, nameless, plain, save, style
from model.report.messages import Messages, shown
from model.report.page import data
from model.report.page.boundaries import Boundaries
from model.report.page.limits import about, begun, price_text, price_unit
from model.report.page.map import city_map, has_map
from model.report.page.path import path
from model.results.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BARS = 0.82
"""Height of the bars of a sector together."""


def emission_by_sector(results: Results, messages: Messages) -> Figure:
    """Emission of the start year and of each case in the last year, by sector, a panel for each pollutant."""
    import matplotlib.pyplot as plt

    rows = data.emission_by_sector(results)
    scale = messages.scale("mass")
    cases = ["start", "frozen", "current_law", "plan"]
    figure, axes = plt.subplots(1, 3, figsize=(11.0, 4.8))
    for axis, pollutant in zip(axes, data.TARGETED, strict=True):
        part = rows[rows["pollutant"] == pollutant]
        order = list(part[part["case"] == "frozen"].sort_values("value", ascending=False)["sector"])
        order = [sector for sector in order if sector != "rest"] + (["rest"] if "rest" in order else [])
        part = part.assign(shown=part["value"] / scale.by)
        table = part.pivot(index="sector", columns="case", values="shown").reindex(order, columns=cases)
        for place, case in enumerate(cases):
            top = np.arange(len(order)) - BARS / 2 + place * BARS / len(cases)
            bars = axis.barh(top, table[case], BARS / len(cases), align="edge", color=COLOURS[case])
        axis.set_ylim(len(order) - 0.5, -0.5)
        axis.bar_label(bars, fmt=f"{{:,.{scale.decimals}f}}", padding=3, fontsize=7.5)
        labels = [
            messages("figure.rest_sectors") if s == "rest" else messages.word("sector", s) for s in order
        ]
        axis.set_yticks(range(len(order)), labels)
        plain(axis, messages.word("quantity", pollutant), messages("figure.emission", unit=scale.unit))
    labels = [
        f"{messages('col.start')} {results.start}",
        *(f"{messages.word('case', case)} {results.years[-1]}" for case in cases[1:]),
    ]
    key(figure, cases, labels)
    return figure


def reduction_by_measure(results: Results, messages: Messages) -> Figure:
    """Abatement of the plan's actions by measure, a panel for each pollutant, directly labelled."""
    import matplotlib.pyplot as plt

    rows = data.reduction_by_measure(results)
    height = 1.0 + 0.27 * sum(max(len(rows[rows["pollutant"] == p]), 1) for p in data.TARGETED)
    ratios = [max(int((rows["pollutant"] == p).sum()), 1) + 1.5 for p in data.TARGETED]
    figure, axes = plt.subplots(3, 1, figsize=(9.0, height + 1.8), height_ratios=ratios)
    for axis, pollutant in zip(axes, data.TARGETED, strict=True):
        part = rows[rows["pollutant"] == pollutant]
        scale = messages.quantity_scale("t/yr", part["value"].max())
        names = [
            messages("figure.rest", count=row["count"])
            if row["measures"] == "rest"
            else _wrapped(messages.joined("measure", row["measures"]))
            for row in part.to_dict("records")
        ]
        colours = [COLOURS["frozen"] if name == "rest" else COLOURS["plan"] for name in part["measures"]]
        bars = axis.barh(range(len(part)), part["value"] / scale.by, color=colours, height=0.72)
        axis.bar_label(bars, labels=[shown(value, scale) for value in part["value"]], padding=3, fontsize=8)
        axis.set_yticks(range(len(part)), names)
        axis.invert_yaxis()
        axis.margins(x=0.12)
        plain(axis, messages.word("quantity", pollutant), messages("figure.abatement", unit=scale.unit))
    return figure


def cost_by_payer(results: Results, messages: Messages) -> Figure:
    """Investment and annual cost of the plan less current law, by payer, the sectors stacked."""
    import matplotlib.pyplot as plt

    rows = data.cost_by_payer(results)
    scale = messages.scale("money")
    sectors = list(
        rows.groupby("sector")["value"].apply(lambda v: v.abs().sum()).sort_values(ascending=False).index
    )
    shown, rest = sectors[:6], sectors[6:]
    rows = rows.assign(sector=rows["sector"].where(~rows["sector"].isin(rest), "rest"))
    order = [*shown, *(["rest"] if rest else [])]
    payers = list(
        rows.groupby("payer")["value"].apply(lambda v: v.abs().sum()).sort_values(ascending=False).index
    )
    figure, axes = plt.subplots(1, 2, figsize=(11.0, 1.6 + 0.5 * max(len(payers), 3)))
    heads = [
        messages("figure.money_investment", unit=scale.unit),
        messages("figure.money_annual", year=results.years[-1], unit=scale.unit),
    ]
    for axis, what, head in zip(axes, ("investment", "annual"), heads, strict=True):
        table = (
            rows[rows["what"] == what]
            .pivot_table(index="payer", columns="sector", values="value", aggfunc="sum", fill_value=0.0)
            .reindex(index=payers, columns=order, fill_value=0.0)
            / scale.by
        )
        _stack(axis, table)
        for place, total in enumerate(table.sum(axis=1)):
            right = table.iloc[place].clip(lower=0).sum()
            axis.annotate(
                f"{total:,.{scale.decimals}f}",
                (right, place),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
        axis.set_yticks(range(len(payers)), [messages.word("payer", payer) for payer in payers])
        axis.invert_yaxis()
        axis.margins(x=0.14)
        plain(axis, "", head)
    labels = [messages("figure.rest_sectors") if s == "rest" else messages.word("sector", s) for s in order]
    key(figure, list(PAYER_COLOURS[: len(order)]), labels)
    return figure


def actions_by_city(results: Results, messages: Messages) -> Figure:
    """Number of actions by city and year, as a heat map with the numbers in it."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    table = data.actions_by_city(results)
    figure, axis = plt.subplots(figsize=(max(4.5, 1.2 + 1.1 * table.shape[1]), 0.9 + 0.36 * len(table)))
    if table.size:
        named = table.set_axis([messages.name("city", city) for city in table.index], axis=0)
        sns.heatmap(
            named,
            annot=True,
            fmt="d",
            cmap=sns.light_palette(COLOURS["plan"], as_cmap=True),
            cbar=False,
            linewidths=1.5,
            linecolor="white",
            ax=axis,
            annot_kws={"fontsize": 8},
        )
    inside(axis)
    axis.tick_params(length=0)
    axis.xaxis.tick_top()
    nameless(axis.xaxis)
    nameless(axis.yaxis)
    plt.setp(axis.get_yticklabels(), rotation=0)
    return figure


def prices(results: Results, messages: Messages) -> Figure:
    """Prices of the limits that bind, a panel for each unit since prices of different units do not
    compare.
    """
    import matplotlib.pyplot as plt

    rows = data.prices(results)
    units = list(dict.fromkeys(rows["unit"]))
    ratios = [int((rows["unit"] == unit).sum()) for unit in units] or [2]
    height = 0.3 + 0.34 * sum(ratios) + 0.62 * len(ratios)  # axes are as high as their bars need
    figure, axes = plt.subplots(len(ratios), 1, figsize=(9.0, height), squeeze=False, height_ratios=ratios)
    for axis, unit in zip(axes[:, 0], units, strict=False):
        part = rows[rows["unit"] == unit].sort_values("price", ascending=False, kind="stable")
        bars = axis.barh(range(len(part)), part["price"], color=COLOURS["plan"], height=0.7)
        axis.bar_label(
            bars,
            labels=[price_text(price) for price in part["price"]],
            padding=3,
            fontsize=8,
        )
        names = [_wrapped(begun(about(row, messages))) for row in part.to_dict("records")]
        axis.set_yticks(range(len(part)), names, fontsize=8)
        axis.set_ylim(len(part) - 0.4, -0.6)
        axis.margins(x=0.14)
        axis.xaxis.set_major_formatter("{x:,.10g}")
        plain(axis, "", messages("figure.price_axis", unit=messages.unit(price_unit(unit))))
    if not units:
        axes[0, 0].axis("off")
        axes[0, 0].text(0.5, 0.5, messages("tile.none_binds"), ha="center", va="center")
    return figure


FIGURES: dict[str, Callable[[Results, Messages], Figure]] = {
    "emission_path": path,
    "emission_by_sector": emission_by_sector,
    "reduction_by_measure": reduction_by_measure,
    "cost_by_payer": cost_by_payer,
    "actions_by_city": actions_by_city,
    "prices": prices,
}
"""File name -> figure."""


def write_figures(
    results: Results, messages: Messages, where: Path, boundaries: Boundaries | None = None
) -> dict[str, str]:
    """Every figure as NAME.svg and NAME.png into `where`; returns NAME -> SVG text without its XML head. A
    run of several cities has a map.
    """
    where.mkdir(parents=True, exist_ok=True)
    figures = dict(FIGURES)
    if has_map(results):
        figures["map"] = partial(city_map, boundaries=boundaries)
    out = {}
    for name, draw in figures.items():
        with style(messages):
            figure = draw(results, messages)
            save(figure, where / name)
        text = (where / f"{name}.svg").read_text(encoding="utf-8")
        out[name] = text[text.index("<svg") :]
    return out


def write_pictures(results: Results, messages: Messages, where: Path) -> None:
    """Every figure but the map as NAME.png alone into `where`."""
    for name, draw in FIGURES.items():
        with style(messages):
            save(draw(results, messages), where / name, svg=False)


def _stack(axis: Axes, table: pd.DataFrame) -> None:
    """Stacked bars by row, negative parts to the left of zero."""
    for sign in (1.0, -1.0):
        left = pd.Series(0.0, index=table.index)
        for column, colour in zip(table.columns, PAYER_COLOURS, strict=False):
            part = (sign * table[column]).clip(lower=0.0) * sign
            axis.barh(range(len(table)), part, left=left, color=colour, height=0.66)
            left = left + part
    axis.axvline(0.0, color=INK, linewidth=0.8)


def _wrapped(text: str, width: int = 44) -> str:
    """A long name in two lines, as narrow as holds it whole."""
    while len(lines := textwrap.wrap(text, width)) > 2:
        width += 2
    return "\n".join(lines)
