"""Builds plants.csv: works by name (facts_plants.csv) and small works by county (facts_spread.csv).

Output is the works' load times capacity, raked to the control totals of each product. Controls are
constructed. A works with an end year closes by itself: the lead works of Yunnan Tin, turned into a tin
smelter.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.rake import rake
from inputs.honghe.build.counties import REGION, START, counties
from inputs.honghe.build.spreading import check_totals, spread_table

HOURS = 8000.0
USES = {
    "steel_plant": "furnace",
    "cement_kiln": "kiln",
    "coal_chemical": "chemical",
}
"""Use in facts_coal.csv of the coal of a class."""


def named_works() -> pd.DataFrame:
    """The works of facts_plants.csv."""
    works = REGION.facts("facts_plants")
    totals = {name: REGION.control_total(name) for name in works["observation"].unique()}
    shared = REGION.facts("facts_spread").query("table == 'plants'")["observation"]
    assert not set(totals) & set(shared)
    output = rake(works["capacity"] * works["load"], [(works["observation"], totals)])
    use = works["class"].map(USES).where(works["fuel"] == "coal")
    burns = use.notna()
    quality = coal_quality(REGION, works.loc[burns, "area"], use[burns])
    return works.join(quality).assign(
        year=START,
        from_year=works["start"],
        to_year=works["end"].astype("Int64"),
        capacity_unit="t/yr",
        activity=output.round(),
        activity_unit="t",
        controls_basis="constructed",
        full_load_hours=HOURS,
        gas_access=works["area"].map(counties()["gas_access"]),
        rating="E",
        constructed=True,
    )


def build() -> pd.DataFrame:
    """The table."""
    return pd.concat([named_works(), spread_table("plants")], ignore_index=True)


def check(plants: pd.DataFrame) -> None:
    """Control totals, their ranges, and the sum of the non-ferrous metals."""
    check_totals(plants, "plants")
    known = REGION.observations
    works = plants[plants["observation"].notna()]
    for name, rows in works.groupby("observation"):
        assert known.loc[name, "low"] <= rows["activity"].sum() <= known.loc[name, "high"], name
        assert (rows["activity"] <= rows["capacity"] * 1.02).all(), name
    metals = plants[plants["class"].isin(["aluminium", "copper_smelter", "lead_zinc_smelter"])]
    assert abs(metals["activity"].sum() / known.loc["nonferrous.2017", "value"] - 1) < 0.02


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "plants")
