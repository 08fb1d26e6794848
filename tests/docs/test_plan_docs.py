"""docs/plans: every clause of the four registers stands once, with its reading and its entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.build_plans import DOCS, PLANS, ROOT, STATUSES, build, figure, rows, take_answers, words
from tests.levels import LONG

if TYPE_CHECKING:
    from tests.conftest import MainRun

FIGURES = 150
"""Least number of the 219 demands whose answer has a figure."""

LONGEST = ("inner_mongolia_2025", "honghe_2018_2020")
RUNS = [pytest.param(plan, marks=LONG) if plan in LONGEST else plan for plan in PLANS]


@pytest.mark.parametrize("plan", PLANS)
def test_page_is_what_the_script_gives(plan: str) -> None:
    assert (DOCS / f"{plan}.md").read_text(encoding="utf-8") == build(plan), "run python -m docs.build_plans"


@pytest.mark.parametrize("plan", PLANS)
def test_every_clause_stands_once(plan: str) -> None:
    page = build(plan)
    for row in rows(ROOT / "inputs" / "plans" / f"{plan}.csv"):
        assert page.count(f"| {row['clause']} |") == 1


def test_readings_are_of_clauses() -> None:
    clauses = {row["clause"] for plan in PLANS for row in rows(ROOT / "inputs" / "plans" / f"{plan}.csv")}
    assert {row["clause"] for row in rows(DOCS / "readings.csv")} == clauses
    assert len(PLANS) == 4
    assert len(clauses) == 219


def test_every_clause_has_one_answer_and_most_a_figure() -> None:
    answers = rows(DOCS / "answers.csv")
    registered = [row["clause"] for p in PLANS for row in rows(ROOT / "inputs" / "plans" / f"{p}.csv")]
    assert [row["clause"] for row in answers] == registered
    assert {row["status"] for row in answers} <= set(STATUSES)
    assert sum(row["figure"] == "yes" for row in answers) >= FIGURES
    assert all(row["figure"] == "no" for row in answers if row["status"] == "not_in_model")


def test_counts_stand_on_the_pages() -> None:
    answers = {row["clause"]: row for row in rows(DOCS / "answers.csv")}
    for plan in PLANS:
        found = [answers[row["clause"]] for row in rows(ROOT / "inputs" / "plans" / f"{plan}.csv")]
        of = Counter(answer["status"] for answer in found)
        numbers = Counter(answer["status"] for answer in found if answer["figure"] == "yes")
        page = build(plan)
        for status in STATUSES:
            assert f"| {status.replace('_', ' ')} | {of[status]} | {numbers[status]} |" in page
        assert f"| all | {len(found)} | {sum(numbers.values())} |" in page


def test_answers_are_taken_from_runs(tmp_path: Path) -> None:
    lines = "clause,status,achieved,unit\nA,met,0,t/yr\nB,reported,,t/yr\nC,met,3,\n"
    for plan in PLANS:
        (tmp_path / plan).mkdir()
        (tmp_path / plan / "clauses.csv").write_text(lines, encoding="utf-8")
    take_answers(tmp_path, tmp_path / "answers.csv")
    taken = [tuple(row.values()) for row in rows(tmp_path / "answers.csv")]
    assert taken == [("A", "met", "yes"), ("B", "reported", "no"), ("C", "met", "no")] * len(PLANS)


@pytest.mark.xdist_group("main")
@pytest.mark.parametrize("plan", RUNS)
def test_answers_are_those_of_the_run(plan: str, shipped: Callable[[str], MainRun]) -> None:
    said = {row["clause"]: (row["status"], row["figure"]) for row in rows(DOCS / "answers.csv")}
    for row in rows(shipped(plan).folder / "clauses.csv"):
        assert said[row["clause"]] == (row["status"], figure(row)), row["clause"]


def test_words_of_entries() -> None:
    limit = {"quantity": "SO2", "progress": "12 %", "at_most": {2020: "85 % of 2015"}, "enforce": False}
    assert words("limits", limit) == "limit: SO2, at most 2020: 85 % of 2015, judged only, progress 12 %"
    mandate = {"not_in": {"fuel": "coal"}, "by": "2020-12-31", "already_law": True}
    assert words("mandates", mandate) == "mandate: not in {fuel: coal}, by 2020-12-31, already law"
