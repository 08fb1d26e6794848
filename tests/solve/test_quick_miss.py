"""Quick plans where no plan meets every limit: what they miss, next to the plan of `solve`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import evaluate, shortfall_scale, verify
from model.problem.problem import Problem
from model.scenario.scenario import SolverOptions
from model.solve.elastic import LARGE
from model.solve.quick_miss import quick_miss
from model.solve.solve import solve, solve_again
from tests.solve.toys import toy_problem

OPTIONS = SolverOptions(gap=1e-2)


@pytest.fixture(scope="module")
def problem() -> Problem:
    found = province(900, years=4)
    assert found.cost.size > LARGE
    return found


def impossible(problem: Problem) -> Problem:
    """The first limit of the province at a tenth of its bound: all else as it is."""
    bound = problem.bound.copy()
    first = int(np.flatnonzero(problem.enforced & np.isfinite(bound) & (problem.sense < 0))[0])
    bound[first] *= 0.1
    return replace(problem, bound=bound)


def short(problem: Problem, share: np.ndarray) -> float:
    return float((share / shortfall_scale(problem))[problem.enforced].sum())


def test_it_misses_hardly_more_than_the_least(problem: Problem) -> None:
    tight = impossible(problem)
    least = solve(tight, OPTIONS)
    assert least.status == "infeasible"
    kept = solve_again(problem, OPTIONS)[1]
    assert kept is not None
    for begun in (None, kept):
        plan = quick_miss(tight, OPTIONS, begun)
        verdict = verify(tight, plan)
        assert plan.status == "infeasible"
        assert not verdict.broken
        assert verdict.limits.any()
        missed, fewest = (short(tight, evaluate(tight, each).shortfall) for each in (plan, least))
        assert missed <= 1.02 * fewest + 1e-3
        assert plan.bound_cny == -np.inf
        assert np.isnan(plan.price).all()


def test_of_limits_that_can_be_met_it_misses_none(problem: Problem) -> None:
    plan = quick_miss(problem, OPTIONS)
    assert plan.status == "feasible"
    assert verify(problem, plan).met


def test_a_small_problem_is_solved() -> None:
    tried = 0
    for seed in range(15):
        problem = toy_problem(seed, "mixed")
        least = solve(problem, OPTIONS)
        if least.status == "infeasible":
            tried += 1
            plan = quick_miss(problem, OPTIONS)
            assert plan.status == "infeasible"
            assert evaluate(problem, plan).cost_cny == evaluate(problem, least).cost_cny
    assert tried
