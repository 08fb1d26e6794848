"""The section on why the plan can not be met: the conflict, how far limits go, what mends them."""

from __future__ import annotations

import pandas as pd

from model.report.messages import Messages, shown
from model.report.page.limits import limit_name, named
from model.report.page.tables import Column, Table
from model.results.results import Results


def lines(results: Results, m: Messages) -> list[str]:
    """The conflict in a sentence, and what alone would mend it."""
    rows = results.explanation
    out = []
    for kind in ("conflict_alone", "conflict", "conflict_whole", "conflict_found", "conflict_wide"):
        names = [named(str(name), results.limits, m) for name in rows.loc[rows["kind"] == kind, "limit"]]
        if names:
            out.append(m(f"explained.{kind}", names=m("punctuation.between").join(names)))
    if not out:
        out.append(m("explained.unknown"))
    mends = rows[rows["kind"] == "mend"].to_dict("records")
    for row in mends:
        scale = m.quantity_scale(str(row["unit"]), float(row["value"]))
        amount = m.with_unit(shown(row["value"], scale), scale.unit)
        name = named(str(row["limit"]), results.limits, m)
        out.append(m("explained.mend", name=name, amount=amount))
    later = rows.loc[rows["kind"] == "mend_later", "limit"]
    out += [m("explained.mend_later", name=named(str(name), results.limits, m)) for name in later]
    if "conflict" in set(rows["kind"]) and not rows["kind"].str.startswith("mend").any():
        out.append(m("explained.mend_none"))
    return out


def reach(results: Results, m: Messages) -> Table:
    """Each missed limit: its bound, the best it can reach alone, and what it reaches in the plan."""
    rows = results.explanation
    alone = rows[rows["kind"].isin(["reach_alone", "reach_bound"])].set_index("limit")["value"]
    together = rows[rows["kind"] == "reach_together"].set_index("limit")["value"]
    judged = results.limits.set_index("limit")
    cells = []
    for name in together.index:
        row = judged.loc[name]
        values = (row["bound"], alone[name], together[name])
        scale = m.quantity_scale(str(row["unit"]), max(abs(float(v)) for v in values if pd.notna(v)))
        cells.append((limit_name(str(name), m), *(shown(float(v), scale) for v in values), scale.unit))
    heads = (Column(m(f"col.{head}"), number=True) for head in ("bound", "alone", "together"))
    columns = (Column(m("col.limit")), *heads, Column(m("col.unit")))
    return Table(m("table.reach"), columns, tuple(cells))
