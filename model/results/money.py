"""Transfers between payers, and what other fuel prices would do to the running cost of the plan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from model.base.units import convert
from model.inventory.ratings import SPREAD_OF_RATING
from model.options.prices import Deflators, Prices, places_of
from model.problem.problem import Floats
from model.results.case import Case
from model.results.ledger import Ledger
from model.results.results import COLUMNS, ordered
from model.scenario.scenario import Scenario
from model.tables.read import Tables

FUEL_ITEMS = {"coal": "coal", "gas": "natural_gas"}
"""Fuel group -> the fuel whose price range stands for it."""

ENERGY = {"coal": "coal_energy", "gas": "gas_energy"}


def transfer_frame(tables: Tables, actions: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """What transfers.csv moves for the actions, CNY (CNY/yr for running) by year, measure and payers.

    per capital: share of the measure's own outlay; running: share of the action's running cost where that is
    positive; capacity and stock: an amount per unit of the source's. No total changes.
    """
    rules = tables.frame["transfers"][["measure", "from_payer", "to_payer", "per", "value", "unit"]]
    position = pd.Index(ledger.sources.index).get_indexer(actions["source"])
    bought = ledger.outlays_of(position, ledger.added[actions["move"].to_numpy(dtype=np.int64)])
    rows = bought.merge(rules, on="measure")
    if rows.empty:
        return pd.DataFrame({column: [] for column in COLUMNS["transfers"]})
    at = rows["row"].to_numpy(dtype=np.int64)
    about = ledger.sources.iloc[position[at]]
    base = {
        "capital": rows["overnight"].to_numpy(float),
        "running": actions["running_cny_per_yr"].clip(lower=0.0).to_numpy(float)[at],
        "capacity": about["capacity"].to_numpy(float),
        "stock": about["stock"].to_numpy(float),
    }
    rate = np.array([_rate(unit, value) for unit, value in zip(rows["unit"], rows["value"], strict=True)])
    moved = actions["share"].to_numpy(float)[at]
    # The running cost of an action is already of the share that moves.
    part = np.where(rows["per"] == "running", 1.0, moved)
    value = rate * part * np.select([rows["per"] == key for key in base], list(base.values()))
    out = rows.assign(value=value, year=actions["year"].to_numpy()[at])
    out["unit"] = out["per"].eq("running").map({True: "CNY/yr", False: "CNY"})
    keys = ["year", "measure", "from_payer", "to_payer", "unit"]
    return ordered(out.groupby(keys)["value"].sum().reset_index(), "transfers")


def _rate(unit: str, value: float) -> float:
    """A share as a number (80 % is 0.8); an amount in CNY stands for the unit of capacity or stock it is
    per.
    """
    return value if "CNY" in unit else convert(value, unit, "1")


def sensitivity_frame(tables: Tables, scenario: Scenario, case: Case) -> pd.DataFrame:
    """Change of the plan's running cost in the last year at low and high coal and gas prices, the plan held.

    First order: sum over sources of activity x (energy in the states of 31 December - energy in state 0) x
    price x (low or high / value - 1), CNY/yr. low and high are those of prices.csv (empty: what the rating
    implies). price and planned are in the physical unit of the fuel, in money of the price year, mean of the
    sources.
    """
    year = scenario.years[-1]
    prices = Prices(tables, scenario, Deflators(tables, scenario.price_year))
    fuels = tables.frame["fuels"].set_index("fuel")
    calorific, physical = fuels["ncv_gj_per_unit"].to_dict(), fuels["physical_unit"].to_dict()
    places = places_of(case.sources)
    rows = []
    for group, item in FUEL_ITEMS.items():
        ends = _range(tables, item, year)
        if ends is None:
            continue
        spending = np.zeros(len(places))
        for fuel in fuels.index[fuels["group"] == group]:
            if prices.has(str(fuel)):
                of_fuel = _energy_change(case, ENERGY[group], str(fuel))
                spending += np.where(of_fuel == 0, 0.0, of_fuel * prices.of(str(fuel), places, [year])[:, 0])
        planned = np.nanmean(prices.of(item, places, [year])) * calorific[item]
        unit = f"CNY/{physical[item]}"
        for level, ratio in ends.items():
            rows.append(
                (item, level, year, planned * ratio, planned, unit, float(spending.sum() * (ratio - 1.0)))
            )
    return pd.DataFrame(rows, columns=list(COLUMNS["sensitivity"]))


def _energy_change(case: Case, quantity: str, fuel: str) -> Floats:
    """GJ/yr of one fuel by each source at the end of the last year, less what state 0 would use, [S]."""
    states = case.options.states
    owner = states["source"].to_numpy()
    energy = np.where(states["fuel"].to_numpy(dtype=object) == fuel, states[quantity].to_numpy(float), 0.0)
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    share = case.share[: len(states), -1]
    total = np.bincount(owner, energy * share, len(first)).astype(float)
    change: Floats = case.activity[:, -1] * (total - energy[first])
    return change


def _range(tables: Tables, item: str, year: int) -> Mapping[str, float] | None:
    """Low and high over value of the row of prices.csv that holds in `year`, the least specific region
    first.
    """
    rows = tables.frame["prices"]
    rows = rows[rows["item"] == item]
    if rows.empty:
        return None
    earlier = rows.loc[rows["year"] <= year, "year"]
    rows = rows[rows["year"] == (earlier.max() if len(earlier) else rows["year"].min())]
    row = rows.sort_values("region", na_position="first", kind="stable").iloc[0]
    spread = 1.0 + SPREAD_OF_RATING[row["rating"]]
    value = float(row["value"])
    low = 1.0 / spread if pd.isna(row["low"]) else float(row["low"]) / value
    high = spread if pd.isna(row["high"]) else float(row["high"]) / value
    return {"low": low, "high": high}
