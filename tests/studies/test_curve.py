"""Cost curves of small problems against every combination tried, and what a curve must never do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.province import province
from model.plan import evaluate, frozen_plan, verify
from model.problem.objective import least_sum, terms_of, with_most
from model.problem.problem import Problem
from model.scenario.scenario import SolverOptions
from model.solve.solve import solve
from model.studies.curves.curve import Curve, OutOfReach, trace
from model.studies.curves.envelope import Line, highest, spread
from model.studies.curves.part import part_of, sources_of
from tests.solve.brute import best_mixed
from tests.solve.toys import toy_problem

CLOSE = 1e-5
EXACT = SolverOptions(gap=1e-7)


def with_row(problem: Problem) -> tuple[Problem, int]:
    """The problem with one limit more, on the first pollutant in the last year; and its number."""
    last = len(problem.years) - 1
    held = with_most(problem, "curve", [(0, last, 1.0, 0)], 1.0)
    row = len(problem.limit)
    frozen = float(evaluate(held, frozen_plan(held)).use[row])
    enforced = np.append(problem.enforced, False)
    return replace(held, bound=np.append(problem.bound, frozen), enforced=enforced), row


def at(problem: Problem, row: int, target: float) -> Problem:
    """The problem with the row held at a target."""
    bound, enforced = problem.bound.copy(), problem.enforced.copy()
    bound[row], enforced[row] = target, True
    return replace(problem, bound=bound, enforced=enforced)


def traced(seed: int, divisible: str, points: int) -> tuple[Problem, int, Curve] | None:
    """The curve of a random small problem, None where its other limits can not all be met."""
    problem, row = with_row(toy_problem(seed, divisible))
    try:
        return problem, row, trace(problem, row, EXACT, points)
    except OutOfReach:
        # or mandates leave a source no pathway, which brute force passes over
        assert best_mixed(problem) == np.inf or verify(problem, solve(problem, EXACT)).mandates
        return None


@pytest.mark.parametrize("divisible", ["mixed", "none", "all"])
def test_points_against_every_combination(divisible: str) -> None:
    """Both ends and what lies between cost what brute force finds."""
    seen = 0
    for seed in range(12):
        made = traced(seed, divisible, 4)
        if made is None:
            continue
        problem, row, curve = made
        seen += 1
        first, last = curve.points[0], curve.points[-1]
        assert first.cost == pytest.approx(best_mixed(problem), abs=CLOSE)
        least = best_mixed(least_sum(problem, terms_of(problem, row)))
        assert last.target == pytest.approx(least, rel=CLOSE)
        assert curve.least <= least + CLOSE
        for point in curve.points[1:]:
            best = best_mixed(at(problem, row, point.target))
            assert point.cost == pytest.approx(best, rel=1e-4, abs=1e-3)
            assert point.bound <= point.proven <= best + CLOSE * max(1.0, abs(best))
            assert verify(at(problem, row, point.target), point.plan).met
    assert seen >= 4


@settings(max_examples=15)
@given(st.integers(100, 10_000), st.sampled_from(["mixed", "none", "all"]))
def test_rises_and_is_convex_where_units_are_shared(seed: int, divisible: str) -> None:
    made = traced(seed, divisible, 7)
    if made is None:
        return
    points = made[2].points
    room = CLOSE * max(abs(point.cost) for point in points) + CLOSE
    for loose, tight in pairwise(points):
        assert loose.target >= tight.target
        assert loose.cost <= tight.cost
        assert loose.slope <= tight.slope + room
        assert loose.proven <= tight.proven
        # the area under the marginal curve is the difference of the totals of the convexified curve
        width = loose.target - tight.target
        assert loose.slope * width - room <= tight.bound - loose.bound <= tight.slope * width + room
    assert all(point.bound <= point.cost for point in points)
    if divisible == "all":
        assert max(point.cost - point.bound for point in points) <= room


@pytest.fixture(scope="module")
def large() -> tuple[Problem, int, Curve]:
    """Boilers of twelve cities, and the curve of their SO2."""
    problem, row = with_row(replace_limits(province(400, "easy", years=2)))
    return problem, row, trace(problem, row, SolverOptions(gap=1e-2), 8)


def replace_limits(problem: Problem) -> Problem:
    """Without limits on emission: gas alone stays scarce."""
    keep = np.char.startswith(problem.limit, "gas")
    assert keep.any()
    return replace(problem, enforced=problem.enforced & keep)


def test_points_equal_cold_solves(large: tuple[Problem, int, Curve]) -> None:
    problem, row, curve = large
    for point in curve.points[1::3]:
        held = at(problem, row, point.target)
        cold = solve(held, SolverOptions(gap=1e-2))
        found = evaluate(held, cold)
        assert point.bound <= found.cost_cny + 1e-6 * found.gross_cny
        assert cold.bound_cny <= point.cost + 1e-6 * found.gross_cny
        assert abs(point.cost - found.cost_cny) <= (0.01 + point.gap) * max(point.gross, found.gross_cny)


def test_cheapest_first_never_lies_below(large: tuple[Problem, int, Curve]) -> None:
    problem, row, curve = large
    for point in curve.points[1::3]:
        held = at(problem, row, point.target)
        greedy = solve(held, SolverOptions(method="greedy"))
        if verify(held, greedy).met:
            assert evaluate(held, greedy).cost_cny >= point.bound


def test_points_are_as_many_as_asked_and_their_gaps_small(large: tuple[Problem, int, Curve]) -> None:
    points = large[2].points
    assert len(points) == 8
    assert max(point.gap for point in points) < 0.1


def test_a_curve_without_length_has_its_ends_alone() -> None:
    problem, row = with_row(toy_problem(1, "none"))
    stuck = replace(
        problem, capital=np.full_like(problem.capital, np.inf), enforced=np.zeros_like(problem.enforced)
    )
    stuck = replace(stuck, forbid_state=problem.forbid_state[:0], forbid_mandate=problem.forbid_mandate[:0])
    curve = trace(replace(stuck, forbid_from=problem.forbid_from[:0]), row, EXACT, 9)
    assert len(curve.points) == 2
    assert curve.points[0].target == pytest.approx(curve.points[1].target, rel=1e-5)


def test_tangents_by_hand() -> None:
    """Tangents of x^2 / 2 at reductions of 2 and 6 from 10: they meet at 4, where the chord lies 4 above."""
    loose, tight = Line(8.0, 2.0, 2.0), Line(4.0, 18.0, 6.0)
    assert spread(loose, tight) == (4.0, 6.0)
    assert (loose.bound(6.0), tight.bound(6.0)) == (6.0, 6.0)
    assert highest([loose, tight], 7.0) is loose
    assert highest([loose, tight], 6.0) is loose
    assert highest([loose, tight], 5.0) is tight
    assert spread(loose, replace(tight, slope=2.0)) == (0.0, 6.0)


def test_a_part_is_the_whole_with_the_others_as_they_are() -> None:
    tried = 0
    for seed in range(12):
        problem, row = with_row(toy_problem(seed))
        some = with_most(problem, "part", [(0, len(problem.years) - 1, 1.0, 1)], 1e9)
        plan = solve(problem, EXACT)
        if plan.status != "optimal":
            continue
        tried += 1
        plan = replace(plan, price=np.full(len(some.limit), np.nan))
        found = evaluate(some, plan)
        sources = sources_of(some, row + 1)
        assert sources.tolist() == np.flatnonzero(some.cell_set[1][some.cell]).tolist()
        part, own = part_of(some, plan, found.use, sources)
        place = [some.limit.tolist().index(label) for label in part.limit.tolist()]
        inside = evaluate(part, own)
        np.testing.assert_allclose(inside.use, found.use[place], rtol=1e-6, atol=1e-6)
        assert verify(part, own).met
        # the least-cost plan is least cost for its part too
        assert best_mixed(part) == pytest.approx(inside.cost_cny, abs=CLOSE)
    assert tried >= 4
