"""Emission factors of states and of a region's fleet beside what was published of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.base.units import check_dimension, convert
from model.inventory.emissions import Inventory
from model.inventory.factors import state_effects
from model.tables.read import Tables

UNKNOWN = ("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency")
"""What the table of published ranges does not say of a state: the fuel's own values hold."""
ROUNDING = 0.001


@dataclass(frozen=True)
class Published:
    """A row of published_ranges and what the tables give, in the row's unit."""

    row: pd.Series
    value: float

    @property
    def inside(self) -> bool:
        """Whether the value lies in the range; a tenth of a per cent is rounding."""
        low, high = self.row["low"] * (1 - ROUNDING), self.row["high"] * (1 + ROUNDING)
        return bool(low <= self.value <= high)


def published(tables: Tables, inventory: Inventory) -> list[Published]:
    """Every published range beside the effective factor of its state, or of the inventory's first year.

    A row of a fleet that the inventory does not have is left out.
    """
    ranges = tables.frame["published_ranges"]
    is_state = (ranges["of"] == "state").to_numpy(dtype=bool)
    states = of_states(ranges[is_state], tables)
    value: dict[int, float | None] = dict(zip(np.flatnonzero(is_state).tolist(), states, strict=True))
    value |= {i: of_fleet(ranges.iloc[i], tables, inventory) for i in np.flatnonzero(~is_state).tolist()}
    return [Published(ranges.iloc[i], one) for i, one in sorted(value.items()) if one is not None]


def of_states(rows: pd.DataFrame, tables: Tables) -> list[float]:
    """Effective factor of the state that each row names, with the default quality of its fuel."""
    if rows.empty:
        return []
    states = pd.DataFrame(
        {
            "class": rows["class"],
            "fuel": rows["fuel"].fillna("none"),
            "technology": rows["technology"].fillna("standard"),
            "controls": rows["controls"],
            "capacity": rows["capacity"],
        }
        | dict.fromkeys(UNKNOWN, np.nan)
    )
    out = []
    effects = state_effects(states.reset_index(drop=True), tables)
    for (_, row), (_, effect), fuel in zip(rows.iterrows(), effects.iterrows(), states["fuel"], strict=True):
        if row["unit"] == "mg/m3":
            out.append(float(effect[f"concentration_{row['pollutant']}"]))
        else:
            factor, energy, amount = effect[row["pollutant"]], effect["fuel_gj"], effect["fuel_physical"]
            out.append(_in_unit(row, tables, factor, energy, amount, fuel))
    return out


def of_fleet(row: pd.Series, tables: Tables, inventory: Inventory) -> float | None:
    """Emission over activity or fuel of all sources of the class (fuel, technology) in the first year; None
    where there are none in service.
    """
    sources = inventory.sources
    kept = (sources["class"] == row["class"]).to_numpy(dtype=bool)
    for key in ("fuel", "technology"):
        if not pd.isna(row[key]):
            kept = kept & (sources[key] == row[key]).to_numpy(dtype=bool)
    activity = inventory.activity.isel(year=0).to_numpy()[kept]
    total = float(activity.sum())
    if not total:
        return None
    emission = inventory.emission().isel(year=0).sel(pollutant=row["pollutant"]).to_numpy()[kept]
    fuel_gj = activity * sources["fuel_gj_per_activity"].to_numpy(dtype=np.float64)[kept]
    ncv = sources["ncv_gj_per_t"].to_numpy(dtype=np.float64)[kept]
    physical = np.divide(fuel_gj, ncv, out=np.zeros_like(fuel_gj), where=ncv > 0)
    fuel = "" if pd.isna(row["fuel"]) else row["fuel"]
    factor, energy, amount = (float(np.nansum(part)) / total for part in (emission, fuel_gj, physical))
    return _in_unit(row, tables, factor, energy, amount, fuel)


def _in_unit(
    row: pd.Series, tables: Tables, factor: float, fuel_gj: float, physical: float, fuel: str
) -> float:
    """t per activity in the unit of the row: per energy of fuel, per activity, or per tonne of fuel."""
    activity = str(tables.frame["classes"].set_index("class").at[row["class"], "activity_unit"])
    per_gj = check_dimension(row["unit"], "t/GJ")
    if per_gj and fuel_gj > 0 and "GJ" in row["unit"]:
        return float(convert(factor / fuel_gj, "t/GJ", row["unit"]))
    if check_dimension(row["unit"], f"t/({activity})"):
        return float(convert(factor, f"t/({activity})", row["unit"]))
    bought = str(tables.frame["fuels"].set_index("fuel").at[fuel, "physical_unit"])
    return float(convert(factor / physical, f"t/({bought})", row["unit"]))
