"""Least cost by both routes against trying every pathway: hundreds of random small problems of all kinds.

Those that no plan meets are test_elastic's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import TOLERANCE, evaluate, shortfall_scale, verify
from model.problem.problem import Problem
from model.solve.solve import solve
from tests.solve import brute
from tests.solve.kinds import KINDS, plain
from tests.solve.toys import Options, toy_problem, with_bounds

METHODS = ("pricing", "monolithic")
SEEDS = 36
GAP = 1e-7


def tried(problem: Problem) -> float:
    """Least cost by trying every pathway; inf when no plan meets the limits."""
    return brute.best_mixed(problem) if problem.divisible.any() else brute.best_units(problem)


def judge(problem: Problem, method: str, best: float) -> None:
    """Solve, and hold the plan to account against the least cost."""
    plan = solve(problem, Options(method=method, gap=GAP))
    found, judged = evaluate(problem, plan), verify(problem, plan)
    assert judged.broken == ()
    assert not judged.limits.any()
    assert plan.status == ("infeasible" if judged.mandates else "optimal")
    margin = 1e-6 * (1 + found.gross_cny)
    assert found.gap(plan.bound_cny) <= max(GAP, margin / max(found.gross_cny, 1e-9))
    assert plan.bound_cny <= best + 1e-6 * max(abs(best), 1)
    assert found.cost_cny <= best + margin
    # a limit counts as met within TOLERANCE, so a plan may cost less than what meets it to the digit
    loosest = problem.bound - problem.sense * TOLERANCE * shortfall_scale(problem)
    assert found.cost_cny >= tried(with_bounds(problem, loosest)) - margin


@pytest.mark.parametrize("method", METHODS)
def test_a_divisible_source_fills_what_units_leave(method: str) -> None:
    """Units of cost 10 and 12 and a divisible one of 50 abate 10 each, 10.4 wanted: 10 + 0.04 x 50 = 12."""
    problem = plain(
        [np.array([0.0, price]) for price in (10.0, 12.0, 50.0)],
        [np.array([[10.0, 0.0]])] * 3,
        1,
        [False, False, True],
        [{"sense": -1, "bound": 30.0 - 0.5 * 10.4, "terms": [(0, 0, 1.0, 0)]}],
    )
    plan = solve(problem, Options(method=method))
    found = evaluate(problem, plan)
    # in the one year half of the cost is paid and half is abated; it is discounted by 5 %
    assert found.cost_cny == pytest.approx(12.0 * 0.5 / 1.05, rel=1e-6)
    assert plan.bound_cny == pytest.approx(found.cost_cny, rel=1e-6)
    assert plan.shares(problem)[:, 0] == pytest.approx([0, 1, 1, 0, 0.96, 0.04], abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("divisible", ["none", "mixed", "all"])
def test_toys(divisible: str, method: str) -> None:
    """Caps, shares, projects, stocks, build rates and mandates together."""
    tested = matter = 0
    for seed in range(SEEDS):
        problem = toy_problem(seed, divisible)
        best = tried(problem)
        if np.isinf(best):
            continue
        judge(problem, method, best)
        tested += 1
        matter += best > tried(replace(problem, enforced=np.zeros_like(problem.enforced))) + 1e-6
    assert tested >= 20
    assert matter >= 8


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", list(KINDS))
def test_kinds(kind: str, method: str) -> None:
    tested = spending = 0
    for seed in range(12):
        problem = KINDS[kind](seed)
        best = tried(problem)
        if np.isinf(best):
            continue
        judge(problem, method, best)
        tested += 1
        spending += best != 0
    assert tested >= 10
    assert spending >= 6
