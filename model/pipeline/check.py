"""Validates a scenario and its inputs and says what would be built. Solves nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.base.faults import InputError
from model.baseline import Baseline, build_baseline
from model.baseline.reference import ReferenceUse
from model.inventory.emissions import Inventory
from model.options.options import build_options
from model.pipeline.alerts import alert_lines
from model.pipeline.footing import footing
from model.pipeline.given_plan import given_plan
from model.pipeline.prepare import Prepared, located, of_each, read_inputs, start_inventory, years_of_sources
from model.plan import frozen_plan, verify
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.problem.reach import best_reach, unreachable
from model.scenario.load import Scenario
from model.studies.robust.asked import confidence_faults
from model.studies.sweeps.what_ifs import in_words


def check_all(paths: Sequence[Path], settings: Sequence[str], inputs: Path) -> None:
    """`check` each scenario; those that are sound are described even if others are not.

    Raises:
        InputError: every fault of every scenario.
    """
    of_each(paths, lambda path: check(path, settings, inputs))


def check(path: Path, settings: Sequence[str], inputs: Path) -> None:
    """Print what a scenario asks for, what its region's tables hold, how good they are, and what would be
    solved.

    Raises:
        InputError: every fault of the scenario, of the tables, or of what joins them.
    """
    prepared = read_inputs(path, settings, inputs)
    if faults := confidence_faults(prepared.scenario):
        raise InputError(faults)
    lines = _demands(prepared)
    years = years_of_sources(prepared.tables)
    if prepared.scenario.start in years:
        try:
            inventory = start_inventory(prepared)
            lines += [*footing(prepared, inventory), *alert_lines(prepared, inventory)]
            lines += _problem(prepared, inventory)
        except InputError as error:
            raise InputError(located(error.faults, prepared.scenario)) from None
    else:
        there = f"sources of {', '.join(map(str, years))} only" if years else "no sources yet"
        lines.append(f"sources: {prepared.tables.region} has {there}; checked as far as its inputs go")
    sys.stdout.write("\n".join(lines) + "\n")


def _demands(prepared: Prepared) -> list[str]:
    scenario = prepared.scenario
    lines = [
        f"{scenario.title['en'] if scenario.title else scenario.name} ({scenario.path})",
        f"entries: {len(scenario.limits)} limits, {len(scenario.mandates)} mandates, "
        f"{len(scenario.changes)} changes, {len(scenario.alerts)} alerts, "
        f"{len(scenario.not_modelled)} not modelled",
    ]
    if scenario.register:
        lines.append(f"register: {scenario.register}, {len(prepared.register)} clauses, each answered once")
    if scenario.sweep is not None:
        lines.append(in_words(scenario.sweep))
    return lines


def _problem(prepared: Prepared, inventory: Inventory) -> list[str]:
    """Size of the problem of case plan, and the limits and mandates that nothing can meet."""
    scenario, tables = prepared.scenario, prepared.tables
    baseline = build_baseline(tables, inventory, scenario, "plan")
    options = build_options(tables, baseline, scenario)
    problem = build_problem(scenario, baseline, options, prepared.strengths, ReferenceUse(tables, scenario))
    given_plan(scenario, problem)
    lines = [
        f"problem: {len(problem.source)} sources, {len(problem.state_label)} states "
        f"({options.dropped} dominated ones dropped), {len(problem.move_from)} moves, "
        f"{len(problem.limit)} limits, {len(problem.mandate)} mandates",
        f"sha256: {problem.sha256()}",
    ]
    if options.unused:
        lines.append(f"measures that fit nothing here: {', '.join(options.unused)}")
    return lines + _idle(scenario, baseline) + _out_of_reach(problem)


def _idle(scenario: Scenario, baseline: Baseline) -> list[str]:
    """Mandates and changes whose `where` no source fits: no fault, a region may lack a class."""
    return [
        f"{kind} that concerns no source: {entry.id}"
        for kind, entries in (("mandate", scenario.mandates), ("change", scenario.changes))
        for entry in entries.values()
        if entry.where is not None and not baseline.columns.chosen(entry.where).any()
    ]


def _out_of_reach(problem: Problem) -> list[str]:
    best, frozen = best_reach(problem), verify(problem, frozen_plan(problem))
    lines = [
        f"limit out of reach: {problem.limit[i]}: bound {problem.bound[i]:,.6g}, "
        f"no plan passes {best[i]:,.6g}"
        for i in np.flatnonzero(unreachable(problem))
    ]
    allowed = problem.allowed()[:, -1]
    possible = np.add.reduceat(allowed, problem.state_start[:-1]) > 0
    stuck = sorted(
        {
            (problem.mandate[m.mandate], problem.source[m.source])
            for m in frozen.mandates
            if not possible[m.source]
        }
    )
    lines += [
        f"mandate out of reach: {mandate}: {source} has no state that it allows" for mandate, source in stuck
    ]
    return lines or ["nothing is out of reach by itself"]
