"""What a state uses per unit of activity, in the terms of the energy balance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.tables.read import Tables

GJ_PER_MWH = 3.6

RESOURCES = (
    *("coal", "coal_energy", "gas_energy", "natural_gas", "oil_energy", "primary_energy", "electricity"),
    *("industrial_electricity", "industrial_final_energy", "network_heat", "heat", "rail_freight"),
    "belt_freight",
)


def resource_uses(
    what: pd.DataFrame, effects: pd.DataFrame, tables: Tables
) -> Mapping[str, NDArray[np.float64]]:
    """Use of each of RESOURCES per unit of activity, arrays [n].

    coal t, *_energy GJ, natural_gas m3 (all gas at the calorific value of natural gas), electricity MWh,
    network_heat GJ, heat GJ delivered (classes of service heat), rail_freight and belt_freight t (a tkm over
    the haul).
    `primary_energy` is what is burnt; what electricity above the start adds is for the caller, who knows the
    start.

    Args:
        what: a row per state with fuel, technology, class, group (of the class), service, distance_km.
        effects: the rows of `state_effects` for them.
    """
    fuels = tables.frame["fuels"].set_index("fuel")
    group = what["fuel"].map(fuels["group"]).to_numpy(dtype=object)
    fuel_gj = effects["fuel_gj"].fillna(0.0).to_numpy(float)
    physical = effects["fuel_physical"].fillna(0.0).to_numpy(float)
    electricity = effects["electricity_mwh"].fillna(0.0).to_numpy(float)
    heat = effects["network_heat_gj"].fillna(0.0).to_numpy(float)
    burnt = np.where(np.isin(group, ("electricity", "heat", "none")), 0.0, fuel_gj)
    fossil = np.where(np.isin(group, ("coal", "gas", "oil")), fuel_gj, 0.0)
    industry = what["group"].to_numpy(dtype=object) == "industry"
    freight = what["class"].to_numpy(dtype=object) == "freight"
    carrier = what["technology"].to_numpy(dtype=object)
    haul = what["distance_km"].to_numpy(float)
    gas = np.where(group == "gas", fuel_gj, 0.0)
    gas_ncv = float(fuels["ncv_gj_per_unit"].get("natural_gas", np.nan))
    return {
        "coal": np.where(group == "coal", physical, 0.0),
        "coal_energy": np.where(group == "coal", fuel_gj, 0.0),
        "gas_energy": gas,
        "natural_gas": np.divide(gas, gas_ncv, out=np.zeros_like(gas), where=gas > 0),
        "oil_energy": np.where(group == "oil", fuel_gj, 0.0),
        "primary_energy": fossil,
        "electricity": electricity,
        "industrial_electricity": np.where(industry, electricity, 0.0),
        "industrial_final_energy": np.where(industry, burnt + GJ_PER_MWH * electricity + heat, 0.0),
        "network_heat": heat,
        "heat": (what["service"].to_numpy(dtype=object) == "heat").astype(float),
        **{
            f"{mode}_freight": np.divide(
                1.0, haul, out=np.zeros_like(haul), where=freight & (carrier == mode) & (haul > 0)
            )
            for mode in ("rail", "belt")
        },
    }
