"""How far the left side of a limit spreads when the numbers behind it are uncertain.

Every item of a sum is a value times exp(l . theta) times the own deviation of its source, with theta normal
of mean 0 and the deviation exp(N(-sd^2 / 2, sd)), of mean 1: the sum is linear in what the plan decides, its
mean is, and its standard deviation is the norm of a linear map, so convex. All moments are exact for products
of log-normal numbers:

    E[exp(a)] = exp(var a / 2),  cov(exp(a), exp(b)) = E[exp(a)] E[exp(b)] (exp(cov(a, b)) - 1)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints, Problem

BLOCK = 20_000_000
"""Numbers held at once, where an array could be large."""


@dataclass(frozen=True)
class Part:
    """What the factor of each state of a quantity is made of: share [K] of it (of all parts: 1), elasticity
    d log / d theta [K, J], and chain [K], by which `Numbers.times` gives it exactly; -1: a product.
    """

    share: Floats
    elasticity: sparse.csr_array
    chain: Ints


def product(chains: Ints, theta: Floats) -> Floats:
    """`Numbers.times` where every factor is a product."""
    raise ValueError(f"no chain {chains[0]}")


@dataclass(frozen=True)
class Numbers:
    """The uncertain numbers behind a problem of K states, S sources and Y decision years.

    theta [J] is normal of mean 0, independent, with standard deviations log_sd; where observations tie the
    numbers together, `Spread.seen` has their draws. own [S]: log sd of each source's own deviation, mean 1.
    factor: quantity -> the parts of the factor of each state. activity: d log activity / d theta, [S, J]
    each, the start year first, 1 + Y. times: chains [n] and theta [J, D] -> their factors over those at
    theta = 0, [n, D], where these are not products (a control lets at most everything through).
    """

    log_sd: Floats
    own: Floats
    factor: Mapping[str, Sequence[Part]]
    activity: tuple[sparse.csr_array, ...]
    times: Callable[[Ints, Floats], Floats] = product


@dataclass(frozen=True)
class Moments:
    """Of g, what a limit has above its bound, at one plan. nominal: at the values of the tables."""

    nominal: float
    mean: float
    sd: float


@dataclass(frozen=True)
class Row:
    """A function of the plan, linear in X: sum of state [K] times X of the year, plus constant."""

    state: Floats
    constant: float


@dataclass(frozen=True)
class Spread:
    """g of one limit, items N: at most 0 where the limit is met, whatever its sense.

    state [N]: of the problem, -1 for what is fixed (the base of a percentage); source [N]; value [N] at the
    values of the tables, per unit of X; profile [N]: row of profiles [P, J], the elasticities that items
    share. chain [P]: of their factors; beside [P, J]: elasticities of what it leaves out. year: index of the
    decision year. constant: what is certain. sample [P, D]: what profiles are multiplied by in draws that
    moments are of; None: in all that theta can be.
    """

    problem: Problem
    limit: int
    year: int
    state: Ints
    source: Ints
    value: Floats
    profile: Ints
    profiles: sparse.csr_array
    chain: Ints
    beside: sparse.csr_array
    constant: float
    numbers: Numbers
    sample: Floats | None = None

    @cached_property
    def own_variance(self) -> Floats:
        """Of the own deviation of each item's source, [N]."""
        return np.asarray(self.numbers.own[self.source] ** 2)

    @cached_property
    def mean_value(self) -> Floats:
        """Expected value of each item, [N]."""
        return np.asarray(self.value * self._mean_times[self.profile])

    @cached_property
    def _mean_times(self) -> Floats:
        """Expectation of what the profiles are multiplied by, [P]."""
        if self.sample is not None:
            return np.asarray(self.sample.mean(axis=1))
        scaled = self.profiles.multiply(self.numbers.log_sd**2)
        return np.asarray(np.exp(np.asarray(self.profiles.multiply(scaled).sum(axis=1)).ravel() / 2))

    def seen(self, theta: Floats) -> Spread:
        """The same with moments that are those of draws theta [J, D]."""
        return replace(self, sample=self._times(np.arange(self.profiles.shape[0]), theta))

    @cached_property
    def nominal(self) -> Row:
        """g at the values of the tables."""
        return self._row(self.value, self.constant)

    @cached_property
    def mean(self) -> Row:
        """Expected g."""
        return self._row(self.mean_value, self.constant)

    def _row(self, value: Floats, constant: float) -> Row:
        free = self.state >= 0
        size = len(self.problem.state_label)
        state = np.bincount(self.state[free], value[free], size).astype(float)
        return Row(state, constant + float(value[~free].sum()))

    def weight(self, standing: Floats) -> Floats:
        """X of each item, [N], 1 for what is fixed; standing: X of each state in the year, [K]."""
        return np.where(self.state >= 0, standing[self.state], 1.0)

    def moments(self, standing: Floats) -> tuple[Moments, Row]:
        """Moments of g at a plan with X `standing` [K], and the tangent of the standard deviation there.

        The tangent is nowhere above the standard deviation (Cauchy-Schwarz: it is cov(g, g here) / sd here).
        """
        weight = self.weight(standing)
        nominal = float(self.value @ weight) + self.constant
        mean = float(self.mean_value @ weight) + self.constant
        shared = self._covariance(self.mean_value * weight)
        sd = math.sqrt(max(float(self.mean_value * weight @ shared), 0.0))
        slope = self.mean_value * shared / sd if sd > 0 else np.zeros(len(shared))
        return Moments(nominal, mean, sd), self._row(slope, 0.0)

    def _covariance(self, amount: Floats) -> Floats:
        """Covariance of each item over its mean [N] with the sum of all at these mean amounts [N]."""
        used = np.flatnonzero(amount)
        active, place = np.unique(self.profile[used], return_inverse=True)
        shared, by_source = np.zeros(len(self.profile)), self._amounts(used, place, len(active), amount)
        total = np.bincount(place, amount[used], len(active))
        order = np.argsort(self.profile, kind="stable")
        at = np.searchsorted(self.profile[order], np.arange(self.profiles.shape[0] + 1))
        step = max(BLOCK // max(len(active), 1), 1)
        for begin in range(0, self.profiles.shape[0], step):
            end = min(begin + step, self.profiles.shape[0])
            second = self._second_moments(slice(begin, end), active)
            items = order[at[begin] : at[end]]
            local = self.profile[items] - begin
            shared[items] = ((second - 1.0) @ total)[local]
            own = self.own_variance[items]
            shared[items] += np.expm1(own) * _gathered(by_source, self.source[items], local, second, own)
        return shared

    def _times(self, profiles: Ints, theta: Floats) -> Floats:
        """What the items of some profiles are multiplied by, [n, D]."""
        out: Floats = np.exp(self.beside[profiles] @ theta)
        chained = np.flatnonzero(self.chain[profiles] >= 0)
        if len(chained):
            chains, place = np.unique(self.chain[profiles[chained]], return_inverse=True)
            out[chained] *= self.numbers.times(chains, theta)[place]
        return out

    def _amounts(self, used: Ints, place: Ints, count: int, amount: Floats) -> sparse.csr_array:
        """Mean amounts by source and active profile, [S, count]."""
        size = (len(self.problem.source), count)
        return sparse.csr_array((amount[used], (self.source[used], place)), shape=size)

    def _second_moments(self, one: slice, other: Ints) -> Floats:
        """Expectation of the product of two profiles, each over its mean, [n, m]."""
        if self.sample is not None:
            own, others = self.sample[one], self.sample[other] / self._mean_times[other, None]
            return np.asarray(own @ others.T / (self._mean_times[one, None] * self.sample.shape[1]))
        scaled = self.profiles[one].multiply(self.numbers.log_sd**2).tocsr()
        return np.asarray(np.exp((scaled @ self.profiles[other].T).toarray()))

    def draws(self, standing: Floats, theta: Floats, seed: int) -> Floats:
        """g at a plan for each column of theta [J, D], exactly; own deviations are drawn by a seed: [D]."""
        weight = self.value * self.weight(standing)
        used = np.flatnonzero(weight)
        active, place = np.unique(self.profile[used], return_inverse=True)
        by_source = self._amounts(used, place, len(active), weight)
        out = np.full(theta.shape[1], self.constant)
        alone = self._alone
        rest = np.asarray(by_source.sum(axis=0)).ravel() - np.asarray(by_source[alone].sum(axis=0)).ravel()
        own = self.numbers.own[alone]
        random = np.random.default_rng(seed)
        step = max(BLOCK // max(len(active), len(alone), 1), 1)
        for begin in range(0, theta.shape[1], step):
            here = slice(begin, min(begin + step, theta.shape[1]))
            times = self._times(active, theta[:, here])
            out[here] += rest @ times
            # Drawn for all sources, draw by draw: the same for every plan and whatever the step.
            deviation = random.standard_normal((times.shape[1], len(alone)))
            np.exp(deviation * own - own**2 / 2, out=deviation)
            out[here] += np.einsum("sd,ds->d", by_source[alone] @ times, deviation)
        return out

    @cached_property
    def _alone(self) -> Ints:
        """Sources among the items with a deviation of their own."""
        sources = np.unique(self.source)
        return sources[self.numbers.own[sources] > 0]


def _gathered(by_source: sparse.csr_array, source: Ints, local: Ints, second: Floats, own: Floats) -> Floats:
    """Sum over the amounts of the same source of amount times second moment, [n]; 0 where own is 0."""
    out = np.zeros(len(source))
    some = np.flatnonzero(own > 0)
    count = np.diff(by_source.indptr)[source[some]]
    item = np.repeat(some, count)
    first = np.repeat(by_source.indptr[source[some]] - np.cumsum(count) + count, count)
    entry = first + np.arange(len(item))
    amount = by_source.data[entry] * second[local[item], by_source.indices[entry]]
    np.add.at(out, item, amount)
    return out
