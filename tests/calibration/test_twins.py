"""Intervals hold known truths as often as they say; on a small case the posterior is what sampling finds."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from benchmarks.twins import MadeUp, cover, made_up
from model.calibration.inversion import Inversion
from model.calibration.least_squares import invert
from model.calibration.posterior import log_sds
from model.calibration.posterior_draws import draw
from tests.calibration.small import of_sums


def test_intervals_cover_85_to_95_per_cent_of_known_truths() -> None:
    inversion, totals = made_up(MadeUp(cities=4, classes=4, plants=5, pollutants=3, stacks=6), seed=3)
    found = cover(inversion, totals, twins=40, draws=50, seed=3)
    assert 0.85 <= found.parameters <= 0.95
    assert 0.85 <= found.seen <= 0.95
    assert found.seen_number > 15
    assert 0.85 <= found.totals <= 0.95
    assert 0.83 <= found.drawn <= 0.95  # quantiles of 50 draws are somewhat narrow
    assert found.chi2 == pytest.approx(1.0, abs=0.08)  # 40 x 30 degrees of freedom: 2 sd are 0.08
    assert found.converged == 1.0
    assert found.settled > 0.99


def sampled(problem: Inversion) -> np.ndarray:
    """Draws of the exact posterior by emcee (Foreman-Mackey et al. 2013), [D, J]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import emcee
    weight = problem.weight.toarray() * problem.emission
    elasticity, inverse = problem.elasticity.toarray(), np.linalg.inv(problem.error)

    def log_density(theta: np.ndarray) -> np.ndarray:
        residual = np.log(problem.value) - np.log(np.exp(theta @ elasticity.T) @ weight.T)
        cost = np.sum((theta / problem.log_sd) ** 2, axis=1)
        return -0.5 * (cost + np.sum((residual @ inverse) * residual, axis=1))

    walkers, parameters = 40, len(problem.log_sd)
    sampler = emcee.EnsembleSampler(walkers, parameters, log_density, vectorize=True)
    sampler.random_state = np.random.RandomState(0).get_state()
    start = 0.1 * np.random.default_rng(0).standard_normal((walkers, parameters))
    sampler.run_mcmc(start, 3000)
    return np.asarray(sampler.get_chain(discard=500, flat=True))


@pytest.mark.parametrize("seed", [0, 3])
def test_draws_agree_with_emcee(seed: int) -> None:
    problem = of_sums(seed, observations=3, parameters=5, elements=12)
    fit = invert(problem)
    chain = sampled(problem)
    rng = np.random.default_rng(1)
    drawn = draw(fit, problem.log_sd[:, None] * rng.standard_normal((5, 8000)), 1).theta
    spread = chain.std(axis=0)
    # the chain has about 100 000 / 60 independent draws: 0.025 spreads for a mean
    assert drawn.mean(axis=1) / spread == pytest.approx(chain.mean(axis=0) / spread, abs=0.12)
    assert drawn.std(axis=1) == pytest.approx(spread, rel=0.06)
    assert log_sds(fit) == pytest.approx(spread, rel=0.06)
    assert fit.theta / spread == pytest.approx(chain.mean(axis=0) / spread, abs=0.15)
    for weight in (problem.weight.toarray(), np.ones((1, 12))):
        of_chain, of_draws = (
            np.log(weight @ (problem.emission[:, None] * np.exp(problem.elasticity @ theta)))
            for theta in (chain.T, drawn)
        )
        for share in (0.05, 0.5, 0.95):
            difference = np.quantile(of_draws, share, axis=1) - np.quantile(of_chain, share, axis=1)
            assert difference / of_chain.std(axis=1) == pytest.approx(0.0 * difference, abs=0.15)
