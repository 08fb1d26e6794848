"""What measures cost a source: capital, annuity, O&M, electricity, heat saved, value lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.finance import annuity
from model.base.units import UnitError, convert
from model.options.packages import Measure
from model.options.prices import Deflators
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Floats = NDArray[np.float64]

_YEARLY = ("fixed_om", "variable_om", "value_lost")
_PRICED = {"capital": "fixed_asset_index", **dict.fromkeys(_YEARLY, "gdp_deflator")}


@dataclass(frozen=True)
class Money:
    """One measure on n sources [n], or m measures on them [n, m]; money of the scenario's price year.

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
class _Item:
    """An item of a measure for a class by capacity threshold, in CNY, MWh, yr or 1 per unit of `per`."""

    per: tuple[str, ...]
    thresholds: Floats
    values: Floats

    def at(self, capacity: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Value at each capacity (nan below the first threshold) and which row it comes from."""
        known = np.where(np.isnan(capacity), -np.inf, capacity)
        row = np.searchsorted(self.thresholds, known, side="right") - 1
        return np.where(row >= 0, self.values[np.maximum(row, 0)], np.nan), row


class Catalogue:
    """measure_data.csv in money of the price year, ready to be laid over sources."""

    def __init__(
        self, tables: Tables, scenario: Scenario, deflators: Deflators, cost_factor: Mapping[str, float]
    ):
        self._rows = dict(list(tables.frame["measure_data"].groupby("measure")))
        self._classes = tables.frame["classes"].set_index("class")
        self._rate = scenario.discount_rate
        self._deflators = deflators
        self._factor = cost_factor
        self._cache: dict[tuple[str, str], dict[str, _Item]] = {}

    def money(self, measure: Measure, class_id: str, sources: Mapping[str, Floats]) -> Money:
        """Cost of `measure` on sources of one class.

        capital = value x size, where size is 1, capacity, activity or stock; with a size exponent e and a
        reference capacity C, value holds at C: capital = value x capacity x (capacity / C)^(e - 1), or value
        x (capacity / C)^e where it is per source. Rows of the class go before rows of any class; of those,
        the greatest min_capacity not above the source's.

        Args:
            sources: capacity (of one unit), units, activity (greatest of all years), stock, arrays [n].

        Raises:
            InputError: capital without a lifetime, a unit of another dimension, a size that the sources do
            not have.
        """
        items = self._items(measure.id, class_id)
        n = len(sources["capacity"])
        overnight, _ = self._laid(items, "capital", measure, class_id, sources, None)
        if "capital" in items and "lifetime" not in items:
            wrong = f"capital of {measure.id} has no lifetime for class {class_id}"
            raise InputError(
                [Fault("reference/measure_data.csv", None, "item", "lifetime", wrong, "add the row")]
            )
        yearly, per_activity = np.zeros(n), np.zeros(n)
        for item in _YEARLY:
            fixed, variable = self._laid(items, item, measure, class_id, sources, overnight)
            yearly, per_activity = yearly + fixed, per_activity + variable
        power_yearly, power = self._laid(items, "electricity", measure, class_id, sources, None)
        activity = sources["activity"]
        power = power + np.divide(power_yearly, activity, out=np.zeros(n), where=activity > 0)
        return Money(
            overnight=overnight,
            annuity=overnight * self._annuity(items, sources["capacity"]),
            fixed=yearly,
            variable=per_activity,
            electricity=power,
            saving=items["heat_saving"].at(sources["capacity"])[0] if "heat_saving" in items else np.zeros(n),
        )

    def together(self, measures: Sequence[Measure], class_id: str, sources: Mapping[str, Floats]) -> Money:
        """`money` of several measures side by side, arrays [n, m]."""
        each = [self.money(m, class_id, sources) for m in measures]
        none = np.empty((len(sources["capacity"]), 0))
        names = [f.name for f in fields(Money)]
        return Money(**{n: np.column_stack([getattr(m, n) for m in each]) if each else none for n in names})

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
        measure: Measure,
        class_id: str,
        sources: Mapping[str, Floats],
        capital: Floats | None,
    ) -> tuple[Floats, Floats]:
        """(per source, per unit of activity) of one item, [n] each; capital is wholly per source."""
        n = len(sources["capacity"])
        fixed, variable = np.zeros(n), np.zeros(n)
        if item not in items:
            return fixed, variable
        value, row = items[item].at(sources["capacity"])
        for at, per in enumerate(items[item].per):
            hit = row == at
            if not hit.any():
                continue
            if per == "activity" and item != "capital":
                variable[hit] = value[hit]
                continue
            size = capital if per == "capital" and capital is not None else _size(per, sources)
            if np.isnan(size[hit]).any():
                wrong = (
                    f"{item} of {measure.id} is per {per}, which a source of class {class_id} does not have"
                )
                right = "give the source's, or a cost per something else"
                raise InputError([Fault("reference/measure_data.csv", None, "per", per, wrong, right)])
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

    def _items(self, measure: str, class_id: str) -> dict[str, _Item]:
        key = (measure, class_id)
        if key not in self._cache:
            self._cache[key] = self._read(measure, class_id) if measure in self._rows else {}
        return self._cache[key]

    def _read(self, measure: str, class_id: str) -> dict[str, _Item]:
        out = {}
        for item, rows in self._rows[measure].groupby("item"):
            own = rows[rows["class"] == class_id]
            chosen = own if len(own) else rows[rows["class"].isna()]
            if chosen.empty:
                continue
            chosen = chosen.sort_values("min_capacity", na_position="first", kind="stable")
            records = chosen.to_dict("records")
            out[str(item)] = _Item(
                per=tuple(r["per"] for r in records),
                thresholds=chosen["min_capacity"].fillna(-np.inf).to_numpy(float),
                values=np.array([self._value(str(item), r, measure, class_id) for r in records]),
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
        capacity = self._classes.at[class_id, "capacity_unit"]
        if item == "reference_capacity":
            return (str(capacity),)
        if per == "capital":
            return ("1", "1/yr")
        activity = self._classes.at[class_id, "activity_unit"]
        of = {"capacity": str(capacity), "activity": str(activity)}.get(per, "1")
        money = "MWh" if item == "electricity" else "CNY"
        return (f"{money}/({of})", f"{money}/({of}*yr)", f"{money}*yr/({of})")


def _size(per: str, sources: Mapping[str, Floats]) -> Floats:
    if per == "capacity":
        return sources["capacity"] * sources["units"]
    if per == "source":
        return sources["units"]
    return sources[per]
