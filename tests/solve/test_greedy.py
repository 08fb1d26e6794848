"""Cheapest first: what it does by hand, and that it is a plan that is never better than the optimum."""

from __future__ import annotations

import numpy as np
import pytest

from model.plan import evaluate, verify
from model.problem.problem import Problem
from model.solve.greedy import greedy
from tests.solve import brute
from tests.solve.toys import Sketch, toy_problem

KINDS = ("none", "mixed", "all")


def units(
    costs: list[list[float]], left: list[list[float]], bound: float, divisible: list[bool] | None = None
) -> Problem:
    """Sources of one year that emit 10 each; costs of the states after the first and what each of them
    leaves. The whole cost is annual; a move is free, and nothing is discounted.
    """
    states = [1 + len(row) for row in costs]
    return Sketch(
        states=states,
        moves=[(s, 0, k + 1) for s, row in enumerate(costs) for k in range(len(row))],
        cost=np.array([[value] for row in costs for value in (0.0, *row)]),
        capital=np.zeros((sum(states) - len(states), 1)),
        factor=np.array([[value for row in left for value in (10.0, *row)]]),
        move_factor=np.zeros((1, sum(states) - len(states))),
        limits=[{"name": "T/2018", "sense": -1, "bound": bound, "terms": [(0, 0, 1.0, 0)]}],
        forbid=[],
        sets=np.ones((1, len(states))),
        cell=[0] * len(states),
        divisible=[False] * len(states) if divisible is None else divisible,
        part_year=[1.0] * len(states),
        stock=[False],
        years=1,
        rate=0.0,
    ).problem()


def test_cheapest_per_tonne_first_and_dearer_than_the_optimum() -> None:
    """10.4 t to go: the divisible 50 per 10 t is the dearest, so both units go, for 22; a unit and 0.04 of
    the divisible one would do for 12.
    """
    problem = units([[10], [12], [50]], [[0], [0], [0]], 19.6, [False, False, True])
    plan = greedy(problem)
    assert plan.state[:, 0].tolist() == [1, 3, 4]
    assert evaluate(problem, plan).cost_cny == 22
    assert brute.best_mixed(problem) == pytest.approx(12)
    assert plan.status == "feasible"
    assert plan.bound_cny == -np.inf
    assert np.isnan(plan.price).all()


def test_a_divisible_source_changes_as_far_as_is_needed() -> None:
    """One of 3 per t, whole, and 2.5 t of the one of 4 per t."""
    problem = units([[30], [40]], [[0], [0]], 7.5, [True, True])
    plan = greedy(problem)
    assert evaluate(problem, plan).cost_cny == pytest.approx(30 + 10, rel=1e-12)
    assert evaluate(problem, plan).use == pytest.approx([7.5], rel=1e-12)
    assert plan.source.tolist() == [0, 1, 1]
    assert plan.share == pytest.approx([1, 0.75, 0.25], rel=1e-12)


def test_a_source_goes_further_where_others_are_dearer() -> None:
    """6 t for 6; then 3 t more of the same source, 2 per t, before the other's 5 per t."""
    problem = units([[6, 12], [50]], [[4, 1], [0]], 12.0)
    assert greedy(problem).state[:, 0].tolist() == [2, 3]
    assert evaluate(problem, greedy(problem)).use[0] == 11


def test_what_breaks_another_limit_is_left_out() -> None:
    """The cheap one uses 10 of gas and 4 are there; the dear one needs none. With gas, it would be first."""

    def with_gas(bound: float) -> Problem:
        terms = [(0, 0, 1.0, 0)], [(1, 0, 1.0, 0)]
        limits = [
            {"name": f"L{n}/2018", "sense": -1, "bound": b, "terms": t}
            for n, (b, t) in enumerate(zip((12.0, bound), terms, strict=True))
        ]
        return Sketch(
            states=[2, 2],
            moves=[(0, 0, 1), (1, 0, 1)],
            cost=np.array([[0.0], [10], [0], [40]]),
            capital=np.zeros((2, 1)),
            factor=np.array([[10.0, 0, 10, 0], [0, 10, 0, 0]]),
            move_factor=np.zeros((2, 2)),
            limits=limits,
            forbid=[],
            sets=np.ones((1, 2)),
            cell=[0, 0],
            divisible=[True, False],
            part_year=[1.0, 1.0],
            stock=[False, False],
            years=1,
        ).problem()

    little, plenty = greedy(with_gas(4.0)), greedy(with_gas(10.0))
    assert little.status == plenty.status == "feasible"
    assert little.share.tolist() == pytest.approx([0.6, 0.4, 1.0])
    assert little.state[-1] == 3
    assert plenty.share.tolist() == pytest.approx([0.2, 0.8, 1.0])
    assert plenty.state[-1] == 2


def test_mandates_come_first_and_a_rate_moves_them_to_earlier_years() -> None:
    """All three have to leave by the third year, two a year may: one goes a year earlier than is cheapest."""
    years = 3
    problem = Sketch(
        states=[2] * 3,
        moves=[(s, 0, 1) for s in range(3)],
        cost=np.array([[0.0] * years, [5.0] * years] * 3),
        capital=np.ones((3, years)),
        factor=np.zeros((1, 6)),
        move_factor=np.ones((1, 3)),
        limits=[
            {"name": f"R/{2018 + y}", "sense": -1, "bound": 2.0, "terms": [(0, y, 1.0, 0)]}
            for y in range(years)
        ],
        forbid=[(0, s, 0, 2) for s in range(3)],
        sets=np.ones((1, 3)),
        cell=[0] * 3,
        divisible=[False] * 3,
        part_year=[0.5] * 3,
        stock=[False],
        years=years,
    ).problem()
    plan = greedy(problem)
    assert verify(problem, plan).met
    assert sorted((plan.state - problem.state_start[:-1][:, None]).tolist()) == [
        [0, 0, 1],
        [0, 0, 1],
        [0, 1, 1],
    ]


def test_out_of_reach() -> None:
    """Everything is done that helps, and the plan says that it misses the limit."""
    problem = units([[10], [12]], [[4], [9]], 3.0)
    plan = greedy(problem, bound_cny=-5.0)
    assert plan.state[:, 0].tolist() == [1, 3]
    assert plan.status == "infeasible"
    assert plan.bound_cny == -5


def test_a_bound_is_never_above_the_cost() -> None:
    problem = units([[10]], [[0]], 20.0)
    assert greedy(problem, bound_cny=7.0).bound_cny == 0


@pytest.mark.parametrize("kind", KINDS)
def test_never_below_the_optimum(kind: str) -> None:
    """Whole plans; a limit or mandate that is said to hold does; never cheaper than every pathway tried."""
    met = dearer = possible = 0
    for seed in range(60):
        problem = toy_problem(seed * len(KINDS) + KINDS.index(kind), kind)
        plan = greedy(problem)
        found, judged = evaluate(problem, plan), verify(problem, plan)
        assert judged.broken == ()
        assert (plan.status == "feasible") == judged.met
        least = brute.best_units(problem) if kind == "none" else brute.best_mixed(problem)
        possible += bool(np.isfinite(least))
        if judged.limits.any():
            continue
        assert np.isfinite(least), "what greedy meets can be met"
        assert found.cost_cny >= least - 1e-6 * (1 + found.gross_cny)
        met += 1
        dearer += found.cost_cny > least + 1e-6 * (1 + found.gross_cny)
    assert met >= 0.6 * possible
    assert dearer >= 10


@pytest.mark.parametrize("seed", range(30))
def test_mandates_that_can_be_met_are(seed: int) -> None:
    """The same misses as a pathway of its own for each source has at least."""
    problem = toy_problem(seed, "none", tightness=0.3)
    missed = {(m.mandate, m.source, m.year) for m in verify(problem, greedy(problem)).mandates}
    for source in {s for _, s, _ in missed}:
        ways = brute.pathways(problem, source)
        banned = {
            (int(k), y)
            for k, first in zip(problem.forbid_state, problem.forbid_from, strict=True)
            for y in range(first, len(problem.years))
        }
        assert all(any((state, y) in banned for y, state in enumerate(way)) for way in ways)


def test_two_runs_are_the_same_plan() -> None:
    problem = toy_problem(5, "mixed", tightness=0.5)
    one, two = greedy(problem), greedy(problem)
    assert np.array_equal(one.state, two.state)
    assert np.array_equal(one.share, two.share)
