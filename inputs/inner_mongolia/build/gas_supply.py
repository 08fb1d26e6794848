"""Supply of natural gas: what cities have, steps of new lines, LNG stations of counties without a line.

The limit on natural gas counts what is used at the start too, so the existing supply of a city is the use of
2017 with its growth, what is spare, and LNG brought by road for vehicles.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.region import INPUTS
from inputs.inner_mongolia.build.region import REGION, START

GAS_GJ_PER_M3, GLASS_GJ_PER_T = 0.0356, 8.0
HEAT_DAYS, STEADY_DAYS, LINE_DAYS = 83, 300, 120
"""Days of peak use in a year: boilers and homes, others, a new line with its storage (own estimate)."""
GAS_GROWTH = 1.15
"""Supply that stands ready against the use of 2017: homes of new buildings come first."""
STATION_TOWN = 50_000
"""Urban residents from which a county without gas can have an LNG station (own estimate)."""
STATION_M3_PER_RESIDENT = 90.0
"""A fifth of the heat of the town: 30 m2 and 0.55 GJ/m2 a year over 0.0356 GJ/m3."""
STATION_CNY_PER_M3 = 3.5
"""Storage, vaporisers and mains of the town, 2 to 5 CNY per m3 a year (own estimate)."""
LNG_CNY_PER_M3 = 3.1
"""LNG at the station, 2.6 to 3.6 CNY/m3 (planning practice, measure 11)."""


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


def lines() -> pd.DataFrame:
    """Gas of every city: use of 2017 with what is spare, and two optional steps of new lines."""
    facts = REGION.facts("facts_gas")
    place = REGION.table("areas").set_index("area")
    zh = facts["city"].map(place["name_zh"])
    used = gas_used().reindex(facts["city"], fill_value=0.0).reset_index(drop=True) * GAS_GROWTH
    winter, steady = used["heat"] + facts["spare_m3"], used["steady"] + facts["vehicles_m3"]
    now = facts.assign(
        step="0",
        capacity=winter + steady,
        peak=winter / HEAT_DAYS + steady / STEADY_DAYS,
        status="existing",
        first_year=None,
        name=facts["city"].map(place["name"]) + " gas supply, use of 2017 and spare",
        name_zh=zh + "既有供气能力（2017年用量及富余）",
    )
    capital = facts["km"] * facts["capital_cny_per_km"] + 0.35 * facts["step_m3"]
    one = facts.assign(step="1", capacity=facts["step_m3"], status="optional", capital_cny=capital)
    two = one.assign(
        step="2",
        capacity=facts["step_m3"] * 0.6,
        first_year=(facts["first_year"] + 1).clip(upper=2020),
        capital_cny=capital * 0.6 * 1.3,
        name=one["name"] + ", extension",
        name_zh=one["name_zh"] + "（扩建）",
    )
    out = pd.concat([now, one, two], ignore_index=True)
    lng = out["name"].str.contains("LNG")
    return out.assign(
        project="GAS-" + out["city"] + "-" + out["step"],
        kind=np.where(lng, "lng_station", "pipeline"),
        serves=out["city"],
        area=out["city"],
        peak=out["peak"].fillna(out["capacity"] / LINE_DAYS),
    )


def stations() -> pd.DataFrame:
    """An optional LNG station for each larger county town that no line and no station reaches.

    Users pay the gas price of their city; what LNG costs above it the station carries.
    """
    areas = REGION.table("areas")
    towns = areas[
        (areas["level"] == "county")
        & (areas["gas_access"] == "none")
        & (areas["urban_population"] >= STATION_TOWN)
    ]
    capacity = (towns["urban_population"] * STATION_M3_PER_RESIDENT).round(-5)
    city = _prices()
    return towns.assign(
        project="LNG-" + towns["area"] + "-1",
        name=towns["name"] + " LNG station and mains",
        name_zh=towns["name_zh"] + "液化天然气储配站及管网",
        kind="lng_station",
        serves=towns["area"],
        capacity=capacity,
        peak=capacity / HEAT_DAYS,
        status="optional",
        first_year=2019,
        capital_cny=capacity * STATION_CNY_PER_M3,
        variable_cny_per_unit=(LNG_CNY_PER_M3 - towns["parent"].map(city)).clip(lower=0.0).round(2),
    )


def _prices() -> pd.Series:
    """CNY/m3 of natural gas by city in the first year of the plan."""
    prices = pd.read_csv(INPUTS / "reference" / "prices.csv", dtype={"region": str})
    of_gas = prices[(prices["item"] == "natural_gas") & (prices["year"] == START + 1)]
    return of_gas.dropna(subset=["region"]).set_index("region")["value"]


def gas_projects() -> pd.DataFrame:
    """Rows of projects.csv."""
    out = pd.concat([lines(), stations()], ignore_index=True)
    return out.assign(
        supplies="natural_gas",
        unit="m3/yr",
        peak_unit="m3/day",
        fixed_om_cny=out["capital_cny"] * 0.03,
        lifetime=30,
        payer="enterprise",
        citation="own_estimate",
    )
