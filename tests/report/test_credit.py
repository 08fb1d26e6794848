"""The table of what each clause is worth, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.report.messages import LANGUAGES, load_messages
from model.report.page import credit
from model.report.page.report import write_report
from model.results.results import COLUMNS, Results
from tests.report.made_up import made_up


def credited() -> Results:
    """The first clause has a loss with another one, the second none, no plan does without the third; the rest
    impose nothing.
    """
    results = made_up()
    clauses = results.clauses["clause"].tolist()
    frame = pd.DataFrame(
        {"clause": clauses, "plan": "made_up", "together": "", "entries": "", "status": "not_imposed"}
    )
    frame = frame.reindex(columns=list(COLUMNS["credit"])).assign(actions=0)
    worth = [column for column in frame if column.endswith(("_t", "_cny"))]
    frame.loc[:1, worth] = 0.0
    frame.loc[0, ["status", "together", "year", "loss_SO2_t", "loss_NOx_t", "loss_VOCs_t"]] = [
        "solved", "OTHER", 2020, 5496.9, -12.0, 0.4,
    ]  # fmt: skip
    frame.loc[0, ["saving_cny", "saving_at_most_cny", "actions", "action_SO2_t"]] = [
        76.8e6,
        81.8e6,
        1577,
        3100.0,
    ]
    frame.loc[1, ["status", "year", "saving_at_most_cny"]] = ["no_solve", 2020, 5e6]
    frame.loc[1, [column for column in frame if column.startswith("action_")]] = np.nan
    frame.loc[2, "status"] = "no_plan"
    return replace(results, credit=frame.assign(year=frame["year"].astype("Int64")))


def rows(results: Results, lang: str) -> list[tuple[str, ...]]:
    return list(credit.worth(results, load_messages(lang, results.names)).rows)


def test_english_cells() -> None:
    results = credited()
    first, second, third = rows(results, "en")
    name, other, last = results.clauses["clause"].head(3)
    assert first[:2] == (f"{name} (with OTHER)", "2020")
    assert first[2:7] == ("5,497", "-12", "<1", "0", "0")
    assert first[7:] == ("76.80", "81.80", "1,577", "3,100", "0", "0")
    assert second[0] == other
    assert second[2:] == ("0", "0", "0", "0", "0", "0.00", "5.00", "0", "–", "–", "–")
    assert third[0] == last
    assert third[1:4] == ("no plan found without it", "–", "–")


def test_chinese_cells() -> None:
    first, *_ = rows(credited(), "zh")
    assert first[0].endswith("（与OTHER一并）")
    assert first[7:9] == ("7,680", "8,180")


def test_without_credit_there_is_no_table() -> None:
    assert not rows(made_up(), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_it_means(lang: str, tmp_path: Path) -> None:
    results, messages = credited(), load_messages(lang)
    write_report(results, lang, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert messages("intro.credit") in page
    assert messages("table.worth") in page
