"""The report's tables: rows of the results with the words and units of one language."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from model.base.frames import records
from model.base.words import CASES, PAYERS
from model.report.messages import Messages, Scale, shown
from model.report.page import data
from model.report.page.limits import about
from model.results.results import Results

SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "CO2")
"""Pollutants of the table by account; emissions.csv has all."""
NOTHING_T = 1e-6
"""Tonnes below which a difference of two sums is rounding."""


@dataclass(frozen=True)
class Column:
    """A column's head, its unit, and whether its cells are numbers (set to the right)."""

    head: str
    unit: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table ready to be printed. A cell is text; `marks` gives a cell's class (a status) by row and
    column.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    fold: bool = False
    total: bool = False
    note: str = ""
    status: int | None = None
    marks: tuple[str, ...] = ()
    kind: ClassVar[str] = "table"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.rows


def targets(results: Results, m: Messages) -> Table:
    """Emission targets: start, frozen, current law and plan against the bound; one row a limit."""
    rows, marks = [], []
    first = results.account[(results.account["year"] == results.start) & (results.account["case"] == "plan")]
    begin = dict(zip(first["pollutant"], first["value"], strict=True))
    other = {row["limit"]: row for row in records(results.other)}
    for row in records(data.target_rows(results)):
        scale = m.quantity_scale(row["unit"], row["bound"])
        start, law = other[row["limit"]]["start_value"], other[row["limit"]]["current_law"]
        if math.isnan(start) and row["where"] == "":
            start = begin[row["quantity"]]
        values = [start, row["bound"], row["frozen"], law, row["achieved"]]
        status = _target_status(row, law)
        marks.append(status)
        rows.append(
            (
                _indicator(row, m),
                str(row["clause"]),
                m.word("strength", row["strength"]),
                scale.unit,
                *(shown(value, scale) for value in values),
                m.word("status", status),
            )
        )
    heads = ("start", "bound", "frozen", "current_law", "plan")
    return Table(
        m("table.targets"),
        (
            Column(m("col.indicator")),
            Column(m("col.clause")),
            Column(m("col.strength")),
            Column(m("col.unit")),
            *(Column(m(f"col.{head}"), number=True) for head in heads),
            Column(m("col.status")),
        ),
        tuple(rows),
        status=9,
        marks=tuple(marks),
    )


def _indicator(row: Mapping[Hashable, Any], m: Messages) -> str:
    """Pollutant and year; of a limit on a part of the emission, what it is about."""
    if row["where"]:
        return about(row, m)
    return m("page.of_year", what=m.word("quantity", row["quantity"]), year=row["year"])


def _target_status(row: Mapping[Hashable, Any], law: float) -> str:
    """missed, met by the baseline (frozen or current law inside the bound), or met."""
    if row["status"] == "missed":
        return "missed"
    sign = -1.0 if row["op"] in ("at_most", "below") else 1.0
    reached = [value for value in (row["frozen"], law) if not math.isnan(value)]
    return "met_by_baseline" if any(sign * (value - row["bound"]) >= 0 for value in reached) else "met"


def by_account(results: Results, m: Messages) -> Table:
    """Emission by pollutant and year: each case inside the official accounts, and what the plan has outside
    them (mine machines, coal fires, through traffic), which no target counts.
    """
    account, whole = _by_case(results.account), _by_case(results.emissions)
    rows = []
    for pollutant in SHOWN:
        largest = max((value for key, value in account.items() if key[0] == pollutant), default=math.nan)
        if not largest > 0:
            continue
        scale = m.quantity_scale("t/yr", largest)
        for year in (results.start, *results.years):
            inside = [account.get((pollutant, year, case), math.nan) for case in CASES]
            outside = whole.get((pollutant, year, "plan"), math.nan) - inside[-1]
            outside = 0.0 if abs(outside) <= NOTHING_T else outside
            cells = (shown(value, scale) for value in (*inside, outside))
            rows.append((m.word("quantity", pollutant), str(year), scale.unit, *cells))
    return Table(
        m("table.by_account"),
        (
            Column(m("col.indicator")),
            Column(m("col.year")),
            Column(m("col.unit")),
            *(Column(m(f"col.{case}"), number=True) for case in CASES),
            Column(m("col.outside"), number=True),
        ),
        tuple(rows),
        note=m("page.account", account=m.word("calibrated", results.manifest.get("calibration") or "none")),
    )


def _by_case(frame: pd.DataFrame) -> dict[tuple[str, int, str], float]:
    """Tonnes by pollutant, year and case."""
    sums = frame.groupby(["pollutant", "year", "case"])["value"].sum().reset_index()
    rows = sums.to_dict("records")
    return {(row["pollutant"], row["year"], row["case"]): float(row["value"]) for row in rows}


def more_than_law(results: Results, column: str) -> pd.Series[float]:
    """A column of `payers`, plan less current law, by payer, the largest first."""
    frame = results.payers.groupby(["payer", "case"])[column].sum().unstack().fillna(0.0)
    frame = frame.reindex(columns=["plan", "current_law"], fill_value=0.0)
    return (frame["plan"] - frame["current_law"]).sort_values(ascending=False, kind="stable")


def payers(results: Results, m: Messages) -> Table:
    """Who pays: plan less current law, with the total below; columns add up as shown."""
    scale = m.scale("money")
    columns = ["investment_cny", "running_cny_per_yr", "annual_cost_cny"]
    more = {column: more_than_law(results, column) for column in columns}
    payers = [payer for payer in PAYERS if payer in more["investment_cny"].index]
    rows = [(m.word("payer", p), *(shown(float(more[c][p]), scale) for c in columns)) for p in payers]
    rows.append((m("col.total"), *(shown(float(more[c].sum()), scale) for c in columns)))
    heads = ("investment", "running", "annual")
    return Table(
        m("table.payers"),
        (Column(m("col.payer")), *(Column(m(f"col.{head}"), scale.unit, number=True) for head in heads)),
        tuple(rows),
        total=True,
    )


def transfers(results: Results, m: Messages) -> Table:
    """Transfers between payers by measure, all years."""
    sums = results.transfers.groupby(["measure", "from_payer", "to_payer"])["value"].sum().reset_index()
    scale = m.scale("money")
    rows = tuple(
        (
            m.name("measure", r["measure"]),
            m.word("payer", r["from_payer"]),
            m.word("payer", r["to_payer"]),
            shown(r["value"], scale),
        )
        for r in sums.to_dict("records")
    )
    return Table(
        m("table.transfers"),
        (
            Column(m("col.measure")),
            Column(m("col.from_payer")),
            Column(m("col.to_payer")),
            Column(m("col.value"), scale.unit, number=True),
        ),
        rows,
    )


def sensitivity(results: Results, m: Messages) -> Table:
    """What low and high fuel prices would add to the plan's running cost."""
    money = m.scale("money")
    rows = tuple(
        (
            m.word("item", r["item"]),
            m.word("level", r["level"]),
            str(r["year"]),
            f"{r['planned']:,.4g}",
            f"{r['price']:,.4g}",
            m.unit(str(r["unit"])),
            shown(r["change_cny_per_yr"], money),
        )
        for r in results.sensitivity.to_dict("records")
    )
    return Table(
        m("table.sensitivity"),
        (
            Column(m("col.item")),
            Column(m("col.level")),
            Column(m("col.year")),
            Column(m("col.planned"), number=True),
            Column(m("col.price"), number=True),
            Column(m("col.unit")),
            Column(m("col.change"), money.unit, number=True),
        ),
        rows,
    )


def book(results: Results, m: Messages) -> Table:
    """Book value lost by early closure, by city and sector."""
    scale = m.scale("project_money")
    sums = results.book.groupby(["city", "sector"], sort=False)[["sources", "value"]].sum().reset_index()
    rows = [
        (
            m.name("city", r["city"]),
            m.word("sector", r["sector"]),
            f"{r['sources']:,}",
            shown(r["value"], scale),
        )
        for r in sums.to_dict("records")
    ]
    rows.append((m("col.total"), "", f"{sums['sources'].sum():,}", shown(sums["value"].sum(), scale)))
    return Table(
        m("table.book"),
        (
            Column(m("col.city")),
            Column(m("col.sector")),
            Column(m("col.sources"), number=True),
            Column(m("col.value"), scale.unit, number=True),
        ),
        tuple(rows),
        fold=len(rows) > 15,
        total=True,
    )


def _acting(
    results: Results,
    m: Messages,
    by: str,
    heads: Sequence[Column],
    title: str,
    names: dict[str, str],
    note: str = "",
) -> Table:
    mass, money = m.scale("tonnes"), m.scale("money")
    value = ["investment_cny", "running_cny_per_yr", *(f"abated_{p}_t" for p in data.TARGETED)]
    groups = results.plan.groupby(by, sort=False)
    sums = groups[value].sum().assign(actions=groups.size())
    order = [key for key in names if key in sums.index]
    lines = {row[by]: row for row in sums.reset_index().to_dict("records")}
    rows = [_acting_row(names[key], lines[key], mass, money) for key in order]
    rows.append(_acting_row(m("col.total"), sums.sum().to_dict(), mass, money))
    columns = (
        *heads,
        Column(m("col.actions"), number=True),
        Column(m("col.investment"), money.unit, number=True),
        Column(m("col.running"), money.unit, number=True),
        *(
            Column(m("col.abated", pollutant=m.word("quantity", p)), mass.unit, number=True)
            for p in data.TARGETED
        ),
    )
    return Table(title, columns, tuple(rows), fold=len(rows) > 45, total=True, note=note)


def _acting_row(name: str, sums: Mapping[Any, Any], mass: Scale, money: Scale) -> tuple[str, ...]:
    return (
        name,
        f"{int(sums['actions']):,}",
        shown(sums["investment_cny"], money),
        shown(sums["running_cny_per_yr"], money),
        *(shown(sums[f"abated_{p}_t"], mass) for p in data.TARGETED),
    )


def measures(results: Results, m: Messages) -> Table:
    """Actions, money and abatement by package of measures, the dearest first."""
    order = (
        results.plan.groupby("measures")["investment_cny"]
        .sum()
        .sort_values(ascending=False, kind="stable")
        .index
    )
    names = {str(key): m.joined("measure", key) for key in order}
    return _acting(results, m, "measures", [Column(m("col.measure"))], m("table.measures"), names)


def cities(results: Results, m: Messages) -> Table:
    """Actions, money and abatement by city, in the order of official tables."""
    names = {str(key): m.name("city", key) for key in results.cities["city"]}
    law = results.payers.loc[results.payers["case"] == "current_law", "investment_cny"].sum()
    note = m("page.whole_plan", investment=m.measured(law, "money"))
    return _acting(results, m, "city", [Column(m("col.city"))], m("table.cities"), names, note)
