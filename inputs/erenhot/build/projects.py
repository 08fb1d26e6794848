"""Builds projects.csv: heat of the network, LNG and rail, existing and to be had.

facts_projects.csv has a line per project. The limit on natural gas counts what is used at the start too, so
the existing supply is the use of 2018 with its growth, what is spare, and the LNG of vehicles.
"""

from __future__ import annotations

import pandas as pd

from inputs.erenhot.build.corridors import CORRIDORS, KM_PER_TRUCK, registered_trucks
from inputs.erenhot.build.fleet import own_stock
from inputs.erenhot.build.region import CITY, REGION
from inputs.erenhot.build.segments import SEGMENTS

GAS_GJ_PER_M3, LNG_GJ_PER_KG = 0.0356, 0.048
GROWTH = 1.15
"""Supply that stands ready against the use of 2018."""
SPARE_M3 = 2_000_000.0
WINTER_DAYS, STEADY_DAYS = 83, 300
"""Days of peak use in a year: boilers and homes, vehicles (own estimate)."""
CORRIDOR_KG_PER_KM = 0.31


def gas_of_vehicles() -> float:
    """LNG of the vehicles registered here, m3 of natural gas a year."""
    own = sum(own_stock(s) * s.km * s.kg_per_km for s in SEGMENTS if s.fuel == "lng")
    corridor = registered_trucks()["lng"] * KM_PER_TRUCK * CORRIDOR_KG_PER_KM
    return (own + corridor) * LNG_GJ_PER_KG / GAS_GJ_PER_M3


def gas_of_heat() -> float:
    """Gas of boilers and homes in 2018, m3 a year."""
    boilers, homes = REGION.table("boilers"), REGION.table("residential")
    boilers = boilers[boilers["fuel"] == "natural_gas"]
    burnt = (boilers["activity"] / boilers["efficiency"]).sum() / GAS_GJ_PER_M3
    return float(burnt + homes.loc[homes["fuel"] == "natural_gas", "activity"].sum())


def gas_now() -> pd.DataFrame:
    """The existing supply of gas."""
    winter, steady = gas_of_heat() * GROWTH + SPARE_M3, gas_of_vehicles() * GROWTH
    return pd.DataFrame(
        {
            "project": [f"GAS-{CITY}-0"],
            "name": ["Erenhot LNG supply, use of 2018 and spare"],
            "name_zh": ["二连浩特市既有LNG供气能力（2018年用量及富余）"],
            "supplies": ["natural_gas"],
            "kind": ["lng_station"],
            "serves": [CITY],
            "capacity": [round(winter + steady, -3)],
            "unit": ["m3/yr"],
            "peak": [round(winter / WINTER_DAYS + steady / STEADY_DAYS, -2)],
            "peak_unit": ["m3/day"],
            "status": ["existing"],
            "lifetime": [30.0],
            "payer": ["enterprise"],
            "citation": ["own_estimate"],
            "rating": ["E"],
        }
    )


def build() -> pd.DataFrame:
    """The table."""
    out = pd.concat([gas_now(), REGION.facts("facts_projects")], ignore_index=True)
    out = out.sort_values(["supplies", "project"], kind="stable", ignore_index=True)
    out["first_year"] = out["first_year"].astype("Int64")
    rate = out["supplies"].map({"network_heat": 0.02}).fillna(0.03)
    return out.assign(area=CITY, fixed_om_cny=(out["capital_cny"] * rate).round(), constructed=True)


def check(projects: pd.DataFrame) -> None:
    """Keys, corridors that exist, the cost of heat, and enough rail for what can leave the road."""
    assert projects["project"].is_unique
    names = {c.name for c in CORRIDORS}
    goods = projects[projects["supplies"] == "rail_freight"]
    assert set(goods["serves"]) <= names
    heat = projects[projects["supplies"] == "network_heat"]
    per_m2 = (heat["capital_cny"] / heat["capacity"] * REGION.control_total("heat_per_m2.2018")).dropna()
    assert per_m2.between(60, 230).all(), per_m2
    supply = goods.groupby("serves")["capacity"].sum()
    for corridor in (c for c in CORRIDORS if "siding_spare" in c.steps):
        assert supply[corridor.name] >= 0.75 * corridor.mt * 1e6, corridor.name


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "projects")
