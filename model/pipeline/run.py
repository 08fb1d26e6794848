"""Runs scenarios: three cases, their least-cost plans, results written whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from model.base.faults import Fault, InputError
from model.base.garbage import passed_over
from model.base.words import CASES
from model.baseline import Baseline, grow, with_changes
from model.baseline.reference import ReferenceUse
from model.inventory.emissions import Inventory
from model.options.options import Options, size_options
from model.options.space import make_space
from model.pipeline.clock import Clock
from model.pipeline.compare import write_comparison
from model.pipeline.given_plan import given_plan, with_file
from model.pipeline.outlines import outlines
from model.pipeline.prepare import Prepared, located, read_all, start_inventory
from model.pipeline.summary import confidence_lines, missed_mandates, summary
from model.plan import Plan, evaluate, frozen_plan, verify
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.report.page.boundaries import Boundaries
from model.report.page.report import write_report
from model.report.products.write import write_products
from model.report.studies.emergency import write_emergency
from model.results.assemble import assemble
from model.results.case import Case
from model.results.credit import Credit
from model.results.results import Results
from model.results.write import folder, write_csv, write_tables
from model.scenario.load import Scenario
from model.scenario.scenario import SolverOptions
from model.solve.alternatives import Alternatives, alternatives
from model.solve.emission import solve_emission
from model.solve.explain import Explanation, explain
from model.solve.solve import solve
from model.studies.credit.credit import credit
from model.studies.credit.undone import Ground
from model.studies.emergency.emergency import emergency_lists
from model.studies.emergency.lists import EmergencyResults, alert_figures, emergency_results, write_lists
from model.studies.emergency.ready import Ready, make_ready
from model.studies.robust.asked import confidence_faults, confident
from model.studies.robust.robust import Attained, make_uncertain, robust_plan
from model.studies.sweeps.what_ifs import in_words

EXPLAINED = ("pricing", "monolithic")
"""Methods whose plan misses a limit only where no plan meets all of them."""


@dataclass(frozen=True)
class Built:
    """The cases of one scenario, not solved. faults: what building found wrong; then there are no cases.
    given: the plan to evaluate, where the scenario brings one. alerts: what emergency lists are made from.
    ground: what the cases are built of. inventory: of the start year.
    """

    prepared: Prepared
    clock: Clock
    cases: Mapping[str, tuple[Baseline, Options, Problem]]
    given: Plan | None = None
    faults: tuple[Fault, ...] = ()
    alerts: Ready | None = None
    ground: Ground | None = None
    inventory: Inventory | None = None


@dataclass(frozen=True)
class Beside:
    """What a run finds beside the plan, each where it is asked for: plans that differ, why limits are missed,
    what is lost without each clause, emergency lists.
    """

    found: Alternatives | None
    explanation: Explanation | None
    credit: Credit | None
    lists: EmergencyResults | None


@dataclass(frozen=True)
class Outcome:
    """What is left of a run when its files are written.

    missed: an enforced limit or a mandate is missed, or not met with its confidence. mandates: which
    mandates, in words. attained: of limits with a confidence, if there are any.
    """

    results: Results
    missed: bool
    mandates: tuple[str, ...]
    attained: Attained | None = None


@dataclass(frozen=True)
class Answered:
    """A run before its files are written; lists: of days of alert, where the scenario has any."""

    outcome: Outcome
    lists: EmergencyResults | None


def run(
    paths: Sequence[Path],
    settings: Sequence[str],
    inputs: Path,
    out: Path,
    lang: str,
    workers: int = 1,
    boundaries: Path | None = None,
) -> int:
    """Run scenarios and write OUT/SCENARIO/ of each, and a comparison where there are several.

    All of them are built before the first is solved, so that what is wrong is said at once. boundaries: a
    GeoJSON file of the cities for the maps.

    Returns 0, or 1 when an enforced limit of some scenario is missed.

    Raises:
        InputError: something in the input of any of them is wrong; then nothing is written.
    """
    prepared = read_all(paths, settings, inputs, confidence_faults, _name_faults(paths))
    shapes = outlines(boundaries, prepared)
    count = len(prepared)
    if workers > 1 and count > 1:
        with ProcessPoolExecutor(min(workers, count)) as pool:
            built = _sound(pool.map(build_cases, prepared))
            outcomes = list(pool.map(run_one, built, [out] * count, [lang] * count, [shapes] * count))
    else:
        built = _sound(map(build_cases, prepared))
        outcomes = [run_one(each, out, lang, shapes) for each in built]
    for outcome in outcomes:
        sys.stdout.write(summary(outcome.results, out, outcome.mandates) + "\n")
        if outcome.attained is not None:
            sys.stdout.write("\n".join(confidence_lines(outcome.attained)) + "\n")
    for each in prepared:
        if each.scenario.sweep is not None:
            sys.stdout.write(f"{each.scenario.name}: {in_words(each.scenario.sweep)}\n")
    if len(outcomes) > 1:
        folders = [out / outcome.results.scenario for outcome in outcomes]
        sys.stdout.write("\n".join(write_comparison(folders, out)) + "\n")
    return int(any(outcome.missed for outcome in outcomes))


def _name_faults(paths: Sequence[Path]) -> list[Fault]:
    """Files of one name, which is that of the folder of results too."""
    wrong = "is the name of another scenario too"
    right = "results would overwrite each other; rename one file"
    names = [path.stem for path in paths]
    return [
        Fault(str(path), None, None, path.stem, wrong, right)
        for number, path in enumerate(paths)
        if path.stem in names[:number]
    ]


def build_cases(prepared: Prepared, clock: Clock | None = None) -> Built:
    """Baseline, options and problem of the three cases of one scenario, or what is wrong with them.

    clock: one that measures more than seconds may take the place of the usual one.
    """
    scenario, tables = prepared.scenario, prepared.tables
    clock = clock or Clock(scenario.name)
    cases = {}
    try:
        with clock.stage("inventory"):
            inventory = start_inventory(prepared)
        reference = ReferenceUse(tables, scenario)
        alerts = tuple(scenario.alerts.values())
        ready = make_ready(scenario, tables, inventory, alerts) if alerts else None
        with clock.stage("growth"):
            grown = grow(tables, inventory, scenario)
        with clock.stage("states"):
            space = make_space(tables, grown.sources, scenario)
        for name in CASES:
            with clock.stage(f"{name}: build"):
                baseline = with_changes(grown, tables, scenario, name)
                # A state that another beats at the values of the tables may be the less uncertain one.
                every = name == "plan" and bool(confident(scenario))
                options = size_options(space, tables, baseline, scenario, every)
                problem = build_problem(scenario, baseline, options, prepared.strengths, reference)
            cases[name] = (baseline, options, problem)
        given = given_plan(scenario, cases["plan"][2])
    except InputError as error:
        return Built(prepared, clock, {}, faults=located(error.faults, scenario))
    if given is not None and scenario.plan_file is not None:
        prepared = replace(prepared, tables=with_file(tables, scenario.plan_file))
    ground = Ground(tables, prepared.strengths, reference, grown, space)
    return Built(prepared, clock, cases, given, alerts=ready, ground=ground, inventory=inventory)


def _sound(each: Iterable[Built]) -> list[Built]:
    """All that was built, if nothing is wrong with any of it."""
    built = list(each)
    faults = [fault for one in built for fault in one.faults]
    if faults:
        raise InputError(dict.fromkeys(faults))
    return built


def run_one(built: Built, out: Path, lang: str, boundaries: Boundaries | None = None) -> Outcome:
    """Solve the three cases of one scenario and write its folder."""
    answered = answer(built)
    write_answer(answered, out / built.prepared.scenario.name, lang, built.clock, boundaries)
    return answered.outcome


def answer(built: Built) -> Answered:
    """Solve the three cases of one scenario and gather its results."""
    prepared, clock = built.prepared, built.clock
    scenario = prepared.scenario
    attained = attained_plan(built) if confident(scenario) else None
    given = built.given if attained is None else attained.plan
    plan = solve_case(scenario, *built.cases["plan"], clock, given)
    # What counts is the plan's cost over the law's: the law may be as far from its bound as the plan, in CNY.
    enough = scenario.solver.gap * evaluate(plan.problem, plan.plan).gross_cny
    law = solve_case(scenario, *built.cases["current_law"], clock, built.given, enough)
    frozen = solve_case(scenario, *built.cases["frozen"], clock)
    verdict = verify(plan.problem, plan.plan)
    missed = bool(verdict.limits.any() or verdict.mandates or (attained is not None and attained.missed))
    beside = _ask_beside(built, plan, bool(verdict.limits.any()))
    with clock.stage("results"):
        results = assemble(
            prepared.tables,
            prepared.register,
            scenario,
            frozen,
            law,
            plan,
            clock.seconds,
            beside.found,
            beside.explanation,
            None if beside.lists is None else alert_figures(beside.lists),
            beside.credit,
        )
    if attained is not None:
        results = replace(results, confidence=attained.frame)
    outcome = Outcome(results, missed, tuple(missed_mandates(plan.problem, verdict)), attained)
    return Answered(outcome, beside.lists)


def write_answer(
    answered: Answered, target: Path, lang: str, clock: Clock, boundaries: Boundaries | None = None
) -> None:
    """Write all files of a run into a folder, which they replace."""
    results, lists, attained = answered.outcome.results, answered.lists, answered.outcome.attained
    with passed_over(), folder(target) as where:
        write_tables(results, where)
        with clock.stage("report"):
            write_report(results, lang, where, boundaries)
            write_products(results, lists, lang, where)
            if attained is not None:
                write_csv(attained.frame, where / "confidence.csv")
            if lists is not None:
                write_lists(lists, where)
                write_emergency(lists, lang, where)


def attained_plan(built: Built) -> Attained:
    """The plan of a scenario with limits that have a confidence, or what the given plan attains of it."""
    prepared, inventory = built.prepared, built.inventory
    assert inventory is not None
    with built.clock.stage("plan: uncertain numbers"):
        uncertain = make_uncertain(prepared.tables, prepared.scenario, inventory, built.cases["plan"])
    with built.clock.stage("plan: solve with confidence"):
        return robust_plan(uncertain, built.given)


def _ask_beside(built: Built, plan: Case, missed: bool) -> Beside:
    """All that is asked beside the plan. missed: whether it misses a limit."""
    scenario, clock = built.prepared.scenario, built.clock
    solver = scenario.solver
    least_cost = solver.method in EXPLAINED and not plan.problem.notes["minimise"] and not confident(scenario)
    found, explanation, lost, lists = None, None, None, None
    if solver.alternatives:
        with clock.stage("alternatives"):
            found = alternatives(plan.problem, plan.plan, solver, solver.alternatives, solver.within)
    if missed and least_cost:
        with clock.stage("explain"):
            explanation = explain(plan.problem, plan.plan, solver)
    if least_cost and built.ground is not None and len(built.prepared.register):
        with clock.stage("credit"):
            lost = credit(scenario, plan, built.ground, built.prepared.register["clause"].tolist())
    if built.alerts is not None:
        with clock.stage("emergency"):
            made = emergency_lists(built.alerts, built.prepared.tables)
            lists = emergency_results(scenario, built.prepared.tables, made)
    return Beside(found, explanation, lost, lists)


def solve_case(
    scenario: Scenario,
    baseline: Baseline,
    options: Options,
    problem: Problem,
    clock: Clock,
    given: Plan | None = None,
    enough: float = 0.0,
) -> Case:
    """One case with its plan; with a given plan for case plan, the law in force is met at least cost.

    enough: a gap in CNY that suffices.
    """
    if problem.case == "frozen":
        return Case(baseline, options, problem, frozen_plan(problem))
    if given is not None and problem.case == "plan":
        return Case(baseline, options, problem, given)
    solver = scenario.solver
    if given is not None:
        solver = replace(solver, method=SolverOptions().method)
    with clock.stage(f"{problem.case}: solve"):
        if problem.notes["minimise"]:
            return Case(baseline, options, problem, *solve_emission(problem, solver))
        plan = solve(problem, solver, enough)
    return Case(baseline, options, problem, plan)
