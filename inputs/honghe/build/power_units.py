"""Builds power_units.csv: coal units by name (facts_power.csv), raked to the hours of observations.csv.

The plant tracker has three plants of 2 x 300 MW; the fourth, Guodian Kaiyuan, is recalled. All are fluidised
beds. Controls are constructed: limestone in the bed and SNCR meet the national limits of 2014; no unit was
ultra-low at the end of 2017. `full_load_hours` is what a unit can run when hydropower fails, so that a dry
year needs no new unit; the hours of 2017 are in the activity.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import rake
from inputs.honghe.build.counties import REGION, START

AVAILABLE_H = 5500.0
"""Full-load hours a grid unit can run (own estimate)."""
LIFE_YEARS, CNY_PER_MW = 30, 4.6e6
"""Straight line of the book value: 4 600 CNY/kW for a 300 MW fluidised bed of 2006 (own estimate)."""


def build() -> pd.DataFrame:
    """The table."""
    units = REGION.facts("facts_power")
    grid, works = (REGION.control_total(f"{kind}_hours.2017") for kind in ("coal_power", "captive"))
    mw = units.groupby("captive")["mw"].sum()
    wanted = {"no": grid * mw["no"], "yes": works * mw["yes"]}
    mwh = rake(units["mw"] * units["hours"], [(units["captive"], wanted)])
    coal = units["fuel"] == "coal"
    quality = coal_quality(REGION, units["area"], pd.Series("power", index=units.index))
    captive = units["captive"] == "yes"
    left = (1 - (START + 1 - units["start"]) / LIFE_YEARS).clip(lower=0)
    return units.join(quality.where(coal).drop(columns="coal_type")).assign(
        year=START,
        **{"class": "power_unit"},
        zone="park",
        from_year=units["start"],
        capacity=units["mw"],
        capacity_unit="MW",
        activity=mwh.round(),
        activity_unit="MWh",
        technology=pd.Series("cfb", index=units.index).where(coal, "standard"),
        furnace=pd.Series("cfb", index=units.index).where(coal),
        controls_basis="constructed",
        captive_industry=pd.Series("chemical", index=units.index).where(captive),
        full_load_hours=(mwh / units["mw"]).where(captive, AVAILABLE_H),
        book_cny=units["mw"] * CNY_PER_MW * left,
        rating="E",
        constructed=True,
    )


def check(units: pd.DataFrame) -> None:
    """2 400 MW of grid units, hours in their range, no unit above what it can run."""
    grid = units[units["captive"] == "no"]
    known = REGION.observations
    assert grid["capacity"].sum() == REGION.control_total("coal_power.2017")
    hours = grid["activity"].sum() / grid["capacity"].sum()
    assert known.loc["coal_power_hours.2017", "low"] <= hours <= known.loc["coal_power_hours.2017", "high"]
    assert (units["activity"] <= units["capacity"] * units["full_load_hours"] * 1.0001).all()
    burnt = grid["activity"] * 3.6 / grid["efficiency"] / grid["ncv_gj_per_t"]
    assert 2.4e6 < burnt.sum() < 4e6, burnt.sum()


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "power_units")
