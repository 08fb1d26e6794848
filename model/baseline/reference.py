"""What a year before the start used, for percentages against it without a chain link."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.base.select import Selector, texts
from model.base.words import POLLUTANTS
from model.baseline.exogenous import balance_rest
from model.baseline.uses import resource_uses, users_of
from model.inventory.columns import SourceColumns
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.factors import state_effects
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Asked = tuple[int, str, Selector | None, Selector | None, tuple[str, str] | None]
"""Year, quantity, where, states and group of a sum."""

OWN = ("activity", "stock", "capacity")
"""Quantities that the row of a source has itself."""


class ReferenceUse:
    """Modelled use of a year that the region has sources or a balance of; each year is built once, each sum
    is found once.
    """

    def __init__(self, tables: Tables, scenario: Scenario) -> None:
        self._tables = tables
        self._scenario = scenario
        self._inventories: dict[int, Inventory] = {}
        self._known: dict[Asked, float] = {}

    def __call__(
        self,
        year: int,
        quantity: str,
        where: Selector | None,
        states: Selector | None = None,
        group: tuple[str, str] | None = None,
    ) -> float:
        """Use of `quantity` in `year` by the sources `where`, in the quantity's unit; nan if it is not known.

        states: of the sources of that year those that are in such a state in it. group: an attribute, and
        the value that they have of it.

        Emission leaves out sources outside the official account unless `where` names that attribute, and
        uses the factors and calibration of the start year. Without `where` a quantity of the balance is the
        regional total.
        """
        asked = (year, quantity, where, states, group)
        if asked not in self._known:
            self._known[asked] = self._sum(asked)
        return self._known[asked]

    def _sum(self, asked: Asked) -> float:
        """The use that `__call__` is asked for."""
        year, quantity, where, states, group = asked
        if where is None and states is None and group is None and quantity not in (*POLLUTANTS, *OWN):
            return self._balance(year, quantity)
        if year not in set(self._tables.frame["sources"]["year"]):
            return float("nan")
        inventory = self._inventory(year)
        uses = self._uses(inventory, quantity)
        if uses is None:
            return float("nan")
        columns = SourceColumns(inventory.sources)
        chosen = columns.chosen(where) & columns.chosen(states)
        if group is not None:
            chosen &= texts(columns[group[0]]) == group[1]
        if quantity in POLLUTANTS and (where is None or "outside_account" not in where.attributes):
            chosen &= ~inventory.sources["outside_account"].fillna(False).to_numpy(dtype=bool)
        return float(np.nansum(uses[chosen]))

    def _inventory(self, year: int) -> Inventory:
        if year not in self._inventories:
            scenario = self._scenario
            self._inventories[year] = build_inventory(
                self._tables, year, scenario.calibration, scenario.areas
            )
        return self._inventories[year]

    def _balance(self, year: int, quantity: str) -> float:
        growth = self._scenario.growth if isinstance(self._scenario.growth, str) else None
        nothing: Mapping[str, NDArray[np.float64]] = {}
        totals = balance_rest(self._tables, growth, [year], nothing)
        found = totals.loc[totals["item"] == quantity, "value"]
        return float(found.iloc[0]) if len(found) else float("nan")

    def _uses(self, inventory: Inventory, quantity: str) -> NDArray[np.float64] | None:
        """Use by each source in its year, [S]; None for a quantity that sources do not have."""
        if quantity in POLLUTANTS:
            return np.asarray(inventory.emission().isel(year=0).sel(pollutant=quantity), dtype=np.float64)
        sources = inventory.sources
        activity = np.asarray(inventory.activity.isel(year=0), dtype=np.float64)
        if quantity in OWN:
            own = sources[quantity].to_numpy(float)
            return activity if quantity == "activity" else np.where(activity > 0, own, 0.0)
        uses = resource_uses(users_of(sources, self._tables), state_effects(sources, self._tables))
        if quantity not in uses:
            return None
        return uses[quantity] * activity
