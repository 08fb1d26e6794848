"""Tables of a curve, on a problem small enough to work by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.scenario.scenario import SolverOptions
from model.studies.curves.curve import Curve, trace
from model.studies.curves.frames import CHANGES, Asked, Frames, frames
from tests.solve.toys import Sketch

MEASURES = [(), ("scrub",), ("scrub", "switch"), (), ("switch",)]


def boilers() -> Asked:
    """A unit that emits 60 t SO2 and 10 t NOx, and a divisible source that emits 40 and 30, in one year.

    The unit: scrub leaves 20 t at 400 CNY, scrub and switch 10 t at 1 000. The other: switch leaves no SO2 at
    80 CNY, and 45 t NOx. Frozen they emit 120 t SO2 (a change in force takes 20 off).
    """
    limit = {"sense": -1, "enforced": False}
    problem = Sketch(
        states=[3, 2],
        moves=[(0, 0, 1), (0, 0, 2), (1, 0, 1)],
        cost=np.array([[0.0], [400.0], [1000.0], [0.0], [80.0]]),
        capital=np.zeros((3, 1)),
        factor=np.array([[60.0, 20.0, 10.0, 40.0, 0.0], [10.0, 10.0, 5.0, 30.0, 45.0]]),
        move_factor=np.zeros((2, 3)),
        limits=[
            {**limit, "bound": 120.0, "terms": [(0, 0, 1.0, 0)]},
            {**limit, "bound": 40.0, "terms": [(1, 0, 1.0, 0)]},
        ],
        forbid=[],
        sets=np.ones((1, 2), dtype=bool),
        cell=[0, 1],
        divisible=[False, True],
        part_year=[1.0, 1.0],
        stock=[False, False],
        years=1,
        rate=0.25,
    ).problem()
    return Asked("Hohhot", "SO2", 2018, problem, {"SO2": 0, "NOx": 1}, MEASURES)


@pytest.fixture(scope="module")
def made() -> tuple[Curve, Frames]:
    asked = boilers()
    curve = trace(asked.problem, 0, SolverOptions(gap=1e-7), 5)
    return curve, frames(asked, curve)


def test_ends_by_hand(made: tuple[Curve, Frames]) -> None:
    """Nothing is free, so the first point is what the change takes off; the last has every measure."""
    rows = made[1].curve
    first, last = rows.iloc[0], rows.iloc[-1]
    assert first[["reduction_t", "total_cost_cny", "marginal_cny_per_t"]].tolist() == pytest.approx(
        [20, 0, 0]
    )
    assert last["reduction_t"] == pytest.approx(110, rel=1e-5)
    assert last["achieved_t"] == pytest.approx(110)
    # discounted by a quarter: the year is the first after the start
    assert last["total_cost_cny"] == pytest.approx(1080 / 1.25)
    assert last["average_cny_per_t"] == pytest.approx(1080 / 1.25 / 110, rel=1e-5)
    assert last["reduction_pct"] == pytest.approx(100 * 110 / 120, rel=1e-5)
    assert rows["point"].tolist() == list(range(len(rows)))


def test_prices_are_not_discounted(made: tuple[Curve, Frames]) -> None:
    """The switch is cheapest, 2 CNY/t of its year; between it and the end the scrubber costs 10 CNY/t."""
    rows = made[1].curve
    np.testing.assert_allclose(rows["price_cny_per_t"], 1.25 * rows["marginal_cny_per_t"])
    early = rows[(rows["reduction_t"] > 21) & (rows["reduction_t"] < 59)]
    assert len(early)
    np.testing.assert_allclose(early["price_cny_per_t"], 2.0, rtol=1e-5)


def test_measures_add_up_to_the_reduction(made: tuple[Curve, Frames]) -> None:
    curve, tables = made
    total = tables.measures.groupby("point")["reduction_t"].sum()
    np.testing.assert_allclose(total, tables.curve["achieved_t"], atol=1e-6)
    last = tables.measures[tables.measures["point"] == len(curve.points) - 1].set_index("measure")
    # of the unit's 50 t scrub and switch have half each; the other switch takes 40 t off
    assert last["reduction_t"].to_dict() == pytest.approx({CHANGES: 20, "scrub": 25, "switch": 65}, abs=1e-3)
    assert last["sources"].to_dict() == pytest.approx({CHANGES: 0, "scrub": 1, "switch": 2}, abs=1e-5)


def test_what_enters_and_what_leaves(made: tuple[Curve, Frames]) -> None:
    rows = made[1].measures.set_index(["measure", "point"])["change"]
    assert "" in set(rows[CHANGES])
    assert (rows["switch"] == "enters").sum() == 1
    assert (rows["scrub"] == "enters").sum() == 1


def test_other_pollutants(made: tuple[Curve, Frames]) -> None:
    """The divisible switch adds 15 t NOx, the unit's takes 5 t off."""
    others = made[1].others
    assert set(others["other"]) == {"NOx"}
    assert others["reduction_t"].iloc[0] == pytest.approx(0)
    assert others["reduction_t"].iloc[-1] == pytest.approx(5 - 15)
    assert others["reduction_pct"].iloc[-1] == pytest.approx(-25)
