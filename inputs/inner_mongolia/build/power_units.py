"""Build power_units.csv (2017) and power_units_2020.csv: coal and gas units by name, and those soon to start.

Names, place, size, start year and heat rate are Global Energy Monitor's (facts_power.csv, July 2023: 2017 has
the units that start up to 2020, 2020 those up to 2025). Furnaces are known by plant (facts_furnaces.csv) or
follow a rule. Hours, coal quality and controls are constructed, raked to control totals of observations.csv.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.networks import network_of
from inputs.build.rake import rake
from inputs.inner_mongolia.build.counties import seats
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.years import of_year, write_years

WUHAI_LATE = {2017: 2.0, 2020: 0.0}
"""What Wuhai and its surroundings lose in the order of retrofits: the plan of 2018 had them still to do."""
BTU_PER_KWH = 3412.14
HEAT_EFFICIENCY = 0.88
"""Heat to networks over its fuel: boiler and pipes of the plant."""
COMING = {2017: 2020, 2020: 2025}
"""Year of the table: last start year of the units that it names."""
SEMIDRY_FROM = {2017: 150, 2020: 100}
"""Size, MW, from which a fluidised bed that is not ultra-low has a semi-dry absorber behind its limestone."""
CNY_PER_KW, LIFE = {"small": 4400, "large": 4057}, 30
"""Investment, subcritical units of the north, prices of 2012 (KEM_CHINA); years of life."""
EAST = ("1504", "1505", "1507", "1522", "1525")
IN_CITY = {
    "Hohhot",
    "Hohhot Jinqiao",
    "Baotou-2",
    "Baotou-3",
    "Chifeng Cogen",
    "Chifeng Waste Coal",
    "Wuhai Cogen",
}
AGE_UNKNOWN = {"Dongyuan Tech": 2015, "Jinyuankou Cogen": 2008}
"""Start years that the list leaves open (own estimate)."""


def furnace(units: pd.DataFrame) -> pd.Series:
    """As known by name; else `cfb` for gangue, lignite of low grade to 330 MW, units to 155 MW since 2002.

    No W-flame furnace is known in the region.
    """
    low_grade = (units["ncv_gj_per_t"] < 14) & (units["coal_type"] == "lignite") & (units["mw"] <= 330)
    small = (units["mw"] <= 155) & (units["start"] >= 2002)
    cfb = (units["coal"] == "gangue") & (units["mw"] <= 350) | low_grade | small
    out = pd.Series(np.where(cfb, "cfb", "pc"), index=units.index)
    named = REGION.facts("facts_furnaces")
    whole = named[named["unit"].isna()].set_index("plant")["furnace"]
    single = named.dropna(subset="unit").set_index(["plant", "unit"])["furnace"]
    known = single.reindex(pd.MultiIndex.from_frame(units[["plant", "unit"]])).set_axis(units.index)
    known = known.fillna(units["plant"].map(whole))
    return known.fillna(out).mask(units["fuel"] == "natural_gas")


def hours(units: pd.DataFrame) -> pd.Series:
    """Full-load hours of a year before scaling, by what the unit serves and burns (own estimate)."""
    captive = units["captive_industry"].notna()
    out = pd.Series(4600.0, index=units.index)
    out = out.mask(units["mw"] >= 600, 4900.0).mask(units["start"] >= 2015, 4700.0)
    out = out.mask(units["area"].str[:4].isin(EAST) & ~captive, 4300.0)
    out = out.mask(units["coal"] == "gangue", 4700.0).mask(units["mw"] < 150, 3900.0)
    out = out.mask(captive, 5400.0).mask(units["captive_industry"] == "aluminium", 6200.0)
    return out.mask(units["fuel"] == "natural_gas", 1800.0)


def full_load_hours(units: pd.DataFrame, year: int) -> pd.Series:
    """Hours of a full year, raked so that what ran in the year made the region's thermal generation.

    Units that started in the year ran half of it.
    """
    ran = units["mw"] * ran_in(units, year)
    seed = hours(units)
    total = REGION.control_total(f"thermal_generation.{year}") * 1e6
    return seed * total / (seed * ran).sum()


def ran_in(units: pd.DataFrame, year: int) -> pd.Series:
    """Share of a year in which a unit was in service."""
    return (units["start"] < year) + 0.5 * (units["start"] == year)


def district_heat(units: pd.DataFrame, year: int) -> pd.Series:
    """Heat to networks, GJ a year: public CHP units in service by league total, in proportion to capacity."""
    serves = (units["chp"] == "yes") & units["captive_industry"].isna() & (units["start"] <= year)
    heat = {area: value * 1e6 for area, value in REGION.by_area(of_year("chp_heat", year)).items()}
    league = units["area"].str[:4] + "00"
    return rake(units["mw"] * serves, [(league, heat)]).where(serves)


def efficiency(units: pd.DataFrame) -> pd.Series:
    """Net power over all fuel of the unit: the list's heat rate, and the fuel of heat to networks on top."""
    power = units["heat_rate_btu_kwh"] / BTU_PER_KWH * units["activity"] * 3.6
    heat = units["district_heat_gj"].fillna(0.0) / HEAT_EFFICIENCY
    return (units["activity"] * 3.6 / (power + heat)).round(4)


def ultra_low(units: pd.DataFrame, year: int) -> pd.Series:
    """Units that are ultra-low by the end of the year: those built from 2015 on, then by rank to two totals.

    Totals: share of pulverised-coal capacity, and of fluidised beds older than 2015. Rank (own estimate):
    large, public and in the west before small, captive and eastern.
    """
    built_so = units["start"] >= 2015
    late = units["area"].str.startswith("1503") | units["park"].notna()
    rank = units["mw"] / 100 + (units["start"] - 2000) / 20 + 1.5 * units["captive_industry"].isna()
    rank = rank - 1.0 * units["area"].str[:4].isin(EAST) - WUHAI_LATE[year] * late + 20.0 * built_so
    out = built_so.copy()
    beds = (units["furnace"] == "cfb") & ~built_so
    for coal, total in ((units["furnace"] == "pc", "ule_share"), (beds, "ule_share_cfb")):
        able = coal & (units["start"] <= year)
        order = pd.DataFrame({"rank": rank[able].round(6), "source": units["source"], "mw": units["mw"]})
        order = order.dropna().sort_values(["rank", "source"], ascending=[False, True])
        share = REGION.control_total(f"{total}.{year}") / 100
        out |= units.index.isin(order.index[order["mw"].cumsum() <= share * order["mw"].sum()])
    return out


def book_value(units: pd.DataFrame, year: int) -> pd.Series:
    """Book value left at the end of the year, CNY: straight line over the life; later units have none yet."""
    per_kw = np.where(units["mw"] < 300, CNY_PER_KW["small"], CNY_PER_KW["large"])
    left = (1 - (year + 1 - units["start"]) / LIFE).clip(lower=0)
    return (units["mw"] * 1e3 * per_kw * left).round(-4).where(units["start"] <= year)


def controls(units: pd.DataFrame, year: int) -> pd.Series:
    """Controls at the end of the year by furnace, size and whether the unit is ultra-low."""
    pc = np.where(units["mw"] >= 100, "fgd_wet+scr+esp", "fgd_wet+sncr+esp")
    cfb = np.where(units["mw"] >= SEMIDRY_FROM[year], "fgd_semidry+sncr+bag", "limestone+sncr+bag")
    ule = np.where(units["furnace"] == "pc", "fgd_ule+scr_ule+pm_ule", "fgd_ule+sncr_scr+pm_ule")
    plain = np.where(units["furnace"] == "pc", pc, cfb)
    out = pd.Series(np.where(ultra_low(units, year), ule, plain), index=units.index)
    return out.mask(units["fuel"] == "natural_gas", "lnb")


def build(year: int = START) -> pd.DataFrame:
    """The table of a year, a row a unit, in the order of the facts."""
    units = REGION.facts("facts_power")
    unknown = units["plant"].map(AGE_UNKNOWN)
    units["start"] = units["start"].fillna(unknown).astype(int)
    stands = (units["start"] <= COMING[year]) & ~(units["retired"] <= year)
    units = units[stands].reset_index(drop=True)
    steam = units["coal"].where(units["coal"] == "gangue", "steam")
    units = units.join(coal_quality(REGION, units["area"], steam))
    gas = units["fuel"] == "natural_gas"
    units["furnace"] = furnace(units)
    units["controls"] = controls(units, year)
    units["full_load_hours"] = full_load_hours(units, year)
    service = ran_in(units, year).mask(units["start"] > year, 1.0)
    units["activity"] = units["mw"] * units["full_load_hours"] * service
    units["district_heat_gj"] = district_heat(units, year)
    units["efficiency"] = efficiency(units)
    units.loc[gas, ["coal_type", "ncv_gj_per_t", "sulphur_pct", "ash_pct"]] = None
    number = " unit " + units["unit"].astype(str)
    city = units["plant"].isin(IN_CITY)
    return units.assign(
        year=year,
        **{"class": "power_unit"},
        name=units["plant"] + number,
        name_zh=units["plant_zh"] + units["unit"].astype(str) + "号机组",
        zone=np.where(city, "city_built_up", "park"),
        from_year=units["start"],
        to_year=units["retired"].astype("Int64"),
        capacity=units["mw"],
        capacity_unit="MW",
        activity=units["activity"].round(),
        activity_unit="MWh",
        technology=units["furnace"].fillna("gas_turbine"),
        controls_basis="constructed",
        book_cny=book_value(units, year),
        chp=units["chp"] == "yes",
        network=_network(units),
        captive=units["captive_industry"].notna(),
        rating="E",
        constructed=True,
    )


def _network(units: pd.DataFrame) -> pd.Series:
    """Network that takes a unit's heat: that of its town, as for boilers on the fringe of it."""
    fringe = pd.Series("urban_fringe", index=units.index)
    return network_of(units["area"], fringe, seats()).where(units["district_heat_gj"] > 0)


ULE_SHARE = {2017: (0.6, 0.75), 2020: (0.95, 1.0)}
"""Part of the pulverised-coal capacity that is ultra-low (planning practice 3.5; all able units by 2020)."""
COAL_MT = {2017: (238, 264), 2020: (300, 345)}
"""Coal burnt for power and heat, Mt: derived for 2017 and for 2019 (317)."""


def check(units: pd.DataFrame) -> None:
    """Totals of planning practice 3.3 and 3.4."""
    year = int(units["year"].iloc[0])
    now = units[units["from_year"] <= year]
    coal = now[now["fuel"] == "coal"]
    burnt = coal["activity"] * 3.6 / coal["efficiency"]
    tonnes = burnt / coal["ncv_gj_per_t"]
    generation = REGION.control_total(f"thermal_generation.{year}") * 1e6
    assert abs(now["activity"].sum() / generation - 1) < 1e-6, now["activity"].sum()
    assert COAL_MT[year][0] < tonnes.sum() / 1e6 < COAL_MT[year][1], tonnes.sum()
    assert 15 <= burnt.sum() / tonnes.sum() <= 19, burnt.sum() / tonnes.sum()
    able = coal[coal["furnace"] == "pc"]
    share = able.loc[able["controls"].str.contains("fgd_ule"), "capacity"].sum() / able["capacity"].sum()
    assert ULE_SHARE[year][0] < share <= ULE_SHARE[year][1], share
    assert now["full_load_hours"].max() < 8000


if __name__ == "__main__":
    write_years("power_units", build, check)
