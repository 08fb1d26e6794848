"""Conflicts made by hand: what is in the way of what, how far limits go, what mends them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.problem.problem import Problem
from model.solve.explain import Explanation, explain, without_mandates
from model.solve.solve import solve
from tests.solve.toys import Options, Sketch


def two_boilers(
    limits: list[dict], forbid: list[tuple[int, int, int, int]] = (), divisible: bool = True
) -> Problem:  # type: ignore[type-arg]
    """Two boilers of 100 t SO2 each; on gas they emit 10 t and use 50 of gas; a scrubber leaves 40 t.

    Quantities: SO2, natural_gas, units_completed. Years: 2018, 2019; what is done in a year counts in full.
    """
    factor = np.array([[100.0, 10, 40] * 2, [0.0, 50, 0] * 2, [0.0] * 6])
    moves = [(s, 0, k) for s in range(2) for k in (1, 2)]
    sketch = Sketch(
        states=[3, 3],
        moves=moves,
        cost=np.zeros((6, 2)),
        capital=np.full((4, 2), 10.0),
        factor=factor,
        move_factor=np.vstack([np.zeros((2, 4)), np.ones(4)]),
        limits=limits,
        forbid=list(forbid),
        sets=np.ones((1, 1)),
        cell=[0, 0],
        divisible=[divisible] * 2,
        part_year=[1.0, 1.0],
        stock=[False, False, False],
    )
    quantity = np.array(["SO2", "natural_gas", "units_completed"])
    return replace(sketch.problem(), quantity=quantity)


def cap(name: str, quantity: int, year: int, bound: float, sense: int = -1) -> dict[str, object]:
    """A limit on one quantity of one year."""
    return {"name": name, "sense": sense, "bound": bound, "terms": [(quantity, year, 1.0, 0)]}


def explained(problem: Problem) -> Explanation:
    """The explanation of the plan of least shortfall."""
    plan = solve(problem, Options())
    assert plan.status == "infeasible"
    return explain(problem, plan, Options())


def names(problem: Problem, found: Explanation) -> tuple[list[str], list[str]]:
    """Labels of the conflict."""
    return problem.limit[found.limits].tolist(), problem.mandate[found.mandates].tolist()


def assert_irreducible(problem: Problem, found: Explanation) -> None:
    """Together they can not be met; without any one of them they can."""
    only = replace(problem, enforced=np.isin(np.arange(len(problem.limit)), found.limits))
    only = without_mandates(only, found.mandates)
    assert solve(only, Options()).status == "infeasible"
    for limit in found.limits:
        less = only.enforced.copy()
        less[limit] = False
        assert solve(replace(only, enforced=less), Options()).status == "optimal"
    for mandate in found.mandates:
        rest = found.mandates[found.mandates != mandate]
        assert solve(without_mandates(only, rest), Options()).status == "optimal"


def test_two_limits_and_innocent_ones() -> None:
    """SO2 at most 50 is 10 g + 40 c with g + c = 2, so g = 1 and 50 of gas; there are 20.

    With 20 of gas g = 0.4 and SO2 = 4 + 64 = 68. The limits of other years are innocent.
    """
    problem = two_boilers(
        [
            cap("SO2/2019", 0, 1, 50),
            cap("GAS/2019", 1, 1, 20),
            cap("GAS/2018", 1, 0, 90),
            cap("SO2/2018", 0, 0, 190),
        ]
    )
    found = explained(problem)
    assert names(problem, found) == (["SO2/2019", "GAS/2019"], [])
    assert not found.whole
    assert_irreducible(problem, found)
    mends = {problem.limit[mend.limit]: mend for mend in found.mends}
    assert mends["GAS/2019"].extra == pytest.approx(30, rel=1e-4)
    assert set(mends) == {"GAS/2019"}
    (reach,) = found.reach
    label = problem.limit[reach.limit]
    # the shortfall is a share of the bound: gas short by 30 of 20 weighs more than SO2 by 18 of 50
    assert label == "SO2/2019"
    assert reach.together == pytest.approx(68, rel=1e-5)
    assert reach.alone == pytest.approx(68, rel=1e-4)


def test_mandate_against_supply() -> None:
    """A mandate that leaves gas alone needs 100 of gas; there are 40."""
    forbid = [(0, s, k, 1) for s in range(2) for k in (0, 2)]
    problem = two_boilers([cap("GAS/2019", 1, 1, 40), cap("SO2/2019", 0, 1, 150)], forbid)
    found = explained(problem)
    assert names(problem, found) == (["GAS/2019"], ["M0"])
    assert_irreducible(problem, found)
    (mend,) = found.mends
    assert mend.extra == pytest.approx(60, rel=1e-4)


def test_year_late() -> None:
    """One unit a year: both boilers are clean (20 t) in 2019 only, and the limit holds in 2018."""
    problem = two_boilers([cap("SO2/2018", 0, 0, 100), cap("RATE/2018", 2, 0, 1), cap("RATE/2019", 2, 1, 1)])
    found = explained(problem)
    assert names(problem, found) == (["SO2/2018", "RATE/2018"], [])
    assert_irreducible(problem, found)
    mends = {(problem.limit[mend.limit], mend.later): mend.extra for mend in found.mends}
    # 200 - 90 n <= 100 takes n = 10 / 9 units
    assert mends["RATE/2018", False] == pytest.approx(1 / 9, rel=1e-3)
    assert np.isnan(mends["SO2/2018", True])
    assert {(problem.limit[r.limit], round(r.alone), round(r.together)) for r in found.reach} == {
        ("SO2/2018", 110, 110)
    }


def test_whole_units_alone_are_in_the_way() -> None:
    """Half of each boiler on gas would give exactly 110 t; whole units give 200, 140, 110, 80, 50 or 20."""
    problem = two_boilers(
        [cap("SO2/2019", 0, 1, 100), cap("SO2-MIN/2019", 0, 1, 90, sense=1)], divisible=False
    )
    found = explained(problem)
    assert found.whole
    assert names(problem, found) == (["SO2/2019", "SO2-MIN/2019"], [])
    assert_irreducible(problem, found)
    assert found.mends == ()


def test_large_problems_find_the_same_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `test_two_limits_and_innocent_ones`; 20 t is the least of SO2 that any plan reaches."""
    monkeypatch.setattr("model.solve.explain.WHOLE", 0)
    limits = [cap("SO2/2019", 0, 1, 50), cap("GAS/2019", 1, 1, 20), cap("GAS/2018", 1, 0, 90)]
    problem = two_boilers([*limits, cap("SO2/2018", 0, 0, 190)])
    found = explained(problem)
    assert names(problem, found) == (["SO2/2019", "GAS/2019"], [])
    assert found.narrowed
    assert not found.whole
    assert not len(found.alone)
    assert_irreducible(problem, found)
    assert [reach.alone for reach in found.reach] == [pytest.approx(20)]


def test_large_problems_name_what_no_plan_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 20 t is beyond any plan; 20 of gas against 50 t a year before is a conflict of its own."""
    monkeypatch.setattr("model.solve.explain.WHOLE", 0)
    limits = [cap("SO2/2019", 0, 1, 19), cap("GAS/2018", 1, 0, 20), cap("SO2/2018", 0, 0, 50)]
    problem = two_boilers(limits)
    found = explained(problem)
    assert problem.limit[found.alone].tolist() == ["SO2/2019"]
    assert set(problem.limit[found.limits]) == {"GAS/2018", "SO2/2018"}


def test_checks_of_large_problems_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no check left for the filter what the first proof names is given, as not narrowed down."""
    monkeypatch.setattr("model.solve.explain.WHOLE", 0)
    monkeypatch.setattr("model.solve.conflict.CHECKS", 1)
    problem = two_boilers([cap("SO2/2019", 0, 1, 50), cap("GAS/2019", 1, 1, 20)])
    found = explained(problem)
    assert set(problem.limit[found.limits]) == {"SO2/2019", "GAS/2019"}
    assert not found.narrowed
