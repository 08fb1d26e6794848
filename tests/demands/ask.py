"""Asks a scenario: builds its cases, solves the plan, and lays the answer out as the files of a run do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from model.base.faults import InputError
from model.baseline.baseline import grow, with_changes
from model.baseline.reference import ReferenceUse
from model.options.options import make_space, size_options
from model.pipeline.prepare import Prepared, known_names, start_inventory
from model.plan import frozen_plan, verify
from model.problem.build import build_problem
from model.results.actions import action_frame
from model.results.assemble import city_frame
from model.results.case import Case
from model.results.ledger import make_ledger
from model.results.limits import limit_frame
from model.scenario.check import name_faults
from model.scenario.load import load_scenario
from model.solve.solve import solve
from model.tables.read import Tables, read_tables

INPUTS = Path(__file__).parents[2] / "inputs"


@dataclass(frozen=True)
class Answer:
    """limits: limits.csv with the label as index. plan: plan.csv. sources: rows of the inputs, as written, of
    the start year, what growth builds left out. met: nothing is missed.
    """

    case: Case
    limits: pd.DataFrame
    plan: pd.DataFrame
    sources: pd.DataFrame
    met: bool

    def ends(self, year: int) -> pd.DataFrame:
        """What stands on 31 December: a row for each part of each source with its state, from the inputs and
        plan.csv alone. Columns of the inputs, and share, state (as plan.csv writes it; empty = as at the
        start), now_fuel, now_technology.
        """
        parts = {source: {"": 1.0} for source in self.sources["source"]}
        done = self.plan[self.plan["year"] <= year].sort_values("year", kind="stable")
        for a in done[done["source"].isin(parts.keys())].itertuples():
            own = parts[a.source]
            left = a.from_state if a.from_state in own else ""
            own[left] -= a.share
            own[a.to_state] = own.get(a.to_state, 0.0) + a.share
        rows = [(s, state, share) for s, own in parts.items() for state, share in own.items() if share > 1e-9]
        out = pd.DataFrame(rows, columns=["source", "state", "share"]).merge(self.sources, on="source")
        own = out["fuel"] + "/" + out["technology"]
        fuel, technology = [], []
        for state in out["state"].mask(out["state"] == "", own):
            words = state.split("/")  # what has ended is one word
            fuel.append(words[0] if len(words) > 1 else "none")
            technology.append(words[1] if len(words) > 1 else state)
        return out.assign(now_fuel=fuel, now_technology=technology)


def ask(path: Path, inputs: Path = INPUTS) -> Answer:
    """The answer to a scenario without a register.

    Raises:
        InputError: something in it is wrong.
    """
    scenario = load_scenario(path)
    tables = tables_of(inputs, scenario.region)
    faults = name_faults(scenario, known_names(tables))
    if faults:
        raise InputError(faults)
    inventory = start_inventory(Prepared(scenario, tables, pd.DataFrame({"clause": []})))
    grown = grow(tables, inventory, scenario)
    space = make_space(tables, grown.sources, scenario)
    reference = ReferenceUse(tables, scenario)
    cases = {}
    for name in ("frozen", "plan"):
        baseline = with_changes(grown, tables, scenario, name)
        options = size_options(space, tables, baseline, scenario)
        problem = build_problem(scenario, baseline, options, {}, reference)
        plan = frozen_plan(problem) if name == "frozen" else solve(problem, scenario.solver)
        cases[name] = Case(baseline, options, problem, plan)
    plan_case = cases["plan"]
    areas = tables.frame["areas"]
    names = dict(zip(areas["area"], areas["name"], strict=True))
    actions = action_frame(plan_case, make_ledger(plan_case, city_frame(tables, plan_case)), names, names)
    return Answer(
        plan_case,
        limit_frame(scenario, cases["frozen"], cases["frozen"], plan_case).set_index("limit"),
        actions,
        written(inputs / scenario.region, scenario.start),
        verify(plan_case.problem, plan_case.plan).met,
    )


@cache
def tables_of(inputs: Path, region: str) -> Tables:
    """The tables of a region, read once."""
    return read_tables(inputs, region)


def written(folder: Path, year: int) -> pd.DataFrame:
    """The rows of the sources of a year as the files have them; numbers as numbers."""
    frames = [
        pd.read_csv(file, na_values=[""], keep_default_na=False) for file in sorted(folder.glob("*.csv"))
    ]
    rows = pd.concat([f for f in frames if {"source", "class", "activity"} <= set(f)])
    return rows[rows["year"] == year].reset_index(drop=True)
