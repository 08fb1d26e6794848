"""From files to an inventory: scenario, tables and register, read and held against each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pandas as pd

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.scenario.check import clause_faults, name_faults
from model.scenario.load import Scenario, load_scenario
from model.scenario.tree import locate
from model.tables.read import Tables, read_register, read_tables

INPUTS = Path(__file__).parents[2] / "inputs"
"""The inputs of the checkout."""

Made = TypeVar("Made")

_NAMED_BY_SOURCES = ("network", "corridor", "park", "tranche", "commodity", "captive_industry")


@dataclass(frozen=True)
class Prepared:
    """What every case of a run shares. register: no rows where the scenario names none."""

    scenario: Scenario
    tables: Tables
    register: pd.DataFrame

    @property
    def strengths(self) -> Mapping[str, str]:
        """Strength of the wording of each clause."""
        if self.register.empty:
            return {}
        return dict(zip(self.register["clause"], self.register["strength"], strict=True))


def read_inputs(path: Path, settings: Sequence[str], inputs: Path = INPUTS) -> Prepared:
    """Read a scenario, its tables and its register, and check the names that one takes from the other.

    A region without sources passes; `start_inventory` says so.

    Raises:
        InputError: every fault of the scenario; or of the tables and the register; or of what joins them.
    """
    scenario = load_scenario(path, settings)
    register, faults = pd.DataFrame({"clause": []}), list[Fault]()
    if scenario.register:
        try:
            register = read_register(inputs, scenario.register)
        except InputError as error:
            faults += error.faults
    try:
        tables = read_tables(inputs, scenario.region, sources_required=False)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    return _checked(scenario, tables, register)


def of_each(paths: Sequence[Path], make: Callable[[Path], Made], faults: Iterable[Fault] = ()) -> list[Made]:
    """What `make` makes of each path.

    Raises:
        InputError: `faults` and those that `make` raises of any path, all at once, each of them once.
    """
    made, found = list[Made](), list(faults)
    for path in paths:
        try:
            made.append(make(path))
        except InputError as error:
            found += error.faults
    if found:
        raise InputError(dict.fromkeys(found))
    return made


def read_all(
    paths: Sequence[Path],
    settings: Sequence[str],
    inputs: Path,
    refused: Callable[[Scenario], Sequence[Fault]] = lambda scenario: (),
    faults: Iterable[Fault] = (),
) -> list[Prepared]:
    """`read_inputs` of each path. refused: what a command can not do of a scenario.

    Raises:
        InputError: every fault of any of them, and `faults`.
    """

    def read(path: Path) -> Prepared:
        prepared = read_inputs(path, settings, inputs)
        if wrong := refused(prepared.scenario):
            raise InputError(wrong)
        return prepared

    return of_each(paths, read, faults)


def join_inputs(scenario: Scenario, tables: Tables) -> Prepared:
    """A scenario and tables that were read by themselves, with the register that the scenario names.

    Raises:
        InputError: they are of different regions; every fault of the register; or of what joins the three.
    """
    if scenario.region != tables.region:
        right = f"take the tables of '{scenario.region}'"
        wrong = f"is not '{tables.region}', the region of the tables"
        faults = [Fault(str(scenario.path), None, "region", scenario.region, wrong, right)]
        raise InputError(located(faults, scenario))
    register = pd.DataFrame({"clause": []})
    if scenario.register:
        register = read_register(tables.root, scenario.register)
    return _checked(scenario, tables, register)


def _checked(scenario: Scenario, tables: Tables, register: pd.DataFrame) -> Prepared:
    faults = list(clause_faults(scenario, list(register["clause"]))) if scenario.register else []
    faults += name_faults(scenario, known_names(tables))
    if faults:
        raise InputError(faults)
    return Prepared(scenario, tables, register)


def located(faults: Iterable[Fault], scenario: Scenario) -> tuple[Fault, ...]:
    """The faults, those that name a path of the scenario with the file and line where it was written."""
    found = []
    for fault in faults:
        if fault.file == str(scenario.path) and fault.row is None and fault.column:
            place = locate(fault.column, scenario.places)
            fault = replace(fault, file=place.file, row=place.line)
        found.append(fault)
    return tuple(found)


def known_names(tables: Tables) -> Mapping[str, Collection[str]]:
    """Names that a scenario may use, by kind; kinds that the region has no table for are left out."""
    frame = tables.frame
    sources, areas = frame["sources"], frame["areas"]
    known: dict[str, Collection[str]] = {
        "class": set(frame["classes"]["class"]),
        "fuel": set(frame["fuels"]["fuel"]),
        "controls": set(frame["controls"]["control"]),
        "measure": set(frame["measures"]["measure"]),
        "price": {*frame["prices"]["item"], *POLLUTANTS},
        "price_year": {str(year) for year in frame["deflators"]["year"]},
        "response": {*frame["responses"]["attribute"], "activity"},
        "area": set(areas["area"]),
        "city": set(areas.loc[areas["level"] == "city", "area"]),
        "county": set(areas.loc[areas["level"] == "county", "area"]),
    }
    if len(sources):
        known |= {
            "project": set(frame["projects"]["project"]),
            "growth": set(frame["growth"]["growth"]),
            "calibration": set(frame["calibration"]["calibration"]),
            "technology": _technologies(tables),
            **{name: set(sources[name].dropna()) for name in _NAMED_BY_SOURCES},
        }
    return known


def _technologies(tables: Tables) -> set[str]:
    """Technologies that a source has or a measure leads to."""
    frame = tables.frame
    listed = [
        frame["sources"]["technology"],
        frame["measures"]["sets_technology"],
        frame["new_build"]["technology"],
        frame["technologies"]["technology"],
    ]
    return set(pd.concat(listed).dropna())


def years_of_sources(tables: Tables) -> list[int]:
    """Years that the region has sources of."""
    return sorted({int(year) for year in tables.frame["sources"]["year"]})


def start_inventory(prepared: Prepared) -> Inventory:
    """The inventory of the start year.

    Raises:
        InputError: the region has no sources of that year, or sources that the reference tables do not cover.
    """
    scenario, tables = prepared.scenario, prepared.tables
    years = years_of_sources(tables)
    if scenario.start not in years:
        right = f"years there are: {', '.join(map(str, years))}" if years else "the region has no sources yet"
        raise InputError(
            [Fault(f"{tables.region}/sources", None, "year", str(scenario.start), "is in no row", right)]
        )
    return build_inventory(tables, scenario.start, scenario.calibration, scenario.areas)
