"""A quick solve claims no more than it proves, whatever it begins with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import Plan, evaluate, verify
from model.problem.problem import Problem
from model.solve.quick import quick, quick_again
from model.solve.solve import solve
from tests.solve.toys import Options, toy_problem, with_bounds


def check(problem: Problem, plan: Plan, cold: Plan) -> None:
    """The plan is sound, and neither it nor its bound contradicts a cold solve."""
    assert verify(problem, plan).met
    found, other = evaluate(problem, plan), evaluate(problem, cold)
    rounding = 1e-6 * max(other.gross_cny, 1.0)
    assert plan.bound_cny <= other.cost_cny + rounding
    assert found.cost_cny >= cold.bound_cny - rounding


@pytest.mark.parametrize("divisible", ["mixed", "all", "none"])
def test_toys_against_a_full_solve(divisible: str) -> None:
    met = 0
    for seed in range(15):
        problem = toy_problem(seed, divisible)
        plan, kept = quick(problem, Options())
        cold = solve(problem, Options())
        if cold.status == "infeasible":
            assert plan.status == "infeasible"
            assert kept is None
            assert not verify(problem, plan).met
            continue
        met += 1
        assert plan.status == "optimal"  # so few sources are decided whole
        check(problem, plan, cold)
    assert met >= 5


def test_bounds_that_move_one_after_the_other() -> None:
    problem, options = province(800, "easy", years=2), Options(gap=1e-3)
    kept = ready = None
    for factor in (1.0, 0.97, 0.94, 1.02):
        bound = problem.bound.copy()
        bound[0] *= factor
        moved = replace(problem, bound=bound)
        plan, kept, ready = quick_again(moved, options, kept, ready)
        check(moved, plan, solve(moved, options))
        assert evaluate(moved, plan).gap(plan.bound_cny) < 5e-3
        fresh, _ = quick(moved, options, kept)
        check(moved, fresh, plan)


def test_dearer_states_from_what_was_kept() -> None:
    problem, options = province(800, "easy", years=2), Options(gap=1e-3)
    kept = quick(problem, options)[1]
    dearer = replace(problem, cost=problem.cost * 1.2)
    plan, _ = quick(dearer, options, kept)
    check(dearer, plan, solve(dearer, options))


def test_limits_out_of_reach_leave_what_was_kept() -> None:
    problem, options = province(600, "easy", years=2), Options(gap=1e-3)
    kept = quick(problem, options)[1]
    plan, still = quick(with_bounds(problem, problem.bound - 0.95 * np.abs(problem.bound)), options, kept)
    assert plan.status == "infeasible"
    assert still is kept
