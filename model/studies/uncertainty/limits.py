"""Probability that a plan meets each of its limits, and by how much it falls short where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.base.words import QUANTITIES
from model.inventory.ratings import TAILS
from model.plan import TOLERANCE, shortfall_scale
from model.problem.items import Base, make_spread
from model.problem.problem import Floats
from model.problem.spread import Spread
from model.results.limits import unit_of
from model.scenario.amounts import Amount
from model.scenario.scenario import Limit
from model.studies.robust.asked import base_of
from model.studies.uncertainty.given import Given
from model.studies.uncertainty.sums import Items, draw_sums

COLUMNS = (
    *("limit", "year", "quantity", "imposed", "bound", "planned", "unit", "status", "probability"),
    *("shortfall", "low", "median", "high", "basis"),
)
ALL_IMPOSED = "all imposed"
"""Row of all imposed limits that are drawn, together."""


@dataclass(frozen=True)
class Judged:
    """One limit with a bound: its row in the problem; spread: what it has above its bound, None where that is
    not drawn; basis: what its bound moves with, or why it is not drawn."""

    row: int
    entry: Limit
    spread: Spread | None
    basis: str


def judged_limits(given: Given) -> list[Judged]:
    """Every row of the problem that has a bound."""
    problem = given.plan.problem
    out = []
    for row in np.flatnonzero(np.isfinite(problem.bound)).tolist():
        entry = given.scenario.limits[str(problem.limit[row]).partition("/")[0]]
        try:
            _known(given, row, entry)
            base, basis = _base(given, row, entry)
            spread = make_spread(problem, row, given.numbers, base)
        except ValueError as reason:
            out.append(Judged(row, entry, None, f"not drawn: {reason}"))
            continue
        out.append(Judged(row, entry, spread, basis))
    return out


def _known(given: Given, row: int, entry: Limit) -> None:
    """Raise ValueError where a quantity of a limit has nothing uncertain behind it, or where more than
    that is.
    """
    problem = given.plan.problem
    if QUANTITIES[entry.quantity].kind == "response":
        raise ValueError("what the air makes of emission is fitted to the emission that is drawn")
    for quantity in np.unique(problem.term_quantity[slice(*problem.term_ptr[row : row + 2])]).tolist():
        name = str(problem.quantity[quantity]).partition("@")[0]
        if name not in given.numbers.factor or problem.quantity_stock[quantity]:
            raise ValueError(f"nothing is known of how {name} spreads")


def _base(given: Given, row: int, entry: Limit) -> tuple[Base | None, str]:
    """The uncertain part of a bound, and in words what the bound moves with.

    Raises ValueError where that is not known.
    """
    problem = given.plan.problem
    year = int(problem.years[problem.term_year[problem.term_ptr[row]]])
    amount = entry.bound(year)
    if amount is None or amount.base is None:
        return None, "a number"
    if amount.base == "supply":
        return None, "the supply of projects, certain"
    label = str(problem.quantity[problem.term_quantity[problem.term_ptr[row]]]).partition("@")[0]
    if entry.share_of is None and label in given.numbers.factor:
        return base_of(problem, row, entry, given.plan.baseline), _moves_with(given, entry, amount)
    modelled = amount.base == "frozen" or int(amount.base) >= given.scenario.start
    if modelled or "start_value" in problem.notes["links"].get(str(problem.limit[row]), {}):
        raise ValueError(f"its bound is a part of modelled {entry.quantity}")
    return None, f"what is known of {amount.base}, certain"


def _moves_with(given: Given, entry: Limit, amount: Amount) -> str:
    base = str(amount.base)
    if base == "frozen" or int(base) >= given.scenario.start:
        return f"modelled {entry.quantity} of {base}"
    start = given.scenario.start
    if entry.link == "none":
        return f"modelled {entry.quantity} of {base}, as uncertain as that of {start}, with the same numbers"
    return f"{entry.quantity} of {base}, chain-linked to the modelled one of {start}; its progress is certain"


def limit_excess(
    given: Given, limits: Sequence[Judged], theta: Floats, seed: int, memory: int
) -> dict[int, Floats]:
    """What each limit that is drawn has above its bound in every draw, [D], by its row."""
    drawn = [each for each in limits if each.spread is not None]
    items, constants = [], []
    for each in drawn:
        assert each.spread is not None
        items.append(Items.of_spread(each.spread, given.plan.used[:, each.spread.year]))
        constants.append(each.spread.constant)
    sums = draw_sums(given.numbers, items, theta, seed, memory)
    return {each.row: sums[at][0] + constants[at] for at, each in enumerate(drawn)}


def limit_frame(given: Given, limits: Sequence[Judged], excess: dict[int, Floats]) -> pd.DataFrame:
    """Rows of limits.csv. planned: at the values of the tables. probability: share of the draws that meet the
    limit; shortfall: what is missing on average of those that do not; low, median, high: of what the limit
    has above its bound (negative: room). A share N / D at most p is drawn as N - p D at most 0, in the unit
    of N.
    """
    plan = given.plan
    problem, found = plan.problem, plan.found
    room = TOLERANCE * shortfall_scale(problem)
    rows, met_by = [], []
    for each in limits:
        at = each.row
        label = str(problem.limit[at])
        missed = found.shortfall[at] > room[at]
        known: tuple[float, ...] = (np.nan,) * 5
        if at in excess:
            over = excess[at]
            met = over <= room[at]
            short = over[~met].mean() if not met.all() else 0.0
            known = (met.mean(), short, *np.quantile(over, [TAILS[0], 0.5, TAILS[1]]))
            if problem.enforced[at]:
                met_by.append(met)
        unit = _unit(problem.notes, each.entry)
        status = "missed" if missed else "met"
        values = (problem.bound[at], found.use[at], unit, status)
        year = int(label.split("/")[1])
        imposed = bool(problem.enforced[at])
        rows.append((label, year, each.entry.quantity, imposed, *values, *known, each.basis))
    if met_by:
        together = np.array(met_by).all(axis=0).mean()
        blank = (np.nan,) * 4
        basis = f"{len(met_by)} limits at once, each as above"
        status = "missed" if ((found.shortfall > room) & problem.enforced).any() else "met"
        rows.append((ALL_IMPOSED, np.nan, "", True, np.nan, np.nan, "", status, together, *blank, basis))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"year": "Int64"})


def _unit(notes: Mapping[str, Any], entry: Limit) -> str:
    """Unit of a row: of the quantity, of a share that of its numerator."""
    if entry.share_of is None:
        return unit_of(entry, notes["units"])
    return QUANTITIES[entry.quantity].unit
