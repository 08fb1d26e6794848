"""Figures of a sweep: how the cost answers to each value swept, and which of them matters most.

They draw rows of response.csv, sweep.csv and tornado.csv and compute nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.report.look import COLOURS, INK, key, plain, save, style
from model.report.messages import Messages, Scale, load_messages
from model.report.studies.curves import money_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
"""Panels beside each other."""

MET = ("optimal", "feasible")


def response(answers: pd.DataFrame, cases: pd.DataFrame, m: Messages) -> Figure:
    """Cost against each value swept, a panel a path: the line where this path alone differs, with the band
    down to the bound, and behind it the other cases; crosses below stand for cases that miss a limit.

    Args:
        answers: rows of response.csv.
        cases: rows of sweep.csv.
    """
    import matplotlib.pyplot as plt

    paths = list(dict.fromkeys(answers["path"]))
    met = pd.concat([answers[answers["status"].isin(MET)], cases[cases["status"].isin(MET)]])
    scale = money_scale(met["cost_cny"], m)
    low, high = met["bound_cny"].min() / scale.by, met["cost_cny"].max() / scale.by
    room = 0.08 * (high - low or 1.0)
    across, down = min(len(paths), ACROSS), -(-len(paths) // ACROSS)
    size = (3.7 * across + 0.6, 1.0 + 2.9 * down)
    figure, axes = plt.subplots(down, across, figsize=size, sharey=True, squeeze=False)
    for axis, path in zip(axes.flat, paths, strict=False):
        rows = answers[answers["path"] == path]
        unit = str(rows["unit"].iloc[0])
        column = f"{path} [{unit}]" if unit else path
        _panel(axis, rows, cases.assign(number=cases[column]), scale, low - room)
        axis.set_title(path_name(path, m), fontsize=9)
        axis.set_xlabel(_unit(unit, m) or m("sweep.value"), fontsize=8)
    axes[0, 0].set_ylim(low - 2 * room, high + room)
    for axis in list(axes.flat)[len(paths) :]:
        axis.axis("off")
    missed = int((~cases["status"].isin(MET)).sum())
    marks = {m("sweep.alone"): "plan", m("sweep.case"): "start"}
    if missed:
        marks[m("sweep.missed", count=missed)] = "target"
    key(figure, list(marks.values()), list(marks))
    figure.supylabel(m("sweep.cost_axis", unit=scale.unit), fontsize=9)
    return figure


def _panel(axis: Axes, rows: pd.DataFrame, cases: pd.DataFrame, scale: Scale, below: float) -> None:
    """One path: its line, the base as a ring, other cases as grey dots, misses as crosses at `below`."""
    words = bool(rows["number"].isna().all())
    if words:
        labels = list(dict.fromkeys(rows["value"]))
        rows = rows.assign(number=rows["value"].map(labels.index))
        cases = cases[cases["number"].isin(labels)]
        cases = cases.assign(number=cases["number"].map(labels.index))
        axis.set_xticks(range(len(labels)), labels)
        axis.margins(x=0.2)
    met, other = rows[rows["status"].isin(MET)], cases[cases["status"].isin(MET)]
    axis.plot(
        other["number"], other["cost_cny"] / scale.by, "o", color=COLOURS["start"], markersize=2.5, zorder=1
    )
    missed = pd.concat([rows[~rows["status"].isin(MET)], cases[~cases["status"].isin(MET)]])
    axis.plot(missed["number"], [below] * len(missed), "x", color=COLOURS["target"], markersize=4)
    x, cost, bound = met["number"], met["cost_cny"] / scale.by, met["bound_cny"] / scale.by
    if not words:
        axis.fill_between(x, bound, cost, color=COLOURS["plan"], alpha=0.25, linewidth=0)
    line = "none" if words else "-"
    axis.plot(x, cost, marker="o", linestyle=line, color=COLOURS["plan"], markersize=4, linewidth=1.6)
    base = met["kind"] == "base"
    axis.plot(x[base], cost[base], "o", markersize=8, markerfacecolor="none", markeredgecolor=INK)


def tornado(rows: pd.DataFrame, m: Messages) -> Figure:
    """What each path does to the cost between its low and its high end, the widest on top. An end that
    misses a limit has no bar.

    Args:
        rows: those of tornado.csv; the base has a cost.
    """
    import matplotlib.pyplot as plt

    rows = rows.iloc[::-1]
    scale = money_scale(pd.concat([rows["low_cost_cny"], rows["high_cost_cny"], rows["base_cost_cny"]]), m)
    base = float(rows["base_cost_cny"].iloc[0]) / scale.by
    figure, axis = plt.subplots(figsize=(9.5, 1.5 + 0.5 * len(rows)))
    for place, row in enumerate(rows.to_dict("records")):
        ends = {side: float(row[f"{side}_cost_cny"]) / scale.by for side in ("low", "high")}
        for side, colour in (("low", "current_law"), ("high", "plan")):
            axis.barh(place, ends[side] - base, left=base, height=0.62, color=COLOURS[colour])
        if ends["low"] == ends["high"] == base:
            both = m("punctuation.list").join(_amount(str(row[side]), m) for side in ("low", "high"))
            _end(axis, place, (base, base, base), both, scale, m)
            continue
        for side, other in (("low", "high"), ("high", "low")):
            _end(axis, place, (ends[side], ends[other], base), _amount(str(row[side]), m), scale, m)
    axis.axvline(base, color=INK, linewidth=1.0)
    axis.set_yticks(range(len(rows)), [_named(row, m) for row in rows.to_dict("records")])
    plain(axis, "", m("sweep.cost_axis", unit=scale.unit))
    _room(figure, axis)
    key(figure, ["current_law", "plan"], [m("sweep.low"), m("sweep.high")])
    figure.suptitle(
        m("sweep.base", cost=m.with_unit(f"{base:,.{max(scale.decimals, 0)}f}", scale.unit)),
        x=0.99,
        ha="right",
        fontsize=9,
    )
    return figure


def _room(figure: Figure, axis: Axes) -> None:
    """Limits of the axes that hold the bars and the texts beside them."""
    texts = [(text.get_horizontalalignment(), text.get_window_extent().width + 8.0) for text in axis.texts]
    left, right = (max((w for side, w in texts if side == end), default=0.0) for end in ("right", "left"))
    axis.margins(x=0.0)
    low, high = axis.get_xlim()
    per = (high - low) / max(axis.bbox.width - left - right, 0.2 * axis.bbox.width)
    axis.set_xlim(low - left * per, high + right * per)


def _end(
    axis: Axes, place: int, costs: tuple[float, float, float], text: str, scale: Scale, m: Messages
) -> None:
    """The swept value beside the end of its bar, outwards; of two on one side the longer alone.

    costs: of this end, of the other end and of the base.
    """
    value, other, base = costs
    if (value - base) * (other - base) > 0 and abs(value - base) < abs(other - base):
        return
    known = value == value
    right = value > base or (not value < base and not other > base)  # without a bar: away from the other
    number = f"{value:,.{max(scale.decimals, 0)}f}" if known else m("sweep.limit_missed")
    axis.annotate(
        f"{text} → {number}",
        (value if known else base, place),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=8,
    )


def _named(row: dict[Any, Any], m: Messages) -> str:
    name = path_name(str(row["path"]), m)
    return f"{name}\n({_amount(str(row['base']), m)})" if row["base"] else name


def path_name(path: str, m: Messages) -> str:
    """A path of a scenario in words, where it is a price or has a name; else as it is written."""
    if path.startswith("prices."):
        return m("uncertain.price", item=m.word("item", path.removeprefix("prices.")))
    return m.word("path", path)


def _unit(unit: str, m: Messages) -> str:
    """A unit as it is written, in the words of the language; a share stays a per cent."""
    return unit if unit == "%" else m.unit(unit)


def _amount(text: str, m: Messages) -> str:
    """A swept value, its unit in the words of the language."""
    number, _, unit = text.partition(" ")
    return m.with_unit(number, _unit(unit, m)) if unit else text


def write_sweep_figures(tables: Mapping[str, pd.DataFrame], lang: str, where: Path) -> None:
    """response and tornado as SVG and PNG into `where`, of the tables of a sweep by name of their files.

    None where no case meets all limits; no tornado where the base does not.
    """
    m = load_messages(lang)
    solved = tables["sweep"]["status"].isin(MET)
    if not solved.any():
        return
    where.mkdir(parents=True, exist_ok=True)
    with style(m):
        save(response(tables["response"], tables["sweep"], m), where / "response")
    if tables["tornado"]["base_cost_cny"].notna().all():
        with style(m):
            save(tornado(tables["tornado"], m), where / "tornado")
