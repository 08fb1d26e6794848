"""Bounds of limits: amounts of the scenario as numbers, with the arithmetic behind them for printing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from model.base.faults import Fault
from model.base.select import Selector
from model.problem.class_units import in_class_unit, ratio_unit, units_of
from model.problem.problem import Bools
from model.problem.world import Quantities
from model.scenario.amounts import Amount, Wrong, in_unit
from model.scenario.bounds import Bound
from model.scenario.scenario import Limit, ShareOf

STRICT = 1e-6
"""below and above are at_most and at_least less a millionth."""


class ReferenceUse(Protocol):
    """Modelled use of a year before the start, from the sources of that year or the regional balance."""

    def __call__(
        self,
        year: int,
        quantity: str,
        where: Selector | None,
        states: Selector | None,
        group: tuple[str, str] | None,
    ) -> float:
        """In the unit of the quantity; nan where there is no inventory of that year. group: an attribute and
        the value of it.
        """


@dataclass(frozen=True)
class Item:
    """One sum: a quantity (words.QUANTITIES) over sources, [S], in some states. whole: with the exogenous
    part. ended: what has ended counts as what it was at the start.
    """

    quantity: str
    where: Selector | None
    states: Selector | None
    chosen: Bools
    whole: bool
    ended: bool = False


@dataclass(frozen=True)
class Row:
    """The limit of one year and group: part, or part over base for a share."""

    limit: Limit
    year: int
    group: str | None
    part: Item
    base: Item | None

    @property
    def label(self) -> str:
        """ENTRY/YEAR[/GROUP]."""
        return f"{self.limit.id}/{self.year}" + ("" if self.group is None else f"/{self.group}")


class Unknown(Exception):
    """Why a row can be neither imposed nor computed."""


class Refused(Exception):
    """A bound that can not be found: what is wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(wrong)


@dataclass(frozen=True)
class Bounds:
    """Finds bounds. reference: use of years before the start (None: not known)."""

    quantities: Quantities
    reference: ReferenceUse | None

    def find(self, row: Row, amount: Amount, notes: dict[str, Any]) -> float:
        """The bound of a row in the unit of its quantity (or share), chain links entered in `notes` by label.

        "85 % of 2015" before the start: modelled use of the start year x 0.85 / (1 - progress),
        chain-linked (design: section 5); with `link: none` 0.85 x use modelled for 2015 itself.

        Raises:
            Refused: progress missing, a base year without inventory, a year that is none of the problem's, a
                percentage of a share of nothing.
            Unknown: a percentage of the share of a group that had none of the whole.
        """
        value = self._value(row, amount, notes)
        if np.isfinite(value):
            return strict(row.limit, value)
        wrong = "refers to a share of nothing"
        if row.group is not None:
            raise Unknown(wrong)
        raise Refused(wrong, "correct the selector of the whole, or write a number")

    def _value(self, row: Row, amount: Amount, notes: dict[str, Any]) -> float:
        if amount.relation == "plain":
            return self._plain(row, amount)
        if amount.base == "frozen":
            return self._of(row, amount, self.frozen(row, row.year))
        assert amount.base is not None
        base, start = int(amount.base), self.quantities.world.start
        before = base < start
        if before and amount.relation != "points_below" and row.limit.link == "chain":
            return self._linked(row, amount, notes)
        found = self._reference(row, base) if before else self._modelled(row, base)
        value = self._of(row, amount, found)
        share = amount.value if amount.relation != "less" else value / found if found else np.nan
        notes[row.label] = {"base_year": base, "base_value": found, "share": share, "bound": value}
        return value

    def _of(self, row: Row, amount: Amount, base: float) -> float:
        """The part of a base that an amount asks for, or the base less points or less so much."""
        if amount.relation == "percent_of":
            return base * amount.value
        if amount.relation == "less":
            return base - self._plain(row, Amount(amount.value, amount.unit))
        return base - amount.value

    def _plain(self, row: Row, amount: Amount) -> float:
        """A number in the unit of the quantity; of activity and capacity in the one unit of the sources."""
        if Bound(row.limit.quantity, row.limit.share_of).unit() is not None or amount.value == 0:
            return amount.value
        units = [self._unit(item) for item in (row.part, row.base) if item is not None]
        try:
            if len(units) == 1:
                return in_class_unit(amount, units[0], "this limit")
            return in_unit(amount, ratio_unit(*units), "this share").value
        except Wrong as problem:
            raise Refused(problem.wrong, problem.right) from None

    def _unit(self, item: Item) -> str:
        units = units_of(item.quantity, item.chosen, self.quantities.world.columns)
        if len(units) > 1:
            wrong = f"sums {item.quantity} in {' and '.join(units)}"
            raise Refused(wrong, "choose sources of one unit, or write a percentage of a year or of frozen")
        if not units:
            raise Refused(f"is of sources that have no {item.quantity}", "choose others, or another quantity")
        return units[0]

    def _linked(self, row: Row, amount: Amount, notes: dict[str, Any]) -> float:
        progress = row.limit.progress
        if progress is None:
            wrong = f"has a base year {amount.base} before the start and no progress booked since"
            raise Refused(wrong, "give progress: SHARE (a cited number), or link: none")
        if progress >= 1:
            raise Refused("has a progress of the whole", "write a share below 1")
        start = self.frozen(row, self.quantities.world.start)
        value = self._of(row, amount, start / (1 - progress))
        share = value * (1 - progress) / start if start else np.nan
        notes[row.label] = {
            "base_year": int(str(amount.base)),
            "start_value": start,
            "share": share,
            "progress": progress,
            "bound": value,
        }
        # The other reading is for print alone, where there is an inventory of the base year.
        with suppress(Refused):
            notes[row.label]["unlinked"] = self._of(row, amount, self._reference(row, int(str(amount.base))))
        return value

    def _modelled(self, row: Row, year: int) -> float:
        world = self.quantities.world
        if year != world.start and year not in world.years:
            wrong = f"refers to {year}, which is neither the start year nor a decision year"
            raise Refused(wrong, f"write one of {', '.join(map(str, (world.start, *world.years)))}")
        return self.frozen(row, year)

    def _reference(self, row: Row, year: int) -> float:
        parts = [row.part] if row.base is None else [row.part, row.base]
        group = None if row.group is None else (str(row.limit.each), row.group)
        together = isinstance(row.limit.share_of, ShareOf) and row.limit.share_of.together
        groups = [group, None if together else group]
        asked = [(year, i.quantity, i.where, i.states, g) for i, g in zip(parts, groups, strict=False)]
        values = [np.nan if self.reference is None else self.reference(*each) for each in asked]
        if not all(np.isfinite(values)):
            wrong = f"refers to {year}, for which there is no inventory of {row.limit.quantity}"
            raise Refused(wrong, "refer to the start year, or give progress and leave link: none out")
        if row.base is None:
            return values[0]
        return values[0] / values[1] if values[1] else np.nan

    def frozen(self, row: Row, year: int) -> float:
        """Use, or share, of a year if every source stays in state 0 and nothing is changed."""
        part = self.frozen_item(row.part, year, row.limit.id)
        if row.base is None:
            return part
        base = self.frozen_item(row.base, year, row.limit.id)
        return part / base if base else np.nan

    def frozen_item(self, item: Item, year: int, entry: str) -> float:
        """Use of one sum with its exogenous part if every source stays in state 0 and nothing is changed."""
        key = (item.quantity, year)
        outside = self.quantities.world.frozen_exogenous.get(key, 0.0) if item.whole else 0.0
        if item.quantity in self.quantities.world.factor:
            index = self.quantities.index(item.quantity, item.states, entry, item.ended)
            return self.quantities.frozen(index, item.chosen, year) + outside
        return outside  # moves and costs are nothing in state 0; balances are exogenous

    def exogenous(self, item: Item, year: int) -> float:
        """What no source carries of a regional total."""
        return self.quantities.world.exogenous.get((item.quantity, year), 0.0) if item.whole else 0.0


def strict(limit: Limit, value: float) -> float:
    """The bound `value`, less or more a millionth for below and above."""
    if limit.op == "below":
        return value - STRICT * abs(value)
    return value + STRICT * abs(value) if limit.op == "above" else value


def share_base(limit: Limit) -> ShareOf | None:
    """The whole that a share is taken of; None where the limit is no share."""
    if limit.share_of == "all":
        return ShareOf(limit.quantity, limit.where, None)
    return limit.share_of


def fault(limit: Limit, key: str, value: str | None, wrong: str, right: str) -> Fault:
    """A fault of a limit, by its line."""
    return Fault(limit.file, limit.line, f"limits.{limit.id}.{key}", value, wrong, right)


def shown(amount: Amount) -> str:
    """An amount as the scenario writes it."""
    if amount.relation == "supply":
        return "supply"
    if amount.relation == "percent_of":
        return f"{100 * amount.value:g} % of {amount.base}"
    if amount.relation == "points_below":
        return f"{100 * amount.value:g} points below {amount.base}"
    if amount.relation == "less":
        return f"{amount.value:g} {amount.unit} below {amount.base}"
    return f"{amount.value:g}" + (f" {amount.unit}" if amount.unit else "")
