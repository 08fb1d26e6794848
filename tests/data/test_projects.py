"""Projects of Inner Mongolia, and the distance of boilers to large CHP units, recomputed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from inputs.inner_mongolia.build import gas_supply, heat_supply
from inputs.inner_mongolia.build.region import REGION

projects = pd.read_csv(REGION.root / "projects.csv", dtype={"area": str, "serves": str})


def of(kind: str) -> pd.DataFrame:
    return projects[projects["kind"] == kind]


@pytest.mark.parametrize("year", [2017, 2020])
def test_distance_to_large_chp_from_the_boiler_itself(year: int) -> None:
    """By the spherical law of cosines, unit by unit, from the coordinates in the boiler's own row."""
    suffix = "" if year == 2017 else f"_{year}"
    boilers = REGION.table(f"boilers{suffix}")
    boilers = boilers[boilers["class"] == "boiler"]
    units = REGION.table("power_units")
    units = units[(units["chp"] == "yes") & (units["capacity"] >= 300) & (units["from_year"] <= year)]
    units = units[~(units["to_year"] < year)]
    assert 60 < len(units) < 120
    places = boilers[["lat", "lon", "km_to_chp_300mw"]].drop_duplicates()
    for lat, lon, given in places.to_numpy(float):
        a, b = np.radians(lat), np.radians(units["lat"].to_numpy(float))
        turn = np.radians(units["lon"].to_numpy(float) - lon)
        cosine = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(turn)
        assert given == pytest.approx(6371 * np.arccos(np.minimum(cosine, 1)).min(), abs=0.06)
    assert boilers["km_to_chp_300mw"].notna().all()


def test_every_kind_has_rows_with_what_they_cost() -> None:
    kinds = {"chp", "boiler_house", "waste_heat", "gas_peak_boilers", "pipeline", "lng_station", "railway"}
    assert set(projects["kind"]) == kinds | {"siding", "belt", "grid"}
    optional = projects[projects["status"] == "optional"]
    columns = ["capital_cny", "fixed_om_cny", "lifetime", "first_year"]
    built_by_name = optional["constructed"] == "no"
    assert optional.loc[~built_by_name, columns].notna().all(axis=None)
    assert optional.loc[built_by_name, ["capital_cny", "lifetime", "first_year"]].notna().all(axis=None)


def test_projects_by_name_say_where_they_were_read() -> None:
    access = pd.read_csv(REGION.root.parent / "reference" / "citations.csv").set_index("citation")["access"]
    named = projects[projects["constructed"] == "no"]
    assert len(named) >= 8
    assert set(access[named["citation"]]) <= {"seen", "derived"}
    assert set(projects.loc[projects["constructed"] == "yes", "citation"]) == {"own_estimate"}


def test_heat_says_how_it_is_made() -> None:
    heat = projects[projects["supplies"] == "network_heat"]
    burns = heat["plant_fuel"].notna()
    assert (burns == heat["kind"].isin(["boiler_house", "gas_peak_boilers"])).all()
    lost = of("chp")["power_mwh_per_unit"] * 3.6
    # MWh of power per MWh of heat: 0.07-0.12 by high back-pressure, 0.15-0.20 by extraction (R17).
    assert lost.map(lambda c: 0.07 <= c <= 0.12 or 0.15 <= c <= 0.20).all()
    assert of("waste_heat")["runs_like"].notna().all()


def test_secured_heat_of_hohhot() -> None:
    """0.3 of the load and what is spare less the largest source, shared by what the spare heat is made of."""
    nets = heat_supply.heat_networks().set_index("network").loc["net.150100"]
    units = REGION.table("power_units")
    units = units[units["network"] == "net.150100"]["district_heat_gj"]
    per_mw = 2100 * 3.6
    spare = nets["heat"] * 0.08
    room = 0.3 * units.sum() / per_mw + spare / per_mw - units.max() / per_mw
    rows = projects[(projects["serves"] == "net.150100") & (projects["status"] == "existing")]
    assert rows["secured"].sum() == pytest.approx(max(room, 0), rel=1e-3)
    assert rows["capacity"].sum() == pytest.approx(spare, rel=1e-3)


def test_stations_stand_where_no_gas_is() -> None:
    areas = REGION.table("areas").set_index("area")
    stations = of("lng_station").query("project.str.startswith('LNG')")
    assert set(areas.loc[stations["serves"], "gas_access"]) == {"none"}
    assert (areas.loc[stations["serves"], "urban_population"] >= gas_supply.STATION_TOWN).all()


def test_belts_and_grid_serve_what_asks_for_them() -> None:
    freight = REGION.table("freight")
    assert set(of("belt")["serves"]) == set(freight.loc[freight["tranche"] == "belt", "corridor"])
    cities = REGION.table("areas").query("level == 'city'")["area"]
    assert set(of("grid")["serves"]) == set(cities)
    assert (of("belt").groupby(["serves", "first_year"]).size() == 1).all(), "a line of a corridor a year"
