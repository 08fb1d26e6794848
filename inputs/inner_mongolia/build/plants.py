"""Build plants.csv: steel, coke, cement, metals, chemicals by plant and line; other industry by county.

Names come from Global Energy Monitor (facts_steel.csv) or are recalled (facts_plants.csv); output is raked to
the control totals `output.CLASS.2017`. Bricks and scattered firms follow people.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import rake
from inputs.build.spread import expand, to_options
from inputs.inner_mongolia.build.counties import counties
from inputs.inner_mongolia.build.region import REGION, START

BURNS = {
    "steel_plant": "coal",
    "coke_oven": "coke_oven_gas",
    "cement_kiln": "coal",
    "coal_chemical": "coal",
    "alumina": "coal",
}
IN_CITY = {"jinjian"}
"""Plants within a city at the start (recalled: moved to a park by 2020)."""
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


def output(rows: pd.DataFrame) -> pd.Series:
    """Activity of every row: `seed` raked to the total of its class, and of cement also to its leagues."""
    seed = rows["seed"].astype(float)
    totals = {name: REGION.control_total(f"output.{name}.{START}") for name in rows["class"].unique()}
    margins = [(rows["class"], totals)]
    cement = REGION.by_area("clinker")
    scale = totals.get("cement_kiln", 0.0) / sum(cement.values())
    league = (rows["area"].str[:4] + "00").where(rows["class"] == "cement_kiln", "")
    if "cement_kiln" in totals:
        margins.append((league, {area: value * scale for area, value in cement.items()}))
    return rake(seed, margins)


def named() -> pd.DataFrame:
    """Plants by line or unit."""
    steel = REGION.facts("facts_steel").assign(**{"class": "steel_plant"}, technology="bf_bof", lines=1)
    plants = pd.concat([steel, REGION.facts("facts_plants")], ignore_index=True)
    rows = expand(plants.rename(columns={"lines": "units"}))
    number = (rows.groupby(["class", "plant"]).cumcount() + 1).astype(str)
    several = rows.groupby(["class", "plant"])["plant"].transform("size") > 1
    rows["seed"] = rows["capacity_t"] * rows["load"]
    rows["source"] = rows["class"] + "." + rows["plant"] + np.where(several, "." + number, "")
    rows["name"] = rows["name"] + np.where(several, " line " + number, "")
    rows["name_zh"] = rows["name_zh"] + np.where(several, number + "号线", "")
    rows["fuel"] = (
        rows["class"]
        .map(BURNS)
        .fillna("none")
        .mask(rows["class"] == "glass_furnace", rows["plant"].map(GLASS))
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


def by_people(areas: pd.DataFrame) -> pd.DataFrame:
    """Brick kilns by people; scattered firms by people, more of them on the edge of cities."""
    edge = areas["population"] * np.where(areas["city"], 1.0, 0.6)
    bricks = pd.DataFrame({"share": areas["population"], "zone": "rural", "controls": "fgd_simple"})
    plain = bricks.assign(controls="")
    firms = pd.DataFrame({"share": edge, "zone": "urban_fringe", "controls": ""})
    rows = pd.concat(
        [
            bricks.assign(**{"class": "brick_kiln"}, technology="tunnel", fuel="coal"),
            plain.assign(**{"class": "brick_kiln"}, technology="tunnel", fuel="coal"),
            firms.assign(**{"class": "scattered_enterprise"}, technology="scattered", fuel="none"),
        ]
    )
    return rows.rename_axis("area").reset_index()


def divisible(areas: pd.DataFrame) -> pd.DataFrame:
    """Industry without units of its own in these tables, by county or league, zone, technology, controls."""
    rows = pd.concat([REGION.facts("facts_diffuse"), by_people(areas)], ignore_index=True)
    rows["seed"] = rows["share"].astype(float)
    rows["controls"] = rows["controls"].fillna("").where(rows["class"] != "coal_mine", "spray")
    place = REGION.table("areas").set_index("area")
    label = rows["class"].str.replace("_", " ")
    number = rows.groupby(["class", "area"]).cumcount() + 1
    rows["source"] = rows["class"] + "." + rows["area"] + np.where(number > 1, "." + number.astype(str), "")
    rows["name"] = rows["area"].map(place["name"]) + " " + label
    rows["name_zh"] = rows["area"].map(place["name_zh"]) + rows["class"].map(NAMES_ZH)
    unit = rows["class"].map(SOURCE_UNIT).fillna("t")
    return rows.assign(activity_unit=unit, citation="own_estimate")


def build() -> pd.DataFrame:
    """The table: plants by name, then divisible industry."""
    areas = counties()
    place = REGION.table("areas").set_index("area")
    rows = pd.concat([named(), divisible(areas)], ignore_index=True)
    rows["activity"] = output(rows)
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
        year=START,
        activity=rows["activity"].round().where(~whole, rows["activity"].round(1)),
        controls_basis="constructed",
        gas_access=rows["area"].map(place["gas_access"]),
        rating="E",
        constructed=True,
    )


RANGES = {
    "steel_plant": (19.84, 19.84),
    "coke_oven": (30, 31),
    "cement_kiln": (28, 33),
    "aluminium": (2.5, 2.8),
    "ferroalloy": (6, 7.5),
    "calcium_carbide": (7.5, 9),
    "pvc": (3.2, 3.8),
    "coal_mine": (880, 910),
}
"""Planning practice 3.4, Mt in 2017."""


def check(plants: pd.DataFrame) -> None:
    """Output in the ranges of planning practice; no line above 1.25 times its capacity."""
    total = plants.groupby("class")["activity"].sum() / 1e6
    for name, (low, high) in RANGES.items():
        assert low * 0.999 <= total[name] <= high * 1.001, (name, total[name])
    over = plants[plants["activity"] > 1.25 * plants["capacity"]]
    assert over.empty, over[["source", "activity", "capacity"]]
    assert plants["source"].is_unique


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "plants")
