"""Rounding by which parts add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.report.products.rounding import rounded_parts


@pytest.mark.parametrize(
    ("values", "decimals", "expected"),
    [
        ([33.3, 33.3, 33.4], 0, [33, 33, 34]),  # 100: one unit is left, for the largest remainder
        ([0.5, 0.5, 0.5, 0.5], 0, [1, 1, 0, 0]),  # 2: ties to the earlier ones
        ([1.234, 2.345, 3.421], 2, [1.23, 2.35, 3.42]),  # 7.00
        ([-1.5, 0.3, 2.3], 0, [-1, 0, 2]),  # 1.1: floors -2, 0, 2 leave one, for the half
        ([2.9999999999999996], 0, [3]),
    ],
)
def test_by_hand(values: list[float], decimals: int, expected: list[float]) -> None:
    found = rounded_parts(np.array(values), decimals)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@given(
    st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=50),
    st.sampled_from([-2, 0, 1, 2]),
)
def test_parts_add_up_and_stay_near(values: list[float], decimals: int) -> None:
    given_values = np.array(values)
    found = rounded_parts(given_values, decimals)
    unit = 10.0**-decimals
    assert abs(found.sum() - given_values.sum()) <= 0.5 * unit + 1e-6
    assert (np.abs(found - given_values) < unit * (1 + 1e-6) + 1e-6).all()


def test_missing_stays_missing() -> None:
    found = rounded_parts(np.array([1.4, np.nan, 1.4]), 0)
    np.testing.assert_array_equal(found, [2, np.nan, 1])
