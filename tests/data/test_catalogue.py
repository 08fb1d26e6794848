"""The catalogue of measures: whole, in its units, and with the side effects that are forgotten.

Side effects are looked for where a plan meets them: in what states emit and use, and in what moves cost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from docs.measure_costs import World, read_world
from model.base.words import POLLUTANTS
from model.inventory.factors import state_effects
from model.options.packages import read_measures
from model.tables.read import Tables

ROOT = Path(__file__).parents[2]
WITHOUT_RANGE = {"reference_capacity"}
"""Items that say at what a value holds and have no range."""


@pytest.fixture(scope="module")
def world() -> World:
    return read_world(ROOT / "inputs")


@pytest.fixture(scope="module")
def tables(world: World) -> Tables:
    return world.prepared.tables


def effects(tables: Tables, *rows: dict[str, Any]) -> pd.DataFrame:
    """What states emit and use; 20 % ash and 0.6 % sulphur where they burn coal."""
    blank: dict[str, Any] = dict.fromkeys(
        ("capacity", "sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "altitude_m", "load_pct"), np.nan
    )
    blank |= dict.fromkeys(tables.frame["factor_corrections"]["attribute"].unique(), np.nan)
    frame = pd.DataFrame([{**blank, "controls": (), **row} for row in rows])
    coal = frame["fuel"] == "coal"
    frame.loc[coal, ["sulphur_pct", "ash_pct", "ncv_gj_per_t"]] = (0.6, 20.0, 18.0)
    return state_effects(frame, tables)


def boiler(fuel: str, technology: str, *controls: str, **more: Any) -> dict[str, Any]:
    kind = {"class": "boiler", "fuel": fuel, "technology": technology, "controls": controls}
    return {**kind, "capacity": 40.0, **more}


# ---- whole ----


def test_every_number_of_planning_practice_has_a_measure_or_a_reason(tables: Tables) -> None:
    practice = tables.frame["practice"].set_index("number")
    assert list(practice.index) == list(range(1, 82))
    carried = {int(text) for text in tables.frame["measures"]["practice_no"].explode().dropna()}
    assert carried <= set(practice.index)
    without = practice.index.difference(list(carried))
    assert practice.loc[without, "why"].notna().all(), list(without)
    assert set(without) == {5, 7, 40, 65}, "projects, output that is given, law"


def test_every_value_has_a_range_around_it(tables: Tables) -> None:
    data = tables.frame["measure_data"]
    ranged = data[~data["item"].isin(WITHOUT_RANGE)]
    missing = ranged[ranged["low"].isna() | ranged["high"].isna()]
    assert missing.empty, missing[["measure", "item"]].to_string()
    wrong = ranged[(ranged["low"] > ranged["value"]) | (ranged["value"] > ranged["high"])]
    assert wrong.empty, wrong[["measure", "item", "low", "value", "high"]].to_string()


def test_recalled_and_own_costs_are_rated_e_and_none_is_from_abroad(tables: Tables) -> None:
    data = tables.frame["measure_data"]
    access = data["citation"].map(tables.frame["citations"].set_index("citation")["access"])
    weak = access.isin(["recalled", "own"])
    assert (data.loc[weak, "rating"] == "E").all()
    assert data.loc[~weak, "rating"].isin(["A", "B", "C", "D"]).all()
    priced = data["item"].isin(["capital", "fixed_om", "variable_om", "value_lost"])
    assert set(data.loc[data["citation"].isin(["EPA_COST", "EMEP2023"]), "item"]) <= {"size_exponent"}
    assert data.loc[priced & (data["per"] != "capital"), "price_year"].notna().all()


def test_what_a_measure_costs_to_build_wears_out(tables: Tables) -> None:
    data = tables.frame["measure_data"]
    lives = data[data["item"] == "lifetime"].set_index("measure")["value"]
    built = set(data.loc[data["item"] == "capital", "measure"])
    assert built == set(lives.index)
    assert lives.between(3, 30).all()


# ---- side effects ----


@pytest.mark.parametrize(
    ("control", "least", "most"),
    [("sncr", 2, 15), ("scr", 1, 5), ("sncr_scr", 1, 8)],
)
def test_denitration_of_boilers_leaves_ammonia(
    tables: Tables, control: str, least: float, most: float
) -> None:
    plain, treated = (effects(tables, boiler("coal", "grate", *c)).iloc[0] for c in ((), (control,)))
    assert treated["NOx"] < 0.75 * plain["NOx"]
    assert treated["NH3"] > plain["NH3"]
    assert least < treated["nh3_slip"] < most


def test_ammonia_desulphurisation_leaves_ammonia_and_aerosol(tables: Tables) -> None:
    works = {"class": "coal_chemical", "fuel": "coal", "technology": "methanol", "capacity": 6e5}
    plain, treated = effects(tables, works, {**works, "controls": ("ammonia_fgd",)}).to_dict("records")
    assert treated["SO2"] < 0.1 * plain["SO2"]
    assert treated["NH3"] == pytest.approx(plain["NH3"] + 60e-6)  # g of slip per t of product
    assert treated["PM2.5"] > plain["PM2.5"]


def test_gas_without_a_low_nox_burner_misses_the_special_limit(tables: Tables) -> None:
    grate = boiler("coal", "grate", "staged_air", "sncr")
    gas, low = boiler("natural_gas", "gas_boiler"), boiler("natural_gas", "gas_boiler", "lnb")
    cleaned, plain, burner = effects(tables, grate, gas, low).to_dict("records")
    assert 120 < plain["concentration_NOx"] <= 190
    assert plain["concentration_NOx"] > 150  # special limit of gas boilers
    assert plain["NOx"] > 0.6 * cleaned["NOx"], "hardly less than coal with staged air and SNCR"
    assert burner["NOx"] < 0.5 * plain["NOx"]
    offered = read_measures(tables)["boiler_to_gas"]
    assert "lnb" in offered.adds


def test_electric_heat_emits_more_carbon_dioxide_than_the_boiler_it_replaces(world: World) -> None:
    """2 to 2.5 times the coal boiler on coal power, and still more with a heat pump than none."""
    by_measure = world.moves.groupby("measure")[["start_CO2", "cut_CO2"]].sum()
    times = 1 - by_measure["cut_CO2"] / by_measure["start_CO2"]
    assert 2.0 < times["boiler_to_electric"] < 2.5
    assert 2.0 < times["boiler_to_electric_storage"] < 2.6
    assert 0.8 < times["boiler_to_heat_pump"] < 1.4
    assert times["boiler_to_gas"] < 0.7
    for measure in ("boiler_to_electric", "home_to_electric_heater", "furnace_to_electric"):
        told = world.moves[world.moves["measure"] == measure]
        assert (told["more_electricity"] > 0).all()
        assert told["cut_NH3"].sum() < 0, "slip of the units that make the power"


def test_heat_pumps_need_more_power_where_it_is_colder(tables: Tables) -> None:
    seasons = (-17.0, -14.0, -11.0, -5.0, 1.0, 7.0)
    for kind in ({"class": "residential_coal"}, {"class": "boiler", "capacity": 10.0}):
        pump = {**kind, "fuel": "electricity", "technology": "heat_pump"}
        rows = effects(tables, *({**pump, "heating_season_c": c} for c in seasons))
        cop = 1 / (3.6 * rows["electricity_mwh"])
        assert cop.is_monotonic_increasing
        assert cop.iloc[1] == pytest.approx(1.7, abs=0.01)
        assert 1.7 <= cop.iloc[2] <= 2.3
        assert 1.7 <= cop.iloc[3] <= 2.3


def test_heat_pumps_of_the_coldest_league_use_most(world: World) -> None:
    areas = world.prepared.tables.frame["areas"]
    cities = areas[areas["level"] == "city"].set_index("area")["heating_season_c"]
    assert cities["150700"] == cities.min(), "Hulunbuir"
    assert cities.max() - cities.min() > 8


def test_an_oxidiser_burns_gas(tables: Tables, world: World) -> None:
    for kind in ("industrial_coating", "printing_ink", "chemical", "pharma"):
        known = tables.frame["emission_factors"]
        row = known[(known["class"] == kind) & (known["pollutant"] == "VOCs")].iloc[0]
        technology = row["technology"] if isinstance(row["technology"], str) else "standard"
        state = {"class": kind, "fuel": "none", "technology": technology}
        plain, treated = (
            effects(tables, state, {**state, "controls": ("rto",)}).fillna(0.0).to_dict("records")
        )
        assert treated["VOCs"] < 0.5 * plain["VOCs"]
        assert treated["NOx"] > plain["NOx"]
        assert treated["CO2"] > plain["CO2"]
    told = world.moves[world.moves["measure"] == "chemical_rto"]
    assert (told["cut_NOx"] < 0).all()
    assert (told["cut_CO2"] < 0).all()


def test_fans_and_pumps_of_flue_gas_cleaning_burn_coal_elsewhere(world: World) -> None:
    for measure in ("power_ule_pc", "steel_ule", "cement_scr", "boiler_ule", "aluminium_fgd"):
        told = world.moves[world.moves["measure"] == measure]
        assert (told["more_electricity"] >= 0).all(), measure
        assert told["more_electricity"].sum() > 0, measure
        assert told["cut_CO2"].sum() < 0, measure


def test_rail_is_paid_at_both_ends_and_by_its_legs(tables: Tables) -> None:
    data = tables.frame["measure_data"]
    haul = data[data["measure"].str.startswith("freight_to_rail") & (data["per"] == "haul")]
    handling = haul[haul["item"] == "variable_om"].set_index("measure")["value"]
    assert len(handling) == 4
    assert handling["freight_to_rail_spare"] >= 25
    assert handling["freight_to_rail_transfer"] >= handling["freight_to_rail_spare"] + 20, (
        "trucks at both ends"
    )
    assert (haul[haul["item"] == "fixed_om"]["value"] == 16.3).all()
    prices = tables.frame["prices"].query("year == 2017").set_index("item")["value"]
    assert prices["rail_freight"] == pytest.approx(0.098 + 0.045)
    mean = prices["rail_freight"] + 16.3 / 362
    assert 0.15 < mean < 0.20, "tariff at the mean haul of the region"
    assert 0.25 <= prices["road_freight"] <= 0.40


def test_short_hauls_do_not_pay_by_rail_and_none_pays_much(world: World) -> None:
    told = world.moves[world.moves["measure"] == "freight_to_rail_spare"]
    assert told["cost"].sum() > 0
    rate = told["cost"] / told["cut_NOx"]
    assert rate.quantile(0.05) > -20_000, "CNY per t of NOx"
    assert rate.max() > 300_000


def test_freight_by_rail_keeps_diesel_at_the_ends(tables: Tables) -> None:
    rail, belt = effects(
        tables,
        {"class": "freight", "fuel": "electricity", "technology": "rail"},
        {"class": "freight", "fuel": "electricity", "technology": "belt"},
    ).to_dict("records")
    assert rail["NOx"] > 0, "shunting and legs"
    assert belt["PM10"] > 0
    assert belt["electricity_mwh"] > rail["electricity_mwh"] > 0


def test_network_heat_is_charged_with_the_power_it_costs(world: World) -> None:
    for measure in ("boiler_join_network", "home_to_network"):
        told = world.moves[world.moves["measure"] == measure]
        assert (told["more_network_heat"] > 0).all()


def test_what_joins_a_network_finds_its_side_effects_in_the_projects(tables: Tables) -> None:
    """Heat of CHP units costs power, waste heat runs like its plant, and new boilers burn coal."""
    projects = tables.frame["projects"]
    heat = projects[projects["supplies"] == "network_heat"]
    chp, waste = heat[heat["kind"] == "chp"], heat[heat["kind"] == "waste_heat"]
    assert len(chp) > 20
    assert chp["power_mwh_per_unit"].between(0.02, 0.055).all(), "20 to 55 kWh per GJ, steam or back-pressure"
    assert waste["runs_like"].notna().all()
    assert heat[heat["kind"] == "boiler_house"]["plant_fuel"].notna().all()


def test_washed_coal_helps_without_a_filter_only(tables: Tables) -> None:
    measure = read_measures(tables)["boiler_washed_coal"]
    assert {"fgd_wet", "fgd_ule", "fgd_semidry"} <= measure.none_of
    plain, washed = (effects(tables, boiler("coal", "grate", *c)).iloc[0] for c in ((), ("washed_coal",)))
    assert washed["SO2"] == pytest.approx(0.7 * plain["SO2"])
    assert washed["NOx"] == plain["NOx"]


def test_no_measure_is_deep_below_zero(world: World) -> None:
    """A plan that begins with large savings has forgotten a cost. The line of a belt is a project."""
    by_measure = world.moves.groupby("measure").sum(numeric_only=True)
    tonnes = (
        by_measure[[f"cut_{name}" for name in POLLUTANTS if name not in ("CO2", "CO")]]
        .clip(lower=0)
        .sum(axis=1)
    )
    rate = by_measure["cost"] / tonnes
    rate = rate.drop("freight_to_belt")
    assert rate.min() > -5000, rate.nsmallest(3).to_string()


def test_phosphorus_furnaces_can_be_cleaned(tables: Tables) -> None:
    """Of 20 kg SO2 a t, washing leaves 1 - 0.8 x 0.92 of it, use of the cleaned gas 2 kg."""
    works = {"class": "phosphorus_furnace", "fuel": "none", "technology": "standard"}
    offered = read_measures(tables)
    used = {**works, "technology": offered["phosphorus_gas_used"].sets_technology}
    bags, washed = offered["phosphorus_bag"].adds, offered["phosphorus_fgd"].adds
    states = (works, {**works, "controls": washed}, used, {**used, "controls": bags})
    plain, washing, using, whole = effects(tables, *states).to_dict("records")
    assert plain["SO2"] == pytest.approx(20e-3)
    assert washing["SO2"] == pytest.approx(20e-3 * (1 - 0.8 * 0.92))
    assert using["SO2"] == pytest.approx(2e-3)
    assert using["CO"] < 0.2 * plain["CO"]
    assert (plain["meets"], whole["meets"]) == ("none", "national_limits")
