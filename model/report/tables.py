"""The report's tables: rows of the results with the words and units of one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.base.words import PAYERS
from model.report import data
from model.report.figures import limit_name
from model.report.messages import Messages, Scale, shown
from model.results.evidence import evidence_text
from model.results.results import Results

TOP_UNITS = 40
"""Rows of the table of units; plan.csv has all."""


@dataclass(frozen=True)
class Column:
    """A column's head, its unit, and whether its cells are numbers (set to the right)."""

    head: str
    unit: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table ready to be printed. A cell is text; `marks` gives a cell's class (a status) by row and column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    fold: bool = False
    total: bool = False
    note: str = ""
    status: int | None = None
    marks: tuple[str, ...] = ()


def targets(results: Results, m: Messages) -> Table:
    """Emission targets: start, frozen, current law and plan against the bound; one row a limit."""
    rows, marks = [], []
    linked = results.links.set_index("limit")
    for row in data.target_rows(results).itertuples():
        scale = m.quantity_scale(row.unit, row.bound)
        start, law = (
            (linked.at[row.limit, "start_value"], linked.at[row.limit, "current_law"])
            if row.limit in linked.index else (float("nan"), float("nan"))
        )
        values = [start, row.bound, row.frozen, law, row.achieved]
        status = _target_status(row, law)
        marks.append(status)
        rows.append((
            f"{m.word('quantity', row.quantity)} {row.year}", str(row.clause), m.word("strength", row.strength),
            scale.unit, *(shown(value, scale) for value in values), m.word("status", status),
        ))
    heads = ("start", "bound", "frozen", "current_law", "plan")
    return Table(
        m("table.targets"),
        (Column(m("col.indicator")), Column(m("col.clause")), Column(m("col.strength")), Column(m("col.unit")),
         *(Column(m(f"col.{head}"), number=True) for head in heads), Column(m("col.status"))),
        tuple(rows), status=9, marks=tuple(marks),
    )


def _target_status(row: object, law: float) -> str:
    """missed, met by the baseline (frozen or current law inside the bound), or met."""
    status, bound = str(getattr(row, "status")), float(getattr(row, "bound"))  # noqa: B009
    if status == "missed":
        return "missed"
    sign = -1.0 if str(getattr(row, "op")) in ("at_most", "below") else 1.0  # noqa: B009
    reached = [value for value in (float(getattr(row, "frozen")), law) if value == value]  # noqa: B009
    return "met_by_baseline" if any(sign * (value - bound) >= 0 for value in reached) else "met"


def payers(results: Results, m: Messages) -> Table:
    """Who pays: plan less current law, with the total below; columns add up as shown."""
    frame = results.payers.set_index(["case", "payer"])
    scale = m.scale("money")
    columns = ["investment_cny", "running_cny_per_yr", "annual_cost_cny"]
    plan = frame.loc["plan", columns] if "plan" in frame.index.get_level_values(0) else frame.iloc[:0]
    law = frame.loc["current_law", columns] if "current_law" in frame.index.get_level_values(0) else frame.iloc[:0]
    more = plan.subtract(law, fill_value=0.0)
    rows = []
    for payer in [name for name in PAYERS if name in more.index]:
        rows.append((m.word("payer", payer), *(shown(more.at[payer, c], scale) for c in columns)))
    rows.append((m("col.total"), *(shown(more[c].sum(), scale) for c in columns)))
    heads = (("investment", ""), ("running", ""), ("annual", ""))
    return Table(
        m("table.payers"),
        (Column(m("col.payer")), *(Column(m(f"col.{head}"), scale.unit, number=True) for head, _ in heads)),
        tuple(rows), total=True,
    )


def transfers(results: Results, m: Messages) -> Table:
    """Transfers between payers by measure, all years."""
    sums = results.transfers.groupby(["measure", "from_payer", "to_payer"], as_index=False)["value"].sum()
    scale = m.scale("money")
    rows = tuple(
        (m.name("measure", r.measure), m.word("payer", r.from_payer), m.word("payer", r.to_payer), shown(r.value, scale))
        for r in sums.itertuples()
    )
    return Table(
        m("table.transfers"),
        (Column(m("col.measure")), Column(m("col.from_payer")), Column(m("col.to_payer")),
         Column(m("col.value"), scale.unit, number=True)),
        rows,
    )


def sensitivity(results: Results, m: Messages) -> Table:
    """What low and high fuel prices would add to the plan's running cost."""
    money = m.scale("money")
    rows = tuple(
        (m.word("item", r.item), m.word("level", r.level), str(r.year), f"{r.planned:,.4g}", f"{r.price:,.4g}", m.unit(str(r.unit)),
         shown(r.change_cny_per_yr, money))
        for r in results.sensitivity.itertuples()
    )
    return Table(
        m("table.sensitivity"),
        (Column(m("col.item")), Column(m("col.level")), Column(m("col.year")), Column(m("col.planned"), number=True),
         Column(m("col.price"), number=True), Column(m("col.unit")), Column(m("col.change"), money.unit, number=True)),
        rows,
    )


def book(results: Results, m: Messages) -> Table:
    """Book value lost by early closure, by city and sector."""
    scale = m.scale("project_money")
    sums = results.book.groupby(["city", "sector"], as_index=False, sort=False)[["sources", "value"]].sum()
    rows = [
        (m.name("city", r.city), m.word("sector", r.sector), f"{r.sources:,}", shown(r.value, scale))
        for r in sums.itertuples()
    ]
    rows.append((m("col.total"), "", f"{sums['sources'].sum():,}", shown(sums["value"].sum(), scale)))
    return Table(
        m("table.book"),
        (Column(m("col.city")), Column(m("col.sector")), Column(m("col.sources"), number=True),
         Column(m("col.value"), scale.unit, number=True)),
        tuple(rows), fold=len(rows) > 15, total=True,
    )


def _acting(results: Results, m: Messages, by: str, heads: Sequence[Column], title: str, names: dict[str, str]) -> Table:
    mass, money = m.scale("tonnes"), m.scale("money")
    value = ["investment_cny", "running_cny_per_yr", *(f"abated_{p}_t" for p in data.TARGETED)]
    groups = results.plan.groupby(by, sort=False)
    sums = groups[value].sum().assign(actions=groups.size())
    order = [key for key in names if key in sums.index]
    rows = [_acting_row(names[key], sums.loc[key], mass, money) for key in order]
    rows.append(_acting_row(m("col.total"), sums.sum(), mass, money))
    columns = (
        *heads, Column(m("col.actions"), number=True), Column(m("col.investment"), money.unit, number=True),
        Column(m("col.running"), money.unit, number=True),
        *(Column(m("col.abated", pollutant=m.word("quantity", p)), mass.unit, number=True) for p in data.TARGETED),
    )
    return Table(title, columns, tuple(rows), fold=len(rows) > 20, total=True)


def _acting_row(name: str, sums: pd.Series, mass: Scale, money: Scale) -> tuple[str, ...]:
    return (
        name, f"{int(sums['actions']):,}", shown(sums["investment_cny"], money), shown(sums["running_cny_per_yr"], money),
        *(shown(sums[f"abated_{p}_t"], mass) for p in data.TARGETED),
    )


def measures(results: Results, m: Messages) -> Table:
    """Actions, money and abatement by package of measures, the dearest first."""
    order = results.plan.groupby("measures")["investment_cny"].sum().sort_values(ascending=False, kind="stable").index
    names = {str(key): m.joined("measure", key) for key in order}
    return _acting(results, m, "measures", [Column(m("col.measure"))], m("table.measures"), names)


def cities(results: Results, m: Messages) -> Table:
    """Actions, money and abatement by city, in the order of official tables."""
    names = {str(key): m.name("city", key) for key in results.cities["city"]}
    return _acting(results, m, "city", [Column(m("col.city"))], m("table.cities"), names)


def units(results: Results, m: Messages) -> Table:
    """The actions that abate most SO2 and NOx together."""
    plan = results.plan
    size = plan["abated_SO2_t"].fillna(0.0) + plan["abated_NOx_t"].fillna(0.0)
    top = plan.loc[size.sort_values(ascending=False, kind="stable").index[:TOP_UNITS]]
    mass, money, per = m.scale("tonnes"), m.scale("project_money"), m.scale("per_tonne")
    rows = tuple(
        (m.name("source", r.source), m.name("city", r.city), m.name("county", r.county), str(r.year),
         m.joined("measure", r.measures), m.word("payer", r.payer), shown(r.investment_cny, money),
         shown(r.running_cny_per_yr, money), shown(r.abated_SO2_t, mass), shown(r.abated_NOx_t, mass),
         shown(r.abated_VOCs_t, mass), shown(r.cny_per_t_SO2, per), shown(r.cny_per_t_NOx, per),
         m.word("yes_no", bool(r.constructed)))
        for r in top.itertuples()
    )
    names = {p: m.word("quantity", p) for p in data.TARGETED}
    columns = (
        *(Column(m(f"col.{head}")) for head in ("source", "city", "county", "year", "measure", "payer")),
        Column(m("col.investment"), money.unit, number=True), Column(m("col.running"), money.unit, number=True),
        *(Column(m("col.abated", pollutant=names[p]), mass.unit, number=True) for p in data.TARGETED),
        *(Column(m("col.per_tonne", pollutant=names[p]), per.unit, number=True) for p in ("SO2", "NOx")),
        Column(m("col.constructed")),
    )
    note = m("page.of_shown", count=f"{len(rows):,}", all=f"{len(plan):,}", file="plan.csv")
    return Table(m("table.units"), columns, rows, fold=True, note=note)


def limits(results: Results, m: Messages, rows: pd.DataFrame, title: str, fold: bool) -> Table:
    """Limits with bound, frozen, plan, slack, price and status, as limits.csv has them."""
    cells, marks = [], []
    for r in rows.itertuples():
        largest = max((abs(v) for v in (r.bound, r.achieved, r.frozen) if v == v), default=float("nan"))
        scale = m.quantity_scale(str(r.unit), largest)
        marks.append(str(r.status))
        op = m.word("op", r.op) if isinstance(r.op, str) else ""
        price = f"{r.price:,.4g}" if 0 < r.price < 1000 else f"{r.price:,.0f}" if r.price > 0 else "–"
        cells.append((
            limit_name(str(r.limit), m), m.word("quantity", r.quantity), op, shown(r.bound, scale), shown(r.frozen, scale),
            shown(r.achieved, scale), shown(r.slack, scale), scale.unit, price, m.word("status", r.status),
        ))
    columns = (
        Column(m("col.limit")), Column(m("col.quantity")), Column(""),
        *(Column(m(f"col.{head}"), number=True) for head in ("bound", "frozen", "plan", "slack")),
        Column(m("col.unit")), Column(m("col.price"), m.unit("CNY"), number=True), Column(m("col.status")),
    )
    return Table(title, columns, tuple(cells), fold=fold, status=9, marks=tuple(marks))


def quality(results: Results, m: Messages, basis: str, title: str) -> Table:
    """Shares of start-year emission by what the numbers rest on (`basis`: evidence or rating), a column a pollutant."""
    rows = results.quality[results.quality["basis"] == basis]
    shares = rows.pivot_table(index="label", columns="pollutant", values="share", aggfunc="sum", sort=False)
    pollutants = [p for p in ("SO2", "NOx", "VOCs", "PM2.5") if p in shares.columns]
    percent = Scale(0.01, 1, "%")
    cells = tuple(
        (m.word("basis", label), *(shown(shares.at[label, p], percent) for p in pollutants)) for label in shares.index
    )
    head = m("col.basis") if basis == "evidence" else m("col.rating")
    return Table(title, (Column(head), *(Column(m.word("quantity", p), "%", number=True) for p in pollutants)), cells)


def recalled(results: Results, m: Messages) -> Table:
    """The works cited from memory."""
    rows = results.citations[results.citations["access"] == "recalled"]
    cells = tuple((str(r.citation), str(r.title), _text(r.year), _text(r.where)) for r in rows.itertuples())
    columns = (Column(m("col.citation")), Column(""), Column(m("col.year")), Column(m("col.where")))
    return Table(m("table.recalled"), columns, cells, fold=len(cells) > 8)


def clauses(results: Results, m: Messages) -> list[tuple[str, Table]]:
    """The clause table, an article each: (article, table)."""
    out = []
    zh = m.lang == "zh"
    evidence = sentences(results, m) if zh else dict(zip(results.clauses["clause"], results.clauses["evidence"], strict=True))
    for article, rows in results.clauses.groupby("article", sort=False):
        cells = tuple(
            (str(r.clause), str(r.quote), m.name("clause", r.clause) if zh else str(r.summary), m.word("treatment", r.treatment),
             _value(r.demanded, r.unit, m), _value(r.achieved, r.unit, m), m.word("status", r.status), evidence[r.clause])
            for r in rows.itertuples()
        )
        heads = ("clause", "quote", "demand", "treatment", "demanded", "achieved", "status", "evidence")
        numbers = {"demanded", "achieved"}
        columns = tuple(Column(m(f"col.{head}"), number=head in numbers) for head in heads)
        out.append((str(article), Table("", columns, cells, status=6, marks=tuple(str(s) for s in rows["status"]))))
    return out


def sentences(results: Results, m: Messages) -> dict[str, str]:
    """Clause -> evidence in the language of `m`, from the same messages and values as clauses.csv."""
    texts = {key.removeprefix("evidence."): text for key, text in m.texts.items() if key.startswith("evidence.")}
    return {
        str(clause): evidence_text(rows, texts, lambda op: m.word("op", op), m("punctuation.between"), m.quantity)
        for clause, rows in results.entries.groupby("clause", sort=False)
    }


def _value(value: object, unit: object, m: Messages) -> str:
    if isinstance(value, float):
        return m.quantity(value, str(unit)) if value == value else "–"
    return _text(value) or "–"


def _text(value: object) -> str:
    return "" if value is None or value != value or value is pd.NA else str(value)
