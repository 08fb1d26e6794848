"""AMOUNT and DATE of the scenario grammar.

AMOUNT = NUMBER [UNIT] | "85 % of 2015" | "85 % of frozen" | "90 % of baseline" | "supply"
       | "70 % of supply" | "20 points below 2020" | "500 t below 2017" | "500 t below frozen"
DATE   = YEAR | YYYY-MM-DD
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from model.base.faults import nearest
from model.base.units import UnitError, check_dimension, convert

Relation = Literal["plain", "percent_of", "points_below", "less", "supply"]
BASES = ("frozen", "baseline", "supply")
YEARS = range(1990, 2101)
"""Years that a scenario may name; any other is a slip of the pen."""


class Wrong(Exception):
    """A value that can not be read: what is wrong with it and what would be right; path is where below it."""

    def __init__(self, wrong: str, right: str = "", path: str = "", value: object = ...) -> None:
        self.wrong, self.right, self.path, self.value = wrong, right, path, value
        super().__init__(wrong)


@dataclass(frozen=True)
class Amount:
    """A number with what it refers to.

    relation `plain`: value in unit (None: a bare number); `percent_of`: value is a share (0.85) of the base;
    `points_below`: the base less value (0.20); `less`: the base less value in unit; `supply`: value 1 of base
    "supply".
    base: a year as text, frozen, baseline or supply.
    """

    value: float
    unit: str | None = None
    base: str | None = None
    relation: Relation = "plain"


_NUMBER = r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_PERCENT_OF = re.compile(_NUMBER + r"\s*%\s+of\s+(?P<base>\w+)")
_POINTS = re.compile(_NUMBER + r"\s*points?\s+below\s+(?P<base>\w+)")
_LESS = re.compile(_NUMBER + r"\s*(?P<unit>\D.*?|10\^.*?)\s+below\s+(?P<base>\w+)")
_PLAIN = re.compile(_NUMBER + r"\s*(?P<unit>\D.*|10\^.*)?")
_FORMS = 'write NUMBER UNIT, or such as "85 % of 2015", "70 % of supply", "20 points below 2020"'


def parse_amount(value: object) -> Amount:
    """Read an amount as YAML gives it, a number or a text.

    Raises:
        Wrong: not an amount.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong("is not an amount", _FORMS)
    if not isinstance(value, str):
        return Amount(_finite(value))
    text = value.strip()
    if text == "supply":
        return Amount(1.0, None, "supply", "supply")
    if found := _PERCENT_OF.fullmatch(text):
        base = _base(found["base"], BASES)
        if found["number"].startswith("-"):
            raise Wrong("is negative", "write a share of the base, such as 85 %")
        return Amount(_finite(found["number"]) / 100, None, base, "percent_of")
    if found := _POINTS.fullmatch(text):
        return Amount(_finite(found["number"]) / 100, None, _base(found["base"], ()), "points_below")
    if found := _LESS.fullmatch(text):
        base = _base(found["base"], ("frozen",))
        return Amount(_finite(found["number"]), _unit(found["unit"]), base, "less")
    if found := _PLAIN.fullmatch(text):
        unit = found["unit"]
        return Amount(_finite(found["number"]), None if unit is None else _unit(unit))
    raise Wrong("is not an amount", _FORMS)


def parted(text: str) -> tuple[float, str]:
    """Number and what follows it in an amount as written: 84 and `% of 2015`, 3 and `CNY/m3`.

    `supply` is 100 % of supply. A text without a number is nan and the text.
    """
    words = "100 % of supply" if text.strip() == "supply" else text.strip()
    found = re.fullmatch(_NUMBER + r"(?:\s*(?P<rest>\D.*))?", words)
    if found is None:
        return math.nan, words
    return float(found["number"]), found["rest"] or ""


def _unit(unit: str) -> str:
    try:
        check_dimension(unit, unit)
    except UnitError as error:
        raise Wrong(f"is not an amount: {error.wrong}", error.right) from None
    return unit.strip()


def _finite(number: str | float) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise Wrong("is not a finite number", _FORMS)
    return value


def _base(base: str, words: Collection[str]) -> str:
    if (base.isdecimal() and int(base) in YEARS) or base in words:
        return base
    raise Wrong(f"is not an amount: '{base}' is no base", nearest(base, ["a year, as 2015", *words]))


def in_unit(amount: Amount, unit: str, of: str) -> Amount:
    """A plain amount in `unit`; a unit without its `/yr` is taken as a yearly one (225 Mtce of GJ/yr).

    Args:
        amount: a relation other than plain is given back as it is.
        unit: unit wanted. A bare number is accepted if it is 0 or the unit has no dimension.
        of: what the amount is of, for the fault.

    Raises:
        Wrong: another dimension, or a bare number where a unit is needed.
    """
    if amount.relation != "plain":
        return amount
    if amount.unit is None:
        if amount.value == 0 or check_dimension(unit, "1") or check_dimension(unit, "1/yr"):
            return Amount(amount.value, unit)
        advice = f"write {amount.value:g} {unit.removesuffix('/yr')}"
        raise Wrong(f"has no unit, and {of} is in {unit}", advice)
    for written in (amount.unit, f"({amount.unit})/yr"):
        if check_dimension(written, unit):
            return Amount(convert(amount.value, written, unit), unit)
    if unit == "1":
        raise Wrong("is not a number without dimension", "write such as 12 % or 0.12")
    raise Wrong(f"is not an amount of {of}, which is in {unit}", f"write it in {unit.removesuffix('/yr')}")


def parse_number(value: object, unit: str = "1", of: str = "it") -> float:
    """A plain amount as a number in `unit`.

    Raises:
        Wrong: not an amount, not a plain one, or of another dimension.
    """
    amount = parse_amount(value)
    if amount.relation != "plain":
        raise Wrong("refers to something else", f"write a number{'' if unit == '1' else f' in {unit}'}")
    return in_unit(amount, unit, of).value


def parse_share(value: object) -> float:
    """A number from 0 to 1, as 0.12 or 12 %.

    Raises:
        Wrong: not such a number.
    """
    share = parse_number(value)
    if not 0 <= share <= 1:
        raise Wrong("is not between 0 and 1", "write it as 12 % or 0.12")
    return share


def parse_year(value: object) -> int:
    """A year.

    Raises:
        Wrong: not a whole number from 1990 to 2100.
    """
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or int(text) not in YEARS:
        raise Wrong("is not a year", f"write a year from {YEARS.start} to {YEARS.stop - 1}")
    return int(text)


def parse_date(value: object, kind: Literal["by", "from"]) -> date:
    """An ISO date, or a year: `by` means its last day, `from` its first.

    Raises:
        Wrong: not a date.
    """
    text = str(value)
    if text.isdecimal():
        year = parse_year(value)
        return date(year, 12, 31) if kind == "by" else date(year, 1, 1)
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Wrong("is not a date", "write YEAR or YYYY-MM-DD")
    return day
