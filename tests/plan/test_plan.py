"""The plan recomputed: cost, use, slack, shares and faults against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import Plan, evaluate, frozen_plan, shortfall_scale, use, verify
from model.problem.problem import Problem
from tests.solve.toys import Sketch


def toy() -> Problem:
    """A boiler (phi 0.4, activity 10 then 20) and a fleet (divisible, phi 0.5): dirty or clean."""
    problem = Sketch(
        states=[2, 2],
        moves=[(0, 0, 1), (1, 0, 1)],
        cost=np.array([[0, 0], [1, 3], [0, 0], [-2, -2]], dtype=float),
        capital=np.array([[4, 2], [6, 3]], dtype=float),
        factor=np.array([[8, 2, 16, 0], [0, 1, 0, 1], [0, 0, 0, 0]], dtype=float),
        move_factor=np.array([[0, 0], [0, 0], [1, 1]], dtype=float),
        limits=[
            {"name": "CAP/2019", "sense": -1, "bound": 100.0, "terms": [(0, 1, 1.0, 0)], "exogenous": 5.0},
            {"name": "STOCK/2019", "sense": 1, "bound": 30.0, "terms": [(1, 1, 1.0, 0)]},
            {"name": "SHARE/2019", "sense": 1, "bound": 0.0, "terms": [(1, 1, 1.0, 1), (0, 1, -0.5, 1)]},
            {"name": "RATE/2018", "sense": -1, "bound": np.nan, "terms": [(2, 0, 1.0, 0)], "enforced": False},
        ],
        forbid=[(0, 1, 0, 1)],
        sets=np.array([[1, 1], [1, 0]]),
        cell=[0, 1],
        divisible=[False, True],
        part_year=[0.4, 0.5],
        stock=[False, True, False],
        driver=np.array([[[10.0, 20.0], [1.0, 2.0]]]),
    ).problem()
    shares = {
        "SHARE/2019": {
            "numerator": [[1, 1, 1.0, 1]],
            "denominator": [[0, 1, 1.0, 1]],
            "numerator_exogenous": 0.0,
            "denominator_exogenous": 8.0,
            "bound": 0.5,
        }
    }
    return replace(problem, notes={"shares": shares})


def some_plan(problem: Problem) -> Plan:
    """The boiler moves in 2018, a quarter of the fleet in 2018 and another quarter in 2019."""
    share = np.array([[0, 0], [1, 1], [0.75, 0.5], [0.25, 0.5]])
    moved = np.array([[1.0, 0.0], [0.25, 0.25]])
    return replace(frozen_plan(problem), share=share, moved=moved)


def test_use_follows_the_part_year_rule() -> None:
    """Boiler 2018: 10 x (0.6 x 8 + 0.4 x 2) = 56, 2019: 20 x 2 = 40. Fleet 2019: 2 x 16 x (0.5 x 0.5 + 0.5
    x 0.75).
    """
    problem = toy()
    assert use(problem, some_plan(problem), 0) == pytest.approx(np.array([[56, 40], [14, 20]]), rel=1e-12)


def test_stock_stands_at_the_end_of_the_year() -> None:
    problem = toy()
    assert use(problem, some_plan(problem), 1) == pytest.approx(np.array([[10, 20], [0.25, 1]]), rel=1e-12)


def test_moves_count_when_they_are_made() -> None:
    problem = toy()
    assert use(problem, some_plan(problem), 2) == pytest.approx(np.array([[10, 0], [0.25, 0.5]]), rel=1e-12)


def test_cost_and_gross() -> None:
    """2018: 0.4 x 1 + 0.5 x 0.25 x -2 + 4 + 0.25 x 6; 2019: 3 + (0.5 x 0.5 + 0.5 x 0.25) x -2 + 0.25 x 3."""
    problem = toy()
    found = evaluate(problem, some_plan(problem))
    assert found.running == pytest.approx([0.15, 2.25], rel=1e-12)
    assert found.charged == pytest.approx([5.5, 0.75], rel=1e-12)
    assert found.cost_cny == pytest.approx(5.65 / 1.05 + 3.0 / 1.05**2, rel=1e-12)
    assert found.gross_cny == pytest.approx(5.9 / 1.05 + 3.75 / 1.05**2, rel=1e-12)
    assert found.gap(found.cost_cny - 0.01 * found.gross_cny) == pytest.approx(0.01, rel=1e-9)


def test_limits() -> None:
    """CAP: 60 + 5 of 100; STOCK: 21 of 30; SHARE: 20 - 0.5 x 40 = 0, shown as 20 / (40 + 8)."""
    problem = toy()
    plan = some_plan(problem)
    found = evaluate(problem, plan)
    assert found.use == pytest.approx([65, 21, 0, 10.25], abs=1e-12)
    assert found.slack[:3] == pytest.approx([35, -9, 0], abs=1e-12)
    assert np.isnan(found.slack[3])
    assert found.shortfall == pytest.approx([0, 9, 0, 0], abs=1e-12)
    assert found.achieved == pytest.approx([65, 21, 20 / 48, 10.25], rel=1e-12)
    assert verify(problem, plan).limits.tolist() == [False, True, False, False]


def test_shortfall_scale_is_the_bound_or_the_frozen_value() -> None:
    """SHARE has the bound 0: its frozen left side is 0 - 0.5 x 160; RATE has neither."""
    assert shortfall_scale(toy()) == pytest.approx([100, 30, 80, 1])


def test_frozen_costs_nothing_and_misses_the_mandate() -> None:
    problem = toy()
    plan = frozen_plan(problem)
    found, judged = evaluate(problem, plan), verify(problem, plan)
    assert found.cost_cny == 0
    assert found.gap(0.0) == 0
    assert found.gap(-1.0) == np.inf
    assert [(m.mandate, m.source, m.year, m.share) for m in judged.mandates] == [(0, 1, 1, 1.0)]
    assert judged.broken == ()
    assert not judged.met


@pytest.mark.parametrize(
    ("state", "year", "value", "wrong"),
    [
        (0, 0, 0.5, "shares of a source do not add to 1"),
        (1, 1, 0.5, "a unit is split"),
        (2, 1, -0.1, "a share is negative"),
        (3, 1, 0.6, "moves do not explain the states"),
    ],
)
def test_faults_of_a_plan(state: int, year: int, value: float, wrong: str) -> None:
    problem = toy()
    plan = some_plan(problem)
    plan.share[state, year] = value
    assert any(fault.endswith(wrong) for fault in verify(problem, plan).broken)


def test_moves_out_of_an_empty_state_or_not_on_offer() -> None:
    problem = toy()
    plan = some_plan(problem)
    plan.moved[0, 1] = 1.0
    assert any(fault.endswith("more leaves a state than was in it") for fault in verify(problem, plan).broken)
    closed = replace(problem, capital=np.full_like(problem.capital, np.inf))
    found = verify(closed, some_plan(problem)).broken
    assert any(fault.endswith("a move that is not offered") for fault in found)
