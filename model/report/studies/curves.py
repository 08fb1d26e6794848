"""Figures of cost curves: one curve with what enters along it, and all cities on the same axes.

They draw rows of curve.csv, curve_measures.csv and curve_others.csv and compute nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.look import COLOURS, FAINT, INK, save, style
from model.report.messages import Messages, Scale, load_messages, shown
from model.report.studies.labels import Floats, name_ends
from model.studies.curves.frames import CHANGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMALL_CNY = 1e8
"""Costs below this are shown in the scale of single projects."""

MOST_MEASURES = 12
"""Measures of a curve that have a row of their own in its figure."""

ONE_LINE = 26
"""Letters of a measure's name that stand on one line; a Chinese character is as wide as two."""

DECADES = 5
"""Powers of ten that an axis of costs per tonne shows at most."""

OTHER_COLOURS = (
    "#0f6a8b",
    "#b5362c",
    "#e0a030",
    "#5aa9a3",
    "#8c6bb1",
    "#1d3557",
    "#7f8792",
    "#a0522d",
    "#d0789c",
    "#3f7d20",
)


def write_curve_figures(
    curve: pd.DataFrame,
    measures: pd.DataFrame,
    others: pd.DataFrame,
    names: pd.DataFrame,
    lang: str,
    where: Path,
) -> None:
    """Figures of curves as SVG and PNG into `where`: POLLUTANT of one place; of several places
    POLLUTANT_tonnes (total cost) and POLLUTANT_percent (marginal cost), a panel a place.

    names: frame kind, id, en, zh of places and measures.
    """
    m = load_messages(lang, names)
    where.mkdir(parents=True, exist_ok=True)
    for pollutant, rows in curve.groupby("pollutant", sort=False):
        with style(m):
            if rows["city"].nunique() == 1:
                entering = measures[measures["pollutant"] == pollutant]
                along = others[others["pollutant"] == pollutant]
                save(one_curve(rows, entering, along, m), where / str(pollutant))
                continue
            save(all_cities(rows, "total_cost_cny", False, m), where / f"{pollutant}_tonnes")
            save(all_cities(rows, "marginal_cny_per_t", True, m), where / f"{pollutant}_percent")


def one_curve(curve: pd.DataFrame, measures: pd.DataFrame, others: pd.DataFrame, m: Messages) -> Figure:
    """A curve of one place and pollutant: total cost, marginal and average cost, what enters where, and what
    other pollutants fall with it, all against the same reduction.

    Args:
        curve: rows of curve.csv of this place and pollutant.
        measures: those of curve_measures.csv; may be empty.
        others: those of curve_others.csv; may be empty.
    """
    import matplotlib.pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    curve = curve.sort_values("point")
    mass = mass_scale(curve["reduction_t"], m)
    figure, axes = plt.subplots(2, 2, figsize=(11.5, 8.2), sharex=True)
    x = curve["reduction_t"].to_numpy() / mass.by
    axes[0, 0].set_xlim(min(0.0, x[0]), x[-1] * 1.001)
    _total(axes[0, 0], x, curve, m)
    _marginal(axes[1, 0], x, curve, m)
    _entering(axes[0, 1], x, curve, measures, mass, m)
    ends = _together(axes[1, 1], x, curve, others, m)
    pollutant = m.word("quantity", curve["pollutant"].iloc[0])
    for axis in axes[1]:
        axis.set_xlabel(m("curve.reduction", pollutant=pollutant, unit=mass.unit))
    for axis in axes[0]:
        _percent_above(axis, curve, mass, m)
    for number, axis in enumerate(axes.flat):
        axis.set_title(f"{'abcd'[number]}  {axis.get_title('left')}", pad=34 if number < 2 else None)
    figure.suptitle(_head(curve, m), x=0.01, ha="left", fontsize=11.5)
    ConstrainedLayoutEngine().execute(figure)
    name_ends(axes[1, 1], ends, [m.word("quantity", name) for name in ends], _colours(len(ends)))
    return figure


def all_cities(curve: pd.DataFrame, value: str, percent: bool, m: Messages) -> Figure:
    """A panel a city, all on the same axes: its curve before those of the others.

    Args:
        curve: rows of curve.csv of one pollutant and year.
        value: column drawn, total_cost_cny or marginal_cny_per_t.
        percent: whether the reduction is shown in per cent of the frozen emission, and not in tonnes.
    """
    import matplotlib.pyplot as plt

    column = "reduction_pct" if percent else "reduction_t"
    scale = Scale(1.0, 0, "%") if percent else mass_scale(curve["reduction_t"], m)
    money = money_scale(curve["total_cost_cny"], m) if value == "total_cost_cny" else Scale(1.0, 0, "")
    lines = {
        str(city): (rows[column].to_numpy() / scale.by, rows[value].to_numpy() / money.by, rows)
        for city, rows in curve.sort_values(["city", "point"]).groupby("city", sort=False)
    }
    order = sorted(lines, key=lambda city: -float(lines[city][2]["reduction_t"].iloc[-1]))
    across = 4 if len(order) > 6 else 3
    down = -(-len(order) // across)
    figure, axes = plt.subplots(
        down, across, figsize=(11.5, 0.9 + 2.35 * down), sharex=True, sharey=True, squeeze=False
    )
    step = value != "total_cost_cny"
    widest = max(x[-1] for x, _, _ in lines.values())
    for axis, city in zip(axes.flat, order, strict=False):
        for other in order:
            if other != city:
                _line(axis, *lines[other][:2], step, FAINT, 1.0)
        x, y, rows = lines[city]
        if not step:
            axis.fill_between(x, rows["bound_cny"] / money.by, y, color=COLOURS["plan"], alpha=0.25, lw=0)
        _line(axis, x, y, step, COLOURS["plan"], 2.0)
        axis.plot(x[-1:], y[-1:], "o", color=COLOURS["plan"], markersize=3.5)
        label = m.with_unit(shown(float(rows[column].iloc[-1]), scale), scale.unit)
        _say(axis, (x[-1], y[-1]), label, right=x[-1] < widest / 3)
        axis.set_title(m.name("city", city), fontsize=9.5)
    if step:
        _log_axis(axes[0, 0], curve[value].to_numpy())
    for axis in list(axes.flat)[len(order) :]:
        axis.axis("off")
    for number, axis in enumerate(list(axes.flat)[: len(order)]):
        axis.tick_params(labelbottom=number + across >= len(order))
    axes[0, 0].set_xlim(left=min(0.0, float(curve[column].min()) / scale.by))
    pollutant = m.word("quantity", curve["pollutant"].iloc[0])
    key = "curve.reduction_percent" if percent else "curve.reduction"
    figure.supxlabel(m(key, pollutant=pollutant, unit=scale.unit), fontsize=9)
    figure.supylabel(m("curve.marginal_axis") if step else m("curve.total_axis", unit=money.unit), fontsize=9)
    figure.suptitle(_head(curve, m, places=False), x=0.01, ha="left", fontsize=11.5)
    return figure


def mass_scale(values: pd.Series, m: Messages) -> Scale:
    """Scale of reductions, which are of one year."""
    return m.quantity_scale("t/yr", float(values.max()))


def money_scale(values: pd.Series, m: Messages) -> Scale:
    """Scale of costs: that of totals, or of single projects where all are small."""
    return m.scale("money" if float(values.abs().max()) >= SMALL_CNY else "project_money")


def _head(curve: pd.DataFrame, m: Messages, places: bool = True) -> str:
    first = curve.iloc[0]
    pollutant = m.word("quantity", first["pollutant"])
    if not places:
        return m("curve.head_cities", pollutant=pollutant, year=first["year"])
    return m("curve.head", city=m.name("city", first["city"]), pollutant=pollutant, year=first["year"])


def _total(axis: Axes, x: Floats, curve: pd.DataFrame, m: Messages) -> None:
    """Total cost: the plans found, and the band down to the bound that none can go below."""
    scale = money_scale(curve["total_cost_cny"], m)
    cost, bound = (curve[name].to_numpy() / scale.by for name in ("total_cost_cny", "bound_cny"))
    axis.fill_between(x, bound, cost, color=COLOURS["plan"], alpha=0.25, linewidth=0)
    axis.plot(x, cost, color=COLOURS["plan"], linewidth=1.8, marker="o", markersize=3)
    axis.axhline(0.0, color=INK, linewidth=0.7)
    axis.set_ylabel(m("curve.total_axis", unit=scale.unit))
    axis.set_title(m("curve.total"))
    last = shown(float(curve["total_cost_cny"].iloc[-1]), scale)
    _say(
        axis, (x[-1], cost[-1]), m("curve.most", percent=f"{curve['reduction_pct'].iloc[-1]:.0f}", cost=last)
    )
    widest = float(curve["gap"].max())
    axis.annotate(
        m("curve.band", gap=f"{100 * widest:.2g}"),
        (0.03, 0.88),
        xycoords="axes fraction",
        fontsize=8,
        color=COLOURS["plan"],
    )
    if x[0] > 0:
        axis.axvspan(axis.get_xlim()[0], x[0], color=FAINT, alpha=0.45, linewidth=0)
        text = m("curve.free", cost=shown(float(curve["total_cost_cny"].iloc[0]), scale))
        axis.annotate(text, (0.03, 0.95), xycoords="axes fraction", va="top", fontsize=8)


def _marginal(axis: Axes, x: Floats, curve: pd.DataFrame, m: Messages) -> None:
    """Marginal cost as steps, average cost as a line, both named at their ends."""
    marginal, average = (curve[name].to_numpy() for name in ("marginal_cny_per_t", "average_cny_per_t"))
    _line(axis, x, marginal, True, COLOURS["target"], 1.8)
    paid = average > 0
    axis.plot(x[paid], average[paid], color=COLOURS["frozen"], linewidth=1.6)
    _log_axis(axis, np.concatenate([marginal, average[paid]]))
    axis.set_title(m("curve.marginal"))
    axis.set_ylabel(m("curve.per_tonne_axis"))
    if x[0] > 0:
        axis.axvspan(axis.get_xlim()[0], x[0], color=FAINT, alpha=0.45, linewidth=0)
    for values, name, colour in ((marginal, "marginal_line", "target"), (average, "average_line", "frozen")):
        at = int(np.searchsorted(x, 0.55 * x[-1]))
        above = name == "marginal_line"
        axis.annotate(
            m(f"curve.{name}"),
            (x[at], max(values[at], axis.get_ylim()[0])),
            xytext=(-4, 5) if above else (4, -5),
            textcoords="offset points",
            ha="right" if above else "left",
            va="bottom" if above else "top",
            fontsize=8.5,
            color=COLOURS[colour],
        )


def _entering(
    axis: Axes, x: Floats, curve: pd.DataFrame, measures: pd.DataFrame, mass: Scale, m: Messages
) -> None:
    """A row a measure, in the order in which they enter: how much of the reduction is its own."""
    axis.set_title(m("curve.entering"))
    axis.grid(visible=False, axis="y")
    table = measures.pivot_table(index="point", columns="measure", values="reduction_t", aggfunc="sum")
    table = table.reindex(curve["point"]).fillna(0.0).clip(lower=0.0)
    chosen = table.max().sort_values(ascending=False, kind="stable").index[:MOST_MEASURES]
    if not len(chosen):
        axis.set_yticks([])
        return
    half = {name: int(np.argmax(table[name].to_numpy() >= table[name].max() / 2)) for name in chosen}
    rows = sorted(chosen, key=lambda name: half[name])
    top = float(table[rows].to_numpy().max())
    for row, name in enumerate(rows):
        part = table[name].to_numpy() / top
        axis.fill_between(x, row, row + 0.86 * part, color=COLOURS["plan"], linewidth=0, step=None)
        axis.axhline(row, color=FAINT, linewidth=0.6)
        axis.annotate(
            shown(float(table[name].max()), mass),
            (1.02, row + 0.3),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            color=INK,
        )
    most = m("curve.most_unit", unit=mass.unit)
    axis.annotate(most, (1.02, len(rows) + 0.05), xycoords=("axes fraction", "data"), fontsize=7.5)
    axis.set_ylim(0, len(rows) + 0.1)
    axis.set_yticks([row + 0.3 for row in range(len(rows))], [_two_lines(_measure(n, m)) for n in rows])
    axis.tick_params(axis="y", length=0, labelsize=7.5)
    for label in axis.get_yticklabels():
        label.set_linespacing(1.0)


def _together(
    axis: Axes, x: Floats, curve: pd.DataFrame, others: pd.DataFrame, m: Messages
) -> dict[str, tuple[float, float]]:
    """What other pollutants fall by, per cent of their frozen emission; the end of each line by pollutant."""
    axis.set_title(m("curve.others"))
    axis.set_ylabel(m("curve.others_axis"))
    table = others.pivot_table(index="point", columns="other", values="reduction_pct", aggfunc="sum")
    table = table.reindex(curve["point"])
    names = list(table.iloc[-1].sort_values(ascending=False, kind="stable").index) if len(table) else []
    for name, colour in zip(names, _colours(len(names)), strict=True):
        axis.plot(x, table[name], color=colour, linewidth=1.6)
    axis.axhline(0.0, color=INK, linewidth=0.7)
    axis.margins(y=0.08)
    return {str(name): (float(x[-1]), float(table[name].iloc[-1])) for name in names}


def _colours(count: int) -> list[str]:
    return [OTHER_COLOURS[n % len(OTHER_COLOURS)] for n in range(count)]


def _line(axis: Axes, x: Floats, y: Floats, step: bool, colour: str, width: float) -> None:
    if step:
        axis.step(x, np.where(y > 0, y, np.nan), where="pre", color=colour, linewidth=width)
    else:
        axis.plot(x, y, color=colour, linewidth=width)


def _log_axis(axis: Axes, values: Floats) -> None:
    """Powers of ten written out, from the decade of the least above 0, but no more than DECADES."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    known = values[np.isfinite(values) & (values > 0)]
    if len(known):
        low = max(float(known.min()), float(known.max()) / 10.0**DECADES)
        axis.set_yscale("log")
        axis.set_ylim(10.0 ** np.floor(np.log10(low)), float(known.max()) * 1.6)
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.yaxis.set_minor_formatter(NullFormatter())


def _percent_above(axis: Axes, curve: pd.DataFrame, mass: Scale, m: Messages) -> None:
    """A second scale above: the reduction in per cent of the frozen emission."""
    last = curve.iloc[-1]
    rate = mass.by * last["reduction_pct"] / last["reduction_t"]
    above = axis.secondary_xaxis("top", functions=(lambda x: x * rate, lambda x: x / rate))
    above.tick_params(length=0, labelsize=8)
    above.set_xlabel(m("curve.percent_axis"), fontsize=8)


def _say(axis: Axes, point: tuple[float, float], text: str, right: bool = False) -> None:
    """Text to the left of the end of a line that rises; to the right where it ends near the left edge."""
    side, shift = ("left", 6) if right else ("right", -6)
    axis.annotate(
        text, point, xytext=(shift, 2), textcoords="offset points", ha=side, va="center", fontsize=8
    )


def _measure(name: str, m: Messages) -> str:
    return m("curve.changes") if name == CHANGES else m.name("measure", name)


def _two_lines(name: str) -> str:
    """A long name broken where its halves are most alike."""
    if len(name) + sum(ord(sign) > 0x2E80 for sign in name) <= ONE_LINE:
        return name
    breaks = [at for at, sign in enumerate(name) if sign == " "] or [len(name) // 2]
    at = min(breaks, key=lambda place: abs(2 * place - len(name)))
    return f"{name[:at]}\n{name[at:].strip()}"
