"""What a unit that a project supplies emits, burns and costs where it is made, and what that means for users.

Heat drawn from a CHP unit costs power, a boiler house burns coal, waste heat costs its pipes and pumps. Who
takes heat from a network carries, as `indirect`, what its standing supply (existing and committed projects)
emits per GJ, weighted by capacity. A project that is built carries the difference between its own heat and
that, over its whole supply: what the new users do not take, it takes over from the standing supply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.baseline.uses import resource_uses, users_of
from model.inventory.factors import state_effects
from model.options.prices import Prices, places_of
from model.tables.read import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POWER_LOST_MWH_PER_GJ = 0.048
"""Power that a unit loses for each GJ of heat drawn by extraction: 0.15-0.20 MWh per MWh of heat, 40-55 kWh
a GJ (planning practice, R17 and measure 5). Heat of which nothing else is known costs this."""

ENERGY = ("coal", "coal_energy", "gas_energy", "natural_gas", "oil_energy", "primary_energy")
"""What making a supply burns: quantities of limits."""

HEAT = "network_heat"


@dataclass(frozen=True)
class Marginal:
    """Coal power of the region at the start, weighted by generation: what more power emits and burns."""

    factor: Floats  # [pollutant] t/MWh
    heat_rate: float  # GJ/MWh
    coal: float  # t/MWh

    def energy(self) -> Floats:
        """What a MWh burns, [ENERGY]: the marginal units burn coal."""
        burnt = {"coal": self.coal, "coal_energy": self.heat_rate, "primary_energy": self.heat_rate}
        return np.array([burnt.get(item, 0.0) for item in ENERGY])


@dataclass(frozen=True)
class Rates:
    """Per unit of supply, a row each [N]: emission t [N, pollutant], energy [N, ENERGY], cost CNY [N, Y]."""

    emission: Floats
    energy: Floats
    cost: Floats


@dataclass(frozen=True)
class HeatOfNetworks:
    """What a GJ of network heat emits and burns: rows of `emission` and `energy`, the last one for networks
    of which nothing is known. row: network -> row.
    """

    emission: Floats
    energy: Floats
    row: Mapping[str, int]

    def of(self, networks: NDArray[np.object_]) -> Ints:
        """Row of each network, [N]."""
        codes, names = pd.factorize(networks)
        found = np.array([self.row.get(str(name), -1) for name in names] + [-1], dtype=np.int64)
        return np.asarray(found[codes] % len(self.emission), dtype=np.int64)


@dataclass(frozen=True)
class Plants:
    """What boilers of projects emit and burn per unit of supply, a row a project [N]: emission t [N,
    pollutant], energy [N, ENERGY], fuel GJ [N]; 0 where a project burns nothing of its own.
    """

    emission: Floats
    energy: Floats
    fuel: Floats


def plants_of(projects: pd.DataFrame, tables: Tables) -> Plants:
    """The boilers of projects, whatever prices are. projects: of `read_projects`."""
    count = len(projects)
    plants = Plants(np.zeros((count, len(POLLUTANTS))), np.zeros((count, len(ENERGY))), np.zeros(count))
    burns = projects["plant_fuel"].notna().to_numpy(dtype=bool)
    if burns.any():
        rows = _plants(projects[burns], tables)
        effects = state_effects(rows, tables)
        uses = resource_uses(users_of(rows, tables), effects)
        plants.emission[burns] = np.nan_to_num(effects[list(POLLUTANTS)].to_numpy(float))
        plants.energy[burns] = np.column_stack([uses[item] for item in ENERGY])
        plants.fuel[burns] = np.nan_to_num(effects["fuel_gj"].to_numpy(float))
    return plants


def supply_rates(
    projects: pd.DataFrame, plants: Plants, prices: Prices, years: Sequence[int], marginal: Marginal
) -> Rates:
    """Rates of every project [N] from how its supply is made: boilers of its own, power, running cost.

    Heat of a project that says nothing of it is drawn by extraction and costs the price of network heat; what
    else a project supplies costs nothing more.

    Args:
        projects: of `read_projects`.
        plants: their boilers.
    """
    places = places_of(projects)
    heat = (projects["supplies"] == HEAT).to_numpy(dtype=bool)
    burns = projects["plant_fuel"].notna().to_numpy(dtype=bool)
    told = burns | projects[["power_mwh_per_unit", "variable_cny_per_unit"]].notna().any(axis=1).to_numpy()
    power = projects["power_mwh_per_unit"].fillna(0.0).to_numpy(float)
    power = np.where(heat & ~told, POWER_LOST_MWH_PER_GJ, power)
    emission = power[:, None] * marginal.factor + plants.emission
    energy = power[:, None] * marginal.energy() + plants.energy
    cost = np.nan_to_num(power[:, None] * prices.of("electricity", places, years))
    cost += projects["variable_cny_per_unit"].fillna(0.0).to_numpy(float)[:, None]
    for item in sorted(set(projects["plant_fuel"][burns])):
        rows = np.flatnonzero(projects["plant_fuel"] == item)
        cost[rows] += plants.fuel[rows][:, None] * np.nan_to_num(prices.of(item, places[rows], years))
    cost[heat & ~told] = np.nan_to_num(prices.of(HEAT, places[heat & ~told], years))
    return Rates(emission, energy, cost)


def _plants(projects: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The boilers of projects as rows of `state_effects`; coal of the quality that fuels.csv gives."""
    boiler = tables.frame["classes"].set_index("class").loc["boiler"]
    place = tables.frame["areas"].set_index("area").reindex(projects["area"])
    count = len(projects)
    empty = dict.fromkeys(("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "distance_km"), np.nan)
    corrected = {
        name: place[name].to_numpy(float) if name in place else np.full(count, np.nan)
        for name in tables.frame["factor_corrections"]["attribute"].unique()
    }
    return pd.DataFrame(
        {
            **{name: np.full(count, value) for name, value in empty.items()},
            **corrected,
            "class": "boiler",
            "group": boiler["group"],
            "service": boiler["service"],
            "fuel": projects["plant_fuel"].to_numpy(),
            "technology": projects["plant_technology"].to_numpy(),
            "controls": pd.Series([c if isinstance(c, tuple) else () for c in projects["plant_controls"]]),
            "capacity": projects["plant_capacity"].to_numpy(float),
            "calibration": projects["calibration"].to_numpy(),
            "city": projects["city"].to_numpy(),
            "outside_account": False,
        }
    )


def heat_of_networks(projects: pd.DataFrame, rates: Rates, marginal: Marginal) -> HeatOfNetworks:
    """Standing supply of each network, weighted by what it can supply a year."""
    standing = (projects["supplies"] == HEAT) & (projects["status"] != "optional") & (projects["supply"] > 0)
    weight = projects["supply"].to_numpy(float)
    served = projects["serves"].astype(str)
    row: dict[str, int] = {}
    emission: list[Floats] = []
    energy: list[Floats] = []
    for network in sorted(set(served[standing])):
        at = np.flatnonzero(standing & (served == network))
        share = weight[at] / weight[at].sum()
        row[network] = len(emission)
        emission.append(share @ rates.emission[at])
        energy.append(share @ rates.energy[at])
    emission.append(POWER_LOST_MWH_PER_GJ * marginal.factor)
    energy.append(POWER_LOST_MWH_PER_GJ * marginal.energy())
    return HeatOfNetworks(np.array(emission), np.array(energy), row)


def with_effects(
    projects: pd.DataFrame,
    rates: Rates,
    networks: HeatOfNetworks,
    prices: Prices,
    years: Sequence[int],
) -> tuple[pd.DataFrame, Floats, Floats]:
    """Projects with what one that is built emits (t/yr) and burns a year, its running cost, and that of its
    priced pollutants, CNY/yr [N, Y]: over and above what users of its supply carry and pay themselves.
    """
    heat = (projects["supplies"] == HEAT).to_numpy(dtype=bool)
    supply = np.where(projects["status"] == "optional", projects["supply"].to_numpy(float), 0.0)
    at = networks.of(projects["serves"].to_numpy(dtype=object))
    places = places_of(projects)
    paid = np.nan_to_num(prices.of(HEAT, places, years)) * heat[:, None]
    emission = (rates.emission - networks.emission[at] * heat[:, None]) * supply[:, None]
    energy = (rates.energy - networks.energy[at] * heat[:, None]) * supply[:, None]
    priced = np.zeros_like(paid)
    for place, pollutant in enumerate(POLLUTANTS):
        if prices.has(pollutant):
            priced += emission[:, [place]] * np.nan_to_num(prices.of(pollutant, places, years))
    columns = dict(zip((*POLLUTANTS, *ENERGY), np.column_stack([emission, energy]).T, strict=True))
    return projects.assign(**columns), (rates.cost - paid) * supply[:, None], priced
