"""The plan recomputed: cost, use, slack, shares and faults against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import (
    Plan,
    evaluate,
    frozen_plan,
    part_year_share,
    shortfall_scale,
    steps,
    use,
    verify,
    whole_plan,
)
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
    return replace(
        frozen_plan(problem),
        source=np.array([0, 1, 1, 1]),
        share=np.array([1, 0.25, 0.25, 0.5]),
        state=np.array([[1, 1], [3, 3], [2, 3], [2, 2]]),
    )


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


def test_shares_and_moves_of_pathways() -> None:
    """Dense arrays by hand: half the fleet ends up clean, half of that a year earlier."""
    problem = toy()
    plan = some_plan(problem)
    assert plan.shares(problem).tolist() == [[0, 0], [1, 1], [0.75, 0.5], [0.25, 0.5]]
    assert plan.moves(problem).tolist() == [[1, 0], [0.25, 0.25]]
    start = [[0.6, 0], [0.4, 1], [0.875, 0.625], [0.125, 0.375]]
    assert part_year_share(problem, plan.shares(problem)) == pytest.approx(np.array(start), rel=1e-12)


def test_two_pathways_that_meet_again_count_together() -> None:
    """Both fifths of the fleet end up clean; split over two pathways or one, it is the same plan."""
    problem = toy()
    one = replace(some_plan(problem), share=np.array([1, 0.4, 0.6]), source=np.array([0, 1, 1]))
    one = replace(one, state=np.array([[1, 1], [2, 3], [2, 2]]))
    two = replace(
        one,
        source=np.array([0, 1, 1, 1]),
        share=np.array([1, 0.3, 0.1, 0.6]),
        state=np.array([[1, 1], [2, 3], [2, 3], [2, 2]]),
    )
    assert two.shares(problem) == pytest.approx(one.shares(problem), rel=1e-12)
    assert two.moves(problem) == pytest.approx(one.moves(problem), rel=1e-12)
    assert evaluate(problem, two).use == pytest.approx(evaluate(problem, one).use, rel=1e-12)
    assert evaluate(problem, two).cost_cny == pytest.approx(evaluate(problem, one).cost_cny, rel=1e-12)


def test_charge_is_of_the_year_of_the_move() -> None:
    """Annuities 4 and 0.25 x 6 of 2018, charged 2.5 times, and 0.25 x 3 of 2019, charged once."""
    problem = replace(toy(), charge=np.array([2.5, 1.0]))
    assert evaluate(problem, some_plan(problem)).charged == pytest.approx([13.75, 0.75], rel=1e-12)


def test_a_missed_mandate_adds_up_the_pathways() -> None:
    """The fleet may not be dirty in 2019; three quarters are, on two pathways."""
    mandate = (np.array([0]), np.array([2]), np.array([1]))
    names = ("forbid_mandate", "forbid_state", "forbid_from")
    problem = replace(toy(), **dict(zip(names, mandate, strict=True)))
    plan = some_plan(problem)
    plan.share[1:] = [0.25, 0.5, 0.25]
    plan.state[1:] = [[3, 3], [2, 2], [2, 2]]
    assert [(m.source, m.year, m.share) for m in verify(problem, plan).mandates] == [(1, 1, 0.75)]


FAULTS = {
    "shares": ("share", 3, 0.4, "s1: shares of a source do not add to 1"),
    "whole": ("share", 0, 0.0, "s0: shares of a source do not add to 1"),
    "unit": ("share", 0, 0.5, "s0: a unit is split"),
    "negative": ("share", 2, -0.1, "s1: a share is negative"),
    "foreign": ("state", 1, (3, 1), "s1: a state of another source"),
    "no move": ("state", 0, (1, 0), "s0, 2019: a move that is not offered"),
}


@pytest.mark.parametrize(("part", "path", "value", "wrong"), FAULTS.values(), ids=FAULTS)
def test_faults_of_a_plan(part: str, path: int, value: object, wrong: str) -> None:
    problem = toy()
    plan = some_plan(problem)
    assert verify(problem, plan).broken == ()
    getattr(plan, part)[path] = value
    assert wrong in verify(problem, plan).broken
    assert not verify(problem, plan).met


def test_a_source_without_a_pathway() -> None:
    problem = toy()
    plan = replace(some_plan(problem), source=np.array([0]), share=np.array([1.0]), state=np.array([[1, 1]]))
    assert verify(problem, plan).broken == ("s1: shares of a source do not add to 1",)


def test_a_move_that_is_not_on_offer() -> None:
    """It costs nothing and is named, in its year; a share below the tolerance is rounding."""
    problem = toy()
    capital = problem.capital.copy()
    capital[0, 0] = capital[1, 1] = np.inf
    closed = replace(problem, capital=capital)
    plan = some_plan(problem)
    wrong = ("s0, 2018: a move that is not offered", "s1, 2019: a move that is not offered")
    assert verify(closed, plan).broken == wrong
    assert evaluate(closed, plan).charged == pytest.approx([1.5, 0], rel=1e-12)
    plan.share[1:] = [0.25, 1e-9, 0.75 - 1e-9]
    assert verify(closed, plan).broken == wrong[:1]


def test_a_step_that_is_no_move() -> None:
    """Back from clean to dirty: `verify` names it, `moves` refuses, the cost leaves it out."""
    problem = toy()
    plan = some_plan(problem)
    plan.state[0] = [1, 0]
    path, year, move = steps(problem, plan)
    assert list(zip(path.tolist(), year.tolist(), move.tolist(), strict=True)) == [
        (0, 0, 0),
        (0, 1, -1),
        (1, 0, 1),
        (2, 1, 1),
    ]
    with pytest.raises(ValueError, match="a step that is no move of the problem"):
        plan.moves(problem)
    assert evaluate(problem, plan).charged == pytest.approx([5.5, 0.75], rel=1e-12)


def test_steps_in_a_problem_without_moves() -> None:
    none = np.zeros(0, dtype=np.int64)
    bare = replace(
        toy(),
        move_from=none,
        move_to=none,
        capital=np.zeros((0, 2)),
        move_factor_ptr=np.zeros(4, dtype=np.int64),
        move_factor_idx=none,
        move_factor_val=np.zeros(0),
    )
    assert verify(bare, frozen_plan(bare)).broken == ()
    assert len(verify(bare, some_plan(bare)).broken) == 3


def test_plans_of_one_pathway_a_source() -> None:
    problem = toy()
    frozen = frozen_plan(problem)
    assert frozen.shares(problem).tolist() == [[1, 1], [0, 0], [1, 1], [0, 0]]
    whole = whole_plan(problem, np.array([[0, 1], [2, 3]]))
    assert whole.moves(problem).tolist() == [[0, 1], [0, 1]]
    assert whole.status == "feasible"
    assert whole.bound_cny == -np.inf
    assert np.isnan(whole.price).all()
