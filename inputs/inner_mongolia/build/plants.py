"""Build plants.csv (2017) and plants_2020.csv: industry by plant and line, the rest by county.

Names are Global Energy Monitor's (facts_steel.csv) or recalled (facts_plants.csv); output is raked to control
totals `output.CLASS.YEAR`. Bricks and scattered firms follow people. The controls of 2020 are those of 2017
with the changes of facts_plant_changes.csv.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import rake
from inputs.build.spread import expand, to_options
from inputs.inner_mongolia.build.changes import changed
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.years import write_years

BURNS = {
    "steel_plant": "coal",
    "coke_oven": "coke_oven_gas",
    "cement_kiln": "coal",
    "coal_chemical": "coal",
    "alumina": "coal",
}
IN_CITY = {"jinjian"}
"""Plants within a city; they had moved to a park by 2020."""
UNTREATED_BRICKS = {2017: 0.5, 2020: 0.25}
"""Share of bricks from kilns without desulphurisation (own estimate)."""
FURNACE_EFFICIENCY = {"coal_furnace": 0.45, "gas_furnace": 0.55}
GLASS = {"yulong": "coal", "wuhai_glass": "natural_gas"}
SOURCE_UNIT = {"scattered_enterprise": "1", "industrial_furnace": "GJ"}

NAMES_ZH = {
    "ferroalloy": "铁合金",
    "calcium_carbide": "电石",
    "pvc": "聚氯乙烯",
    "chemical": "化工",
    "pharma": "制药",
    "food": "食品",
    "coal_mine": "煤矿",
    "lime_kiln": "石灰窑",
    "industrial_furnace": "工业窑炉",
    "brick_kiln": "砖瓦窑",
    "scattered_enterprise": "散乱污企业",
}


def output(rows: pd.DataFrame, year: int) -> pd.Series:
    """Activity of every row: `seed` raked to the total of its class, and of cement also to its leagues."""
    seed = rows["seed"].astype(float)
    totals = {name: REGION.control_total(f"output.{name}.{year}") for name in rows["class"].unique()}
    margins = [(rows["class"], totals)]
    cement = REGION.by_area("clinker")
    scale = totals.get("cement_kiln", 0.0) / sum(cement.values())
    league = (rows["area"].str[:4] + "00").where(rows["class"] == "cement_kiln", "")
    if "cement_kiln" in totals:
        margins.append((league, {area: value * scale for area, value in cement.items()}))
    return rake(seed, margins)


def in_year(rows: pd.DataFrame, column: str, year: int) -> pd.Series:
    """A column of facts, or COLUMN_YEAR where that is filled."""
    later = f"{column}_{year}"
    return (rows[later].fillna(rows[column]) if later in rows else rows[column]).astype(float)


def named(year: int) -> pd.DataFrame:
    """Plants by line or unit."""
    steel = REGION.facts("facts_steel").assign(**{"class": "steel_plant"}, lines=1)
    plants = pd.concat([steel, REGION.facts("facts_plants")], ignore_index=True)
    plants = plants[(plants["start"] <= year) & ~(plants["closed"] <= year)]
    rows = expand(plants.rename(columns={"lines": "units"}))
    number = (rows.groupby(["class", "plant"]).cumcount() + 1).astype(str)
    several = rows.groupby(["class", "plant"])["plant"].transform("size") > 1
    rows["seed"] = rows["capacity_t"] * in_year(rows, "load", year)
    rows["source"] = rows["class"] + "." + rows["plant"] + np.where(several, "." + number, "")
    rows["name"] = rows["name"] + np.where(several, " line " + number, "")
    rows["name_zh"] = rows["name_zh"] + np.where(several, number + "号线", "")
    rows["fuel"] = (
        rows["class"]
        .map(BURNS)
        .fillna("none")
        .mask(rows["class"] == "glass_furnace", rows["plant"].map(GLASS))
        .mask(rows["technology"] == "eaf", "none")
    )
    mix = REGION.facts("facts_plant_controls")
    for name, group in rows[rows["controls"].isna()].groupby("class"):
        options = mix[mix["class"] == name]
        chosen = to_options(group, ["capacity_t", "source"], options["share"])
        rows.loc[group.index, "controls"] = chosen.map(options["controls"])
    return rows.assign(
        capacity=rows["capacity_t"],
        capacity_unit="t/yr",
        from_year=rows["start"],
        zone=np.where(rows["plant"].isin(IN_CITY), "city_built_up", "park"),
        activity_unit="t",
    )


def by_people(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Brick kilns by people; scattered firms by people, more of them on the edge of cities."""
    edge = areas["population"] * np.where(areas["city"], 1.0, 0.6)
    plain = UNTREATED_BRICKS[year]
    bricks = pd.DataFrame({"share": areas["population"], "zone": "rural"})
    bricks = bricks.assign(**{"class": "brick_kiln"}, technology="tunnel", fuel="coal")
    firms = pd.DataFrame({"share": edge, "zone": "urban_fringe", "controls": ""})
    rows = pd.concat(
        [
            bricks.assign(share=bricks["share"] * (1 - plain), controls="fgd_simple"),
            bricks.assign(share=bricks["share"] * plain, controls=""),
            firms.assign(**{"class": "scattered_enterprise"}, technology="scattered", fuel="none"),
        ]
    )
    return rows.rename_axis("area").reset_index()


def mines(facts: pd.DataFrame, year: int) -> pd.DataFrame:
    """Coal mines in two parts: haul roads and loading sprayed, and not."""
    sprayed = REGION.control_total(f"mine_spray.{year}") / 100
    parts = [
        facts.assign(share=facts["share"] * part, controls=c)
        for c, part in (("spray", sprayed), ("", 1 - sprayed))
    ]
    return pd.concat(parts)


def divisible(areas: pd.DataFrame, year: int) -> pd.DataFrame:
    """Industry without units of its own in these tables, by county or league, zone, technology, controls."""
    facts = REGION.facts("facts_diffuse")
    facts["share"] = in_year(facts, "share", year)
    coal = facts["class"] == "coal_mine"
    rows = pd.concat([facts[~coal], mines(facts[coal], year), by_people(areas, year)], ignore_index=True)
    rows["seed"] = rows["share"]
    rows["controls"] = rows["controls"].fillna("")
    place = REGION.table("areas").set_index("area")
    label = rows["class"].str.replace("_", " ")
    number = rows.groupby(["class", "area"]).cumcount() + 1
    rows["source"] = rows["class"] + "." + rows["area"] + np.where(number > 1, "." + number.astype(str), "")
    rows["name"] = rows["area"].map(place["name"]) + " " + label
    rows["name_zh"] = rows["area"].map(place["name_zh"]) + rows["class"].map(NAMES_ZH)
    unit = rows["class"].map(SOURCE_UNIT).fillna("t")
    return rows.assign(activity_unit=unit, citation="own_estimate")


def build(year: int = START) -> pd.DataFrame:
    """The table of a year: plants by name, then divisible industry."""
    areas = counties(year)
    place = REGION.table("areas").set_index("area")
    rows = pd.concat([named(year), divisible(areas, year)], ignore_index=True)
    rows["activity"] = output(rows, year)
    if year > START:
        rows["controls"] = changed(rows, REGION.facts("facts_plant_changes"), ["class", "source"])
    burns = rows["fuel"] == "coal"
    quality = coal_quality(REGION, rows["area"], pd.Series("boiler", index=rows.index))
    rows = rows.join(quality.where(burns))
    for column in ("lat", "lon"):
        rows[column] = rows[column].fillna(rows["area"].map(place[column]))
    rows["from_year"] = rows["from_year"].astype("Int64")
    rows["efficiency"] = rows["technology"].map(FURNACE_EFFICIENCY)
    rows["full_load_hours"] = pd.Series(8000.0, index=rows.index).where(rows["capacity"].notna())
    whole = rows["class"] == "scattered_enterprise"
    return rows.assign(
        year=year,
        activity=rows["activity"].round().where(~whole, rows["activity"].round(1)),
        controls_basis="constructed",
        gas_access=rows["area"].map(place["gas_access"]),
        rating="E",
        constructed=True,
    )


EXACT = {2017: {"steel_plant": 19.84}, 2020: {"steel_plant": 31.2, "coal_mine": 1001}}
"""Published output, Mt."""


def check(plants: pd.DataFrame) -> None:
    """Output as published, or in the range of its control total; no line above 1.25 times its capacity."""
    year = int(plants["year"].iloc[0])
    total = plants.groupby("class")["activity"].sum()
    for name, published in EXACT[year].items():
        assert abs(total[name] / published / 1e6 - 1) < 1e-4, (name, total[name])
    for name, row in REGION.observations.loc["output." + total.index + f".{year}"].iterrows():
        found = total[str(name).split(".")[1]]
        assert pd.isna(row["low"]) or row["low"] <= found <= row["high"], (name, found)
    over = plants[plants["activity"] > 1.25 * plants["capacity"]]
    assert over.empty, over[["source", "activity", "capacity"]]
    assert plants["source"].is_unique


if __name__ == "__main__":
    write_years("plants", build, check)
