"""Reads the entries of a scenario: limits, mandates, changes, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from model.base.faults import nearest
from model.base.select import Attribute
from model.base.words import ALERTED, NOT_A_SUM, QUANTITIES, STRENGTHS
from model.scenario.amounts import Amount, Wrong, parse_date, parse_share, parse_year
from model.scenario.bounds import Bound, Setting
from model.scenario.reader import Reader, amounts, choice, flag, integer, many, text, told, word_or
from model.scenario.scenario import Alert, Change, Entry, FrozenMap, Limit, Mandate, Operator, ShareOf
from model.scenario.tree import Place
from model.tables.schema import ColumnSpec

OPERATORS: tuple[Operator, ...] = ("at_most", "at_least", "below", "above")
LEVELS = ("yellow", "orange", "red")


@dataclass(frozen=True)
class Words:
    """The vocabulary entries are read with.

    attributes of sources; receptors: attributes of receptors; settable: columns of sources that a change may
    set; places: where each dotted path was written.
    """

    attributes: Mapping[str, Attribute]
    receptors: Mapping[str, Attribute]
    settable: Mapping[str, ColumnSpec]
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
        note=reader.get("note", told, None),
        file=place.file,
        line=place.line,
    )


def read_limit(reader: Reader, name: str, words: Words) -> Limit:
    """A limit, or a quantity that is reported."""
    entry = read_entry(reader, name, words)
    quantity = reader.need("quantity", choice(QUANTITIES), "activity", "write quantity: SO2, or another")
    share_of = _share_of(reader, words)
    op = reader.one_of(OPERATORS, needed=False)
    check = Bound(quantity, share_of)
    bounds = reader.get(op, amounts(check), None) if op else None
    _supplied(reader, op, bounds)
    _fit(reader, quantity)
    _fit_whole(reader, share_of)
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
        value = section.get(key, amounts(Setting(key, entry.where, words.settable)), None)
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
        quantities=reader.need("quantities", many(choice(ALERTED)), (), "write quantities: [SO2, ..]"),
        each=reader.get("each", _group(words.attributes), None),
        months=reader.need("month", many(_month), (), "write month: 1"),
        together=reader.get("together", many(choice(ALERTED)), ()),
    )
    stray = [name for name in alert.together if name not in alert.quantities]
    if stray or len(alert.together) == 1:
        wrong = f"names {stray[0]}, which is not cut" if stray else "is one pollutant"
        reader.fault("together", None, wrong, "write together: [SO2, NOx], both among the quantities")
    reader.close()
    return alert


def _supplied(reader: Reader, op: str | None, bounds: FrozenMap[int, Amount] | Amount | None) -> None:
    """Use is held under supply; nothing else of the two has a meaning."""
    listed = bounds.values() if isinstance(bounds, FrozenMap) else [bounds]
    if op not in (None, "at_most") and any(each is not None and each.base == "supply" for each in listed):
        reader.fault(str(op), None, "supply is no such bound", "write at_most: supply")


def _fit(reader: Reader, quantity: str) -> None:
    """Keys that a quantity of its kind can not have."""
    kind = QUANTITIES[quantity].kind
    if reader.has("at") and kind != "response":
        reader.fault("at", None, f"receptors have no {quantity}", "use where")
    if kind == "response":
        for key in ("where", "states", "share_of"):
            if reader.has(key):
                reader.fault(key, None, f"{quantity} is of receptors", f"leave {key} out, use at")
        if reader.data.get("each", "city") != "city":
            reader.fault("each", None, f"{quantity} is of cities", "write each: city")
    if kind == "balance":
        for key in ("where", "states", "each"):
            if reader.has(key):
                reader.fault(key, None, f"{quantity} is a total of the region", f"leave {key} out")
    if quantity in NOT_A_SUM:
        if reader.has("share_of"):
            reader.fault("share_of", None, f"{quantity} is no sum, so it has no share", "leave share_of out")
        for key in ("at_least", "above"):
            if reader.has(key):
                reader.fault(key, None, f"{quantity} is the greatest value of any source", "write at_most")


def _fit_whole(reader: Reader, share_of: Literal["all"] | ShareOf | None) -> None:
    """Keys that a share of such a whole can not have."""
    if not isinstance(share_of, ShareOf):
        return
    quantity = share_of.quantity
    if QUANTITIES[quantity].kind == "response" or quantity in NOT_A_SUM:
        reader.fault("share_of", quantity, "is no sum, so nothing is a share of it", "name another quantity")
    if QUANTITIES[quantity].kind == "balance":
        wrong = f"{quantity} is a total of the region"
        if reader.has("each") and not share_of.together:
            reader.fault("each", None, wrong, "leave each out, or write over: all in share_of")
        for key in ("where", "states"):
            if getattr(share_of, key) is not None:
                reader.fault(f"share_of.{key}", None, wrong, f"leave {key} out")


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
                wrong = f"refers to {bound.base}, which is not before the year it binds"
                reader.fault(limit.op or "", None, wrong, f"that is {year}")
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
        section.get("over", choice(("each", "all")), "each") == "all",
    )
    section.close()
    return share


def _years(
    reader: Reader, bounds: FrozenMap[int, Amount] | Amount | None, words: Words
) -> tuple[int, ...] | Literal["all"]:
    """Years of a limit: those of its bounds, else `year`; each a decision year."""
    written = reader.get("year", word_or("all", many(_among(words.years))), None)
    listed = [op for op in OPERATORS if isinstance(reader.data.get(op), Mapping)]
    if not listed:
        if not reader.has("year"):
            reader.fault("", None, "has no 'year'", "write year: YEAR, [YEAR, ..] or all")
        return written or words.years
    if reader.has("year"):
        reader.fault("year", None, "the bounds have their years already", "leave year out")
    if not isinstance(bounds, FrozenMap):
        return words.years
    for year in bounds:
        if year not in words.years:
            reader.fault(f"{listed[0]}.{year}", None, _outside(year), _decisions(words.years))
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
