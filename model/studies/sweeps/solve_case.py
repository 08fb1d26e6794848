"""Solves one case of a sweep, where it is handed to; what cases share is built once in each process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from model.base.faults import InputError
from model.plan import Plan
from model.problem.problem import Problem
from model.results.case import Case
from model.scenario.scenario import SolverOptions
from model.solve.effort import FEW
from model.solve.quick import quick_again
from model.solve.quick_miss import quick_miss
from model.solve.solve import solve_again
from model.solve.warm import Kept
from model.studies.sweeps.common import Common, Ground, build_case, make_common, structure_of
from model.studies.sweeps.outcome import FAILED, Outcome, outcome_of, refused

STRUCTURES = 2
"""Structures of which a process keeps what their cases share."""

FIRST_GAP = 0.1
"""The gap to which the first case is solved, as a share of that asked for: its plan is where others begin."""


@dataclass(frozen=True)
class Solved:
    """What came of a case, what it leaves to related ones, and the CPU seconds it took."""

    outcome: Outcome
    kept: Kept | None
    cpu_s: float


class Workshop:
    """What a process has at hand: the last structures it met.

    HiGHS has one setting of threads in a process, so one case is solved at a time.
    """

    def __init__(self) -> None:
        self._at_hand: OrderedDict[Mapping[str, str], tuple[Ground, Common]] = OrderedDict()
        self._lock = Lock()

    def solve(
        self, ground: Ground, values: Mapping[str, str], gap: float, kept: Kept | None, first: bool
    ) -> Solved:
        """One case. kept: of the case that it begins with, if any; first: others begin with this one.

        The same whatever this process solved before.
        """
        with self._lock:
            began = time.process_time()
            try:
                scenario = ground.scenario(values)
                common = self._common(ground, values)
                baseline, options, problem = build_case(ground, common, scenario)
            except InputError as error:
                return Solved(refused(error), None, time.process_time() - began)
            solver = replace(scenario.solver, gap=gap, time_limit=None, alternatives=0)
            try:
                plan, left = _solve(problem, solver, _fitting(kept, problem), first)
            except RuntimeError as error:  # of the solver: one case that fails does not end the others
                return Solved(Outcome(FAILED, reason=str(error)), None, time.process_time() - began)
            case = Case(baseline, options, problem, plan)
            outcome = outcome_of(scenario, case)
            return Solved(outcome, left, time.process_time() - began)

    def _common(self, ground: Ground, values: Mapping[str, str]) -> Common:
        structure = structure_of(values)
        known = self._at_hand.pop(structure, None)
        if known is None or known[0] is not ground:
            known = ground, make_common(ground, structure)
        self._at_hand[structure] = known
        while len(self._at_hand) > STRUCTURES:
            self._at_hand.popitem(last=False)
        return known[1]


def _solve(
    problem: Problem, solver: SolverOptions, kept: Kept | None, first: bool
) -> tuple[Plan, Kept | None]:
    """A quick plan, or that of least shortfall where there is none; what others begin with takes longer, and
    so do problems of few sources, for which quick plans are poor.
    """
    if first:
        return solve_again(problem, replace(solver, gap=FIRST_GAP * solver.gap), kept)
    plan, left, ready = quick_again(problem, solver, kept, None, patient=False)
    if plan.status == "infeasible":
        missing = quick_miss(problem, solver, kept)
        if missing.status != "infeasible":  # nothing is missed after all, and the bound holds
            missing = replace(missing, bound_cny=ready.priced.bound)
        return missing, kept
    if plan.status != "optimal" and len(problem.source) <= FEW:
        return solve_again(problem, solver, kept)
    return plan, left


def _fitting(kept: Kept | None, problem: Problem) -> Kept | None:
    """What was kept, if the problem has the same states: else it is solved from the beginning."""
    if kept is None or not np.array_equal(kept.state_start, problem.state_start):
        return None
    return kept


WORKSHOP = Workshop()
