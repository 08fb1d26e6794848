"""The answers of changes: what is assumed of the plan case, and whether the baseline has it already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from model.base.words import QUANTITIES
from model.baseline.changes import change_ratios
from model.problem.problem import Bools, Floats
from model.results.answer import Answer
from model.results.case import Case
from model.scenario.amounts import Amount
from model.scenario.scenario import Change, FrozenMap, Scenario
from model.tables.read import Tables
from model.tables.schema import attributes

PER_CENT = 100.0

NO_MORE = 1e-6
"""Share of activity or of a factor below which a change takes nothing away."""


@dataclass(frozen=True)
class Assumed:
    """What is needed to tell what a change does: the tables, the scenario, its cases frozen and plan."""

    tables: Tables
    scenario: Scenario
    frozen: Case
    plan: Case


@dataclass(frozen=True)
class _Figures:
    """What a change asks for, what the plan case has, and what case frozen has, in `unit`."""

    demanded: float
    achieved: float
    frozen: float
    unit: str


def change_answer(change: Change, given: Assumed) -> Answer:
    """The answer of a change: it is assumed, so it holds.

    The baseline has it already where it is law, where no source is concerned, and where the change alone
    would take away no activity and no emission of case frozen.
    """
    columns = given.frozen.baseline.columns
    hit = columns.chosen(change.where)
    activity = _activity(given.frozen, given.scenario)
    running = hit & activity[:, 1:].any(axis=1)
    what = "; ".join(f"{name} {amounts_text(amounts)}" for name, amounts in change.set.items())
    what += f" by {change.by}" if change.by is not None else ""
    alone = replace(given.scenario, changes=FrozenMap({change.id: change}))
    years = (given.scenario.start, *given.scenario.years)
    ratios = change_ratios(given.tables, alone, "plan", columns, activity, years)
    found = _figures(change, given, running, activity, activity * ratios.activity)
    totals = any(name in QUANTITIES and name != "activity" for name in change.set)
    lower = min(ratios.activity[running].min(initial=1.0), ratios.factor[running].min(initial=1.0))
    if change.already_law:
        message = "change_law"
    elif not running.any() and not totals:
        message = "change_none"
    elif lower < 1.0 - NO_MORE or (totals and not np.isclose(found.achieved, found.frozen, rtol=NO_MORE)):
        message = "change"
    else:
        message = "change_idle"
    status = "met" if message == "change" else "met_by_baseline"
    values = {
        "entry": change.id,
        "what": what,
        "set": [_setting(name, amounts, change.by) for name, amounts in change.set.items()],
        "unit": found.unit,
        "achieved": found.achieved,
        "frozen": found.frozen,
    }
    return Answer(change.id, "change", status, message, values, found.demanded, found.achieved, found.unit)


def _setting(name: str, amounts: Mapping[int, Amount] | Amount, by: int | None) -> dict[str, Any]:
    """What a change sets of one attribute, for readers that tell it in their own words: attribute, its unit,
    whether the years are ends of a path, and by year value, unit, base and relation of the amount.
    """
    each = amounts.items() if isinstance(amounts, Mapping) else [(by, amounts)]
    unit = attributes()[name].unit if name in attributes() else None
    told = [{"year": year, **asdict(amount)} for year, amount in each]
    return {"attribute": name, "unit": unit, "by": by is not None, "amounts": told}


def _activity(case: Case, scenario: Scenario) -> Floats:
    """Activity of the start year and the decision years, [S, 1 + Y]."""
    years = [scenario.start, *scenario.years]
    activity = case.baseline.inventory.activity
    return np.asarray(activity.sel(year=years).transpose("source", "year").to_numpy(), dtype=np.float64)


def _figures(change: Change, given: Assumed, running: Bools, activity: Floats, changed: Floats) -> _Figures:
    """The first thing that a change sets, in the last year in which it sets it.

    changed: activity with this change alone, [S, 1 + Y].
    """
    scenario = given.scenario
    name, amounts = next(iter(change.set.items()))
    year = max(amounts) if isinstance(amounts, Mapping) else change.by or scenario.years[-1]
    decided = next((y for y in scenario.years if y >= year), scenario.years[-1])
    at = 1 + scenario.years.index(decided)
    if name == "activity":
        units = set(given.frozen.sources["activity_unit"][running])
        if len(units) != 1:
            return _Figures(float("nan"), float("nan"), float("nan"), "")
        reached = _activity(given.plan, scenario)
        asked, has, before = (float(each[running, at].sum()) for each in (changed, reached, activity))
        return _Figures(asked, has, before, f"{units.pop()}/yr")
    if name in QUANTITIES:
        total, before = (_total(case, name, decided) for case in (given.plan, given.frozen))
        return _Figures(total, total, before, QUANTITIES[name].unit)
    last: Amount = amounts[year] if isinstance(amounts, Mapping) else amounts
    unit = (attributes()[name].unit if name in attributes() else None) or "1"
    scale, unit = (PER_CENT, "%") if unit == "1" else (1.0, unit)
    before = _mean_at_start(given, name, running, activity[:, at])
    return _Figures(last.value * scale, last.value * scale, before * scale, unit)


def _total(case: Case, item: str, year: int) -> float:
    table = case.baseline.exogenous
    return float(table.loc[(table["item"] == item) & (table["year"] == year), "value"].sum())


def _mean_at_start(given: Assumed, name: str, running: Bools, weight: Floats) -> float:
    """Mean of an attribute at the start over the sources that respond to it, weighted by their activity."""
    responses = given.tables.frame["responses"]
    default = responses[responses["attribute"] == name].set_index("class")["default"]
    sources = given.frozen.sources
    values = sources["class"].map(default.groupby(level=0).first()).to_numpy(float)
    if name in sources.columns:
        own = sources[name].to_numpy(dtype=float, na_value=np.nan)
        values = np.where(np.isnan(own) | np.isnan(values), values, own)
    counted = running & ~np.isnan(values)
    total = weight[counted].sum()
    return float(values[counted] @ weight[counted] / total) if total > 0 else float("nan")


def amounts_text(amounts: Mapping[int, Amount] | Amount) -> str:
    """An amount of the scenario, or one by year, as it would be written there."""
    if isinstance(amounts, Mapping):
        return ", ".join(f"{amounts_text(amount)} in {year}" for year, amount in amounts.items())
    if amounts.relation == "plain":
        unit = "" if amounts.unit in (None, "1") else f" {amounts.unit}"
        return f"{amounts.value:g}{unit}"
    if amounts.relation == "supply":
        return "supply"
    if amounts.relation == "points_below":
        return f"{amounts.value * 100:g} points below {amounts.base}"
    return f"{amounts.value * 100:g} % of {amounts.base}"
