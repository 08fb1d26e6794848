"""What can be summed over the sources of an inventory: the quantities that a statistic is compared with.

a pollutant             emission, t/yr
a fuel, a fuel group    fuel burnt (coal, oil, gas, diesel ...): GJ, tce; t, m3 as the fuel is bought
coal_energy ...         energy of a group of fuels, GJ, tce
thermal_generation      electricity made, MWh
heat                    of boilers, stoves and homes, and of power units to networks, GJ; heat taken from a
                        network is left out, as it is counted where it is made
district_heat           of power units to networks, GJ
vehicle_km              kilometres driven; tonne-kilometres count as the kilometres that their fuel drives a
                        heavy truck of the same fuel and stage
activity, capacity      in the units of the class
stock, units            vehicles, machines, households; rows of the table
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.units import check_dimension, convert
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, in_service
from model.inventory.lookup import Floats, best_rows, group_states, take
from model.tables.read import Tables

Bools = NDArray[np.bool_]

BURNT = ("coal", "gas", "oil", "biomass", "byproduct")
"""Groups of fuels that are burnt: of electricity and network heat an inventory holds a part of the use."""

NO_COUNTERPART = "a statistic without a counterpart in the model"


class NotCountable(Exception):
    """Why a quantity has no value in an inventory."""


@dataclass(frozen=True)
class Countable:
    """The quantities of the first year of an inventory."""

    inventory: Inventory
    tables: Tables

    def each(self, quantity: str, unit: str, kept: Bools) -> Floats:
        """What each source kept [S] has of the quantity, in `unit` (with or without /yr), [S]; 0 for the
        others and where it is not known.

        Raises NotCountable, with the reason, for a quantity without a counterpart, a unit of another
        dimension, and sources that count in units that do not convert into it.
        """
        values, own = self._known(quantity, unit, kept)
        out = np.zeros(len(kept))
        for name in set(own) - {None}:
            out[own == name] = _converted(1.0, str(name), unit)
        return out * values

    def share(self, quantity: str, unit: str, part: Bools, whole: Bools) -> float:
        """Sum over the part, over the sum over the whole, [S] each, in `unit` (%); raises as `each`."""
        of, over = (self._sums(quantity, "GJ", kept) for kept in (part, whole))
        if len(over) != 1 or not all(over.values()):
            raise NotCountable("its whole has none of it, or counts in several units")
        return _converted(sum(of.values()) / sum(over.values()), "1", unit)

    def _sums(self, quantity: str, unit: str, kept: Bools) -> dict[str, float]:
        """Sum over the sources kept by the unit in which they count."""
        values, own = self._known(quantity, unit, kept)
        codes, names = pd.factorize(own)
        sums = np.bincount(codes[codes >= 0], weights=values[codes >= 0], minlength=len(names))
        return dict(zip(names, sums.tolist(), strict=True))

    def _known(self, quantity: str, unit: str, kept: Bools) -> tuple[Floats, NDArray[np.object_]]:
        """Value of every source and the unit it is in, [S]; 0 and None where not kept or not known."""
        values, own = self._values(quantity, unit)
        known = kept & ~np.isnan(values)
        if kept.any() and not known.any():
            raise NotCountable("its sources do not give it")
        units = own.astype(object)
        units[~known] = None
        return np.where(known, values, 0.0), units

    @cached_property
    def activity(self) -> Floats:
        """Activity of the year, [S]."""
        return np.asarray(self.inventory.activity.isel(year=0).to_numpy(), dtype=np.float64)

    @cached_property
    def emission(self) -> Floats:
        """t/yr [S, pollutant]; NaN = no factor."""
        return np.asarray(self.inventory.emission().isel(year=0).to_numpy(), dtype=np.float64)

    @cached_property
    def _standing(self) -> Bools:
        year = int(self.inventory.activity["year"][0])
        return in_service(self.inventory.sources, [year])[:, 0]

    @cached_property
    def _bought(self) -> dict[str, str]:
        """Physical unit of every fuel that is burnt."""
        fuels = self.tables.frame["fuels"].set_index("fuel")
        return dict(fuels.loc[fuels["group"].isin(BURNT), "physical_unit"])

    @cached_property
    def _fuel_gj(self) -> Floats:
        return self.activity * self._numbers("fuel_gj_per_activity")

    def _numbers(self, column: str) -> Floats:
        return self.inventory.sources[column].to_numpy(dtype=np.float64, na_value=np.nan)

    def _values(self, quantity: str, unit: str) -> tuple[Floats, NDArray[np.object_]]:
        """Value of every source and the unit it is in, [S]."""
        sources = self.inventory.sources
        if quantity in POLLUTANTS:
            return self._in(self.emission[:, POLLUTANTS.index(quantity)], "t")
        group = quantity.removesuffix("_energy")
        if group in BURNT:
            burns = (sources["fuel_group"] == group).to_numpy(dtype=bool)
            return self._fuel(burns, unit, physical=group == quantity)
        if quantity in self._bought:
            return self._fuel((sources["fuel"] == quantity).to_numpy(dtype=bool), unit, physical=True)
        if quantity == "thermal_generation":
            return self._in(np.where(sources["service"] == "power", self.activity, np.nan), "MWh")
        if quantity in ("heat", "district_heat"):
            return self._in(self._heat(all_kinds=quantity == "heat"), "GJ")
        if quantity == "vehicle_km":
            return self._in(self._vehicle_km(), "km")
        if quantity == "activity":
            return self.activity, sources["activity_unit"].to_numpy(dtype=object)
        standing = np.where(self._standing, 1.0, np.nan)
        if quantity == "capacity":
            return standing * self._numbers("capacity"), sources["capacity_unit"].to_numpy(dtype=object)
        if quantity == "stock":
            return self._in(standing * self._numbers("stock"), "1")
        if quantity == "units":
            return self._in(standing, "1")
        raise NotCountable(NO_COUNTERPART)

    def _in(self, values: Floats, unit: str) -> tuple[Floats, NDArray[np.object_]]:
        return values, np.full(len(values), unit, dtype=object)

    def _fuel(self, burns: Bools, unit: str, physical: bool) -> tuple[Floats, NDArray[np.object_]]:
        """Fuel burnt, as energy where the unit is one, otherwise as the fuel is bought."""
        energy = np.where(burns, self._fuel_gj, np.nan)
        if not physical or _alike(unit, "GJ"):
            return self._in(energy, "GJ")
        ncv = self._numbers("ncv_gj_per_t")
        amount = np.divide(energy, ncv, out=np.where(burns, 0.0, np.nan), where=energy > 0)
        return amount, self.inventory.sources["fuel"].map(self._bought).to_numpy(dtype=object)

    def _heat(self, all_kinds: bool) -> Floats:
        sources = self.inventory.sources
        district = np.where(self._standing, np.nan_to_num(self._numbers("district_heat_gj")), 0.0)
        own = (sources["service"] == "heat") & (sources["fuel_group"] != "heat")
        return district + np.where(own, self.activity, 0.0) if all_kinds else district

    def _vehicle_km(self) -> Floats:
        """Kilometres of classes that count them, and those of classes that count tonne-kilometres."""
        sources = self.inventory.sources
        unit = sources["activity_unit"]
        by_load = (unit == "tkm").to_numpy(dtype=bool)
        truck = pd.DataFrame({"class": "truck", "fuel": sources["fuel"], "technology": sources["technology"]})
        technologies = self.tables.frame["technologies"]
        groups = group_states(truck, ("class", "fuel", "technology"))
        heaviest = np.full(len(sources), np.inf)
        rows = best_rows(technologies, groups, ("class", "fuel", "technology"), "min_capacity", heaviest)
        per_km = take(technologies, "fuel_gj_per_activity", rows)
        driven = np.divide(self._fuel_gj, per_km, out=np.full(len(sources), np.nan), where=per_km > 0)
        return np.where(by_load, driven, np.where(unit == "km", self.activity, np.nan))


def _alike(unit: str, like: str) -> bool:
    return check_dimension(unit, like) or check_dimension(unit, f"{like}/yr")


def _converted(value: float, own: str, unit: str) -> float:
    """A sum in the unit of a statistic, which may be a yearly one."""
    if not _alike(unit, own):
        raise NotCountable(f"given in {unit}, and the sources count in {own}")
    return convert(value, own if check_dimension(unit, own) else f"{own}/yr", unit)
