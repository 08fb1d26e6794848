"""What a unit of supply emits, burns and costs where it is made, as docs/method.md, section 4, has it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.main.outsider_tables import POLLUTANTS, Region

POWER_LOST = 0.048
"""MWh per GJ where a project says nothing."""
BURNT = ["coal", "coal_energy", "gas_energy", "natural_gas", "oil_energy", "primary_energy"]


def within(region: Region, code: str) -> set[str]:
    """An area with what contains it; anything else is itself."""
    chain = [code]
    while isinstance(region.parent.get(chain[-1]), str):
        chain.append(region.parent[chain[-1]])
    return set(chain)


def boilers(region: Region, projects: pd.DataFrame) -> pd.DataFrame:
    """The boilers of projects, as rows of sources; of those without any, boilers that burn nothing."""
    areas = region.own["areas"].set_index("area").reindex(projects["area"])
    rows = region.sources.iloc[np.zeros(len(projects), dtype=int)].reset_index(drop=True)
    rows[["sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "load_pct", "distance_km"]] = np.nan
    for attribute in ("altitude_m", "january_c", "heating_season_c"):
        rows[attribute] = areas[attribute].to_numpy(float)
    rows["class"], rows["service"], rows["group"] = "boiler", "heat", "heating"
    for column in ("fuel", "technology", "controls", "capacity"):
        rows[column] = projects[f"plant_{column}"].to_numpy()
    rows["fuel"], rows["technology"] = rows["fuel"].fillna("none"), rows["technology"].fillna("closed")
    rows["city"] = [next((a for a in sorted(within(region, c)) if a.endswith("00") and a[2:4] != "00"), None)
                    for c in projects["area"]]  # fmt: skip
    rows["outside_account"] = False
    return rows


def rates(region: Region, power: dict[str, float]) -> pd.DataFrame:
    """Per unit of supply of each project: pollutants t, BURNT, `heat` (it is heat of a network).

    power: what a MWh of the marginal units emits and burns.
    """
    projects = region.own["projects"]
    rows = boilers(region, projects)
    plant = region.plant(rows)
    factor = region.factors(rows, plant).fillna(0.0)
    heat = (projects["supplies"] == "network_heat").to_numpy(bool)
    told = projects[["plant_fuel", "power_mwh_per_unit", "variable_cny_per_unit"]].notna().any(axis=1)
    lost = projects["power_mwh_per_unit"].fillna(0.0).to_numpy(float)
    lost = np.where(heat & ~told, POWER_LOST, lost)
    gj, group = plant["gj"], plant["group"]
    gas = gj.where(group == "gas", 0.0)
    burnt = {
        "coal": (gj / plant["ncv"]).where(group == "coal", 0.0),
        "coal_energy": gj.where(group == "coal", 0.0),
        "gas_energy": gas,
        "natural_gas": gas / region.fuels.at["natural_gas", "ncv_gj_per_unit"],
        "oil_energy": gj.where(group == "oil", 0.0),
        "primary_energy": gj.where(group.isin(["coal", "gas", "oil"]), 0.0),
    }
    own = {**{p: factor[p] for p in POLLUTANTS}, **burnt}
    out = pd.DataFrame({name: own[name].to_numpy() + lost * power.get(name, 0.0) for name in own})
    out["heat"], out["told"], out["lost"] = heat, told.to_numpy(bool), lost
    out["fuel"], out["gj"] = rows["fuel"].to_numpy(), gj.to_numpy()
    chain = [within(region, code) for code in projects["area"]]
    level = region.own["areas"].set_index("area")["level"].to_dict()
    for name in ("city", "county"):
        out[name] = [next((a for a in sorted(c) if level.get(a) == name), None) for c in chain]
    named = {name: {str(code) for code in codes} for name, codes in region.scenario["areas"].items()}
    out["area"] = [c | {name for name, codes in named.items() if codes & c} for c in chain]
    out["sector"] = np.where(
        projects["supplies"].isin(["rail_freight", "belt_freight"]), "mobile", "fossil_fuel"
    )
    return out


def difference(region: Region, of_projects: pd.DataFrame, standing: dict[str, pd.Series]) -> pd.DataFrame:
    """Per year of each project: what its supply emits and burns more than the users of its supply carry.

    These carry what the standing supply of a network does; of anything but heat, nothing.
    """
    names = [*POLLUTANTS, *BURNT]
    projects = region.own["projects"]
    carried = pd.DataFrame([standing.get(str(n), standing[""]) for n in projects["serves"]])
    carried = carried[names].reset_index(drop=True).mul(of_projects["heat"].astype(float), axis=0)
    return (of_projects[names] - carried).mul(supply(region).to_numpy(), axis=0)


def supply(region: Region, column: str = "capacity") -> pd.Series:
    """Supply of each project, a year or at peak: waste heat only while its plant runs."""
    projects, profiles = region.own["projects"], region.ref["profiles"].set_index("profile")
    months = profiles.loc[:, "jan":"dec"]
    demand = months.loc["boiler.heating"]
    amount = projects[column].astype(float).fillna(0.0)
    for at, plant in projects["runs_like"].dropna().items():
        runs = months.loc[plant] / months.loc[plant].max()
        part = (demand * runs).sum() if column == "capacity" else runs[demand.idxmax()]
        amount[at] *= part
    return amount


def base(region: Region, of_projects: pd.DataFrame, power: dict[str, float]) -> dict[str, pd.Series]:
    """Rate of the standing supply of each network, and of networks without any under the key ''."""
    projects, names = region.own["projects"], [*POLLUTANTS, *BURNT]
    given = supply(region)
    stands = of_projects["heat"] & (projects["status"] != "optional").to_numpy() & (given > 0).to_numpy()
    out = {"": pd.Series({name: POWER_LOST * power.get(name, 0.0) for name in names})}
    for network, at in projects[stands.to_numpy()].groupby("serves").groups.items():
        weight = given[at] / given[at].sum()
        out[str(network)] = of_projects.loc[at, names].mul(weight, axis=0).sum()
    return out


def new_plants(region: Region) -> tuple[np.ndarray, np.ndarray]:
    """Investment CNY and its yearly payment for plants of state 0 of new sources, per capacity, [S]."""
    rows, price = region.sources, region.ref["deflators"].set_index("year")["fixed_asset_index"]
    rate = float(str(region.scenario["discount_rate"]).split("%")[0]) / 100
    per_unit = rows["plant_cny"].astype(float) * price[region.scenario["price_year"]]
    per_unit = per_unit / rows["plant_year"].astype(float).map(price)
    yearly = per_unit * rate / (1 - (1 + rate) ** -rows["plant_life"].astype(float))
    return per_unit.fillna(0.0).to_numpy(), yearly.fillna(0.0).to_numpy()
