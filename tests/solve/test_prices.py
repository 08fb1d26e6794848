"""Prices of the limits: slopes of the least cost, nothing on slack limits, and what duality demands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import evaluate
from model.problem.problem import Problem
from model.solve.highs import Settings
from model.solve.price import price_limits
from model.solve.rows import imposed
from model.solve.solve import solve
from tests.solve import brute
from tests.solve.kinds import KINDS
from tests.solve.toys import Options, toy_problem, with_bounds

METHODS = ("pricing", "monolithic")


def divided(problem: Problem) -> Problem:
    """The same with every source divisible: the convexified problem, which prices are of."""
    return replace(problem, divisible=np.ones_like(problem.divisible))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["toys", "weighted", "projects"])
def test_prices_lie_between_slopes(kind: str, method: str) -> None:
    """Price of each limit between what tightening costs and what loosening saves, undiscounted."""
    step, tested = 1e-4, 0
    for seed in range(14):
        problem = toy_problem(seed, "all", tightness=0.6) if kind == "toys" else divided(KINDS[kind](seed))
        base = brute.best_mixed(problem)
        if np.isinf(base):
            continue
        plan = solve(problem, Options(method, gap=1e-9))
        assert (plan.price >= 0).all()
        slack = evaluate(problem, plan).slack
        assert (plan.price[slack > 1e-3 * np.maximum(np.abs(problem.bound), 10)] == 0).all()
        for limit in range(len(problem.limit)):
            year = problem.term_year[problem.term_ptr[limit] : problem.term_ptr[limit + 1]].max()
            moved = np.zeros(len(problem.bound))
            moved[limit] = -problem.sense[limit] * step  # looser
            rate = problem.discount[year] * problem.weight[year] * step
            saved = (base - brute.best_mixed(with_bounds(problem, problem.bound + moved))) / rate
            paid = (brute.best_mixed(with_bounds(problem, problem.bound - moved)) - base) / rate
            assert saved - 1e-4 <= plan.price[limit] <= paid + 1e-4
            tested += plan.price[limit] > 0
    assert tested >= 10


@pytest.mark.parametrize("kind", ["mixed", *KINDS])
def test_strong_duality(kind: str) -> None:
    """Cheapest pathways under the prices less what the limits allow: the least cost of the convexified
    problem.
    """
    tested = 0
    for seed in range(8):
        problem = toy_problem(seed, "mixed") if kind == "mixed" else KINDS[kind](seed)
        best = brute.best_mixed(divided(problem))
        if np.isinf(best):
            continue
        rows = imposed(problem)
        _, priced = price_limits(problem, rows, Settings(1, 0, np.inf), 1e-9)
        signed = priced.price * rows.sign
        total = -float(signed @ rows.bound)
        size = abs(total)
        for s in range(len(problem.source)):
            values = [brute.worth(problem, s, path) for path in brute.pathways(problem, s)]
            total += min(cost + float(signed @ left[rows.row]) for cost, left in values)
            size += max(abs(cost) for cost, _ in values) if kind != "wide" else 0.0
        assert priced.status == "optimal"
        assert total == pytest.approx(best, rel=1e-6, abs=1e-7 * (1 + size))
        assert priced.bound == pytest.approx(total, rel=1e-9, abs=1e-9 * (1 + size))
        assert (priced.price >= 0).all()
        tested += 1
    assert tested >= 6


@pytest.mark.parametrize("method", METHODS)
def test_no_price_on_what_does_not_bind(method: str) -> None:
    """A limit so loose that nothing reaches it, and one that is only reported."""
    for seed in range(8):
        problem = toy_problem(seed, "mixed")
        if np.isinf(brute.best_mixed(problem)):
            continue
        bound, enforced = problem.bound.copy(), problem.enforced.copy()
        bound[0] -= 1e6 * problem.sense[0]
        enforced[1] = False
        plan = solve(replace(problem, bound=bound, enforced=enforced), Options(method))
        assert plan.price[0] == 0
        assert np.isnan(plan.price[1])
        assert np.isfinite(plan.price[2:]).all()
