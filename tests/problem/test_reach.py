"""How far limits can be pushed: no less far than the best of all plans (brute force), and exact by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.problem.problem import Problem
from model.problem.reach import best_reach, unreachable
from tests.solve.brute import everything
from tests.solve.toys import Sketch, toy_problem

YEARS = 2


def _boiler(
    forbid: list[tuple[int, int, int, int]], capital: list[list[float]], bound: float = 5.0, sense: int = -1
) -> Problem:
    """One boiler of 10, 4 and 1 t; to state 1 and to state 2. Limits: its emission in each year."""
    limits = [
        {"sense": sense, "bound": bound, "exogenous": 100.0, "terms": [(0, y, 1.0, 0)]} for y in range(YEARS)
    ]
    return Sketch(
        states=[3],
        moves=[(0, 0, 1), (0, 0, 2)],
        cost=np.zeros((3, YEARS)),
        capital=np.array(capital),
        factor=np.array([[10.0, 4.0, 1.0]]),
        move_factor=np.zeros((1, 2)),
        limits=limits,
        forbid=forbid,
        sets=np.ones((1, 1)),
        cell=[0],
        divisible=[False],
        part_year=[0.4],
        stock=[False],
    ).problem()


@pytest.mark.parametrize("seed", range(60))
def test_no_plan_passes_it(seed: int) -> None:
    problem = toy_problem(seed, "none")
    _, lefts = everything(problem)
    best = best_reach(problem)
    found = np.where(problem.sense < 0, lefts.min(axis=0), lefts.max(axis=0))
    assert (problem.sense * (found - best) <= 1e-9).all()
    met = (problem.sense * (lefts - problem.bound) >= -1e-9).any(axis=0)
    assert not (unreachable(problem) & met).any()


def test_first_years_and_part_of_the_year() -> None:
    """State 2 from the second year on only: 0.4 x 4 + 0.6 x 10, then 0.4 x 1 + 0.6 x 4 (of what is best in
    each year, though no move leads from 1 to 2).
    """
    problem = _boiler([], [[1.0, 1.0], [np.inf, 1.0]], bound=107.0)
    assert best_reach(problem) == pytest.approx([100 + 7.6, 100 + 2.8])
    assert unreachable(problem).tolist() == [True, False]


def test_the_greatest_for_at_least() -> None:
    """State 0 is forbidden in both years: 0.4 x 4 + 0.6 x 10 and 4; what is asked beyond is out of reach."""
    problem = _boiler([(0, 0, 0, 0)], [[1.0, 1.0], [1.0, 1.0]], bound=105.0, sense=1)
    assert best_reach(problem) == pytest.approx([100 + 7.6, 100 + 4.0])
    assert unreachable(problem).tolist() == [False, True]


def test_mandates_that_leave_no_pathway() -> None:
    """Out of state 0 at once, out of state 1 in the second year, and state 2 only then: nothing obeys all.

    The boiler then stays as it is in the first year (10 t) and 10 t can be what is asked for there.
    """
    forbid = [(0, 0, 0, 0), (1, 0, 1, 1)]
    problem = _boiler(forbid, [[1.0, 1.0], [np.inf, 1.0]], bound=110.0, sense=1)
    _, lefts = everything(problem)
    assert lefts.max(axis=0) == pytest.approx([110, 100 + 0.4 * 1 + 0.6 * 10])
    assert best_reach(problem) == pytest.approx(lefts.max(axis=0))
    assert not unreachable(problem)[0]


def test_moves_count_with_the_best_of_each_year() -> None:
    """Units completed, at least: one a year at most, and in either year."""
    problem = Sketch(
        states=[3, 2],
        moves=[(0, 0, 1), (0, 0, 2), (1, 0, 1)],
        cost=np.zeros((5, YEARS)),
        capital=np.ones((3, YEARS)),
        factor=np.zeros((1, 5)),
        move_factor=np.array([[2.0, 3.0, 1.0]]),
        limits=[{"sense": s, "bound": 5.0, "terms": [(0, 0, 1.0, 0)]} for s in (1, -1)],
        forbid=[],
        sets=np.ones((1, 2)),
        cell=[0, 0],
        divisible=[False, True],
        part_year=[0.5, 0.5],
        stock=[False],
    ).problem()
    assert best_reach(problem) == pytest.approx([4.0, 0.0])
    assert unreachable(problem).tolist() == [True, False]
