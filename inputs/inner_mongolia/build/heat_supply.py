"""Supply of heat networks: what is spare at the start, steps of mains with their source, waste heat, peak.

What networks deliver already is not counted, since no source of state 0 takes heat from them. Their spare
heat comes from CHP units and boiler houses as the heat of the league does; a step draws it from large CHP
units within reach, first those that lose least power, else from a large ultra-low boiler house.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.networks import network_of
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.region import REGION

HEAT_HOURS = 2100
MW_PER_GJ = 1 / (HEAT_HOURS * 3.6)
SPARE = {"city": 0.08, "county": 0.05}
"""Spare heat of an existing network, part of the heat of its towns (own estimate, 5 to 15 %)."""
STEPS = {1: (0.12, 2018), 2: (0.2, 2019), 3: (0.25, 2020)}
"""Optional steps of a network: part of the heat of its towns, first year; county towns have two."""
GJ_PER_M2 = 0.5
PIPES_CNY_PER_M2 = 85.0
"""Mains, stations, connection: 60 to 110 CNY/m2 (planning practice, measure 6)."""
LONG_MAIN_CNY_PER_M2_KM = 976e6 / 16e6 / 37.26
"""Main from the plant to the town: Shengle to Hohhot, 37.26 km for 16 M m2 and 976 M CNY (SHENGLE_MAIN)."""
EXTRACTION_CNY_PER_GJ = 250e3 * MW_PER_GJ
"""Heat extraction of a CHP unit in reach: 100 to 400 CNY/kW of heat (measure 5) over its full-load hours."""
BOILER_HOUSE_CNY_PER_GJ = 0.65e6 / 0.7 * MW_PER_GJ
"""Where no CHP is in reach: a large ultra-low boiler house, 0.5 to 0.9 M CNY a t/h (measure 10)."""
CHP_REACH_KM = 20
RISE = {1: 0.9, 2: 1.0, 3: 1.25}
"""Cost of a step against the mean: nearer users first."""
POWER_LOST = {"back_pressure": 0.028, "extraction": 0.048}
"""MWh per GJ: 20 to 35 kWh by high back-pressure or zero-output low pressure, 40 to 55 by extraction
(measure 5)."""
CHP_CNY_PER_GJ = 6.0
"""Pumping, make-up water, upkeep beside the power lost (own estimate): 18 to 32 CNY/GJ with it (measure 6).
"""
HOUSE_CNY_PER_GJ = 8.0
"""Staff, power, lime and urea of a boiler house beside its coal (own estimate)."""
HOUSE = {"existing": "fgd_wet+sncr+bag", "optional": "fgd_ule+scr_ule+pm_ule"}
HOUSE_TPH = {"existing": 80, "optional": 90}
SECURED_SHARE = 0.7
"""Of the peak with the largest source out: 65 to 75 % (R16)."""


def heat_networks() -> pd.DataFrame:
    """Networks with their towns' heat (GJ/yr), nearest large CHP (km), heat of CHP units."""
    areas = counties()
    zone = pd.Series("urban_fringe", index=areas.index)
    areas["network"] = network_of(pd.Series(areas.index, index=areas.index), zone, areas)
    weight = areas["urban_population"] * areas["cold"]
    share = weight / weight.groupby(areas["parent"]).transform("sum")
    areas["heat"] = share * areas["parent"].map(REGION.by_area("heat_supply")) * 1e6
    towns = areas[areas["network"].notna()].groupby("network", sort=True)
    out = towns.agg(heat=("heat", "sum"), km=("km_to_chp_300mw", "min"), city=("city", "any"))
    units = REGION.table("power_units").query("district_heat_gj > 0")
    given = units.groupby(units["area"].map(areas["network"]))["district_heat_gj"]
    out["chp_gj"], out["largest_mw"] = given.sum(), given.max() * MW_PER_GJ
    league = out.index.str[4:8] + "00"
    chp, house = (league.map(REGION.by_area(f"{kind}_heat")) for kind in ("chp", "boiler"))
    out["chp_share"] = np.where(out["chp_gj"] > 0, chp / (chp + house), 0.0)
    boiler_mw = HOUSE_TPH["existing"] * 0.7
    out = out.fillna({"chp_gj": 0.0, "largest_mw": boiler_mw}).reset_index()
    out["area"] = out["network"].str.removeprefix("net.")
    return out


def existing(nets: pd.DataFrame) -> pd.DataFrame:
    """Spare heat of every network by what makes it.

    With its largest source out a network of load L, spare S and largest source U meets SECURED_SHARE of L and
    (1 - SECURED_SHARE) L + S - U more; what is negative is a want of today, which no new user makes.
    """
    spare = nets["heat"] * np.where(nets["city"], SPARE["city"], SPARE["county"])
    load = np.where(nets["chp_gj"] > 0, nets["chp_gj"], nets["heat"]) * MW_PER_GJ
    room = ((1 - SECURED_SHARE) * load + spare * MW_PER_GJ - nets["largest_mw"]).clip(lower=0) / SECURED_SHARE
    parts = []
    for kind, share in (("chp", nets["chp_share"]), ("boiler_house", 1 - nets["chp_share"])):
        one = nets.assign(step=0, kind=kind, capacity=spare * share, status="existing", capital_cny=np.nan)
        one["secured"] = room * SECURED_SHARE * share
        parts.append(one[one["capacity"] > 0])
    return pd.concat(parts, ignore_index=True)


def steps(nets: pd.DataFrame) -> pd.DataFrame:
    """Optional steps of every network: mains to the users, and the source that feeds them."""
    near = nets["km"] <= CHP_REACH_KM
    source = np.where(near, EXTRACTION_CNY_PER_GJ, BOILER_HOUSE_CNY_PER_GJ)
    pipes = PIPES_CNY_PER_M2 + LONG_MAIN_CNY_PER_M2_KM * nets["km"].where(near, 0.0)
    rows = []
    for step, (part, year) in STEPS.items():
        capacity = nets["heat"] * part
        capital = capacity * (pipes / GJ_PER_M2 + source) * RISE[step]
        kind = np.where(near, "chp", "boiler_house")
        one = nets.assign(step=step, kind=kind, capacity=capacity, first_year=year, capital_cny=capital)
        rows.append(one[one["city"]] if step == 3 else one)
    return pd.concat(rows, ignore_index=True).assign(status="optional")


def made(rows: pd.DataFrame) -> pd.DataFrame:
    """How each supply is made: power lost, or boilers with their controls; cost beside fuel and power."""
    house = rows["kind"] == "boiler_house"
    way = np.where(rows["step"] == 1, "back_pressure", "extraction")
    return rows.assign(
        power_mwh_per_unit=pd.Series(way, rows.index).map(POWER_LOST).mask(house),
        variable_cny_per_unit=np.where(house, HOUSE_CNY_PER_GJ, CHP_CNY_PER_GJ),
        plant_fuel=np.where(house, "coal", None),
        plant_technology=np.where(house, "cfb", None),
        plant_controls=rows["status"].map(HOUSE).where(house),
        plant_capacity=rows["status"].map(HOUSE_TPH).where(house),
    )


def heat_projects() -> pd.DataFrame:
    """Rows of projects.csv: spare supply, steps, and the single sources of facts_heat_sources.csv."""
    place = REGION.table("areas").set_index("area")
    nets = heat_networks()
    out = made(pd.concat([existing(nets), steps(nets)], ignore_index=True))
    chp, built = out["kind"] == "chp", out["step"] > 0
    number = out["step"].astype(str)
    word = np.where(chp, "CHP heat and network", "large boiler house and network")
    word_zh = np.where(chp, "热电联产供热及管网", "大型锅炉房及管网")
    spare, spare_zh = np.where(chp, "CHP", "boiler houses"), np.where(chp, "热电联产", "锅炉房")
    en, zh = out["area"].map(place["name"]), out["area"].map(place["name_zh"])
    out = out.assign(
        project="HEAT-" + out["area"] + "-" + number.where(built | chp, "B"),
        name=en + np.where(built, " " + word + ", step " + number, " heat network, spare supply of " + spare),
        name_zh=zh
        + np.where(built, word_zh + "（第" + number + "期）", "既有热网富余能力（" + spare_zh + "）"),
        serves=out["network"],
        peak=out["capacity"] * MW_PER_GJ,
        fixed_om_cny=out["capital_cny"] * 0.02,
        payer=np.where(out["city"], "city", "county"),
        citation="own_estimate",
    )
    common = {"supplies": "network_heat", "unit": "GJ/yr", "peak_unit": "MW", "lifetime": 25}
    return pd.concat([out, single_sources()], ignore_index=True).assign(**common)


def single_sources() -> pd.DataFrame:
    """Waste heat of plants and gas boilers for the peak, each by itself."""
    rows = REGION.facts("facts_heat_sources")
    capital = rows["cny_per_mw"] * rows["peak_mw"]
    return rows.assign(
        capacity=rows["capacity_gj"],
        peak=rows["peak_mw"],
        status="optional",
        capital_cny=capital,
        fixed_om_cny=capital * rows["fixed_om_share"],
        power_mwh_per_unit=rows["power_mwh_per_gj"],
        variable_cny_per_unit=rows["variable_cny_per_gj"],
        payer="enterprise",
    )
