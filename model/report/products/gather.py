"""All tables of a run, in the order of the workbook, and what stands on each of its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.report.messages import load_messages
from model.report.page import data
from model.report.page.opening import OBSERVED
from model.report.products import answers, projects, totals
from model.report.products.actions import action_rows
from model.report.products.design import Filled
from model.report.products.lexicon import Lexicon
from model.results.results import Results
from model.studies.emergency.lists import EmergencyResults


@dataclass(frozen=True)
class Gathered:
    """Tables by id, in order, and the actions that they select from."""

    tables: dict[str, Filled]
    actions: pd.DataFrame
    words: Lexicon
    lists: EmergencyResults | None


def gather(results: Results, lists: EmergencyResults | None, lang: str) -> Gathered:
    """Every table of a run in a language. lists: its emergency lists, where it has some."""
    m = load_messages(lang, results.names, data.is_small(results))
    words = Lexicon(m, dict(results.clauses[["clause", "article"]].astype(str).to_numpy()))
    rows = action_rows(results, words)
    made = [
        projects.project_list(rows, words),
        projects.boiler_list(rows, words),
        totals.works_table(rows, words),
        totals.money_table(results, words),
        totals.task_table(results, rows, words),
        answers.clause_table(results, words),
        answers.emergency_table(lists, words),
        answers.quality_table(results, words),
        totals.target_table(results, words),
        projects.ultra_low_list(rows, words),
        projects.bulk_coal_list(rows, words),
        projects.rail_list(rows, words),
        projects.vehicle_list(rows, words),
        projects.voc_list(rows, words),
        projects.dust_list(rows, words),
        projects.plant_list(results, rows, lists, words),
        answers.sensitivity_table(results, words),
        answers.assumption_table(results, words),
    ]
    return Gathered({table.design.ident: table for table in made}, rows, words, lists)


def quality_line(results: Results, words: Lexicon) -> str:
    """Shares of the start year's emission that rest on constructed and on measured or published numbers."""
    named: list[str] = []
    shares: dict[str, list[float]] = {"made": [], "seen": [], "split": []}
    for pollutant in data.TARGETED:
        rows = results.quality[results.quality["pollutant"] == pollutant]
        if rows.empty:
            continue
        named.append(pollutant)
        by = rows.set_index(["basis", "label"])["share"]
        shares["made"].append(by.get(("constructed", "yes"), 0.0))
        shares["seen"].append(sum(by.get(("evidence", label), 0.0) for label in OBSERVED))
        shares["split"].append(by.get(("evidence", "split"), 0.0))
    told = {key: _told([f"{share:.0%}" for share in values], words) for key, values in shares.items()}
    return words.word("about", "quality", pollutants=words.joined(named), **told)


def _told(shares: list[str], words: Lexicon) -> str:
    """Shares one by one, or once where they are all the same."""
    if len(set(shares)) == 1:
        return words.word("about", "all", shares=shares[0])
    return words.word("about", "each", shares=words.joined(shares))


def sheet_lines(results: Results, words: Lexicon) -> list[str]:
    """What stands below the title of every sheet: the mark, then how good the data are."""
    return [words.word("about", "mark"), quality_line(results, words)]


def about(results: Results, gathered: Gathered) -> Sequence[tuple[str, str]]:
    """The sheet that says what the workbook is: run, units, how to read it."""
    words, run = gathered.words, results.manifest
    gap = run.get("gap")
    facts = {
        "scenario": f"{results.titles[words.lang]} ({results.scenario}, {str(run['scenario_sha256'])[:12]})",
        "years": f"{results.start}; {words.span(results.years[0], results.years[-1])}",
        "money": words.word("about", "price_year", year=results.price_year),
        "gap": "–" if gap is None else f"{100 * float(gap):.3g}%",
    }
    keys = ("units", "empty", "actions", "counted", "clause", "standard", "emergency", "mark")
    return [
        *((words.word("about", f"{key}_head"), value) for key, value in facts.items()),
        *((words.word("about", f"{key}_head"), words.word("about", key)) for key in keys),
        (words.word("about", "quality_head"), quality_line(results, words)),
    ]
