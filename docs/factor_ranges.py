"""Effective emission factors of states and of a region's fleet, in the unit of a published range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.base.units import check_dimension, convert
from model.inventory.emissions import Inventory
from model.inventory.factors import state_effects
from model.tables.read import Tables

KEPT = "Kept:"
"""How the `about` of a published range says why a figure outside of it stays."""
UNKNOWN = ("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency")


@dataclass(frozen=True)
class Compared:
    """A published range and what the tables give, in the range's unit."""

    row: pd.Series
    value: float

    @property
    def inside(self) -> bool:
        """Whether the value lies in the range; a tenth of a per cent is rounding."""
        return bool(self.row["low"] * 0.999 <= self.value <= self.row["high"] * 1.001)


def compare(tables: Tables, inventory: Inventory) -> list[Compared]:
    """Every published range beside the effective factor of its state, or of the inventory's first year.

    Raises LookupError where a value lies outside and `about` does not say why it is kept.
    """
    ranges = tables.frame["published_ranges"]
    found = []
    for _, row in ranges.iterrows():
        value = of_state(row, tables) if row["of"] == "state" else of_fleet(row, tables, inventory)
        found.append(Compared(row, value))
    silent = [one for one in found if not one.inside and KEPT not in one.row["about"]]
    if silent:
        named = "; ".join(f"{_name(one.row)}: {one.value:.4g} {one.row['unit']}" for one in silent)
        raise LookupError(f"outside its published range without '{KEPT}' and a reason: {named}")
    return found


def _name(row: pd.Series) -> str:
    parts = [row["class"], row["fuel"], row["technology"], row["of"], row["pollutant"]]
    return " ".join(str(part) for part in parts if not pd.isna(part))


def of_state(row: pd.Series, tables: Tables) -> float:
    """Effective factor of the state that the row names, with the default quality of its fuel."""
    state = {
        "class": row["class"],
        "fuel": "none" if pd.isna(row["fuel"]) else row["fuel"],
        "technology": "standard" if pd.isna(row["technology"]) else row["technology"],
        "controls": row["controls"],
        "capacity": row["capacity"],
    }
    effect = state_effects(pd.DataFrame([state | dict.fromkeys(UNKNOWN, np.nan)]), tables).iloc[0]
    if row["unit"] == "mg/m3":
        return float(effect[f"concentration_{row['pollutant']}"])
    return _in_unit(
        row, tables, effect[row["pollutant"]], effect["fuel_gj"], effect["fuel_physical"], state["fuel"]
    )


def of_fleet(row: pd.Series, tables: Tables, inventory: Inventory) -> float:
    """Emission over activity or fuel of all sources of the class (fuel, technology) in the first year."""
    sources = inventory.sources
    kept = (sources["class"] == row["class"]).to_numpy(dtype=bool)
    for key in ("fuel", "technology"):
        if not pd.isna(row[key]):
            kept = kept & (sources[key] == row[key]).to_numpy(dtype=bool)
    activity = inventory.activity.isel(year=0).to_numpy()[kept]
    emission = inventory.emission().isel(year=0).sel(pollutant=row["pollutant"]).to_numpy()[kept]
    fuel_gj = activity * sources["fuel_gj_per_activity"].to_numpy(dtype=np.float64)[kept]
    ncv = sources["ncv_gj_per_t"].to_numpy(dtype=np.float64)[kept]
    physical = np.divide(fuel_gj, ncv, out=np.zeros_like(fuel_gj), where=ncv > 0)
    total = float(activity.sum())
    fuel = "" if pd.isna(row["fuel"]) else row["fuel"]
    per = (float(np.nansum(part)) / total for part in (emission, fuel_gj, physical))
    return _in_unit(row, tables, *per, fuel)


def _in_unit(
    row: pd.Series, tables: Tables, factor: float, fuel_gj: float, physical: float, fuel: str
) -> float:
    """t per activity in the unit of the row: per energy of fuel, per activity, or per tonne of fuel."""
    activity = tables.frame["classes"].set_index("class").at[row["class"], "activity_unit"]
    per_gj = check_dimension(row["unit"], "t/GJ")
    if per_gj and fuel_gj > 0 and "GJ" in row["unit"]:
        return float(convert(factor / fuel_gj, "t/GJ", row["unit"]))
    if check_dimension(row["unit"], f"t/({activity})"):
        return float(convert(factor, f"t/({activity})", row["unit"]))
    bought = tables.frame["fuels"].set_index("fuel").at[fuel, "physical_unit"]
    return float(convert(factor / physical, f"t/({bought})", row["unit"]))
