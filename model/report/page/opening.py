"""The first page: the verdict, and six answers to what a planner asks."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.base.frames import records
from model.report.messages import Messages, Scale, shown
from model.report.page import data, tables
from model.report.page.limits import about, begun, bound_of, meaning, parts
from model.results.results import Results

OBSERVED = ("measured", "published")
CITED = (*OBSERVED, "split")
"""What counts as known from outside: of the unit itself; of it, or of the total that it is a share of."""
CUT = ("SO2", "NOx", "VOCs", "PM2.5", "CO2")
"""Pollutants of which the first page tells what is cut."""
MOST_BINDING = 3
"""Limits that the first page names, of those missed and of those that bind."""


@dataclass(frozen=True)
class Tile:
    """One answer on the first page: question, the figure, and lines below it."""

    question: str
    figure: str
    lines: tuple[str, ...]
    status: str = ""


def verdicts(results: Results, m: Messages) -> list[tuple[str, str]]:
    """The opening sentences with their status."""
    judged = results.limits[results.limits["status"].isin(["binding", "slack", "missed"])]
    imposed = ~judged["limit"].isin(results.judged_only)
    out = []
    for rows, words in ((judged[imposed], "verdict.missed"), (judged[~imposed], "verdict.judged.missed")):
        missed = int((rows["status"] == "missed").sum())
        if missed:
            out.append((m(words, missed=missed, count=f"{len(rows):,}"), "missed"))
        elif words == "verdict.missed":
            out.append((m("verdict.met", count=f"{len(rows):,}"), "met"))
    if results.manifest["status"] == "infeasible":
        out.append((m("verdict.infeasible"), "missed"))
    counts = results.clauses["status"].value_counts()
    if len(results.clauses):
        names = ("met", "met_by_baseline", "missed", "reported", "not_in_model")
        out.append(
            (m("verdict.clauses", all=len(results.clauses), **{n: int(counts.get(n, 0)) for n in names}), "")
        )
    else:
        out.append((m("verdict.no_clauses"), ""))
    if not tables.targets(results, m).rows:
        return out
    baseline = baseline_targets(results, m)
    text = (
        m("verdict.baseline") + m("punctuation.of") + m("punctuation.list").join(baseline)
        if baseline
        else m("verdict.baseline_none")
    )
    return [*out, (text, "met_by_baseline" if baseline else "")]


def baseline_targets(results: Results, m: Messages) -> list[str]:
    """Emission targets that the frozen or the current_law case keeps by itself."""
    table = tables.targets(results, m)
    return [
        row[0] for row, status in zip(table.rows, table.marks, strict=True) if status == "met_by_baseline"
    ]


def warning(results: Results, m: Messages) -> str:
    """The mark that outputs on constructed controls carry; empty where none is constructed."""
    share = results.quality[(results.quality["basis"] == "constructed") & (results.quality["label"] == "yes")]
    share = share[share["pollutant"].isin(data.TARGETED)]
    worst = share.sort_values("share", ascending=False).head(1)
    if worst.empty or float(worst["share"].iloc[0]) == 0.0:
        return ""
    percent = shown(float(worst["share"].iloc[0]), Scale(0.01, 0, "%")) + "%"
    return m(
        "page.not_for_enforcement_why",
        share=percent,
        pollutant=m.word("quantity", worst["pollutant"].iloc[0]),
    )


def tiles(results: Results, m: Messages) -> list[Tile]:
    """Is it met, what does it cost, who pays, what does it cut, what binds, how good is the data."""
    return [
        _met(results, m),
        _cost(results, m),
        _pays(results, m),
        _cuts(results, m),
        _binds(results, m),
        _data(results, m),
    ]


def _met(results: Results, m: Messages) -> Tile:
    held = results.limits["status"].isin(["binding", "slack", "missed"])
    missed = results.limits[results.limits["status"] == "missed"]
    judged = results.clauses[results.clauses["status"].isin(["met", "met_by_baseline", "missed"])]
    lines = [*_missed(results.limits[held], m), *_missed_clauses(judged, missed, m)]
    hidden = len(lines) - MOST_BINDING
    lines = lines[:MOST_BINDING] + [m("tile.more", count=hidden)] * (hidden > 0)
    figure = f"{int(held.sum()) - len(missed)} / {int(held.sum())}"
    if len(judged):
        figure = f"{int((judged['status'] != 'missed').sum())} / {len(judged)}"
        lines.insert(0, m("tile.share_of_clauses"))
    all_met = missed.empty and not (judged["status"] == "missed").any()
    return Tile(m("tile.met"), figure, tuple(lines), "met" if all_met else "missed")


def _missed(held: pd.DataFrame, m: Messages) -> list[str]:
    """A line for each entry that has missed limits, with how many of its limits are missed."""
    entries: dict[str, list[dict[Hashable, Any]]] = {}
    for row in records(held):
        entries.setdefault(parts(row["limit"])[0], []).append(row)
    lines = []
    for entry, rows in entries.items():
        missed = [row for row in rows if row["status"] == "missed"]
        if missed:
            words = "tile.missed_of" if len(rows) > 1 else "tile.missed"
            values = {"count": len(missed), "all": len(rows)} if len(rows) > 1 else {}
            lines.append(m(words, limit=entry, what=meaning(missed[-1], m), **values))
    return lines


def _missed_clauses(judged: pd.DataFrame, missed: pd.DataFrame, m: Messages) -> list[str]:
    """A line for each missed clause that no missed limit is of: a mandate, an alert."""
    told = {clause for names in missed["clause"] for clause in str(names).split("+")}
    rows = judged[(judged["status"] == "missed") & ~judged["clause"].isin(told)]
    return [m("tile.missed", limit=c, what=m.name("clause", c)) for c in rows["clause"]]


def _cost(results: Results, m: Messages) -> Tile:
    law = results.payers[results.payers["case"] == "current_law"]

    def line(key: str, value: float) -> str:
        return f"{m(f'tile.{key}')}{m('punctuation.of')}{m.measured(value, 'money')}"

    return Tile(
        m("tile.cost"),
        m.measured(tables.more_than_law(results, "investment_cny").sum(), "money"),
        (
            m("tile.investment"),
            line("running", tables.more_than_law(results, "running_cny_per_yr").sum()),
            line("annual", tables.more_than_law(results, "annual_cost_cny").sum()),
            m(
                "tile.law",
                investment=m.measured(law["investment_cny"].sum(), "money"),
                running=m.measured(law["running_cny_per_yr"].sum(), "money"),
            ),
        ),
    )


def _pays(results: Results, m: Messages) -> Tile:
    more = tables.more_than_law(results, "investment_cny")
    if more.empty or more.iloc[0] == 0:
        return Tile(m("tile.pays"), "–", ())
    total = more.sum()
    lines = tuple(
        m("tile.largest_payer", payer=m.word("payer", payer), investment=m.measured(value, "money"))
        for payer, value in more.items()
        if value != 0
    )
    percent = f" {more.iloc[0] / total:.0%}" if total > 0 else ""
    return Tile(m("tile.pays"), m.word("payer", more.index[0]) + percent, lines)


def _cuts(results: Results, m: Messages) -> Tile:
    """Tonnes less than case frozen in the last year inside the official accounts, and by how many actions."""
    last = results.account[results.account["year"] == results.years[-1]]
    value = {(r["pollutant"], r["case"]): float(r["value"]) for r in last.to_dict("records")}
    cases = {p: (value[p, "frozen"], value[p, "plan"]) for p in CUT if (p, "plan") in value}
    cuts = [_cut(p, *each, m) for p, each in cases.items()]
    if not cuts:
        return Tile(m("tile.cuts"), "–", ())
    first = next(iter(cases))
    sign = "−" if cases[first][1] <= cases[first][0] else "+"
    figure = f"{m.word('quantity', first)} {sign}{_share(*cases[first]).removeprefix('-')}"
    acting = m(
        "tile.actions", count=f"{len(results.plan):,}", sources=f"{results.plan['source'].nunique():,}"
    )
    against = m("tile.against", year=results.years[-1])
    return Tile(m("tile.cuts"), figure, (against, *cuts, acting))


def _cut(pollutant: str, frozen: float, plan: float, m: Messages) -> str:
    sign, amount = ("−" if plan <= frozen else "+"), m.quantity(abs(frozen - plan), "t/yr")
    share = _share(frozen, plan).removeprefix("-")
    return m("tile.cut", pollutant=m.word("quantity", pollutant), amount=sign + amount, share=share)


def _share(frozen: float, plan: float) -> str:
    """What the plan cuts, of case frozen."""
    return f"{(frozen - plan) / frozen:.1%}" if frozen > 0 else "–"


def _binds(results: Results, m: Messages) -> Tile:
    """The three entries that bind most: what one per cent of their bound would save counts."""
    priced = data.prices(results, top=len(results.limits))
    rows = priced if len(priced) else results.limits[results.limits["status"] == "binding"]
    if rows.empty:
        return Tile(m("tile.binds"), "0", (m("tile.none_binds"),))
    first = rows.assign(entry=rows["limit"].str.split("/").str[0]).drop_duplicates("entry")
    lines = [
        m("tile.bound", limit=row["entry"], what=begun(about(row, m)), bound=bound_of(row, m))
        for row in first.head(MOST_BINDING).to_dict("records")
    ]
    count = int((results.limits["status"] == "binding").sum())
    return Tile(m("tile.binds"), f"{count:,}", (m("tile.binding"), *lines))


def _data(results: Results, m: Messages) -> Tile:
    rows = results.quality[results.quality["basis"] == "evidence"]
    observed = rows[rows["label"].isin(OBSERVED)].groupby("pollutant", sort=False)["share"].sum()
    shares = observed.reindex([p for p in data.TARGETED if p in set(rows["pollutant"])], fill_value=0.0)
    if shares.empty:
        return Tile(m("tile.data"), "–", ())
    head = m("tile.observed", pollutant=m.word("quantity", shares.index[0]))
    lines = [f"{m.word('quantity', p)} {share:.0%}" for p, share in shares.iloc[1:].items()]
    for basis in ("evidence", "factor", "activity"):
        part = results.quality[(results.quality["basis"] == basis) & results.quality["label"].isin(CITED)]
        sums = part.groupby("pollutant", sort=False)["share"].sum().reindex(shares.index, fill_value=0.0)
        listed = m("punctuation.list").join(
            f"{m.word('quantity', p)} {share:.0%}" for p, share in sums.items()
        )
        lines.append(m(f"tile.{basis}", shares=listed))
    return Tile(m("tile.data"), f"{shares.iloc[0]:.0%}", (head, *lines))
