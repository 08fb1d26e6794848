"""The section on limits that are met with a probability: what was asked, what draws say, what it costs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from model.report.messages import Messages, shown
from model.report.page.limits import limit_name, named
from model.report.page.tables import Column, Table
from model.results.results import Results


def lines(results: Results, m: Messages) -> list[str]:
    """The price of confidence, and a sentence for each limit."""
    rows = results.confidence
    if rows.empty:
        return []
    plain = float(rows["plain_cost_cny"].iloc[0])
    more = float(rows["cost_cny"].iloc[0]) - plain
    out = [m("sureness.cost", more=m.measured(more, "money"), plain=m.measured(plain, "money"))]
    told = (_line(row, results.limits, m) for row in rows.to_dict("records"))
    return [*out, *told]


def _line(row: Mapping[Hashable, Any], limits: pd.DataFrame, m: Messages) -> str:
    return m(
        "sureness.line" if row["imposed"] else "sureness.judged",
        what=named(str(row["limit"]), limits, m),
        asked=f"{row['confidence']:.0%}",
        attained=f"{row['attained']:.1%}",
        plain=f"{row['attained_plain']:.1%}",
        draws=f"{int(row['draws']):,}",
    )


def spread(results: Results, m: Messages) -> Table:
    """How far each limit is from its bound over the draws: mean, standard deviation, quantile."""
    cells = []
    for row in results.confidence.to_dict("records"):
        scale = m.quantity_scale(str(row["unit"]), abs(float(row["bound"])))
        values = (shown(float(row[name]), scale) for name in ("bound", "mean", "sd", "quantile"))
        cells.append((limit_name(str(row["limit"]), m), *values, scale.unit))
    heads = ("bound", "mean", "sd", "quantile")
    numbers = (Column(m(f"col.{head}"), number=True) for head in heads)
    return Table(
        m("table.confidence"),
        (Column(m("col.limit")), *numbers, Column(m("col.unit"))),
        tuple(cells),
        note=m("sureness.note"),
    )
