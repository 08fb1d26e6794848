"""Cities at a common reduction and a common price, against numbers worked by hand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.studies.curves.cities import PERCENT, PRICE, TONNES, city_frame, hull, proven
from tests.report import made_up_curves as made_up

POINTS = pd.DataFrame(
    {
        "city": "Hohhot",
        "pollutant": "SO2",
        "year": 2020,
        "point": [0, 1, 2],
        "reduction_t": [10.0, 20.0, 30.0],
        "reduction_pct": [10.0, 20.0, 30.0],
        "total_cost_cny": [-5.0, 100.0, 400.0],
        "marginal_cny_per_t": [0.0, 10.0, 30.0],
        "price_cny_per_t": [0.0, 12.5, 37.5],
        "bound_cny": [-5.0, 95.0, 390.0],
    }
)
"""A city that emits 100 t."""


def asked(
    percents: tuple[float, ...] = (), tonnes: tuple[float, ...] = (), prices: tuple[float, ...] = ()
) -> Any:
    return city_frame(POINTS, percents, tonnes, prices).to_dict("records")


def test_between_two_points() -> None:
    """25 t: the chord from (20, 100) to (30, 400) is 250; the tangents prove 95 + 50 and 390 - 150; the plan
    that cuts 30 t costs 400.
    """
    for (row,) in (asked(percents=(25.0,)), asked(tonnes=(25.0,))):
        assert row["status"] == "asked"
        assert row["reduction_t"] == pytest.approx(25.0)
        assert row["reduction_pct"] == pytest.approx(25.0)
        assert (row["cost_low_cny"], row["total_cost_cny"], row["cost_high_cny"]) == pytest.approx(
            (240, 250, 400)
        )


def test_what_is_free_and_what_can_not_be_had() -> None:
    free, most, beyond = asked(tonnes=(5.0, 30.0, 31.0))
    assert (free["status"], free["total_cost_cny"]) == ("free", -5.0)
    assert (most["status"], most["total_cost_cny"], most["cost_high_cny"]) == ("asked", 400.0, 400.0)
    assert beyond["status"] == "out_of_reach"
    assert np.isnan(beyond["total_cost_cny"])


def test_what_a_price_pays_for() -> None:
    """12.5 CNY of the year count 10 in the objective. At 20 of the year (16 in the objective): -5 - 160,
    100 - 320 and 400 - 480, so 20 t; the next point is dearer than the price. At 100 all 30 t.
    """
    twenty, hundred, none = asked(prices=(20.0, 100.0, 0.0))
    assert (twenty["reduction_t"], twenty["total_cost_cny"]) == (20.0, 100.0)
    assert (twenty["reduction_low_t"], twenty["reduction_high_t"]) == (20.0, 30.0)
    assert (hundred["reduction_t"], hundred["status"]) == (30.0, "most")
    assert (none["reduction_t"], none["reduction_low_t"], none["reduction_high_t"]) == (10.0, 10.0, 20.0)


def test_a_city_that_can_cut_nothing() -> None:
    none = POINTS.assign(**dict.fromkeys(POINTS.columns[4:], 0.0))
    ten, tonne, price = city_frame(none, (10.0,), (1.0,), (5.0,)).to_dict("records")
    assert {ten["status"], tonne["status"]} == {"out_of_reach"}
    assert (price["reduction_t"], price["total_cost_cny"], price["status"]) == (0.0, 0.0, "most")


def test_every_city_at_every_level() -> None:
    frame = city_frame(made_up.curve()[0], (10.0, 30.0), (1000.0,), (5000.0,))
    assert len(frame) == len(made_up.CITIES) * 4
    assert frame.groupby("asked").size().to_dict() == {
        name: len(made_up.CITIES) * count for name, count in ((PERCENT, 2), (TONNES, 1), (PRICE, 1))
    }
    thirty = frame[(frame["asked"] == PERCENT) & (frame["level"] == 30.0)]
    assert (thirty["cost_low_cny"] <= thirty["total_cost_cny"]).all()
    assert (thirty["total_cost_cny"] <= thirty["cost_high_cny"]).all()
    # 16 % at -400, 8 % at 900 and 6 % at 2 400 CNY/t of 80 kt
    assert thirty["total_cost_cny"].iloc[0] == pytest.approx(
        8e4 * (-0.16 * 400 + 0.08 * 900 + 0.06 * 2400), rel=0.02
    )


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=9))
def test_the_hull_is_the_least_of_all_chords(cost: list[float]) -> None:
    x, y = np.arange(len(cost), dtype=float), np.array(cost)
    at = hull(x, y)
    for place in np.linspace(0, len(cost) - 1, 23):
        chords = [
            np.interp(place, x[[a, b]], y[[a, b]])
            for a, b in combinations(range(len(x)), 2)
            if a <= place <= b
        ]
        assert np.interp(place, x[at], y[at]) == pytest.approx(min(chords), abs=1e-9)


def test_tangents_of_a_convex_curve_touch_it() -> None:
    curve = made_up.curve(("Hohhot",))[0].assign(bound_cny=lambda rows: rows["total_cost_cny"])
    for _, point in curve.iloc[1:].iterrows():
        assert proven(curve, point["reduction_t"]) == pytest.approx(point["total_cost_cny"], rel=1e-9)
