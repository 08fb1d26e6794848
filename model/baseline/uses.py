"""What a state uses per unit of activity, in the terms of the energy balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.tables.read import Tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GJ_PER_MWH = 3.6

RESOURCES = (
    *("coal", "coal_energy", "gas_energy", "natural_gas", "oil_energy", "primary_energy", "electricity"),
    *("industrial_electricity", "industrial_final_energy", "network_heat", "heat", "rail_freight"),
    "belt_freight",
)


@dataclass(frozen=True)
class Users:
    """What tells which uses a row's fuel, power and heat are, [n] each, whatever the amounts. hauls: modes ->
    uses per unit of activity.
    """

    coal: Bools
    gas: Bools
    oil: Bools
    burning: Bools
    industry: Bools
    heating: Bools
    hauls: Mapping[str, Floats]
    gas_ncv: float


def users_of(what: pd.DataFrame, tables: Tables) -> Users:
    """What rows use by their kind.

    Args:
        what: a row per state with fuel, technology, class, group (of the class), service, distance_km.
    """
    fuels = tables.frame["fuels"].set_index("fuel")
    group = what["fuel"].map(fuels["group"]).to_numpy(dtype=object)
    freight = what["class"].to_numpy(dtype=object) == "freight"
    carrier = what["technology"].to_numpy(dtype=object)
    haul = what["distance_km"].to_numpy(float)
    hauled = {mode: freight & (carrier == mode) & (haul > 0) for mode in ("rail", "belt")}
    return Users(
        coal=group == "coal",
        gas=group == "gas",
        oil=group == "oil",
        burning=~np.isin(group, ("electricity", "heat", "none")),
        industry=what["group"].to_numpy(dtype=object) == "industry",
        heating=what["service"].to_numpy(dtype=object) == "heat",
        hauls={
            f"{mode}_freight": np.divide(1.0, haul, out=np.zeros_like(haul), where=hit)
            for mode, hit in hauled.items()
        },
        gas_ncv=float(fuels["ncv_gj_per_unit"].get("natural_gas", np.nan)),
    )


def resource_uses(users: Users, effects: pd.DataFrame) -> Mapping[str, Floats]:
    """Use of each of RESOURCES per unit of activity, arrays [n].

    coal t, *_energy GJ, natural_gas m3 (all gas at the calorific value of natural gas), electricity MWh,
    network_heat GJ, heat GJ delivered (classes of service heat), rail_freight and belt_freight t (a tkm over
    the haul).
    `primary_energy` is what is burnt; what electricity above the start adds is for the caller, who knows the
    start.

    Args:
        users: of `users_of`.
        effects: the rows of `state_effects` for them.
    """
    fuel_gj = effects["fuel_gj"].fillna(0.0).to_numpy(float)
    physical = effects["fuel_physical"].fillna(0.0).to_numpy(float)
    electricity = effects["electricity_mwh"].fillna(0.0).to_numpy(float)
    heat = effects["network_heat_gj"].fillna(0.0).to_numpy(float)
    burnt = np.where(users.burning, fuel_gj, 0.0)
    gas = np.where(users.gas, fuel_gj, 0.0)
    return {
        "coal": np.where(users.coal, physical, 0.0),
        "coal_energy": np.where(users.coal, fuel_gj, 0.0),
        "gas_energy": gas,
        "natural_gas": np.divide(gas, users.gas_ncv, out=np.zeros_like(gas), where=gas > 0),
        "oil_energy": np.where(users.oil, fuel_gj, 0.0),
        "primary_energy": np.where(users.coal | users.gas | users.oil, fuel_gj, 0.0),
        "electricity": electricity,
        "industrial_electricity": np.where(users.industry, electricity, 0.0),
        "industrial_final_energy": np.where(users.industry, burnt + GJ_PER_MWH * electricity + heat, 0.0),
        "network_heat": heat,
        "heat": users.heating.astype(float),
        **users.hauls,
    }
