"""What each clause is worth, in the clause table of both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.report import answers
from model.report.messages import LANGUAGES, load_messages
from model.report.report import write_report
from model.results.results import COLUMNS, Results
from tests.report.made_up import made_up

HEADS = {
    "en": ["Without this clause alone", "Saved without it", "Actions that name it"],
    "zh": ["仅取消该条", "取消后节省", "指向该条的措施"],
}


def credited() -> Results:
    """The first clause has a loss with another one, the second none, the rest impose nothing."""
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
    return replace(results, credit=frame.assign(year=frame["year"].astype("Int64")))


def cells(results: Results, lang: str) -> list[tuple[str, ...]]:
    messages = load_messages(lang, results.names)
    tables = [table for _, table in answers.clauses(results, messages)]
    assert all([column.head for column in table.columns][-3:] == HEADS[lang] for table in tables)
    by_clause = {row[0]: row[-3:] for table in tables for row in table.rows}
    return [by_clause[clause] for clause in results.clauses["clause"]]


def test_english_cells() -> None:
    first, second, *rest = cells(credited(), "en")
    assert first == (
        "t in 2020: SO2 +5,497, NOx −12 (with OTHER)",
        "76.80 million CNY (at most 81.80 million CNY)",
        "1,577; t a year: SO2 3,100",
    )
    assert second == ("the same plan", "0.00 million CNY (at most 5.00 million CNY)", "–")
    assert set(rest) == {("imposes nothing", "–", "–")}


def test_chinese_cells() -> None:
    first, second, *_ = cells(credited(), "zh")
    assert first == (
        "2020年（吨）：二氧化硫 +5,497、氮氧化物 −12（与OTHER一并）",
        "7,680 万元（至多8,180 万元）",
        "1,577项；每年（吨）：二氧化硫 3,100",
    )
    assert second[0] == "方案不变"


def test_without_credit_the_table_is_as_it_was() -> None:
    results = made_up()
    for lang in LANGUAGES:
        for _, table in answers.clauses(results, load_messages(lang, results.names)):
            assert len(table.columns) == 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_the_columns_mean(lang: str, tmp_path: Path) -> None:
    results = credited()
    write_report(results, lang, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert load_messages(lang)("intro.credit") in page
    assert HEADS[lang][0] in page
