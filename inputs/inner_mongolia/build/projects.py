"""Build projects.csv: heat, gas, rail, belts and grid, existing and to be had.

Projects known by name stand in facts_projects.csv, each with where it was read; the others are constructed.
Rail rows are made with the corridors (freight.py).
"""

from __future__ import annotations

import pandas as pd

from inputs.inner_mongolia.build import freight
from inputs.inner_mongolia.build.gas_supply import gas_projects
from inputs.inner_mongolia.build.heat_supply import heat_projects
from inputs.inner_mongolia.build.other_supply import belt_projects, grid_projects
from inputs.inner_mongolia.build.region import REGION

TO_A_THOUSAND = ["capacity", "capital_cny", "fixed_om_cny"]


def build() -> pd.DataFrame:
    """The table: heat, gas, belts, grid, rail, and the projects known by name."""
    made = pd.concat([heat_projects(), gas_projects(), belt_projects()], ignore_index=True)
    made[TO_A_THOUSAND] = made[TO_A_THOUSAND].round(-3)
    made = pd.concat([made, grid_projects()], ignore_index=True).assign(rating="E", constructed=True)
    rail = pd.DataFrame(freight.projects())
    rail["kind"] = rail["status"].map({"existing": "railway"}).fillna("siding")
    out = pd.concat([made, rail, REGION.facts("facts_projects")], ignore_index=True)
    out["first_year"] = pd.to_numeric(out["first_year"]).astype("Int64")
    return out


def check(projects: pd.DataFrame) -> None:
    """Keys, spare supply in its range, gas growth within what the plan of 8 bcm leaves."""
    assert projects["project"].is_unique
    assert projects["kind"].notna().all()
    heat = projects[projects["supplies"] == "network_heat"]
    total = sum(REGION.by_area("chp_heat").values()) * 1e6 + sum(REGION.by_area("boiler_heat").values()) * 1e6
    assert 0.04 < heat.loc[heat["status"] == "existing", "capacity"].sum() / total < 0.15
    mains = heat[heat["project"].str.startswith("HEAT") & (heat["status"] == "optional")]
    per_m2 = mains["capital_cny"] / mains["capacity"] * 0.5
    assert per_m2.between(60, 220).all(), per_m2.describe()
    gas = projects[(projects["supplies"] == "natural_gas") & (projects["status"] == "optional")]
    growth = REGION.facts("facts_gas")["spare_m3"].sum() + gas["capacity"].sum()
    assert 1.5e9 <= growth <= 4.5e9, growth
    belts = projects[projects["kind"] == "belt"]
    assert (belts["capital_cny"] / belts["capacity"]).between(15, 130).all()


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "projects")
