"""The actions of a plan as the tables show them: one frame that the lists of projects are selections of."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from model.base.frames import records
from model.report.products.design import DECIMALS, KINDS, Filled, local_design
from model.report.products.lexicon import Lexicon
from model.report.products.rounding import rounded_parts
from model.results.results import WORKED, Results

COUNTED = tuple(pollutant for _, pollutant in WORKED)
MONEY_WAN = 1e4
LEAST_T = 1.0
"""Abatement from which a cost per tonne is shown: below a tonne a year it says nothing."""

Row = Mapping[Hashable, Any]


def action_rows(results: Results, words: Lexicon) -> pd.DataFrame:
    """Every action with what is known of it: columns of plan and works, and the cells of the tables.

    Cities in official order, then county, year and source. Money in 万元, coal in t, abatement t/yr; not yet
    rounded.
    """
    works = results.works.drop(columns=["source", "year", "sector"])
    rows = pd.concat([results.plan, works], axis=1)
    m = words.m
    order = {city: place for place, city in enumerate(results.cities["city"])}
    rows = rows.assign(order=rows["city"].map(order))
    rows = rows.sort_values(["order", "county", "year", "source"], kind="stable", ignore_index=True)
    actions = records(rows)
    cells: dict[str, Any] = {
        "city_name": [m.name("city", row["city"]) for row in actions],
        "county_name": [m.name("county", row["county"]) if row["county"] else "" for row in actions],
        "facility": [m.name("source", row["source"]) for row in actions],
        "owner_name": [_owner(row, m.lang) for row in actions],
        "park": [words.word("park", row["park"]) if row["park"] else "" for row in actions],
        "class_name": [m.name("class", row["class"]) for row in actions],
        "industry": [_industry(row, words) for row in actions],
        "size_text": [words.size(row) for row in actions],
        "before": [words.controls(row["controls_from"]) for row in actions],
        "measure": [_measure(row, words) for row in actions],
        "standard": [words.standard(row) for row in actions],
        "done": [words.done(row) for row in actions],
        "payer_name": [
            words.joined([m.word("payer", p) for p in row["payer"].split("+")]) for row in actions
        ],
        "clause_text": [words.clause(row["clause"]) for row in actions],
        "rating_text": [words.rating(row["rating"], row["constructed"]) for row in actions],
        "counted": [_counted(row, words) for row in actions],
        "per_tonne": [_per_tonne(row) for row in actions],
        "investment": rows["investment_cny"] / MONEY_WAN,
        "running": rows["running_cny_per_yr"] / MONEY_WAN,
        **{pollutant: rows[f"abated_{pollutant}_t"] for pollutant in COUNTED},
    }
    return rows.assign(**cells)


def _measure(row: Row, words: Lexicon) -> str:
    """What is done; of what growth would build, what is built in its place."""
    name = words.m.joined("measure", row["measures"])
    return words.word("phrase", "new_build", name=name) if row["vintage"] == "new" else name


def _industry(row: Row, words: Lexicon) -> str:
    """The class of a source with its code in the manual of inventories; a project has none."""
    if not row["manual_code"]:
        return words.word("phrase", "project")
    return words.word("phrase", "manual", name=words.m.name("class", row["class"]), code=row["manual_code"])


def _owner(row: Row, lang: str) -> str:
    """The enterprise, where its name is known in the language of the table."""
    name = str(row["owner"])
    return name if lang == "en" or any(character >= "\u4e00" for character in name) else ""


def _counted(row: Row, words: Lexicon) -> str:
    """What the year of completion is credited with, whole tonnes."""
    parts = [
        words.amount_of(p, f"{row[f'counted_{p}_t']:,.0f}")
        for p in COUNTED
        if abs(row[f"counted_{p}_t"]) >= 0.5
    ]
    return words.joined(parts)


def _per_tonne(row: Row) -> float:
    """Annual cost over the abatement of the pollutant that is cut most, CNY/t."""
    most = max(float(row[f"abated_{pollutant}_t"]) for pollutant in COUNTED)
    return float(row["annual_cost_cny"]) / most if most >= LEAST_T else math.nan


def filled(ident: str, rows: pd.DataFrame, sums: Sequence[str], words: Lexicon) -> Filled:
    """A table with numbered, rounded rows. sums: columns that add up to a row of totals as shown."""
    design = local_design(ident, words.m.places)
    kept = [each.key for each in design.fields if each.key in rows]
    out = rows[[*kept, *(key for key in (DECIMALS,) if key in rows)]].reset_index(drop=True)
    if any(each.key == "number" for each in design.fields):
        out["number"] = np.arange(1, len(out) + 1)
    table = Filled(design, out, small=words.m.small)
    for each in design.fields:
        decimals = KINDS[table.kind(each)]
        if each.key not in out or decimals is None or each.kind == "year":
            continue
        values = out[each.key].to_numpy(dtype=float)
        # + 0.0: -0 is written 0
        out[each.key] = rounded_parts(values, decimals) if each.key in sums else values.round(decimals) + 0.0
    total = None
    if sums and len(out):
        first = next(each.key for each in design.fields if each.kind == "text")
        total = {first: words.word("phrase", "total"), **{key: _sum(out[key]) for key in sums}}
    return replace(table, total=total)


def _sum(values: pd.Series[float]) -> float:
    """The sum of rounded values, without the noise of adding them."""
    return round(float(values.sum()), 6)
