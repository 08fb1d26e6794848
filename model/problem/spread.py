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
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from model.problem.objective import terms_of
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

    theta [J] is normal of mean 0 with covariance diag(log_sd^2) - known known^T, known [J, R] being what
    observations have taught (R = 0: nothing). own [S]: log sd of each source's own deviation, of mean 1.
    factor: quantity -> the parts of the factor of each state. activity: d log activity / d theta, [S, J]
    each, the start year first, 1 + Y. times: chains [n] and theta [J, D] -> their factors over those at
    theta = 0, [n, D], where these are not products (a control lets at most everything through).
    """

    log_sd: Floats
    known: Floats
    own: Floats
    factor: Mapping[str, Sequence[Part]]
    activity: tuple[sparse.csr_array, ...]
    times: Callable[[Ints, Floats], Floats] = product


@dataclass(frozen=True)
class Base:
    """The uncertain part of a bound: value [B] of each source [B] in its first state, in the year at a place
    of `Numbers.activity`. The values add up to what they are in the bound.
    """

    source: Ints
    value: Floats
    year: int


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
    decision year. constant: what is certain.
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

    @cached_property
    def own_variance(self) -> Floats:
        """Of the own deviation of each item's source, [N]."""
        return np.asarray(self.numbers.own[self.source] ** 2)

    @cached_property
    def mean_value(self) -> Floats:
        """Expected value of each item, [N]."""
        scaled = self.profiles.multiply(self.numbers.log_sd**2)
        variance = np.asarray(self.profiles.multiply(scaled).sum(axis=1)).ravel()
        variance -= ((self.profiles @ self.numbers.known) ** 2).sum(axis=1)
        return np.asarray(self.value * np.exp(variance[self.profile] / 2))

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
        other = self.profiles[active]
        for begin in range(0, self.profiles.shape[0], step):
            end = min(begin + step, self.profiles.shape[0])
            together = self._log_covariance(self.profiles[begin:end], other)
            items = order[at[begin] : at[end]]
            local = self.profile[items] - begin
            shared[items] = (np.expm1(together) @ total)[local]
            own = self.own_variance[items]
            shared[items] += np.expm1(own) * _gathered(by_source, self.source[items], local, together, own)
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

    def _log_covariance(self, one: sparse.csr_array, other: sparse.csr_array) -> Floats:
        """cov(a, b) of the logarithms, between profiles [n, J] and [m, J]: [n, m]."""
        known = self.numbers.known
        both = (one.multiply(self.numbers.log_sd**2).tocsr() @ other.T).toarray()
        return np.asarray(both - (one @ known) @ (other @ known).T)

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


def _gathered(
    by_source: sparse.csr_array, source: Ints, local: Ints, together: Floats, own: Floats
) -> Floats:
    """Sum over the amounts of the same source of amount times exp(log covariance), [n]; 0 where own is 0."""
    out = np.zeros(len(source))
    some = np.flatnonzero(own > 0)
    count = np.diff(by_source.indptr)[source[some]]
    item = np.repeat(some, count)
    first = np.repeat(by_source.indptr[source[some]] - np.cumsum(count) + count, count)
    entry = first + np.arange(len(item))
    amount = by_source.data[entry] * np.exp(together[local[item], by_source.indices[entry]])
    np.add.at(out, item, amount)
    return out


def make_spread(problem: Problem, limit: int, numbers: Numbers, base: Base | None = None) -> Spread:
    """What limit number `limit` has above its bound, item by item.

    base: the uncertain part of its bound, of the quantity of its first term; the rest of the bound is
    certain, as is its exogenous part.

    Raises:
        ValueError: its terms are of several years, or of quantities whose factors are not known to `numbers`.
    """
    sign = -float(problem.sense[limit])
    terms = terms_of(problem, limit)
    years = {year for _, year, _, _ in terms}
    if len(years) != 1:
        raise ValueError(f"{problem.limit[limit]} is not of one year")
    year, items = years.pop(), _Items(problem, numbers)
    for quantity, _, coef, chosen in terms:
        driver = problem.driver[problem.quantity_driver[quantity]][:, year]
        amount = driver * problem.cell_set[chosen][problem.cell]
        factor = problem.state_factor(quantity) * amount[problem.source_of_state]
        at = np.flatnonzero(factor)
        items.add(quantity, at, sign * coef * factor[at], 1 + year, at)
    constant = sign * float(problem.exogenous[limit] - problem.bound[limit])
    if base is not None:
        first = problem.state_start[base.source]
        items.add(terms[0][0], first, -sign * base.value, base.year, np.full(len(first), -1))
        constant += sign * float(base.value.sum())
    return items.spread(limit, year, constant)


class _Items:
    """The items of a sum as they are found."""

    def __init__(self, problem: Problem, numbers: Numbers) -> None:
        self.problem, self.numbers = problem, numbers
        self.columns: list[tuple[Ints, Ints, Floats, Ints]] = []
        self.rows: list[tuple[sparse.csr_array, sparse.csr_array]] = []

    def add(self, quantity: int, of: Ints, value: Floats, year: int, state: Ints) -> None:
        """Items [n] whose factors are those of the states `of`, in a year of `Numbers.activity`; state: what
        they count for, -1 where they are fixed.
        """
        problem, numbers = self.problem, self.numbers
        name = str(problem.quantity[quantity]).partition("@")[0]
        if name not in numbers.factor or problem.quantity_stock[quantity]:
            raise ValueError(f"nothing is known of how {name} spreads")
        source = problem.source_of_state[of]
        activity = numbers.activity[year][source]
        for part in numbers.factor[name]:
            kept = np.flatnonzero(part.share[of])
            chain, elasticity = part.chain[of[kept]], part.elasticity[of[kept]]
            total, share = elasticity + activity[kept], part.share[of[kept]]
            exact = (chain >= 0).astype(float)[:, None]
            self.columns.append((state[kept], source[kept], value[kept] * share, chain))
            self.rows.append((total, total - elasticity.multiply(exact).tocsr()))

    def spread(self, limit: int, year: int, constant: float) -> Spread:
        """All of them."""
        state, source, value, chain = (np.concatenate(each) for each in zip(*self.columns, strict=True))
        total, beside = (
            sparse.csr_array(sparse.vstack(each, format="csr")) for each in zip(*self.rows, strict=True)
        )
        first, profile = distinct(total, chain)
        return Spread(
            problem=self.problem,
            limit=limit,
            year=year,
            state=state,
            source=source,
            value=value,
            profile=profile,
            profiles=total[first],
            chain=chain[first],
            beside=beside[first],
            constant=constant,
            numbers=self.numbers,
        )


def distinct(rows: sparse.csr_array, chain: Ints) -> tuple[Ints, Ints]:
    """The first of each group of rows [N, J] that are alike and of one chain, and the group of each row, [N].

    They are told apart by two projections on fixed random directions, to nine digits.
    """
    direction = np.random.default_rng(0).standard_normal((rows.shape[1], 2))
    key = np.column_stack([np.round(rows @ direction, 9), chain])
    _, first, place = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return first, place.ravel()
