"""Spread, intervals and draws of the posterior: by hand, and against dense matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, sparse

from model.calibration import posterior_draws
from model.calibration.inversion import Inversion
from model.calibration.least_squares import Fit, invert
from model.calibration.posterior import covariance, intervals, log_sds, log_totals
from model.calibration.posterior_draws import draw
from tests.calibration.small import of_products, of_sums


def dense(fit: Fit) -> np.ndarray:
    """Posterior covariance by the other formula, (D^-1 + H' R^-1 H)^-1, [J, J]."""
    jacobian = fit.jacobian.toarray()
    seen = jacobian.T @ np.linalg.inv(fit.inversion.error) @ jacobian
    return np.linalg.inv(np.diag(fit.inversion.log_sd**-2) + seen)


def test_by_hand() -> None:
    # variance 1 / (1 / 0.09 + 1 / 0.16) = 0.0576; theta = 0.0576 / 0.16 x log 2
    one = Inversion(
        log_sd=np.array([0.3, 0.5]),
        emission=np.array([5.0, 1.0]),
        elasticity=sparse.csr_array(np.eye(2)),
        weight=sparse.csr_array(np.array([[1.0, 0.0]])),
        value=np.array([10.0]),
        sd=np.array([0.4]),
        group=np.array([-1]),
        common=np.zeros(1),
    )
    fit = invert(one)
    assert log_sds(fit) == pytest.approx([0.24, 0.5])
    low, high = intervals(fit, 0.95)
    assert low == pytest.approx([0.36 * np.log(2) - 1.959964 * 0.24, -1.959964 * 0.5], abs=1e-6)
    assert low + high == pytest.approx([0.72 * np.log(2), 0.0])


@pytest.mark.parametrize("make", [of_products, of_sums])
def test_spread_as_dense_matrices_have_it(make: type) -> None:
    fit = invert(make(4))
    whole = dense(fit)
    assert log_sds(fit) == pytest.approx(np.sqrt(np.diag(whole)), abs=1e-9)
    chosen = np.array([5, 0, 2])
    assert covariance(fit, chosen) == pytest.approx(whole[np.ix_(chosen, chosen)], abs=1e-9)


def test_totals_linearised() -> None:
    fit = invert(of_sums(2))
    weight = np.zeros((2, len(fit.inversion.emission)))
    weight[0, :10], weight[1] = 1.0, 1.0
    log_total, log_sd = log_totals(fit, sparse.csr_array(weight))
    part = weight * fit.inversion.emission * np.exp(fit.inversion.elasticity @ fit.theta)
    slope = part @ fit.inversion.elasticity / part.sum(axis=1, keepdims=True)
    assert log_total == pytest.approx(np.log(part.sum(axis=1)))
    assert log_sd == pytest.approx(np.sqrt(np.diag(slope @ dense(fit) @ slope.T)))


def prior_of(problem: Inversion, draws: int) -> np.ndarray:
    """Draws of the prior whose sample covariance and mean are the prior's but for sampling."""
    return problem.log_sd[:, None] * np.random.default_rng(5).standard_normal((len(problem.log_sd), draws))


def test_draws_of_products_have_mean_and_covariance() -> None:
    problem = of_products(3)
    fit = invert(problem)
    draws = 40_000
    drawn = draw(fit, prior_of(problem, draws), 1)
    whole = dense(fit)
    error = np.sqrt(np.diag(whole) / draws)
    assert np.abs(drawn.theta.mean(axis=1) - fit.theta).max() < 4.5 * error.max()
    assert np.cov(drawn.theta) == pytest.approx(whole, abs=0.03 * np.diag(whole).max())
    assert drawn.settled.all()


def test_a_draw_is_the_most_probable_theta_of_its_own_prior_and_observations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posterior_draws, "SETTLED", 1e-10)
    problem = of_sums(6)
    prior = prior_of(problem, 3)
    drawn = draw(invert(problem), prior, 1)
    noise = np.random.default_rng((1, 1)).standard_normal((len(problem.value), 3))
    target = np.log(problem.value)[:, None] + np.linalg.cholesky(problem.error) @ noise
    inverse = np.linalg.inv(problem.error)
    for d in range(3):

        def cost(theta: np.ndarray, d: int = d) -> float:
            residual = target[:, d] - problem.log_model(theta)
            return float(
                np.sum(((theta - prior[:, d]) / problem.log_sd) ** 2) + residual @ inverse @ residual
            )

        best = optimize.minimize(cost, drawn.theta[:, d], method="BFGS", options={"gtol": 1e-5})
        assert (drawn.theta[:, d] - best.x) / problem.log_sd == pytest.approx(0.0 * best.x, abs=1e-3)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = of_sums(7)
    fit = invert(problem)
    prior = prior_of(problem, 50)
    together = draw(fit, prior, 2)
    monkeypatch.setattr(posterior_draws, "BLOCK", 7 * problem.counted.nnz)
    assert draw(fit, prior, 2).theta == pytest.approx(together.theta, abs=1e-12)


def test_a_wide_prior_settles_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # after two moves together most draws are left to Newton's
    monkeypatch.setattr(posterior_draws, "MOVES", 2)
    wide = of_sums(8)
    wide = replace(wide, log_sd=np.full_like(wide.log_sd, 1.2))
    assert draw(invert(wide), prior_of(wide, 100), 3).settled.all()
