"""The items of a limit's left side and of its bound, with the uncertain numbers that each follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.objective import terms_of
from model.problem.problem import Floats, Ints, Problem
from model.problem.spread import Numbers, Spread


@dataclass(frozen=True)
class Base:
    """The uncertain part of a bound: value [B] of each source [B] in its first state, in the year at a place
    of `Numbers.activity`. The values add up to what they are in the bound.
    """

    source: Ints
    value: Floats
    year: int


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
