"""The tables of plan.xlsx and report.docx: heads, kinds of cells, and what a filled table holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from model.report.messages import placed

DECIMALS = "decimals"
"""Column of rows that is no field: with how many decimals the numbers without a kind stand in a row."""
SMALL_KINDS = {"wt": "t", "yi": "wan"}
"""Kinds of totals, and those in which a small region shows them: 吨 for 万吨, 万元 for 亿元."""
SMALL_WORDS = {"zh": (("亿元", "万元"), ("万吨", "吨")), "en": (("10^8 CNY", "10^4 CNY"), ("10^4 t", "t"))}

KINDS = {
    "text": None,
    "year": 0,
    "no": 0,
    "num": None,
    "int": 0,
    "t": 0,
    "wt": 2,
    "wan": 0,
    "yi": 2,
    "per_t": -2,
    "pct": 1,
    "kg": 0,
}
"""Kind of a cell -> decimals: whole t, 万元 and kg/day; 万吨, 亿元 two; 元/吨 to hundreds; % one."""


@dataclass(frozen=True)
class Field:
    """A column. head: language -> head. width in characters. user: only the user can fill it."""

    key: str
    head: Mapping[str, str]
    kind: str
    width: int
    user: bool


@dataclass(frozen=True)
class Design:
    """A table: its id, sheet name and title by language, and columns."""

    ident: str
    sheet: Mapping[str, str]
    title: Mapping[str, str]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Filled:
    """A table with its rows, a column a field (missing keys are empty), and the row of totals, if any.

    years: what {base} and {start} of the heads are. small: totals are in the units of projects.
    """

    design: Design
    rows: pd.DataFrame
    total: Mapping[str, Any] | None = None
    years: Mapping[str, Any] = field(default_factory=dict)
    small: bool = False

    def heads(self, lang: str) -> list[str]:
        """The heads in a language, years put in."""
        return [self._head(each, lang) for each in self.design.fields]

    def kind(self, each: Field) -> str:
        """Kind of a column's cells."""
        return SMALL_KINDS.get(each.kind, each.kind) if self.small else each.kind

    def _head(self, each: Field, lang: str) -> str:
        head = each.head[lang].format_map({"base": "", "start": "", **self.years})
        for large, small in SMALL_WORDS[lang] if self.kind(each) != each.kind else ():
            head = head.replace(large, small)
        return head

    def cells(self, row: Mapping[Any, Any]) -> list[Any]:
        """Cells of a row in the order of the fields, None where empty."""
        values = [row.get(each.key) for each in self.design.fields]
        return [None if value is None or value != value or value == "" else value for value in values]


@cache
def designs() -> dict[str, Design]:
    """Every table of tables.yaml, by id, in order; words for places are yet to be put in."""
    path = Path(__file__).parent / "tables.yaml"
    tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return {ident: _design(ident, about) for ident, about in tree.items()}


def local_design(ident: str, places: Mapping[str, str]) -> Design:
    """A table of tables.yaml with a run's words for PLACES (messages.py) in its title and heads."""
    design = designs()[ident]
    fields = [replace(each, head=_local(each.head, places)) for each in design.fields]
    return replace(design, title=_local(design.title, places), fields=tuple(fields))


def _local(texts: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    return {lang: placed(text, places) for lang, text in texts.items()}


def _design(ident: str, about: Mapping[str, Any]) -> Design:
    fields = tuple(
        Field(str(key), {"zh": str(zh), "en": str(en)}, str(kind), int(width), rest == ["user"])
        for key, zh, en, kind, width, *rest in about["fields"]
    )
    wrong = [each.key for each in fields if each.kind not in KINDS]
    if wrong:
        raise ValueError(f"table {ident}: unknown kinds of {wrong}")
    return Design(ident, about["sheet"], about["title"], fields)
