"""Generalised least squares in log space: the most probable parameters given observations of sums.

Parameter j multiplies what it stands for by exp(theta_j), theta ~ N(0, diag(log_sd^2)), so nothing turns
negative and all sources that share a number move together. Observation i has the logarithm of a weighted sum
of elements (emissions of a source and pollutant, fuel burnt, vehicles) with a normal error:

    log value_i = h_i(theta) + e_i,   h_i = log sum_n weight_in emission_n exp(sum_j elasticity_nj theta_j)

The most probable theta minimises theta' D^-1 theta + r' R^-1 r, with D the prior's covariance, r the
residual and R the covariance of errors: those of each observation and, where a group shares one, a common
error of its instrument or account. The Jacobian H is the mean of the elasticities, weighted by what each
element has in the sum. Where h is linear, one step does (Tarantola and Valette 1982; Rodgers 2000, chapter 4):

    theta = D H' (H D H' + R)^-1 (log value - h(0))

a system of M observations, never of J parameters. Elsewhere the steps are Newton's, by conjugate gradients
with that solution as preconditioner, shortened until the cost falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 100
SHORTEST = 2.0**-20
"""Share of a step below which no descent is sought: the cost is then flat to rounding."""
STILL = 1e-9
"""Largest move, in prior standard deviations, of a solution that has been reached."""
DESCENT = 1e-4
"""Share of the descent that the slope promises and a step has to keep (Armijo)."""
CONJUGATE, CLOSE = 100, 1e-3
"""Conjugate gradients of a Newton step at most, and what they leave of the slope."""
DENSE = 0.1
"""Share of numbers that are not 0 above which a full matrix is faster than a sparse one."""
FARTHEST = 4.0
"""Prior standard deviations that a parameter moves at most in a step."""
ROUNDING = 1e-13
"""What a cost may rise by, relative to it, and be taken for the same."""


@dataclass(frozen=True)
class Inversion:
    """J parameters, N elements, M observations; logarithms are natural.

    log_sd [J]: prior standard deviation, 0 for what is known. emission [N]: of each element at theta = 0, in
    the unit of the observations that count it, >= 0. elasticity [N, J]: d log emission / d theta. weight
    [M, N]: 1 where an observation counts an element, or what its averaging operator says. value [M] > 0.
    sd [M] > 0: standard deviation of the error of log value. group [M]: observations with the same group
    >= 0 share an error, of standard deviation common [M]; -1 for none.
    """

    log_sd: Floats
    emission: Floats
    elasticity: sparse.csr_array
    weight: sparse.csr_array
    value: Floats
    sd: Floats
    group: Ints
    common: Floats

    def __post_init__(self) -> None:
        """Raises ValueError with the positions of what can not be used."""
        wrong = {
            "observations without an element": np.diff(self.counted.indptr) == 0,
            "values not above 0": ~(self.value > 0),
            "observation errors not above 0": ~(self.sd > 0),
            "parameters without a standard deviation": ~(self.log_sd >= 0),
        }
        said = [f"{what}: {np.flatnonzero(where).tolist()}" for what, where in wrong.items() if where.any()]
        if said:
            raise ValueError("; ".join(said))

    @cached_property
    def counted(self) -> sparse.csr_array:
        """What each element has in each observation at theta = 0, [M, N], nothing stored that is 0."""
        out = sparse.csr_array(self.weight.multiply(self.emission[None, :]))
        out.sum_duplicates()
        out.eliminate_zeros()
        return out

    @cached_property
    def error(self) -> Floats:
        """R [M, M], the covariance of the observations' errors."""
        shared = (self.group[:, None] == self.group[None, :]) & (self.group[:, None] >= 0)
        out: Floats = np.where(shared, np.outer(self.common, self.common), 0.0) + np.diag(self.sd**2)
        return out

    def log_model(self, theta: Floats) -> Floats:
        """h(theta) [M]; theta [J]."""
        return self.sums(theta)[0]

    def sums(self, theta: Floats) -> tuple[Floats, sparse.csr_array]:
        """h(theta) [M], and the share of each element in the sums, [M, N]; theta [J]."""
        counted = self.counted
        first = counted.indptr[:-1]
        number = np.diff(counted.indptr)
        exponent = (self.elasticity @ theta)[counted.indices]
        top = np.maximum.reduceat(exponent, first)  # taken out, so that nothing overflows
        part = counted.data * np.exp(exponent - np.repeat(top, number))
        whole = np.add.reduceat(part, first)
        share = sparse.csr_array(
            (part / np.repeat(whole, number), counted.indices, counted.indptr), counted.shape
        )
        return np.log(whole) + top, share


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
        return np.log(self.inversion.value) - self.log_model + self.jacobian @ self.theta

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
        point = _point(inversion, error_root, theta)
        if done or step == STEPS:
            break
        move = _newton(point)
        move = move * min(1.0, FARTHEST / max(float(np.abs(move).max(initial=0.0)), FARTHEST))
        share = _share_of_step(point, error_root, move)
        theta = theta + share * inversion.log_sd * move
        done = share == 0.0 or float(np.abs(move).max(initial=0.0)) < STILL
    jacobian = sparse.csr_array(point.share @ inversion.elasticity)
    return Fit(inversion, theta, point.log_model, jacobian, point.spread, point.root, point.cost, step, done)


@dataclass(frozen=True)
class _Point:
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


def _point(inversion: Inversion, error_root: Floats, theta: Floats) -> _Point:
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
    return _Point(inversion, z, log_model, share, scaled, spread, root, pull, error_root, cost)


def _cost(inversion: Inversion, error_root: Floats, z: Floats, log_model: Floats) -> float:
    """z' z + r' R^-1 r."""
    residual = linalg.solve_triangular(error_root, np.log(inversion.value) - log_model, lower=True)
    return float(z @ z + residual @ residual)


def _newton(point: _Point) -> Floats:
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


def _share_of_step(point: _Point, error_root: Floats, move: Floats) -> float:
    """The first of 1, 1/2, 1/4 ... of a step that lowers the cost; 0 where none does."""
    inversion = point.inversion
    slope = 2.0 * float(point.slope @ move)
    share = 1.0
    while share > SHORTEST:
        z = point.z + share * move
        cost = _cost(inversion, error_root, z, inversion.log_model(inversion.log_sd * z))
        if cost <= point.cost + DESCENT * share * slope + ROUNDING * (1.0 + point.cost):
            return share
        share /= 2.0
    return 0.0
