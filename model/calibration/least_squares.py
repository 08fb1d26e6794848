"""Generalised least squares in log space: the most probable parameters given observations of sums.

Parameter j multiplies what it stands for by exp(theta_j), theta ~ N(0, diag(log_sd^2)), so nothing turns
negative and all sources that share a number move together. Observation i has the logarithm of a weighted sum
of elements (emissions of a source and pollutant, fuel burnt, vehicles) with a normal error:

    log value_i = h_i(theta) + e_i,   h_i = log sum_n weight_in emission_n exp(sum_j elasticity_nj theta_j)

The most probable theta minimises theta' D^-1 theta + r' R^-1 r, with D the prior's covariance, r the
residual and R the covariance of errors: those of each observation and, where a group shares one, a common
error of its instrument or account. The Jacobian H is the mean of the elasticities, weighted by what each
element has in the sum. Where h is linear, one step does (Tarantola and Valette 1982; Rodgers 2000):

    theta = D H' (H D H' + R)^-1 (log value - h(0))

a system of M observations, never of J parameters. Elsewhere the steps are Newton's, by conjugate gradients
with that solution as preconditioner, shortened until the cost falls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from model.calibration.inversion import Floats, Inversion
from model.calibration.newton import newton_move, point_at, share_of_step

STEPS = 100
STILL = 1e-9
"""Largest move, in prior standard deviations, of a solution that has been reached."""
FARTHEST = 4.0
"""Prior standard deviations that a parameter moves at most in a step."""


@dataclass(frozen=True)
class Fit:
    """The most probable parameters and the problem linearised there.

    theta [J]; log_model [M] = h(theta); jacobian [M, J]; spread [M, M] = H D H' + R, the covariance of the
    observations before they are known; root: its lower Cholesky factor; cost: theta' D^-1 theta + r' R^-1 r.
    converged: False where STEPS did not do.
    """

    inversion: Inversion
    theta: Floats
    log_model: Floats
    jacobian: sparse.csr_array
    spread: Floats
    root: Floats
    cost: float
    steps: int
    converged: bool

    @property
    def innovation(self) -> Floats:
        """Observations less what the linearised model has at theta = 0, [M]."""
        out: Floats = np.log(self.inversion.value) - self.log_model + self.jacobian @ self.theta
        return out

    def solved(self, right: Floats) -> Floats:
        """spread^-1 right; right [M] or [M, ...]."""
        out: Floats = linalg.cho_solve((self.root, True), right)
        return out

    def gained(self, right: Floats) -> Floats:
        """K right = D H' spread^-1 right, [J] or [J, ...]: what parameters take of a misfit."""
        taken: Floats = self.jacobian.T @ self.solved(right)
        out: Floats = (taken.T * self.inversion.log_sd**2).T
        return out


def invert(inversion: Inversion) -> Fit:
    """The most probable parameters given the observations; see the module."""
    error_root = linalg.cholesky(inversion.error, lower=True)
    theta, done = np.zeros_like(inversion.log_sd), False
    for step in range(STEPS + 1):
        point = point_at(inversion, error_root, theta)
        if done or step == STEPS:
            break
        move = newton_move(point)
        move = move * min(1.0, FARTHEST / max(float(np.abs(move).max(initial=0.0)), FARTHEST))
        share = share_of_step(point, move)
        theta = theta + share * inversion.log_sd * move
        done = share == 0.0 or float(np.abs(move).max(initial=0.0)) < STILL
    jacobian = sparse.csr_array(point.share @ inversion.elasticity)
    return Fit(inversion, theta, point.log_model, jacobian, point.spread, point.root, point.cost, step, done)
