"""Plans that differ, on problems small enough to know every plan; least emission against every plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import Plan, evaluate, verify, whole_plan
from model.problem.objective import least_emission, with_cost_at_most
from model.problem.problem import Problem
from model.solve.alternatives import alternatives, most_cost, repeated
from model.solve.emission import solve_emission
from model.solve.solve import solve
from tests.solve.toys import Options, Sketch, toy_problem

METHODS = ("pricing", "monolithic")


def ways(costs: list[float], abated: list[float], need: float, divisible: bool = False) -> Problem:
    """Sources with one action each: its CNY/yr and the t/yr it abates of 10; one year, whole from its start.

    The limit asks for `need` t/yr less than the 10 t/yr of every source.
    """
    count = len(costs)
    factor = np.array([[emitted for tonnes in abated for emitted in (10.0, 10.0 - tonnes)]])
    return Sketch(
        states=[2] * count,
        moves=[(source, 0, 1) for source in range(count)],
        cost=np.array([[value] for cost in costs for value in (0.0, cost)]),
        capital=np.zeros((count, 1)),
        factor=factor,
        move_factor=np.zeros((1, count)),
        limits=[{"sense": -1, "bound": 10.0 * count - need, "terms": [(0, 0, 1.0, 0)]}],
        forbid=[],
        sets=np.ones((1, 1), dtype=bool),
        cell=[0] * count,
        divisible=[divisible] * count,
        part_year=[1.0] * count,
        stock=[False],
        years=1,
        rate=0.0,
    ).problem()


def acting(problem: Problem, plan: Plan) -> list[float]:
    """Share of each source that acts."""
    return plan.shares(problem)[1::2, -1].round(6).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_two_ways_of_equal_cost_that_share_nothing(method: str) -> None:
    problem = ways([5, 5, 5, 5], [2, 2, 2, 2], need=4)
    first = solve(problem, Options(method))
    found = alternatives(problem, first, Options(method), 1, 0.02)
    one, other = acting(problem, first), acting(problem, found.plans[0])
    assert sorted(one) == sorted(other) == [0, 0, 1, 1]
    assert np.add(one, other).tolist() == [1, 1, 1, 1]
    assert found.alike == (0.0,)
    assert found.most_cny == pytest.approx(10.2)
    assert found.ended == ""


@pytest.mark.parametrize("method", METHODS)
def test_what_every_plan_must_have_and_what_none_can(method: str) -> None:
    """The need of 7 asks for the first source (5 t) with either of two others (2 t); the last is too dear."""
    problem = ways([10, 4, 4.1, 30], [5, 2, 2, 2], need=7)
    first = solve(problem, Options(method))
    assert acting(problem, first) == [1, 1, 0, 0]
    found = alternatives(problem, first, Options(method), 3, 0.02)
    assert [acting(problem, plan) for plan in found.plans] == [[1, 0, 1, 0]]
    assert found.ended != ""
    assert found.alike == pytest.approx((10 / 14,))
    assert all(verify(problem, plan).met for plan in found.plans)


@pytest.mark.parametrize("method", METHODS)
def test_large_units_count_more(method: str) -> None:
    """Within 15: replace the one of 10, or two of 1; only one exchange fits the slack."""
    problem = ways([10, 11, 1, 1, 1.5, 1.5], [5, 5, 1, 1, 1, 1], need=7)
    first = solve(problem, Options(method))
    assert acting(problem, first) == [1, 0, 1, 1, 0, 0]
    (plan,) = alternatives(problem, first, Options(method), 1, 1.0 / 12).plans
    assert acting(problem, plan) == [0, 1, 1, 1, 0, 0]
    assert repeated(problem, first, plan) == pytest.approx(2 / 12)


def test_nothing_is_done_for_nothing() -> None:
    """A slack of 200 % is not spent on what neither differs nor is needed."""
    problem = ways([5, 5, 1], [2, 2, 0.1], need=2)
    (plan,) = alternatives(problem, solve(problem, Options()), Options(), 1, 2.0).plans
    assert sum(acting(problem, plan)) == 1
    assert plan.shares(problem)[5, -1] == 0


def test_divisible_sources_move_in_part() -> None:
    """10 units of need at 1 each or 1.1 each of at most 10: a slack of 5 % lets half of them change sides."""
    problem = ways([10, 11], [10, 10], need=10, divisible=True)
    first = solve(problem, Options())
    assert acting(problem, first) == [1, 0]
    (plan,) = alternatives(problem, first, Options(), 1, 0.05).plans
    assert acting(problem, plan) == pytest.approx([0.5, 0.5], abs=1e-4)
    assert repeated(problem, first, plan) == pytest.approx(0.5, abs=1e-4)


def test_slack_where_net_cost_is_near_nothing() -> None:
    """100 spent and 99 saved: within 10 % is of half of what is spent, not of 1."""
    problem = ways([100, -99], [5, 0], need=5)
    found = evaluate(problem, solve(problem, Options()))
    assert (found.cost_cny, found.gross_cny) == pytest.approx((1, 100))
    assert most_cost(found, 0.1) == pytest.approx(1 + 0.1 * 50)


def test_a_plan_that_misses_limits_has_no_alternatives() -> None:
    problem = ways([5, 5], [2, 2], need=4)
    found = alternatives(problem, whole_plan(problem, np.array([[0], [2]])), Options(), 2, 0.02)
    assert found.plans == ()
    assert found.ended


def test_cost_as_a_limit_is_the_cost() -> None:
    """Of plans of random problems with part years, capital and all: the row's use is the cost."""
    for seed in range(10):
        problem = toy_problem(seed, "mixed")
        held = with_cost_at_most(problem, "cost", 1.0)
        plan = solve(problem, Options(gap=1e-3))
        assert evaluate(held, plan).use[-1] == pytest.approx(evaluate(problem, plan).cost_cny, abs=1e-6)


def test_alternatives_of_random_problems_hold_all_they_must() -> None:
    for seed in range(12):
        problem = toy_problem(seed, "mixed")
        first = solve(problem, Options(gap=1e-4))
        found = alternatives(problem, first, Options(gap=1e-4), 2, 0.2)
        for plan in found.plans:
            assert verify(problem, plan).met
            assert evaluate(problem, plan).cost_cny <= found.most_cny * (1 + 1e-6) + 1e-6
        again = alternatives(problem, first, Options(gap=1e-4), 2, 0.2)
        for plan, same in zip(found.plans, again.plans, strict=True):
            assert (plan.state == same.state).all()


@pytest.mark.parametrize("method", METHODS)
def test_least_emission_then_least_cost(method: str) -> None:
    """5 t at 10 or at 3, one of each at most by a cap on actions: the cheaper of plans that emit the same."""
    problem = ways([10, 3, 1], [5, 5, 2], need=0)
    cap = replace(
        with_cost_at_most(problem, "budget", 12.0), notes={**problem.notes, "minimise": [[0, 2.0, 0]]}
    )
    plan, emitted = solve_emission(cap, Options(method))
    assert emitted.value == pytest.approx(2 * (30 - 7))
    assert acting(problem, plan) == [0, 1, 1]
    assert plan.bound_cny == pytest.approx(4)
    assert emitted.bound == pytest.approx(46, rel=1e-5)
    assert np.isnan(plan.price).all()


def test_least_emission_of_random_problems() -> None:
    """No plan that the two methods find emits less, and the sum is that of every year."""
    for seed in range(10):
        problem = toy_problem(seed, "mixed")
        aimed = replace(problem, notes={**problem.notes, "minimise": [[0, 1.0, 0]]})
        plans = [solve_emission(aimed, Options(method, gap=1e-5)) for method in METHODS]
        if "infeasible" in {plan.status for plan, _ in plans}:
            continue
        one, other = (emitted.value for _, emitted in plans)
        scale = evaluate(least_emission(aimed), plans[0][0]).gross_cny
        assert one == pytest.approx(other, abs=1e-4 * scale + 1e-6)
