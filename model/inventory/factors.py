"""Emission factors and use of every state: one vectorised function for the start and for the options.

The formulas stand in docs/architecture.md, section 2 ("Emission factor of a state").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.units import check_dimension, convert
from model.base.words import POLLUTANTS
from model.inventory.calibrate import calibration_factors
from model.inventory.controls import apply_controls, control_columns
from model.inventory.corrections import KEYS, corrections
from model.inventory.fuel import Burning, burning
from model.inventory.lookup import Floats, Groups, Ints, best_rows, group_states
from model.inventory.standards import compliance
from model.tables.read import Tables

CLEAN_CARRIERS = ("electricity", "heat")
"""Groups of fuel that burn nothing where they are used."""
BURNING_SERVICES = ("heat", "power", "transport")
"""Services whose emission comes from burning: without a fuel that burns a factor that is not given is 0."""


def state_effects(states: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """What one unit of activity emits and uses in each state.

    states: a row per state with class, fuel, technology, controls (tuple), capacity, sulphur_pct, ash_pct,
    ncv_gj_per_t, efficiency (missing = the default of the fuel and of technologies: leave them out where a
    measure changes fuel or technology) and the numeric attributes that factor_corrections names. With the
    columns `calibration`, `city` and `outside_account`, as the sources of an inventory have them, factors
    are calibrated.

    Returns, same index, per unit of activity: the ten pollutants (t; NaN = no factor), fuel_gj,
    fuel_physical, electricity_mwh, network_heat_gj; concentration_SO2, _NOx, _PM10 (mg/m3 at the oxygen of
    the standard), meets, low_nox, nh3_slip (mg/m3).

    Raises InputError for ties between rows, intensities and flue gas that are needed and missing.
    """
    before = before_controls(states, tables)
    groups, fuel, clean = before.groups, before.fuel, before.clean
    has = control_columns(states["controls"])
    capacity = states["capacity"].fillna(0.0).to_numpy(dtype=np.float64)
    factor, added_nh3 = apply_controls(before.inlet, states, has, groups, fuel, tables)
    factor[fuel.ended] = 0.0
    physical = np.divide(fuel.fuel_gj, fuel.ncv, out=np.zeros_like(fuel.fuel_gj), where=fuel.fuel_gj > 0)
    is_heat = (groups.keys["fuel"] == "network_heat").to_numpy(dtype=bool)[groups.of_state]
    use = {
        "fuel_gj": fuel.fuel_gj,
        "fuel_physical": physical,
        "electricity_mwh": fuel.electricity_mwh,
        "network_heat_gj": np.where(is_heat, fuel.fuel_gj, 0.0),
    }
    judged = compliance(factor, added_nh3, has, groups, capacity, fuel, clean | fuel.ended, tables)
    emitted = {pollutant: factor[:, i] for i, pollutant in enumerate(POLLUTANTS)}
    return pd.DataFrame({**emitted, **use, **judged}, index=states.index)


@dataclass(frozen=True)
class BeforeControls:
    """States before controls act. clean [n]: burns nothing where it is used; inlet: calibrated factors, t per
    unit of activity [n, pollutant], NaN = not known; used: rows of emission_factors, -1 none."""

    groups: Groups
    fuel: Burning
    clean: NDArray[np.bool_]
    inlet: Floats
    used: Ints


def before_controls(states: pd.DataFrame, tables: Tables) -> BeforeControls:
    """What reaches the controls of each state; `states` and errors are those of `state_effects`."""
    groups = group_states(states, KEYS)
    fuel = burning(states, groups, tables)
    clean = _clean(groups.keys, tables)[groups.of_state]
    inlet, used = inlet_factors(states, groups, fuel, tables)
    inlet = np.where((clean[:, None] & np.isnan(inlet)) | fuel.ended[:, None], 0.0, inlet)
    if "calibration" in states.columns:
        inlet = inlet * calibration_factors(states, tables)
    return BeforeControls(groups, fuel, clean, inlet, used)


def _clean(states: pd.DataFrame, tables: Tables) -> NDArray[np.bool_]:
    """Whether a class gives heat, power or transport from electricity or network heat, by class and fuel."""
    group = tables.frame["fuels"].set_index("fuel")["group"]
    service = tables.frame["classes"].set_index("class")["service"]
    carrier = states["fuel"].map(group).isin(CLEAN_CARRIERS)
    serves = states["class"].map(service).isin(BURNING_SERVICES)
    return (carrier & serves).to_numpy(dtype=bool)


def inlet_factors(states: pd.DataFrame, groups: Groups, fuel: Burning, tables: Tables) -> tuple[Floats, Ints]:
    """Factors before controls, t per unit of activity [n, pollutant], and the rows of emission_factors used
    (-1 none).

    CO2 without a row is that of the fuel (fuels.co2_kg_per_gj).
    """
    table = tables.frame["emission_factors"]
    amount, per = _in_tonnes(tables)
    amount = np.append(amount, np.nan)  # row -1: none
    energy, physical = (np.append(per == kind, False) for kind in ("energy", "physical"))
    scale = {"sulphur": fuel.sulphur_pct, "ash": fuel.ash_pct}
    scaled = {name: np.append((table["scale_with"] == name).to_numpy(dtype=bool), False) for name in scale}
    out = np.full((len(states), len(POLLUTANTS)), np.nan)
    used = np.full(out.shape, -1, dtype=np.int64)
    capacity = states["capacity"].fillna(0.0).to_numpy(dtype=np.float64)
    for i, pollutant in enumerate(POLLUTANTS):
        of_pollutant = np.flatnonzero((table["pollutant"] == pollutant).to_numpy(dtype=bool))
        local = best_rows(table.iloc[of_pollutant], groups, KEYS, "min_capacity", capacity)
        rows = np.append(of_pollutant, -1)[local]
        used[:, i] = rows
        value = amount[rows]
        value = np.where((energy | physical)[rows], value * fuel.fuel_gj, value)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(physical[rows], value / fuel.ncv, value)
        for name, percent in scale.items():
            value = np.where(scaled[name][rows], value * percent, value)
        out[:, i] = value * corrections(states, groups, pollutant, tables)
    co2 = POLLUTANTS.index("CO2")
    out[:, co2] = np.where(used[:, co2] < 0, fuel.co2_t_per_gj * fuel.fuel_gj, out[:, co2])
    return out, used


def _in_tonnes(tables: Tables) -> tuple[Floats, NDArray[np.str_]]:
    """Each factor in t, and per what: GJ (`energy`) or physical unit (`physical`) of fuel, or `activity`."""
    table = tables.frame["emission_factors"]
    activity = table["class"].map(tables.frame["classes"].set_index("class")["activity_unit"])
    physical = table["fuel"].map(tables.frame["fuels"].set_index("fuel")["physical_unit"])
    amount, per = np.empty(len(table)), np.empty(len(table), dtype="<U8")
    columns = (table["value"], table["unit"], table["per"], activity, physical)
    for i, (value, unit, of, service, bought) in enumerate(zip(*columns, strict=True)):
        if of == "activity":
            to, per[i] = f"t/({service})", "activity"
        elif check_dimension(unit, "t/GJ"):
            to, per[i] = "t/GJ", "energy"
        else:
            to, per[i] = f"t/({bought})", "physical"
        amount[i] = convert(float(value), unit, to)
    return amount, per
