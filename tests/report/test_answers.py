"""What the clause table says in the language of its reader."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import model
from model.report.messages import load_messages
from model.report.page.answers import clauses, sentences, works
from model.report.page.unjudged import why_not
from model.results.results import Results
from tests.report.made_up import made_up

SAID_IN = ("problem/limits.py", "problem/bounds.py", "problem/air.py", "baseline/receptors.py")


def plain(value: float, unit: str | None = None, year: int | None = 2020) -> dict[str, Any]:
    return {"year": year, "value": value, "unit": unit, "base": None, "relation": "plain"}


def change(attribute: str, unit: str, amounts: list[dict[str, Any]], by: bool = True) -> Results:
    """A run in which one clause is answered by a change of an attribute."""
    values = {
        "entry": "IM20-SWEEP",
        "what": f"{attribute} in English",
        "set": [{"attribute": attribute, "unit": unit, "by": by, "amounts": amounts}],
        "unit": "%",
        "achieved": 70.0,
        "frozen": 40.0,
    }
    results = made_up()
    entries = results.entries.head(1).assign(
        clause="IM20-SWEEP",
        entry="IM20-SWEEP",
        treatment="change",
        message="change",
        values=json.dumps(values),
    )
    return replace(results, entries=entries)


BY_YEAR = [plain(10.0, "ppm", 2019), plain(10.0, "ppm", 2020)]


@pytest.mark.parametrize(
    ("attribute", "unit", "amounts", "by", "said"),
    [
        ("sweeping_share", "1", [plain(0.7)], True, "机械化清扫率达到70%（2020年底前）"),
        ("fuel_sulphur_ppm", "ppm", BY_YEAR, False, "油品含硫量为10 ppm（2019年）、10 ppm（2020年）"),
        (
            "activity",
            "1",
            [{"year": 2020, "value": 0.8, "unit": None, "base": "baseline", "relation": "percent_of"}],
            True,
            "活动水平为基准情景的80%（2020年底前）",
        ),
        (
            "activity",
            "1",
            [{"year": None, "value": 1.0, "unit": None, "base": "2017", "relation": "percent_of"}],
            False,
            "活动水平为2017年的100%",
        ),
        (
            "green_share",
            "1",
            [{"year": 2020, "value": 0.2, "unit": None, "base": "2017", "relation": "points_below"}],
            True,
            "绿色建筑占比达到比2017年低20个百分点（2020年底前）",
        ),
    ],
)
def test_what_a_change_sets_is_told_in_chinese(
    attribute: str, unit: str, amounts: list[dict[str, Any]], by: bool, said: str
) -> None:
    told = sentences(change(attribute, unit, amounts, by), load_messages("zh"))["IM20-SWEEP"]
    assert f"在方案情景中假定（不计费用）：{said}；70.0%" in told
    assert "English" not in told


def test_reasons_and_notes_of_the_scenario_are_told() -> None:
    results = made_up()
    chinese = load_messages("zh", results.names)
    assert sentences(results, chinese)["IM20-PARKS"] == "未纳入模型：没有排放因子"
    for lang, note in (("en", " (Note: every town.)"), ("zh", "（说明：包括各县城）")):
        tables = dict(clauses(results, load_messages(lang, results.names)))
        (row,) = tables["3(10)"].rows
        assert row[-1].endswith(note)


def test_the_level_of_an_alert_is_told() -> None:
    values = {"entry": "A", "level": "orange", "achieved": 6.1, "bound": 20.0, "unit": "%"}
    values |= {"pollutant": "SO2", "done": 27, "places": 48}
    results = made_up()
    row = results.entries.head(1).assign(clause="A", message="alert_list", values=json.dumps(values))
    told = sentences(replace(results, entries=row), load_messages("zh"))["A"]
    assert "橙色预警" in told
    assert told.endswith("，二氧化硫")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the balance of 2025 has no gdp", "2025年平衡表中没有地区生产总值"),
        ("refers to a share of nothing", "作为分母的总量为零"),
        ("air_quality.csv has no PM10 of Hohhot in 2015", "air_quality.csv 中没有呼和浩特市2015的PM10"),
        (
            "receptors.csv has no PM10 of Wuhai; `at` means no city of the region",
            "receptors.csv 中没有乌海市的PM10；所指范围内没有盟市",
        ),
        ("the inventory of the start year has no NH3 in Ordos", "起始年清单中鄂尔多斯市没有氨"),
        ("something new", "something new"),
    ],
)
def test_why_a_limit_is_not_judged_is_told_in_chinese(reason: str, said: str) -> None:
    assert why_not(reason, load_messages("zh", made_up().names)) == said


def test_reasons_are_those_of_the_model() -> None:
    folder = Path(model.__file__).parent
    code = "".join((folder / name).read_text(encoding="utf-8") for name in SAID_IN)
    for part in ("the balance of {", "there is none of the whole that", "refers to a share of nothing"):
        assert part in code
    for part in ("has no {", "`at` means no city", "the inventory of the start year has no {"):
        assert part in code


def test_articles_stand_in_the_order_of_the_document() -> None:
    assert [article for article, _ in clauses(made_up(), load_messages("en"))] == [
        "1(2)",
        "2(7)",
        "3(9)",
        "3(10)",
    ]


def test_works_that_were_not_seen_stand_last() -> None:
    table = works(made_up(), load_messages("en"))
    assert [row[0] for row in table.rows] == ["gem_2023", "yearbook_2018"]
    assert table.rows[1][-1] == "from memory, not seen"


@pytest.mark.parametrize(("status", "said"), [("missed", "17.97%"), ("met", "18.0%")])
def test_what_is_missed_by_little_is_told_apart(status: str, said: str) -> None:
    """17.97 against at least 18 %: with one decimal both would be 18.0 %."""
    results = made_up()
    values = {
        "limit": "A/2020",
        "op": "at_least",
        "achieved": 17.97,
        "bound": 18.0,
        "frozen": 17.9,
        "unit": "%",
    }
    row = results.entries.head(1).assign(
        clause="A", message="limit", status=status, values=json.dumps(values)
    )
    told = sentences(replace(results, entries=row), load_messages("en"))["A"]
    assert told.startswith(f"A · 2020: {said} against at least 18.0")


def test_dates_are_written_as_in_documents() -> None:
    values = {"entry": "A", "achieved": 3.0, "count": 3.0, "counted": "sources", "frozen": 0.0, "unit": "1"}
    values |= {"date": "2018-10-01", "kind": "by"}
    results = made_up()
    row = results.entries.head(1).assign(clause="A", message="mandate", values=json.dumps(values))
    told = [sentences(replace(results, entries=row), load_messages(lang))["A"] for lang in ("zh", "en")]
    assert "截至2018年10月1日符合要求的有3" in told[0]
    assert "comply by 2018-10-01" in told[1]
