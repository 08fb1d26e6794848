"""Builds boilers.csv: coal, gas and bagasse boilers, unit by unit.

Numbers by size are in facts_boilers.csv; lines with an area are works by name. The others go to counties by
industry (process) or by townspeople (commercial). Of the units of 10 t/h and less as many stand in built-up
areas as observations.csv says, Mengzi on its own. There is no heating season: work goes on all year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import apportion
from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.build.spread import expand, to_counties, to_options
from inputs.honghe.build.counties import REGION, SEAT, START, built_up, counties, weights

SMALL_TPH = 10.0
IN_TOWN = {"commercial": 3.0, "process": 0.5}
"""How much likelier a small unit of a duty is to stand inside the town (own estimate)."""
NETWORKS = {"532502": "net.532502", "532503": "net.532503"}
"""Counties with a steam network within reach of their parks and towns: Kaiyuan (power plants) and Mengzi."""
DUTY_ZH = {"process": "生产", "commercial": "商业"}
FUEL_ZH = {"coal": "燃煤", "natural_gas": "燃气", "biomass": "生物质"}
PREFIX = {"coal": "boiler", "natural_gas": "gas_boiler", "biomass": "bagasse_boiler"}


def placed() -> pd.DataFrame:
    """Every unit with its county."""
    units = expand(REGION.facts("facts_boilers"))
    for (fuel, duty), rows in units[units["area"].isna()].groupby(["fuel", "duty"]):
        wanted = pd.Series(weights()["industry" if duty == "process" else "urban"])
        if fuel == "natural_gas":
            wanted = wanted[counties()["gas_access"] != "none"]
        units.loc[rows.index, "area"] = to_counties(rows["tph"], wanted)
    return units


def inside_town(units: pd.DataFrame) -> pd.Series:
    """Which small coal units stand in a built-up area: by townspeople, commercial ones first."""
    small = units[(units["fuel"] == "coal") & (units["tph"] <= SMALL_TPH)]
    total, seat = (
        int(REGION.control_total(f"boilers_small_{where}.2017")) for where in ("built_up", "mengzi")
    )
    urban = pd.Series(weights()["urban"])
    have = small.groupby("area").size()
    others = have.index[have.index != SEAT]
    want = apportion(urban[others].clip(upper=have[others] * 8e3), total - seat)
    assert (want <= have[others]).all()
    want[SEAT] = seat
    turn = (small.groupby(["area", "duty"]).cumcount() + 1) / small["duty"].map(IN_TOWN)
    order = small.assign(turn=turn).sort_values(["area", "turn"], kind="stable")
    first = order.groupby("area").cumcount()
    inside = pd.Series(False, index=units.index)
    inside.loc[first.index] = first < order["area"].map(want)
    return inside


def zones(units: pd.DataFrame) -> pd.Series:
    """Zone of every unit: works by name and large units in parks, small ones in town, fringe or country."""
    out = pd.Series("park", index=units.index)
    by_name = units["name"].notna()
    free = units[~by_name]
    for duty, spread in (
        ("process", {"park": 0.5, "urban_fringe": 0.15, "rural": 0.35}),
        ("commercial", {"urban_fringe": 0.45, "rural": 0.55}),
    ):
        rows = free[free["duty"] == duty]
        out.loc[rows.index] = to_options(rows, ["area", "tph"], pd.Series(spread))
    gas = free[(free["fuel"] == "natural_gas")]
    out.loc[gas.index] = gas["area"].map(built_up).where(gas["duty"] == "commercial", "park")
    town = inside_town(units)
    out.loc[town] = units.loc[town, "area"].map(built_up)
    return out.mask(by_name & (units["fuel"] == "biomass"), "rural")


def controls(units: pd.DataFrame) -> pd.Series:
    """Controls of every unit: those of facts_boilers.csv, else by the shares of its size class."""
    mix = REGION.facts("facts_boiler_controls")
    out = units["controls"].fillna("")
    rows = units[(units["fuel"] == "coal") & units["name"].isna()]
    band = rows["tph"].map(lambda tph: mix.loc[mix["min_tph"] <= tph, "min_tph"].max())
    for lower, some in rows.groupby(band):
        options = mix[mix["min_tph"] == lower]
        kinds = some.drop_duplicates(["duty", "tph", "area", "zone"])
        chosen = to_options(kinds, ["duty", "tph", "area", "zone"], options["share"])
        key = ["duty", "tph", "area", "zone"]
        chosen = chosen.map(options["controls"].fillna("")).set_axis(pd.MultiIndex.from_frame(kinds[key]))
        out.loc[some.index] = chosen.loc[pd.MultiIndex.from_frame(some[key])].to_numpy()
    return out


def efficiency(units: pd.DataFrame) -> pd.Series:
    """Efficiency of coal boilers by size and furnace, of gas boilers; bagasse has that of its technology."""
    steps = pd.cut(units["tph"], [0, 1.4, 10.4, 34.9, 64.9, np.inf], labels=[0.58, 0.66, 0.74, 0.79, 0.83])
    out = steps.astype(float).mask(units["technology"] == "cfb", 0.86)
    return out.mask(units["fuel"] == "natural_gas", 0.92).mask(units["fuel"] == "biomass")


def build() -> pd.DataFrame:
    """The table."""
    units = placed()
    units["zone"] = zones(units)
    units["controls"] = controls(units)
    coal = units["fuel"] == "coal"
    units["technology"] = units["technology"].mask(coal & units["technology"].isna(), "grate")
    units["efficiency"] = efficiency(units)
    quality = coal_quality(REGION, units["area"], pd.Series("boiler", index=units.index)).where(coal)
    quality["ncv_gj_per_t"] = quality["ncv_gj_per_t"].mask(units["fuel"] == "biomass", 8.0)
    return described(units.join(quality))


def described(units: pd.DataFrame) -> pd.DataFrame:
    """Identifier, names, heat and what follows from place and size."""
    prefix = units["fuel"].map(PREFIX)
    order = units.assign(prefix=prefix).sort_values(["prefix", "area"], kind="stable").index
    units, prefix = units.loc[order].reset_index(drop=True), prefix.loc[order].reset_index(drop=True)
    number = (units.groupby([prefix, "area"]).cumcount() + 1).astype(str)
    places = REGION.places
    place, place_zh = (units["area"].map({a: names[n] for a, names in places.items()}) for n in (0, 1))
    size = units["tph"].map("{:g}".format)
    what = units["duty"] + " boiler"
    what_zh = units["duty"].map(DUTY_ZH) + size + "蒸吨" + units["fuel"].map(FUEL_ZH) + "锅炉"
    coal, park = units["fuel"] == "coal", units["zone"] == "park"
    # Works by name burn what lies beside them: bagasse, and the lignite that Jiehua makes gas of.
    no_gas = (units["zone"] == "rural") | units["name"].notna()
    book = pd.cut(units["tph"], [0, 10.4, 34.9, np.inf], labels=[0.05e6, 0.1e6, 0.16e6]).astype(float)
    return units.assign(
        source=prefix + "." + units["area"] + "." + number,
        year=START,
        **{"class": "boiler"},
        name=units["name"].fillna(place + " " + what) + " " + number,
        name_zh=units["name_zh"].fillna(place_zh + what_zh) + number,
        capacity=units["tph"],
        capacity_unit="tph",
        activity=units["tph"] * GJ_PER_TPH_HOUR * units["hours"],
        activity_unit="GJ",
        controls_basis="constructed",
        part_year=0.5,
        furnace=units["technology"].where(coal),
        full_load_hours=units["hours"],
        network=units["area"].map(NETWORKS).where(coal & (units["zone"] != "rural")),
        gas_access=units["area"].map(counties()["gas_access"]).mask(no_gas, "none"),
        book_cny=units["tph"] * book.where(coal, 0.1e6),
        park=pd.Series("Kaiyuan", index=units.index).where(park & (units["area"] == "532502")),
        rating="E",
        constructed=True,
    )


def check(boilers: pd.DataFrame) -> None:
    """Control totals of observations.csv: units, t/h, units in towns, bagasse."""
    known = REGION.observations
    coal = boilers[boilers["fuel"] == "coal"]
    small = coal[coal["capacity"] <= SMALL_TPH]
    town = small["zone"].isin(["city_built_up", "county_built_up"])
    gas = boilers[boilers["fuel"] == "natural_gas"]
    mill = boilers[boilers["fuel"] == "biomass"]
    found = {
        "boilers.2017": len(coal),
        "boiler_tph.2017": coal["capacity"].sum(),
        "boilers_small_built_up.2017": town.sum(),
        "boilers_small_mengzi.2017": (small["zone"] == "city_built_up").sum(),
        "gas_boilers.2017": gas["capacity"].sum(),
        "bagasse.2017": (mill["activity"] * 1.3889 / mill["ncv_gj_per_t"]).sum(),
    }
    for name, value in found.items():
        row = known.loc[name]
        assert abs(value / row["value"] - 1) < 0.05, (name, value)
        assert row["low"] <= value <= row["high"], (name, value)
    assert boilers["source"].is_unique


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "boilers")
