"""A run on the miniature inputs, solved for real: what the tests of the results are about."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model.options.options import build_options
from model.plan import Plan, frozen_plan
from model.problem.build import build_problem
from model.results.assemble import assemble
from model.results.case import Case
from model.results.results import Results
from model.solve.solve import solve
from tests.baseline.world import World, make_world

REGISTER_HEAD = "clause,article,quote,summary,summary_zh,demanded,unit,by,strength\n"
CLAUSES = {
    "T-SO2-2019": "binding",
    "T-SO2-2020": "binding",
    "T-VOC": "hard",
    "T-TOO-MUCH": "hard",
    "T-SMALL": "basically",
    "T-NEW": "hard",
    "T-KILN": "encourage",
    "T-GREEN": "hard",
    "T-ALARM": "hard",
    "T-TREES": "hard",
    "T-FORGOTTEN": "hard",
}

PROJECTS = """\
project,name,name_zh,supplies,serves,area,capacity,unit,peak,peak_unit,status,first_year,capital_cny,fixed_om_cny,lifetime,payer,citation,rating,constructed
GAS-150100-0,Old pipe,旧管线,natural_gas,150100,150100,1000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no
GAS-150100-1,New pipe,新管线,natural_gas,150100,150100,5000000,m3/yr,,,optional,2018,2000000,100000,20,enterprise,MADE_UP,E,no
GAS-150200-0,Old pipe,旧管线,natural_gas,150200,150200,3000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no
"""

TRANSFERS = """\
measure,from_payer,to_payer,per,value,unit,low,high,citation,rating
home_heat_pump,state,city,capital,30,%,,,MADE_UP,E
boiler_gas,city,enterprise,capacity,5000,CNY/tph,,,MADE_UP,E
boiler_gas,region,enterprise,running,10,%,,,MADE_UP,E
"""

SCENARIO = """
register: toy_plan
limits:
  T-SO2:
    clause: [T-SO2-2019, T-SO2-2020]
    quantity: SO2
    progress: 10 %
    at_most: {2019: 85 % of 2015, 2020: 72 % of 2015}
  T-VOC: {quantity: VOCs, at_most: {2020: 100 % of 2017}}
  T-KILN: {quantity: NOx, where: {class: cement_kiln}, year: 2020}
  T-TOO-MUCH: {quantity: NOx, at_most: {2020: 10 % of 2017}, enforce: false}
  GAS: {quantity: natural_gas, each: city, year: all, at_most: supply}
  GAS-SHARE: {quantity: gas_energy, where: {class: boiler}, share_of: {quantity: coal_energy, where: {class: boiler}}, at_most: {2020: 30 %}}
  RATE: {quantity: units_completed, where: {class: boiler}, year: all, at_most: 2}
mandates:
  T-SMALL: {where: {class: boiler, capacity_tph: {at_most: 10}, fuel: coal}, not_in: {fuel: coal}, by: 2020-12-31}
  T-NEW: {where: {class: boiler, fuel: natural_gas}, not_in: {fuel: coal}, by: 2019-12-31}
changes:
  T-GREEN: {where: {class: architectural_coating}, set: {green_share: 50 %}, by: 2020}
alerts:
  T-ALARM: {level: orange, reduce: 20 %, quantities: [SO2], month: 1}
not_modelled:
  T-TREES: trees are no source
solver: {gap: 1e-7}
"""


@dataclass(frozen=True)
class Run:
    """The pieces of a run and its results."""

    world: World
    register: pd.DataFrame
    frozen: Case
    law: Case
    plan: Case
    results: Results


def register(root: Path) -> pd.DataFrame:
    """The register of the toy plan, written where scenarios look for it."""
    path = root / "inputs" / "plans" / "toy_plan.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{c},1,原文{c},Demand {c},要求{c},,,2020,{s}" for c, s in CLAUSES.items()]
    path.write_text(REGISTER_HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return pd.read_csv(path, dtype="str")


def make_case(world: World, case: str) -> Case:
    """Baseline, options, problem and answer of one case."""
    baseline = world.baseline(case)
    options = build_options(world.tables, baseline, world.scenario)
    problem = build_problem(world.scenario, baseline, options, CLAUSES)
    answer: Plan = frozen_plan(problem) if case == "frozen" else solve(problem, world.scenario.solver)
    return Case(baseline, options, problem, answer)


def toy_run(folder: Path) -> Run:
    """The toy scenario from inputs to results."""
    clauses = register(folder)
    world = make_world(folder, SCENARIO, files={"toy/projects.csv": PROJECTS, "toy/transfers.csv": TRANSFERS})
    cases = {case: make_case(world, case) for case in ("frozen", "current_law", "plan")}
    frozen, law, plan = cases.values()
    results = assemble(world.tables, clauses, world.scenario, frozen, law, plan, {"solve": 1.0})
    return Run(world, clauses, frozen, law, plan, results)
