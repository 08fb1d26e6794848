"""The command `curve`: least cost against reduction, of the region or of each of its cities."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from model.base.faults import Fault, InputError, nearest
from model.base.words import POLLUTANTS
from model.baseline import grow, with_changes
from model.baseline.reference import ReferenceUse
from model.options.options import Options, size_options
from model.options.space import make_space
from model.pipeline.clock import Clock
from model.pipeline.names import names_of
from model.pipeline.prepare import Prepared, located, read_all, start_inventory
from model.plan import Plan
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.report.studies.curves import write_curve_figures
from model.results.write import beside, write_csv
from model.scenario.scenario import Scenario, SolverOptions
from model.solve.quick import quick
from model.studies.curves.curve import OutOfReach, trace
from model.studies.curves.frames import Asked, Frames, frames, joined
from model.studies.curves.problem import Whole, curve_scenario
from model.studies.robust.asked import refused

FIGURES = "curve_figures"
"""Folder of the figures, within that of the scenario."""

GAP = 1e-2
"""Gap at which a point is good enough, where the scenario's own is less."""


@dataclass(frozen=True)
class Wish:
    """What curves are asked for. year: None for the last decision year. cities: one of each city, not of the
    region. points: of each at most. held: the plan's other limits, mandates and changes hold along them.
    """

    pollutants: tuple[str, ...]
    year: int | None = None
    cities: bool = False
    points: int = 25
    held: bool = False


def curve(
    paths: Sequence[Path],
    settings: Sequence[str],
    inputs: Path,
    out: Path,
    wish: Wish,
    workers: int,
    lang: str = "en",
) -> int:
    """Write OUT/SCENARIO/curve.csv and what belongs to it of each scenario. Returns 0.

    Raises:
        InputError: something in the input of any of them is wrong, or its limits can not all hold; nothing is
            written then.
    """
    prepared = read_wished(paths, settings, inputs, wish)
    made = [scenario_curves(each, wish, workers) for each in prepared]
    for each, result in zip(prepared, made, strict=True):
        target = out / each.scenario.name
        with beside(target) as where:
            write_frames(result, where)
            figures = where / FIGURES
            write_curve_figures(
                result.curve, result.measures, result.others, names_of(each.tables), lang, figures
            )
        sys.stdout.write("\n".join([*_said(each.scenario.name, result), f"written to {target}", ""]))
    return 0


def write_frames(result: Frames, where: Path) -> None:
    """curve.csv, curve_measures.csv and curve_others.csv into a folder."""
    write_csv(result.curve, where / "curve.csv")
    write_csv(result.measures, where / "curve_measures.csv")
    write_csv(result.others, where / "curve_others.csv")


def read_wished(paths: Sequence[Path], settings: Sequence[str], inputs: Path, wish: Wish) -> list[Prepared]:
    """Read the scenarios that curves are asked of.

    Raises:
        InputError: something in the input of any of them is wrong, or in what is asked.
    """

    def wrong(scenario: Scenario) -> list[Fault]:
        return [*refused(scenario), *_year_fault(scenario, wish.year)]

    return read_all(paths, settings, inputs, wrong, _wish_faults(wish))


def check_wish(scenario: Scenario, wish: Wish) -> None:
    """Raise InputError where what is asked for can not be drawn of a scenario."""
    faults = [*_wish_faults(wish), *refused(scenario), *_year_fault(scenario, wish.year)]
    if faults:
        raise InputError(faults)


def _wish_faults(wish: Wish) -> list[Fault]:
    faults = [
        Fault("--pollutant", None, None, name, "is not known", nearest(name, POLLUTANTS))
        for name in wish.pollutants
        if name not in POLLUTANTS
    ]
    if wish.points < 2:
        faults.append(Fault("--points", None, None, str(wish.points), "is no curve", "write 2 or more"))
    return faults


def scenario_curves(prepared: Prepared, wish: Wish, workers: int) -> Frames:
    """The curves of one scenario, pollutant by pollutant, as tables.

    Raises:
        InputError: as `curve`.
    """
    scenario, clock = prepared.scenario, Clock(prepared.scenario.name)
    solver = replace(scenario.solver, gap=max(GAP, scenario.solver.gap), time_limit=None)
    try:
        with clock.stage("build"):
            asked = asked_curves(prepared, wish, solver)
        with clock.stage("curves"):
            count = len(asked)
            if workers > 1 and count > 1:
                with ProcessPoolExecutor(min(workers, count)) as pool:
                    parts = list(pool.map(traced, asked, [solver] * count, [wish.points] * count))
            else:
                parts = [traced(each, solver, wish.points) for each in asked]
    except OutOfReach:
        raise InputError([_unmet(scenario, wish.held)]) from None
    return joined(parts)


def traced(asked: Asked, solver: SolverOptions, points: int) -> Frames:
    """One curve as tables.

    Raises:
        OutOfReach: no plan meets the limits that hold along it.
    """
    return frames(asked, trace(asked.problem, asked.limit[asked.pollutant], solver, points, asked.start))


def built(prepared: Prepared, year: int) -> Whole:
    """Case plan of a scenario as curves have it.

    Raises:
        InputError: the tables or the scenario say too little.
    """
    scenario, tables = prepared.scenario, prepared.tables
    try:
        grown = grow(tables, start_inventory(prepared), scenario)
        baseline = with_changes(grown, tables, scenario, "plan")
        options = size_options(make_space(tables, grown.sources, scenario), tables, baseline, scenario)
        reference = ReferenceUse(tables, scenario)
        problem = build_problem(scenario, baseline, options, prepared.strengths, reference)
    except InputError as error:
        raise InputError(located(error.faults, scenario)) from None
    return Whole(scenario, problem, _measures(options, problem), year)


def _measures(options: Options, problem: Problem) -> list[tuple[str, ...]]:
    """Measures of each state, [K]; a project that is built is one by its own name."""
    out = [tuple(each) for each in options.states["measures"]]
    projects = problem.source[problem.source_of_state[len(out) :]].tolist()
    stands = problem.state_label[len(out) :] == "built"
    return [*out, *((name,) if there else () for name, there in zip(projects, stands, strict=True))]


def asked_curves(prepared: Prepared, wish: Wish, solver: SolverOptions) -> list[Asked]:
    """The problem of each curve that is asked for, without those of what is not emitted.

    Raises:
        InputError: the tables or the scenario say too little, or nothing is emitted.
        OutOfReach: no plan meets the limits that hold along them.
    """
    scenario = prepared.scenario
    year = scenario.years[-1] if wish.year is None else wish.year
    pollutants = tuple(dict.fromkeys(wish.pollutants))
    eased = curve_scenario(scenario, pollutants, year, wish.cities, wish.held)
    whole = built(replace(prepared, scenario=eased), year)
    areas = prepared.tables.frame["areas"]
    if wish.cities:
        names = dict(zip(areas["area"], areas["name"], strict=True))
        asked = _of_cities(whole, names, pollutants, solver)
    else:
        top = areas.loc[areas["parent"].isna(), "name"]
        name = str(top.iloc[0]) if len(top) == 1 else scenario.region
        asked = [whole.region_curve(name, pollutant) for pollutant in pollutants]
    asked = [each for each in asked if each.frozen(each.pollutant) > 0]
    if not asked:
        wrong = f"is emitted in {year} by no source that limits count"
        raise InputError([Fault("--pollutant", None, None, ", ".join(pollutants), wrong, "ask for another")])
    return asked


def _of_cities(
    whole: Whole, names: Mapping[str, str], pollutants: Sequence[str], solver: SolverOptions
) -> list[Asked]:
    """Curves of all cities, each with the others as in the least-cost plan without its target."""
    out, free = list[Asked](), dict[bytes, Plan]()
    for pollutant in pollutants:
        problem = whole.freed(pollutant)
        key = problem.enforced.tobytes()
        if key not in free:
            plan, kept = quick(problem, solver)
            if kept is None:
                raise OutOfReach
            free[key] = plan
        out += whole.city_curves(names, pollutant, free[key])
    return out


def _year_fault(scenario: Scenario, year: int | None) -> list[Fault]:
    """What is wrong with the year asked for."""
    if year is None or year in scenario.years:
        return []
    right = f"write one of {', '.join(map(str, scenario.years))}"
    return [Fault("--year", None, None, str(year), f"is no decision year of {scenario.name}", right)]


def _unmet(scenario: Scenario, held: bool) -> Fault:
    what = "limits and mandates of the plan" if held else "supply, build rates and the law in force"
    right = "run the scenario to see which are missed" + (", or leave --held out" if held else "")
    return Fault(str(scenario.path), None, None, None, f"no plan was found that meets the {what}", right)


def _said(name: str, result: Frames) -> list[str]:
    """A line a curve."""
    lines = [f"{name}: cost curves"]
    for (city, pollutant), rows in result.curve.groupby(["city", "pollutant"], sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        lines.append(
            f"  {city}, {pollutant} {last['year']}: {len(rows)} points, {first['reduction_pct']:.1f} % at "
            f"{first['total_cost_cny'] / 1e6:,.1f} million CNY to {last['reduction_pct']:.1f} % at "
            f"{last['total_cost_cny'] / 1e6:,.1f}; gaps up to {rows['gap'].max():.1e}"
        )
    return lines
