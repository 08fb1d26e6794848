"""The Python interface, for notebooks and programs: nouns are types, verbs are functions.

    from model.api import load_scenario, load_tables, run

It is a module of its own because `model.solve`, `model.plan` and others are packages and modules of the same
names. Every function takes what the one before it returned, so that a step can be looked at, changed or left
out. Bad input raises `InputError`, whose `faults` say file, row, column, what is wrong and what would be
right; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

import model.baseline
import model.options.options
import model.problem.build
import model.scenario.load
import model.solve.solve
from model.base.faults import Fault, InputError, nearest
from model.base.words import CASES
from model.baseline import Baseline
from model.baseline.reference import ReferenceUse
from model.inventory.emissions import Inventory
from model.options.options import Options
from model.pipeline import calibrate as calibration
from model.pipeline.clock import Clock
from model.pipeline.curve import Wish, check_wish, scenario_curves
from model.pipeline.prepare import INPUTS, join_inputs, located, start_inventory
from model.pipeline.run import answer, build_cases, write_answer
from model.plan import Evaluation, Plan, evaluate, frozen_plan
from model.problem.problem import Problem
from model.results.results import Results
from model.results.write import out_faults
from model.scenario.scenario import Scenario, SolverOptions
from model.solve.emission import solve_emission
from model.studies.curves.frames import Frames as Curves
from model.studies.robust.asked import confidence_faults
from model.tables.read import Tables, read_tables

__all__ = [
    "Baseline",
    "Curves",
    "Evaluation",
    "InputError",
    "Inventory",
    "Options",
    "Plan",
    "Problem",
    "Results",
    "Scenario",
    "SolverOptions",
    "Tables",
    "build_baseline",
    "build_inventory",
    "build_options",
    "build_problem",
    "calibrate",
    "curve",
    "evaluate",
    "load_scenario",
    "load_tables",
    "run",
    "solve",
]


def load_tables(region: str, inputs: str | Path = INPUTS) -> Tables:
    """The checked tables of a region, with those of inputs/reference.

    Args:
        region: name of a folder of `inputs`, as `erenhot`.
        inputs: folder of the inputs; that of the checkout without it.

    Raises:
        InputError: every fault of every file.
    """
    return read_tables(Path(inputs), region)


def load_scenario(path: str | Path, settings: Mapping[str, object] | None = None) -> Scenario:
    """The scenario of a YAML file.

    Args:
        path: of the file.
        settings: values to change, by dotted path, as `{"discount_rate": "8 %"}`.

    Raises:
        InputError: every fault, with the file and line where the value was written.
    """
    changed = [f"{name}={value}" for name, value in (settings or {}).items()]
    return model.scenario.load.load_scenario(Path(path), changed)


def build_inventory(tables: Tables, scenario: Scenario) -> Inventory:
    """Activity and calibrated emission factor of every source in the scenario's start year.

    `emission()` of what is returned is t/yr by source, year and pollutant; NaN where no factor is known.

    Raises:
        InputError: a name that only one of tables and scenario knows, no sources of that year, or sources
            that the reference tables do not cover.
    """
    with _located(scenario):
        return start_inventory(join_inputs(scenario, tables))


def build_baseline(tables: Tables, scenario: Scenario, inventory: Inventory, case: str = "plan") -> Baseline:
    """Start year and decision years before any measure: growth, turnover, new sources, changes in force.

    Args:
        case: `frozen` (no change in force), `current_law` (those already law) or `plan` (all).

    Raises:
        InputError: tables or scenario say too little, or an unknown case.
    """
    if case not in CASES:
        raise InputError([Fault("build_baseline", None, "case", case, "is not known", nearest(case, CASES))])
    with _located(scenario):
        return model.baseline.build_baseline(tables, inventory, scenario, case)


def build_options(tables: Tables, scenario: Scenario, baseline: Baseline) -> Options:
    """The states that each source may reach, with emission and use (per unit of activity) and cost (CNY of
    the scenario's price year), and the moves between them.

    Raises:
        InputError: a measure fits a source without the size that its cost is per, or something has no price.
    """
    with _located(scenario):
        return model.options.options.build_options(tables, baseline, scenario)


def build_problem(tables: Tables, scenario: Scenario, baseline: Baseline, options: Options) -> Problem:
    """The case of `baseline` as arrays and labels: everything that solving needs.

    Raises:
        InputError: a limit that matches no source, or whose bound can not be found.
    """
    with _located(scenario):
        strengths = join_inputs(scenario, tables).strengths
        reference = ReferenceUse(tables, scenario)
        return model.problem.build.build_problem(scenario, baseline, options, strengths, reference)


def solve(problem: Problem, options: SolverOptions | None = None) -> Plan:
    """The least-cost plan, with a proven bound on the least cost; that of least shortfall where no plan meets
    every limit (status `infeasible`). Where the scenario minimises emission, the cheapest of least emission.

    Limits with a `confidence` are met at central values; `run` meets them with it. What the plan costs and
    uses is `evaluate(problem, plan)`.

    Args:
        options: as a scenario has them (`scenario.solver`): method, gap (share of gross spending), seconds.

    Raises:
        ValueError: a method that solves nothing, as `evaluate`.
    """
    options = SolverOptions() if options is None else options
    if problem.case == "frozen":
        return frozen_plan(problem)
    if problem.notes["minimise"]:
        return solve_emission(problem, options)[0]
    return model.solve.solve.solve(problem, options)


def curve(
    tables: Tables,
    scenario: Scenario,
    pollutants: str | Sequence[str],
    *,
    year: int | None = None,
    by_city: bool = False,
    points: int = 25,
    held: bool = False,
    workers: int = 1,
) -> Curves:
    """Least cost against reduction (t and per cent of the frozen emission), each point solved anew.

    Costs are present values, CNY of the price year, over and above doing nothing.

    Args:
        pollutants: one, as `SO2`, or several.
        year: decision year that the emission is of; the last one without it.
        by_city: a curve of each city in the place of one of the region.
        points: of each curve at most.
        held: the plan's other limits, mandates and changes hold along the curve.
        workers: curves found side by side, each in a process of its own.

    Raises:
        InputError: something asked for is not known, or the limits that hold can not all be met.
    """
    asked = (pollutants,) if isinstance(pollutants, str) else tuple(pollutants)
    wish = Wish(asked, year, by_city, points, held)
    prepared = join_inputs(scenario, tables)
    check_wish(scenario, wish)
    return scenario_curves(prepared, wish, workers)


def calibrate(
    tables: Tables,
    scenario: Scenario,
    accounts: Sequence[str] = (),
    *,
    observations: str | Path | None = None,
    name: str = "posterior",
    draws: int = 1000,
) -> dict[str, pd.DataFrame]:
    """What observations say of factors, controls and activities of a region: least squares of logarithms.

    Args:
        accounts: of the observations to use; those of the scenario's calibration without any.
        observations: a file with more of them, in the columns of the table `observations`.
        name: of the calibration that is made.
        draws: for the ranges of totals.

    Returns:
        Tables by name. `calibration`: multipliers, to be kept as inputs/REGION/calibration.csv and named by a
        scenario; `residuals` (logarithms), `diagnostics`, `conflicts`, `parameters`, and `totals` by sector
        before and after, t/yr with 95 % ranges.

    Raises:
        InputError: an unknown account, a fault of the file, or no observation that can be used.
    """
    wish = calibration.Wish(
        tuple(accounts), None if observations is None else Path(observations), name=name, draws=draws
    )
    calibration.check_wish(wish)
    with _located(scenario):
        return calibration.calibrated_frames(join_inputs(scenario, tables), wish)


def run(tables: Tables, scenario: Scenario, out: str | Path | None = None, lang: str = "en") -> Results:
    """Build and solve the three cases of a scenario and gather all that reports say, as the command `run`.

    Args:
        out: folder in which a folder named like the scenario gets the files of the command, an older one of
            that name being replaced; nothing is written without it.
        lang: language of the files, en or zh.

    Returns:
        Frames with emission in t/yr and money in CNY of the price year; docs/commands.md has their columns.

    Raises:
        InputError: every fault of what joins tables and scenario, or of what is built from them; `out` is a
            file.
    """
    faults = confidence_faults(scenario)
    if out is not None:
        faults += out_faults(Path(out))
    if faults:
        raise InputError(faults)
    clock = Clock(scenario.name)
    built = build_cases(join_inputs(scenario, tables), clock)
    if built.faults:
        raise InputError(built.faults)
    answered = answer(built)
    if out is not None:
        write_answer(answered, Path(out) / scenario.name, lang, clock)
    return answered.outcome.results


@contextmanager
def _located(scenario: Scenario) -> Iterator[None]:
    """Faults that name a path of the scenario get the file and line where it was written."""
    try:
        yield
    except InputError as error:
        raise InputError(located(error.faults, scenario)) from None
