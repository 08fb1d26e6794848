"""docs/plans: every clause of the four registers stands once, with its reading and its entry."""

from __future__ import annotations

import pytest

from docs.build_plans import DOCS, PLANS, ROOT, build, rows, words


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


def test_words_of_entries() -> None:
    limit = {"quantity": "SO2", "progress": "12 %", "at_most": {2020: "85 % of 2015"}, "enforce": False}
    assert words("limits", limit) == "limit: SO2, at most 2020: 85 % of 2015, judged only, progress 12 %"
    mandate = {"not_in": {"fuel": "coal"}, "by": "2020-12-31", "already_law": True}
    assert words("mandates", mandate) == "mandate: not in {fuel: coal}, by 2020-12-31, already law"
