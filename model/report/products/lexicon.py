"""How the things of a run are called and measured in the tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from model.report.messages import SCALES, Messages

LIMITED = ("SO2", "NOx", "PM10")
SIZES = {
    "MW": ("10MW", 10.0, 1.0),
    "t/yr": ("10kt", 1e4, 1e3),
    "tph": ("tph", 1.0, 1.0),
    "GJ/yr": ("GJ/yr", 1e4, 1e3),
    "m3/yr": ("m3/yr", 1e4, 1e6),
}
"""Unit of a capacity -> word of the unit it is shown in, what it is divided by in Chinese and in English."""
AMOUNTS = {
    "t": ("10kt", 1e4, 1e3),
    "m2": ("m2", 1e4, 1e3),
    "GJ": ("GJ", 1e4, 1e3),
    "km": ("km", 1e4, 1e6),
    "tkm": ("tkm", 1e4, 1e6),
}
"""The same for activities."""
LEAST = 10.0
"""Of how many of its units an activity is shown in it; below, in the unit of the model."""
HEATED = ("residential_coal", "commercial_stove")


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """Words of words.yaml by kind and id, Chinese and English."""
    path = Path(__file__).parent / "words.yaml"
    tree: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tree


class Lexicon:
    """Words of one language for one run. mass, money: the scales of totals, Chinese in every language."""

    def __init__(self, m: Messages, articles: Mapping[str, str]) -> None:
        self.m = m
        self.lang = m.lang
        self.mass = SCALES["zh"]["tonnes" if m.small else "mass"]
        self.money = SCALES["zh"]["project_money" if m.small else "money"]
        self._place = 0 if m.lang == "zh" else 1
        self._articles = articles

    def word(self, kind: str, ident: object, /, **values: object) -> str:
        """A word of words.yaml with `values` put in; the id where it has none."""
        found = words()[kind].get(str(ident))
        return str(ident) if found is None else found[self._place].format(**values)

    def pollutant(self, pollutant: str) -> str:
        """Formula of a pollutant; PM10 stands for particulate matter."""
        return self.word("phrase", "PM") if pollutant == "PM10" else pollutant

    def amount_of(self, pollutant: str, number: str) -> str:
        """A pollutant and a number, whose minus is no hyphen: lines break after hyphens."""
        return self.pollutant(pollutant) + " " + number.replace("-", "\u2212")

    def of_year(self, name: str, year: int) -> str:
        """A demand of a year; the year is named where the demand does not name it."""
        return name if str(year) in name else self.word("phrase", "of_year", name=name, year=year)

    def span(self, first: int, last: int) -> str:
        """The years from the first to the last."""
        if first == last:
            return self.word("phrase", "year", year=first)
        return self.word("phrase", "years", first=first, last=last)

    def joined(self, parts: list[str]) -> str:
        """A list in words, without what is empty."""
        return self.m("punctuation.list").join(part for part in parts if part)

    def state(self, fuel: str, technology: str, controls: str) -> str:
        """A technology state: fuel, technology, controls."""
        bought = technology == "network"
        names = [self.m.name("fuel", fuel) if fuel not in ("", "none") and not bought else ""]
        return "/".join(
            part for part in [*names, self.word("technology", technology), self.controls(controls)] if part
        )

    def controls(self, controls: str) -> str:
        """Controls in place."""
        return self.joined([self._control(control) for control in controls.split("+") if control])

    def _control(self, control: str) -> str:
        name = self.m.name("control", control)
        return self.word("control", control) if name == control else name

    def standard(self, row: Mapping[Any, Any]) -> str:
        """The standard that the new state meets and its limits, mg/m3 at the reference oxygen."""
        level = row["meets_to"]
        if level not in ("national_limits", "special_limits", "ultra_low"):
            return ""
        limits = [
            self.amount_of(p, f"{row[f'limit_{p}']:g}")
            for p in LIMITED
            if row[f"limit_{p}"] == row[f"limit_{p}"]
        ]
        oxygen = row["ref_o2"]
        if oxygen == oxygen and limits:
            limits.append(self.word("phrase", "oxygen", value=f"{oxygen:g}"))
        return self.m("punctuation.of").join(
            [self.word("standard", level), self.joined(limits)][: 1 + bool(limits)]
        )

    def size(self, row: Mapping[Any, Any]) -> str:
        """How large a source is: its fleet, capacity or activity."""
        if row["fleet"]:
            return f"{max(round(row['stock']), 1):,}{self._space}{self.word('counted', row['fleet'])}"
        if row["capacity"] == row["capacity"] and row["capacity_unit"] in SIZES:
            return self.amount(row["capacity"], row["capacity_unit"], SIZES)
        if row["activity"] != row["activity"]:
            return ""
        if row["activity_unit"] == "1":
            return f"{row['activity']:,.0f}{self._space}{self.word('units_of', row['class'])}"
        return self.amount(row["activity"], row["activity_unit"], AMOUNTS)

    def amount(self, value: float, unit: str, shown_in: Mapping[str, tuple[str, float, float]]) -> str:
        """A value in the unit in which the tables show it."""
        word, *by = shown_in.get(unit, (unit, 1.0, 1.0))
        scaled = value / by[self._place]
        if shown_in is AMOUNTS and unit in AMOUNTS and abs(scaled) < LEAST:
            word, scaled = f"one_{unit}", value
        return f"{plain(scaled)}{self._space}{self.word('unit', word)}"

    def done(self, row: Mapping[Any, Any]) -> str:
        """Month by which an action is complete: before the heating season for heat, else the year's end."""
        heat = row["duty"] == "heating" or row["class"] in HEATED
        return self.word("phrase", "october" if heat else "december", year=row["year"])

    def clause(self, clauses: str) -> str:
        """Clauses with the article each is of."""
        names = [
            f"{self._articles.get(clause, '')} {clause}".strip() for clause in clauses.split("+") if clause
        ]
        return self.joined(names)

    def rating(self, rating: object, constructed: object) -> str:
        """Rating of a row, with the mark of what is constructed."""
        made = self.word("phrase", "made")
        text = "" if rating is None or rating != rating else str(rating)
        if not constructed or not text:
            return made if constructed else text
        return f"{text}（{made}）" if self.lang == "zh" else f"{text} ({made})"

    @property
    def _space(self) -> str:
        return "" if self.lang == "zh" else " "


def plain(value: float) -> str:
    """A number as text: whole from a hundred on, else three digits."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{float(f'{value:.3g}'):g}"
