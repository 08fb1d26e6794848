"""A case built again without some of its changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.base.words import POLLUTANTS
from model.baseline import Baseline, with_changes
from model.baseline.baseline import Grown
from model.options.options import size_options
from model.options.space import Space
from model.problem.bounds import ReferenceUse
from model.problem.build import build_problem
from model.results.case import Case
from model.scenario.scenario import FrozenMap, Scenario
from model.tables.read import Tables


@dataclass(frozen=True)
class Ground:
    """What all cases are built of. strengths: clause -> strength, of the register."""

    tables: Tables
    strengths: Mapping[str, str]
    reference: ReferenceUse
    grown: Grown
    space: Space


def case_without(case: Case, scenario: Scenario, ground: Ground, changes: Collection[str]) -> Case:
    """The case without some changes of the scenario, its plan as it was.

    Its problem is the same object where no cost and nothing that is imposed tells it from that with them.
    """
    kept = {name: change for name, change in scenario.changes.items() if name not in changes}
    scenario = replace(scenario, changes=FrozenMap(kept))
    baseline = with_changes(ground.grown, ground.tables, scenario, case.name)
    if not _noticed(case, scenario, baseline):
        return replace(case, baseline=baseline)
    same = _same_for_options(baseline, case.baseline)
    options = case.options if same else size_options(ground.space, ground.tables, baseline, scenario)
    problem = build_problem(scenario, baseline, options, ground.strengths, ground.reference)
    return replace(case, baseline=baseline, options=options, problem=problem)


def _same_for_options(one: Baseline, other: Baseline) -> bool:
    """Whether options of one baseline are options of the other: they know activity and the factors of the
    start. States that another beats under the changes of a pollutant are beaten without them too.
    """
    same = np.array_equal(one.inventory.activity, other.inventory.activity)
    return same and np.array_equal(one.response.isel(year=0), other.response.isel(year=0))


def _noticed(case: Case, scenario: Scenario, baseline: Baseline) -> bool:
    """Whether another baseline changes what options cost, or a total that prices or imposed limits count.

    Where activity differs only of sources that have no choice, from the start year on, no cost does: the cost
    of state 0 is 0.
    """
    before, problem, count = case.baseline, case.problem, len(case.sources)
    if scenario.prices.keys() & set(POLLUTANTS) or not baseline.exogenous.equals(before.exogenous):
        return True
    moved = (baseline.inventory.activity != before.inventory.activity).transpose("source", "year").to_numpy()
    differs = baseline.response != before.response
    choice = np.diff(problem.state_start)[:count] > 1
    if moved[choice].any() or moved[:, 0].any() or bool(differs.isel(year=0).any()):
        return True
    imposed = problem.enforced & np.isfinite(problem.bound)
    term = np.flatnonzero(np.repeat(imposed, np.diff(problem.term_ptr)))
    counted = np.unique(np.column_stack([problem.term_quantity[term], problem.term_set[term]]), axis=0)
    changed = {name: differs.sel(pollutant=name).any("year").to_numpy() for name in POLLUTANTS}
    for quantity, chosen in counted.tolist():
        name = str(problem.quantity[quantity]).split("@")[0]
        touched = moved.any(axis=1) | changed.get(name, False)
        inside = np.flatnonzero(problem.cell_set[chosen][problem.cell[:count]] & touched)
        if len(inside):
            used = np.add.reduceat(np.abs(problem.state_factor(quantity)), problem.state_start[:-1])
            if used[inside].any():
                return True
    return False
