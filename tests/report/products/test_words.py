"""Heads, words and sentences: as docs/zh_tables.md has them, in both languages alike, none unused."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pandas as pd
import pytest

from model.report.messages import PLACES
from model.report.products.design import designs, local_design
from model.report.products.draft import sentences
from model.report.products.lexicon import words

ROOT = Path(__file__).parents[3]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "model/report/products").glob("*.py"))
)
COMPUTED = {"item", "access", "works", "duty", "action", "standard", "technology", "counted", "unit", "goods"}
COMPUTED |= {"nature", "account", "kind", "control", "park", "units_of", "end", "per"}
"""Groups of words whose ids come from tables or are made in the code."""


def _documented() -> dict[str, tuple[str, str, list[tuple[str, bool]]]]:
    """Title -> sheet in Chinese and English, (head, is for the user) of docs/zh_tables.md."""
    text = (ROOT / "docs/zh_tables.md").read_text(encoding="utf-8")
    found = {}
    for part in text.split("\n## ")[1:]:
        lines = [line for line in part.splitlines() if line]
        title = re.sub(r"^\d+\. ", "", lines[0])
        sheet = re.match(r"Sheet (\S+) \((.+?)\): ", lines[1])
        assert sheet is not None, lines[1]
        heads = [(head.strip("*"), head.startswith("**")) for head in lines[2].split("｜")]
        found[title] = (sheet[1], sheet[2], heads)
    return found


def test_heads_are_those_of_the_page() -> None:
    documented = _documented()
    shown = [local_design(ident, PLACES) for ident in designs()]
    assert set(documented) == {design.title["zh"] for design in shown}
    for design in shown:
        sheet, english, heads = documented[design.title["zh"]]
        assert (sheet, english) == (design.sheet["zh"], design.sheet["en"])
        assert [(field.head["zh"], field.user) for field in design.fields] == heads


def test_the_heads_that_departments_expect_are_there() -> None:
    """The order of some tables of planning practice, word for word."""
    heads = {ident: [field.head["zh"] for field in local_design(ident, PLACES).fields] for ident in designs()}
    assert heads["clauses"] == [
        "章条",
        "原文（摘录）",
        "要求类型",
        "目标值",
        "方案值",
        "是否满足",
        "证据",
        "未纳入原因",
    ]
    expected = "盟市｜污染物｜基准年排放量（吨）｜结构减排｜工程减排｜管理减排｜合计削减量（吨）"
    assert heads["tasks"] == [*expected.split("｜"), "削减比例（%）", "占全区比重（%）"]
    expected = "序号｜盟市｜旗县（市、区）｜所在园区｜企业名称｜统一社会信用代码｜排污许可证编号"
    assert heads["projects"][:7] == expected.split("｜")


def test_every_table_has_both_languages_and_short_sheet_names() -> None:
    for design in designs().values():
        for lang in ("zh", "en"):
            assert 0 < len(design.sheet[lang]) <= 31
            assert not set(design.sheet[lang]) & set("[]:*?/\\")
            heads = [field.head[lang] for field in design.fields]
            assert len(set(heads)) == len(heads)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_words_say_the_same_in_both_languages() -> None:
    for kind, entries in words().items():
        for ident, texts in entries.items():
            assert len(texts) == 2, (kind, ident)
            assert _fields(texts[0]) == _fields(texts[1]), (kind, ident)


def test_every_control_has_its_words() -> None:
    """Names of controls.csv are Chinese; the English ones stand beside the same."""
    table = pd.read_csv(ROOT / "inputs/reference/controls.csv", dtype="str")
    chinese = dict(zip(table["control"], table["name_zh"], strict=True))
    assert {ident: texts[0] for ident, texts in words()["control"].items()} == chinese


def test_shipped_parks_and_goods_have_their_words() -> None:
    """What the shipped regions name is Chinese in a Chinese table; a user's own region may name more."""
    named: dict[str, set[str]] = {"park": set(), "goods": set()}
    for column, kind, files in (("park", "park", "*/*.csv"), ("commodity", "goods", "*/freight*.csv")):
        for path in sorted((ROOT / "inputs").glob(files)):
            if column in pd.read_csv(path, nrows=0):
                named[kind] |= set(pd.read_csv(path, dtype="str", usecols=[column])[column].dropna())
    for kind, idents in named.items():
        assert idents <= set(words()[kind]), idents - set(words()[kind])


def test_no_word_is_unused() -> None:
    for kind in set(words()) - COMPUTED:
        for ident in words()[kind]:
            name = str(ident).removesuffix("_head")
            assert f'"{ident}"' in SOURCES or f'"{name}"' in SOURCES, (kind, ident)


@pytest.mark.parametrize("chapter", sorted(sentences()))
def test_no_sentence_is_unused(chapter: str) -> None:
    for key in sentences()[chapter]:
        assert f'"{key}"' in SOURCES, (chapter, key)


def test_every_sentence_that_is_asked_for_is_there() -> None:
    asked = re.findall(r'\.(?:say|text)\(\s*"(\w+)", "(\w+)"', SOURCES)
    assert len(asked) > 40
    assert [pair for pair in asked if pair[1] not in sentences().get(pair[0], {})] == []
