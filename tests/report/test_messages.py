"""The catalogues: both languages say the same, nothing asked for is missing, nothing in them is unused."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import model
from model.base.words import CASES, PAYERS, QUANTITIES, SECTORS, STRENGTHS
from model.report.messages import LANGUAGES, Messages, catalogue, load_messages
from model.results.evidence import EVIDENCE
from model.tables.schema import table_specs

FOLDER = Path(model.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8") for kind in ("*.py", "*.j2") for path in sorted(FOLDER.rglob(kind))
)
PRICES = FOLDER.parent / "inputs" / "reference" / "prices.csv"
WORDS = set(re.findall(r"[\w.%/]+", CODE)) | {
    *pd.read_csv(PRICES)["item"],
    *re.findall(r"[\w.%/]+", (FOLDER / "tables" / "schema.yaml").read_text(encoding="utf-8")),
    *("True", "False", "yes", "no", "% of the day's emission"),
    *("pre-China I", "China I", "China II", "China III", "China IV", "China V", "China VI"),
    *("census_2017", "statistics_2020"),
}
"""Every word of the code and of the schema, and values of the tables: what a key made of a prefix and a word
can end in."""
PREFIXES = {
    *re.findall(r"""f["']([a-z_]+(?:\.[a-z_]+)*)[._]\{""", CODE),
    *re.findall(r"""\bword\(\s*["']([a-z_]+)["']""", CODE),
    *(".".join(each) for each in re.findall(r"""\bword\(\s*["'](\w+)["'], f["'](\w+)_\{""", CODE)),
}
"""What stands before a name that is put in: m(f"col.{head}"), m.word("status", status)."""


def used(key: str) -> bool:
    """Whether the code can ask for a key: as it stands, or as a prefix and a word that it has."""
    if f'"{key}"' in CODE or f"'{key}'" in CODE:
        return True
    starts = [key[:at] for at, sign in enumerate(key) if sign in "._" and key[:at] in PREFIXES]
    return any(key[len(start) + 1 :] in WORDS for start in starts)


def test_both_catalogues_have_the_same_keys() -> None:
    english, chinese = catalogue("en"), catalogue("zh")
    assert set(chinese) - set(english) == {f"evidence.{key}" for key in EVIDENCE}
    assert set(english) <= set(chinese)


VALUE = r"\{(\w+)(?::\w+)?\}"


def test_both_catalogues_put_in_the_same_values() -> None:
    english = {**catalogue("en"), **{f"evidence.{key}": text for key, text in EVIDENCE.items()}}
    for key, text in catalogue("zh").items():
        assert set(re.findall(VALUE, text)) == set(re.findall(VALUE, english[key])), key


def test_the_chinese_catalogue_is_chinese() -> None:
    texts = load_messages("zh").texts
    latin = {key for key, text in texts.items() if not re.search(r"[\u4e00-\u9fff（）：；、]", text)}
    assert latin <= {"quantity.PM10", "quantity.PM2.5", "punctuation.space"}


def test_every_key_that_stands_in_the_code_exists() -> None:
    asked = set(re.findall(r"""\bm(?:essages)?\(\s*["']([a-z_]+(?:\.[a-z_A-Z]+)+)["']""", CODE))
    assert len(asked) > 100
    assert asked <= set(catalogue("en"))


def test_no_message_is_unused() -> None:
    assert [key for key in catalogue("en") if not used(key)] == []


def test_an_unused_message_would_be_found() -> None:
    assert not used("page.nobody_asks")
    assert not used("col.nobody_asks")
    assert not used("nobody.limit")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_the_model_are_all_there(lang: str) -> None:
    texts = catalogue(lang)
    fixed = {"quantity": QUANTITIES, "sector": SECTORS, "case": CASES, "strength": STRENGTHS, "payer": PAYERS}
    wanted = [f"{kind}.{word}" for kind, words in fixed.items() for word in words]
    assert [key for key in wanted if key not in texts] == []
    named = {key.partition(".")[2] for key in texts if key.startswith("attribute.")}
    assert named <= set(table_specs()["sources"].columns)


def test_a_key_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"page\.nothing"):
        Messages("en", {}, {})("page.nothing")


def test_places_have_the_words_of_their_province() -> None:
    """Inner Mongolia has leagues and banners; Yunnan has not, and is no autonomous region."""
    rows = [("city", "532500", "Honghe", "红河哈尼族彝族自治州"), ("city", "Honghe", "Honghe", "红河州")]
    yunnan = load_messages("zh", pd.DataFrame(rows, columns=["kind", "id", "en", "zh"]))
    said = [yunnan("col.city"), yunnan("col.county"), yunnan.word("payer", "region")]
    assert said == ["州市", "县（市、区）", "省级"]
    assert not [text for text in yunnan.texts.values() if "盟" in text or "旗" in text]
    assert [load_messages("zh")(f"col.{key}") for key in ("city", "county")] == ["盟市", "旗县（市、区）"]
    assert not [text for text in load_messages("zh").texts.values() if "{local" in text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_price_has_a_name(lang: str) -> None:
    m = load_messages(lang)
    assert {item for item in pd.read_csv(PRICES)["item"] if f"item.{item}" not in m.texts} == set()
