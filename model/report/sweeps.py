"""Figures of a sweep: how the cost answers to each value swept, and which of them matters most.

They draw rows of sweep.csv and tornado.csv and compute nothing but medians.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.curves import money_scale
from model.report.labels import Floats
from model.report.look import COLOURS, INK, key, plain
from model.report.messages import Messages, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
"""Panels beside each other."""


def response(cases: pd.DataFrame, paths: Sequence[str], m: Messages) -> Figure:
    """Cost of every case against each value swept, a panel a path: bars from the bound to the plan, a line
    through the medians where values repeat, and marks below for cases in which some limit is missed.

    Args:
        cases: rows of sweep.csv.
        paths: its columns that were swept.
    """
    import matplotlib.pyplot as plt

    scale = money_scale(cases["cost_cny"], m)
    down = -(-len(paths) // ACROSS)
    figure, axes = plt.subplots(
        down,
        min(len(paths), ACROSS),
        figsize=(3.7 * min(len(paths), ACROSS) + 0.6, 1.0 + 2.9 * down),
        sharey=True,
        squeeze=False,
    )
    met = cases["status"] != "infeasible"
    low, high = float(cases["bound_cny"].min()) / scale.by, float(cases["cost_cny"].max()) / scale.by
    room = 0.07 * (high - low or 1.0)
    for axis, path in zip(axes.flat, paths, strict=False):
        places, labels = _places(cases[path])
        cost, bound = (cases[name].to_numpy(dtype=float) / scale.by for name in ("cost_cny", "bound_cny"))
        axis.vlines(places[met], bound[met], cost[met], color=COLOURS["plan"], linewidth=1.0, alpha=0.35)
        axis.plot(places[met], cost[met], "o", color=COLOURS["plan"], markersize=3.0, alpha=0.7)
        _medians(axis, places[met], cost[met])
        marks = np.full(int((~met).sum()), low - room)
        axis.plot(places[~met], marks, "x", color=COLOURS["target"], markersize=4)
        if labels:
            axis.set_xticks(range(len(labels)), labels)
        axis.set_title(path, fontsize=9)
        axis.set_xlabel(m("sweep.value"), fontsize=8)
    axes[0, 0].set_ylim(low - 2 * room, high + room)
    for axis in list(axes.flat)[len(paths) :]:
        axis.axis("off")
    names = [m("sweep.case"), m("sweep.median")]
    colours = ["plan", INK]
    if (~met).any():
        names, colours = [*names, m("sweep.missed", count=int((~met).sum()))], [*colours, "target"]
    key(figure, colours, names)
    figure.supylabel(m("sweep.cost_axis", unit=scale.unit), fontsize=9)
    return figure


def _places(values: pd.Series) -> tuple[Floats, list[str]]:
    """Where each value stands on its axis, [n]; words take places of their own, with these labels."""
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().all():
        return numbers.to_numpy(dtype=float), []
    code, labels = pd.factorize(values.astype(str))
    return code.astype(float), [str(label) for label in labels]


def _medians(axis: Axes, x: Floats, y: Floats) -> None:
    """A line through the median cost at each value, where every value has several cases or all have one."""
    table = pd.DataFrame({"x": x, "y": y}).groupby("x")["y"].agg(["median", "size"])
    if len(table) > 1 and (table["size"].min() > 1 or len(table) == len(x) <= ACROSS**2):
        axis.plot(table.index, table["median"], color=INK, linewidth=1.3)


def tornado(rows: pd.DataFrame, m: Messages) -> Figure:
    """What each path does to the cost between its low and its high end, the widest on top.

    Args:
        rows: those of tornado.csv.
    """
    import matplotlib.pyplot as plt

    ends = rows[["low_cost_cny", "high_cost_cny"]]
    order = (ends.max(axis=1) - ends.min(axis=1)).sort_values(kind="stable").index
    rows = rows.loc[order]
    scale = money_scale(pd.concat([rows["low_cost_cny"], rows["high_cost_cny"]]), m)
    base = float(rows["base_cost_cny"].iloc[0]) / scale.by
    figure, axis = plt.subplots(figsize=(9.5, 1.5 + 0.5 * len(rows)))
    for place, row in enumerate(rows.to_dict("records")):
        values = {side: row[f"{side}_cost_cny"] / scale.by for side in ("low", "high")}
        for side, colour in (("low", "current_law"), ("high", "plan")):
            axis.barh(place, values[side] - base, left=base, height=0.62, color=COLOURS[colour])
        for side, value in values.items():
            _end(axis, place, value, base, values, _text(row[side]), scale)
    axis.axvline(base, color=INK, linewidth=1.0)
    axis.set_yticks(range(len(rows)), [_named(row) for row in rows.to_dict("records")])
    plain(axis, "", m("sweep.cost_axis", unit=scale.unit))
    axis.margins(x=0.2)
    key(figure, ["current_law", "plan"], [m("sweep.low"), m("sweep.high")])
    figure.suptitle(
        m("sweep.base", cost=m.measured(float(rows["base_cost_cny"].iloc[0]), "money")),
        x=0.99,
        ha="right",
        fontsize=9,
    )
    return figure


def _end(
    axis: Axes, place: int, value: float, base: float, values: dict[str, float], text: str, scale: Scale
) -> None:
    """The swept value beside the end of its bar, outwards; of two on one side the longer alone."""
    other = next(v for v in values.values() if v is not value)
    if (value - base) * (other - base) > 0 and abs(value - base) < abs(other - base):
        return
    right = value >= base
    axis.annotate(
        f"{text} → {value:,.{max(scale.decimals, 0)}f}",
        (value, place),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=8,
    )


def _named(row: dict[object, object]) -> str:
    return f"{row['path']}\n({_text(row['base'])})"


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
