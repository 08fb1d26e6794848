"""Rounding by which parts add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.report.products.rounding import rounded_parts, rounded_table


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


def test_table_by_hand() -> None:
    values = np.array([[0.4, 0.6], [0.4, 0.8]])
    found = rounded_table(values, np.array([1.0, 1.0]), np.array([1.0, 1.0]), 0)
    # Each cell by itself gives 0 1, 0 1, whose columns are 0 and 2; 0.4 and 0.6 are the cheapest to exchange.
    np.testing.assert_array_equal(found, [[1, 0], [0, 1]])


def test_table_without_rows() -> None:
    assert rounded_table(np.zeros((0, 3)), np.zeros(0), np.zeros(3), 2).shape == (0, 3)


@settings(max_examples=40)
@given(st.integers(1, 12), st.integers(1, 7), st.integers(0, 2**32 - 1), st.sampled_from([0, 2]))
def test_tables_keep_both_totals_and_what_is_nothing(
    rows: int, columns: int, seed: int, decimals: int
) -> None:
    draw = np.random.default_rng(seed)
    values = draw.lognormal(2.0, 2.0, (rows, columns)) * (draw.random((rows, columns)) > 0.3)
    across, down = rounded_parts(values.sum(axis=1), decimals), rounded_parts(values.sum(axis=0), decimals)
    found = rounded_table(values, across, down, decimals)
    np.testing.assert_allclose(found.sum(axis=1), across, atol=1e-9 * (1 + across.max()))
    np.testing.assert_allclose(found.sum(axis=0), down, atol=1e-9 * (1 + down.max()))
    assert np.abs(found - values).max() < 2.0 * 10.0**-decimals
    assert (found[values == 0] == 0).all()
