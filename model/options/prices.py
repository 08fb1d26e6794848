"""Prices by place and year in money of the scenario's price year, and the deflators that bring them there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.base.frames import records
from model.base.units import UnitError, convert
from model.base.words import POLLUTANTS
from model.scenario.amounts import Amount
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Floats = NDArray[np.float64]


class Deflators:
    """Factors to the scenario's price year: `fixed_asset_index` for capital, `gdp_deflator` for all else."""

    def __init__(self, tables: Tables, price_year: int) -> None:
        frame = tables.frame["deflators"].set_index("year")
        self._index = {name: frame[name].to_dict() for name in ("fixed_asset_index", "gdp_deflator")}
        self.price_year = price_year

    def factor(self, row: Mapping[Any, Any], index: str) -> float:
        """index(price year of the scenario) / index(price year of the row).

        Raises:
            InputError: the row has no price year, or deflators.csv lacks one of the two years.
        """
        given = row["price_year"]
        if pd.isna(given):
            raise InputError(
                [Fault(row["file"], row["row"], "price_year", None, "is missing", "give the year")]
            )
        for year in (int(given), self.price_year):
            if year not in self._index[index]:
                wrong = "is not in deflators.csv"
                raise InputError(
                    [Fault(row["file"], row["row"], "price_year", str(year), wrong, "add the year there")]
                )
        series = self._index[index]
        return float(series[self.price_year]) / float(series[int(given)])


class Prices:
    """CNY per GJ of a fuel, MWh of electricity, GJ of network heat, tkm of freight or t of a pollutant.

    A price per tonne or m3 is for fuel of the default calorific value of fuels.csv, so fuel is paid by its
    energy. The row of the county goes before that of the city, that before the one of the region, and that
    before one of no region. A year without a row has the price of the nearest earlier one (before the first,
    that of the first). The scenario's prices replace all; its percentages of baseline hold from their year on
    and leave earlier years as they are.
    """

    def __init__(self, tables: Tables, scenario: Scenario, deflators: Deflators) -> None:
        self._fuels = {row["fuel"]: row for row in records(tables.frame["fuels"])}
        self._scenario = scenario
        areas = tables.frame["areas"]
        self._region = tuple(areas.loc[areas["level"] == "region", "area"])
        self._counties = areas.loc[areas["level"] == "county"].groupby("parent")["area"].agg(list).to_dict()
        self._series: dict[str, dict[str, dict[int, float]]] = {}
        self._lines: dict[str, dict[str, dict[int, float]]] = {}
        for line, row in enumerate(records(tables.frame["prices"])):
            value = self._per_unit(
                row["item"], float(row["value"]), row["unit"], (row["file"], row["row"], "unit")
            )
            place = "" if pd.isna(row["region"]) else str(row["region"])
            series = self._series.setdefault(row["item"], {}).setdefault(place, {})
            series[int(row["year"])] = value * deflators.factor(row, "gdp_deflator")
            self._lines.setdefault(row["item"], {}).setdefault(place, {})[int(row["year"])] = line
        for item, given in scenario.prices.items():
            self._override(item, given)

    def has(self, item: str) -> bool:
        """True if there is a price of it anywhere."""
        return item in self._series

    def of(self, item: str, places: NDArray[Any], years: Sequence[int]) -> Floats:
        """Price by source and year [n, Y], nan where there is none; `places` are adcodes [n] of counties, or
        of cities where no county is known (`places_of`).
        """
        return self._over(self._series.get(item, {}), places, years)

    def lines(self, item: str, places: NDArray[Any], years: Sequence[int]) -> NDArray[np.int64]:
        """Position in the table of the row behind each price of `of`, [n, Y]; -1 where there is none or the
        scenario wrote the price."""
        found = self._over(self._lines.get(item, {}), places, years)
        return np.where(np.isnan(found), -1.0, found).astype(np.int64)

    def _over(
        self, series: Mapping[str, Mapping[int, float]], places: NDArray[Any], years: Sequence[int]
    ) -> Floats:
        """Series by place laid over places and years, [n, Y]."""
        out = np.full((len(places), len(years)), np.nan)
        for place in ("", *self._region):
            if place in series:
                out[:] = _at(series[place], years)
        own = sorted(series.keys() - {"", *self._region}, key=lambda place: place not in self._counties)
        for place in own:  # cities first, then what stands within them
            out[np.isin(places, [place, *self._counties.get(place, ())])] = _at(series[place], years)
        return out

    def _override(self, item: str, given: Amount | Mapping[int, Amount]) -> None:
        place = f"prices.{item}"
        if item not in self._series and item not in self._fuels and item not in POLLUTANTS:
            known = {*self._series, *self._fuels, *POLLUTANTS}
            raise InputError(
                [Fault(str(self._scenario.path), None, place, item, "has no price", nearest(item, known))]
            )
        amounts = given if isinstance(given, Mapping) else {self._scenario.start: given}
        if all(a.relation == "percent_of" and a.base == "baseline" for a in amounts.values()):
            first = min(amounts)
            for place, series in self._series.get(item, {}).items():
                years = sorted({*series, *amounts})
                lines = self._lines[item][place]
                lines.update(zip(years, _at(lines, years), strict=True))
                scale = _at({first - 1: 1.0, **{y: a.value for y, a in amounts.items()}}, years)
                series.update(zip(years, _at(series, years) * scale, strict=True))
            return
        where = (str(self._scenario.path), None, place)
        wrong = [y for y, a in amounts.items() if a.relation != "plain"]
        if wrong:
            right = "write NUMBER CNY/UNIT, or a percentage of baseline"
            raise InputError([Fault(*where, str(amounts[wrong[0]].base), "is no price", right)])
        self._lines.pop(item, None)
        self._series[item] = {
            "": {y: self._per_unit(item, a.value, a.unit, where) for y, a in amounts.items()}
        }

    def _per_unit(
        self, item: str, value: float, unit: str | None, where: tuple[str, int | None, str]
    ) -> float:
        """In CNY per the unit in which the item is counted here."""
        if item in POLLUTANTS:
            physical, energy = "t", None
        elif item not in self._fuels:
            physical, energy = "tkm", None
        else:
            fuel = self._fuels[item]
            physical = str(fuel["physical_unit"])
            by_amount = fuel["group"] in ("electricity", "heat")
            energy = None if by_amount else float(fuel["ncv_gj_per_unit"])
        if unit is None:
            return value / (energy or 1.0)
        try:
            if energy is None:
                return convert(value, unit, f"CNY/{physical}")
            return convert(value, unit, f"CNY/{physical}") / energy
        except UnitError as error:
            if energy is not None:
                try:
                    return convert(value, unit, "CNY/GJ")
                except UnitError:
                    pass
            raise InputError([Fault(*where, unit, error.wrong, error.right)]) from None


def places_of(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Where prices are asked for: adcode of the county of each row, of its city where none is known; [n]."""
    city = rows["city"].to_numpy(dtype=object)
    county = rows["county"].to_numpy(dtype=object)
    return np.where(pd.isna(county), city, county)


def _at(series: Mapping[int, float], years: Sequence[int]) -> Floats:
    """The value of the nearest earlier year, or the first."""
    given = np.array(sorted(series))
    at = np.maximum(np.searchsorted(given, years, side="right") - 1, 0)
    return np.array([series[int(y)] for y in given])[at]
