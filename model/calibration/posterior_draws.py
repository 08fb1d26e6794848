"""Joint draws of the parameters given the observations, many at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from model.calibration.inversion import Floats, Ints
from model.calibration.least_squares import Fit, invert

BLOCK = 4_000_000
"""Numbers of an array over draws that are in memory at once."""
MOVES = 25
"""Gauss-Newton moves of all draws together; what has not settled then is finished by Newton's, one by one."""
SETTLED = 0.01
"""What the next move of a draw that has settled would take off its cost: far below what draws differ by."""


@dataclass(frozen=True)
class Drawn:
    """Draws theta [J, D]; settled [D]: False where no minimum was found."""

    theta: Floats
    settled: NDArray[np.bool_]


def draw(fit: Fit, prior: Floats, seed: int) -> Drawn:
    """Joint draws of the posterior from as many of the prior, [J, D]: randomised maximum likelihood.

    Each draw is the most probable theta had the prior its mean at a draw of the prior, and were the
    observations y + e with e drawn from R (Kitanidis 1995; Oliver, He and Reynolds 1996; Chen and Oliver
    2012). Where h is linear that is Matheron's rule, prior + K (y + e - h(prior)), and exact; elsewhere sums
    of a draw meet what was drawn of them, which those of the linearised posterior do not.
    """
    inversion = fit.inversion
    # a stream of its own: the prior may have been drawn from the same seed
    noise = np.random.default_rng((seed, 1)).standard_normal((len(inversion.value), prior.shape[1]))
    target = np.log(inversion.value)[:, None] + linalg.cholesky(inversion.error, lower=True) @ noise
    misfit = target + (fit.jacobian @ fit.theta - fit.log_model)[:, None] - fit.jacobian @ prior
    sums = _Sums.of(fit)
    scale = inversion.log_sd[sums.reached, None]
    mean, start = prior[sums.reached] / scale, (prior + fit.gained(misfit))[sums.reached] / scale
    theta, settled = prior.copy(), np.ones(prior.shape[1], dtype=np.bool_)
    for first in range(0, prior.shape[1], sums.block):
        part = slice(first, first + sums.block)
        z, settled[part] = _settle(sums, mean[:, part].T, start[:, part].T, target[:, part].T)
        theta[sums.reached, part] = scale * z.T
    for d in np.flatnonzero(~settled):
        moved = np.exp(inversion.elasticity @ prior[:, d])
        alone = replace(inversion, emission=inversion.emission * moved, value=np.exp(target[:, d]))
        found = invert(alone)
        theta[:, d], settled[d] = prior[:, d] + found.theta, found.converged
    return Drawn(theta, settled)


def _settle(sums: _Sums, mean: Floats, start: Floats, target: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The most probable z of each draw, [D, J], by Gauss-Newton from `start`, and which have settled.

    Steps are halved while the cost of the draw grows. mean [D, J], target [D, M].
    """
    z = start.copy()
    cost, move, fall = sums.cost_and_move(z, mean, target)
    share = np.ones(len(z))
    for _ in range(MOVES):
        d = np.flatnonzero(fall > SETTLED)
        if not len(d):
            break
        tried = z[d] + share[d, None] * move[d]
        found, following, promise = sums.cost_and_move(tried, mean[d], target[d])
        lower = found < cost[d]
        to = d[lower]
        z[to], cost[to], move[to], fall[to] = tried[lower], found[lower], following[lower], promise[lower]
        share[d] = np.where(lower, np.minimum(1.0, 2.0 * share[d]), 0.5 * share[d])
    return z, fall <= SETTLED


@dataclass(frozen=True)
class _Sums:
    """The observed sums of many draws at once, over the K pairs of an observation and an element it counts.

    reached: parameters that some observation depends on, J of them. amount [K]: at theta = 0, with `element`
    its row of `elasticity` [N, J], which is per prior standard deviation; first [M]: where observations
    begin. error [M, M].
    """

    reached: Ints
    amount: Floats
    element: Ints
    first: Ints
    number: Ints
    elasticity: sparse.csr_array
    error: Floats

    @classmethod
    def of(cls, fit: Fit) -> _Sums:
        inversion = fit.inversion
        counted = inversion.counted
        used, element = np.unique(counted.indices, return_inverse=True)
        scaled = sparse.csc_array(inversion.elasticity[used].multiply(inversion.log_sd[None, :]))
        reached = np.flatnonzero(abs(scaled).sum(axis=0))
        number = np.diff(counted.indptr)
        elasticity = sparse.csr_array(scaled[:, reached])
        return cls(reached, counted.data, element, counted.indptr[:-1], number, elasticity, inversion.error)

    @property
    def block(self) -> int:
        """Draws at once."""
        return max(1, BLOCK // max(len(self.amount), len(self.first) * len(self.reached)))

    @cached_property
    def to_jacobian(self) -> sparse.csr_array:
        """What the share of each pair has in each number of the Jacobian, [M * J, K]."""
        pairs = sparse.coo_array(self.elasticity[self.element])
        pair, parameter = pairs.coords
        row = np.repeat(np.arange(len(self.first)), self.number)[pair] * len(self.reached) + parameter
        shape = (len(self.first) * len(self.reached), len(self.amount))
        return sparse.csr_array((pairs.data, (row, pair)), shape=shape)

    @cached_property
    def precision(self) -> Floats:
        """R^-1."""
        out: Floats = np.linalg.inv(self.error).astype(np.float64, copy=False)
        return out

    def cost_and_move(self, z: Floats, mean: Floats, target: Floats) -> tuple[Floats, Floats, Floats]:
        """Cost at z [D, J], the Gauss-Newton move from it, [D, J], and what that promises to take off, [D].

        mean [D, J], target [D, M].
        """
        exponent = (self.elasticity @ z.T)[self.element]
        top = np.maximum.reduceat(exponent, self.first)  # taken out, so that nothing overflows
        part = self.amount[:, None] * np.exp(exponent - np.repeat(top, self.number, axis=0))
        whole = np.add.reduceat(part, self.first)
        share = part / np.repeat(whole, self.number, axis=0)
        left = target - (np.log(whole) + top).T
        off = z - mean
        cost = np.sum(off**2, axis=1) + np.sum((left @ self.precision) * left, axis=1)
        slope = (self.to_jacobian @ share).T.reshape(len(z), len(self.first), len(self.reached))
        back = slope.transpose(0, 2, 1)
        misfit = left[:, :, None] + slope @ off[:, :, None]
        move = (back @ np.linalg.solve(slope @ back + self.error, misfit))[:, :, 0] - off
        descent = (back @ (left @ self.precision)[:, :, None])[:, :, 0] - off
        return cost, move, np.sum(move * descent, axis=1)
