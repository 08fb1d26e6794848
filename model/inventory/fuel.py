"""What a state burns: fuel quality, intensity and flue gas (architecture: section 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.inventory.corrections import FUEL, corrections
from model.inventory.lookup import Groups, best_rows, take
from model.tables.read import Tables
from model.tables.rules import ENDED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

O2_OF_AIR = 20.9
"""Per cent by volume of dry air."""

OUTPUT_PER_GJ = {"heat": 1.0, "power": 3.6}
"""GJ of one unit of activity of a service: heat is counted in GJ, power in MWh."""


@dataclass(frozen=True)
class Burning:
    """Per state, [n]. `ncv` is GJ per physical unit of the fuel; `fuel_gj`, `electricity_mwh` and
    `flue_gas_fixed` (Nm3 at the oxygen of the standard, NaN = follows from the fuel) are per unit of
    activity."""

    ended: Bools
    sulphur_pct: Floats
    ash_pct: Floats
    ncv: Floats
    fuel_gj: Floats
    electricity_mwh: Floats
    flue_gas_fixed: Floats
    flue_gas_per_gj: Floats
    co2_t_per_gj: Floats

    def flue_gas(self, o2_pct: Floats) -> Floats:
        """Dry flue gas at a reference oxygen, Nm3 per unit of activity; NaN where it is not known."""
        diluted = self.flue_gas_per_gj * O2_OF_AIR / (O2_OF_AIR - o2_pct) * self.fuel_gj
        return np.where(np.isnan(self.flue_gas_fixed), diluted, self.flue_gas_fixed)


def burning(states: pd.DataFrame, groups: Groups, tables: Tables) -> Burning:
    """Quality and intensity of each state: its own values where it has them, else those of fuels and
    technologies.

    fuel GJ per activity = 1 / efficiency for heat (GJ), 3.6 / efficiency for power (MWh), else the
    intensity of technologies, corrected by the attributes that factor_corrections names. Calorific value,
    sulphur and ash of a state hold only for fuels bought by the tonne.

    groups: of the states by class, fuel and technology.

    Raises InputError for a state that burns a fuel and has no intensity.
    """
    fuels = tables.frame["fuels"].set_index("fuel")
    technologies = tables.frame["technologies"]
    by_fuel = fuels.reindex(groups.keys["fuel"])
    of = groups.of_state
    bought_by_tonne = (by_fuel["physical_unit"] == "t").to_numpy(dtype=bool)[of]

    def number(column: str) -> Floats:
        return by_fuel[column].to_numpy(dtype=np.float64)[of]

    def quality(column: str, default: str) -> Floats:
        own = np.where(bought_by_tonne, states[column].to_numpy(dtype=np.float64), np.nan)
        return np.where(np.isnan(own), number(default), own)

    ended = groups.keys["technology"].isin(ENDED).to_numpy(dtype=bool)[of]
    capacity = states["capacity"].fillna(0.0).to_numpy(dtype=np.float64)
    rows = best_rows(technologies, groups, ("class", "fuel", "technology"), "min_capacity", capacity)
    services = tables.frame["classes"].set_index("class")["service"]
    output = groups.keys["class"].map(services).map(OUTPUT_PER_GJ).to_numpy(dtype=np.float64)[of]
    intensity = output / states["efficiency"].to_numpy(dtype=np.float64)
    usual = take(technologies, "fuel_gj_per_activity", rows) * corrections(states, groups, FUEL, tables)
    intensity = np.where(np.isnan(intensity), usual, intensity)
    burns_nothing = ended | (groups.keys["fuel"] == "none").to_numpy(dtype=bool)[of]
    fuel_gj = np.where(burns_nothing, 0.0, intensity)
    electricity = np.nan_to_num(take(technologies, "electricity_mwh_per_activity", rows))
    is_electric = (by_fuel["group"] == "electricity").to_numpy(dtype=bool)[of]
    electricity = np.where(ended, 0.0, electricity + np.where(is_electric, fuel_gj / 3.6, 0.0))
    _check_intensity(states, fuel_gj)
    return Burning(
        ended=ended,
        sulphur_pct=quality("sulphur_pct", "sulphur_pct"),
        ash_pct=quality("ash_pct", "ash_pct"),
        ncv=quality("ncv_gj_per_t", "ncv_gj_per_unit"),
        fuel_gj=fuel_gj,
        electricity_mwh=electricity,
        flue_gas_fixed=take(technologies, "flue_gas_nm3_per_activity", rows),
        flue_gas_per_gj=number("flue_gas_nm3_per_gj"),
        co2_t_per_gj=number("co2_kg_per_gj") * 1e-3,
    )


def _check_intensity(states: pd.DataFrame, fuel_gj: Floats) -> None:
    names = states.loc[np.isnan(fuel_gj), ["class", "fuel", "technology"]].drop_duplicates()
    if names.empty:
        return
    right = "add a row with fuel_gj_per_activity (0 where the fuel is counted elsewhere)"
    raise InputError(
        Fault(
            "reference/technologies.csv",
            None,
            "class, fuel, technology",
            ", ".join(row),
            "has no intensity",
            right,
        )
        for row in names.astype(str).itertuples(index=False, name=None)
    )
