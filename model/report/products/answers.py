"""Tables 13, 14, 16, 17 and the assumptions: clauses, emergency list, sensitivity, data quality."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.frames import cells, records
from model.report.page import data
from model.report.page.answers import sentences
from model.report.page.limits import about
from model.report.products.actions import filled
from model.report.products.design import DECIMALS, Filled
from model.report.products.lexicon import Lexicon
from model.report.products.rounding import rounded_parts
from model.results.assumptions import SET
from model.results.results import Results
from model.studies.emergency.lists import EmergencyResults

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = ("yellow", "orange", "red")
DAILY = ("SO2", "NOx", "PM10", "VOCs")
EVIDENCE = ("measured", "published", "split", "recalled", "own")
RATINGS = ("A", "B", "C", "D", "E")
LOOSENED = 0.01
"""Share of its bound by which a limit is loosened in the table of sensitivities."""
LEAST_WAN = 0.5
"""Change of cost from which a loosened limit is told of, 万元: below, it is shown as nothing."""
OF_SOURCE = {"city": "city", "county": "county", "facility": "name", "industry": "industry"}
"""Columns of the emergency table and of the lists that say which source it is."""
TABLE_ROW = re.compile(r"\S+( [<>≤≥]?\d+(\.\d+)?){2,}")
"""A quote that is a row of a table of the document, a number for each year: alike in the clause of each."""


def clause_table(results: Results, words: Lexicon) -> Filled:
    """Table 13: every clause in the order of the document."""
    m = words.m
    evidence = sentences(results, m)
    ordered = sorted(records(results.clauses), key=lambda row: _place(str(row["article"])))
    rows = []
    for row in ordered:
        outside = row["status"] == "not_in_model"
        told = str(evidence.get(row["clause"], ""))
        rows.append(
            {
                "article": str(row["article"]),
                "quote": _quote(row, words),
                "treatment": m.word("treatment", row["treatment"]),
                "demanded": _value(row["demanded"], row["unit"], words),
                "achieved": _value(row["achieved"], row["unit"], words),
                "status": m.word("status", row["status"]),
                "evidence": "" if outside else told,
                "reason": told if outside else "",
            }
        )
    return filled("clauses", pd.DataFrame(rows, columns=list(_keys(rows))), [], words)


def _quote(row: Mapping[Hashable, Any], words: Lexicon) -> str:
    """What a clause says; in English, and where a row of a table is quoted, what it asks for comes first."""
    quote = str(row["quote"])
    if TABLE_ROW.fullmatch(quote):
        return words.word("phrase", "table_row", name=words.m.name("clause", row["clause"]), quote=quote)
    return f"{row['summary']} ({quote})" if words.lang == "en" else quote


def _keys(rows: list[dict[str, Any]]) -> Mapping[str, Any]:
    return rows[0] if rows else {}


def _place(article: str) -> list[int]:
    """Where an article stands in its document: 6(21) after 6(3)."""
    return [int(number) for number in re.findall(r"\d+", article)]


def _value(value: object, unit: object, words: Lexicon) -> str:
    if isinstance(value, float):
        return words.m.quantity(value, str(unit)) if value == value else ""
    return "" if value is None or value != value else str(value)


def emergency_table(lists: EmergencyResults | None, words: Lexicon) -> Filled:
    """Table 14: what each source does at each level, and what is protected; kg a day at the highest level."""
    if lists is None:
        return filled("emergency", pd.DataFrame(), [], words)
    end = "_zh" if words.lang == "zh" else ""
    listed = lists.listed
    listed = listed[(listed["share_stopped"] > 0) | (listed["kind"] == "protected")]
    if listed.empty:
        return filled("emergency", pd.DataFrame(), [], words)
    of = ["group", "source"]
    first = listed[~listed.duplicated(of)]
    source = np.asarray(listed.groupby(of, sort=False).ngroup(), dtype=np.int64)
    sums = _at_highest(listed, source)
    kind, reason, made = (cells(first[name]) for name in ("kind", f"reason{end}", "constructed"))
    held = [each == "protected" for each in kind]
    percent = zip(*(_percent(p, sums[f"pct_of_day_{p}"], words) for p in DAILY), strict=True)
    shares = [words.joined(list(parts)) for parts in percent]
    columns = {
        **{key: first[f"{name}{end}"] for key, name in OF_SOURCE.items()},
        "process": _unless(held, (words.m.word("emergency", f"kind_{each}") for each in kind)),
        **_orders(listed, source, end, words),
        **{p: sums[f"abated_{p}_kg"] for p in DAILY},
        "share": _unless(held, shares),
        "proof": _unless(held, _proofs(first, end, words)),
        "held": _unless([not each for each in held], reason),
        "rating": [words.rating("", each) for each in made],
    }
    return filled("emergency", pd.DataFrame(columns), list(DAILY), words)


def _unless(empty: Sequence[bool], texts: Iterable[str]) -> list[str]:
    """`texts`, those marked as `empty` taken out."""
    return ["" if out else text for out, text in zip(empty, texts, strict=True)]


def _at_highest(listed: pd.DataFrame, source: Ints) -> dict[str, Floats]:
    """Amounts of each source in all orders of its last alert. source: number of the source of each order."""
    last = np.zeros(source.max() + 1, dtype=np.int64)
    last[source] = np.arange(len(listed))  # of the orders of a source the last one stays
    alert = listed["alert"].to_numpy(dtype=object)
    top = np.flatnonzero(alert == alert[last[source]])
    columns = [*(f"abated_{p}_kg" for p in DAILY), *(f"pct_of_day_{p}" for p in DAILY)]
    amounts = listed[columns].to_numpy(np.float64)[top]
    return {
        column: np.bincount(source[top], weights=each, minlength=len(last)).astype(np.float64)
        for column, each in zip(columns, amounts.T, strict=True)
    }


def _percent(pollutant: str, shares: Floats, words: Lexicon) -> list[str]:
    """Shares of the day's emission of a pollutant as texts, of which most are alike."""
    texts = [f"{share:.2f}%" for share in shares.tolist()]
    named = {text: words.amount_of(pollutant, text) for text in set(texts)}
    return [named[text] for text in texts]


def _proofs(first: pd.DataFrame, end: str, words: Lexicon) -> list[str]:
    """How each source shows that it did as ordered."""
    of = words.m("punctuation.of")
    return [
        words.m.word("emergency", f"proof_{proof}") + of + checks
        for proof, checks in zip(cells(first["proof"]), cells(first[f"checks{end}"]), strict=True)
    ]


def _orders(listed: pd.DataFrame, source: Ints, end: str, words: Lexicon) -> dict[str, list[str]]:
    """What is ordered of each source, by level, with the share of its activity."""
    told: dict[str, list[list[str]]] = {level: [[] for _ in range(source.max() + 1)] for level in LEVELS}
    columns = (cells(listed[name]) for name in ("level", "kind", f"order{end}", "share_stopped"))
    for place, level, kind, order, share in zip(source.tolist(), *columns, strict=True):
        if share > 0 and level in told:
            if kind != "control":
                order = words.m("emergency.order", order=order, share=f"{100 * share:.0f}")
            told[level][place].append(order)
    between = words.m("punctuation.between")
    return {level: [between.join(texts) for texts in of_each] for level, of_each in told.items()}


def sensitivity_table(results: Results, words: Lexicon) -> Filled:
    """Table 16: energy prices at the ends of their ranges, limits loosened by 1 %, plans beside the plan."""
    m = words.m
    rows = [_price_row(row, words) for row in results.sensitivity.to_dict("records")]
    rows += [_limit_row(row, words) for row in priced(results, 30)]
    plans = results.manifest.get("alternatives", {}).get("plans", [])
    rows += [
        {
            "kind": words.word("kind", "alternatives"),
            "item": str(plan["plan"]),
            "case": f"{m('col.repeated')} {plan['repeated']:.0%}",
            DECIMALS: 0,
            "money": (plan["cost_cny"] - plans[0]["cost_cny"]) / 1e4,
        }
        for plan in plans[1:]
    ]
    return filled("sensitivity", pd.DataFrame(rows), [], words)


def _price_row(row: Mapping[Hashable, Any], words: Lexicon) -> dict[str, Any]:
    """The plan at another price of energy."""
    decimals = 1 if abs(row["planned"]) >= 100 else 2
    return {
        "kind": words.word("kind", "prices"),
        "item": words.m.word("item", row["item"]),
        "case": words.word("end", row["level"]),
        "year": str(row["year"]),
        "planned": round(row["planned"], decimals),
        "changed": round(row["price"], decimals),
        "unit": words.m.unit(str(row["unit"])),
        "money": row["change_cny_per_yr"] / 1e4,
        DECIMALS: decimals,
    }


def _limit_row(row: Mapping[Hashable, Any], words: Lexicon) -> dict[str, Any]:
    """A limit loosened; the decimals are those that show by how much."""
    scale = words.m.quantity_scale(str(row["unit"]), float(row["bound"]))
    sign, by = (-1.0 if row["op"] in ("at_least", "above") else 1.0), loosened(row)
    step = by / scale.by
    decimals = max(scale.decimals, 1 - math.floor(math.log10(step)) if step < 10 else 0)
    unit = scale.unit or words.m.word("quantity", row["quantity"])
    amount = words.m.with_unit(f"{step:,.{decimals}f}", unit)
    return {
        "kind": words.word("kind", "limits"),
        "item": about(row, words.m),
        "case": words.word("phrase", "below", value=amount),
        "year": str(row["year"]),
        "planned": round(row["bound"] / scale.by, decimals),
        "changed": round(row["bound"] / scale.by + sign * step, decimals),
        "unit": unit,
        "money": -row["price"] * by / 1e4,
        DECIMALS: decimals,
    }


def priced(results: Results, most: int) -> list[dict[Hashable, Any]]:
    """The limits whose loosening saves most, the first first; none that saves nothing as it is shown."""
    rows = data.prices(results, top=most).to_dict("records")
    return [row for row in rows if loosened(row) * abs(row["price"]) >= LEAST_WAN * 1e4]


def loosened(row: Mapping[Hashable, Any]) -> float:
    """By how much a limit is loosened: 1 % of its bound (of 1 where that is 0), a share by one point."""
    if row["unit"] == "%":
        return 1.0
    return LOOSENED * abs(float(row["bound"]) or 1.0)


def quality_table(results: Results, words: Lexicon) -> Filled:
    """Table 17: what the emission of the start year rests on; shares of a row add up to 100."""
    rows = []
    for pollutant, basis in results.quality.groupby("pollutant", sort=False):
        total = basis.loc[basis["basis"] == "evidence", "value"].sum()
        if not total:
            continue
        shares = basis.set_index(["basis", "label"])["share"]
        by_evidence = rounded_parts(np.array([100 * shares.get(("evidence", e), 0.0) for e in EVIDENCE]), 1)
        by_rating = rounded_parts(np.array([100 * shares.get(("rating", r), 0.0) for r in RATINGS]), 1)
        rows.append(
            {
                "pollutant": words.m.word("quantity", pollutant),
                "start": total / words.mass.by,
                **dict(zip(EVIDENCE, by_evidence, strict=True)),
                "constructed": 100 * shares.get(("constructed", "yes"), 0.0),
                **dict(zip(RATINGS, by_rating, strict=True)),
            }
        )
    return filled("quality", pd.DataFrame(rows), [], words)


def assumption_table(results: Results, words: Lexicon) -> Filled:
    """Prices and costs of the plan with range, rating and source; then every other work that is cited."""
    works: dict[str, dict[Hashable, Any]] = {
        row["citation"]: row for row in results.citations.to_dict("records")
    }
    rows: list[dict[str, Any]] = []
    for row in results.assumptions.to_dict("records"):
        work = works.get(row["citation"], {})
        rows.append(
            {
                "kind": words.word("kind", row["kind"]),
                "item": _subject(row, words),
                "value": row["value"],
                "unit": _per(str(row["unit"]), words),
                "range": f"{row['low']:g}–{row['high']:g}" if row["low"] == row["low"] else "",
                "rating": row["rating"],
                **_work(row["citation"], work, words),
            }
        )
    named = set(results.assumptions["citation"])
    rows += [
        {"kind": words.m("col.citation"), **_work(citation, work, words)}
        for citation, work in works.items()
        if citation not in named
    ]
    return filled("assumptions", pd.DataFrame(rows), [], words)


def _per(unit: str, words: Lexicon) -> str:
    """The unit of a price or of a cost."""
    shown = words.word("per", unit)
    return shown if shown != unit else words.m.unit(unit)


def _subject(row: Mapping[Hashable, Any], words: Lexicon) -> str:
    """What a row of assumptions is of: subject, item, place and year."""
    kind = "measure" if row["kind"] == "measure" else "fuel"
    name = words.m.name(kind, row["subject"])
    name = words.m.word("item", name) if name == row["subject"] else name
    place = words.m.name("city", row["place"]) if kind == "fuel" else words.m.name("class", row["place"])
    parts = words.joined([name, words.word("item", row["item"]), str(place)])
    year = row["year"]
    if year != year or not year:
        return parts
    key = "price_year" if kind == "measure" else "of_year"
    return words.word("phrase", key, item=parts, name=parts, year=int(year))


def _work(citation: str, work: Mapping[Hashable, Any], words: Lexicon) -> dict[str, str]:
    if citation == SET:
        return {"citation": words.word("phrase", "by_scenario")}
    year = work.get("year")
    title = str(work.get("title", ""))
    return {
        "citation": citation,
        "title": title if year is None or year != year else f"{title} ({year})",
        "where": str(work.get("where", "")),
        "access": words.word("access", work.get("access", "")),
    }
