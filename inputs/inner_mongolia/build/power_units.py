"""Build power_units.csv: coal and gas units of 2017 by name, and those that start in 2018 to 2020.

Names, place, size, start year and heat rate are Global Energy Monitor's (facts_power.csv). Furnace, hours,
coal quality and controls are constructed, raked to the control totals of observations.csv.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import rake
from inputs.inner_mongolia.build.region import REGION, START

BTU_PER_KWH = 3412.14
HEAT_EFFICIENCY = 0.88
"""Heat to networks over its fuel: boiler and pipes of the plant."""
CFB_KNOWN = {
    "Inner Mongolia Xilin": True,
    "Jingneng Shuangxin": True,
    "Tongliao": False,
    "Hailar": False,
    "Fengzhen Xinfeng": False,
    "Jungar": False,
}
"""Furnaces known by plant (recalled) against the rule of `furnace`; no W-flame furnace is known here."""
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
    """`cfb` for gangue, low-grade lignite up to 330 MW and units up to 155 MW since 2002; else `pc`."""
    low_grade = (units["ncv_gj_per_t"] < 14) & (units["coal_type"] == "lignite") & (units["mw"] <= 330)
    small = (units["mw"] <= 155) & (units["start"] >= 2002)
    cfb = (units["coal"] == "gangue") & (units["mw"] <= 350) | low_grade | small
    known = units["plant"].map(CFB_KNOWN)
    cfb = cfb.mask(known.notna(), known.eq(True))
    out = pd.Series(np.where(cfb, "cfb", "pc"), index=units.index)
    return out.mask(units["fuel"] == "natural_gas")


def hours(units: pd.DataFrame) -> pd.Series:
    """Full-load hours of a year before scaling, by what the unit serves and burns (own estimate)."""
    captive = units["captive_industry"].notna()
    out = pd.Series(4600.0, index=units.index)
    out = out.mask(units["mw"] >= 600, 4900.0).mask(units["start"] >= 2015, 4700.0)
    out = out.mask(units["area"].str[:4].isin(EAST) & ~captive, 4300.0)
    out = out.mask(units["coal"] == "gangue", 4700.0).mask(units["mw"] < 150, 3900.0)
    out = out.mask(captive, 5400.0).mask(units["captive_industry"] == "aluminium", 6200.0)
    return out.mask(units["fuel"] == "natural_gas", 1800.0)


def full_load_hours(units: pd.DataFrame) -> pd.Series:
    """Hours of a full year, raked so that what ran in 2017 made the region's thermal generation.

    Units that started in 2017 ran half of it.
    """
    ran = units["mw"] * ran_in_start_year(units)
    seed = hours(units)
    total = REGION.control_total("thermal_generation.2017") * 1e6
    return seed * total / (seed * ran).sum()


def ran_in_start_year(units: pd.DataFrame) -> pd.Series:
    """Share of the start year in which a unit was in service."""
    return (units["start"] < START) + 0.5 * (units["start"] == START)


def district_heat(units: pd.DataFrame) -> pd.Series:
    """Heat to networks, GJ a year: public CHP units of 2017 by league total, in proportion to capacity."""
    serves = (units["chp"] == "yes") & units["captive_industry"].isna() & (units["start"] <= START)
    heat = {area: value * 1e6 for area, value in REGION.by_area("chp_heat").items()}
    league = units["area"].str[:4] + "00"
    return rake(units["mw"] * serves, [(league, heat)]).where(serves)


def efficiency(units: pd.DataFrame) -> pd.Series:
    """Net power over all fuel of the unit: the list's heat rate, and the fuel of heat to networks on top."""
    power = units["heat_rate_btu_kwh"] / BTU_PER_KWH * units["activity"] * 3.6
    heat = units["district_heat_gj"].fillna(0.0) / HEAT_EFFICIENCY
    return (units["activity"] * 3.6 / (power + heat)).round(4)


def ultra_low(units: pd.DataFrame) -> pd.Series:
    """Units that are ultra-low by the end of 2017: those built from 2015 on, then by rank to the total.

    Rank of pulverised-coal units (own estimate): large, public and in the west before small, captive and
    eastern; Wuhai and its surroundings late, since the plan of 2018 still had them to do.
    """
    built_so = units["start"] >= 2015
    coal = (units["furnace"] == "pc") & (units["start"] <= START)
    late = units["area"].str.startswith("1503") | units["park"].notna()
    rank = units["mw"] / 100 + (units["start"] - 2000) / 20 + 1.5 * units["captive_industry"].isna()
    rank = rank - 1.0 * units["area"].str[:4].isin(EAST) - 2.0 * late + 20.0 * built_so
    order = pd.DataFrame({"rank": rank[coal].round(6), "source": units["source"], "mw": units["mw"]}).dropna()
    order = order.sort_values(["rank", "source"], ascending=[False, True])
    share = REGION.control_total("ule_share.2017") / 100
    reached = order["mw"].cumsum() <= share * order["mw"].sum()
    return built_so | units.index.isin(order.index[reached])


def book_value(units: pd.DataFrame) -> pd.Series:
    """Book value left at the end of 2017, CNY: straight line over the life; later units have none yet."""
    per_kw = np.where(units["mw"] < 300, CNY_PER_KW["small"], CNY_PER_KW["large"])
    left = (1 - (START + 1 - units["start"]) / LIFE).clip(lower=0)
    return (units["mw"] * 1e3 * per_kw * left).round(-4).where(units["start"] <= START)


def controls(units: pd.DataFrame) -> pd.Series:
    """Controls at the end of 2017 by furnace, size and whether the unit is ultra-low."""
    pc = np.where(units["mw"] >= 100, "fgd_wet+scr+esp", "fgd_wet+sncr+esp")
    cfb = np.where(units["mw"] >= 150, "fgd_semidry+sncr+bag", "limestone+sncr+bag")
    ule = np.where(units["furnace"] == "pc", "fgd_ule+scr_ule+pm_ule", "fgd_ule+sncr_scr+pm_ule")
    plain = np.where(units["furnace"] == "pc", pc, cfb)
    out = pd.Series(np.where(ultra_low(units), ule, plain), index=units.index)
    return out.mask(units["fuel"] == "natural_gas", "lnb")


def build() -> pd.DataFrame:
    """The table, a row a unit, in the order of the facts."""
    units = REGION.facts("facts_power")
    unknown = units["plant"].map(AGE_UNKNOWN)
    units["start"] = units["start"].fillna(unknown).astype(int)
    steam = units["coal"].where(units["coal"] == "gangue", "steam")
    units = units.join(coal_quality(REGION, units["area"], steam))
    gas = units["fuel"] == "natural_gas"
    units["furnace"] = furnace(units)
    units["controls"] = controls(units)
    units["full_load_hours"] = full_load_hours(units)
    service = ran_in_start_year(units).mask(units["start"] > START, 1.0)
    units["activity"] = units["mw"] * units["full_load_hours"] * service
    units["district_heat_gj"] = district_heat(units)
    units["efficiency"] = efficiency(units)
    units.loc[gas, ["coal_type", "ncv_gj_per_t", "sulphur_pct", "ash_pct"]] = None
    number = " unit " + units["unit"].astype(str)
    city = units["plant"].isin(IN_CITY)
    return units.assign(
        year=START,
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
        book_cny=book_value(units),
        chp=units["chp"] == "yes",
        captive=units["captive_industry"].notna(),
        rating="E",
        constructed=True,
    )


def check(units: pd.DataFrame) -> None:
    """Totals of planning practice 3.3 and 3.4."""
    now = units[units["from_year"] <= START]
    coal = now[now["fuel"] == "coal"]
    burnt = coal["activity"] * 3.6 / coal["efficiency"]
    tonnes = burnt / coal["ncv_gj_per_t"]
    mean = burnt.sum() / tonnes.sum()
    assert abs(now["activity"].sum() / 365.9e6 - 1) < 1e-6, now["activity"].sum()
    assert abs(tonnes.sum() / 251e6 - 1) < 0.05, tonnes.sum()
    assert 15 <= mean <= 19, mean
    able = coal[coal["furnace"] == "pc"]
    ule = able[able["controls"].str.contains("fgd_ule")]
    assert 0.6 < ule["capacity"].sum() / able["capacity"].sum() < 0.75
    assert 18e3 < able["capacity"].sum() - ule["capacity"].sum() < 26e3


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "power_units")
