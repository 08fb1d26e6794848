"""Build boilers.csv: coal and gas boilers by unit on the real size ladder, biomass boilers by league.

Coal boilers follow planning practice: numbers by size and duty (facts_boilers.csv), heat of boiler houses by
league from the heat balance, 127 units of 10 t/h and less left in built-up areas of prefecture-level cities.
Units of one county, size, zone, duty and control class are alike in every number. Hohhot Chengfa's 27 boilers
are named.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.networks import network_of
from inputs.build.rake import apportion
from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.build.spread import expand, to_counties, to_options
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.gas_boilers import build_biomass, build_gas
from inputs.inner_mongolia.build.region import REGION, START

CHENGFA = [(80, 10, "cfb"), (100, 14, "grate"), (120, 3, "grate")]
"""Hohhot Chengfa Heating: t/h, units, furnace (published list of its boilers)."""
PARKS = {"150624": "Qipanjing", "152921": "Wusitai"}
"""Park of a county to which its boilers in parks are put: these make up the surroundings of Wuhai."""
CITY_HOUSES, COUNTY_HOUSES = (0.7, 0.3), (0.85, 0.15)
"""Share of boiler houses in the built-up area and on the urban fringe, of city districts and of counties."""


def place_coal(areas: pd.DataFrame) -> pd.DataFrame:
    """Every coal boiler with its county: houses by heat, small by cold and people, process by industry."""
    units = expand(REGION.facts("facts_boilers").assign(plant=""))
    chengfa = expand(pd.DataFrame(CHENGFA, columns=["tph", "units", "technology"]))
    chengfa = chengfa.assign(duty="heating", hours=1950.0, house="yes", plant="Chengfa")
    in_hohhot = ["150102", "150103", "150104", "150105"]
    chengfa["area"] = [in_hohhot[i % 4] for i in range(len(chengfa))]
    houses, heated = units["house"] == "yes", areas["urban_population"] * areas["cold"]
    near = np.where(areas["km_to_chp_300mw"] < 20, 0.6, 1.0)
    weight = heated * near
    heat = weight / weight.groupby(areas["parent"]).transform("sum")
    heat = heat * areas["parent"].map(REGION.by_area("boiler_heat")) / areas["season"]
    already = chengfa.groupby("area")["tph"].sum().reindex(areas.index).fillna(0.0)
    target = heat * ((units.loc[houses, "tph"].sum() + already.sum()) / heat.sum()) - already
    people = (areas["urban_population"] + 0.5 * (areas["population"] - areas["urban_population"])) * areas[
        "cold"
    ]
    people = people * np.where(areas["city"], 0.5, 1.0)  # small boilers of the big cities went first
    industry = areas["parent"].map(REGION.facts("facts_process").set_index("area")["coal_boiler_share"])
    industry = industry * areas["population"] / areas["population"].groupby(areas["parent"]).transform("sum")
    units["area"] = ""
    small = ~houses & (units["duty"] != "process")
    process = units["duty"] == "process"
    for rows, wanted in ((houses, target.clip(lower=0)), (small, people), (process, industry)):
        units.loc[rows, "area"] = to_counties(units.loc[rows, "tph"], wanted)
    return pd.concat([units, chengfa], ignore_index=True)


def built_up_small(units: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Units of 10 t/h and less that stand in a built-up area: the two control totals, by urban residents."""
    city = units["area"].map(areas["city"])
    inside = pd.Series(False, index=units.index)
    for in_city, total in ((True, "boilers_small_city.2017"), (False, "boilers_small_county.2017")):
        rows = units[(city == in_city) & (units["tph"] <= 10) & (units["duty"] != "process")]
        have = rows.groupby("area").size()
        want = apportion(
            (areas["urban_population"].loc[have.index]).clip(upper=have * 1e5),
            int(REGION.control_total(total)),
        )
        short = int((want - have).clip(lower=0).sum())
        want = want.clip(upper=have)
        spare = (have - want).sort_values(ascending=False, kind="stable").index
        for area in spare[:short]:  # what a county has not enough of, the ones with most left take
            want[area] += 1
        turn = rows.assign(turn=(rows.groupby("area").cumcount() + 1) * 0.6180339887498949 % 1)
        first = turn.sort_values(["area", "turn"]).groupby("area").cumcount()
        inside.loc[first.index] = first < first.index.map(rows["area"]).map(want)
    return inside


def zones(units: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Zone of every unit."""
    city = units["area"].map(areas["city"])
    built_up = pd.Series(np.where(city, "city_built_up", "county_built_up"), index=units.index)
    out = pd.Series("rural", index=units.index)
    for in_city, (inside, fringe) in ((True, CITY_HOUSES), (False, COUNTY_HOUSES)):
        rows = (units["tph"] > 10) & (units["duty"] != "process") & (city == in_city)
        turn = to_options(units[rows], ["area", "tph"], pd.Series({"in": inside, "urban_fringe": fringe}))
        out.loc[rows] = turn.where(turn != "in", built_up)
    process = units["duty"] == "process"
    out.loc[process] = to_options(units[process], ["area", "tph"], pd.Series({"park": 0.75, "rural": 0.25}))
    small = (units["tph"] <= 10) & ~process
    outside = to_options(units[small], ["area", "tph"], pd.Series({"rural": 0.8, "urban_fringe": 0.2}))
    out.loc[small] = outside.where(~built_up_small(units, areas)[small], built_up)
    return out


def furnace_and_controls(units: pd.DataFrame) -> pd.DataFrame:
    """technology and controls of every unit by the shares of its size class; Chengfa's furnaces are known.

    Small units of one county, size and duty share one class, so that they stay alike.
    """
    mix = REGION.facts("facts_boiler_controls")
    units = units.assign(number=units.index)
    bands = sorted(mix["min_tph"].unique())
    band = units["tph"].map(lambda tph: max(b for b in bands if b <= tph))
    out = pd.DataFrame({"technology": "grate", "controls": ""}, index=units.index)
    for lower, rows in units.groupby(band):
        options = mix[mix["min_tph"] == lower]
        alike = ["duty", "tph", "area"] if lower < 10 else ["duty", "tph", "area", "number"]
        kinds = rows.drop_duplicates(alike)
        chosen = to_options(kinds, alike, options["share"])
        chosen = chosen.set_axis(pd.MultiIndex.from_frame(kinds[alike]))
        chosen = chosen.loc[pd.MultiIndex.from_frame(rows[alike])].set_axis(rows.index)
        out.loc[rows.index, "technology"] = chosen.map(options["technology"])
        out.loc[rows.index, "controls"] = chosen.map(options["controls"].fillna(""))
    known = units["plant"] == "Chengfa"
    out.loc[known, "technology"] = units.loc[known, "technology"]
    out.loc[known, "controls"] = "fgd_wet+bag"
    return out


def efficiency(units: pd.DataFrame) -> pd.Series:
    """Efficiency by size and furnace: grates 58 to 83 %, CFB 87 % (own estimate after energy audits)."""
    steps = pd.cut(units["tph"], [0, 1.4, 10.4, 34.9, 64.9, np.inf], labels=[0.58, 0.66, 0.74, 0.79, 0.83])
    return steps.astype(float).mask(units["technology"] == "cfb", 0.87)


def book_value(units: pd.DataFrame) -> pd.Series:
    """Book value left, CNY: what is left of 0.25 to 0.45 M CNY a t/h, small ones oldest (own estimate)."""
    left = pd.cut(units["tph"], [0, 10.4, 34.9, 64.9, np.inf], labels=[0.05e6, 0.1e6, 0.16e6, 0.25e6])
    return units["tph"] * left.astype(float).mask(units["fuel"] != "coal", 0.1e6)


def build_coal(areas: pd.DataFrame) -> pd.DataFrame:
    """Coal boilers; the hours of boiler houses are raked to the heat of each league."""
    units = place_coal(areas)
    units["zone"] = zones(units, areas)
    units[["technology", "controls"]] = furnace_and_controls(units)
    units["efficiency"] = efficiency(units)
    units["hours"] = units["hours"] * np.where(
        units["duty"] == "heating", units["area"].map(areas["season"]), 1.0
    )
    heat = units["tph"] * GJ_PER_TPH_HOUR * units["hours"]
    league = units["area"].map(areas["parent"])
    houses = units["house"] == "yes"
    ratio = pd.Series(REGION.by_area("boiler_heat")) * 1e6 / heat[houses].groupby(league).sum()
    units["hours"] = (units["hours"] * np.where(houses, league.map(ratio), 1.0)).round()
    units = units.join(coal_quality(REGION, units["area"], pd.Series("boiler", index=units.index)))
    return units.assign(**{"class": "boiler"}, fuel="coal", furnace=units["technology"], prefix="boiler")


def finish(units: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Columns common to coal and gas boilers, identifiers and names."""
    place = units["area"].map(areas["name"])
    number = (units.groupby(["prefix", "area"]).cumcount() + 1).astype(str)
    chengfa = units["plant"] == "Chengfa"
    nth = (units.groupby("plant").cumcount() + 1).astype(str)
    size = units["tph"].map("{:g}".format)
    zh = {"heating": "供热", "process": "生产", "commercial": "商业"}
    label = (
        units["duty"].map(zh)
        + size
        + "蒸吨"
        + np.where(units["fuel"] == "coal", "燃煤", "燃气")
        + "锅炉"
        + number
    )
    rural = units["zone"] == "rural"
    heating = units["duty"] == "heating"
    return units.assign(
        source=np.where(
            chengfa, "boiler.chengfa." + nth, units["prefix"] + "." + units["area"] + "." + number
        ),
        year=START,
        name=np.where(
            chengfa, "Hohhot Chengfa Heating boiler " + nth, place + " " + units["duty"] + " boiler " + number
        ),
        name_zh=np.where(
            chengfa, "呼和浩特城发供热公司" + nth + "号锅炉", units["area"].map(areas["name_zh"]) + label
        ),
        lat=units["area"].map(areas["lat"]),
        lon=units["area"].map(areas["lon"]),
        capacity=units["tph"],
        capacity_unit="tph",
        activity=units["tph"] * GJ_PER_TPH_HOUR * units["hours"],
        activity_unit="GJ",
        controls_basis="constructed",
        book_cny=book_value(units),
        park=units["area"].map(PARKS).where(units["zone"] == "park"),
        part_year=pd.Series(0.4, index=units.index).where(heating),
        full_load_hours=units["hours"],
        owner=np.where(chengfa, "Hohhot Chengfa Heating Co Ltd", ""),
        network=network_of(units["area"], units["zone"], areas).where(units["duty"] != "process"),
        gas_access=units["area"].map(areas["gas_access"]).mask(rural, "none"),
        km_to_chp_300mw=units["area"].map(areas["km_to_chp_300mw"]),
        citation=np.where(chengfa, "HOHHOT_CHENGFA", "own_estimate"),
        rating=np.where(chengfa, "D", "E"),
        constructed=True,
    )


def build() -> pd.DataFrame:
    """The table: coal boilers, gas boilers, biomass boilers."""
    areas = counties()
    points = finish(pd.concat([build_coal(areas), build_gas(areas)], ignore_index=True), areas)
    points = points.sort_values(["prefix", "area", "source"], kind="stable", key=_natural)
    return pd.concat([points, build_biomass(areas)], ignore_index=True)


def _natural(column: pd.Series) -> pd.Series:
    """Sort key that counts boiler 2 before boiler 10."""
    if column.name != "source":
        return column
    return column.str.replace(r"(\d+)$", lambda found: found.group().zfill(5), regex=True)


RANGES = {
    "up to 1": (0, 1, (1200, 2200), (800, 1500), (0.1, 0.3)),
    "1 to 10": (1, 10, (3000, 4800), (13e3, 19e3), (2.5, 4.0)),
    "10 to 35": (10, 34.9, (550, 850), (11e3, 17e3), (2.5, 4.0)),
    "35 to 65": (34.9, 64.9, (250, 400), (10e3, 16e3), (3.0, 5.0)),
    "from 65": (64.9, np.inf, (280, 420), (27e3, 42e3), (9.0, 14.0)),
}
"""Planning practice 3.2: above, up to t/h; ranges of units, t/h, Mt coal."""


def check(boilers: pd.DataFrame) -> None:
    """Control totals and ranges of planning practice 3.2."""
    coal = boilers[boilers["fuel"] == "coal"]
    burnt = coal["activity"] / coal["efficiency"] / coal["ncv_gj_per_t"] / 1e6
    small = coal[coal["capacity"] <= 10]
    assert (small["zone"] == "city_built_up").sum() == 127
    assert 1000 <= (small["zone"] == "county_built_up").sum() <= 1900
    assert 5500 <= len(coal) <= 8700
    assert 62e3 <= coal["capacity"].sum() <= 95e3
    assert 17 <= burnt.sum() <= 27, burnt.sum()
    for name, (above, upto, units, tph, mt) in RANGES.items():
        rows = (coal["capacity"] > above) & (coal["capacity"] <= upto)
        found = rows.sum(), coal.loc[rows, "capacity"].sum(), burnt[rows].sum()
        for value, (low, high) in zip(found, (units, tph, mt), strict=True):
            assert low <= value <= high, (name, found)
    heat = coal[(coal["duty"] == "heating") & (coal["capacity"] > 10)]["activity"].sum() / 1e6
    assert abs(heat / sum(REGION.by_area("boiler_heat").values()) - 1) < 0.01, heat
    assert 12 <= burnt[coal["duty"] == "heating"].sum() <= 17
    assert boilers["source"].is_unique


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "boilers")
