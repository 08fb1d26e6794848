"""What each state emits, uses and loads, from factors and controls; nothing of it is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.baseline.uses import GJ_PER_MWH, Users, resource_uses
from model.inventory.emissions import Inventory
from model.inventory.factors import state_effects
from model.inventory.lookup import best_rows, group_states, take
from model.options.supply import ENERGY, HeatOfNetworks, Marginal
from model.tables.read import Tables

Floats = NDArray[np.float64]

SECURED_SHARE = 0.70
"""Part of the peak load that a network must meet with its largest source out: 65-75 % (R16)."""

_MATTERS = (
    *(
        "class",
        "fuel",
        "technology",
        "controls",
        "capacity",
        "sulphur_pct",
        "ash_pct",
        "ncv_gj_per_t",
        "efficiency",
    ),
    *("calibration", "own_calibration", "city", "outside_account"),
)
"""Columns that state_effects reads, beside those that factor_corrections names."""

_USED = ("group", "service", "distance_km", "network", "county")
"""Columns that uses, loads and prices need beside them; amounts are those of a case."""

LOADS = (
    *("peak_heat", "secured_heat", "peak_gas", "peak_electricity", "stock", "standard_vehicles", "capacity"),
    "nh3_slip",
)
"""Quantities that stand at the end of a year: amounts of a source in a state, not per unit of activity."""


def marginal_power(inventory: Inventory, start: int) -> Marginal:
    """Mean factor, heat rate and coal of coal power at the start; 0 where the region has none."""
    sources = inventory.sources
    coal = ((sources["class"] == "power_unit") & (sources["fuel"] == "coal")).to_numpy(dtype=bool)
    weight = inventory.activity.sel(year=start).to_numpy()[coal]
    total = weight.sum()
    if total <= 0:
        return Marginal(np.zeros(len(POLLUTANTS)), 0.0, 0.0)
    factor = inventory.factor.sel(year=start, pollutant=list(POLLUTANTS)).to_numpy()[coal]
    burnt = sources["fuel_gj_per_activity"].to_numpy(float)[coal]
    tonnes = burnt / sources["ncv_gj_per_t"].to_numpy(float)[coal]
    mean = weight @ np.nan_to_num(factor) / total
    return Marginal(mean, float(weight @ burnt / total), float(weight @ tonnes / total))


def state_rows(sources: pd.DataFrame, states: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """What effects, uses and prices ask of each state, [K]: the attributes of its source with the state's own
    fuel, technology and controls, and the peak hours and standard vehicles of its technology.

    Quality and efficiency belong to a fuel and a technology: where these change, the source's own give way to
    the defaults of the new ones.
    """
    source = states["source"].to_numpy()
    names = dict.fromkeys((*_MATTERS, *_corrected(tables), *_USED))
    # Texts as objects: a table of arrow strings is slow to take rows of.
    columns = {name: _plain(sources[name])[source] for name in names}
    own = {name: _plain(states[name]) for name in ("fuel", "technology", "controls")}
    new_fuel = columns["fuel"] != own["fuel"]
    for name in ("sulphur_pct", "ash_pct", "ncv_gj_per_t"):
        columns[name] = np.where(new_fuel, np.nan, columns[name])
    changed = new_fuel | (columns["technology"] != own["technology"])
    columns["efficiency"] = np.where(changed, np.nan, columns["efficiency"])
    columns |= own
    rows = pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()})
    technologies, keys = tables.frame["technologies"], ("class", "fuel", "technology")
    found = best_rows(technologies, group_states(rows, keys), keys, "min_capacity", columns["capacity"])
    delivered = sources["district_heat_gj"].fillna(0.0).to_numpy(float)
    given = sources["activity"].to_numpy(float)
    per_activity = np.divide(delivered, given, out=np.zeros_like(given), where=given > 0)
    hours = take(technologies, "peak_hours", found)
    misses_heat = (per_activity > 0)[source] & states["ended"].to_numpy(dtype=bool)
    return rows.assign(
        # What a unit gives to a network, the network must have from elsewhere when the unit ends.
        heat_given=per_activity[source],
        peak_hours=np.where(misses_heat, _network_hours(technologies), hours),
        standard_vehicle=take(technologies, "standard_vehicle", found),
    )


def _network_hours(technologies: pd.DataFrame) -> float:
    """Full-load hours of network heat: the fewest of any use of it, nan where there is none."""
    return float(technologies.loc[technologies["fuel"] == "network_heat", "peak_hours"].min())


def _plain(cells: pd.Series[Any]) -> NDArray[Any]:
    return cells.to_numpy(dtype=object) if cells.dtype == "str" else cells.to_numpy()


def _corrected(tables: Tables) -> list[str]:
    """Attributes that correct factors."""
    return sorted(tables.frame["factor_corrections"]["attribute"].unique())


def evaluate(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """state_effects of every row [K]; rows that differ in nothing that matters are computed once."""
    first, code = distinct_rows(rows, tables)
    return state_effects(first, tables).iloc[code].set_axis(rows.index)


def distinct_rows(rows: pd.DataFrame, tables: Tables) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The rows that differ in what state_effects reads, with that alone; which of them each row is, [K]."""
    names = list(dict.fromkeys((*_MATTERS, *_corrected(tables))))
    code = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        found, values = pd.factorize(rows[name], use_na_sentinel=False)
        code, _ = pd.factorize(code * len(values) + found)
    first = np.flatnonzero(~pd.Series(code).duplicated().to_numpy())  # codes count up as they first appear
    return rows[names].iloc[first], code


def with_measures(
    effects: pd.DataFrame, electricity: Floats, saving: Floats, heat_missed: Floats
) -> pd.DataFrame:
    """Effects with the electricity that measures use [K], less the share of heat that they save [K], and with
    the network heat, GJ per unit of activity, that others must give where a CHP unit has ended [K].
    """
    scaled = [*POLLUTANTS, "fuel_gj", "fuel_physical", "electricity_mwh", "network_heat_gj"]
    out = effects.assign(**{c: effects[c] * (1 - saving) for c in scaled})
    return out.assign(
        electricity_mwh=out["electricity_mwh"].fillna(0.0) + electricity,
        network_heat_gj=out["network_heat_gj"].fillna(0.0) + heat_missed,
    )


def quantities(
    rows: pd.DataFrame,
    users: Users,
    effects: pd.DataFrame,
    ended: NDArray[np.bool_],
) -> Mapping[str, Floats]:
    """Uses per unit of activity, and loads per source, of every state [K].

    An ended state serves nobody: its activity, stock and capacity are 0, and the heat that it gave to a
    network is taken from the network's other supply.

    Args:
        rows: of `state_rows`, with activity and stock, the greatest of its source over the years, and units.
        users: what they use by their kind.
    """
    going = (~ended).astype(float)
    own = resource_uses(users, effects)
    uses = {name: use if name == "network_heat" else use * going for name, use in own.items()}
    hours = rows["peak_hours"].to_numpy(float)
    stock = rows["stock"].fillna(0.0).to_numpy(float) * going
    per_hour = np.divide(rows["activity"].to_numpy(float), hours, out=np.zeros_like(hours), where=hours > 0)
    peak_heat = uses["network_heat"] * per_hour / GJ_PER_MWH
    electric = (rows["fuel"].to_numpy(dtype=object) == "electricity") & users.heating
    return {
        "activity": going,
        **uses,
        "peak_heat": peak_heat,
        "secured_heat": SECURED_SHARE * peak_heat,
        "peak_gas": uses["natural_gas"] * per_hour * 24,
        "peak_electricity": np.where(electric, uses["electricity"] * per_hour, 0.0),
        "stock": stock,
        "standard_vehicles": stock * np.nan_to_num(rows["standard_vehicle"].to_numpy(float)),
        "capacity": np.nan_to_num(rows["capacity"].to_numpy(float) * rows["units"].to_numpy(float)) * going,
        "nh3_slip": np.nan_to_num(effects["nh3_slip"].to_numpy(float)) * going,
    }


def add_indirect(
    uses: dict[str, Floats],
    first: NDArray[np.int64],
    lost_mwh: Floats,
    marginal: Marginal,
    networks: HeatOfNetworks,
    network: tuple[NDArray[np.int64], NDArray[np.object_]],
) -> Floats:
    """Emission [K, pollutant] of power and network heat used above state 0; their energy goes to `uses`.

    Power comes from the marginal unit, heat from the standing supply of the source's network. Using less than
    at the start earns nothing.

    Args:
        lost_mwh: power per unit of activity that a state no longer makes, [K]: the marginal unit makes it.
        network: of the source of each state, [K], as places in the list of all that there are.
    """
    power = np.maximum(uses["electricity"] - uses["electricity"][first], 0.0) + lost_mwh
    heat = np.maximum(uses["network_heat"] - uses["network_heat"][first], 0.0)
    warm = np.flatnonzero(heat)
    place, names = network
    row, warmth = networks.of(names)[place[warm]], heat[warm]
    burnt = marginal.energy()
    for at, item in enumerate(ENERGY):
        uses[item] = uses[item] + power * burnt[at]
        uses[item][warm] += warmth * networks.energy[row, at]
    out = power[:, None] * marginal.factor[None, :]
    out[warm] += warmth[:, None] * networks.emission[row]
    return out
