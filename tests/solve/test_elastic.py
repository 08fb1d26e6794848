"""Problems that no plan meets: least shortfall in the order of the words, then least cost at it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import evaluate, shortfall_scale, verify
from model.problem.problem import Problem
from model.solve.elastic import least_miss
from model.solve.highs import Settings
from model.solve.relaxed import greatest_shortfall, own_plan, relaxed
from model.solve.solve import solve
from tests.levels import LONG
from tests.solve import brute
from tests.solve.toys import Options, Sketch, toy_problem, with_bounds

WANTED = 100


def hopeless(problem: Problem) -> bool:
    """Whether no choice of pathways meets all limits."""
    return bool(np.isinf(brute.best_units(problem)))


@LONG
def test_equals_every_pathway() -> None:
    """Sums by strength and cost of 100 problems that no plan meets, against trying every pathway."""
    seen = several = 0
    for seed in range(1_000):
        problem = toy_problem(seed, "none", tightness=0.2 + 0.25 * (seed % 3) / 2)
        if not hopeless(problem):
            continue
        seen += 1
        plan = solve(problem, Options())
        found, scale = evaluate(problem, plan), shortfall_scale(problem)
        sums, cost = brute.least_shortfalls(problem, scale)
        order = sorted(set(problem.strength[problem.enforced].tolist()), reverse=True)
        got = [(found.shortfall / scale)[problem.enforced & (problem.strength == s)].sum() for s in order]
        several += sum(value > 1e-6 for value in sums) > 1
        assert plan.status == "infeasible"
        assert got == pytest.approx(sums, abs=2e-6)
        assert found.cost_cny == pytest.approx(cost, rel=1e-6, abs=1e-5 * (1 + found.gross_cny))
        assert plan.bound_cny <= cost + 1e-6 * (1 + found.gross_cny)
        assert found.gap(plan.bound_cny) <= 1e-6
        if seen == WANTED:
            break
    assert seen == WANTED
    assert several >= 10


def one_source(strengths: tuple[int, int], divisible: bool = True) -> Problem:
    """One boiler of 100 t; gas leaves none, uses 50 and costs 7. At most 20 t, at most 25 of gas."""
    sketch = Sketch(
        states=[2],
        moves=[(0, 0, 1)],
        cost=np.array([[0.0], [7.0]]),
        capital=np.zeros((1, 1)),
        factor=np.array([[100.0, 0], [0, 50]]),
        move_factor=np.zeros((2, 1)),
        limits=[
            {"name": "SO2", "sense": -1, "bound": 20, "terms": [(0, 0, 1.0, 0)], "strength": strengths[0]},
            {"name": "GAS", "sense": -1, "bound": 25, "terms": [(1, 0, 1.0, 0)], "strength": strengths[1]},
        ],
        forbid=[],
        sets=np.ones((1, 1)),
        cell=[0],
        divisible=[divisible],
        part_year=[1.0],
        stock=[False, False],
        years=1,
        rate=0.0,
    )
    return sketch.problem()


@pytest.mark.parametrize("method", ["pricing", "monolithic"])
@pytest.mark.parametrize(
    ("strengths", "use", "cost"),
    [
        # the weaker gives way: on gas 80 % (40 of gas, 5.6) or 50 % (50 t, 3.5)
        ((7, 6), (20.0, 40.0), 5.6),
        ((1, 6), (50.0, 25.0), 3.5),
        # alike: a point on gas saves 1 / 20 of the one and costs 0.5 / 25 of the other
        ((6, 6), (20.0, 40.0), 5.6),
    ],
)
def test_weaker_word_gives_way(
    strengths: tuple[int, int], use: tuple[float, float], cost: float, method: str
) -> None:
    problem = one_source(strengths)
    plan = solve(problem, Options(method=method))
    found = evaluate(problem, plan)
    assert found.use == pytest.approx(use, rel=1e-6)
    assert found.cost_cny == pytest.approx(cost, rel=1e-6)
    assert plan.bound_cny == pytest.approx(cost, rel=1e-5)
    assert len(plan.source) == len(plan.share)
    assert (plan.source == 0).all()


def test_whole_units_decide_where_shares_would_do() -> None:
    """The boiler as a unit: 100 t and no gas (shortfall 4 + 0) or none and 50 (0 + 1)."""
    problem = one_source((6, 6), divisible=False)
    found = evaluate(problem, solve(problem, Options()))
    assert found.use == pytest.approx((0.0, 50.0))
    problem = one_source((6, 7), divisible=False)
    assert evaluate(problem, solve(problem, Options())).use == pytest.approx((100.0, 0.0))


def test_relaxed_problem_is_the_same_without_misses() -> None:
    """Numbers of the problem stay; a full miss makes up for what no plan exceeds."""
    for seed in range(20):
        problem = toy_problem(seed, "mixed", tightness=0.35)
        most = greatest_shortfall(problem)
        limits = np.flatnonzero(problem.enforced & (most > 0))[::-1]
        stage = relaxed(problem, limits, most[limits])
        plan = solve(replace(stage, enforced=np.zeros_like(stage.enforced)), Options())
        own = own_plan(problem, plan)
        assert verify(problem, own).broken == ()
        without, inside = evaluate(problem, own), evaluate(stage, plan)
        share = plan.shares(stage)[len(problem.state_label) + 1 :: 2, -1]
        assert inside.use[limits] == pytest.approx(
            without.use[limits] + problem.sense[limits] * most[limits] * share, rel=1e-9, abs=1e-9
        )
        assert (without.shortfall <= most * (1 + 1e-9) + 1e-9).all()


@pytest.mark.parametrize("method", ["pricing", "monolithic"])
def test_limits_that_can_all_be_met_have_a_plan_of_least_miss(method: str) -> None:
    """As with a bound just at what can be reached: no plan was found, and no sum is above nothing."""
    problem = with_bounds(one_source((7, 7)), np.array([0.0, 50.0]))
    answer = least_miss(problem, Settings(1, 0, np.inf), 1e-7, method)
    assert answer.plan is not None
    assert evaluate(problem, answer.plan).shortfall == pytest.approx([0.0, 0.0], abs=2e-4)
    assert answer.plan.shares(problem)[1, -1] == pytest.approx(1.0, abs=1e-5)
