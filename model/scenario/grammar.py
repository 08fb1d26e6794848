"""Reads a whole scenario from plain mappings, lists and scalars (design: section 8)."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.base.faults import Fault, nearest
from model.base.units import check_dimension
from model.base.words import POLLUTANTS
from model.scenario import entries
from model.scenario.amounts import (
    Amount,
    Wrong,
    in_unit,
    parse_amount,
    parse_number,
    parse_share,
    parse_year,
)
from model.scenario.document import Place, normalised
from model.scenario.reader import Reader, amounts, by_year, choice, flag, integer, many, text
from model.scenario.scenario import (
    FrozenMap,
    MeasureOption,
    ProjectOption,
    Scenario,
    SolverOptions,
    Spread,
    Sweep,
)
from model.tables.schema import attributes, table_specs

METHODS = ("pricing", "monolithic", "greedy", "myopic", "evaluate")
PRICE_UNITS = ("CNY/t", "CNY/m3", "CNY/GJ", "CNY/tkm")
SUPPLY_UNITS = ("GJ/yr", "m3/yr", "t/yr")
DISCOUNT_RATE = 0.05
"""Social rate where a scenario gives none: planning studies of the plans of 2018-2025 use 5 to 6 %."""


def parse_scenario(
    data: Mapping[str, Any], path: Path, places: Mapping[str, Place]
) -> tuple[Scenario, list[Fault]]:
    """A scenario and every fault in it; the faults have dotted paths, without file or line.

    Args:
        data: the merged tree.
        path: the file; its stem is the name.
        places: where each dotted path was written.
    """
    faults: list[Fault] = []
    reader = Reader(data, "", faults)
    start = reader.need("start", parse_year, 2000, "write start: YEAR")
    years = _years(reader, start)
    areas = reader.section("areas").each(many(_adcode))
    for name in areas:
        if name.isdecimal():
            reader.fault(f"areas.{name}", None, "a named area has the code of an area", "give it a name")
    words = _words(tuple(areas), start, years, places)
    read = {
        kind: FrozenMap({name: parse(section, name, words) for name, section in reader.section(kind).items()})
        for kind, parse in (
            ("limits", entries.read_limit),
            ("mandates", entries.read_mandate),
            ("changes", entries.read_change),
            ("alerts", entries.read_alert),
        )
    }
    written = normalised(data)
    scenario = Scenario(
        name=path.stem,
        path=path,
        text=written,
        sha256=hashlib.sha256(written.encode()).hexdigest(),
        title=_title(reader),
        region=reader.need("region", text, "", "write region: FOLDER"),
        register=reader.get("register", text, None),
        calibration=reader.get("calibration", text, None),
        plan_file=_plan_file(reader, places, path),
        start=start,
        years=years,
        price_year=reader.need("price_year", parse_year, start, "write price_year: YEAR"),
        discount_rate=reader.get("discount_rate", parse_share, DISCOUNT_RATE),
        part_year=reader.section("part_year").each(parse_share),
        areas=areas,
        prices=_prices(reader),
        growth=_growth(reader),
        measures=_measures(reader),
        projects=_projects(reader),
        **read,  # type: ignore[arg-type]
        not_modelled=reader.section("not_modelled").each(text),
        minimise=_minimise(reader),
        solver=_solver(reader),
        sweep=_sweep(reader),
        places=places,
    )
    _ids(scenario, reader)
    reader.close()
    return scenario, faults


def _years(reader: Reader, start: int) -> tuple[int, ...]:
    """The decision years, rising, after the start year."""

    def parse(value: object) -> tuple[int, ...]:
        years = many(parse_year)(value)
        if list(years) != sorted(years) or years[0] <= start:
            raise Wrong("are not rising years after the start year", f"write [{start + 1}, ..]")
        return years

    return reader.need("years", parse, (start + 1,), "write years: [YEAR, ..]")


def _words(
    areas: tuple[str, ...], start: int, years: tuple[int, ...], places: Mapping[str, Place]
) -> entries.Words:
    sources = dict(attributes())
    sources["area"] = dataclasses.replace(sources["area"], choices=areas)
    level = dataclasses.replace(sources["zone"], name="level", choices=("city", "county"))
    numbers = (spec for spec in table_specs()["sources"].columns.values() if spec.type == "number")
    settable = {spec.name: spec.unit or "1" for spec in numbers if spec.unit != "deg"}
    return entries.Words(
        attributes=sources,
        receptors={"level": level, **{name: sources[name] for name in ("area", "city", "county")}},
        settable=settable,
        start=start,
        years=years,
        places=places,
    )


def _adcode(value: object) -> str:
    if not re.fullmatch(r"\d{6}", str(value)):
        raise Wrong("is not the six-digit code of an area", "write six digits")
    return str(value)


def _title(reader: Reader) -> FrozenMap[str, str]:
    section = reader.section("title")
    titles = {language: section.get(language, text, None) for language in ("en", "zh")}
    section.close()
    return FrozenMap({language: title for language, title in titles.items() if title is not None})


def _plan_file(reader: Reader, places: Mapping[str, Place], path: Path) -> Path | None:
    """The plan to evaluate, relative to the file that names it."""
    name = reader.get("plan", text, None)
    if name is None:
        return None
    place = places.get("plan")
    written = path if place is None or place.line is None else Path(place.file)
    return written.parent / name


def _prices(reader: Reader) -> FrozenMap[str, FrozenMap[int, Amount] | Amount]:
    section = reader.section("prices")

    def price(item: str) -> Any:
        def check(amount: Amount) -> Amount:
            units = ("CNY/t",) if item in POLLUTANTS else PRICE_UNITS
            if amount.relation != "plain" or amount.unit is None:
                raise Wrong("is not a price", f"write NUMBER {units[0]}")
            if not any(check_dimension(amount.unit, unit) for unit in units):
                raise Wrong("is not a price", f"write it in {' or '.join(units)}")
            return amount

        return amounts(check)

    found = {item: section.get(item, price(item), None) for item in section.data}
    return FrozenMap({item: amount for item, amount in found.items() if amount is not None})


def _growth(reader: Reader) -> str | FrozenMap[str, FrozenMap[int, float]] | None:
    if isinstance(reader.data.get("growth"), Mapping):
        return reader.section("growth").each(by_year(_factor))
    return reader.get("growth", text, None)


def _factor(value: object) -> float:
    factor = parse_number(value)
    if factor < 0:
        raise Wrong("is negative", "write a factor such as 1.05 or 105 %")
    return factor


def _measures(reader: Reader) -> FrozenMap[str, MeasureOption]:
    found = {}
    for name, section in reader.section("measures").items():
        found[name] = MeasureOption(
            available=section.get("available", flag, True),
            first_year=section.get("first_year", parse_year, None),
            cost=section.get("cost", _factor, 1.0),
        )
        section.close()
    return FrozenMap(found)


def _projects(reader: Reader) -> FrozenMap[str, ProjectOption]:
    def capacity(value: object) -> Amount:
        amount = parse_amount(value)
        if amount.relation == "percent_of" and amount.base == "baseline":
            return amount
        if amount.relation == "plain" and amount.value == 0:
            return amount
        if amount.relation == "plain" and amount.unit is not None:
            for unit in SUPPLY_UNITS:
                if any(check_dimension(written, unit) for written in (amount.unit, f"({amount.unit})/yr")):
                    return in_unit(amount, unit, "capacity")
        raise Wrong("is not a capacity", f"write '70 % of baseline', or it in {' or '.join(SUPPLY_UNITS)}")

    statuses = table_specs()["projects"].columns["status"].choices
    found = {}
    for name, section in reader.section("projects").items():
        found[name] = ProjectOption(
            status=section.get("status", choice(statuses), None),
            first_year=section.get("first_year", parse_year, None),
            capacity=section.get("capacity", capacity, None),
        )
        section.close()
    return FrozenMap(found)


def _minimise(reader: Reader) -> Any:
    if not isinstance(reader.data.get("minimise"), Mapping):
        return reader.get("minimise", choice(("cost",)), "cost")
    section = reader.section("minimise")
    weights = section.each(_factor)
    for name in section.data:
        if name not in POLLUTANTS:
            section.fault(name, None, "is not a pollutant", nearest(name, POLLUTANTS))
    return weights


def _solver(reader: Reader) -> SolverOptions:
    section = reader.section("solver")
    default = SolverOptions()
    options = SolverOptions(
        method=section.get("method", choice(METHODS), default.method),
        gap=section.get("gap", parse_share, default.gap),
        time_limit=section.get("time_limit", _seconds, default.time_limit),
        threads=section.get("threads", integer(1), default.threads),
        seed=section.get("seed", integer(0), default.seed),
        alternatives=section.get("alternatives", integer(0), default.alternatives),
        within=section.get("within", parse_share, default.within),
    )
    if options.method == "evaluate" and "plan" not in reader.data:
        section.fault("method", "evaluate", "has no plan to evaluate", "write plan: FILE")
    section.close()
    return options


def _seconds(value: object) -> float:
    amount = parse_amount(value)
    seconds = amount.value if amount == Amount(amount.value) else in_unit(amount, "s", "time_limit").value
    if amount.relation != "plain" or seconds <= 0:
        raise Wrong("is not a time", "write seconds, or such as 5 min")
    return seconds


def _sweep(reader: Reader) -> Sweep | None:
    if not reader.has("sweep"):
        return None
    section = reader.section("sweep")
    over = section.section("over")
    sweep = Sweep(
        method=section.get("method", choice(("grid", "list", "random")), "grid"),
        size=section.get("size", integer(1), None),
        seed=section.get("seed", integer(0), 0),
        over=over.each(_values),
    )
    if not over.data:
        section.fault("", None, "has no 'over'", "write over: {PATH: [AMOUNT, ..]}")
    for name, values in sweep.over.items():
        if isinstance(values, Spread) and sweep.method != "random":
            over.fault(name, None, f"method {sweep.method} takes values one by one", "write a list")
    lengths = {len(values) for values in sweep.over.values() if not isinstance(values, Spread)}
    if sweep.method == "list" and len(lengths) > 1:
        section.fault("over", None, "its lists are not of one length", "method list takes them side by side")
    if sweep.method == "random" and sweep.size is None:
        section.fault("", None, "has no 'size'", "write size: NUMBER of draws")
    section.close()
    return sweep


def _values(value: object) -> tuple[str, ...] | Spread:
    """Values of a sweep as texts that can follow `--set path=`, or a distribution."""
    if isinstance(value, list):
        return many(text)(value)
    if isinstance(value, Mapping) and len(value) == 1:
        kind, pair = next(iter(value.items()))
        choice(("uniform", "normal", "lognormal"))(kind)
        if isinstance(pair, list) and len(pair) == 2:
            for item in pair:
                parse_amount(item)
            return Spread(kind, *map(text, pair))
    raise Wrong("is neither values nor a distribution", "write [AMOUNT, ..] or {uniform: [AMOUNT, AMOUNT]}")


def _ids(scenario: Scenario, reader: Reader) -> None:
    """An id can be part of a dotted path, and stands in one section only: outputs name entries by it."""
    first: dict[str, str] = {}
    for section in ("limits", "mandates", "changes", "alerts", "not_modelled"):
        for name in getattr(scenario, section):
            if name in first:
                reader.fault(f"{section}.{name}", None, f"stands in {first[name]} as well", "use it once")
            first.setdefault(name, section)
            if not re.fullmatch(r"[\w-]+", name):
                reader.fault(f"{section}.{name}", None, "is not an id", "use letters, digits, - and _")
