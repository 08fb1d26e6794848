"""What would change the answer, with the numbers of a made-up run worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.report.messages import LANGUAGES, load_messages
from model.report.page import swings
from tests.report.made_up import made_up


def test_prices_of_fuels_are_told_with_what_they_cost() -> None:
    """Gas at 3.1 instead of 2.4 costs 330 million more, coal at 420 instead of 560 costs 120 million more."""
    results = made_up()
    running = results.payers.loc[results.payers["case"] == "plan", "running_cny_per_yr"].sum()
    lines = swings.lines(results, load_messages("en", results.names))
    assert lines[0] == (
        f"Natural gas at 3.1 instead of 2.4 CNY/m³ (high end of its range): 330 million CNY a year more, "
        f"{3.3e8 / running:.1%} of the plan's running cost."
    )
    cheap = results.sensitivity.assign(change_cny_per_yr=-1.2e8)
    lines = swings.lines(replace(results, sensitivity=cheap), load_messages("en"))
    assert "120 million CNY a year less" in lines[0]


def test_a_point_of_progress_moves_the_bound() -> None:
    """bound = start x (1 - cut) / (1 - p): to first order 0.01 / 0.88 of it; beside it from 12 to 13 %."""
    results = made_up()
    row = results.links.iloc[0]
    moved = row["bound"] * 0.01 / 0.88
    exact = row["start_value"] * 0.85 * (1 / 0.87 - 1 / 0.88)
    assert moved == pytest.approx(exact, rel=0.012)
    line = next(line for line in swings.lines(results, load_messages("en")) if line.startswith("Progress"))
    worth = moved * 5200.0
    assert f"moves the bound of 2018 by {moved:,.0f} t, worth about {worth / 1e6:,.0f} million CNY" in line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_of_what_is_not_there(lang: str) -> None:
    results = made_up()
    bare = replace(results, links=results.links.iloc[:0], sensitivity=results.sensitivity.iloc[:0])
    assert swings.lines(bare, load_messages(lang)) == []
