"""Limits with a `confidence`: which can carry one, and what of their bounds is itself uncertain."""

from __future__ import annotations

import numpy as np

from model.base.faults import Fault
from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.problem.items import Base
from model.problem.objective import terms_of
from model.problem.problem import Problem
from model.scenario.amounts import Amount
from model.scenario.scenario import Limit, Scenario
from model.scenario.tree import locate

LEAST = 0.5
"""Confidence below which a limit is met by a plan that takes its chances: the set of plans has holes."""

METHODS = ("pricing", "monolithic", "evaluate")
"""Methods that know of confidence; `evaluate` says what a given plan attains."""


def confident(scenario: Scenario) -> tuple[Limit, ...]:
    """The limits with a confidence."""
    return tuple(limit for limit in scenario.limits.values() if limit.confidence is not None)


def confidence_faults(scenario: Scenario) -> list[Fault]:
    """What is wrong with the confidence of each limit, and with what the scenario asks beside it."""
    asked = confident(scenario)
    found = [
        (f"limits.{limit.id}.confidence", f"{limit.confidence:g}", *fault)
        for limit in asked
        if (fault := _unfit(limit, scenario.start)) is not None
    ]
    if asked:
        found += _beside(scenario)
    return [_located(scenario, *each) for each in found]


def refused(scenario: Scenario) -> list[Fault]:
    """Each confidence, for commands that would go on as if it were not there."""
    wrong, right = "is for run and confidence alone", "leave it out here, as --set PATH=null"
    return [
        _located(scenario, f"limits.{limit.id}.confidence", f"{limit.confidence:g}", wrong, right)
        for limit in confident(scenario)
    ]


def _located(scenario: Scenario, path: str, value: str, wrong: str, right: str) -> Fault:
    """A fault at the line where the value was written."""
    at = locate(path, scenario.places)
    return Fault(at.file, at.line, path, value, wrong, right)


def _unfit(limit: Limit, start: int) -> tuple[str, str] | None:
    """What is wrong with the confidence of a limit and what would be right, None where nothing is."""
    assert limit.confidence is not None
    if limit.confidence < LEAST:
        return "is below even odds", f"write {LEAST:.0%} or more"
    if limit.quantity not in POLLUTANTS:
        wrong = f"is of a limit on {limit.quantity}, and only emission carries one"
        return wrong, "leave it out, or limit a pollutant"
    if limit.share_of is not None:
        return "is of a limit on a share, and only a sum carries one", "leave it out, or limit the sum"
    if limit.op is None:
        return "is of a limit without a bound", "give at_most, or leave it out"
    amounts = [limit.bounds] if isinstance(limit.bounds, Amount) else list((limit.bounds or {}).values())
    early = [a for a in amounts if a is not None and (a.base or "").isdecimal() and int(str(a.base)) < start]
    if early and limit.link == "none":
        wrong = f"is of a percentage of {early[0].base}, whose own inventory has numbers of its own"
        return wrong, "leave out link: none, and give progress"
    return None


def _beside(scenario: Scenario) -> list[tuple[str, str, str, str]]:
    """What a scenario can not ask for beside a confidence: path, value, what is wrong, what is right."""
    found: list[tuple[str, str, str, str]] = []
    if scenario.solver.method not in METHODS:
        wrong, right = "does not know of confidence", f"write one of {', '.join(METHODS)}"
        found.append(("solver.method", scenario.solver.method, wrong, right))
    if scenario.solver.alternatives:
        wrong = "asks for plans beside one with a confidence, which they would not keep to"
        found.append(("solver.alternatives", str(scenario.solver.alternatives), wrong, "write 0"))
    if not isinstance(scenario.minimise, str):
        wrong = "is minimised, and confidence is of least-cost plans"
        found.append(("minimise", ", ".join(scenario.minimise), wrong, "write cost, or leave confidence out"))
    return found


def base_of(problem: Problem, limit: int, entry: Limit, baseline: Baseline) -> Base | None:
    """The part of a bound that is modelled emission, and so as uncertain as what it bounds; None where the
    bound is a number.

    A percentage of a year before the start is chain-linked to the start year. The share to keep to and the
    progress that is booked are certain: they are what the plan says.
    """
    year = int(problem.years[problem.term_year[problem.term_ptr[limit]]])
    amount = entry.bound(year)
    if amount is None or amount.base is None:
        return None
    start = int(baseline.inventory.activity["year"].min())
    of = year if amount.base == "frozen" else max(int(amount.base), start)
    quantity, _, _, chosen = terms_of(problem, limit)[0]
    activity = baseline.activity_unchanged.sel(year=of).to_numpy()
    first = problem.state_factor(quantity)[problem.state_start[:-1]][: len(activity)]
    counted = problem.cell_set[chosen][problem.cell][: len(activity)]
    value = np.where(counted, activity * first, 0.0)
    source = np.flatnonzero(value)
    bound = float(problem.bound[limit]) + (amount.value if amount.relation == "less" else 0.0)
    place = baseline.activity_unchanged["year"].to_numpy().tolist().index(of)
    return Base(source, value[source] * bound / value.sum(), place)
