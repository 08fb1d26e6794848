"""Amounts of a scenario as numbers in a wanted unit."""

from __future__ import annotations

from model.base.faults import Fault, InputError
from model.base.units import UnitError, convert
from model.scenario.amounts import Amount
from model.scenario.scenario import Change


def number(amount: Amount, unit: str, change: Change, place: str) -> float:
    """A plain amount in `unit`; without a unit of its own it is in `unit` already.

    Raises:
        InputError: a relative amount, or a unit of another dimension; `place` is the dotted path in the
            scenario.
    """
    if amount.relation != "plain":
        wrong, right = "is relative to something that has no value here", f"give a number in {unit}"
        shown = f"{amount.relation} {amount.base}"
        raise InputError([Fault(change.file, change.line, place, shown, wrong, right)])
    if amount.unit is None:
        return amount.value
    try:
        return convert(amount.value, amount.unit, unit)
    except UnitError as error:
        shown = f"{amount.value:g} {amount.unit}"
        raise InputError([Fault(change.file, change.line, place, shown, error.wrong, error.right)]) from None
