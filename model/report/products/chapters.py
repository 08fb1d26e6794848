"""Chapters of report.docx: what is asked, what is found, what is done."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.base.words import SECTORS
from model.report.messages import shown
from model.report.page.limits import about, meaning
from model.report.page.lines import chain_lines
from model.report.page.opening import verdicts
from model.report.page.tables import more_than_law
from model.report.products.actions import COUNTED
from model.report.products.answers import loosened, priced
from model.report.products.draft import Draft
from model.report.products.gather import quality_line
from model.report.products.rounding import rounded_parts
from model.results.results import Results
from model.results.works import ACTIONS

TOP_MEASURES = 15
THEMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("industry", ("power", "industry")),
    ("energy", ("boiler_out", "boiler_clean", "bulk_coal", "infrastructure")),
    ("transport", ("transport",)),
    ("land", ("dust",)),
    ("vocs", ("vocs",)),
)
"""Headings of the chapter on tasks and the kinds of works under each."""
SHOWN = ("SO2", "NOx", "VOCs")


def summary(draft: Draft) -> None:
    """The page that is read: is it met, what does it cost, who pays, what is cut, what binds, how good."""
    results, m, paper = draft.results, draft.m, draft.paper
    draft.head("summary")
    told = [text.rstrip("。") for text, _ in verdicts(results, m) if text != m("verdict.baseline_none")]
    paper.text("。".join([*told, ""]) + _missed(draft))
    more = {
        name: more_than_law(results, column)
        for name, column in (
            ("investment", "investment_cny"),
            ("running", "running_cny_per_yr"),
            ("annual", "annual_cost_cny"),
        )
    }
    sums = {name: m.measured(values.sum(), "money") for name, values in more.items()}
    paper.text(draft.say("summary", "cost", **sums) + _payers(draft, more["investment"]))
    draft.text("summary", "abated", year=results.years[-1], parts=_cuts(draft))
    binding = [
        draft.say(
            "summary",
            "binds_points" if row["unit"] == "%" else "binds_of",
            name=about(row, m),
            saved=_saved(draft, row),
        )
        for row in priced(results, 3)
    ]
    paper.text(
        draft.say("summary", "binds", names=m("punctuation.list").join(binding))
        if binding
        else draft.say("summary", "binds_none")
    )
    words = draft.gathered.words
    paper.small(quality_line(results, words))
    paper.new_page()


def _payers(draft: Draft, investment: pd.Series[float]) -> str:
    """Who pays the investment; the largest part is what the others leave of the total that is shown."""
    m, scale = draft.m, draft.gathered.words.money
    parts = {payer: round(value / scale.by, scale.decimals) for payer, value in investment.items()}
    if not any(parts.values()):
        return ""
    largest = max(parts, key=lambda payer: abs(parts[payer]))
    parts[largest] += round(investment.sum() / scale.by, scale.decimals) - sum(parts.values())
    told = [
        draft.say(
            "summary",
            "pays_of",
            payer=m.word("payer", payer),
            value=m.with_unit(f"{value:,.{scale.decimals}f}", scale.unit),
        )
        for payer, value in parts.items()
        if value
    ]
    return draft.say("summary", "pays", payers=m("punctuation.list").join(told))


def _missed(draft: Draft) -> str:
    """Which clauses are missed, one of each kind with the number of its kind."""
    clauses = draft.results.clauses
    kinds: dict[str, list[str]] = {}
    for clause in clauses.loc[clauses["status"] == "missed", "clause"].astype(str):
        kind = clause.rpartition("-")[0]  # IM20-PM25 of IM20-PM25-2018; IM20 is the document
        kinds.setdefault(kind if "-" in kind else clause, []).append(draft.m.name("clause", clause))
    told = [
        draft.say("summary", "missed_kind", name=names[0], count=len(names))
        if len(names) > 1
        else draft.say("summary", "missed_one", name=names[0])
        for names in kinds.values()
    ]
    return draft.say("summary", "missed", names=draft.m("punctuation.list").join(told)) if told else ""


def _cuts(draft: Draft) -> str:
    """What the plan cuts from the frozen case in the last year, by pollutant."""
    last, parts = draft.results.years[-1], []
    for pollutant in SHOWN:
        frozen, plan = (draft.account[case, last, pollutant] for case in ("frozen", "plan"))
        value = draft.m.measured(frozen - plan, "mass")
        share = f"{100 * (1 - plan / frozen):.1f}%" if frozen else "–"
        name = draft.m.word("quantity", pollutant)
        parts.append(draft.say("summary", "abated_of", pollutant=name, value=value, share=share))
    return draft.m("punctuation.list").join(parts)


def _saved(draft: Draft, row: Mapping[Hashable, Any]) -> str:
    """What loosening a limit by 1 %, or a share by one point, would save a year."""
    return draft.m.measured(loosened(row) * row["price"], "project_money")


def _price_sentences(draft: Draft, rows: Sequence[Mapping[Hashable, Any]]) -> list[str]:
    """What loosening each limit by 1 %, or a share by one point, would save a year."""
    return [
        draft.say(
            "potential",
            "points" if row["unit"] == "%" else "percent",
            name=about(row, draft.m),
            saved=_saved(draft, row),
        )
        for row in rows
    ]


def background(draft: Draft) -> None:
    """What the report answers, and in whose bookkeeping."""
    results = draft.results
    draft.head("background")
    draft.text(
        "background",
        "basis",
        title=results.titles["zh"],
        clauses=len(results.clauses),
        start=results.start,
        period=draft.gathered.words.span(results.years[0], results.years[-1]),
        price_year=results.price_year,
    )
    draft.text("background", "account")
    draft.text("background", "method")


def present(draft: Draft) -> None:
    """The start year: totals, sectors, air."""
    results, m = draft.results, draft.m
    draft.head("present")
    begin = [
        f"{m.word('quantity', p)}{m.measured(draft.account['plan', results.start, p], 'mass')}" for p in SHOWN
    ]
    draft.text("present", "total", start=results.start, parts=m("punctuation.list").join(begin))
    draft.text("present", "sectors")
    heads, rows = _sector_rows(draft)
    caption = draft.say("present", "sector_table", start=results.start)
    widths = [24.0] + [11.0] * (len(heads) - 1)
    numbers = [False] + [True] * (len(heads) - 1)
    draft.paper.table(caption, heads, rows, widths, numbers, [False] * len(heads), total=True)
    air = results.air
    now = air[(air["year"] == results.start) & (air["case"] == "plan") & (air["pollutant"] == "PM2.5")]
    if len(now):
        key = "air" if len(results.cities) > 1 else "air_one"
        draft.text("present", key, start=results.start, value=f"{now['value'].mean():.1f}")
    draft.text("present", "quality" if results.manifest.get("calibration") else "uncalibrated")


def _sector_rows(draft: Draft) -> tuple[list[str], list[list[str]]]:
    """Emission of the start year by sector in 万吨 and per cent, which add up to the row of totals."""
    results, m, scale = draft.results, draft.m, draft.gathered.words.mass
    rows = results.emissions
    first = rows[(rows["year"] == results.start) & (rows["case"] == "plan")]
    sums = first.pivot_table(index="sector", columns="pollutant", values="value", aggfunc="sum")
    sums = sums.reindex(index=[s for s in SECTORS if s in sums.index]).fillna(0.0)
    heads, columns = [draft.say("present", "sector")], []
    for pollutant in (*SHOWN, "PM10"):
        values = sums[pollutant].to_numpy(float)
        mass = rounded_parts(values / scale.by, scale.decimals)
        share = rounded_parts(100 * values / values.sum() if values.sum() else values, 1)
        columns += [
            [f"{v:,.{scale.decimals}f}" for v in (*mass, mass.sum())],
            [f"{v:.1f}" for v in (*share, share.sum())],
        ]
        heads += [
            draft.say("present", "mass", pollutant=pollutant, unit=scale.unit),
            draft.say("present", "share"),
        ]
    names = [*(m.word("sector", sector) for sector in sums.index), m("col.total")]
    return heads, [list(row) for row in zip(names, *columns, strict=True)]


def cases(draft: Draft) -> None:
    """The three cases side by side in the last year."""
    results, m = draft.results, draft.m
    draft.head("cases")
    same = "same" if results.manifest.get("calibration") else "same_uncalibrated"
    draft.text("cases", "text", same=draft.say("cases", same))
    last, rows, scale = results.years[-1], [], draft.gathered.words.mass
    for pollutant in (*SHOWN, "PM10", "PM2.5", "NH3", "CO2"):
        values = [draft.account["plan", results.start, pollutant]]
        values += [draft.account[case, last, pollutant] for case in ("frozen", "current_law", "plan")]
        cut = 100 * (1 - values[3] / values[1]) if values[1] else float("nan")
        rows.append([m.word("quantity", pollutant), *(shown(v, scale) for v in values), _share(cut)])
    heads = [
        draft.say("cases", key, year=last, start=results.start, unit=scale.unit)
        for key in ("pollutant", "start", "frozen", "current_law", "plan", "cut")
    ]
    caption = draft.say("cases", "table", year=last)
    draft.paper.table(caption, heads, rows, [20] + [14] * 5, [False] + [True] * 5, [False] * 6)


def _share(percent: float) -> str:
    return f"{percent:.1f}" if np.isfinite(percent) else "–"


def targets(draft: Draft) -> None:
    """Table 1, the chain links behind it, and what is missed."""
    results, m = draft.results, draft.m
    draft.head("targets", across=True)
    draft.text("targets", "text")
    draft.table("targets")
    draft.paper.across(False)
    lines = chain_lines(results, m)
    if lines:
        draft.text("targets", "chain")
        for line in lines:
            draft.paper.small(line)
    missed = results.limits[results.limits["status"] == "missed"]
    if len(missed):
        counts = missed.apply(lambda row: meaning(row, m), axis=1).value_counts(sort=False)
        names = [
            draft.say("targets", "missed_of", name=name, count=count) if count > 1 else str(name)
            for name, count in counts.items()
        ]
        draft.text("targets", "missed", names=m("punctuation.between").join(names))


def potential(draft: Draft) -> None:
    """What measures abate and cost, and what limits are worth."""
    results, m, money = draft.results, draft.m, draft.gathered.words.money
    draft.head("potential")
    rows = draft.gathered.actions
    sums = rows.groupby("measures", sort=False)[["investment_cny", "annual_cost_cny", *COUNTED]].sum()
    sums["actions"] = rows.groupby("measures", sort=False).size()
    sums = sums.sort_values("investment_cny", ascending=False, kind="stable").head(TOP_MEASURES)
    draft.text("potential", "text", count=len(sums))
    cells = [
        [
            m.joined("measure", name),
            f"{row['actions']:,.0f}",
            shown(row["investment_cny"], money),
            shown(row["annual_cost_cny"], money),
            *(f"{round(row[p]):,}" for p in COUNTED),
        ]
        for name, row in sums.to_dict("index").items()
    ]
    heads = [
        draft.say("potential", key, unit=money.unit) for key in ("measure", "actions", "investment", "annual")
    ]
    heads += [draft.say("potential", "abated", pollutant=draft.gathered.words.pollutant(p)) for p in COUNTED]
    draft.paper.table(
        draft.say("potential", "table"), heads, cells, [26, 8] + [12] * 6, [False] + [True] * 7, [False] * 8
    )
    draft.figure("reduction_by_measure")
    draft.head("price", 2)
    draft.text("potential", "price")
    for line in _price_sentences(draft, priced(results, 10)):
        draft.paper.small(line)
    draft.figure("prices")


def plan(draft: Draft) -> None:
    """Actions by kind and by year."""
    results, words = draft.results, draft.gathered.words
    rows = draft.gathered.actions
    draft.head("plan")
    draft.text("plan", "text", actions=f"{len(rows):,}", sources=f"{rows['source'].nunique():,}")
    draft.head("by_kind", 2)
    kinds = {kind: words.word("action", kind) for kind in ACTIONS}
    _grouped(draft, rows, "action", kinds, "kind_table", "kind")
    draft.head("by_year", 2)
    draft.text("plan", "year_text")
    _grouped(draft, rows, "year", {year: f"{year}年" for year in results.years}, "year_table", "year")
    draft.figure("emission_path", across=True)
    draft.figure("emission_by_sector", across=True)


def _grouped(
    draft: Draft, rows: pd.DataFrame, by: str, names: Mapping[Any, str], table: str, head: str
) -> None:
    """A table of actions, investment and abatement by one column, its rows adding up to the total."""
    sums = rows.groupby(by)[["investment_cny", *COUNTED]].sum().reindex(list(names)).fillna(0.0)
    count = rows.groupby(by).size().reindex(list(names)).fillna(0).to_numpy(float)
    scale = draft.gathered.words.money
    money = rounded_parts(sums["investment_cny"].to_numpy(float) / scale.by, scale.decimals)
    tonnes = [rounded_parts(sums[p].to_numpy(float), 0) for p in COUNTED]
    columns = [
        [f"{v:,.0f}" for v in (*count, count.sum())],
        [f"{v:,.{scale.decimals}f}" for v in (*money, money.sum())],
    ]
    columns += [[f"{v:,.0f}" for v in (*values, values.sum())] for values in tonnes]
    cells = [list(row) for row in zip([*names.values(), draft.say("plan", "total")], *columns, strict=True)]
    heads = [draft.say("plan", key, unit=scale.unit) for key in (head, "actions_head", "investment")]
    heads += [draft.say("potential", "abated", pollutant=draft.gathered.words.pollutant(p)) for p in COUNTED]
    size = len(heads)
    numbers = [False] + [True] * (size - 1)
    draft.paper.table(
        draft.say("plan", table), heads, cells, [14.0] * size, numbers, [False] * size, total=True
    )


def tasks(draft: Draft) -> None:
    """Works by theme, in sentences."""
    draft.head("tasks")
    table = draft.gathered.tables["works"].rows
    words = draft.gathered.words
    by_name = {row["kind"]: row for row in table.to_dict("records")}
    for theme, kinds in THEMES:
        draft.head(theme, 2)
        found = [by_name[name] for name in (words.word("works", kind) for kind in kinds) if name in by_name]
        for row in found:
            draft.text(
                "tasks",
                "works",
                kind=row["kind"],
                count=f"{row['count']:,.0f}",
                content=row["content"],
                investment=f"{row['investment']:,.{words.money.decimals}f}{words.money.unit}",
                abated=_abated(draft, row["abated"]),
            )
        if not found:
            draft.text("tasks", "none")
    draft.head("emergency", 2)
    listed = draft.gathered.tables["emergency"].rows
    if not len(listed):
        draft.text("tasks", "emergency_none")
        return
    draft.text("tasks", "emergency", sources=f"{len(listed):,}", lines=_alerts(draft))


def _abated(draft: Draft, amounts: str) -> str:
    """What works abate in a sentence; nothing of those that only make others possible."""
    if not amounts:
        return ""
    return draft.say("tasks", "abated_more" if "\u2212" in amounts else "abated", abated=amounts)


def _alerts(draft: Draft) -> str:
    """How far the lists of each level reach."""
    lists = draft.gathered.lists
    if lists is None:
        return ""
    judged = lists.summary[lists.summary["status"] != "reported"]
    return draft.m("punctuation.between").join(
        draft.say(
            "tasks",
            "emergency_of",
            level=draft.m.word("emergency", level),
            all=len(rows),
            done=int((rows["status"] == "reached").sum()),
        )
        for level, rows in judged.groupby("level", sort=False)
    )


def households(results: Results) -> tuple[float, float, float]:
    """What households pay beyond the law in force: investment, running cost, share of all investment."""
    investment = more_than_law(results, "investment_cny")
    running = more_than_law(results, "running_cny_per_yr")
    total = float(investment.sum())
    paid = float(investment.get("household", 0.0))
    return paid, float(running.get("household", 0.0)), paid / total if total else float(np.nan)
