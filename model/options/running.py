"""Running cost of states over and above state 0: fuel, power, heat, freight service, O&M, priced
pollutants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.options.prices import Prices, places_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MODE = {"rail": "rail_freight", "belt": "belt_freight"}
_ROAD = "road_freight"


def fuel_cost(
    rows: pd.DataFrame, effects: pd.DataFrame, first: Ints, prices: Prices, years: Sequence[int]
) -> Floats:
    """Fuel, electricity and network heat over and above state 0, CNY per unit of activity, [K, Y].

    Freight that changes its carrier pays the carrier's price (`freight_cost`), which has the fuel in it.

    Raises:
        InputError: a state uses more or less of something that has no price where it stands.
    """
    fuel = rows["fuel"].to_numpy(dtype=object)
    places = places_of(rows)
    energy = np.nan_to_num(effects["fuel_gj"].to_numpy(float))
    priced_apart = np.isin(effects["fuel_group"].to_numpy(dtype=object), ("electricity", "heat", "none"))
    energy = np.where(priced_apart, 0.0, energy)
    spent = _times(energy, _by_fuel(fuel, places, energy > 0, prices, years))
    same = (fuel == fuel[first]) & (energy == energy[first])
    cost = np.where(same[:, None], 0.0, spent - spent[first])
    for column, item in (("electricity_mwh", "electricity"), ("network_heat_gj", "network_heat")):
        amount = np.nan_to_num(effects[column].to_numpy(float))
        cost += _times(amount - amount[first], prices.of(item, places, years))
    _need(cost, rows, "fuel, electricity or heat")
    carrier = carriers(rows)
    cost[(carrier != carrier[first]) & (carrier != "")] = 0.0
    return cost


def freight_cost(rows: pd.DataFrame, first: Ints, prices: Prices, years: Sequence[int]) -> Floats:
    """Price of the carrier over and above that of state 0, CNY per tkm, [K, Y]; handling is in the measures.

    A belt without a price of its own costs what its measure says.
    """
    carrier = carriers(rows)
    places = places_of(rows)
    service = np.zeros((len(rows), len(years)))
    for item in sorted(set(carrier) - {""}):
        hit = carrier == item
        if item == _MODE["belt"] and not prices.has(item):
            continue
        service[hit] = prices.of(item, places[hit], years)
    cost = np.where((carrier == carrier[first])[:, None], 0.0, service - service[first])
    _need(cost, rows, "road_freight or rail_freight")
    return cost


def pollutant_cost(
    emission: Floats, first: Ints, rows: pd.DataFrame, prices: Prices, years: Sequence[int]
) -> Floats:
    """Pollutants that have a price, over and above state 0, CNY per unit of activity, [K, Y]."""
    cost = np.zeros((len(rows), len(years)))
    places = places_of(rows)
    for at, pollutant in enumerate(POLLUTANTS):
        if prices.has(pollutant):
            more = emission[:, at] - emission[first, at]
            cost += _times(more, prices.of(pollutant, places, years))
    return cost


def carriers(rows: pd.DataFrame) -> NDArray[np.object_]:
    """What carries freight: the item of prices.csv, empty for all that is not freight, and for what has
    ended.
    """
    freight = rows["class"].to_numpy(dtype=object) == "freight"
    carrier = np.full(len(rows), "", dtype=object)
    mode: Mapping[str, str] = {**_MODE, "closed": "", "scrapped": ""}
    carrier[freight] = [mode.get(t, _ROAD) for t in rows["technology"].to_numpy(dtype=object)[freight]]
    return carrier


def _by_fuel(
    fuel: NDArray[np.object_],
    places: NDArray[np.object_],
    used: NDArray[np.bool_],
    prices: Prices,
    years: Sequence[int],
) -> Floats:
    price = np.zeros((len(fuel), len(years)))
    for item in sorted(set(fuel[used])):
        hit = used & (fuel == item)
        price[hit] = prices.of(item, places[hit], years)
    return price


def _times(amount: Floats, price: Floats) -> Floats:
    """amount [K] x price [K, Y]; nothing costs nothing, whatever its price."""
    return np.where(amount[:, None] == 0, 0.0, amount[:, None] * price)


def _need(cost: Floats, rows: pd.DataFrame, what: str) -> None:
    missing = np.isnan(cost).any(axis=1)
    if missing.any():
        cases = rows[missing][["class", "fuel", "technology"]].drop_duplicates().head(10)
        wrong = "no price of {} for {}/{}/{}, which is in another state at the start"
        raise InputError(
            [
                Fault(
                    "reference/prices.csv", None, "item", str(f), wrong.format(what, c, f, t), "add its price"
                )
                for c, f, t in cases.itertuples(index=False)
            ]
        )
