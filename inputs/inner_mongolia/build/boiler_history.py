"""Boilers after 2017: what left, what was retrofitted, what was built, and the gas boilers that came.

facts_boilers_gone.csv, facts_boiler_changes.csv and facts_boilers_new.csv say how much and on what ground;
which boiler it was is generated.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.spread import expand, to_counties, to_options
from inputs.inner_mongolia.build.boiler_units import (
    efficiency,
    house_capacity,
    park_of,
    process_weight,
    raked_hours,
)
from inputs.inner_mongolia.build.changes import KEY_CITIES, changed
from inputs.inner_mongolia.build.gas_boilers import build_gas, gas_heat
from inputs.inner_mongolia.build.region import REGION, START

PROCESS_HOURS = {2020: 1.05}
"""Full-load hours of process boilers against 2017 (own estimate)."""
LOW_NOX_NEW = 0.7
"""Part of the gas boilers built since 2017 that have low-NOx burners (own estimate)."""


def gone(units: pd.DataFrame) -> pd.Series:
    """Coal boilers that left: of each kind its share, spread evenly over counties and sizes."""
    out = pd.Series(False, index=units.index)
    three = units["area"].str[:4].isin(KEY_CITIES)
    for kind in REGION.facts("facts_boilers_gone").to_dict("records"):
        hit = (units["zone"] == kind["zone"]) & (units["fuel"] == "coal") & ~out
        hit &= (units["duty"] == "process") == (kind["duty"] == "process")
        hit &= (units["tph"] > kind["above"]) & (units["tph"] <= kind["upto"])
        if isinstance(kind["where"], str):
            hit &= three == (kind["where"] == "three_cities")
        shares = pd.Series({True: kind["share"], False: 1 - kind["share"]})
        out[hit] = to_options(units[hit], ["area", "tph"], shares[shares > 0]).astype(bool)
    return out


def numbered(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Identifiers of new units: numbers go on where those of their county ended."""
    last = old.groupby(["prefix", "area"])["at"].max()
    last = last.reindex(pd.MultiIndex.from_frame(new[["prefix", "area"]])).fillna(0).set_axis(new.index)
    at = (last + new.groupby(["prefix", "area"]).cumcount() + 1).astype(int)
    source = new["prefix"] + "." + new["area"] + "." + at.astype(str)
    return new.assign(source=source, at=at, number=at.astype(str))


def new_coal(stand: pd.DataFrame, areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Coal boilers built since: houses where heat is short of capacity, process boilers by industry."""
    new = expand(REGION.facts("facts_boilers_new").drop(columns=["about", "citation"])).assign(plant="")
    houses = new["house"] == "yes"
    already = stand[stand["house"] == "yes"].groupby("area")["tph"].sum().reindex(areas.index).fillna(0.0)
    wanted = house_capacity(areas, new.loc[houses, "tph"].sum() + already.sum(), year) - already
    new["area"] = ""
    for rows, target in ((houses, wanted.clip(lower=0)), (~houses, process_weight(areas))):
        new.loc[rows, "area"] = to_counties(new.loc[rows, "tph"], target)
    built_up = new["area"].map(areas["city"]).map({True: "city_built_up", False: "county_built_up"})
    turn = to_options(new, ["area", "tph"], pd.Series({"in": 0.5, "urban_fringe": 0.5}))
    new["zone"] = turn.where(turn != "in", built_up).where(houses, "park")
    season = new["area"].map(areas["season"]).where(houses, 1.0)
    new = new.join(coal_quality(REGION, new["area"], pd.Series("boiler", index=new.index)))
    new = new.assign(**{"class": "boiler"}, fuel="coal", furnace=new["technology"], prefix="boiler")
    return new.assign(base_hours=new["hours"] * season, efficiency=efficiency(new))


def later(first: pd.DataFrame, areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Coal and gas boilers of a later year from those of the first, with their identifiers."""
    stand = first[~gone(first)]
    stand = stand.assign(capacity=stand["tph"], park=park_of(stand))
    coal = stand[stand["fuel"] == "coal"]
    order = ["duty", "tph", "area", "at"]
    coal = coal.assign(controls=changed(coal, REGION.facts("facts_boiler_changes"), order))
    more = numbered(new_coal(coal, areas, year), first)
    coal = pd.concat([coal, more], ignore_index=True)
    grown = coal["base_hours"] * PROCESS_HOURS[year]
    coal["base_hours"] = coal["base_hours"].mask(coal["duty"] == "process", grown)
    coal["hours"] = raked_hours(coal, areas, year)
    gas = stand[stand["fuel"] != "coal"]
    heat, process = (now - before for now, before in zip(gas_heat(year), gas_heat(START), strict=True))
    built = build_gas(areas, heat, process, LOW_NOX_NEW)
    return pd.concat([coal, gas, numbered(built, first)], ignore_index=True)
