"""Later chapters of report.docx: cities, money, benefit, doubt, clauses; annexed tables and the appendix."""

from __future__ import annotations

from model.report.page import alternatives
from model.report.products.chapters import households
from model.report.products.draft import Draft
from model.report.products.gather import quality_line
from model.report.products.printed import largest, print_table

ANNEXED = {
    "projects": 30,
    "boilers": 30,
    "ultra_low": 30,
    "bulk_coal": 20,
    "rail": 20,
    "vehicles": 20,
    "vocs": 20,
    "dust": 20,
    "emergency": 30,
    "plants": 15,
}
"""Tables of the annex and how many of their rows are printed."""


def cities(draft: Draft) -> None:
    """Table 2, and what households bear."""
    results, m = draft.results, draft.m
    draft.head("cities")
    draft.text("cities", "text")
    draft.table("tasks")
    draft.figure("actions_by_city")
    paid, _, share = households(results)
    if paid:
        total = draft.gathered.tables["bulk_coal"].total
        homes = "" if total is None else draft.say("cities", "homes", homes=f"{total['households']:,.0f}")
        money = m.measured(paid, "money")
        draft.paper.text(draft.say("cities", "burden", households=money, share=f"{share:.1%}") + homes)


def works(draft: Draft) -> None:
    """Tables 11 and 12, and what moves between payers."""
    results, m = draft.results, draft.m
    draft.head("works", across=True)
    total = draft.gathered.tables["works"].total
    if total is not None:
        scale = draft.gathered.words.money
        spent = f"{total['investment']:,.{scale.decimals}f}{scale.unit}"
        law = draft.gathered.tables["money"].total or {}
        asked = f"{law.get('law', 0.0):,.{scale.decimals}f}{scale.unit}"
        draft.text("works", "text", total=spent, law=asked)
    draft.table("works")
    draft.text("works", "funds")
    draft.table("money")
    draft.paper.note(draft.say("works", "below"))
    draft.figure("cost_by_payer", across=True)
    draft.paper.across(False)
    if len(results.transfers):
        draft.text("works", "transfers", value=m.measured(results.transfers["value"].sum(), "money"))
    if len(results.book):
        draft.text("works", "book", value=m.measured(results.book["value"].sum(), "money"))


def benefit(draft: Draft) -> None:
    """Air, carbon, households."""
    results, m = draft.results, draft.m
    last = results.years[-1]
    draft.head("benefit")
    air = results.air[(results.air["year"] == last) & (results.air["pollutant"] == "PM2.5")]
    mean = air.groupby("case")[["value", "low", "high"]].mean()
    if {"plan", "frozen"} <= set(mean.index):
        plan, frozen = mean.loc["plan"].astype(float), float(mean["value"].astype(float)["frozen"])
        values = {str(key): f"{value:.1f}" for key, value in plan.items()}
        where = draft.say("benefit", "air_mean" if len(results.cities) > 1 else "air_one")
        draft.text("benefit", "air", year=last, where=where, frozen=f"{frozen:.1f}", **values)
    else:
        draft.text("benefit", "air_none")
    less = draft.account["frozen", last, "CO2"] - draft.account["plan", last, "CO2"]
    draft.text(
        "benefit", "carbon" if less >= 0 else "carbon_more", year=last, value=m.measured(abs(less), "mass")
    )
    paid, running, _ = households(results)
    draft.text(
        "benefit", "burden", households=m.measured(paid, "money"), running=m.measured(running, "money")
    )


def doubt(draft: Draft) -> None:
    """Quality of the data, sensitivity, other plans."""
    results, m = draft.results, draft.m
    draft.head("doubt", across=True)
    draft.head("quality", 2, across=True)
    draft.text("doubt", "quality")
    draft.table("quality")
    draft.head("sensitivity", 2, across=True)
    draft.text("doubt", "sensitivity")
    draft.table("sensitivity")
    draft.head("alternatives", 2, across=True)
    if "alternatives" in results.manifest:
        for line in alternatives.lines(results, m):
            draft.paper.text(line)
    else:
        draft.text("doubt", "none")
    gap = results.manifest.get("gap")
    if gap is not None:
        draft.text("doubt", "gap", gap=f"{100 * float(gap):.3g}%")


def clauses(draft: Draft) -> None:
    """Table 13, every clause."""
    counts = draft.results.clauses["status"].value_counts()
    draft.head("clauses", across=True)
    draft.text(
        "clauses",
        "text",
        count=len(draft.results.clauses),
        met=int(counts.get("met", 0)),
        baseline=int(counts.get("met_by_baseline", 0)),
        missed=int(counts.get("missed", 0)),
        reported=int(counts.get("reported", 0)),
        outside=int(counts.get("not_in_model", 0)),
    )
    draft.table("clauses")


def safeguards(draft: Draft) -> None:
    """For the user to write."""
    draft.head("safeguards")
    draft.text("safeguards", "text")
    draft.paper.new_page()


def annex(draft: Draft) -> None:
    """The lists, the largest rows of each."""
    draft.head("annex", across=True)
    draft.paper.annex()
    draft.text("annex", "text")
    for ident, most in ANNEXED.items():
        table = draft.gathered.tables[ident]
        title = table.design.title["zh"]
        if not len(table.rows):
            draft.paper.note(draft.say("annex", "empty", title=title))
            continue
        few = len(table.rows) <= most
        print_table(draft.paper, table, title, None if few else largest(table, most))
        if not few:
            sheet = table.design.sheet["zh"]
            shown = draft.say("annex", "shown", all=f"{len(table.rows):,}", count=most, sheet=sheet)
            draft.paper.note(shown)


def appendix(draft: Draft) -> None:
    """Sources, model, terms."""
    results, words = draft.results, draft.gathered.words
    draft.head("appendix")
    draft.head("sources", 2)
    draft.text("appendix", "sources")
    draft.text("appendix", "made", quality=quality_line(results, words))
    draft.head("model", 2)
    draft.text("appendix", "method")
    run = results.manifest
    draft.text(
        "appendix",
        "model",
        sha=str(run["scenario_sha256"])[:12],
        seed=run["seed"],
        sources=f"{run.get('sources', 0):,}",
        states=f"{run.get('states', 0):,}",
    )
    draft.head("terms", 2)
    draft.text("appendix", "terms")
