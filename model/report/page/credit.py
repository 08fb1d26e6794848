"""The table of what each clause is worth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from model.report.messages import Messages, shown
from model.report.page.tables import Column, Table
from model.results.results import CREDITED, Results

NAMED = ("SO2", "NOx", "VOCs")
"""Pollutants shown of the actions that name a clause; credit.csv has all."""

LONG = 12
"""Rows from which the table is folded."""


def worth(results: Results, m: Messages) -> Table:
    """Clauses that impose something: what more is emitted and what is saved without each alone, and what the
    actions that name it do; one row a clause, empty where credit was not asked for.
    """
    rows = results.credit[results.credit["status"].isin(["solved", "no_solve", "no_plan"])].to_dict("records")
    tonnes, money = m.scale("tonnes"), m.scale("project_money")
    names = {pollutant: m.word("quantity", pollutant) for pollutant in CREDITED}
    columns = (
        Column(m("col.clause")),
        Column(m("col.year")),
        *(Column(name, m("credit.more", unit=tonnes.unit), number=True) for name in names.values()),
        *(Column(m(f"col.{head}"), money.unit, number=True) for head in ("saved", "saved_at_most")),
        Column(m("col.naming"), number=True),
        *(Column(names[p], m("credit.done", unit=tonnes.unit), number=True) for p in NAMED),
    )
    cells = tuple(
        (
            _clause(row, m),
            m("credit.no_plan") if row["status"] == "no_plan" else str(row["year"]),
            *(shown(row[f"loss_{pollutant}_t"], tonnes) for pollutant in CREDITED),
            *(shown(row[name], money) for name in ("saving_cny", "saving_at_most_cny")),
            f"{int(row['actions']):,}",
            *(shown(row[f"action_{pollutant}_t"], tonnes) for pollutant in NAMED),
        )
        for row in rows
    )
    return Table(m("table.worth"), columns, cells, fold=len(cells) > LONG)


def _clause(row: Mapping[Hashable, Any], m: Messages) -> str:
    if not row["together"]:
        return str(row["clause"])
    others = m("punctuation.list").join(str(row["together"]).split("+"))
    return str(row["clause"]) + m("credit.together", clauses=others)
