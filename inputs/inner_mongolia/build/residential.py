"""Build residential.csv (2017) and residential_2020.csv: homes on coal, gas and straw, commercial stoves.

Bulk coal follows survey logic: rural households and households of urban villages times tonnes a household,
more where winters are colder and coal is poorer, raked to the control total.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.networks import network_of
from inputs.build.rake import rake
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.years import write_years

PERSONS = {"rural": 2.55, "urban": 2.6}
COAL_EFFICIENCY = 0.45
ZONE_NAMES = {
    "rural": ("rural homes", "农村"),
    "urban_fringe": ("homes of the urban fringe", "城中村及城边"),
    "city_built_up": ("homes within the city", "城市建成区"),
    "county_built_up": ("homes within the county town", "旗县城关"),
}
URBAN_ON_COAL = {
    2017: {"city": (0.045, 0.02), "county": (0.07, 0.06)},
    2020: {"city": (0.032, 0.006), "county": (0.05, 0.032)},
}
"""Share of urban households on coal: on the fringe, in the built-up area (own estimate)."""
BRIQUETTES = {2017: 0.1, 2020: 0.2}
"""Share of briquettes in the coal of homes in and around the big cities (own estimate)."""
HOHHOT, SWITCHED_BY = ("150102", "150103", "150104", "150105"), {2017: 0.0, 2020: 0.5}
"""Districts of the no-burning zone of Hohhot, and the part of its programme of 2020 and 2021 that is
done. Its households, and no others there, burn coal before it."""
STOVES_IN_TOWN = {2017: {"city": 0.25, "county": 1.0}, 2020: {"city": 0.01, "county": 0.05}}
STOVES_AROUND = {2017: 0.2, 2020: 0.15}
"""Stoves by urban resident, against a county town of 2017: in the built-up area, around it (own estimate)."""


def households(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Households on coal by county and zone before raking."""
    city, county = URBAN_ON_COAL[year]["city"], URBAN_ON_COAL[year]["county"]
    rural = (areas["population"] - areas["urban_population"]) / PERSONS["rural"]
    urban = areas["urban_population"] / PERSONS["urban"]
    fringe = areas["city"].map({True: city[0], False: county[0]})
    inside = areas["city"].map({True: city[1], False: county[1]})
    built_up = pd.Series(np.where(areas["city"], "city_built_up", "county_built_up"), index=areas.index)
    parts = [
        pd.DataFrame({"zone": "rural", "stock": rural * 0.72}),
        pd.DataFrame({"zone": "urban_fringe", "stock": urban * fringe}),
        pd.DataFrame({"zone": built_up, "stock": urban * inside}),
    ]
    return pd.concat(parts).rename_axis("area").reset_index()


def build_coal(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Homes on coal, t a year; some of those in and around the big cities burn briquettes."""
    rows = households(areas, year)
    place = rows["zone"].eq("rural").map({True: "rural", False: "urban"})
    wanted = {name: REGION.control_total(f"coal_households_{name}.{year}") for name in ("rural", "urban")}
    programme = rows["area"].isin(HOHHOT).map({True: "hohhot", False: ""})
    left = REGION.control_total("coal_households_hohhot.2021") * (1 - SWITCHED_BY[year])
    rows["stock"] = rake(rows["stock"], [(place, wanted), (programme, {"hohhot": left})]).round()
    rows = rows.join(coal_quality(REGION, rows["area"], pd.Series("home", index=rows.index)))
    cold = rows["area"].map(areas["cold"])
    need = cold / cold.mean() / (rows["ncv_gj_per_t"] / rows["ncv_gj_per_t"].mean()) ** 0.7
    tonnes = rows["stock"] * need.clip(0.75, 1.5)
    rows["tonnes"] = tonnes / tonnes.sum() * REGION.control_total(f"bulk_coal.{year}") * 1e6
    briquette = rows[
        rows["zone"].isin(["city_built_up", "urban_fringe"]) & rows["area"].map(areas["city"])
    ].copy()
    part = BRIQUETTES[year]
    for column in ("stock", "tonnes"):
        rows.loc[briquette.index, column] *= 1 - part
        briquette[column] *= part
    raw = rows.assign(fuel="raw_coal", technology="stove", suffix="")
    pressed = briquette.assign(
        fuel="briquette", technology="briquette_stove", suffix=".briquette", ncv_gj_per_t=21.0
    )
    pressed = pressed.assign(sulphur_pct=0.45, ash_pct=22.0)
    out = pd.concat([raw, pressed], ignore_index=True)
    out["source"] = "home_coal." + out["area"] + "." + out["zone"] + out["suffix"]
    efficiency = np.where(out["fuel"] == "briquette", 0.6, COAL_EFFICIENCY)
    return out.assign(
        **{"class": "residential_coal"}, activity=out["tonnes"], activity_unit="fuel_t", efficiency=efficiency
    )


def build_gas(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Homes on gas by league: cooking and wall-hung boilers, m3 a year."""
    piped = areas[areas["gas_access"] != "none"]
    reach = piped["urban_population"] * np.where(piped["gas_access"] == "trunk", 1.0, 0.35)
    league = reach.groupby(piped["parent"]).sum()
    total = REGION.control_total(f"home_gas.{year}")
    users = REGION.control_total(f"gas_households.{year}")
    rows = pd.DataFrame({"area": league.index, "share": (league / league.sum()).to_numpy()})
    return rows.assign(
        source="home_gas." + rows["area"],
        **{"class": "residential_gas"},
        zone="city_built_up",
        stock=(rows["share"] * users).round(),
        activity=rows["share"] * total * 1e6,
        activity_unit="fuel_m3",
        fuel="natural_gas",
        technology="gas_boiler_home",
        efficiency=0.88,
    )


def build_biomass(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Straw, wood and dung burnt in rural homes by county: t a year, more in the farming and forest east."""
    rural = areas["population"] - areas["urban_population"]
    east = areas.index.str[:4].isin(["1504", "1505", "1507", "1522"])
    seed = rural * np.where(east, 1.6, 0.7)
    tonnes = seed / seed.sum() * REGION.control_total(f"home_biomass.{year}") * 1e6
    rows = pd.DataFrame(
        {"area": areas.index, "activity": tonnes.to_numpy(), "stock": (rural / 2.55 * 0.6).to_numpy()}
    )
    return rows.assign(
        source="home_biomass." + rows["area"],
        **{"class": "residential_biomass"},
        zone="rural",
        stock=rows["stock"].round(),
        activity_unit="fuel_t",
        fuel="biomass",
        technology="standard",
        ncv_gj_per_t=15.0,
        efficiency=0.2,
    )


def build_stoves(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Tea boilers, stoves of restaurants and grain dryers by county and zone."""
    urban, rural = areas["urban_population"], areas["population"] - areas["urban_population"]
    built_up = pd.Series(np.where(areas["city"], "city_built_up", "county_built_up"), index=areas.index)
    few = areas["city"].map({True: STOVES_IN_TOWN[year]["city"], False: STOVES_IN_TOWN[year]["county"]})
    rows = pd.concat(
        [
            pd.DataFrame({"zone": built_up, "seed": urban * few}),
            pd.DataFrame({"zone": "urban_fringe", "seed": urban * STOVES_AROUND[year]}),
            pd.DataFrame({"zone": "rural", "seed": rural * 0.25}),
        ]
    )
    rows = rows.rename_axis("area").reset_index()
    rows["stock"] = (rows["seed"] / rows["seed"].sum() * REGION.control_total(f"stoves.{year}")).round()
    rows = rows.join(coal_quality(REGION, rows["area"], pd.Series("home", index=rows.index)))
    return rows.assign(
        source="stove." + rows["area"] + "." + rows["zone"],
        **{"class": "commercial_stove"},
        activity=rows["stock"] * REGION.control_total(f"stove_coal.{year}"),
        activity_unit="fuel_t",
        fuel="raw_coal",
        technology="stove",
        efficiency=0.5,
        duty="commercial",
    )


LABELS = {
    "residential_coal": ("coal in", "燃煤"),
    "residential_gas": ("gas in homes of cities and towns", "城镇居民燃气"),
    "residential_biomass": ("biomass in", "生物质"),
    "commercial_stove": ("commercial stoves,", "茶炉及经营性炉灶"),
}


def build(year: int = START) -> pd.DataFrame:
    """The table of a year: homes on coal, gas and biomass, commercial stoves."""
    areas = counties(year)
    parts = [make(areas, year) for make in (build_coal, build_gas, build_biomass, build_stoves)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["stock"] > 0].reset_index(drop=True)
    places = REGION.table("areas").set_index("area")
    what, what_zh = (rows["class"].map({name: pair[n] for name, pair in LABELS.items()}) for n in (0, 1))
    zone, zone_zh = (rows["zone"].map({name: pair[n] for name, pair in ZONE_NAMES.items()}) for n in (0, 1))
    gas = rows["class"] == "residential_gas"
    return rows.assign(
        year=year,
        name=rows["area"].map(places["name"]) + " " + what + (" " + zone).mask(gas, ""),
        name_zh=rows["area"].map(places["name_zh"]) + zone_zh.mask(gas, "") + what_zh,
        activity=rows["activity"].round(1),
        gas_access=rows["area"].map(places["gas_access"]).mask(rows["zone"] == "rural", "none"),
        network=network_of(rows["area"], rows["zone"], areas).mask(gas),
        part_year=0.4,
        citation="own_estimate",
        rating="E",
        constructed=True,
    )


def check(homes: pd.DataFrame) -> None:
    """Totals and ranges of planning practice 3.3."""
    year = int(homes["year"].iloc[0])
    coal = homes[homes["class"] == "residential_coal"]
    limits = REGION.observations.loc[f"bulk_coal.{year}"]
    assert limits["low"] <= coal["activity"].sum() / 1e6 <= limits["high"]
    each = coal["activity"] / coal["stock"]
    assert each.min() > 1.5
    assert each.max() < 5, each.max()
    rural = coal[coal["zone"] == "rural"]
    assert 2.5 <= rural["activity"].sum() / rural["stock"].sum() <= 4
    assert homes["source"].is_unique


if __name__ == "__main__":
    write_years("residential", build, check)
