"""What is known of the parameters after the observations: spread, intervals, totals.

The posterior is the Gaussian of the problem linearised at the most probable theta, with covariance
P = D - D H' (H D H' + R)^-1 H D (Tarantola 2005). It is never written out: J parameters would
need J x J numbers.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg, sparse, special

from model.calibration.inversion import Floats, Ints, counted, log_sums
from model.calibration.least_squares import Fit


def log_sds(fit: Fit) -> Floats:
    """Posterior standard deviation of each theta, [J]; that of the prior where no observation reaches."""
    variance = fit.inversion.log_sd**2
    reached = np.unique(fit.jacobian.indices)
    variance[reached] -= np.sum(_known(fit, reached) ** 2, axis=0)
    out: Floats = np.sqrt(np.maximum(variance, 0.0))
    return out


def covariance(fit: Fit, chosen: Ints) -> Floats:
    """Posterior covariance of chosen parameters, [k, k]."""
    known = _known(fit, chosen)
    out: Floats = np.diag(fit.inversion.log_sd[chosen] ** 2) - known.T @ known
    return out


def intervals(fit: Fit, share: float) -> tuple[Floats, Floats]:
    """Central intervals of theta that hold `share` of the posterior, (low [J], high [J])."""
    half = special.ndtri((1.0 + share) / 2.0) * log_sds(fit)
    return fit.theta - half, fit.theta + half


def log_totals(fit: Fit, weight: sparse.csr_array) -> tuple[Floats, Floats]:
    """Logarithm of totals at the most probable theta and its standard deviation, each [G].

    weight [G, N] as in `Inversion`. Linearised as observations are; what draws have besides is their bend.
    """
    inversion = fit.inversion
    log_total, share = log_sums(counted(weight, inversion.emission), inversion.elasticity @ fit.theta)
    slope = (share @ inversion.elasticity).toarray() * inversion.log_sd
    known = linalg.solve_triangular(fit.root, fit.jacobian @ (slope * inversion.log_sd).T, lower=True)
    variance = np.sum(slope**2, axis=1) - np.sum(known**2, axis=0)
    out: Floats = np.sqrt(np.maximum(variance, 0.0))
    return log_total, out


def _known(fit: Fit, chosen: Ints) -> Floats:
    """Root^-1 H D of chosen parameters, [M, k]: the square of a column is the variance that is taken away."""
    moved = fit.jacobian[:, chosen].toarray() * fit.inversion.log_sd[chosen] ** 2
    out: Floats = linalg.solve_triangular(fit.root, moved, lower=True)
    return out
