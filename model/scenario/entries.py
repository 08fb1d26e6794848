"""Reads the entries of a scenario: limits, mandates, changes, alerts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from model.base.faults import nearest
from model.base.select import Attribute, Selector
from model.base.words import POLLUTANTS, QUANTITIES, STRENGTHS
from model.scenario.amounts import (
    Amount,
    Wrong,
    in_unit,
    parse_date,
    parse_share,
    parse_year,
)
from model.scenario.document import Place
from model.scenario.reader import Reader, amounts, choice, flag, integer, many, text, word_or
from model.scenario.scenario import Alert, Change, Entry, FrozenMap, Limit, Mandate, Operator, ShareOf

OPERATORS: tuple[Operator, ...] = ("at_most", "at_least", "below", "above")
CLASS_UNIT = ("activity", "capacity", "capacity_completed")
"""Quantities in the unit of the class, which the tables know: their amounts stay as written."""
SUPPLIED = ("network_heat", "natural_gas", "rail_freight", "peak_heat", "peak_gas")
"""What projects supply (table `projects`: supplies, and its peak)."""
LEVELS = ("yellow", "orange", "red")


@dataclass(frozen=True)
class Words:
    """The vocabulary entries are read with.

    attributes of sources; receptors: attributes of receptors; settable: unit of each attribute that a change
    may set; places: where each dotted path was written.
    """

    attributes: Mapping[str, Attribute]
    receptors: Mapping[str, Attribute]
    settable: Mapping[str, str]
    start: int
    years: tuple[int, ...]
    places: Mapping[str, Place]


def read_entry(reader: Reader, name: str, words: Words) -> Entry:
    """What every entry has."""
    place = words.places.get(reader.path, Place("", None))
    stated = reader.has("clause")
    clauses = reader.get("clause", many(text), (name,))
    return Entry(
        id=name,
        where=reader.selector("where", words.attributes),
        clauses=clauses,
        stated=stated,
        strength=reader.get("strength", choice(STRENGTHS), None),
        note=reader.get("note", text, None),
        file=place.file,
        line=place.line,
    )


def read_limit(reader: Reader, name: str, words: Words) -> Limit:
    """A limit, or a quantity that is reported."""
    entry = read_entry(reader, name, words)
    quantity = reader.need("quantity", choice(QUANTITIES), "activity", "write quantity: SO2, or another")
    share_of = _share_of(reader, words)
    op = reader.one_of(OPERATORS, needed=False)
    check = _Bound(quantity, share_of, entry.where, words)
    bounds = reader.get(op, amounts(check), None) if op else None
    _fit(reader, quantity)
    limit = Limit(
        **vars(entry),
        quantity=quantity,
        states=reader.selector("states", words.attributes),
        share_of=share_of,
        at=reader.selector("at", words.receptors),
        each=reader.get("each", _group(words.attributes), None),
        years=_years(reader, bounds, words),
        progress=reader.get("progress", parse_share, None),
        link=reader.get("link", choice(("chain", "none")), "chain"),
        op=op,  # type: ignore[arg-type]
        bounds=bounds,
        enforce=reader.get("enforce", flag, True),
        confidence=reader.get("confidence", _confidence, None),
    )
    _bases(reader, limit, words.years if limit.years == "all" else limit.years)
    reader.close()
    return limit


def read_mandate(reader: Reader, name: str, words: Words) -> Mandate:
    """A mandate."""
    entry = read_entry(reader, name, words)
    reader.one_of(("not_in", "only_in"), needed=True)
    kind: Literal["by", "from"] = "from" if reader.one_of(("by", "from"), needed=True) == "from" else "by"
    mandate = Mandate(
        **vars(entry),
        not_in=reader.selector("not_in", words.attributes),
        only_in=reader.selector("only_in", words.attributes),
        date=reader.get(kind, lambda value: parse_date(value, kind), parse_date(words.start, "by")),
        date_kind=kind,
        already_law=reader.get("already_law", flag, False),
    )
    reader.close()
    return mandate


def read_change(reader: Reader, name: str, words: Words) -> Change:
    """A change of attributes."""
    entry = read_entry(reader, name, words)
    section = reader.section("set")
    values: dict[str, FrozenMap[int, Amount] | Amount] = {}
    for key in section.data:
        value = section.get(key, amounts(_Setting(key, entry.where, words)), None)
        if value is not None:
            values[key] = value
    if not section.data:
        reader.fault("", None, "sets nothing", "write set: {ATTRIBUTE: AMOUNT}")
    by = reader.get("by", parse_year, None)
    single = [key for key, value in values.items() if isinstance(value, Amount)]
    if single and not reader.has("by"):
        reader.fault("", None, "has no 'by'", f"write by: YEAR, or {single[0]}: {{YEAR: AMOUNT}}")
    change = Change(
        **vars(entry), set=FrozenMap(values), by=by, already_law=reader.get("already_law", flag, False)
    )
    reader.close()
    return change


def read_alert(reader: Reader, name: str, words: Words) -> Alert:
    """An alert."""
    alert = Alert(
        **vars(read_entry(reader, name, words)),
        level=reader.need("level", choice(LEVELS), LEVELS[0], f"write one of {', '.join(LEVELS)}"),
        reduce=reader.need("reduce", parse_share, 0.0, "write reduce: 20 %"),
        quantities=reader.need("quantities", many(choice(POLLUTANTS)), (), "write quantities: [SO2, ..]"),
        each=reader.get("each", _group(words.attributes), None),
        months=reader.need("month", many(_month), (), "write month: 1"),
    )
    reader.close()
    return alert


def _fit(reader: Reader, quantity: str) -> None:
    """Keys that a quantity of its kind can not have."""
    kind = QUANTITIES[quantity].kind
    if reader.has("at") and kind != "response":
        reader.fault("at", None, f"receptors have no {quantity}", "use where")
    if kind == "balance":
        for key in ("where", "states", "each"):
            if reader.has(key):
                reader.fault(key, None, f"{quantity} is a total of the region", f"leave {key} out")


def _bases(reader: Reader, limit: Limit, years: tuple[int, ...]) -> None:
    """A year that a bound refers to comes before the year it binds; progress is since such a year."""
    if isinstance(limit.bounds, FrozenMap):
        bounds = dict(limit.bounds)
    else:
        bounds = {} if limit.bounds is None else {min(years): limit.bounds}
    chained = False
    for year, bound in bounds.items():
        if bound.base is not None and bound.base.isdecimal():
            chained = True
            if int(bound.base) >= year:
                reader.fault(limit.op or "", bound.base, "is not before the year it binds", f"that is {year}")
    if limit.progress is not None and not chained:
        reader.fault("progress", None, "has nothing to be progress of", "write the bound as '85 % of YEAR'")


def _share_of(reader: Reader, words: Words) -> Literal["all"] | ShareOf | None:
    if not reader.has("share_of"):
        return None
    if not isinstance(reader.data["share_of"], Mapping):
        whole = reader.get("share_of", word_or("all", choice(QUANTITIES)), None)
        return whole if whole is None or whole == "all" else ShareOf(whole)
    section = reader.section("share_of")
    share = ShareOf(
        section.need("quantity", choice(QUANTITIES), "activity", "write quantity: SO2, or another"),
        section.selector("where", words.attributes),
        section.selector("states", words.attributes),
    )
    section.close()
    return share


def _years(
    reader: Reader, bounds: FrozenMap[int, Amount] | Amount | None, words: Words
) -> tuple[int, ...] | Literal["all"]:
    """Years of a limit: those of its bounds, else `year`; each a decision year."""
    written = reader.get("year", word_or("all", many(_among(words.years))), None)
    if not isinstance(bounds, FrozenMap):
        if not reader.has("year"):
            reader.fault("", None, "has no 'year'", "write year: YEAR, [YEAR, ..] or all")
        return written or words.years
    if written is not None:
        reader.fault("year", None, "the bounds have their years already", "leave year out")
    key = next(op for op in OPERATORS if op in reader.data)
    for year in bounds:
        if year not in words.years:
            reader.fault(f"{key}.{year}", None, _outside(year), _decisions(words.years))
    return tuple(bounds)


def _among(years: tuple[int, ...]) -> Any:
    def parse(value: object) -> int:
        year = parse_year(value)
        if year not in years:
            raise Wrong(_outside(year), _decisions(years), value=None)
        return year

    return parse


def _outside(year: int) -> str:
    return f"{year} is not a year of the scenario"


def _decisions(years: tuple[int, ...]) -> str:
    return "its years are " + ", ".join(map(str, years))


@dataclass(frozen=True)
class _Bound:
    """Checks a bound of a limit against its quantity and brings it into its unit."""

    quantity: str
    share_of: Literal["all"] | ShareOf | None
    where: Selector | None
    words: Words

    def __call__(self, amount: Amount) -> Amount:
        if amount.relation == "points_below" and self.share_of is None:
            raise Wrong("is not a bound: points are of a share", "add share_of, or write it in per cent")
        if amount.base == "baseline":
            raise Wrong("is not a bound: 'baseline' is for changes", "write '% of frozen' or '% of YEAR'")
        if amount.base == "supply" and (self.share_of is not None or self.quantity not in SUPPLIED):
            what = "a share" if self.share_of is not None else self.quantity
            raise Wrong(f"is not a bound: no project supplies {what}", "supplied are " + ", ".join(SUPPLIED))
        unit = self.unit()
        if unit is None:
            return amount
        of = self.quantity if self.share_of is None else "this share"
        return in_unit(amount, unit, of)

    def unit(self) -> str | None:
        """Unit of the bound; None where the class has it."""
        if self.share_of is None:
            return None if self.quantity in CLASS_UNIT else QUANTITIES[self.quantity].unit
        whole = self.quantity if self.share_of == "all" else self.share_of.quantity
        if whole == self.quantity:
            return "1"
        if whole in CLASS_UNIT or self.quantity in CLASS_UNIT:
            return None
        part, base = QUANTITIES[self.quantity].unit, QUANTITIES[whole].unit
        if part == base:
            return "1"
        if part.endswith("/yr") and base.endswith("/yr"):
            part, base = part.removesuffix("/yr"), base.removesuffix("/yr")
        return f"{part}/{base}" if base.isalnum() else f"{part}/({base})"


@dataclass(frozen=True)
class _Setting:
    """Checks an amount of a change against its attribute or balance quantity and brings it into its unit."""

    key: str
    where: Selector | None
    words: Words

    def __call__(self, amount: Amount) -> Amount:
        balance = [name for name, quantity in QUANTITIES.items() if quantity.kind == "balance"]
        settable = self.words.settable
        if self.key not in settable and self.key not in balance:
            raise Wrong("can not be set", nearest(self.key, [*settable, *balance]), value=None)
        if self.key in balance and self.where is not None:
            raise Wrong("is a total of the region", "leave where out", value=None)
        if amount.relation == "points_below" or amount.base in ("frozen", "supply"):
            raise Wrong("is not a value to set", 'write a number, "90 % of baseline" or "90 % of 2017"')
        if self.key == "activity":
            return amount
        unit = QUANTITIES[self.key].unit if self.key in balance else settable[self.key]
        if amount.relation == "plain" and amount.unit is None and self.key not in balance:
            return dataclasses.replace(amount, unit=unit)  # a bare number is in the unit of the column
        return in_unit(amount, unit, self.key)


def _group(attributes: Mapping[str, Attribute]) -> Any:
    """Reads the attribute by whose values a limit is repeated."""

    def parse(value: object) -> str:
        name = text(value)
        if name not in attributes:
            raise Wrong("is not an attribute", nearest(name, attributes))
        if attributes[name].type in ("number", "integer", "list") or name == "area":
            raise Wrong("does not divide the sources into groups", "use city, county, network, technology ..")
        return name

    return parse


def _month(value: object) -> int:
    month = integer(1)(value)
    if month > 12:
        raise Wrong("is not a month", "write 1 to 12")
    return month


def _confidence(value: object) -> float:
    share = parse_share(value)
    if not 0 < share < 1:
        raise Wrong("is not a confidence", "write such as 90 %")
    return share
