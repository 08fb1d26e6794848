"""What a scenario changes by decree: an attribute through its response, or activity itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS, QUANTITIES
from model.baseline.amounts import number
from model.inventory.columns import Columns
from model.scenario.amounts import Amount
from model.scenario.scenario import Change, Scenario
from model.tables.read import Tables
from model.tables.schema import attributes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ratios:
    """What the changes multiply together: activity [S, Y], factor [S, Y, pollutant]."""

    activity: Floats
    factor: Floats


def in_force(scenario: Scenario, case: str) -> list[Change]:
    """Changes of a case: none when frozen, those already law in current_law, all in plan."""
    if case == "frozen":
        return []
    return [c for c in scenario.changes.values() if case == "plan" or c.already_law]


def change_ratios(
    tables: Tables,
    scenario: Scenario,
    case: str,
    columns: Columns,
    activity: Floats,
    years: Sequence[int],
) -> Ratios:
    """Ratios of the changes in force to the baseline `activity` [S, Y]; years begin with the start year.

    An attribute v acts by (intercept + slope v) / (intercept + slope v0), v0 the source's value at the start
    (responses.csv). columns: attributes of the sources.

    Raises:
        InputError: an amount of another dimension, an attribute to which no chosen source responds, a date
            missing.
    """
    ratios = Ratios(np.ones(activity.shape), np.ones((*activity.shape, len(POLLUTANTS))))
    for change in in_force(scenario, case):
        hit = columns.chosen(change.where)
        for attribute, amounts in change.set.items():
            if attribute == "activity":
                known, unit = columns.coded("activity_unit")
                found = np.unique(unit[hit])
                units = [known[at] for at in found]
                for same in (hit & (unit == at) for at in found):  # tonnes and GJ have no total
                    ratios.activity[same] *= _activity_ratio(change, amounts, activity[same], units, years)
            elif attribute not in QUANTITIES:
                _respond(tables, change, attribute, columns, hit, years, ratios)
    return ratios


def _activity_ratio(
    change: Change,
    amounts: Mapping[int, Amount] | Amount,
    activity: Floats,
    units: Sequence[str],
    years: Sequence[int],
) -> Floats:
    """Ratio of changed to baseline activity, [n, Y].

    A percentage of baseline is a ratio, and stays one in the years after it. A number, or a percentage of the
    start year, is the level of the total of the chosen sources, of those of each unit by themselves: it stays
    at that level, however the baseline goes on.
    """
    total = activity.sum(axis=0)
    stepwise = isinstance(amounts, Mapping)
    out = np.ones(len(years))
    for year, amount in sorted(_steps(change, "activity", amounts, years).items()):
        since = np.asarray(years) >= year if stepwise else np.ones(len(years), dtype=bool)
        if amount.relation == "percent_of" and amount.base in ("baseline", "frozen"):
            path = _path(1.0, {year: amount.value}, stepwise, years)
        else:
            level = _path(total[0], {year: _level(change, amount, total[0], units, years)}, stepwise, years)
            path = np.divide(level, total, out=np.ones_like(total), where=total > 0)
        out = np.where(since, path, out)
    return np.broadcast_to(out, activity.shape)


def _level(
    change: Change, amount: Amount, at_start: float, units: Sequence[str], years: Sequence[int]
) -> float:
    """Total activity that an amount asks for."""
    if amount.relation == "percent_of" and amount.base == str(years[0]):
        return amount.value * at_start
    if amount.relation != "plain":
        wrong, right = "is no activity", f"give a number, or a percentage of baseline or {years[0]}"
        raise InputError([_fault(change, "activity", str(amount.base), wrong, right)])
    if amount.value == 0:
        return 0.0
    if len(units) > 1:
        wrong, right = f"sums activities in {' and '.join(units)}", "give a percentage of baseline"
        raise InputError([_fault(change, "activity", f"{amount.value:g}", wrong, right)])
    return number(amount, "".join(units), change, _place(change, "activity"))


def _respond(
    tables: Tables,
    change: Change,
    attribute: str,
    columns: Columns,
    hit: NDArray[np.bool_],
    years: Sequence[int],
    ratios: Ratios,
) -> None:
    """Multiply `ratios` by the response of the chosen sources to the new values of `attribute`."""
    responses = tables.frame["responses"]
    responses = responses[responses["attribute"] == attribute]
    classes, class_of = columns.coded("class")
    chosen = [classes[at] for at in np.unique(class_of[hit])]
    if chosen and responses["class"].isin(chosen).sum() == 0:
        wrong = "has no response in responses.csv for any class chosen"
        raise InputError([_fault(change, attribute, ", ".join(chosen), wrong, "add the rows")])
    amounts = change.set[attribute]
    unit = (attributes()[attribute].unit if attribute in attributes() else None) or "1"
    given = _steps(change, attribute, amounts, years)
    steps = {y: number(a, unit, change, _place(change, attribute)) for y, a in given.items()}
    for row in responses.to_dict("records"):
        if row["class"] not in chosen:
            continue
        at = np.flatnonzero(hit & (class_of == classes.index(row["class"])))
        start = np.full(len(at), float(row["default"]))
        if attribute in columns:
            own = columns[attribute][at]
            start = np.where(np.isnan(own), start, own)
        distinct, of = np.unique(start, return_inverse=True)
        paths = np.array([_path(v, steps, isinstance(amounts, Mapping), years) for v in distinct])
        effect = row["intercept"] + row["slope"] * paths[of]
        before = row["intercept"] + row["slope"] * start
        ratio = np.divide(effect, before[:, None], out=np.ones_like(effect), where=before[:, None] != 0)
        for target in row["acts_on"]:
            if target == "activity":
                ratios.activity[at] *= ratio
            else:
                ratios.factor[at, :, POLLUTANTS.index(target)] *= ratio


def _steps(
    change: Change, attribute: str, amounts: Mapping[int, Amount] | Amount, years: Sequence[int]
) -> dict[int, Amount]:
    """The years in which amounts are given; one amount holds from the change's `by` on."""
    if isinstance(amounts, Mapping):
        given = dict(amounts)
    elif change.by is None:
        wrong, right = "does not say by when", "give `by`, or an amount by year"
        raise InputError([_fault(change, attribute, None, wrong, right)])
    else:
        given = {change.by: amounts}
    return {max(y, years[0]): a for y, a in sorted(given.items())}


def _path(start: float, steps: Mapping[int, float], stepwise: bool, years: Sequence[int]) -> Floats:
    """Values by year: straight from the start year to the one step, or held from each step to the next."""
    if not stepwise:
        (by, goal), *_ = steps.items()
        return np.interp(years, [years[0], by], [start, goal]) if by > years[0] else np.full(len(years), goal)
    values = np.full(len(years), start)
    for year, value in sorted(steps.items()):
        values[np.asarray(years) >= year] = value
    return values


def change_exogenous(
    scenario: Scenario, case: str, exogenous: pd.DataFrame, years: Sequence[int]
) -> pd.DataFrame:
    """`exogenous` with the regional totals that changes set, as `set: {nonfossil_energy: 25 Mtce}`."""
    table: dict[tuple[str, int], float] = dict(
        zip(zip(exogenous["item"], exogenous["year"], strict=True), exogenous["value"], strict=True)
    )
    for change in in_force(scenario, case):
        for item, amounts in change.set.items():
            if item not in QUANTITIES or item == "activity":
                continue
            if QUANTITIES[item].kind != "balance":
                wrong, right = "is summed over sources and can not be set", "make it a limit"
                raise InputError([_fault(change, item, None, wrong, right)])
            unit = QUANTITIES[item].unit
            given = _steps(change, item, amounts, years)
            steps = {y: number(a, unit, change, _place(change, item)) for y, a in given.items()}
            stepwise = isinstance(amounts, Mapping) or (item, years[0]) not in table
            path = _path(table.get((item, years[0]), np.nan), steps, stepwise, years)
            since = min(steps) if stepwise else years[0]
            table |= {(item, y): float(v) for y, v in zip(years, path, strict=True) if y >= since}
    rows = [(item, year, value) for (item, year), value in table.items()]
    return pd.DataFrame(rows, columns=["item", "year", "value"])


def _place(change: Change, attribute: str) -> str:
    return f"changes.{change.id}.set.{attribute}"


def _fault(change: Change, attribute: str, value: str | None, wrong: str, right: str) -> Fault:
    return Fault(change.file, change.line, _place(change, attribute), value, wrong, right)
