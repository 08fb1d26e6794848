"""Tables 1, 2, 11 and 12: targets, tasks by city, key works, funding."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from model.base.frames import records
from model.base.units import check_dimension, convert, known
from model.base.words import PAYERS, POLLUTANTS
from model.report.page.limits import parts
from model.report.products.actions import COUNTED, filled
from model.report.products.design import DECIMALS, Filled
from model.report.products.lexicon import AMOUNTS, HEATED, SIZES, Lexicon
from model.report.products.rounding import rounded_parts, rounded_table
from model.results.ledger import PRICED
from model.results.results import Results
from model.results.works import ACTIONS

FIRM = ("binding", "hard")
"""Strengths of a demand that count as 约束性; the others are 预期性."""
SOURCES = {
    "state": ("state",),
    "region": ("region",),
    "city": ("city",),
    "county": ("county",),
    "enterprise": ("enterprise",),
    "social": ("household", "grid"),
}
FUNDS = {
    "state": ("state",),
    "region": ("region",),
    "local": ("city", "county"),
    "enterprise": ("enterprise",),
    "grid": ("grid",),
    "household": ("household",),
}
"""Columns of the tables and the payers whose investment they hold."""


def target_table(results: Results, words: Lexicon) -> Filled:
    """Table 1: every demand of the document on a quantity of the whole region, year by year."""
    clauses = set(results.clauses["clause"])
    judged = results.limits.merge(results.other, on="limit", how="left")
    bounded = judged["bound"].notna() & (judged["limit"].astype("str").str.count("/") == 1)
    asked = judged["clause"].map(lambda text: bool(clauses & set(str(text).split("+"))))
    links = results.links.set_index("limit")
    stated = results.entries.drop_duplicates("clause")
    units = dict(zip(stated["clause"], stated["unit"], strict=True))
    start = _start(results)
    rows = [
        _target(row, links.loc[row["limit"]] if row["limit"] in links.index else None, units, start, words)
        for row in judged[bounded & asked].to_dict("records")
    ]
    base_year = results.links["base"].iloc[0] if len(results.links) else words.word("phrase", "base")
    table = filled("targets", pd.DataFrame(rows), [], words)
    return replace(table, years={"base": base_year, "start": results.start})


def _target(
    row: Mapping[Hashable, Any],
    link: pd.Series[Any] | None,
    units: Mapping[str, str],
    start: Mapping[str, float],
    words: Lexicon,
) -> dict[str, Any]:
    """One demand of one year, in the unit in which the document states it."""
    m, clause = words.m, str(row["clause"]).split("+")[0]
    unit, factor = _stated(units.get(clause, ""), str(row["unit"]))
    begin = row["start_value"]
    if begin != begin and not row["where"]:
        begin = start.get(row["quantity"], np.nan)
    base = np.nan if link is None else link["bound"] / (1.0 - link["cut"])
    values = {"base": base, "start": begin, "plan": row["achieved"]}
    values |= {key: row[key] for key in ("bound", "frozen", "current_law")}
    values["gap"] = max(-row["slack"], 0.0) if row["status"] == "missed" else 0.0
    scale = m.quantity_scale(unit, float(row["bound"]) * factor)
    size = abs(float(row["bound"]) * factor / scale.by)
    # Three digits of what is small in its unit: an intensity per unit of money.
    decimals = scale.decimals if not 0 < size < 0.1 else 2 - math.floor(math.log10(size))
    name, note = words.of_year(m.name("clause", clause), row["year"]), _note(row, words)
    return {
        "indicator": words.word("phrase", "noted", name=name, note=note) if note else name,
        "nature": words.word("nature", "binding" if row["strength"] in FIRM else "indicative"),
        "account": words.word("account", _account(row, link is not None)),
        "unit": scale.unit or m.word("quantity", row["quantity"]),
        DECIMALS: decimals,
        "status": m.word("status", "missed" if row["status"] == "missed" else "met"),
        **{key: _scaled(value * factor, scale.by, decimals) for key, value in values.items()},
    }


def _note(row: Mapping[Hashable, Any], words: Lexicon) -> str:
    """How the scenario reads a demand, where it says so: what "about" is, what a sum is of."""
    return words.m.names.get(("note", parts(str(row["limit"]))[0]), "")


def _stated(stated: str, unit: str) -> tuple[str, float]:
    """The unit in which a document states a demand, and what turns a value of the run into it."""
    if stated == unit or not known(stated) or not check_dimension(unit, stated):
        return unit, 1.0
    return stated, convert(1.0, unit, stated)


def _start(results: Results) -> dict[str, float]:
    """Emission of the start year inside the official accounts, t."""
    rows = results.account[(results.account["year"] == results.start) & (results.account["case"] == "plan")]
    return dict(zip(rows["pollutant"], rows["value"], strict=True))


def _account(row: Mapping[Any, Any], linked: bool) -> str:
    if linked:
        return "chained"
    quantity = str(row["quantity"])
    if quantity.endswith("_concentration"):
        return "air"
    if quantity in POLLUTANTS:
        return "inventory"
    return "balance" if "energy" in quantity or quantity in ("coal", "natural_gas", "gdp") else "counted"


def _scaled(value: float, by: float, decimals: int) -> float:
    return float(np.round(value / by, decimals))


def task_table(results: Results, rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 2: abatement of a full year by city, pollutant and kind of action.

    Whole tonnes: cities add up to the region, kinds to the total of their row. A region of one city has no
    row of its own.
    """
    m = words.m
    first = results.emissions[
        (results.emissions["year"] == results.start) & (results.emissions["case"] == "plan")
    ]
    start = first.groupby(["city", "pollutant"])["value"].sum()
    cities, out = [str(city) for city in results.cities["city"]], []
    for pollutant in COUNTED:
        sums = rows.pivot_table(index="city", columns="action", values=pollutant, aggfunc="sum")
        sums = sums.reindex(index=cities, columns=list(ACTIONS)).fillna(0.0)
        exact = sums.to_numpy(float)
        total = rounded_parts(exact.sum(axis=1), 0)
        cells = rounded_table(exact, total, rounded_parts(exact.sum(axis=0), 0), 0)
        kinds = dict(zip(ACTIONS, cells.T, strict=True))
        before = rounded_parts(np.array([start.get((city, pollutant), 0.0) for city in cities]), 0)
        name = m.word("quantity", pollutant) if pollutant != "PM10" else words.word("phrase", "PM")
        table = pd.DataFrame({**kinds, "start": before, "total": total}, index=cities)
        table.loc[m("col.whole")] = table.sum()
        shares = table["total"] / table["start"].where(table["start"] > 0)
        of_region = (
            table["total"] / table["total"].iloc[-1] if table["total"].iloc[-1] else table["total"] * np.nan
        )
        part = rounded_parts(100 * of_region.to_numpy(float)[:-1], 1)
        named = [m.name("city", city) for city in table.index]
        table = table.assign(city=named, pollutant=name, share=100 * shares, part=[*part, part.sum()])
        out.append(table if len(cities) > 1 else table.iloc[:-1])
    return filled("tasks", pd.concat(out, ignore_index=True), [], words)


def works_table(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 11: kinds of works with what is built, who pays and what it abates."""
    kinds = [work_kind(row) for row in records(rows[list(TOLD_BY)])]
    rows = rows[[*SIZED, *(f"investment_{payer}_cny" for payer in PAYERS), *COUNTED, "year"]]
    table = []
    for kind in (kind for kind in WORKS if kind in kinds):
        group = rows[[each == kind for each in kinds]]
        paid = {payer: group[f"investment_{payer}_cny"].sum() / words.money.by for payer in PAYERS}
        abated = [words.amount_of(p, f"{group[p].sum():,.0f}") for p in COUNTED if abs(group[p].sum()) >= 0.5]
        table.append(
            {
                "kind": words.word("works", kind),
                "count": len(group),
                "content": _content(group, words),
                **paid,
                "abated": words.joined(abated),
                "span": words.span(int(group["year"].min()), int(group["year"].max())),
            }
        )
    columns = ["kind", "count", "content", *PAYERS, "abated", "span"]
    return _funded("works", pd.DataFrame(table, columns=columns), "investment", words)


WORKS = (
    "power",
    "boiler_out",
    "boiler_clean",
    "bulk_coal",
    "infrastructure",
    "industry",
    "vocs",
    "transport",
    "dust",
)


SIZED = ("measure", "fleet", "stock", "capacity", "capacity_unit", "activity", "activity_unit")
"""Columns that tell how much of what is built."""
TOLD_BY = ("class", "action", "sector", "voc_removal")
"""Columns that tell the kind of works."""


def work_kind(row: Mapping[Any, Any]) -> str:
    """The kind of works an action belongs to."""
    if row["class"] == "project":
        return "infrastructure"
    if row["class"] == "power_unit":
        return "power"
    if row["class"] == "boiler":
        return "boiler_out" if row["action"] == "structural" else "boiler_clean"
    if row["class"] in HEATED:
        return "bulk_coal"
    if row["sector"] == "mobile":
        return "transport"
    if row["voc_removal"] == row["voc_removal"] or row["sector"] in ("solvent", "storage"):
        return "vocs"
    return "industry" if row["sector"] in ("process", "fossil_fuel") else "dust"


def _content(group: pd.DataFrame, words: Lexicon) -> str:
    """The packages of a kind of works, the most frequent first, with their number and size."""
    packages: dict[str, list[Mapping[Hashable, Any]]] = {}
    for row in records(group[list(SIZED)]):
        packages.setdefault(row["measure"], []).append(row)
    built = []
    for measure, chosen in sorted(packages.items(), key=lambda each: -len(each[1])):
        size = _total_size(chosen, words)
        key = "count" if size else "plain_count"
        built.append(words.word("phrase", key, name=measure, count=f"{len(chosen):,}", size=size))
    return words.m("punctuation.between").join(built)


def _total_size(chosen: Sequence[Mapping[Hashable, Any]], words: Lexicon) -> str:
    """Total of the sizes of some sources, where they are of one unit."""
    fleet = {row["fleet"] for row in chosen}
    if len(fleet) == 1 and fleet != {""}:
        return words.size({"fleet": fleet.pop(), "stock": np.nansum([row["stock"] for row in chosen])})
    for column, shown_in in (("capacity", SIZES), ("activity", AMOUNTS)):
        unit = {row[f"{column}_unit"] for row in chosen}
        total = float(np.sum([row[column] for row in chosen]))
        if len(unit) == 1 and unit <= shown_in.keys() and total == total:
            return words.amount(total, unit.pop(), shown_in)
    return ""


def _funded(ident: str, table: pd.DataFrame, total: str, words: Lexicon) -> Filled:
    """A table whose columns of payers add up to `total` in each row, and whose rows add up below.

    Rows and columns have the same totals whatever tables of a run group them: each payer's is rounded before
    payers are put together.
    """
    decimals = words.money.decimals
    paid = table[list(PAYERS)].to_numpy(float)
    groups = SOURCES if ident == "works" else FUNDS
    among = np.array([[payer in payers for payer in PAYERS] for payers in groups.values()], dtype=float)
    rows, columns = (
        rounded_parts(paid.sum(axis=1), decimals),
        among @ rounded_parts(paid.sum(axis=0), decimals),
    )
    cells = rounded_table(paid @ among.T, rows, columns, decimals)
    table = table.assign(**dict(zip(groups, cells.T, strict=True)), **{total: rows})
    sums = [total, *groups, *(key for key in ("count", "law") if key in table)]
    return filled(ident, table, sums, words)


def money_table(results: Results, words: Lexicon) -> Filled:
    """Table 12: investment by year and source of money, with what the law in force asks for anyway."""
    costs = results.costs[results.costs["kind"] != PRICED]
    spent = costs[costs["kind"] == "investment"].groupby(["case", "year", "payer"])["value"].sum()
    yearly = costs[costs["kind"].isin(("fixed", "variable", "fuel"))].groupby(["case", "year"])["value"].sum()
    rows = []
    for year in results.years:
        paid = {payer: float(spent.get(("plan", year, payer), 0.0)) / words.money.by for payer in PAYERS}
        law = sum(float(spent.get(("current_law", year, payer), 0.0)) for payer in PAYERS) / words.money.by
        rows.append(
            {
                "year": str(year),
                **paid,
                "law": law,
                "running": float(yearly.get(("plan", year), 0.0)) / words.money.by,
            }
        )
    return _funded("money", pd.DataFrame(rows), "total", words)
