"""Moments and draws of a limit's left side, against numbers worked by hand and other routes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.problem.items import Base, distinct, make_spread
from model.problem.spread import Part, Spread
from tests.problem.uncertain import as_product, numbers, one_year


def two_factors() -> Spread:
    """Emission 3 and 5 by factors with log sd 0.3 and 0.5, 2 that is certain, against a bound of 9."""
    problem = one_year([[3.0], [5.0], [2.0]], [[0.0]] * 3, 9.0)
    return make_spread(problem, 0, numbers(problem, [[1, 0], [0, 1], [0, 0]], [0.3, 0.5]))


def test_moments_of_two_independent_factors() -> None:
    spread = two_factors()
    moments, tangent = spread.moments(np.ones(3))
    mean = 3 * np.exp(0.045), 5 * np.exp(0.125)
    variance = mean[0] ** 2 * (np.exp(0.09) - 1), mean[1] ** 2 * (np.exp(0.25) - 1)
    assert moments.nominal == pytest.approx(3 + 5 + 2 - 9)
    assert moments.mean == pytest.approx(mean[0] + mean[1] + 2 - 9, rel=1e-12)
    assert moments.sd == pytest.approx(np.sqrt(sum(variance)), rel=1e-12)
    assert tangent.state == pytest.approx([*np.array(variance) / moments.sd, 0.0], rel=1e-12)


def test_a_factor_that_two_sources_share_does_not_even_out() -> None:
    problem = one_year([[1.0], [1.0]], [[0.0]] * 2, 0.0)
    shared = make_spread(problem, 0, numbers(problem, [[1], [1]], [0.4])).moments(np.ones(2))[0]
    apart = make_spread(problem, 0, numbers(problem, [[1, 0], [0, 1]], [0.4, 0.4])).moments(np.ones(2))[0]
    assert shared.sd / apart.sd == pytest.approx(np.sqrt(2), rel=1e-12)


def test_own_deviations_are_shared_by_the_states_of_a_source_alone() -> None:
    problem = one_year([[2.0, 1.0], [4.0, 3.0]], [[0.0, 0.0]] * 2, 0.0)
    spread = make_spread(
        problem, 0, numbers(problem, [[1, 0], [0, 1], [1, 0], [0, 1]], [0.3, 0.2], own=[0.5, 0.6])
    )
    standing = np.array([0.25, 0.75, 0.5, 0.5])
    value = np.array([2.0, 1.0, 4.0, 3.0]) * standing
    log_variance = np.array([0.09, 0.04, 0.09, 0.04])
    own = np.array([0.25, 0.25, 0.36, 0.36])
    together = np.array([[0.09, 0, 0.09, 0], [0, 0.04, 0, 0.04]] * 2)
    same = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]], dtype=bool)
    mean = value * np.exp(log_variance / 2)
    covariance = np.outer(mean, mean) * np.expm1(together + np.where(same, own[:, None], 0.0))
    moments, tangent = spread.moments(standing)
    assert moments.sd == pytest.approx(np.sqrt(covariance.sum()), rel=1e-12)
    assert tangent.state * standing == pytest.approx(covariance.sum(axis=1) / moments.sd, rel=1e-12)


def test_the_tangent_is_the_derivative_and_nowhere_above() -> None:
    spread = two_factors()
    here = np.array([0.5, 0.2, 1.0])
    moments, tangent = spread.moments(here)
    for at in range(3):
        step = np.eye(3)[at] * 1e-6
        rise = spread.moments(here + step)[0].sd - spread.moments(here - step)[0].sd
        assert tangent.state[at] == pytest.approx(rise / 2e-6, abs=1e-6)
    random = np.random.default_rng(1)
    for other in random.uniform(0, 1, (50, 3)):
        below = tangent.state @ other + tangent.constant
        assert below <= spread.moments(other)[0].sd + 1e-12
    assert tangent.state @ here + tangent.constant == pytest.approx(moments.sd)


def test_draws_have_the_moments() -> None:
    problem = one_year([[3.0, 1.0], [5.0, 2.0]], [[0.0, 0.0]] * 2, 4.0)
    spread = make_spread(
        problem,
        0,
        numbers(problem, [[1, 0], [0.4, 0], [0, 1], [1, 1]], [0.3, 0.5], own=[0.3, 0.0]),
    )
    standing = np.array([0.5, 0.5, 0.3, 0.7])
    theta = np.random.default_rng(2).standard_normal((2, 400_000)) * [[0.3], [0.5]]
    drawn = spread.draws(standing, theta, 3)
    moments = spread.moments(standing)[0]
    assert drawn.mean() == pytest.approx(moments.mean, abs=5 * moments.sd / np.sqrt(400_000))
    assert drawn.std() == pytest.approx(moments.sd, rel=0.02)
    assert spread.draws(standing, np.zeros((2, 1)), 3).shape == (1,)


def test_moments_of_draws_that_are_tied_together() -> None:
    """Two numbers of which one is the other's reverse, in two draws: sums by hand; own deviations beside."""
    problem = one_year([[3.0], [5.0]], [[0.0]] * 2, 1.0)
    known = numbers(problem, [[1, 0], [0, 1]], [9.0, 9.0], own=[0.5, 0.0])
    spread = make_spread(problem, 0, known).seen(np.log(np.array([[2.0, 0.5], [0.5, 2.0]])))
    moments, tangent = spread.moments(np.array([1.0, 0.5]))
    sums = np.array([3 * 2 + 2.5 * 0.5, 3 * 0.5 + 2.5 * 2])
    own = np.expm1(0.25) * np.mean([6.0**2, 1.5**2])
    assert moments.mean == pytest.approx(sums.mean() - 1)
    assert moments.sd == pytest.approx(np.sqrt(sums.var() + own))
    assert tangent.state @ [1.0, 0.5] == pytest.approx(moments.sd)
    shared = np.cov(np.array([[6.0, 1.5], sums]), bias=True)[0, 1]
    assert tangent.state[0] == pytest.approx((shared + own) / moments.sd)


def test_a_percentage_of_the_start_is_uncertain_with_the_same_numbers() -> None:
    """What is left of a source is 60 % of itself, whatever its factor: never above 60 % of the start."""
    problem = one_year([[10.0, 6.0]], [[0.0, 0.0]], 6.0)
    uncertain = numbers(problem, [[1], [1]], [0.8])
    spread = make_spread(problem, 0, uncertain, Base(np.array([0]), np.array([6.0]), 0))
    moments, _ = spread.moments(np.array([0.0, 1.0]))
    assert (moments.nominal, moments.mean, moments.sd) == pytest.approx((0.0, 0.0, 0.0), abs=1e-7)
    theta = np.random.default_rng(4).standard_normal((1, 100))
    assert spread.draws(np.array([0.0, 1.0]), theta, 5) == pytest.approx(np.zeros(100), abs=1e-9)
    certain = make_spread(problem, 0, uncertain).moments(np.array([0.0, 1.0]))[0]
    assert certain.sd == pytest.approx(6 * np.exp(0.32) * np.sqrt(np.expm1(0.64)), rel=1e-12)


def test_at_least_is_missed_below() -> None:
    problem = one_year([[3.0]], [[0.0]], 2.0)
    up = replace(problem, sense=np.array([1]))
    spread = make_spread(up, 0, numbers(up, [[1]], [0.3]))
    moments, _ = spread.moments(np.ones(1))
    assert moments.nominal == pytest.approx(-1.0)
    assert moments.mean == pytest.approx(2 - 3 * np.exp(0.045))


def test_distinct_rows() -> None:
    rows = sparse.csr_array(np.array([[1, 0], [0, 1], [1, 0], [0.5, 0], [0, 1.0]]))
    first, place = distinct(rows, np.array([-1, -1, -1, -1, 4]))
    assert len(first) == 4
    assert np.array_equal(rows[first][place].toarray(), rows.toarray())
    assert place[1] != place[4]


def test_a_factor_in_two_parts() -> None:
    """3 t of which a third follows one number, and two thirds another."""
    problem = one_year([[3.0]], [[0.0]], 0.0)
    known = numbers(problem, [[1, 0]], [0.3, 0.5])
    one, other = as_product(np.array([[1.0, 0]])), as_product(np.array([[0, 1.0]]))
    parts = (replace(one, share=np.array([1 / 3])), replace(other, share=np.array([2 / 3])))
    moments = make_spread(problem, 0, replace(known, factor={"q0": parts})).moments(np.ones(1))[0]
    mean = np.exp(0.045), 2 * np.exp(0.125)
    assert moments.mean == pytest.approx(sum(mean))
    variance = mean[0] ** 2 * np.expm1(0.09) + mean[1] ** 2 * np.expm1(0.25)
    assert moments.sd == pytest.approx(np.sqrt(variance))


def test_draws_follow_what_is_no_product() -> None:
    """A factor that is at most twice its value, times an activity of its own number."""
    problem = one_year([[3.0]], [[0.0]], 1.0)
    known = numbers(problem, [[1, 0]], [0.3, 0.5], activity=[[0, 1]])
    held = Part(np.ones(1), sparse.csr_array(np.array([[1.0, 0]])), np.array([7]))

    def times(chains: np.ndarray, theta: np.ndarray) -> np.ndarray:
        assert chains.tolist() == [7]
        return np.minimum(np.exp(theta[:1]), 2.0)

    spread = make_spread(problem, 0, replace(known, factor={"q0": (held,)}, times=times))
    drawn = spread.draws(np.ones(1), np.array([[0.1, 5.0], [0.2, 0.3]]), 0)
    assert drawn == pytest.approx([3 * np.exp(0.3) - 1, 3 * 2 * np.exp(0.3) - 1])


def test_terms_of_which_nothing_is_known_are_refused() -> None:
    problem = one_year([[1.0]], [[0.0]], 1.0)
    known = numbers(problem, [[1]], [0.1])
    with pytest.raises(ValueError, match="nothing is known"):
        make_spread(problem, 0, replace(known, factor={}))
