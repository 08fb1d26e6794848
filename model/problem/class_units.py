"""Activity and capacity are in the unit of each class: which one a bound on them is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.base.units import check_dimension
from model.base.words import QUANTITIES
from model.scenario.amounts import Amount, in_unit
from model.scenario.bounds import over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.problem.problem import Bools

OWN_UNIT = {"activity": "activity_unit", "capacity": "capacity_unit", "capacity_completed": "capacity_unit"}
"""Quantities in the unit of the class, and the attribute that has it."""

STEAM = "tph"


def units_of(quantity: str, chosen: Bools, columns: Mapping[str, NDArray[Any]]) -> list[str]:
    """Units, sorted, in which the chosen sources have a quantity; with `/yr` if it is a yearly one.

    chosen: [S] or longer (projects behind the sources have neither activity nor capacity).
    """
    if quantity not in OWN_UNIT:
        return [QUANTITIES[quantity].unit]
    own = columns[OWN_UNIT[quantity]]
    yearly = QUANTITIES[quantity].unit.endswith("/yr")
    found = sorted({unit for unit in own[chosen[: len(own)]] if isinstance(unit, str)})
    return [f"{unit}/yr" if yearly and not unit.endswith("/yr") else unit for unit in found]


def ratio_unit(part: str, whole: str) -> str:
    """Unit of a share of one quantity in another: 1 if both are of one unit."""
    return "1" if part == whole else over(part, whole)


def in_class_unit(amount: Amount, unit: str, of: str) -> float:
    """A plain amount in the unit of a class; a bare number is in it already.

    The capacity of a boiler may be written in t/h, which its tonnes of steam an hour are.

    Raises:
        Wrong: of another dimension.
    """
    if amount.unit is None:
        return amount.value
    if unit.removesuffix("/yr") == STEAM and check_dimension(amount.unit, "t/h"):
        return in_unit(amount, "t/h", of).value
    return in_unit(amount, unit, of).value
