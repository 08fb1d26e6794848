"""Tables of the report that answer the document and show its footing: limits, clauses, quality of the
data.
"""

from __future__ import annotations

import re

import pandas as pd

from model.report.figures import limit_name
from model.report.messages import Messages, Scale, shown
from model.report.tables import Column, Table
from model.results.evidence import evidence_text
from model.results.results import Results


def limits(results: Results, m: Messages, rows: pd.DataFrame, title: str, fold: bool) -> Table:
    """Limits with bound, frozen, plan, slack, price and status, as limits.csv has them."""
    cells, marks = [], []
    for r in rows.to_dict("records"):
        largest = max(
            (abs(v) for v in (r["bound"], r["achieved"], r["frozen"]) if v == v), default=float("nan")
        )
        scale = m.quantity_scale(str(r["unit"]), largest)
        marks.append(str(r["status"]))
        op = m.word("op", r["op"]) if isinstance(r["op"], str) else ""
        price = (
            f"{r['price']:,.4g}" if 0 < r["price"] < 1000 else f"{r['price']:,.0f}" if r["price"] > 0 else "–"
        )
        cells.append(
            (
                limit_name(str(r["limit"]), m),
                m.word("quantity", r["quantity"]),
                op,
                shown(r["bound"], scale),
                shown(r["frozen"], scale),
                shown(r["achieved"], scale),
                shown(0.0 if r["status"] == "binding" else r["slack"], scale),
                scale.unit,
                price,
                m.word("status", r["status"]),
            )
        )
    columns = (
        Column(m("col.limit")),
        Column(m("col.quantity")),
        Column(""),
        *(Column(m(f"col.{head}"), number=True) for head in ("bound", "frozen", "plan", "slack")),
        Column(m("col.unit")),
        Column(m("col.price"), m.unit("CNY"), number=True),
        Column(m("col.status")),
    )
    return Table(title, columns, tuple(cells), fold=fold, status=9, marks=tuple(marks))


def quality(results: Results, m: Messages, basis: str, title: str) -> Table:
    """Shares of start-year emission by what the numbers rest on (`basis`: evidence or rating), a column a
    pollutant.
    """
    rows = results.quality[results.quality["basis"] == basis]
    shares = rows.pivot_table(index="label", columns="pollutant", values="share", aggfunc="sum", sort=False)
    pollutants = [p for p in ("SO2", "NOx", "VOCs", "PM2.5") if p in shares.columns]
    percent = Scale(0.01, 1, "%")
    cells = tuple(
        (m.word("basis", label), *(shown(values[p], percent) for p in pollutants))
        for label, values in shares.to_dict("index").items()
    )
    head = m("col.basis") if basis == "evidence" else m("col.rating")
    return Table(
        title, (Column(head), *(Column(m.word("quantity", p), "%", number=True) for p in pollutants)), cells
    )


def recalled(results: Results, m: Messages) -> Table:
    """The works cited from memory."""
    rows = results.citations[results.citations["access"] == "recalled"]
    cells = tuple(
        (str(r["citation"]), str(r["title"]), _text(r["year"]), _text(r["where"]))
        for r in rows.to_dict("records")
    )
    columns = (Column(m("col.citation")), Column(""), Column(m("col.year")), Column(m("col.where")))
    return Table(m("table.recalled"), columns, cells, fold=len(cells) > 8)


def clauses(results: Results, m: Messages) -> list[tuple[str, Table]]:
    """The clause table, an article each in the order of the document: (article, table)."""
    out = []
    zh = m.lang == "zh"
    evidence = (
        sentences(results, m)
        if zh
        else dict(zip(results.clauses["clause"], results.clauses["evidence"], strict=True))
    )
    by_article = results.clauses.groupby("article", sort=False)
    for article, rows in sorted(
        by_article, key=lambda each: [int(n) for n in re.findall(r"\d+", str(each[0]))]
    ):
        cells = tuple(
            (
                str(r["clause"]),
                str(r["quote"]),
                m.name("clause", r["clause"]) if zh else str(r["summary"]),
                m.word("treatment", r["treatment"]),
                _value(r["demanded"], r["unit"], m),
                _value(r["achieved"], r["unit"], m),
                m.word("status", r["status"]),
                evidence[r["clause"]],
            )
            for r in rows.to_dict("records")
        )
        heads = ("clause", "quote", "demand", "treatment", "demanded", "achieved", "status", "evidence")
        numbers = {"demanded", "achieved"}
        columns = tuple(Column(m(f"col.{head}"), number=head in numbers) for head in heads)
        out.append(
            (str(article), Table("", columns, cells, status=6, marks=tuple(str(s) for s in rows["status"])))
        )
    return out


def _place(article: str) -> list[int]:
    """Where an article stands in its document: 6(21) after 6(3)."""
    return [int(number) for number in re.findall(r"\d+", article)]


def sentences(results: Results, m: Messages) -> dict[str, str]:
    """Clause -> evidence in the language of `m`, from the same messages and values as clauses.csv."""
    texts = {
        key.removeprefix("evidence."): text for key, text in m.texts.items() if key.startswith("evidence.")
    }
    return {
        str(clause): evidence_text(
            rows.to_dict("records"), texts, lambda op: m.word("op", op), m("punctuation.between"), m.quantity
        )
        for clause, rows in results.entries.groupby("clause", sort=False)
    }


def _value(value: object, unit: object, m: Messages) -> str:
    if isinstance(value, float):
        return m.quantity(value, str(unit)) if value == value else "–"
    return _text(value) or "–"


def _text(value: object) -> str:
    return "" if value is None or value != value or value is pd.NA else str(value)
