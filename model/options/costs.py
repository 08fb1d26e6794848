"""What measures cost a source: capital, annuity, O&M, electricity, heat saved, value lost."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.finance import annuity
from model.base.frames import records
from model.base.units import UnitError, convert
from model.options.blocks import Block
from model.options.packages import Measure
from model.options.prices import Deflators
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Floats = NDArray[np.float64]

_FILE = "reference/measure_data.csv"
_YEARLY = ("fixed_om", "variable_om", "value_lost")
_PRICED = {"capital": "fixed_asset_index", **dict.fromkeys(_YEARLY, "gdp_deflator")}


@dataclass(frozen=True)
class Money:
    """What m measures cost n sources, [n, m]; money of the scenario's price year.

    overnight CNY, annuity CNY/yr, fixed CNY/yr, variable CNY per unit of activity (O&M and value lost),
    electricity MWh per unit of activity, saving share of the state's fuel, power and heat.
    """

    overnight: Floats
    annuity: Floats
    fixed: Floats
    variable: Floats
    electricity: Floats
    saving: Floats


@dataclass(frozen=True)
class Yearly:
    """An item that is paid every year, of one measure on n sources: fixed CNY/yr, variable CNY per unit of
    activity, [n]; line: position in the table of the row that holds; of_capital: whether it is a share of
    the capital.
    """

    fixed: Floats
    variable: Floats
    line: NDArray[np.int64]
    of_capital: NDArray[np.bool_]


@dataclass(frozen=True)
class _Item:
    """An item of a measure for a class by capacity threshold, in CNY, MWh, yr or 1 per unit of `per`.
    lines: positions of its rows in the table."""

    per: tuple[str, ...]
    thresholds: Floats
    values: Floats
    lines: NDArray[np.int64]

    def at(self, capacity: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Value at each capacity (nan below the first threshold) and which row it comes from."""
        known = np.where(np.isnan(capacity), -np.inf, capacity)
        row = np.searchsorted(self.thresholds, known, side="right") - 1
        return np.where(row >= 0, self.values[np.maximum(row, 0)], np.nan), row


class Catalogue:
    """measure_data.csv in money of the price year, ready to be laid over the sources of some blocks."""

    def __init__(self, tables: Tables, scenario: Scenario, blocks: Sequence[Block]):
        self._rows: dict[str, list[dict[Hashable, Any]]] = {}
        for line, row in enumerate(records(tables.frame["measure_data"])):
            row["line"] = line
            self._rows.setdefault(row["measure"], []).append(row)
        self._classes = {row["class"]: row for row in records(tables.frame["classes"])}
        self._rate = scenario.discount_rate
        self._deflators = Deflators(tables, scenario.price_year)
        self._factor = {measure: option.cost for measure, option in scenario.measures.items()}
        self._blocks = blocks
        pairs = {(block.class_id, measure.id) for block in blocks for measure in block.measures}
        self._items = {pair: self._read(*pair) for pair in sorted(pairs)}

    def discounted(self, rate: float) -> Catalogue:
        """The same at another discount rate."""
        out = copy(self)
        out._rate = rate
        return out

    def _money(self, measure: Measure, class_id: str, sources: Mapping[str, Floats]) -> Floats:
        """Cost of `measure` on sources of one class: the fields of Money in their order, [6, n].

        capital = value x size, where size is 1, capacity, activity or stock; with a size exponent e and a
        reference capacity C, value holds at C: capital = value x capacity x (capacity / C)^(e - 1), or value
        x (capacity / C)^e where it is per source. Rows of the class go before rows of any class; of those,
        the greatest min_capacity not above the source's.

        Args:
            sources: capacity (of one unit), units, activity (greatest of all years), stock, distance_km,
                arrays [n].

        Raises:
            InputError: capital without a lifetime, a unit of another dimension.
        """
        items = self._items[class_id, measure.id]
        n = len(sources["capacity"])
        overnight, _ = self._laid(items, "capital", sources, None)
        if "capital" in items and "lifetime" not in items:
            wrong = f"capital of {measure.id} has no lifetime for class {class_id}"
            raise InputError([Fault(_FILE, None, "item", "lifetime", wrong, "add the row")])
        yearly, per_activity = np.zeros(n), np.zeros(n)
        for item in _YEARLY:
            fixed, variable = self._laid(items, item, sources, overnight)
            yearly, per_activity = yearly + fixed, per_activity + variable
        power_yearly, power = self._laid(items, "electricity", sources, None)
        activity = sources["activity"]
        power = power + np.divide(power_yearly, activity, out=np.zeros(n), where=activity > 0)
        saving = items["heat_saving"].at(sources["capacity"])[0] if "heat_saving" in items else np.zeros(n)
        charged = overnight * self._annuity(items, sources["capacity"])
        return np.array([overnight, charged, yearly, per_activity, power, saving])

    def lay_over(self, sources: pd.DataFrame, size: Mapping[str, Floats]) -> list[Money]:
        """Money of each block's measures on its sources, arrays [n, m].

        Args:
            size: capacity (of one unit), units, activity (greatest of all years), stock of every source [S].

        Raises:
            InputError: as `_money`; a measure fits a source without the size that its cost is per, or below
                the first size for which there is a cost.
        """
        faults: list[Fault] = []
        laid: dict[int, Money] = {}
        distance = sources["distance_km"].to_numpy(float)
        for class_id in sorted({block.class_id for block in self._blocks}):
            of_class = [at for at, block in enumerate(self._blocks) if block.class_id == class_id]
            blocks = [self._blocks[at] for at in of_class]
            members = np.concatenate([block.sources for block in blocks])
            own = {name: values[members] for name, values in {**size, "distance_km": distance}.items()}
            measures = {m.id: m for block in blocks for m in block.measures}
            each = [self._money(m, class_id, own) for m in measures.values()]
            whole = np.array(each).reshape(len(each), len(fields(Money)), len(members))
            column = {measure: at for at, measure in enumerate(measures)}
            end = np.cumsum([len(block.sources) for block in blocks])
            for at, block, last in zip(of_class, blocks, end, strict=True):
                here = slice(last - len(block.sources), last)
                part = whole[np.array([column[m.id] for m in block.measures], dtype=np.int64), :, here]
                faults += _lacking(block, part, sources)
                laid[at] = Money(*np.ascontiguousarray(part.transpose(1, 2, 0)))
        if faults:
            raise InputError(sorted(set(faults)))
        return [laid[at] for at in range(len(self._blocks))]

    def line(self, class_id: str, measure: str, item: str, capacity: Floats) -> NDArray[np.int64]:
        """Position in the table of the row of an item that holds at each capacity, [n]; -1: none."""
        found = self._items[class_id, measure].get(item)
        if found is None:
            return np.full(len(capacity), -1)
        _, row = found.at(capacity)
        return np.where(row >= 0, found.lines[np.maximum(row, 0)], -1)

    def yearly(self, class_id: str, measure: str, sources: Mapping[str, Floats]) -> list[Yearly]:
        """What a measure costs sources of one class a year, item by item; sources as `_money` takes them."""
        items = self._items[class_id, measure]
        capital, _ = self._laid(items, "capital", sources, None)
        out = []
        for item in _YEARLY:
            if item in items:
                _, row = items[item].at(sources["capacity"])
                of_capital = np.array(items[item].per)[np.maximum(row, 0)] == "capital"
                line = self.line(class_id, measure, item, sources["capacity"])
                out.append(Yearly(*self._laid(items, item, sources, capital), line, of_capital))
        return out

    def _annuity(self, items: Mapping[str, _Item], capacity: Floats) -> Floats:
        if "lifetime" not in items:
            return np.zeros(len(capacity))
        years, _ = items["lifetime"].at(capacity)
        lives, at = np.unique(years, return_inverse=True)
        return np.array([annuity(self._rate, life) if life > 0 else np.nan for life in lives])[at]

    def _laid(
        self,
        items: Mapping[str, _Item],
        item: str,
        sources: Mapping[str, Floats],
        capital: Floats | None,
    ) -> tuple[Floats, Floats]:
        """(per source, per unit of activity) of one item, [n] each; capital is wholly per source."""
        n = len(sources["capacity"])
        fixed, variable = np.zeros(n), np.zeros(n)
        if item not in items:
            return fixed, variable
        value, row = items[item].at(sources["capacity"])
        fixed[row < 0] = np.nan
        for at, per in enumerate(items[item].per):
            hit = row == at
            if not hit.any():
                continue
            if per in ("activity", "haul") and item != "capital":
                variable[hit] = (value / (sources["distance_km"] if per == "haul" else 1.0))[hit]
                continue
            size = capital if per == "capital" and capital is not None else _size(per, sources)
            scale = self._size_scale(items, per, sources["capacity"]) if item == "capital" else np.ones(n)
            fixed[hit] = (value * size * scale)[hit]
        return fixed, variable

    def _size_scale(self, items: Mapping[str, _Item], per: str, capacity: Floats) -> Floats:
        if "size_exponent" not in items or per not in ("capacity", "source"):
            return np.ones(len(capacity))
        exponent, _ = items["size_exponent"].at(capacity)
        reference = (
            items["reference_capacity"].at(capacity)[0] if "reference_capacity" in items else np.ones(1)
        )
        power = exponent - 1 if per == "capacity" else exponent
        scale = (capacity / reference) ** power
        return np.where(np.isnan(exponent), 1.0, scale)

    def _read(self, class_id: str, measure: str) -> dict[str, _Item]:
        by_item: dict[str, list[dict[Hashable, Any]]] = {}
        for row in self._rows.get(measure, ()):
            by_item.setdefault(row["item"], []).append(row)
        out = {}
        for item, rows in by_item.items():
            own = [r for r in rows if r["class"] == class_id] or [r for r in rows if pd.isna(r["class"])]
            own.sort(key=lambda r: _threshold(r["min_capacity"]))
            if own:
                out[item] = _Item(
                    per=tuple(r["per"] for r in own),
                    thresholds=np.array([_threshold(r["min_capacity"]) for r in own]),
                    values=np.array([self._value(item, r, measure, class_id) for r in own]),
                    lines=np.array([r["line"] for r in own], dtype=np.int64),
                )
        return out

    def _value(self, item: str, row: Mapping[Any, Any], measure: str, class_id: str) -> float:
        value = self._convert(item, row, class_id)
        if item in _PRICED and row["per"] != "capital":
            value *= self._deflators.factor(row, _PRICED[item]) * self._factor.get(measure, 1.0)
        return value

    def _convert(self, item: str, row: Mapping[Any, Any], class_id: str) -> float:
        """A value in CNY (MWh, yr, 1) per unit of what it is per; a yearly rate may have its /yr or not."""
        wanted = self._wanted(item, row["per"], class_id)
        fault: UnitError | None = None
        for unit in wanted:
            try:
                return convert(float(row["value"]), row["unit"], unit)
            except UnitError as error:
                fault = fault or error
        assert fault is not None
        raise InputError([Fault(row["file"], row["row"], "unit", row["unit"], fault.wrong, fault.right)])

    def _wanted(self, item: str, per: str, class_id: str) -> tuple[str, ...]:
        if item in ("lifetime", "size_exponent", "heat_saving"):
            return ("yr",) if item == "lifetime" else ("1",)
        capacity = self._classes[class_id]["capacity_unit"]
        if item == "reference_capacity":
            return (str(capacity),)
        if per == "capital":
            return ("1", "1/yr")
        activity = self._classes[class_id]["activity_unit"]
        of = {"capacity": str(capacity), "activity": str(activity), "haul": "t"}.get(per, "1")
        money = "MWh" if item == "electricity" else "CNY"
        return (f"{money}/({of})", f"{money}/({of}*yr)", f"{money}*yr/({of})")


def _lacking(block: Block, money: Floats, sources: pd.DataFrame) -> list[Fault]:
    """Measures of a block without a cost for one of its sources; money: [m, 6, n]."""
    lacking = np.asarray(np.isnan(money).any(axis=1))
    faults = []
    for at in np.flatnonzero(lacking.any(axis=1)):
        source = sources.index[block.sources[lacking[at]][0]]
        wrong = f"has no cost for source {source} of class {block.class_id}"
        right = "give the source the size its costs are per, or a cost for its size"
        faults.append(Fault(_FILE, None, "measure", block.measures[at].id, wrong, right))
    return faults


def _threshold(min_capacity: Any) -> float:
    return -math.inf if pd.isna(min_capacity) else float(min_capacity)


def _size(per: str, sources: Mapping[str, Floats]) -> Floats:
    if per == "capacity":
        return sources["capacity"] * sources["units"]
    if per == "source":
        return sources["units"]
    if per == "haul":
        return sources["activity"] / sources["distance_km"]
    return sources[per]
