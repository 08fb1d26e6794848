"""What of the running cost of a plan follows which row of prices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.options.prices import Deflators, Prices, places_of
from model.options.running import carriers
from model.problem.problem import Floats, Ints
from model.studies.uncertainty.cost_sums import Gathered, Sums
from model.studies.uncertainty.given import Given

Names = NDArray[np.object_]
BURNT = ("coal_energy", "gas_energy", "oil_energy")


def add_prices(given: Given, sums: Sums, found: Gathered, of_prices: Ints) -> None:
    """Fuel, electricity, heat and freight of every state that the plan uses, over and above state 0.

    of_prices: parameter of each row of the table. Fuel that no source has counted (biomass) is certain where
    it was burnt at the start, and prices of pollutants are.
    """
    spent = _Spent(given, sums, found, np.append(of_prices, -1))
    case = given.plan
    state, first = spent.state, spent.first
    left = case.options.kinds["fuel"][state].copy()
    for column, item in (("electricity", "electricity"), ("network_heat", "network_heat")):
        amount = case.options.states[column].to_numpy(float)
        left -= spent.on(np.full(len(state), item, dtype=object), (amount[state] - amount[first])[:, None])
    fuel = case.options.states["fuel"].to_numpy(dtype=object)
    now, before = fuel[state], fuel[first]
    # State 0 has no energy of power and heat made elsewhere, so this is its own.
    energy = case.options.states[list(BURNT)].to_numpy(float).sum(axis=1)[first]
    other = (now != before) & (np.abs(left) > 0).any(axis=1)
    gone = spent.on(before, np.where(other, -energy, 0.0)[:, None])
    spent.add(now, left - gone)
    what = case.sources[["class"]].iloc[case.owner[state]].reset_index(drop=True)
    technology = case.options.states["technology"].to_numpy(dtype=object)
    carried = [carriers(what.assign(technology=technology[at])) for at in (state, first)]
    changed = (carried[0] != carried[1]).astype(float)[:, None]
    spent.on(carried[0], changed)
    spent.on(carried[1], -changed)


@dataclass
class _Spent:
    """What states of the plan but the first ones of their sources spend per unit of activity."""

    given: Given
    sums: Sums
    found: Gathered
    of_prices: Ints

    @cached_property
    def prices(self) -> Prices:
        """Prices of the scenario."""
        tables, scenario = self.given.tables, self.given.scenario
        return Prices(tables, scenario, Deflators(tables, scenario.price_year))

    @cached_property
    def state(self) -> Ints:
        """States that the plan uses, [n]."""
        case = self.given.plan
        used = np.flatnonzero((case.used[: len(case.options.states)] > 0).any(axis=1))
        return np.asarray(used[used != case.problem.state_start[case.owner[used]]])

    @cached_property
    def first(self) -> Ints:
        """First states of their sources, [n]."""
        return np.asarray(self.given.plan.problem.state_start[self.given.plan.owner[self.state]])

    @cached_property
    def times(self) -> Floats:
        """Activity in each state, [n, Y]."""
        case = self.given.plan
        return np.asarray(case.used[self.state] * case.activity[case.owner[self.state]])

    @cached_property
    def places(self) -> Names:
        """Where prices are asked for, [n]."""
        case = self.given.plan
        return np.asarray(places_of(case.sources)[case.owner[self.state]], dtype=object)

    def on(self, item: Names, amount: Floats) -> Floats:
        """Enter amounts [n, 1] of items [n] at their prices; what they cost per unit of activity, [n, Y]."""
        years = list(self.given.scenario.years)
        money = np.zeros((len(item), len(years)))
        for name in sorted(set(item)):
            at = np.flatnonzero((item == name) & (amount[:, 0] != 0))
            if len(at) and self.prices.has(name):
                money[at] = amount[at] * self.prices.of(name, self.places[at], years)
        self.add(item, money)
        return money

    def add(self, item: Names, money: Floats) -> None:
        """Enter money [n, Y], CNY per unit of activity, that follows the prices of items [n]."""
        years = list(self.given.scenario.years)
        for name in sorted(set(item)):
            at = np.flatnonzero((item == name) & (money != 0).any(axis=1))
            if not len(at):
                continue
            lines = self.of_prices[self.prices.lines(name, self.places[at], years)]
            for year in range(len(years)):
                alone = np.zeros((len(at), len(years)))
                alone[:, year] = (self.times[at] * money[at])[:, year]
                self.found.add(self.sums.of_yearly(alone), lines[:, year])
