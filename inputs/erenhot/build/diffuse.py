"""Builds plants, nonroad, solvents, oil, agriculture and area_sources from facts_diffuse.csv.

A line of the facts is a source: its total is split by `share` over technologies and controls, and of machines
`stock` (that of the whole kind) with it. `check` holds the totals to their ranges.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import QUALITY, coal_quality
from inputs.erenhot.build.region import CITY, REGION, START

TABLES = ("plants", "nonroad", "solvents", "oil", "agriculture", "area_sources")


def build(name: str) -> pd.DataFrame:
    """One of TABLES."""
    facts = REGION.facts("facts_diffuse")
    rows = facts[facts["table"] == name].reset_index(drop=True)
    coal = rows["fuel"] == "coal"
    quality = coal_quality(REGION, pd.Series(CITY, rows.index), pd.Series("boiler", rows.index))
    place, place_zh = REGION.places[CITY]
    if name == "plants":
        rows = rows.join(quality[QUALITY].where(coal))
        rows = rows.assign(gas_access="lng", controls_basis=pd.Series("constructed", rows.index).where(coal))
    return rows.assign(
        year=START,
        area=CITY,
        name=place + " " + rows["name"],
        name_zh=place_zh + rows["name_zh"],
        activity=rows["total"] * rows["share"],
        stock=rows["stock"] * rows["share"].where(rows["class"] == "nonroad", 1.0),
        constructed=True,
    )


def check(tables: dict[str, pd.DataFrame]) -> None:
    """Shares are whole; rail diesel, old machines, petrol and ore handled are in their ranges."""
    rows = pd.concat(tables.values(), ignore_index=True)
    assert rows["source"].is_unique
    machines = rows[rows["class"] == "nonroad"]
    built = machines[machines["machine"].isin(["construction", "other", "forklift"])]
    old = built["technology"].isin(["pre-stage I", "stage I"])
    rail = rows[(rows["class"] == "rail") & (rows["outside_account"] != "yes")]
    station = rows["source"].str.startswith("yard_dust.rail_port")
    found = {
        "old_machines.2018": 100 * built.loc[old, "stock"].sum() / built["stock"].sum(),
        "rail_diesel.2018": rail["activity"].sum() / 1000,
        "petrol_sold.2018": rows.loc[rows["class"] == "filling_station", "activity"].sum() / 1000,
        "ore_yards.2018": rows.loc[station, "activity"].sum() / 1e6,
    }
    for name, value in found.items():
        REGION.check_range(name, value)
    facts = REGION.facts("facts_diffuse")
    facts["kind"] = facts["source"].str.rsplit(".", n=1).str[0]
    split = facts[facts["share"] < 1].groupby("kind")["share"].sum()
    assert (abs(split - 1) < 1e-9).all(), split


if __name__ == "__main__":
    made = {name: build(name) for name in TABLES}
    check(made)
    for name, table in made.items():
        REGION.write(table, name)
