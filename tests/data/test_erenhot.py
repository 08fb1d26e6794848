"""Tables of Erenhot: rebuilt byte for byte, inside the ranges of the city, with what each clause acts on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from inputs.build.corridors import Corridor, trucks_at_work
from inputs.build.stages import ORDER, follow, yellow_label
from inputs.erenhot.build import boilers, diffuse, fleet, freight, growth, homes, projects
from inputs.erenhot.build.corridors import KM_PER_TRUCK, TONNES_PER_KM, registered_trucks
from inputs.erenhot.build.region import REGION
from inputs.erenhot.build.segments import SEGMENTS
from model.baseline.baseline import build_baseline
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.observed.closures import closures
from model.scenario.load import load_scenario
from model.tables.read import Tables
from tests.data.shipped import tables_of

INPUTS = Path("inputs")
SCENARIO = Path("scenarios/erenhot_2019.yaml")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of("erenhot")


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2018, None, {})


@pytest.fixture(scope="module")
def sources(tables: Tables) -> pd.DataFrame:
    return tables.frame["sources"].set_index("source")


MADE: dict[str, Callable[[], Any]] = {
    "boilers": boilers.build,
    "residential": homes.build,
    "fleet": fleet.rows,
    "freight": freight.rows,
    "growth": growth.rows,
    "projects": projects.build,
} | {name: partial(diffuse.build, name) for name in diffuse.TABLES}


@pytest.mark.parametrize("name", MADE)
def test_rebuilding_gives_the_committed_file(name: str) -> None:
    assert REGION.render(MADE[name](), name).encode() == (INPUTS / "erenhot" / f"{name}.csv").read_bytes()


def test_scripts_hold_their_totals_to_the_ranges() -> None:
    boilers.check(boilers.build())
    homes.check(homes.build())
    diffuse.check({name: diffuse.build(name) for name in diffuse.TABLES})
    projects.check(projects.build())


def test_a_total_outside_its_range_stops_the_script() -> None:
    half = boilers.build()
    half["activity"] = half["activity"] * 0.5
    with pytest.raises(AssertionError, match="boiler_coal"):
        boilers.check(half)


def test_the_inventory_is_inside_every_range_it_can_be_held_against(
    inventory: Inventory, tables: Tables
) -> None:
    found = closures(inventory, tables)
    compared = [one for one in found if one.model is not None]
    assert not [(one.observation, one.model) for one in compared if not one.inside]
    names = {one.observation for one in compared}
    assert {"bottom_up.SO2.all", "bottom_up.NOx.all", "boiler_coal.2018", "vehicles.2018"} <= names
    assert len(compared) >= 18


def test_hauls_are_counted_once() -> None:
    """Tonne-km of the city's own trucks over load and km a truck = the trucks taken out of the fleet."""
    own = [row for row in freight.rows() if row["outside_account"] != "yes"]
    trucks = sum(float(row["activity"] or 0) for row in own) / TONNES_PER_KM / KM_PER_TRUCK
    assert trucks == pytest.approx(sum(registered_trucks().values()))
    heavy = sum(s.stock for s in SEGMENTS if s.size == "heavy")
    left = sum(float(row["stock"] or 0) for row in fleet.rows() if row.get("size") == "heavy")
    assert left + trucks == pytest.approx(heavy, rel=1e-3)


def test_what_is_registered_abroad_is_outside_the_account(sources: pd.DataFrame) -> None:
    outside = sources[sources["outside_account"]]
    assert set(outside["class"]) == {"car", "freight", "rail"}
    foreign = outside.index.str.contains("border|exports_north|mongolia")
    assert foreign.all()
    km = outside.loc[outside["class"] == "freight", "distance_km"]
    assert km.max() < 100  # inside the city's land, unlike hauls of its own trucks


def test_every_clause_finds_the_sources_it_acts_on_by_zone(sources: pd.DataFrame) -> None:
    town = sources[sources["zone"] == "city_built_up"]
    coal = town[(town["class"] == "boiler") & (town["fuel"] == "coal")]
    assert (coal["capacity"] < 10).sum() >= 10  # ER19-BOILER-10
    assert ((coal["capacity"] >= 35) & (coal["duty"] == "heating")).sum() >= 3
    assert {"commercial_stove", "residential_coal", "construction_dust", "road_dust", "catering"} <= set(
        town["class"]
    )
    old = town[(town["class"] == "truck") & town["technology"].isin(["China II", "China III"])]
    assert old["stock"].sum() > 100  # ER19-DIESEL-III
    assert sources["yellow_label"].astype(bool).sum() >= 3
    yards = sources[sources["class"] == "yard_dust"]
    assert set(yards["captive_industry"]) == {"port", "heat_supply", "coal_trade", "quarry"}
    assert {"powder", "lump", "coal"} == set(yards["commodity"])
    kilns = {"brick_kiln", "industrial_furnace", "scattered_enterprise", "oil_depot", "filling_station"}
    assert kilns | {"rail", "aviation", "livestock", "fertiliser", "straw_burning"} <= set(sources["class"])
    fringe = sources[(sources["zone"] == "urban_fringe") & (sources["class"] == "residential_coal")]
    assert fringe["stock"].sum() > 1000  # the hazy quarters at the edge of the town


def test_growth_covers_every_class_and_year(sources: pd.DataFrame, tables: Tables) -> None:
    rows = tables.frame["growth"]
    for case in ("as_planned_2018", "as_happened"):
        for year in (2019, 2020):
            known = set(rows.loc[(rows["growth"] == case) & (rows["year"] == year), "class"])
            assert set(sources["class"]) <= known


def test_stages_turn_over_and_their_sum_follows_the_stock(tables: Tables) -> None:
    """Petrol cars of 2020: kilometres of all stages = stock of 2018 x 1.16, as planned."""
    rows = tables.frame["growth"]
    cars = rows[(rows["growth"] == "as_planned_2018") & (rows["class"] == "car") & (rows["fuel"] == "petrol")]
    factor = cars[cars["year"] == 2020].set_index("technology")["factor"]
    segment = next(s for s in SEGMENTS if s.kind == "car")
    km = pd.Series({stage: share for stage, (_, share) in segment.shares.items()})
    assert (km * factor[km.index]).sum() / km.sum() == pytest.approx(1.16, rel=2e-3)
    assert factor["China VI"] > 10  # sold from 2020 on
    machines = rows[
        (rows["growth"] == "as_planned_2018") & (rows["class"] == "nonroad") & (rows["year"] == 2020)
    ]
    facts = REGION.facts("facts_diffuse").query("machine == 'forklift'").set_index("technology")["share"]
    forklift = machines[machines["size"] == "small"].set_index("technology")["factor"]
    assert (facts * forklift[facts.index]).sum() == pytest.approx(1.06, rel=1e-4)


@pytest.mark.parametrize("pollutant", ["SO2", "NOx"])
def test_without_a_plan_emission_would_rise_so_the_target_binds(
    tables: Tables, inventory: Inventory, pollutant: str
) -> None:
    frozen = build_baseline(tables, inventory, load_scenario(SCENARIO), "frozen").inventory
    inside = ~frozen.sources["outside_account"].fillna(False).to_numpy(dtype=bool)
    total = frozen.emission().sel(pollutant=pollutant).to_numpy()[inside]
    by_year = dict(zip(frozen.activity["year"].to_numpy().tolist(), np.nansum(total, axis=0), strict=True))
    assert by_year[2019] > by_year[2018]


def test_heat_of_the_network_is_made_by_boilers_that_burn(tables: Tables) -> None:
    """The city has no CHP: every GJ of network heat comes from a boiler of its own, or from power."""
    heat = tables.frame["projects"].query("supplies == 'network_heat'")
    assert (heat["plant_fuel"].notna() | (heat["power_mwh_per_unit"] > 0.2)).all()
    assert (heat["status"] == "existing").sum() == 1


def test_rows_are_marked_as_constructed(sources: pd.DataFrame) -> None:
    assert sources["constructed"].all()
    assert set(sources["rating"]) <= {"D", "E"}
    assert not sources.index.duplicated().any()


def test_stages_that_follow_the_goods_by_hand() -> None:
    """Shares 0.6 and 0.4 turn over to 0.5 and 1.5 of their work: 0.9 in all, raised to 1.08 = times 1.2."""
    found = follow({"III": {2019: 0.5}, "V": {2019: 1.5}}, {"III": 0.6, "V": 0.4}, {2019: 1.08})
    assert found["III"][2019] == pytest.approx(0.6)
    assert found["V"][2019] == pytest.approx(1.8)


def test_trucks_at_work_by_hand() -> None:
    """2 Mt over 100 km, a quarter by gas: 200 Mtkm / 1 Mtkm a truck; visitors are not ours."""
    about = {
        "area": "152501",
        "commodity": "coal",
        "direction": "out",
        "steps": {},
        "about": "",
        "about_zh": "",
    }
    own = Corridor(name="own", km=100.0, mt=2.0, gas=0.25, outside=False, **about)
    visitors = Corridor(name="visitors", km=100.0, mt=9.0, gas=0.0, outside=True, **about)
    assert trucks_at_work([own, visitors], 1e6) == pytest.approx({"lng": 50.0, "diesel": 150.0})


def test_yellow_labels() -> None:
    yellow = {(f, s) for f in ("diesel", "petrol", "lng") for s in ORDER if yellow_label(f, s)}
    assert yellow == {("diesel", "pre-China I"), ("diesel", "China I"), ("diesel", "China II")} | {
        ("petrol", "pre-China I")
    }
