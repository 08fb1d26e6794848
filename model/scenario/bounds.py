"""Checks amounts of limits and changes against what they are amounts of, and converts them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from model.base.faults import nearest
from model.base.select import Selector
from model.base.words import QUANTITIES, SUPPLIES
from model.scenario.amounts import Amount, Wrong, in_unit
from model.scenario.scenario import ShareOf
from model.tables.schema import ColumnSpec

CLASS_UNIT = ("activity", "capacity", "capacity_completed")
"""Quantities in the unit of the class, which the tables know: their amounts stay as written."""
SUPPLIED = (*SUPPLIES, *(load for loads in SUPPLIES.values() for load in loads))
"""What projects supply (table `projects`: supplies, and its peak)."""
_PER_CENT = re.compile(r" *(%|percent|points?) *")


@dataclass(frozen=True)
class Bound:
    """Checks a bound of a limit against its quantity and brings it into its unit."""

    quantity: str
    share_of: Literal["all"] | ShareOf | None

    def __call__(self, amount: Amount) -> Amount:
        if amount.relation == "points_below" and self.share_of is None:
            raise Wrong("is not a bound: points are of a share", "add share_of, or write it in per cent")
        if amount.relation == "less" and self.share_of is not None:
            raise Wrong("is not a bound: a share has no tonnes", "write '20 points below YEAR'")
        if amount.base == "baseline":
            raise Wrong("is not a bound: 'baseline' is for changes", "write '% of frozen' or '% of YEAR'")
        if amount.base == "supply" and (self.share_of is not None or self.quantity not in SUPPLIED):
            what = "a share" if self.share_of is not None else self.quantity
            raise Wrong(f"is not a bound: no project supplies {what}", "supplied are " + ", ".join(SUPPLIED))
        relative = amount.relation in ("percent_of", "less") and amount.base != "supply"
        if relative and (self.quantity == "cost" or QUANTITIES[self.quantity].kind == "move"):
            raise Wrong(f"is a percentage of nothing: {self.quantity} begins with the plan", "write a number")
        if self.share_of is None and _PER_CENT.fullmatch(amount.unit or ""):
            raise Wrong(
                "is a share, and the bound is of a sum", "write '% of frozen', '% of YEAR' or share_of"
            )
        unit = self.unit()
        if unit is None:
            return amount
        of = self.quantity if self.share_of is None else "this share"
        if amount.relation == "less":
            return replace(
                amount, value=in_unit(Amount(amount.value, amount.unit), unit, of).value, unit=unit
            )
        return in_unit(amount, unit, of)

    def unit(self) -> str | None:
        """Unit of the bound; None where the class has it."""
        if self.share_of is None:
            return None if self.quantity in CLASS_UNIT else QUANTITIES[self.quantity].unit
        whole = self.quantity if self.share_of == "all" else self.share_of.quantity
        if whole == self.quantity:
            return "1"
        if whole in CLASS_UNIT or self.quantity in CLASS_UNIT:
            return None
        part, base = QUANTITIES[self.quantity].unit, QUANTITIES[whole].unit
        return "1" if part == base else over(part, base)


def over(part: str, base: str) -> str:
    """Unit of one quantity over another, of two yearly ones without the year."""
    if part.endswith("/yr") and base.endswith("/yr"):
        part, base = part.removesuffix("/yr"), base.removesuffix("/yr")
    return f"{part}/{base}" if base.isalnum() else f"{part}/({base})"


@dataclass(frozen=True)
class Setting:
    """Checks an amount of a change against its attribute or balance quantity and brings it into its unit."""

    key: str
    where: Selector | None
    settable: Mapping[str, ColumnSpec]

    def __call__(self, amount: Amount) -> Amount:
        balance = [name for name, quantity in QUANTITIES.items() if quantity.kind == "balance"]
        if self.key not in self.settable and self.key not in balance:
            raise Wrong("can not be set", nearest(self.key, [*self.settable, *balance]), value=None)
        if self.key in balance and self.where is not None:
            raise Wrong("is a total of the region", "leave where out", value=None)
        if amount.relation in ("points_below", "less") or amount.base in ("frozen", "supply"):
            raise Wrong("is not a value to set", 'write a number, "90 % of baseline" or "90 % of 2017"')
        if self.key == "activity":
            return amount
        if self.key in balance:
            return in_unit(amount, QUANTITIES[self.key].unit, self.key)
        return amount if amount.relation != "plain" else self.in_column(amount)

    def in_column(self, amount: Amount) -> Amount:
        """A plain amount in the unit of its column (a bare number is in it already), within its bounds."""
        column = self.settable[self.key]
        unit = column.unit or "1"
        read = Amount(amount.value, unit) if amount.unit is None else in_unit(amount, unit, self.key)
        least = -math.inf if column.min is None else column.min
        most = math.inf if column.max is None else column.max
        if not least <= read.value <= most:
            raise Wrong("is out of bounds", f"{self.key} is from {least:g} to {most:g}, in {unit}")
        return read
