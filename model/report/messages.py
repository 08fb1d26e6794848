"""The words of the report in English and Chinese, and how numbers are shown in each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from model.base.frames import records
from model.results.evidence import EVIDENCE

LANGUAGES = ("en", "zh")
SMALL_T = 5000.0
"""Masses below this many tonnes are shown in tonnes, and so is all of a region that emits less."""
SMALL_SCALES = {"mass": "tonnes", "money": "project_money"}
"""What a small region's page shows in the scale of single projects: totals of a few tonnes and million CNY
would round away."""
COUNTED = ("sources",)
"""Units that are counted and have no decimals."""

DAY_SHARE = "% of the day's emission"
"""Unit of what emergency lists cut."""

FLEETS = ("vehicles", "machines", "households", "units")
"""What is counted beside sources (model/results/clauses.py, limits on boilers)."""


@dataclass(frozen=True)
class Scale:
    """How a kind of number is shown: divided by `by`, with `decimals` (negative: to tens, hundreds), in
    `unit`.
    """

    by: float
    decimals: int
    unit: str


AUTONOMOUS = {"15", "45", "54", "64", "65"}
"""Codes of the autonomous regions."""

PLACES = {
    "city": "盟市",
    "county": "旗县",
    "counties": "旗县（市、区）",
    "province": "自治区",
    "whole": "全区",
}
"""What Chinese texts have where {local.city} and the like stand in them, in Inner Mongolia."""

SCALES: dict[str, dict[str, Scale]] = {
    "en": {
        "mass": Scale(1e3, 2, "kt"),
        "tonnes": Scale(1.0, 0, "t"),
        "money": Scale(1e6, 0, "million CNY"),
        "project_money": Scale(1e6, 2, "million CNY"),
        "per_tonne": Scale(1.0, -2, "CNY/t"),
    },
    "zh": {
        "mass": Scale(1e4, 2, "万吨"),
        "tonnes": Scale(1.0, 0, "吨"),
        "money": Scale(1e8, 2, "亿元"),
        "project_money": Scale(1e4, 0, "万元"),
        "per_tonne": Scale(1.0, -2, "元/吨"),
    },
}
"""Units a Chinese department expects: 万吨 and 亿元 with two decimals for totals, 吨 and 万元 whole for
projects, 元/吨 to hundreds."""

QUANTITY_SCALES: dict[str, dict[str, Scale]] = {
    "en": {
        "t/yr": Scale(1e3, 2, "kt"),
        "ug/m3": Scale(1.0, 1, "µg/m³"),
        "mg/m3": Scale(1.0, 1, "mg/m³"),
        "tkm/yr": Scale(1e9, 1, "billion tkm"),
        DAY_SHARE: Scale(1.0, 1, DAY_SHARE),
        "m3/yr": Scale(1e6, 1, "million m³"),
        "m3/day": Scale(1e4, 1, "10⁴ m³/day"),
        "GJ/yr": Scale(1e6, 2, "PJ"),
        "MWh/yr": Scale(1e6, 2, "TWh"),
        "CNY/yr": Scale(1e6, 0, "million CNY"),
        "GW": Scale(1.0, 1, "GW"),
        "Mtce/yr": Scale(1.0, 2, "Mtce"),
        "bcm/yr": Scale(1.0, 2, "bcm"),
        "%": Scale(1.0, 1, "%"),
        "1": Scale(1.0, 0, ""),
        "1/yr": Scale(1.0, 0, ""),
        **{unit: Scale(1.0, 0, unit) for unit in FLEETS},
    },
    "zh": {
        "t/yr": Scale(1e4, 2, "万吨"),
        "ug/m3": Scale(1.0, 1, "微克/立方米"),
        "mg/m3": Scale(1.0, 1, "毫克/立方米"),
        "tkm/yr": Scale(1e8, 1, "亿吨公里"),
        "MWh/GJ": Scale(1.0, 3, "兆瓦时/吉焦"),
        DAY_SHARE: Scale(1.0, 1, "%（占当日排放量）"),
        "m3/yr": Scale(1e8, 2, "亿立方米"),
        "m3/day": Scale(1e4, 1, "万立方米/日"),
        "GJ/yr": Scale(1e4, 1, "万吉焦"),
        "MWh/yr": Scale(1e5, 2, "亿千瓦时"),
        "CNY/yr": Scale(1e8, 2, "亿元"),
        "MW": Scale(1.0, 0, "兆瓦"),
        "MW/yr": Scale(10.0, 0, "万千瓦/年"),
        "GW": Scale(0.01, 0, "万千瓦"),
        "Mtce/yr": Scale(0.01, 0, "万吨标准煤"),
        "GJ/CNY": Scale(29.3076e-4, 3, "吨标准煤/万元"),
        "bcm/yr": Scale(0.1, 2, "亿立方米"),
        **{name: Scale(1.0, 0, word) for name, word in zip(FLEETS, "辆台户台", strict=True)},
        "%": Scale(1.0, 1, "%"),
        "1": Scale(1.0, 0, ""),
        "1/yr": Scale(1.0, 0, ""),
    },
}


LARGE: dict[tuple[str, str], tuple[float, Scale]] = {
    ("en", "t/yr"): (1e8, Scale(1e6, 2, "Mt")),
    ("zh", "t/yr"): (1e8, Scale(1e4, 0, "万吨")),
    ("zh", "GJ/yr"): (5e8, Scale(29.3076e4, 0, "万吨标准煤")),
}
"""Language and unit -> from where on, and in which scale, a region's coal, freight, CO2 and energy are shown;
heat of networks stays below."""


@dataclass(frozen=True)
class Messages:
    """A catalogue of one language, with the names of a run's own ids; small: the run is of a small region.
    places: its words for PLACES.
    """

    lang: str
    texts: Mapping[str, str]
    names: Mapping[tuple[str, str], str]
    small: bool = False
    places: Mapping[str, str] = field(default_factory=lambda: PLACES)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of `key` with `values` put in; KeyError names a key the catalogue does not have."""
        return self.texts[key].format(**values)

    def name(self, kind: str, ident: object) -> str:
        """Name of an id of the run (measure, county, source, city, citation), the id itself where it has
        none.
        """
        return self.names.get((kind, str(ident)), str(ident))

    def word(self, kind: str, ident: object) -> str:
        """A word of the fixed vocabulary: sector, payer, status, treatment ... The id itself where it is
        free.
        """
        return self.texts.get(f"{kind}.{ident}", str(ident))

    def unit(self, unit: str) -> str:
        """A unit of the model in the words of this language."""
        return self.word("unit", unit)

    def joined(self, kind: str, idents: object) -> str:
        """Names of ids that a cell joins by +."""
        return " + ".join(self.name(kind, part) for part in str(idents).split("+") if part)

    def scale(self, kind: str) -> Scale:
        """Scale of a kind of number of this language."""
        return SCALES[self.lang][SMALL_SCALES.get(kind, kind) if self.small else kind]

    def number(self, value: float, kind: str) -> str:
        """`value` in the scale of `kind`, without its unit; a dash where it is missing."""
        return shown(value, self.scale(kind))

    def measured(self, value: float, kind: str) -> str:
        """`value` in the scale of `kind` with its unit."""
        return self.with_unit(shown(value, self.scale(kind)), self.scale(kind).unit)

    def quantity(self, value: float, unit: str) -> str:
        """`value` of a model unit with the unit this language shows it in; small masses in tonnes."""
        scale = self.quantity_scale(unit, value)
        return self.with_unit(shown(value, scale), scale.unit)

    def with_unit(self, number: str, unit: str) -> str:
        """A number and its unit: no space before a per cent sign, nor before a Chinese unit."""
        close = unit[:1] in ("", "%") or (self.lang == "zh" and not unit[0].isascii())
        return f"{number}{unit}" if close else f"{number} {unit}"

    def quantity_scale(self, unit: str, largest: float) -> Scale:
        """The scale in which values of a model unit up to `largest` are shown."""
        if unit == "t/yr" and (not math.isfinite(largest) or abs(largest) < SMALL_T):
            return self.scale("tonnes")
        start, scale = LARGE.get((self.lang, unit), (math.inf, None))
        if scale is not None and abs(largest) >= start:
            return scale
        known = QUANTITY_SCALES[self.lang].get(unit)
        return known if known is not None else Scale(1.0, _decimals(unit, largest), self.unit(unit))


def _decimals(unit: str, largest: float) -> int:
    """Decimals of numbers up to `largest`: three digits, and none of what is counted."""
    if unit in COUNTED or not math.isfinite(largest):
        return 0
    return next((n for n, least in enumerate((100.0, 10.0, 1.0)) if abs(largest) >= least), 3)


def shown(value: float, scale: Scale) -> str:
    """A number as text: scaled, rounded, thousands grouped; a dash where it is missing."""
    if value is None or not math.isfinite(value):
        return "–"
    scaled = round(value / scale.by, scale.decimals)
    if scaled == 0:
        scaled = 0.0
        if value != 0:
            least = f"{10.0**-scale.decimals:,.{max(scale.decimals, 0)}f}"
            return f"<{least}" if value > 0 else f">-{least}"
    return f"{scaled:,.{max(scale.decimals, 0)}f}"


def apart(scale: Scale, one: float, other: float) -> Scale:
    """The scale, with as many more decimals (three at most) as show two numbers that differ as different."""
    finer = (replace(scale, decimals=scale.decimals + more) for more in range(4))
    return next((each for each in finer if shown(one, each) != shown(other, each)), scale)


def load_messages(lang: str, names: pd.DataFrame | None = None, small: bool = False) -> Messages:
    """The catalogue of `lang`; English evidence sentences are those of the results themselves.

    names: frame kind, id, en, zh of a run; small: show totals in the scale of single projects.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no catalogue for language '{lang}'; known: {', '.join(LANGUAGES)}")
    texts = dict(catalogue(lang))
    if lang == "en":
        texts.update({f"evidence.{key}": text for key, text in EVIDENCE.items()})
    known = {} if names is None else {(row["kind"], row["id"]): row[lang] for row in records(names)}
    places = _places(known)
    texts = {key: placed(text, places) for key, text in texts.items()}
    return Messages(lang, texts, known, small, places)


def placed(text: str, places: Mapping[str, str]) -> str:
    """A text with the words for cities, counties and the province put in; the rest is left to `format`."""
    for key, word in places.items():
        text = text.replace(f"{{local.{key}}}", word)
    return text


def _places(names: Collection[tuple[str, str]]) -> Mapping[str, str]:
    """PLACES in the words of a province; the first digits of the codes of its cities say which it is: two are
    the province, four the city, and a region may be one city.
    """
    codes = {ident for kind, ident in names if kind == "city" and ident.isdecimal()}
    provinces, alone = {code[:2] for code in codes}, len({code[:4] for code in codes}) == 1
    autonomous = bool(provinces & AUTONOMOUS)
    whole = "全域" if alone else "全区" if autonomous else "全省"
    if not provinces or "15" in provinces:
        return PLACES if not alone else {**PLACES, "whole": whole}
    return {
        "city": "州市" if "53" in provinces else "地市",
        "county": "县",
        "counties": "县（市、区）",
        "province": "自治区" if autonomous else "省级",
        "whole": whole,
    }


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """The catalogue file of a language, its nested keys joined by dots; duplicate keys are errors."""
    tree = YAML(typ="safe").load(
        (Path(__file__).parent / f"messages_{lang}.yaml").read_text(encoding="utf-8")
    )
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[str, object], before: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for key, value in tree.items():
        path = f"{before}{key}"
        if isinstance(value, Mapping):
            out += _flat(value, f"{path}.")
        else:
            out.append((path, str(value)))
    return out
