"""Newton steps towards the most probable parameters, by conjugate gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from model.calibration.inversion import Floats, Inversion

SHORTEST = 2.0**-20
"""Share of a step below which no descent is sought: the cost is then flat to rounding."""
DESCENT = 1e-4
"""Share of the descent that the slope promises and a step has to keep (Armijo)."""
CONJUGATE, CLOSE = 100, 1e-3
"""Conjugate gradients of a Newton step at most, and what they leave of the slope."""
DENSE = 0.1
"""Share of numbers that are not 0 above which a full matrix is faster than a sparse one."""
ROUNDING = 1e-13
"""What a cost may rise by, relative to it, and be taken for the same."""


@dataclass(frozen=True)
class Point:
    """The problem at z = theta / log_sd: A = H diag(log_sd) is `scaled` [M, J]; pull [M] = R^-1 r."""

    inversion: Inversion
    z: Floats
    log_model: Floats
    share: sparse.csr_array
    scaled: Floats | sparse.csr_array
    spread: Floats
    root: Floats
    pull: Floats
    error_root: Floats
    cost: float

    @property
    def slope(self) -> Floats:
        """Half the gradient of the cost, [J]."""
        out: Floats = self.z - self.scaled.T @ self.pull
        return out

    def curved(self, move: Floats) -> Floats:
        """Half the Hessian of the cost, I + A' R^-1 A - sum of pull_i x Hessian of h_i, times a move."""
        inversion = self.inversion
        of_element = inversion.elasticity @ (inversion.log_sd * move)
        of_sum = self.scaled @ move
        bend = (self.share.T @ self.pull) * of_element - self.share.T @ (self.pull * of_sum)
        linear = self.scaled.T @ linalg.cho_solve((self.error_root, True), of_sum)
        out: Floats = move + linear - inversion.log_sd * (inversion.elasticity.T @ bend)
        return out

    def without_bend(self, right: Floats) -> Floats:
        """(I + A' R^-1 A)^-1 right, through the M observations."""
        inner = linalg.cho_solve((self.root, True), self.scaled @ right)
        out: Floats = right - self.scaled.T @ inner
        return out


def point_at(inversion: Inversion, error_root: Floats, theta: Floats) -> Point:
    """Everything at theta; error_root: the lower Cholesky factor of R."""
    log_model, share = inversion.sums(theta)
    scaled = sparse.csr_array((share @ inversion.elasticity).multiply(inversion.log_sd[None, :]))
    if scaled.nnz > DENSE * scaled.shape[0] * scaled.shape[1]:
        scaled = scaled.toarray()
    outer = scaled @ scaled.T
    spread = (outer.toarray() if sparse.issparse(outer) else outer) + inversion.error
    root = linalg.cholesky(spread, lower=True)
    z = np.divide(theta, inversion.log_sd, out=np.zeros_like(theta), where=inversion.log_sd > 0)
    pull = linalg.cho_solve((error_root, True), np.log(inversion.value) - log_model)
    cost = _cost(inversion, error_root, z, log_model)
    return Point(inversion, z, log_model, share, scaled, spread, root, pull, error_root, cost)


def _cost(inversion: Inversion, error_root: Floats, z: Floats, log_model: Floats) -> float:
    """z' z + r' R^-1 r."""
    residual = linalg.solve_triangular(error_root, np.log(inversion.value) - log_model, lower=True)
    return float(z @ z + residual @ residual)


def newton_move(point: Point) -> Floats:
    """A Newton step in prior standard deviations, [J], by conjugate gradients (Steihaug 1983).

    The Gauss-Newton solution is the preconditioner, hence the first iterate; where the cost bends downwards
    the last iterate before that is the step.
    """
    rest = -point.slope
    nearer = point.without_bend(rest)
    along, out = nearer, np.zeros_like(rest)
    left = start = float(rest @ nearer)
    for iteration in range(CONJUGATE):
        bent = point.curved(along)
        curvature = float(along @ bent)
        if curvature <= 0.0 or left <= CLOSE**2 * start:
            return along if iteration == 0 else out
        out = out + left / curvature * along
        rest = rest - left / curvature * bent
        nearer = point.without_bend(rest)
        before, left = left, float(rest @ nearer)
        along = nearer + left / before * along
    return out


def share_of_step(point: Point, move: Floats) -> float:
    """The first of 1, 1/2, 1/4 ... of a step that lowers the cost; 0 where none does."""
    inversion = point.inversion
    slope = 2.0 * float(point.slope @ move)
    share = 1.0
    while share > SHORTEST:
        z = point.z + share * move
        cost = _cost(inversion, point.error_root, z, inversion.log_model(inversion.log_sd * z))
        if cost <= point.cost + DESCENT * share * slope + ROUNDING * (1.0 + point.cost):
            return share
        share /= 2.0
    return 0.0
