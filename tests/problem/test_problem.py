"""What a problem says of its own arrays: moves by source and by state, factors, what mandates allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.problem.problem import Problem
from tests.solve.toys import Sketch, toy_problem


def three() -> Problem:
    """Three sources of 3, 1 and 2 states; four moves of the first, none of the second, one of the third."""
    moves = [(0, 0, 1), (0, 0, 2), (0, 1, 2), (0, 2, 0), (2, 0, 1)]
    return Sketch(
        states=[3, 1, 2],
        moves=moves,
        cost=np.zeros((6, 2)),
        capital=np.ones((5, 2)),
        factor=np.array([[5.0, 0, 1, 0, 7, 0], [0, 0, 0, 0, 0, 0]]),
        move_factor=np.array([[0, 0, 0, 0, 0], [1.0, 0, 2, 0, 3]]),
        limits=[],
        forbid=[(0, 0, 0, 1), (0, 2, 0, 0)],
        sets=np.ones((1, 3)),
        cell=[0, 0, 0],
        divisible=[False, False, False],
        part_year=[0.5, 0.5, 0.5],
        stock=[False, False],
    ).problem()


def test_moves_of_each_source() -> None:
    assert three().move_start.tolist() == [0, 4, 4, 5]


def test_moves_have_to_be_sorted_by_source() -> None:
    problem = three()
    order = np.array([4, 0, 1, 2, 3])
    mixed = replace(problem, move_from=problem.move_from[order], move_to=problem.move_to[order])
    with pytest.raises(ValueError, match="sorted by source"):
        _ = mixed.move_start


def test_find_moves() -> None:
    """In both directions, between states that no move joins, and between sources."""
    leave, enter = np.array([[0, 1], [0, 2], [1, 2], [2, 0], [4, 5], [1, 0], [5, 4], [3, 3], [0, 4]]).T
    assert three().find_moves(leave, enter).tolist() == [0, 1, 2, 3, 4, -1, -1, -1, -1]
    none = np.zeros(0, dtype=np.int64)
    assert three().find_moves(none, none).tolist() == []


@pytest.mark.parametrize("seed", range(20))
def test_find_moves_finds_each_move(seed: int) -> None:
    problem = toy_problem(seed)
    order = np.random.default_rng(seed).permutation(len(problem.move_from))
    found = problem.find_moves(problem.move_from[order], problem.move_to[order])
    assert found.tolist() == order.tolist()


def test_factors() -> None:
    problem = three()
    assert problem.state_factor(0).tolist() == [5, 0, 1, 0, 7, 0]
    assert problem.state_factor(1).tolist() == [0] * 6
    assert problem.move_factor(0).tolist() == [0] * 5
    assert problem.move_factor(1).tolist() == [1, 0, 2, 0, 3]


def test_allowed() -> None:
    allowed = np.ones((6, 2), dtype=bool)
    allowed[0, 1] = False
    allowed[4] = False
    assert (three().allowed() == allowed).all()
