"""The section on plans beside the least-cost one: what they cost, how alike they are, what all need."""

from __future__ import annotations

import pandas as pd

from model.report.messages import Messages, shown
from model.report.page.tables import Column, Table
from model.results.results import Results


def lines(results: Results, m: Messages) -> list[str]:
    """How many were found and within what, and the needs at a glance."""
    about = results.manifest["alternatives"]
    count = len(about["plans"]) - 1
    out = [
        m(
            "alternatives.found",
            count=count,
            asked=about["asked"],
            most=m.measured(about["most_cny"], "money"),
            within=f"{100 * about['within']:.3g}%",
        )
    ]
    if about["ended"]:
        missed = results.manifest["status"] == "infeasible"
        out.append(m("alternatives.ended_missed" if missed else "alternatives.ended_more"))
    region = _of_region(results)
    for need, rows in region.groupby("need", sort=False):
        names = m("punctuation.list").join(dict.fromkeys(m.name("measure", name) for name in rows["measure"]))
        out.append(m.word("need_of", need) + m("punctuation.of") + names)
    return [*out, m("alternatives.few")] if len(region) else out


def plans(results: Results, m: Messages) -> Table:
    """One row a plan; the first is the least-cost plan."""
    scale = m.scale("money")
    every = results.manifest["alternatives"]["plans"]
    rows = tuple(
        (
            str(plan["plan"]),
            shown(plan["cost_cny"], scale),
            shown(plan["cost_cny"] - every[0]["cost_cny"], scale),
            f"{100 * plan['repeated']:.0f}%",
        )
        for plan in every
    )
    columns = (
        Column(m("col.number")),
        Column(m("col.cost"), scale.unit, number=True),
        Column(m("col.more"), scale.unit, number=True),
        Column(m("col.repeated"), number=True),
    )
    return Table(m("table.plans"), columns, rows)


def measures(results: Results, m: Messages) -> Table:
    """Measures in the region: sources that have them in the plans, and whether all plans do."""
    scale = m.scale("money")
    rows = []
    for row in _of_region(results).to_dict("records"):
        spent = [shown(float(row[f"investment_{end}_cny"]), scale) for end in ("least", "most")]
        counts = (f"{row[name]:,.4g}" for name in ("offered", "fewest", "most", "always"))
        need = m.word("need", row["need"])
        names = (m.name("measure", row["measure"]), m.word("sector", row["sector"]))
        rows.append((*names, *counts, " – ".join(dict.fromkeys(spent)), need))
    columns = (
        Column(m("col.measure")),
        Column(m("col.sector")),
        *(Column(m(f"col.{head}"), number=True) for head in ("offered", "fewest", "most", "always")),
        Column(m("col.investment_range"), scale.unit, number=True),
        Column(m("col.need")),
    )
    note = m("page.source_file", file="measures.csv")
    return Table(m("table.needs"), columns, tuple(rows), fold=len(rows) > 25, note=note)


def _of_region(results: Results) -> pd.DataFrame:
    """Rows of the whole region, needed ones first, then by investment."""
    rows = results.measures[results.measures["city"] == ""]
    order = {"must_have": 0, "choice": 1, "never": 2}
    return rows.assign(rank=rows["need"].map(order)).sort_values(
        ["rank", "investment_most_cny", "offered"], ascending=[True, False, False], kind="stable"
    )
