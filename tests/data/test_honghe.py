"""Tables of Honghe: rebuilt byte for byte, true to their control totals, and reached by every clause."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from inputs.honghe.build import boilers, diffuse, spreading, vehicles
from inputs.honghe.build.counties import REGION, weights
from model.__main__ import main
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.observed.closures import closures
from model.scenario.load import load_scenario
from model.tables.read import Tables
from tests.data.shipped import tables_of

SCENARIO = Path("scenarios/honghe_2018_2020.yaml")
SCRIPTS = ["areas", "power_units", "plants", "boilers", "fleet", "freight", "projects", "growth", "balance"]
TOWNS = ["city_built_up", "county_built_up"]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of("honghe")


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {})


@pytest.mark.parametrize("name", [*SCRIPTS, "sources_2015"])
def test_rebuilding_gives_the_committed_file(name: str) -> None:
    module: Any = importlib.import_module(f"inputs.honghe.build.{name}")
    built = module.build()
    module.check(built)
    assert REGION.render(built, name) == (REGION.root / f"{name}.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", diffuse.TABLES)
def test_rebuilding_a_spread_table_gives_the_committed_file(name: str) -> None:
    built = diffuse.build(name)
    diffuse.check(built, name)
    assert REGION.render(built, name) == (REGION.root / f"{name}.csv").read_text(encoding="utf-8")


def test_emission_of_2017_is_in_the_ranges_before_any_calibration(
    tables: Tables, inventory: Inventory
) -> None:
    """Planning practice 3.9: SO2 60-110 kt, NOx 30-45, PM 25-45."""
    emission = inventory.emission().isel(year=0).to_pandas() / 1e3
    sources = inventory.sources
    inside = ~sources["outside_account"].fillna(False).astype(bool)
    assert 60 <= emission.loc[inside, "SO2"].sum() <= 110
    assert 30 <= emission.loc[inside, "NOx"].sum() <= 45
    counted = sources["sector"].isin(["fossil_fuel", "process", "mobile"]) | (sources["class"] == "yard_dust")
    assert 25 <= emission.loc[inside & counted, "PM10"].sum() <= 45
    assert "honghe/calibration.csv" not in tables.files


def test_every_control_total_that_the_inventory_can_meet_is_met(inventory: Inventory, tables: Tables) -> None:
    compared = [each for each in closures(inventory, tables) if each.inside is not None]
    assert len(compared) > 70
    assert [each.observation for each in compared if not each.inside] == []


def test_coal_and_lignite_add_up(inventory: Inventory) -> None:
    """Coal burnt and 1.36 t of charge a t of coke: 9 to 12 Mt, of it 5 to 7 Mt lignite."""
    sources = inventory.sources
    burnt = inventory.activity.isel(year=0).to_pandas() * sources["fuel_gj_per_activity"]
    coal = sources["fuel"].isin(["coal", "raw_coal"]) & (sources["class"] != "steel_plant")
    tonnes = (burnt / sources["ncv_gj_per_t"])[coal] / 1e6
    coke = REGION.control_total("coke.2017") / 1e6
    assert 9 <= tonnes.sum() + 1.36 * coke <= 12.1
    assert 5 <= tonnes[sources.loc[coal, "coal_type"] == "lignite"].sum() <= 7


def test_coal_units_are_eight_grid_beds_of_300_mw() -> None:
    units = REGION.table("power_units")
    grid = units[units["captive"] == "no"]
    assert (grid["capacity"] == 300).all()
    assert len(grid) == 8
    assert (grid["furnace"] == "cfb").all()
    hours = grid["activity"].sum() / grid["capacity"].sum()
    assert hours == pytest.approx(1450, rel=1e-4)


def test_small_boilers_stand_where_the_clauses_reach_them() -> None:
    table = REGION.table("boilers")
    coal = table[table["fuel"] == "coal"]
    small = coal[coal["capacity"] <= 10]
    assert small["zone"].isin(TOWNS).sum() == REGION.control_total("boilers_small_built_up.2017")
    mengzi = small[small["zone"] == "city_built_up"]
    assert set(mengzi["area"]) == {"532503"}
    assert len(mengzi) == REGION.control_total("boilers_small_mengzi.2017")
    assert set(small.loc[small["zone"] == "county_built_up", "area"]) == set(weights()["urban"]) - {"532503"}


def test_heating_is_no_duty_of_a_boiler() -> None:
    assert set(REGION.table("boilers")["duty"]) == {"process", "commercial"}


def test_bagasse_by_hand() -> None:
    """Eight boilers of 25 t/h and four of 20: 280 t/h x 2.52 GJ x 2 200 h x 1.3889 / 8 GJ/t."""
    mills = boilers.placed().query("fuel == 'biomass'")
    assert mills["tph"].sum() == 8 * 25 + 4 * 20
    burnt = 280 * 2.52 * 2200 * 1.3889 / 8
    assert burnt == pytest.approx(REGION.control_total("bagasse.2017"), rel=0.01)


def test_shares_are_read_and_must_add_up() -> None:
    assert spreading.shares("open:=0.4|wind_fence:spray=0.6") == {"open:": 0.4, "wind_fence:spray": 0.6}
    with pytest.raises(ValueError, match="add up to"):
        spreading.shares("a=0.5|b=0.4")


def test_stock_of_a_line_by_hand() -> None:
    assert spreading.stock_of("*260") == 260
    assert spreading.stock_of("stations.2017*0.5") == REGION.control_total("stations.2017") / 2
    assert spreading.stock_of(float("nan")) is None


def test_trucks_of_corridors_are_counted_once() -> None:
    """Heavy trucks of the fleet and of the registered corridors are the control total."""
    fleet, freight = REGION.table("fleet"), REGION.table("freight")
    heavy = fleet[(fleet["class"] == "truck") & (fleet["size"] == "heavy")]["stock"].sum()
    inside = freight[freight["outside_account"] != "yes"]
    assert heavy + inside["stock"].sum() == pytest.approx(REGION.control_total("heavy_trucks.2017"), rel=1e-3)
    corridor = vehicles.corridors().set_index("corridor").loc["hekou_export"]
    assert corridor["trucks"] == pytest.approx(1.5e6 * 165 / 14 / 85e3)


def test_wet_and_dry_years_move_coal_power_and_its_coal() -> None:
    growth = REGION.table("growth").query("`class` == 'power_unit' and fuel == 'coal' and year == 2020")
    factor = growth.set_index("growth")["factor"]
    assert factor["wet"] < factor["as_planned_2018"] < factor["dry"]
    coal = REGION.table("balance").query("item == 'coal' and year == 2020").set_index("growth")["value"]
    grid = 2400 * 1450 * 3.6 / 0.355 / 12.15  # t: eight units, a quarter of them on coal of 12.6 GJ/t
    works = 50 * 5000 * 3.6 / 0.26 / 12  # t: two units of 25 MW
    moved = (factor["dry"] - factor["wet"]) * (grid + works) / 1e6
    assert coal["dry"] - coal["wet"] == pytest.approx(moved, rel=0.01)


def test_2015_has_the_identifiers_of_2017(tables: Tables) -> None:
    sources = tables.frame["sources"]
    now, then = (set(sources.loc[sources["year"] == year, "source"]) for year in (2017, 2015))
    assert then <= now
    assert len(then) > 0.95 * len(now)


def test_emission_of_2015_is_in_its_ranges(tables: Tables) -> None:
    """Planning practice 3.9: SO2 90-130 kt, NOx 35-50."""
    then = build_inventory(tables, 2015, None, {})
    emission = then.emission().isel(year=0).to_pandas() / 1e3
    inside = ~then.sources["outside_account"].fillna(False).astype(bool)
    assert 35 <= emission.loc[inside, "NOx"].sum() <= 50
    assert 90 <= emission.loc[inside, "SO2"].sum() <= 130


def test_classes_that_the_plan_names_are_there(tables: Tables) -> None:
    scenario = load_scenario(SCENARIO)
    have = set(tables.frame["sources"]["class"]) | {"glass_furnace", "petrochemical", "pharma"}
    named = {
        value
        for entry in scenario.entries
        if entry.where
        for alternative in entry.where.alternatives
        for condition in alternative
        if condition.attribute == "class"
        for value in condition.values
    }
    assert named <= have


def test_check_finds_nothing_that_concerns_no_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SCENARIO)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "concerns no source" not in printed.out
    assert "outside their range" not in printed.out
