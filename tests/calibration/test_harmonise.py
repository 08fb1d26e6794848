"""Every method of harmonisation by hand, and every leaf of the tree."""

from __future__ import annotations

import numpy as np
import pytest

from model.calibration.harmonise import choose, harmonised, variation_of_changes

YEARS = np.array([2015, 2017, 2019, 2021, 2027])
MODEL = np.array([8.0, 10.0, 12.0, 6.0, 2.0])
# observed in 2017: 15, so the ratio is 1.5 and the offset 5


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("constant_ratio", [12.0, 15.0, 18.0, 9.0, 3.0]),
        ("constant_offset", [13.0, 15.0, 17.0, 11.0, 7.0]),
        ("model_zero", [13.0, 15.0, 17.0, 11.0, 7.0]),
        ("hist_zero", [8.0, 10.0, 12.0, 6.0, 2.0]),
        # beta 1, 1, 3/4, 1/2, 0
        ("reduce_ratio_2025", [12.0, 15.0, 1.375 * 12.0, 1.25 * 6.0, 2.0]),
        ("reduce_offset_2025", [13.0, 15.0, 12.0 + 3.75, 6.0 + 2.5, 2.0]),
        # from 15 in 2017 to 2 in 2027
        ("linear_interpolate_2027", [13.0, 15.0, 12.4, 9.8, 2.0]),
        # to 4, half way from 6 in 2021 to 2 in 2027, in 2024: 11 in seven years
        ("linear_interpolate_2024", [13.0, 15.0, 15.0 - 22.0 / 7.0, 15.0 - 44.0 / 7.0, 2.0]),
    ],
)
def test_methods_by_hand(method: str, expected: list[float]) -> None:
    assert harmonised(YEARS, MODEL, 2017, 15.0, method) == pytest.approx(expected)


def test_a_ratio_that_ends_later_has_more_of_it_left() -> None:
    late = harmonised(YEARS, MODEL, 2017, 15.0, "reduce_ratio_2080")
    # in 2027 beta = 1 - 10 / 63
    assert late[-1] == pytest.approx((1.0 + 0.5 * 53.0 / 63.0) * 2.0)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("ratio", "no method of harmonisation; known: constant_ratio"),
        ("reduce_ratio", "no method"),
        ("reduce_ratio_2016", "after the base year 2017"),
        ("linear_interpolate_2050", "needs a modelled value of 2050"),
    ],
)
def test_methods_that_can_not_be(method: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        harmonised(YEARS, MODEL, 2017, 15.0, method)


def test_nothing_to_multiply_and_no_base_year() -> None:
    with pytest.raises(ValueError, match="nothing to multiply"):
        harmonised(YEARS, MODEL * (YEARS != 2017), 2017, 15.0, "constant_ratio")
    with pytest.raises(ValueError, match="modelled series has 0 values of the base year 2018"):
        harmonised(YEARS, MODEL, 2018, 15.0, "constant_ratio")


PAST = np.array([2014, 2015, 2016, 2017])
STEADY = np.array([12.0, 13.0, 14.0, 15.0])
FALLING_BELOW_0 = np.array([8.0, 10.0, 12.0, 6.0, -2.0])
FROM_0 = np.array([0.0, 0.0, 1.0, 6.0, 2.0])


@pytest.mark.parametrize(
    ("modelled", "observed", "method"),
    [
        (MODEL, np.array([1.0, 1.0, 1.0, 0.0]), "hist_zero"),
        (0.0 * MODEL, STEADY, "model_zero"),
        (FROM_0, STEADY, "constant_offset"),
        (np.array([0.0, 0.0, 1.0, 6.0, -2.0]), STEADY, "reduce_offset_2080"),
        # changes 10, -10.2, 0.3: mean 0.033, standard deviation 8.25
        (MODEL, np.array([14.9, 24.9, 14.7, 15.0]), "reduce_offset_2150"),
        # (15 - 10) / 15 = 0.33 < 0.5
        (MODEL, STEADY, "reduce_ratio_2080"),
        # (15 - 7) / 15 = 0.53
        (MODEL * 0.7, STEADY, "constant_ratio"),
        (FALLING_BELOW_0 * 0.7, STEADY, "reduce_ratio_2100"),
    ],
)
def test_every_leaf_of_the_tree(modelled: np.ndarray, observed: np.ndarray, method: str) -> None:
    chosen = choose(YEARS, modelled, 2017, PAST, observed)
    assert chosen.method == method


def test_what_the_tree_chose_on() -> None:
    chosen = choose(YEARS, MODEL, 2017, PAST[::-1], np.array([15.0, 14.0, 11.0, 12.0]))
    assert chosen.difference == pytest.approx(1.0 / 3.0)
    # in order of years the changes are -1, 3, 1: mean 1, standard deviation sqrt(8 / 3)
    assert chosen.variation == pytest.approx(np.sqrt(8.0 / 3.0))


def test_variation_without_changes_is_no_large_one() -> None:
    assert np.isnan(variation_of_changes(np.array([15.0])))
    assert np.isinf(variation_of_changes(np.array([14.0, 15.0, 14.0])))
    assert choose(YEARS, MODEL, 2017, PAST[-1:], STEADY[-1:]).method == "reduce_ratio_2080"
