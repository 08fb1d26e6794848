"""Tables of the report that answer the document and show its footing: limits, clauses, quality of the
data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from model.base.frames import records
from model.report.messages import Messages, Scale, apart, shown
from model.report.page.limits import limit_name, price_text, unit_of
from model.report.page.tables import Column, Table
from model.report.page.unjudged import why_not
from model.results.evidence import evidence_text
from model.results.results import Results

ACCESS = ("seen", "derived", "own", "recalled")
"""How works are known, what was read first."""


def limits(results: Results, m: Messages, rows: pd.DataFrame, title: str, fold: bool) -> Table:
    """Limits with bound, frozen, plan, slack, price and status, as limits.csv has them."""
    cells, marks = [], []
    for r in records(rows):
        largest = max(
            (abs(v) for v in (r["bound"], r["achieved"], r["frozen"]) if v == v), default=float("nan")
        )
        scale = m.quantity_scale(unit_of(r), largest)
        if r["status"] == "missed":
            scale = apart(scale, r["bound"], r["achieved"])
        marks.append(str(r["status"]))
        op = m.word("op", r["op"]) if isinstance(r["op"], str) else ""
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
                price_text(r["price"]),
                m.word("status", r["status"]),
            )
        )
    columns = (
        Column(m("col.limit")),
        Column(m("col.quantity")),
        Column(m("col.op")),
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
    head = m("col.rating") if basis == "rating" else m("col.basis")
    return Table(
        title, (Column(head), *(Column(m.word("quantity", p), "%", number=True) for p in pollutants)), cells
    )


def works(results: Results, m: Messages) -> Table:
    """The works cited by the tables that the run read, those not seen last."""
    order = {access: place for place, access in enumerate(ACCESS)}
    rows = sorted(records(results.citations), key=lambda row: order[row["access"]])
    cells = tuple(
        (
            str(r["citation"]),
            str(r["title"]),
            _text(r["year"]),
            _text(r["where"]),
            m.word("access", r["access"]),
        )
        for r in rows
    )
    heads = ("citation", "title", "year", "where", "access")
    return Table(m("table.works"), tuple(Column(m(f"col.{head}")) for head in heads), cells)


def clauses(results: Results, m: Messages) -> list[tuple[str, Table]]:
    """The clause table, an article each in the order of the document: (article, table)."""
    out = []
    zh = m.lang == "zh"
    evidence = sentences(results, m)
    noted = _notes(results, m)
    for article, rows in sorted(
        results.clauses.groupby("article", sort=False), key=lambda each: _place(str(each[0]))
    ):
        cells = tuple(
            (
                str(r["clause"]),
                str(r["quote"]),
                m.name("clause", r["clause"]) if zh else str(r["summary"]),
                m.word("treatment", r["treatment"]),
                *_demanded(r, m),
                m.word("status", r["status"]),
                evidence[r["clause"]] + noted.get(r["clause"], ""),
            )
            for r in records(rows)
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
    between = m("punctuation.between")

    def sentence(row: dict[Hashable, Any]) -> str:
        return evidence_text([_told(row, m)], texts, lambda op: m.word("op", op), between, _number(row, m))

    told: dict[str, list[str]] = {}
    for row in records(results.entries):
        told.setdefault(str(row["clause"]), []).append(sentence(row))
    return {clause: between.join(texts) for clause, texts in told.items()}


def _number(row: Mapping[Hashable, Any], m: Messages) -> Callable[[float, str], str]:
    """How numbers of a sentence are shown: those of what is missed so that they differ."""
    values = json.loads(row["values"])
    if row["status"] != "missed" or not {"achieved", "bound"} <= set(values):
        return m.quantity
    return lambda value, unit: _beside(value, values["achieved"], values["bound"], unit, m)


def _beside(value: float, one: float, other: float, unit: str, m: Messages) -> str:
    """`value` with its unit in the scale in which two numbers are told apart."""
    scale = apart(m.quantity_scale(unit, max(abs(one), abs(other))), one, other)
    return m.with_unit(shown(value, scale), scale.unit)


def _told(row: dict[Hashable, Any], m: Messages) -> dict[Hashable, Any]:
    """A row of `entries` with the scenario's own texts in the language of `m`."""
    values = json.loads(row["values"])
    if row["message"] == "not_modelled":
        values["reason"] = m.name("reason", row["clause"])
    if row["message"] == "limit_not_judged":
        values["reason"] = why_not(values["reason"], m)
    if "limit" in values:
        values["limit"] = limit_name(values["limit"], m)
    if "date" in values:
        year, month, day = (int(part) for part in values["date"].split("-"))
        values["date"] = m("punctuation.date", year=year, month=month, day=day)
    if "level" in values:
        values["level"] = m.word("emergency", values["level"]).lower()
        values["pollutant"] = m.word("quantity", values["pollutant"])
    if "set" in values:
        values["what"] = m("punctuation.list").join(_setting(each, m) for each in values["set"])
    return {**row, "values": json.dumps(values, ensure_ascii=False)}


def _setting(each: dict[str, Any], m: Messages) -> str:
    """What a change sets of one attribute: its name and its amount, by year where there are several."""
    amounts = []
    for amount in each["amounts"]:
        when = (
            ""
            if amount["year"] is None
            else m("setting.by" if each["by"] else "setting.in", year=amount["year"])
        )
        amounts.append(_amount(amount, each["unit"], m) + when)
    return m.word("attribute", each["attribute"]) + m("punctuation.list").join(amounts)


def _amount(amount: dict[str, Any], unit: str | None, m: Messages) -> str:
    value, base = float(amount["value"]), str(amount["base"])
    base = m("setting.year", year=base) if base.isdecimal() else m.word("base", base)
    if amount["relation"] == "percent_of":
        return m("setting.percent_of", base=base, value=f"{100 * value:g}")
    if amount["relation"] == "points_below":
        return m("setting.points_below", base=base, value=f"{100 * value:g}")
    if unit == "1" and amount["unit"] in (None, "1"):
        return f"{100 * value:g}%"
    return f"{value:g} {m.unit(amount['unit'] or '')}".rstrip()


def _notes(results: Results, m: Messages) -> dict[str, str]:
    """Clause -> what the entries that answer it note on how it was read; clauses without notes are absent."""
    out: dict[str, list[str]] = {}
    for clause, entry in zip(results.entries["clause"], results.entries["entry"], strict=True):
        if ("note", entry) in m.names:
            out.setdefault(clause, []).append(m.name("note", entry))
    between = m("punctuation.between")
    return {
        clause: m("page.reading", note=between.join(dict.fromkeys(notes))) for clause, notes in out.items()
    }


def _demanded(row: Mapping[Hashable, Any], m: Messages) -> tuple[str, str]:
    """What a clause demands and what is achieved."""
    unit, values = str(row["unit"]), (row["demanded"], row["achieved"])
    told = tuple(_value(value, unit, m) for value in values)
    if row["status"] == "missed" and told[0] == told[1] != "–":
        told = tuple(_beside(value, *values, unit, m) for value in values)
    return told[0], told[1]


def _value(value: object, unit: object, m: Messages) -> str:
    if isinstance(value, float):
        return m.quantity(value, str(unit)) if value == value else "–"
    return _text(value) or "–"


def _text(value: object) -> str:
    return "" if value is None or value != value or value is pd.NA else str(value)
