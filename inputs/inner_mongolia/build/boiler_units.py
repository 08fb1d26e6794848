"""What the boilers of every inventory year share: where capacity is wanted, efficiency, hours, book value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.years import of_year

PARKS = {"150624": "Qipanjing", "152921": "Wusitai"}
"""Park of a county to which its boilers in parks are put: these make up the surroundings of Wuhai."""


def park_of(units: pd.DataFrame) -> pd.Series:
    """Park of every unit that stands in one that the plans name."""
    return units["area"].map(PARKS).where(units["zone"] == "park")


def house_capacity(areas: pd.DataFrame, tph: float, year: int) -> pd.Series:
    """Capacity of boiler houses wanted by county, t/h, `tph` in all: the heat of its league by heated people.

    Near large CHP less is left for boilers.
    """
    weight = areas["urban_population"] * areas["cold"] * np.where(areas["km_to_chp_300mw"] < 20, 0.6, 1.0)
    heat = weight / weight.groupby(areas["parent"]).transform("sum")
    heat = heat * areas["parent"].map(REGION.by_area(of_year("boiler_heat", year))) / areas["season"]
    return heat * (tph / heat.sum())


def process_weight(areas: pd.DataFrame) -> pd.Series:
    """Weight of a county for boilers of industry: share of its league, by people."""
    share = areas["parent"].map(REGION.facts("facts_process").set_index("area")["coal_boiler_share"])
    return share * areas["population"] / areas["population"].groupby(areas["parent"]).transform("sum")


def efficiency(units: pd.DataFrame) -> pd.Series:
    """Efficiency by size and furnace: grates 58 to 83 %, CFB 87 % (own estimate after energy audits)."""
    steps = pd.cut(units["tph"], [0, 1.4, 10.4, 34.9, 64.9, np.inf], labels=[0.58, 0.66, 0.74, 0.79, 0.83])
    return steps.astype(float).mask(units["technology"] == "cfb", 0.87)


def book_value(units: pd.DataFrame) -> pd.Series:
    """Book value left, CNY: what is left of 0.25 to 0.45 M CNY a t/h, small ones oldest (own estimate)."""
    left = pd.cut(units["tph"], [0, 10.4, 34.9, 64.9, np.inf], labels=[0.05e6, 0.1e6, 0.16e6, 0.25e6])
    return units["tph"] * left.astype(float).mask(units["fuel"] != "coal", 0.1e6)


def raked_hours(units: pd.DataFrame, areas: pd.DataFrame, year: int) -> pd.Series:
    """Full-load hours of coal boilers: `base_hours`, of boiler houses raked to the heat of each league."""
    league = units["area"].map(areas["parent"])
    houses = units["house"] == "yes"
    heat = units["tph"] * GJ_PER_TPH_HOUR * units["base_hours"]
    wanted = pd.Series(REGION.by_area(of_year("boiler_heat", year))) * 1e6
    ratio = wanted / heat[houses].groupby(league).sum()
    return (units["base_hours"] * np.where(houses, league.map(ratio), 1.0)).round()
