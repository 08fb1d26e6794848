"""Build projects.csv: heat networks, gas supply and rail capacity, existing and to be had.

Heat: what networks deliver already is not counted, since no source of state 0 takes heat from them; the
existing project of a network is its spare supply, the optional ones are mains, stations and the heat source.
Gas: the limit on natural gas counts what is used at the start too, so the existing supply of a city is the
use of 2017 with its growth, what is spare, and LNG brought by road for vehicles. Rail rows are made with the
corridors (freight.py) and joined here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.networks import network_of
from inputs.inner_mongolia.build import freight
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.region import REGION

HEAT_HOURS = 2100
SPARE = {"city": 0.08, "county": 0.05}
"""Spare heat of an existing network, part of the heat of its towns (own estimate, 5 to 15 %)."""
STEPS = {1: (0.12, 2018), 2: (0.2, 2019), 3: (0.25, 2020)}
"""Optional steps of a network: part of the heat of its towns, first year; county towns have two."""
PIPES_CNY_PER_GJ = 85 / 0.5
"""Mains, stations, connection: 60 to 110 CNY/m2 (planning practice, measure 6) over 0.5 GJ/m2 a year."""
EXTRACTION_CNY_PER_GJ = 250e3 / (HEAT_HOURS * 3.6)
"""Heat extraction of a CHP unit in reach: 100 to 400 CNY/kW of heat (measure 5) over its full-load hours."""
BOILER_HOUSE_CNY_PER_GJ = 0.65e6 / 0.7 / (HEAT_HOURS * 3.6)
"""Where no CHP is in reach: a large ultra-low boiler house, 0.5 to 0.9 M CNY a t/h (measure 10)."""
CHP_REACH_KM = 20
RISE = {1: 0.9, 2: 1.0, 3: 1.25}
"""Cost of a step against the mean: nearer users first."""
GAS_GJ_PER_M3, GLASS_GJ_PER_T = 0.0356, 8.0
HEAT_DAYS, STEADY_DAYS, LINE_DAYS = 83, 300, 120
"""Days of peak use in a year: boilers and homes, others, a new line with its storage (own estimate)."""
GAS_GROWTH = 1.15
"""Supply that stands ready against the use of 2017: homes of new buildings come first."""


def heat_networks() -> pd.DataFrame:
    """Networks with their towns' heat (GJ/yr), nearest large CHP (km) and payer."""
    areas = counties()
    zone = pd.Series("urban_fringe", index=areas.index)
    areas["network"] = network_of(pd.Series(areas.index, index=areas.index), zone, areas)
    weight = areas["urban_population"] * areas["cold"]
    share = weight / weight.groupby(areas["parent"]).transform("sum")
    areas["heat"] = share * areas["parent"].map(REGION.by_area("heat_supply")) * 1e6
    towns = areas[areas["network"].notna()].groupby("network", sort=True)
    out = towns.agg(heat=("heat", "sum"), km=("km_to_chp_300mw", "min"), city=("city", "any")).reset_index()
    out["area"] = out["network"].str.removeprefix("net.")
    return out


def heat_projects() -> pd.DataFrame:
    """Existing spare supply and the optional steps of every network."""
    nets = heat_networks()
    place = REGION.table("areas").set_index("area")
    near = nets["km"] <= CHP_REACH_KM
    source = np.where(near, EXTRACTION_CNY_PER_GJ, BOILER_HOUSE_CNY_PER_GJ)
    part = np.where(nets["city"], SPARE["city"], SPARE["county"])
    spare = nets.assign(step=0, capacity=nets["heat"] * part, status="existing", first_year=None)
    rows = [spare.assign(capital_cny=np.nan)]
    for step, (part, year) in STEPS.items():
        capacity = nets["heat"] * part
        capital = capacity * (PIPES_CNY_PER_GJ + source) * RISE[step]
        one = nets.assign(
            step=step, capacity=capacity, status="optional", first_year=year, capital_cny=capital
        )
        rows.append(one[one["city"]] if step == 3 else one)
    out = pd.concat(rows, ignore_index=True)
    word = np.where(out["km"] <= CHP_REACH_KM, "CHP heat and network", "large boiler house and network")
    word_zh = np.where(out["km"] <= CHP_REACH_KM, "热电联产供热及管网", "大型锅炉房及管网")
    built = out["step"] > 0
    step = out["step"].astype(str)
    en, zh = out["area"].map(place["name"]), out["area"].map(place["name_zh"])
    return out.assign(
        project="HEAT-" + out["area"] + "-" + step,
        name=en + np.where(built, " " + word + ", step " + step, " heat network, spare supply"),
        name_zh=zh + np.where(built, word_zh + "（第" + step + "期）", "既有热网富余能力"),
        supplies="network_heat",
        serves=out["network"],
        unit="GJ/yr",
        peak=out["capacity"] / (HEAT_HOURS * 3.6),
        peak_unit="MW",
        fixed_om_cny=out["capital_cny"] * 0.02,
        lifetime=25,
        payer=np.where(out["city"], "city", "county"),
    )


def gas_used() -> pd.DataFrame:
    """Natural gas burnt in 2017 by sources of these tables, m3 by city: `heat` (boilers, homes), `steady`."""
    columns = ["area", "class", "fuel", "activity", "activity_unit", "efficiency"]
    rows = pd.concat(
        [REGION.table(name)[columns] for name in ("power_units", "boilers", "plants", "residential")]
    )
    rows = rows[rows["fuel"] == "natural_gas"]
    useful = rows["activity"] * np.where(rows["activity_unit"] == "MWh", 3.6, 1.0)
    energy = (useful / rows["efficiency"]).mask(rows["class"] == "glass_furnace", useful * GLASS_GJ_PER_T)
    used = (energy / GAS_GJ_PER_M3).mask(rows["activity_unit"] == "fuel_m3", rows["activity"])
    kind = pd.Series(
        np.where(rows["class"].isin(["boiler", "residential_gas"]), "heat", "steady"), rows.index
    )
    return used.groupby([rows["area"].str[:4] + "00", kind]).sum().unstack(fill_value=0.0)


def gas_projects() -> pd.DataFrame:
    """Gas of every city: use of 2017 with what is spare, and two optional steps of new lines."""
    lines = REGION.facts("facts_gas")
    place = REGION.table("areas").set_index("area")
    zh = lines["city"].map(place["name_zh"])
    used = gas_used().reindex(lines["city"], fill_value=0.0).reset_index(drop=True) * GAS_GROWTH
    winter, steady = used["heat"] + lines["spare_m3"], used["steady"] + lines["vehicles_m3"]
    now = lines.assign(
        step="0",
        capacity=winter + steady,
        peak=winter / HEAT_DAYS + steady / STEADY_DAYS,
        status="existing",
        first_year=None,
        capital_cny=np.nan,
        name=lines["city"].map(place["name"]) + " gas supply, use of 2017 and spare",
        name_zh=zh + "既有供气能力（2017年用量及富余）",
    )
    capital = lines["km"] * lines["capital_cny_per_km"] + 0.35 * lines["step_m3"]
    one = lines.assign(step="1", capacity=lines["step_m3"], status="optional", capital_cny=capital)
    two = one.assign(
        step="2",
        capacity=lines["step_m3"] * 0.6,
        first_year=(lines["first_year"] + 1).clip(upper=2020),
        capital_cny=capital * 0.6 * 1.3,
        name=one["name"] + ", extension",
        name_zh=one["name_zh"] + "（扩建）",
    )
    out = pd.concat([now, one, two], ignore_index=True)
    return out.assign(
        project="GAS-" + out["city"] + "-" + out["step"],
        supplies="natural_gas",
        serves=out["city"],
        area=out["city"],
        unit="m3/yr",
        peak=out["peak"].fillna(out["capacity"] / LINE_DAYS),
        peak_unit="m3/day",
        fixed_om_cny=out["capital_cny"] * 0.03,
        lifetime=30,
        payer="enterprise",
    )


def build() -> pd.DataFrame:
    """The table: heat, gas, rail."""
    made = pd.concat([heat_projects(), gas_projects()], ignore_index=True)
    made = made.assign(citation="own_estimate", rating="E", constructed=True)
    made[["capacity", "capital_cny", "fixed_om_cny"]] = made[
        ["capacity", "capital_cny", "fixed_om_cny"]
    ].round(-3)
    rail = pd.DataFrame(freight.projects())
    out = pd.concat([made, rail], ignore_index=True)
    out["first_year"] = pd.to_numeric(out["first_year"]).astype("Int64")
    return out


def check(projects: pd.DataFrame) -> None:
    """Keys, spare supply in its range, gas growth within what the plan of 8 bcm leaves."""
    assert projects["project"].is_unique
    heat = projects[projects["supplies"] == "network_heat"]
    total = sum(REGION.by_area("chp_heat").values()) * 1e6 + sum(REGION.by_area("boiler_heat").values()) * 1e6
    assert 0.04 < heat.loc[heat["status"] == "existing", "capacity"].sum() / total < 0.15
    per_m2 = heat["capital_cny"] / heat["capacity"] * 0.5
    assert per_m2.dropna().between(60, 220).all()
    gas = projects[projects["supplies"] == "natural_gas"]
    growth = (
        REGION.facts("facts_gas")["spare_m3"].sum() + gas.loc[gas["status"] == "optional", "capacity"].sum()
    )
    assert 1.5e9 <= growth <= 4.5e9, growth


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "projects")
