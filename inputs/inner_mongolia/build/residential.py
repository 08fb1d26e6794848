"""Build residential.csv: homes on coal, gas and straw by county and zone, and small commercial stoves.

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

PERSONS = {"rural": 2.55, "urban": 2.6}
COAL_EFFICIENCY = 0.45
ZONE_NAMES = {
    "rural": ("rural homes", "农村"),
    "urban_fringe": ("homes of the urban fringe", "城中村及城边"),
    "city_built_up": ("homes within the city", "城市建成区"),
    "county_built_up": ("homes within the county town", "旗县城关"),
}
URBAN_ON_COAL = {"city": (0.045, 0.02), "county": (0.07, 0.06)}
"""Share of urban households on coal: on the fringe, in the built-up area (own estimate)."""


def households(areas: pd.DataFrame) -> pd.DataFrame:
    """Households on coal by county and zone before raking."""
    rural = (areas["population"] - areas["urban_population"]) / PERSONS["rural"]
    urban = areas["urban_population"] / PERSONS["urban"]
    fringe = areas["city"].map({True: URBAN_ON_COAL["city"][0], False: URBAN_ON_COAL["county"][0]})
    inside = areas["city"].map({True: URBAN_ON_COAL["city"][1], False: URBAN_ON_COAL["county"][1]})
    built_up = pd.Series(np.where(areas["city"], "city_built_up", "county_built_up"), index=areas.index)
    parts = [
        pd.DataFrame({"zone": "rural", "stock": rural * 0.72}),
        pd.DataFrame({"zone": "urban_fringe", "stock": urban * fringe}),
        pd.DataFrame({"zone": built_up, "stock": urban * inside}),
    ]
    return pd.concat(parts).rename_axis("area").reset_index()


def build_coal(areas: pd.DataFrame) -> pd.DataFrame:
    """Homes on coal, t a year; a tenth of those in and around the big cities burn briquettes."""
    rows = households(areas)
    rows["stock"] = rake(
        rows["stock"],
        [(rows["zone"].eq("rural").map({True: "rural", False: "urban"}), _wanted_households())],
    ).round()
    rows = rows.join(coal_quality(REGION, rows["area"], pd.Series("home", index=rows.index)))
    cold = rows["area"].map(areas["cold"])
    need = cold / cold.mean() / (rows["ncv_gj_per_t"] / rows["ncv_gj_per_t"].mean()) ** 0.7
    tonnes = rows["stock"] * need.clip(0.75, 1.5)
    rows["tonnes"] = tonnes / tonnes.sum() * REGION.control_total("bulk_coal.2017") * 1e6
    briquette = rows[
        rows["zone"].isin(["city_built_up", "urban_fringe"]) & rows["area"].map(areas["city"])
    ].copy()
    part = 0.1
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


def _wanted_households() -> dict[str, float]:
    return {zone: REGION.control_total(f"coal_households_{zone}.2017") for zone in ("rural", "urban")}


def build_gas(areas: pd.DataFrame) -> pd.DataFrame:
    """Homes on gas by league: cooking and wall-hung boilers, m3 a year."""
    piped = areas[areas["gas_access"] != "none"]
    reach = piped["urban_population"] * np.where(piped["gas_access"] == "trunk", 1.0, 0.35)
    league = reach.groupby(piped["parent"]).sum()
    total = REGION.control_total("home_gas.2017")
    users = REGION.control_total("gas_households.2017")
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


def build_biomass(areas: pd.DataFrame) -> pd.DataFrame:
    """Straw, wood and dung burnt in rural homes by county: t a year, more in the farming and forest east."""
    rural = areas["population"] - areas["urban_population"]
    east = areas.index.str[:4].isin(["1504", "1505", "1507", "1522"])
    seed = rural * np.where(east, 1.6, 0.7)
    tonnes = seed / seed.sum() * REGION.control_total("home_biomass.2017") * 1e6
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


def build_stoves(areas: pd.DataFrame) -> pd.DataFrame:
    """Tea boilers, stoves of restaurants and grain dryers by county and zone."""
    urban, rural = areas["urban_population"], areas["population"] - areas["urban_population"]
    built_up = pd.Series(np.where(areas["city"], "city_built_up", "county_built_up"), index=areas.index)
    few = np.where(areas["city"], 0.25, 1.0)
    rows = pd.concat(
        [
            pd.DataFrame({"zone": built_up, "seed": urban * few}),
            pd.DataFrame({"zone": "urban_fringe", "seed": urban * 0.2}),
            pd.DataFrame({"zone": "rural", "seed": rural * 0.25}),
        ]
    )
    rows = rows.rename_axis("area").reset_index()
    rows["stock"] = (rows["seed"] / rows["seed"].sum() * REGION.control_total("stoves.2017")).round()
    rows = rows.join(coal_quality(REGION, rows["area"], pd.Series("home", index=rows.index)))
    return rows.assign(
        source="stove." + rows["area"] + "." + rows["zone"],
        **{"class": "commercial_stove"},
        activity=rows["stock"] * REGION.control_total("stove_coal.2017"),
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


def build() -> pd.DataFrame:
    """The table: homes on coal, gas and biomass, commercial stoves."""
    areas = counties()
    parts = [build_coal(areas), build_gas(areas), build_biomass(areas), build_stoves(areas)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["stock"] > 0].reset_index(drop=True)
    places = REGION.table("areas").set_index("area")
    what, what_zh = (rows["class"].map({name: pair[n] for name, pair in LABELS.items()}) for n in (0, 1))
    zone, zone_zh = (rows["zone"].map({name: pair[n] for name, pair in ZONE_NAMES.items()}) for n in (0, 1))
    gas = rows["class"] == "residential_gas"
    return rows.assign(
        year=START,
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
    coal = homes[homes["class"] == "residential_coal"]
    assert 7.5e6 <= coal["activity"].sum() <= 10e6
    each = coal["activity"] / coal["stock"]
    assert each.min() > 1.5
    assert each.max() < 5, each.max()
    rural = coal[coal["zone"] == "rural"]
    assert 2.5 <= rural["activity"].sum() / rural["stock"].sum() <= 4
    assert homes["source"].is_unique


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "residential")
