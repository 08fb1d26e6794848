"""Running cost of states over and above state 0: fuel, power, heat, freight service, O&M, priced
pollutants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.options.prices import Prices, places_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MODE = {"rail": "rail_freight", "belt": "belt_freight"}
_ROAD = "road_freight"


@dataclass(frozen=True)
class Bought:
    """What each state is asked a price for, [K], whatever amounts and prices are.

    first: row of state 0 of the same source. place: row of `places`, adcodes. fuel: row of `fuels`. carrier:
    row of `carriers`, items of prices.csv, the first one of which is none. apart: the fuel is paid as
    electricity or heat, or not at all. rows: of `state_rows`, to name states of which something is missing.
    """

    first: Ints
    place: Ints
    places: NDArray[np.object_]
    fuel: Ints
    fuels: tuple[str, ...]
    carrier: Ints
    carriers: tuple[str, ...]
    apart: Bools
    rows: pd.DataFrame

    def laid(self, by_place: Floats) -> Floats:
        """Prices at each of `places` laid over the states, [K, Y]."""
        return np.asarray(by_place[self.place])


def bought_by(rows: pd.DataFrame, fuel_group: pd.Series[str], first: Ints) -> Bought:
    """What prices are asked for. rows: of `state_rows`; fuel_group: of the fuel of each."""
    place, places = pd.factorize(places_of(rows), use_na_sentinel=False)
    fuel, fuels = pd.factorize(rows["fuel"].to_numpy(dtype=object))
    carrier, names = pd.factorize(np.concatenate([[""], carriers(rows)]).astype(object))
    return Bought(
        first=first,
        place=place,
        places=np.asarray(places, dtype=object),
        fuel=fuel,
        fuels=tuple(map(str, fuels)),
        carrier=carrier[1:],
        carriers=tuple(map(str, names)),
        apart=fuel_group.isin(("electricity", "heat", "none")).to_numpy(dtype=bool),
        rows=rows,
    )


def fuel_cost(bought: Bought, effects: pd.DataFrame, prices: Prices, years: Sequence[int]) -> Floats:
    """Fuel, electricity and network heat over and above state 0, CNY per unit of activity, [K, Y].

    Freight that changes its carrier pays the carrier's price (`freight_cost`), which has the fuel in it.

    Raises:
        InputError: a state uses more or less of something that has no price where it stands.
    """
    first = bought.first
    energy = np.nan_to_num(effects["fuel_gj"].to_numpy(float))
    energy[bought.apart] = 0.0
    spent = _times(energy, _by_fuel(bought, energy > 0, prices, years))
    same = (bought.fuel == bought.fuel[first]) & (energy == energy[first])
    cost = spent - spent[first]
    cost[same] = 0.0
    for column, item in (("electricity_mwh", "electricity"), ("network_heat_gj", "network_heat")):
        amount = np.nan_to_num(effects[column].to_numpy(float))
        cost += _times(amount - amount[first], bought.laid(prices.of(item, bought.places, years)))
    _need(cost, bought.rows, "fuel, electricity or heat")
    cost[(bought.carrier != bought.carrier[first]) & (bought.carrier != 0)] = 0.0
    return cost


def freight_cost(bought: Bought, prices: Prices, years: Sequence[int]) -> Floats:
    """Price of the carrier over and above that of state 0, CNY per tkm, [K, Y]; handling is in the measures.

    A belt without a price of its own costs what its measure says.
    """
    service = np.zeros((len(bought.carriers), len(bought.places), len(years)))
    for at, item in enumerate(bought.carriers):
        if item and (item != _MODE["belt"] or prices.has(item)):
            service[at] = prices.of(item, bought.places, years)
    cost = np.zeros((len(bought.first), len(years)))
    changed = np.flatnonzero(bought.carrier != bought.carrier[bought.first])
    now, before = (service[bought.carrier[at], bought.place[at]] for at in (changed, bought.first[changed]))
    cost[changed] = now - before
    _need(cost, bought.rows, "road_freight or rail_freight")
    return cost


def pollutant_cost(emission: Floats, bought: Bought, prices: Prices, years: Sequence[int]) -> Floats:
    """Pollutants that have a price, over and above state 0, CNY per unit of activity, [K, Y]."""
    cost = np.zeros((len(emission), len(years)))
    for at, pollutant in enumerate(POLLUTANTS):
        if prices.has(pollutant):
            more = emission[:, at] - emission[bought.first, at]
            cost += _times(more, bought.laid(prices.of(pollutant, bought.places, years)))
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


def _by_fuel(bought: Bought, used: Bools, prices: Prices, years: Sequence[int]) -> Floats:
    """Price of the fuel of each state that uses it, [K, Y]."""
    price = np.zeros((len(bought.fuels), len(bought.places), len(years)))
    for at in np.unique(bought.fuel[used]):
        price[at] = prices.of(bought.fuels[at], bought.places, years)
    return np.asarray(price[bought.fuel, bought.place])


def _times(amount: Floats, price: Floats) -> Floats:
    """amount [K] x price [K, Y]; nothing costs nothing, whatever its price. `price` is written over."""
    price *= amount[:, None]
    price[amount == 0] = 0.0
    return price


def _need(cost: Floats, rows: pd.DataFrame, what: str) -> None:
    if np.isnan(cost).any():
        missing = np.isnan(cost).any(axis=1)
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
