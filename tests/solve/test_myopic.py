"""Year after year: what one year's problem is, by hand, and that looking ahead is never dearer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import Plan, evaluate, frozen_plan, verify
from model.problem.problem import Problem
from model.solve.myopic import myopic, of_year
from model.solve.solve import solve
from tests.solve import brute
from tests.solve.toys import Options, Sketch, toy_problem

KINDS = ("none", "mixed", "all")


def best(problem: Problem) -> Plan:
    return solve(problem, Options())


def two_years(bounds: tuple[float, float], divisible: bool = False, forbid: bool = False) -> Problem:
    """A source that emits 10, 4 or 0. To 4: annuity 1, running 1.5. To 0: annuity 4 (9 from 4), running 1.

    Charges 2 and 1, no discount; limits on each year's emission, all of it that of the state at its end.
    """
    limits = [
        {"name": f"T/{2018 + y}", "sense": -1, "bound": bound, "terms": [(0, y, 1.0, 0)]}
        for y, bound in enumerate(bounds)
    ]
    problem = Sketch(
        states=[3],
        moves=[(0, 0, 1), (0, 0, 2), (0, 1, 2)],
        cost=np.array([[0.0, 0.0], [1.5, 1.5], [1.0, 1.0]]),
        capital=np.array([[1.0, 1.0], [4.0, 4.0], [9.0, 9.0]]),
        factor=np.array([[10.0, 4.0, 0.0]]),
        move_factor=np.zeros((1, 3)),
        limits=limits,
        forbid=[(0, 0, 0, 1), (0, 0, 2, 1)] if forbid else [],
        sets=np.ones((1, 1)),
        cell=[0],
        divisible=[divisible],
        part_year=[1.0],
        stock=[False],
        rate=0.0,
    ).problem()
    problem.charge[:] = [2.0, 1.0]
    return problem


def test_what_is_cheapest_this_year_costs_more_in_the_end() -> None:
    """2018 asks for 5, and 4 is there for 2.5, 0 for 5; 2019 asks for 0. Two annuities of 1 and one of 9,
    running 1.5 and 1; who looks ahead goes to 0 at once, for two annuities of 4 and running 1 twice.
    """
    problem = two_years((5.0, 0.0))
    plan = myopic(problem, best)
    assert plan.state.tolist() == [[1, 2]]
    assert evaluate(problem, plan).cost_cny == pytest.approx(2 * 1 + 9 + 1.5 + 1)
    assert evaluate(problem, best(problem)).cost_cny == pytest.approx(2 * 4 + 2 * 1)
    assert plan.status == "feasible"
    assert plan.bound_cny == -np.inf
    assert np.isnan(plan.price).all()


def test_a_divisible_source_is_decided_in_parts() -> None:
    """5 of 10 in 2018: five sixths to 4. 3 in 2019: that part holds 3.33, the rest 1.67; 2 have to go."""
    problem = two_years((5.0, 3.0), divisible=True)
    plan = myopic(problem, best)
    found = evaluate(problem, plan)
    assert found.use == pytest.approx([5, 3])
    assert verify(problem, plan).met
    assert (plan.shares(problem)[:, 0]).tolist() == pytest.approx([1 / 6, 5 / 6, 0])
    assert plan.share.sum() == pytest.approx(1)


def test_the_problem_of_a_year() -> None:
    """Two parts of a source: state 0 is where each stands, and all is as large as its share."""
    problem = two_years((5.0, 3.0), divisible=True)
    plan = Plan(
        np.array([0, 0]), np.array([0.25, 0.75]), np.array([[0, 0], [1, 1]]), np.zeros(2), 0.0, "", {}
    )
    only = of_year(problem, plan, 1, np.ones(3, dtype=bool))
    year = only.problem
    assert only.state.tolist() == [0, 1, 2, 1, 2]
    assert year.state_start.tolist() == [0, 3, 5]
    assert year.cost[:, 0] == pytest.approx([0, 0.375, 0.25, 1.125, 0.75])
    assert (year.move_from.tolist(), year.move_to.tolist()) == ([0, 0, 3], [1, 2, 4])
    assert year.capital[:, 0] == pytest.approx([0.25, 1, 6.75])
    assert (year.charge.tolist(), year.years.tolist()) == ([1.0], [2019])
    assert year.limit.tolist() == ["T/2019"]
    assert evaluate(year, frozen_plan(year)).use == pytest.approx([0.25 * 10 + 0.75 * 4])


def test_limits_over_several_years_are_of_their_last() -> None:
    """Emission of both years and 1 of others at most 12: 10 of the first year leave 1 for the second."""
    problem = two_years((99.0, 99.0))
    both = replace(
        problem,
        limit=np.array(["B/2019"]),
        sense=np.array([-1]),
        bound=np.array([12.0]),
        exogenous=np.array([1.0]),
        enforced=np.array([True]),
        strength=np.array([7]),
        term_ptr=np.array([0, 2]),
    )
    plan = myopic(both, best)
    assert plan.state.tolist() == [[0, 2]]
    assert evaluate(both, plan).use == pytest.approx([11])


def test_mandates_of_later_years_are_known() -> None:
    """In 2019 only 4 is allowed, and 0 has no way there: 2018 asks for 0 and is missed."""
    problem = two_years((0.0, 9.0), forbid=True)
    plan = myopic(problem, best)
    assert plan.state.tolist() == [[1, 1]]
    assert plan.status == "infeasible"
    assert verify(problem, plan).mandates == ()


@pytest.mark.parametrize("kind", KINDS)
def test_never_below_the_optimum(kind: str) -> None:
    """Whole plans; what is met can be met, and not for less than the least of all pathways."""
    met = dearer = 0
    for seed in range(60):
        problem = toy_problem(seed * len(KINDS) + KINDS.index(kind), kind)
        plan = myopic(problem, best)
        found, judged = evaluate(problem, plan), verify(problem, plan)
        assert judged.broken == ()
        assert (plan.status == "feasible") == judged.met
        if judged.limits.any():
            continue
        least = brute.best_units(problem) if kind == "none" else brute.best_mixed(problem)
        assert np.isfinite(least), "what is met can be met"
        assert found.cost_cny >= least - 1e-6 * (1 + found.gross_cny)
        met += 1
        dearer += found.cost_cny > least + 1e-6 * (1 + found.gross_cny)
    assert met >= 15
    assert dearer >= 1


def test_one_year_is_the_optimum() -> None:
    """With one year there is nothing to look ahead to: the same cost as solving it whole."""
    problem = two_years((5.0, 99.0))
    only = of_year(problem, frozen_plan(problem), 0, np.ones(3, dtype=bool)).problem
    assert evaluate(only, myopic(only, best)).cost_cny == evaluate(only, best(only)).cost_cny == 2.5
