"""Reads a whole scenario from plain mappings, lists and scalars (design: section 8)."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.base.faults import Fault
from model.scenario import entries, options
from model.scenario.amounts import (
    Wrong,
    parse_share,
    parse_year,
)
from model.scenario.document import ENTRIES
from model.scenario.reader import Reader, many, text, told
from model.scenario.scenario import (
    FrozenMap,
    Scenario,
)
from model.scenario.tree import Place, normalised
from model.tables.schema import attributes, table_specs

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
        prices=options.read_prices(reader),
        growth=options.read_growth(reader),
        measures=options.read_measures(reader),
        projects=options.read_projects(reader),
        **read,  # type: ignore[arg-type]
        not_modelled=reader.section("not_modelled").each(told),
        minimise=options.read_minimise(reader),
        solver=options.read_solver(reader),
        sweep=options.read_sweep(reader),
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
    settable = {spec.name: spec for spec in numbers if spec.unit != "deg"}
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


def _ids(scenario: Scenario, reader: Reader) -> None:
    """An id can be part of a dotted path, and stands in one section only: outputs name entries by it."""
    first: dict[str, str] = {}
    for section in (*ENTRIES, "not_modelled"):
        for name in getattr(scenario, section):
            if name in first:
                reader.fault(f"{section}.{name}", None, f"stands in {first[name]} as well", "use it once")
            first.setdefault(name, section)
            if not re.fullmatch(r"[\w-]+", name):
                reader.fault(f"{section}.{name}", None, "is not an id", "use letters, digits, - and _")
