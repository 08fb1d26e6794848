"""Made-up inventories for tests of calibration: sources share numbers and are observed in sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from model.calibration.inversion import Floats, Inversion


def drawn(inversion: Inversion, rng: np.random.Generator) -> tuple[Floats, Inversion]:
    """A truth from the prior, and the problem with what is then observed."""
    theta = inversion.log_sd * rng.standard_normal(len(inversion.log_sd))
    error = np.linalg.cholesky(inversion.error) @ rng.standard_normal(len(inversion.value))
    return theta, replace(inversion, value=np.exp(inversion.log_model(theta) + error))


def of_sums(seed: int, observations: int = 8, parameters: int = 12, elements: int = 40) -> Inversion:
    """Observations of sums over elements that share parameters; half of them share an error."""
    rng = np.random.default_rng(seed)
    elasticity = rng.random((elements, parameters)) < 0.2
    weight = rng.random((observations, elements)) < 0.3
    weight[:, 0] = True
    inversion = Inversion(
        log_sd=rng.choice([0.1, 0.3, 0.6], parameters),
        emission=np.exp(rng.normal(0.0, 1.0, elements)),
        elasticity=sparse.csr_array(elasticity * rng.choice([1.0, 0.5, -0.4], (elements, parameters))),
        weight=sparse.csr_array(weight * rng.uniform(0.2, 1.0, weight.shape)),
        value=np.ones(observations),
        sd=rng.uniform(0.03, 0.1, observations),
        group=np.where(np.arange(observations) < observations // 2, 0, -1),
        common=np.full(observations, 0.08),
    )
    return drawn(inversion, rng)[1]


def of_products(seed: int, observations: int = 6, parameters: int = 9) -> Inversion:
    """Every observation has one element, so h is linear in theta and the posterior is Gaussian."""
    rng = np.random.default_rng(seed)
    inversion = Inversion(
        log_sd=rng.uniform(0.1, 1.2, parameters),
        emission=np.exp(rng.normal(0.0, 1.0, observations)),
        elasticity=sparse.csr_array(rng.choice([0.0, 1.0, -0.5], (observations, parameters))),
        weight=sparse.csr_array(np.eye(observations)),
        value=np.ones(observations),
        sd=rng.uniform(0.03, 0.2, observations),
        group=np.array([0, 0, 0, 1, 1, -1]),
        common=np.array([0.1, 0.1, 0.2, 0.05, 0.05, 0.0]),
    )
    return drawn(inversion, rng)[1]
