"""The table of all actions: to search on the screen, and the largest of each city to print."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from model.report.messages import Messages, shown
from model.report.page import data
from model.report.page.blocks import Searchable
from model.report.page.tables import Column, Table
from model.results.results import Results

PRINTED = 60
"""Actions that are printed, shared evenly by the cities that act; plan.csv has all."""
PER_TONNE = ("SO2", "NOx")
LEAST_T = 1.0
"""Abatement from which a cost per tonne is shown: below a tonne a year it says nothing."""
DIGITS = 6
"""Significant digits of numbers in the page; sums over what is found are of these."""
FIRST = ("source", "city", "county", "year", "measure")
LAST = ("payer", "sector", "clause", "constructed")
"""Columns of text, before the numbers and behind them."""
CHOSEN = ("city", "sector", "year", "payer")
"""Columns with a list to choose from."""


@dataclass(frozen=True)
class _Field:
    """A column: key of its head, unit, text of each action or its number with decimals to show."""

    key: str
    head: str
    unit: str
    values: list[Any]
    decimals: int | None = None


def searchable(results: Results, m: Messages) -> Searchable:
    """All actions, those that abate most SO2 and NOx first."""
    plan = _ordered(results.plan)
    fields = _texts(plan, m, FIRST) + _numbers(plan, m) + _texts(plan, m, LAST)
    columns, rows = [], []
    for field in fields:
        column: dict[str, Any] = {"key": field.key}
        if field.decimals is None:
            words = list(dict.fromkeys(field.values))
            place = {word: at for at, word in enumerate(words)}
            column["words"] = words
            rows.append([place[word] for word in field.values])
        else:
            column["decimals"] = max(field.decimals, 0)
            column["sum"] = not field.key.startswith("per_tonne")
            rows.append(field.values)
        columns.append(column)
    found = {"columns": columns, "rows": list(zip(*rows, strict=True)), "language": _language(m)}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Searchable(
        m("table.actions"),
        Markup(text),
        tuple((field.head, field.unit, field.decimals is not None) for field in fields),
        tuple(
            (at, field.head, _choices(field, results, m))
            for at, field in enumerate(fields)
            if field.key in CHOSEN
        ),
        largest(results, m),
        _constructed(plan, m),
    )


def _constructed(plan: pd.DataFrame, m: Messages) -> str:
    """How many actions are at sources that are constructed, or whose controls are; empty where none is."""
    count = int(plan["constructed"].sum())
    return m("actions.constructed", count=f"{count:,}", all=f"{len(plan):,}") if count else ""


def _ordered(plan: pd.DataFrame) -> pd.DataFrame:
    size = plan["abated_SO2_t"].fillna(0.0) + plan["abated_NOx_t"].fillna(0.0)
    return plan.loc[size.sort_values(ascending=False, kind="stable").index]


def _choices(field: _Field, results: Results, m: Messages) -> tuple[str, ...]:
    """What is in the column: cities in the order of official tables, all else sorted."""
    found = set(field.values)
    if field.key == "city":
        return tuple(
            dict.fromkeys(n for n in (m.name("city", c) for c in results.cities["city"]) if n in found)
        )
    return tuple(sorted(found))


def _texts(plan: pd.DataFrame, m: Messages, keys: Sequence[str]) -> list[_Field]:
    told: dict[str, tuple[str, Callable[[Any], str]]] = {
        "source": ("source", lambda value: m.name("source", value)),
        "city": ("city", lambda value: m.name("city", value)),
        "county": ("county", lambda value: m.name("county", value)),
        "year": ("year", str),
        "measure": ("measures", lambda value: m.joined("measure", value)),
        "payer": ("payer", lambda value: m.word("payer", value)),
        "sector": ("sector", lambda value: m.word("sector", value)),
        "clause": ("clause", lambda value: value.replace("+", " + ") if isinstance(value, str) else ""),
        "constructed": ("constructed", lambda value: m.word("yes_no", bool(value))),
    }
    return [
        _Field(key, m(f"col.{key}"), "", [tell(value) for value in plan[column]])
        for key, (column, tell) in told.items()
        if key in keys
    ]


def _numbers(plan: pd.DataFrame, m: Messages) -> list[_Field]:
    mass, money, per = m.scale("tonnes"), m.scale("project_money"), m.scale("per_tonne")
    out = [
        _Field(key, m(f"col.{key}"), money.unit, _rounded(plan[column] / money.by), money.decimals)
        for key, column in (("investment", "investment_cny"), ("running", "running_cny_per_yr"))
    ]
    for p in data.TARGETED:
        head = m("col.abated", pollutant=m.word("quantity", p))
        out.append(_Field(f"abated_{p}", head, mass.unit, _rounded(plan[f"abated_{p}_t"] / mass.by), 1))
    for p in PER_TONNE:
        head = m("col.per_tonne", pollutant=m.word("quantity", p))
        cost = plan[f"cny_per_t_{p}"].where(plan[f"abated_{p}_t"] >= LEAST_T)
        out.append(_Field(f"per_tonne_{p}", head, per.unit, _rounded(cost.round(per.decimals) / per.by), 0))
    return out


def _rounded(values: pd.Series[float]) -> list[float | None]:
    return [None if not math.isfinite(v) else float(f"{v:.{DIGITS}g}") for v in values.to_numpy(float)]


def _language(m: Messages) -> dict[str, Any]:
    """Words of the table's controls, as DataTables names them."""
    keys = ("search", "lengthMenu", "info", "infoEmpty", "infoFiltered", "zeroRecords")
    turn = ("first", "previous", "next", "last")
    pages = {key: m(f"actions.{key}") for key in turn}
    words: dict[str, Any] = {key: m(f"actions.{key}") for key in keys}
    return {**words, "thousands": ",", "decimal": ".", "aria": {"paginate": pages}}


def largest(results: Results, m: Messages) -> Table:
    """The actions of each city that abate most SO2 and NOx together, cities in official order."""
    plan = _ordered(results.plan)
    acting = [city for city in dict.fromkeys(results.cities["city"]) if (plan["city"] == city).any()]
    most = max(PRINTED // max(len(acting), 1), 1)
    top = pd.concat([plan[plan["city"] == city].head(most) for city in acting] or [plan])
    mass, money, per = m.scale("tonnes"), m.scale("project_money"), m.scale("per_tonne")
    rows = tuple(
        (
            m.name("city", r["city"]),
            m.name("source", r["source"]),
            m.name("county", r["county"]),
            str(r["year"]),
            m.joined("measure", r["measures"]),
            m.word("payer", r["payer"]),
            shown(r["investment_cny"], money),
            shown(r["running_cny_per_yr"], money),
            *(shown(r[f"abated_{p}_t"], mass) for p in data.TARGETED),
            *(
                shown(r[f"cny_per_t_{p}"] if r[f"abated_{p}_t"] >= LEAST_T else math.nan, per)
                for p in PER_TONNE
            ),
            m.word("yes_no", bool(r["constructed"])),
        )
        for r in top.to_dict("records")
    )
    note = m("page.of_shown", count=f"{len(rows):,}", all=f"{len(plan):,}", file="plan.csv")
    note += m("punctuation.space") + _constructed(plan, m)
    return Table(m("table.units"), _heads(m), rows, note=note)


def _heads(m: Messages) -> tuple[Column, ...]:
    mass, money, per = m.scale("tonnes"), m.scale("project_money"), m.scale("per_tonne")
    names = {p: m.word("quantity", p) for p in data.TARGETED}
    return (
        *(Column(m(f"col.{head}")) for head in ("city", "source", "county", "year", "measure", "payer")),
        Column(m("col.investment"), money.unit, number=True),
        Column(m("col.running"), money.unit, number=True),
        *(Column(m("col.abated", pollutant=names[p]), mass.unit, number=True) for p in data.TARGETED),
        *(Column(m("col.per_tonne", pollutant=names[p]), per.unit, number=True) for p in PER_TONNE),
        Column(m("col.constructed")),
    )
