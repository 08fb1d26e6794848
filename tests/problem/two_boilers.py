"""Problems of two boilers, made from the miniature inputs."""

from __future__ import annotations

from pathlib import Path

from model.plan import Plan, evaluate, frozen_plan
from model.problem.bounds import ReferenceUse
from model.problem.build import build_problem
from model.problem.problem import Problem
from tests.baseline.world import coal_boiler
from tests.options.catalogue import CLOSE, FGD, GAS, boiler_world, costs, options_of
from tests.small_inputs import REGION, SOURCES

PROJECT_HEADER = (
    "project,name,name_zh,supplies,serves,area,capacity,unit,peak,peak_unit,status,first_year,capital_cny,"
    "fixed_om_cny,lifetime,payer,citation,rating,constructed\n"
)


PIPES = {
    f"{REGION}/projects.csv": PROJECT_HEADER
    + "OLD,Old,旧,natural_gas,150100,150100,1000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no\n"
    + "NEXT,Next,后,natural_gas,150100,150100,500000,m3/yr,,,committed,2020,,,,enterprise,MADE_UP,E,no\n"
    + "NEW,New,新,natural_gas,150100,150100,5000000,m3/yr,,,optional,2019,2000000,100000,20,enterprise,"
    + "MADE_UP,E,no\n"
}


TWO = (coal_boiler("b1"), coal_boiler("b2", area="150121", zone="rural", capacity=40, activity=300_000))


SO2_2017 = 100_000 * 0.0625 * 16 * 0.8 / 1000
"""t of b1: GJ, t coal/GJ, kg/t and per cent sulphur; b2 has three times as much."""


def problem_of(
    folder: Path,
    text: str,
    case: str = "plan",
    files: dict[str, str] | None = None,
    strengths: dict[str, str] | None = None,
    reference: ReferenceUse | None = None,
) -> Problem:
    """The two boilers with desulphurisation, gas and closing, and this scenario."""
    numbers = [*costs("gas"), *costs("fgd"), *costs("close")]
    own = {f"{REGION}/sources.csv": _no_other_sources(), **(files or {})}
    world = boiler_world(folder, [GAS, FGD, CLOSE], numbers, text, TWO, files=own)
    options = options_of(world, case)
    return build_problem(world.scenario, world.baseline(case), options, strengths or {}, reference)


def _no_other_sources() -> str:
    header, *rows = SOURCES.splitlines()
    return "\n".join([header, *(row for row in rows if row.startswith(("t1", "t2")))]) + "\n"


def row(problem: Problem, label: str) -> int:
    return problem.limit.tolist().index(label)


def frozen(problem: Problem, label: str) -> float:
    return float(evaluate(problem, frozen_plan(problem)).achieved[row(problem, label)])


def move_in_2019(problem: Problem, plan: Plan, move: int) -> None:
    """Let the source of a move make it in the second year, and nothing else."""
    leave, enter = problem.move_from[move], problem.move_to[move]
    plan.state[problem.source_of_state[leave]] = [leave, enter, enter]
