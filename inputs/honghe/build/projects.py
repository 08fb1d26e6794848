"""Builds projects.csv: gas lines, steam networks, rail capacity.

The limit on natural gas counts what is used already, so the existing supply is the use of 2017 with a margin.
The steam networks serve works and towns, there is no heating. Rail rows come with the corridors.
"""

from __future__ import annotations

import pandas as pd

from inputs.honghe.build import freight
from inputs.honghe.build.counties import REGION

SPARE = 1.25
"""Existing gas supply (LNG stations, first towns on the line) against the use of 2017."""
WINTER_DAYS = 270
"""Days of mean use in a year of peak use: no heating, so the peak is flat (own estimate)."""


def existing_gas() -> pd.DataFrame:
    """The supply of 2017."""
    capacity = round(REGION.control_total("natural_gas.2017") * 1e6 * SPARE, -5)
    row = {
        "project": "GAS-532500-0",
        "name": "Gas supply of 2017: LNG stations and first towns on the line",
        "name_zh": "2017年既有供气能力（LNG气化站及管道气）",
        "supplies": "natural_gas",
        "serves": "532500",
        "area": "532500",
        "capacity": capacity,
        "unit": "m3/yr",
        "peak": capacity / WINTER_DAYS,
        "peak_unit": "m3/day",
        "status": "existing",
        "lifetime": 30,
        "payer": "enterprise",
        "citation": "own_estimate",
    }
    return pd.DataFrame([row])


def build() -> pd.DataFrame:
    """The table: gas, heat, rail."""
    listed = REGION.facts("facts_projects").drop(columns="about")
    made = pd.concat([existing_gas(), listed], ignore_index=True).assign(rating="E", constructed="yes")
    table = pd.concat([made, pd.DataFrame(freight.projects())], ignore_index=True)
    table["first_year"] = pd.to_numeric(table["first_year"]).astype("Int64")
    return table


def check(projects: pd.DataFrame) -> None:
    """Keys; gas lines can carry what the plan asks (0.39 bcm in 2020); pipe costs in their range."""
    assert projects["project"].is_unique
    gas = projects[projects["supplies"] == "natural_gas"]
    assert 0.39e9 < gas["capacity"].sum() < 0.6e9
    heat = projects[projects["supplies"] == "network_heat"]
    per_gj = heat["capital_cny"] / heat["capacity"]
    assert per_gj.between(60, 320).all()


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "projects")
