"""Measures of one's own on the miniature inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from model.options.options import Options, build_options
from tests.baseline.world import World, boilers, coal_boiler, make_world
from tests.small_inputs import MEASURE_DATA, MEASURES

_COLUMNS = MEASURES.splitlines()[0].split(",")
_DATA_COLUMNS = MEASURE_DATA.splitlines()[0].split(",")
_GIVEN = {
    "payer": "enterprise",
    "action": "engineering",
    "citation": "MADE_UP",
    "rating": "E",
    "constructed": "no",
    "drops_controls": "no",
    "fits_class": "boiler",
    "first_year": 2018,
}


def measure(name: str, slot: str, **columns: Any) -> str:
    """A row of measures.csv for boilers, payer enterprise, from 2018 on, unless said otherwise."""
    row = {"measure": name, "name": name, "name_zh": name, "slot": slot, **_GIVEN, **columns}
    return ",".join(str(row.get(c, "")) for c in _COLUMNS)


def data(name: str, item: str, value: float, unit: str, per: str = "none", **columns: Any) -> str:
    """A row of measure_data.csv, prices of 2017."""
    row = {
        "measure": name,
        "item": item,
        "value": value,
        "unit": unit,
        "per": per,
        "price_year": 2017,
        "citation": "MADE_UP",
        "rating": "E",
        **columns,
    }
    return ",".join(str(row.get(c, "")) for c in _DATA_COLUMNS)


def costs(name: str, capital: float = 100_000, life: float = 20) -> list[str]:
    """Capital per t/h and lifetime."""
    return [data(name, "capital", capital, "CNY/tph", "capacity"), data(name, "lifetime", life, "yr")]


GAS = measure(
    "gas",
    "fuel",
    fits_fuel="coal",
    sets_fuel="natural_gas",
    sets_technology="gas_boiler",
    drops_controls="yes",
)
FGD = measure("fgd", "SO2", fits_fuel="coal", fits_no_control="fgd_wet", adds_controls="fgd_wet")
SNCR = measure("sncr", "NOx", fits_fuel="coal", fits_no_control="sncr", adds_controls="sncr")
CLOSE = measure("close", "fate", sets_technology="closed", drops_controls="yes", payer="city")
EVERY_POLLUTANT = (
    "limits: {A: {quantity: SO2, at_most: {2020: 1 Mt}}, B: {quantity: NOx, at_most: {2020: 1 Mt}}}\n"
)


def catalogue_files(measures: list[str], numbers: list[str]) -> dict[str, str]:
    """The two tables of measures with these rows only."""
    return {
        "reference/measures.csv": "\n".join([",".join(_COLUMNS), *measures]) + "\n",
        "reference/measure_data.csv": "\n".join([",".join(_DATA_COLUMNS), *numbers]) + "\n",
    }


def boiler_world(
    folder: Path,
    measures: list[str],
    numbers: list[str],
    scenario: str = "",
    rows: tuple[str, ...] = (coal_boiler(),),
    append: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
) -> World:
    """Boilers (one of 10 t/h and 100 000 GJ by default) and these measures on the miniature inputs."""
    own = {**catalogue_files(measures, numbers), **boilers(*rows), **(files or {})}
    return make_world(folder, scenario or EVERY_POLLUTANT, own, append)


def options_of(world: World, case: str = "plan") -> Options:
    return build_options(world.tables, world.baseline(case), world.scenario)


def states_of(options: Options, world: World, source: str) -> pd.DataFrame:
    """States of one source, index = label."""
    at = world.baseline().inventory.sources.index.get_loc(source)
    return options.states[options.states["source"] == at].set_index("label")
