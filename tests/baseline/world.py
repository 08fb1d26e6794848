"""The miniature inputs with tables of one's own, and a scenario on them, ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.baseline import Baseline, build_baseline
from model.inventory.emissions import Inventory, build_inventory
from model.scenario.load import load_scenario
from model.scenario.scenario import Scenario
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, SOURCE_HEADER, write_small_inputs

HEAD = f"""
title: {{en: Toy, zh: 玩具}}
region: {REGION}
start: 2017
years: [2018, 2019, 2020]
price_year: 2017
discount_rate: 5 %
"""

GROWTH_HEADER = (
    "growth,class,fuel,technology,size,city,duty,year,factor,base_year,citation,rating,constructed\n"
)
NEW_BUILD_HEADER = (
    "class,duty,zone,label,share,capacity,fuel,technology,controls,citation,rating,constructed\n"
)


@dataclass(frozen=True)
class World:
    """Tables, scenario and start-year inventory of one test."""

    tables: Tables
    scenario: Scenario
    inventory: Inventory

    def baseline(self, case: str = "plan") -> Baseline:
        return build_baseline(self.tables, self.inventory, self.scenario, case)

    def under(self, scenario: str) -> World:
        """The same tables under another scenario."""
        path = self.scenario.path
        path.write_text(HEAD + scenario, encoding="utf-8")
        return World(self.tables, load_scenario(path), self.inventory)


def make_world(
    folder: Path,
    scenario: str = "",
    files: Mapping[str, str] | None = None,
    append: Mapping[str, str] | None = None,
    calibration: str | None = None,
) -> World:
    """The miniature inputs, `files` replaced, `append` added to others, and HEAD + `scenario` on them."""
    root = write_small_inputs(folder / "inputs")
    (root / REGION / "growth.csv").write_text(GROWTH_HEADER, encoding="utf-8")
    for file, text in (files or {}).items():
        (root / file).write_text(text, encoding="utf-8")
    for file, text in (append or {}).items():
        path = root / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    path = folder / "toy.yaml"
    path.write_text(HEAD + scenario, encoding="utf-8")
    loaded = load_scenario(path)
    tables = read_tables(root, REGION)
    return World(tables, loaded, build_inventory(tables, loaded.start, calibration, loaded.areas))


def boilers(*rows: str) -> dict[str, str]:
    """The boilers table with these rows only."""
    return {f"{REGION}/boilers.csv": SOURCE_HEADER + "\n".join(rows) + "\n"}


COAL_BOILER = (
    "{id},2017,boiler,,{area},{zone},{capacity},tph,,{activity},GJ,coal,grate,{controls},0.8,20,0.8,{duty},"
    "no,,MADE_UP,E,yes"
)


def coal_boiler(
    name: str = "b1",
    area: str = "150102",
    zone: str = "city_built_up",
    capacity: float = 10,
    activity: float = 100_000,
    controls: str = "bag",
    duty: str = "heating",
) -> str:
    """A row of a coal boiler: 20 GJ/t, 0.8 % sulphur, efficiency 0.8, so 1.25 GJ and 0.0625 t coal per GJ."""
    return COAL_BOILER.format(
        id=name, area=area, zone=zone, capacity=capacity, activity=activity, controls=controls, duty=duty
    )
