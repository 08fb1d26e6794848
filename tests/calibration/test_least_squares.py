"""The most probable parameters: by hand, against dense normal equations, at a stationary point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, sparse

from model.calibration.inversion import Inversion
from model.calibration.least_squares import invert
from tests.calibration.small import of_products, of_sums


def one(value: float, log_sd: float = 0.3, sd: float = 0.4) -> Inversion:
    """One factor of two sources that emit 2 and 3, and an observation of their sum."""
    return Inversion(
        log_sd=np.array([log_sd]),
        emission=np.array([2.0, 3.0]),
        elasticity=sparse.csr_array(np.ones((2, 1))),
        weight=sparse.csr_array(np.ones((1, 2))),
        value=np.array([value]),
        sd=np.array([sd]),
        group=np.array([-1]),
        common=np.zeros(1),
    )


def test_a_shared_factor_by_hand() -> None:
    # both sources move together: theta = 0.09 / (0.09 + 0.16) x log(10 / 5)
    fit = invert(one(10.0))
    assert fit.theta == pytest.approx([0.36 * np.log(2.0)], abs=1e-12)
    assert fit.converged
    # cost = log(2)^2 / (0.09 + 0.16)
    assert fit.cost == pytest.approx(np.log(2.0) ** 2 / 0.25)


def test_an_element_that_nothing_moves_stays_in_the_sum() -> None:
    # 2 exp(theta) + 3 = 3 + 2 e^2 with hardly any error: theta is pulled to 2
    fixed = replace(
        one(3.0 + 2.0 * np.e**2, log_sd=5.0, sd=1e-4), elasticity=sparse.csr_array([[1.0], [0.0]])
    )
    assert invert(fixed).theta == pytest.approx([2.0], abs=1e-6)


def test_what_is_known_does_not_move() -> None:
    assert invert(one(10.0, log_sd=0.0)).theta == pytest.approx([0.0], abs=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_products_as_dense_normal_equations_have_it(seed: int) -> None:
    problem = of_products(seed)
    elasticity = problem.elasticity.toarray()
    inverse = np.linalg.inv(problem.error)
    normal = np.diag(problem.log_sd**-2) + elasticity.T @ inverse @ elasticity
    right = elasticity.T @ inverse @ (np.log(problem.value) - np.log(problem.emission))
    assert invert(problem).theta == pytest.approx(np.linalg.solve(normal, right), abs=1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_sums_as_a_general_optimiser_has_it(seed: int) -> None:
    problem = of_sums(seed)
    weight, elasticity = problem.weight.toarray(), problem.elasticity.toarray()
    inverse = np.linalg.inv(problem.error)

    def cost(theta: np.ndarray) -> float:
        modelled = weight @ (problem.emission * np.exp(elasticity @ theta))
        residual = np.log(problem.value) - np.log(modelled)
        return float(np.sum((theta / problem.log_sd) ** 2) + residual @ inverse @ residual)

    fit = invert(problem)
    found = optimize.minimize(cost, np.zeros_like(problem.log_sd), method="BFGS", options={"gtol": 1e-6})
    assert fit.converged
    assert fit.cost == pytest.approx(cost(fit.theta), rel=1e-10)
    assert fit.cost <= found.fun + 1e-9
    assert fit.theta == pytest.approx(found.x, abs=1e-4)


def test_the_jacobian_is_the_derivative() -> None:
    fit = invert(of_sums(3))
    step = 1e-6
    for j in range(len(fit.theta)):
        moved = fit.theta.copy()
        moved[j] += step
        above = fit.inversion.log_model(moved)
        moved[j] -= 2 * step
        slope = (above - fit.inversion.log_model(moved)) / (2 * step)
        assert fit.jacobian.toarray()[:, j] == pytest.approx(slope, abs=1e-8)


def test_far_from_the_prior_it_still_arrives() -> None:
    problem = of_sums(1)
    far = replace(problem, value=problem.value * np.geomspace(1e-3, 1e3, len(problem.value)))
    fit = invert(far)
    assert fit.converged
    residual = np.log(far.value) - fit.log_model
    slope = fit.theta / far.log_sd**2 - fit.jacobian.T @ np.linalg.solve(far.error, residual)
    assert np.abs(slope * far.log_sd).max() < 1e-5 * fit.cost


def test_faults_name_their_places() -> None:
    problem = of_sums(0)
    emission = np.zeros_like(problem.emission)
    value = problem.value.copy()
    value[2] = 0.0
    with pytest.raises(ValueError, match=r"without an element: \[0, 1.*values not above 0: \[2\]"):
        replace(problem, emission=emission, value=value)
