"""Sums of uncertain items over groups, drawn exactly and in closed form.

An item is an amount times exp(l . theta) times the own deviation of its source (model/problem/spread.py).
Items with the same l go through one product: a draw of ten thousand sources costs a few thousand of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from model.problem.items import distinct
from model.problem.problem import Floats, Ints
from model.problem.spread import Numbers, Spread

NUMBER = 8
"""Bytes of a float64."""


@dataclass(frozen=True)
class Items:
    """source [N], amount [N] at the values of the tables, group [N] of each, 0 .. count - 1.

    profile [N]: row of profiles [P, J], the elasticities that items share; chain [P]: of their factors;
    beside [P, J]: elasticities of what it leaves out (of -1: all).
    """

    source: Ints
    amount: Floats
    group: Ints
    count: int
    profile: Ints
    profiles: sparse.csr_array
    chain: Ints
    beside: sparse.csr_array

    @classmethod
    def of_spread(cls, spread: Spread, standing: Floats) -> Items:
        """What a limit has above its bound, less what is certain, at a plan with X `standing` [K]."""
        amount = spread.value * spread.weight(standing)
        used = np.flatnonzero(amount)
        group = np.zeros(len(used), dtype=np.int64)
        shared = (spread.profiles, spread.chain, spread.beside)
        return cls(spread.source[used], amount[used], group, 1, spread.profile[used], *shared)

    @cached_property
    def value(self) -> Floats:
        """Sums at the values of the tables, [count]."""
        return np.bincount(self.group, self.amount, self.count).astype(np.float64)

    def closed_log_sd(self, numbers: Numbers, known: Floats, member: sparse.csr_array) -> Floats:
        """Standard deviation of the logarithm of totals to first order, [T]; 0 where a total is not above 0.

        known [J, R]: T of T T', what observations take off the covariance of the numbers; member [T, count]:
        which sums are in which total; sources are in one sum each. The sum of variances of IPCC 2006,
        volume 1, chapter 3 (approach 1), on logarithms and with what numbers share: l is the mean of the
        items' elasticities by their amounts.
        """
        total = member @ self.value
        over = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        size = (self.count, self.profiles.shape[0])
        moved = sparse.csr_array((self.amount, (self.group, self.profile)), shape=size) @ self.profiles
        mean = sparse.csr_array((member @ moved).multiply(over[:, None]))
        variance = np.asarray(mean.multiply(mean).multiply(numbers.log_sd**2).sum(axis=1)).ravel()
        variance = variance - ((mean @ known) ** 2).sum(axis=1)
        size = (self.count, len(numbers.own))
        by_source = sparse.csr_array((self.amount, (self.group, self.source)), shape=size)
        own = np.asarray(by_source.multiply(by_source).multiply(numbers.own**2).sum(axis=1)).ravel()
        return np.asarray(np.sqrt(np.maximum(variance + (member @ own) * over**2, 0.0)))


def make_items(
    source: Ints,
    amount: Floats,
    group: Ints,
    count: int,
    rows: tuple[sparse.csr_array, sparse.csr_array, Ints],
) -> Items:
    """Items from their elasticities: rows are those of factors [N, J], of activity [N, J], and chains [N]."""
    elasticity, activity, chain = rows
    exact = (chain >= 0).astype(float)[:, None]
    total = sparse.csr_array(elasticity + activity)
    beside = sparse.csr_array(total - elasticity.multiply(exact))
    first, profile = distinct(total, chain)
    return Items(source, amount, group, count, profile, total[first], chain[first], beside[first])


@dataclass(frozen=True)
class _Grouped:
    """Items by pairs of profile and group, sorted by group. alone [pairs, sources with an own deviation],
    rest [pairs] of the others."""

    alone: sparse.csr_array
    rest: Floats
    profile: Ints
    group: Ints
    count: int

    @classmethod
    def of(cls, items: Items, alone: Ints) -> _Grouped:
        width = items.profiles.shape[0]
        pair, place = np.unique(items.group * width + items.profile, return_inverse=True)
        column = np.searchsorted(alone, items.source)
        column = np.minimum(column, max(len(alone) - 1, 0))
        own = alone[column] == items.source if len(alone) else np.zeros(len(items.source), dtype=bool)
        size = (len(pair), len(alone))
        return cls(
            alone=sparse.csr_array((items.amount[own], (place[own], column[own])), shape=size),
            rest=np.bincount(place[~own], items.amount[~own], len(pair)).astype(np.float64),
            profile=pair % width,
            group=pair // width,
            count=items.count,
        )

    def draws(self, times: Floats, deviation: Floats) -> Floats:
        """Sums, [count, d]; times [P, d], deviation [alone, d]."""
        part = (self.alone @ deviation + self.rest[:, None]) * times[self.profile]
        out = np.zeros((self.count, times.shape[1]))
        groups, first = np.unique(self.group, return_index=True)
        if len(groups):
            out[groups] = np.add.reduceat(part, first, axis=0)
        return out


def draw_sums(numbers: Numbers, sums: Sequence[Items], theta: Floats, seed: int, memory: int) -> list[Floats]:
    """Every sum in every draw, [count, D] each: all on the same draws of the numbers and of the sources' own.

    theta [J, D]; seed: of the own deviations; memory: bytes for what is beside theta and the sums returned
    (more where one draw needs more). Neither blocks nor what else is summed change a draw.
    """
    alone = np.flatnonzero(numbers.own > 0)
    grouped = [_Grouped.of(each, alone) for each in sums]
    chains = np.unique(np.concatenate([each.chain for each in sums])) if sums else np.zeros(0, dtype=np.int64)
    chains = chains[chains >= 0]
    placed = [replace(each, chain=np.searchsorted(chains, each.chain)) for each in sums]
    largest = max(
        (2 * len(g.profile) + i.profiles.shape[0] for g, i in zip(grouped, sums, strict=True)), default=1
    )
    step = max(int(memory // (NUMBER * (len(chains) + 2 * len(alone) + largest))), 1)
    out = [np.zeros((each.count, theta.shape[1])) for each in sums]
    random = np.random.default_rng((seed, 3))
    sd = numbers.own[alone]
    for begin in range(0, theta.shape[1], step):
        here = slice(begin, min(begin + step, theta.shape[1]))
        block = theta[:, here]
        factors = numbers.times(chains, block) if len(chains) else np.ones((0, block.shape[1]))
        # Draw by draw, so that the blocks change nothing; the mean of a deviation is 1.
        normal = random.standard_normal((block.shape[1], len(alone)))
        deviation = np.ascontiguousarray(np.exp(normal * sd - sd**2 / 2).T)
        for into, each, items, place in zip(out, grouped, sums, placed, strict=True):
            times = np.exp(items.beside @ block)
            chained = np.flatnonzero(items.chain >= 0)
            times[chained] *= factors[place.chain[chained]]
            into[:, here] = each.draws(times, deviation)
    return out
