"""Build boilers.csv (2017) and boilers_2020.csv: coal and gas boilers by unit, biomass boilers by league.

Coal boilers follow planning practice: numbers by size and duty (facts_boilers.csv), heat of boiler houses by
league from the heat balance, 127 units of 10 t/h and less left in built-up areas of prefecture-level cities.
Those of 2020 are those of 2017 with what left, came and was retrofitted since (boiler_history.py). Units of
one county, size, zone, duty and control class are alike in every number. Hohhot Chengfa's 27 have names.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.geography import km_to_large_chp
from inputs.build.networks import network_of
from inputs.build.rake import apportion
from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.build.spread import expand, to_counties, to_options
from inputs.inner_mongolia.build.boiler_checks import check
from inputs.inner_mongolia.build.boiler_history import later
from inputs.inner_mongolia.build.boiler_units import (
    book_value,
    efficiency,
    house_capacity,
    park_of,
    process_weight,
    raked_hours,
)
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.gas_boilers import build_biomass, build_gas, gas_heat
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.years import write_years

CHENGFA = [(80, 10, "cfb"), (100, 14, "grate"), (120, 3, "grate")]
"""Hohhot Chengfa Heating: t/h, units, furnace (published list of its boilers)."""
CITY_HOUSES, COUNTY_HOUSES = (0.7, 0.3), (0.85, 0.15)
"""Share of boiler houses in the built-up area and on the urban fringe, of city districts and of counties."""


def place_coal(areas: pd.DataFrame) -> pd.DataFrame:
    """Every coal boiler with its county: houses by heat, small by cold and people, process by industry."""
    units = expand(REGION.facts("facts_boilers").assign(plant=""))
    chengfa = expand(pd.DataFrame(CHENGFA, columns=["tph", "units", "technology"]))
    chengfa = chengfa.assign(duty="heating", hours=1950.0, house="yes", plant="Chengfa")
    in_hohhot = ["150102", "150103", "150104", "150105"]
    chengfa["area"] = [in_hohhot[i % 4] for i in range(len(chengfa))]
    houses = units["house"] == "yes"
    already = chengfa.groupby("area")["tph"].sum().reindex(areas.index).fillna(0.0)
    target = house_capacity(areas, units.loc[houses, "tph"].sum() + already.sum(), START) - already
    people = (areas["urban_population"] + 0.5 * (areas["population"] - areas["urban_population"])) * areas[
        "cold"
    ]
    people = people * np.where(areas["city"], 0.5, 1.0)  # small boilers of the big cities went first
    units["area"] = ""
    small = ~houses & (units["duty"] != "process")
    process = units["duty"] == "process"
    for rows, wanted in ((houses, target.clip(lower=0)), (small, people), (process, process_weight(areas))):
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


def build_coal(areas: pd.DataFrame) -> pd.DataFrame:
    """Coal boilers; the hours of boiler houses are raked to the heat of each league."""
    units = place_coal(areas)
    units["zone"] = zones(units, areas)
    units[["technology", "controls"]] = furnace_and_controls(units)
    units["efficiency"] = efficiency(units)
    seasonal = np.where(units["duty"] == "heating", units["area"].map(areas["season"]), 1.0)
    units["base_hours"] = units["hours"] * seasonal
    units["hours"] = raked_hours(units, areas, START)
    units = units.join(coal_quality(REGION, units["area"], pd.Series("boiler", index=units.index)))
    return units.assign(**{"class": "boiler"}, fuel="coal", furnace=units["technology"], prefix="boiler")


def identify(units: pd.DataFrame) -> pd.DataFrame:
    """Identifiers by prefix, county and number; Chengfa's boilers are numbered by themselves."""
    at = units.groupby(["prefix", "area"]).cumcount() + 1
    nth = units.groupby("plant").cumcount() + 1
    own = units["prefix"] + "." + units["area"] + "." + at.astype(str)
    chengfa = units["plant"] == "Chengfa"
    source = own.mask(chengfa, "boiler.chengfa." + nth.astype(str))
    return units.assign(source=source, at=at, number=at.mask(chengfa, nth).astype(str))


def finish(units: pd.DataFrame, areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Columns common to coal and gas boilers, and names."""
    place, number = units["area"].map(areas["name"]), units["number"]
    chengfa = units["plant"] == "Chengfa"
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
        year=year,
        name=np.where(chengfa, "Hohhot Chengfa Heating", place + " " + units["duty"]) + " boiler " + number,
        name_zh=np.where(
            chengfa, "呼和浩特城发供热公司" + number + "号锅炉", units["area"].map(areas["name_zh"]) + label
        ),
        lat=units["area"].map(areas["lat"]),
        lon=units["area"].map(areas["lon"]),
        capacity=units["tph"],
        capacity_unit="tph",
        activity=units["tph"] * GJ_PER_TPH_HOUR * units["hours"],
        activity_unit="GJ",
        controls_basis="constructed",
        book_cny=book_value(units),
        park=park_of(units),
        part_year=pd.Series(0.4, index=units.index).where(heating),
        full_load_hours=units["hours"],
        owner=np.where(chengfa, "Hohhot Chengfa Heating Co Ltd", ""),
        network=network_of(units["area"], units["zone"], areas).where(units["duty"] != "process"),
        gas_access=units["area"].map(areas["gas_access"]).mask(rural, "none"),
        citation=np.where(chengfa, "HOHHOT_CHENGFA", "own_estimate"),
        rating=np.where(chengfa, "D", "E"),
        constructed=True,
    )


def build(year: int = START) -> pd.DataFrame:
    """The table of a year: coal boilers, gas boilers, biomass boilers."""
    first, areas = counties(), counties(year)
    gas = build_gas(first, *gas_heat(START), low_nox=0.3)
    units = identify(pd.concat([build_coal(first), gas], ignore_index=True))
    if year > START:
        units = later(units, areas, year)
    points = finish(units, areas, year)
    points["km_to_chp_300mw"] = km_to_large_chp(points, REGION.table("power_units"), year)
    points = points.sort_values(["prefix", "area", "source"], kind="stable", key=_natural)
    return pd.concat([points, build_biomass(year)], ignore_index=True)


def _natural(column: pd.Series) -> pd.Series:
    """Sort key that counts boiler 2 before boiler 10."""
    if column.name != "source":
        return column
    return column.str.replace(r"(\d+)$", lambda found: found.group().zfill(5), regex=True)


if __name__ == "__main__":
    write_years("boilers", build, check)
