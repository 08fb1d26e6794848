"""Fuel, kilometres and tonne-kilometres of Inner Mongolia close within 15 %, 2017 and 2020.

Fuel is kilometres times the intensities of technologies.csv; the build scripts use kg a kilometre instead.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
REGION = ROOT / "inputs" / "inner_mongolia"
YEARS = (2017, 2020)
NCV = {"diesel": 43.0, "petrol": 44.3}
"""GJ/t, as in fuels.csv."""
TONNES_A_KM = {"heavy": 10.5, "medium": 4.0, "light": 1.0, "mini": 0.5}
"""Mean load over loaded and empty kilometres of trucks that do not work on a corridor, t (own estimate)."""


def load(name: str, year: int) -> pd.DataFrame:
    return pd.read_csv(REGION / f"{name}{'' if year == 2017 else f'_{year}'}.csv", low_memory=False)


@pytest.fixture(scope="module")
def observed() -> pd.DataFrame:
    return pd.read_csv(REGION / "observations.csv").set_index("observation")


def inside(frame: pd.DataFrame) -> pd.DataFrame:
    """Sources inside the official account; of freight, what is on the road."""
    frame = frame[~((frame["class"] == "freight") & (frame["technology"] == "rail"))]
    return frame[frame["outside_account"] != "yes"] if "outside_account" in frame else frame


def road_fuel(year: int) -> pd.Series:
    """Mt of diesel and petrol burnt by vehicles registered here, by fuel."""
    intensity = pd.read_csv(ROOT / "inputs" / "reference" / "technologies.csv")
    intensity = intensity.assign(min_capacity=intensity["min_capacity"].fillna(0.0))
    sources = pd.concat([inside(load("fleet", year)), inside(load("freight", year))], ignore_index=True)
    sources = sources[sources["fuel"].isin(NCV)].assign(capacity=lambda s: s["capacity"].fillna(0.0))
    keys = ["class", "fuel", "technology"]
    pairs = sources.merge(intensity[[*keys, "min_capacity", "fuel_gj_per_activity"]], on=keys, how="left")
    pairs = pairs[pairs["min_capacity"] <= pairs["capacity"]].sort_values("min_capacity")
    chosen = pairs.groupby("source").tail(1)
    assert len(chosen) == len(sources)
    gj = (chosen["activity"] * chosen["fuel_gj_per_activity"]).groupby(chosen["fuel"]).sum()
    return gj / pd.Series(NCV) / 1e6


@pytest.mark.parametrize("year", YEARS)
def test_petrol_burnt_is_petrol_sold(observed: pd.DataFrame, year: int) -> None:
    burnt = road_fuel(year)["petrol"]
    assert burnt == pytest.approx(observed.loc[f"petrol_sold.{year}", "value"], rel=0.15)
    oil = load("oil", year).groupby("class")["activity"].sum() / 1e6
    assert oil.to_numpy() == pytest.approx(burnt, rel=0.15)
    statistics = observed.loc[f"petrol_statistics.{2017 if year == 2017 else 2019}", "value"]
    assert burnt == pytest.approx(statistics, rel=0.15)


@pytest.mark.parametrize("year", YEARS)
def test_diesel_burnt_is_what_is_bought(observed: pd.DataFrame, year: int) -> None:
    """Burnt inside the account = sold + filled up beyond the border + what no statistic holds."""
    machines = inside(load("nonroad", year))
    tonnes = machines.loc[machines["activity_unit"] == "fuel_t", "activity"].sum()
    burnt = road_fuel(year)["diesel"] + tonnes / 1e6
    parts = ("diesel_sold", "diesel_beyond_border", "diesel_unrecorded")
    bought = sum(observed.loc[f"{part}.{year}", "value"] for part in parts)
    assert observed.loc[f"diesel_burnt.{year}", "value"] == pytest.approx(bought, rel=1e-3)
    assert burnt == pytest.approx(bought, rel=0.15)


@pytest.mark.parametrize("year", YEARS)
def test_diesel_filled_up_beyond_the_border_follows_from_the_corridors(
    observed: pd.DataFrame, year: int
) -> None:
    """Half of the fuel of the tonne-km beyond the border, at 0.35 kg a kilometre and 15.5 t."""
    corridors = pd.read_csv(REGION / "build" / "facts_corridors.csv").query("outside_account == 'no'")
    suffix = "" if year == 2017 else f"_{year}"
    beyond = corridors[f"mt{suffix}"] * (corridors["km"] - corridors["km_inside"])
    beyond *= 1 - corridors[f"gas_share{suffix}"]
    mt = 0.5 * beyond.sum() * 1e6 / 15.5 * 0.35 / 1e9
    assert mt == pytest.approx(observed.loc[f"diesel_beyond_border.{year}", "value"], rel=0.05)
    assert (corridors["km_inside"] <= corridors["km"]).all()


def test_what_farms_and_homes_buy_stands_in_the_statistics(observed: pd.DataFrame) -> None:
    """Farm machines and low-speed trucks of 2017 burn what farms and rural homes buy: 0.61 + 0.38 Mt."""
    machines = load("nonroad", 2017)
    farm = machines.loc[machines["machine"] == "farm", "activity"].sum() / 1e6
    slow = load("fleet", 2017).query("`class` == 'low_speed_truck'")["activity"].sum() * 0.084 / 1e9
    assert "farms 0.61, rural homes 0.38" in observed.loc["statistics_diesel.2017", "about"]
    assert farm + slow == pytest.approx(0.61 + 0.38, rel=0.15)


@pytest.mark.parametrize("year", YEARS)
def test_tonne_kilometres_close(observed: pd.DataFrame, year: int) -> None:
    """Corridors of registered trucks as they are, other trucks at their mean load."""
    trucks = load("fleet", year).query("`class` == 'truck'")
    own = (trucks["activity"] * trucks["size"].map(TONNES_A_KM)).sum()
    tkm = (inside(load("freight", year))["activity"].sum() + own) / 1e9
    assert tkm == pytest.approx(observed.loc[f"road_tkm.{year}", "value"], rel=0.15)


@pytest.mark.parametrize("year", YEARS)
def test_coal_sent_out_by_rail_is_less_than_the_coal_on_rail(observed: pd.DataFrame, year: int) -> None:
    """What leaves by rail is 60 to 90 % of the coal on rail; power stations inside take the rest."""
    value = observed["value"]
    freight = load("freight", year).query("technology != 'rail'")
    out = freight[(freight["direction"] == "out") & (freight["commodity"] == "coal")]
    road = (out["activity"] / out["distance_km"]).sum() / 1e6
    rail = value[f"coal_out.{year}"] - road
    assert 0.6 <= rail / (value[f"rail_freight.{year}"] * value[f"coal_share_of_rail.{year}"] / 100) <= 0.9
