"""Builds boilers.csv: every boiler of the city by unit.

Five boilers of 29 to 58 MW heat the network, small ones what it does not reach (facts_boilers.csv). Control
totals: 3 to 6 heating boilers of 29 to 58 MW, 20 to 60 small coal boilers, 0.10 to 0.18 Mt of coal and 3 to
4.5 M m2 heated (planning practice, recalled). The controls of no unit were seen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.build.spread import expand
from inputs.erenhot.build.region import CITY, REGION, START

LARGE_TPH = 40
"""29 MW, on the ladder of hot-water boilers."""


def build() -> pd.DataFrame:
    """The table: a row per boiler."""
    units = expand(REGION.facts("facts_boilers"))
    coal = units["fuel"] == "coal"
    quality = coal_quality(REGION, pd.Series(CITY, units.index), pd.Series("boiler", units.index))
    units = units.join(quality.where(coal))
    number = (units.groupby("plant").cumcount() + 1).astype(str)
    alone = units.groupby("plant")["plant"].transform("size") == 1
    nth, nth_zh = (np.where(alone, "", word) for word in (" " + number, number + "号"))
    slug = units["plant"].str.lower().str.replace(" ", "_")
    size = units["tph"].map("{:g}".format)
    place, place_zh = REGION.places[CITY]
    return units.assign(
        **{"class": "boiler"},
        source="boiler." + slug + np.where(alone, "", "." + number),
        year=START,
        area=CITY,
        lat=REGION.table("areas")["lat"].iloc[0],
        lon=REGION.table("areas")["lon"].iloc[0],
        name=place + " " + units["plant"].str.lower() + nth + ", " + size + " t/h",
        name_zh=place_zh + units["plant_zh"] + nth_zh + "（" + size + "蒸吨）",
        capacity=units["tph"],
        capacity_unit="tph",
        activity=(units["tph"] * GJ_PER_TPH_HOUR * units["hours"]).round(),
        activity_unit="GJ",
        controls_basis="constructed",
        furnace=units["technology"].where(coal),
        full_load_hours=units["hours"],
        part_year=pd.Series(0.4, units.index).where(units["duty"] != "process"),
        gas_access=np.where(units["zone"] == "rural", "none", "lng"),
        book_cny=units["book_cny_per_tph"] * units["tph"],
        constructed=True,
    )


def coal_mt(boilers: pd.DataFrame) -> pd.Series:
    """Mt of coal a year of every coal boiler."""
    coal = boilers[boilers["fuel"] == "coal"]
    return coal["activity"] / coal["efficiency"] / coal["ncv_gj_per_t"] / 1e6


def check(boilers: pd.DataFrame) -> None:
    """Numbers, coal and heated area against the control totals."""
    coal = boilers[boilers["fuel"] == "coal"]
    large = coal["capacity"] >= LARGE_TPH
    heat = boilers.loc[boilers["duty"] != "process", "activity"].sum()
    area = heat / REGION.control_total("heat_per_m2.2018")
    found = {
        "large_boilers.2018": large.sum(),
        "small_boilers.2018": (~large).sum(),
        "boiler_coal.2018": coal_mt(boilers).sum(),
        "heated_area.2018": area,
    }
    for name, value in found.items():
        REGION.check_range(name, value)
    assert coal.loc[large, "capacity"].between(40, 83).all()
    assert boilers["source"].is_unique


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "boilers")
