"""What the cases of a sweep share, and each case's problem built upon it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from model.baseline import Baseline, grow, with_changes
from model.baseline.baseline import Grown
from model.baseline.reference import ReferenceUse
from model.inventory.emissions import build_inventory
from model.options.options import Options, size_options
from model.options.space import Space, make_space, repriced
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.scenario.load import varied
from model.scenario.scenario import FrozenMap, Scenario
from model.scenario.tree import Node
from model.tables.read import Tables

CASE = "plan"

STRUCTURAL = ("growth", "calibration", "areas")
"""Sections that decide which sources and states there are; so do single keys of measures and projects."""

STRUCTURAL_KEYS = {"measures": ("available", "first_year"), "projects": ("status",)}

RULES = frozenset({"limits", "mandates", "not_modelled", "part_year", "solver", "sweep", "alerts", "title"})
LABELS = frozenset({"name", "path", "text", "sha256", "places", "register", "plan_file", "minimise"})
"""RULES and LABELS together: what scenarios may differ in while states, moves and their costs are equal."""


@dataclass(frozen=True)
class Ground:
    """What every case is made from. tree: the scenario as written; strengths: of its clauses."""

    tree: Node
    path: Path
    tables: Tables
    strengths: Mapping[str, str]

    def scenario(self, values: Mapping[str, str]) -> Scenario:
        """The scenario with other values at some paths.

        Raises:
            InputError: the grammar refuses a value.
        """
        return varied(self.tree, self.path, values)


@dataclass(frozen=True)
class Common:
    """What the cases of one structure share: sources grown, their states, and the options of the first."""

    scenario: Scenario
    grown: Grown
    space: Space
    baseline: Baseline
    options: Options
    reference: ReferenceUse


def structure_of(values: Mapping[str, str]) -> FrozenMap[str, str]:
    """Those of the values that may decide which sources and states there are.

    A path that is taken for structural and is not costs time alone; one that is and is not listed gives a
    problem of other states, which is then solved from the beginning.
    """
    return FrozenMap({path: value for path, value in values.items() if _structural(path)})


def _structural(path: str) -> bool:
    section, _, rest = path.partition(".")
    if section in STRUCTURAL_KEYS:
        _, _, key = rest.partition(".")
        return key in ("", *STRUCTURAL_KEYS[section])
    return section in STRUCTURAL


def make_common(ground: Ground, structure: Mapping[str, str]) -> Common:
    """Build what the cases with these structural values share.

    Raises:
        InputError: the tables or the scenario say too little, or a value is wrong.
    """
    scenario, tables = ground.scenario(structure), ground.tables
    inventory = build_inventory(tables, scenario.start, scenario.calibration, scenario.areas)
    grown = grow(tables, inventory, scenario)
    space = make_space(tables, grown.sources, scenario)
    baseline = with_changes(grown, tables, scenario, CASE)
    options = size_options(space, tables, baseline, scenario, every=True)
    return Common(scenario, grown, space, baseline, options, ReferenceUse(tables, scenario))


def build_case(ground: Ground, common: Common, scenario: Scenario) -> tuple[Baseline, Options, Problem]:
    """Baseline, options and problem of case plan of a scenario with the structure of `common`.

    What its values do not touch is taken from there. Dominated states stay: with other prices and limits
    others are dominated, and all cases have the same states.

    Raises:
        InputError: a value is wrong, or asks for what the tables do not say.
    """
    tables, other = ground.tables, common.scenario
    names = [spec.name for spec in fields(Scenario)]
    touched = {name for name in names if getattr(scenario, name) != getattr(other, name)}
    baseline, options = common.baseline, common.options
    if "changes" in touched:
        baseline = with_changes(common.grown, tables, scenario, CASE)
    if touched - RULES - LABELS:
        space = repriced(common.space, tables, scenario, touched)
        options = size_options(space, tables, baseline, scenario, every=True)
    problem = build_problem(scenario, baseline, options, ground.strengths, common.reference)
    return baseline, options, problem
