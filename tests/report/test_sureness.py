"""The section on limits that hold with a probability."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from model.report.messages import LANGUAGES, load_messages
from model.report.page import sureness
from model.report.page.parts import sections
from model.results.results import COLUMNS, Results
from tests.report.made_up import made_up


@pytest.fixture
def sure() -> Results:
    rows = [
        ("IM20-SO2/2020", 2020, 0.9, True, 3e5, 0.9127, 0.4871, -9e3, 7e3, -20.0, "t/yr", 1.28, 1.25e9, 1e9),
        ("IM20-NOX/2020", 2020, 0.8, False, 2e5, 0.75, 0.75, 1e3, 7e3, 5e3, "t/yr", 0.84, 1.25e9, 1e9),
    ]
    frame = pd.DataFrame([(*row, 20000) for row in rows], columns=list(COLUMNS["confidence"]))
    return replace(made_up(), confidence=frame)


def test_what_is_asked_and_attained_is_told(sure: Results) -> None:
    m = load_messages("en", sure.names)
    assert sureness.lines(sure, m) == [
        "Confidence costs 250 million CNY (present value) more than the plan without it, which costs 1,000 "
        "million CNY.",
        "SO2 in 2020 (IM20-SO2). Asked for with 90%; met in 91.3% of 20,000 fresh draws, by the plan "
        "without confidence in 48.7%.",
        "NOx · 2020 (IM20-NOX). Judged at 80% and not imposed; met in 75.0% of 20,000 fresh draws.",
    ]
    table = sureness.spread(sure, m)
    assert table.rows[0] == ("IM20-SO2 · 2020", "300.00", "-9.00", "7.00", "-0.02", "kt")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_section_is_there_where_confidence_was_asked_for(lang: str, sure: Results) -> None:
    m = load_messages(lang, sure.names)
    with_it = [section.ident for section in sections(sure, m, {})]
    without = [section.ident for section in sections(made_up(), m, {})]
    assert [ident for ident in with_it if ident != "confidence"] == without
    assert with_it.index("confidence") == with_it.index("swings") + 1
