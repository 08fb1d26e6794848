"""The same problem with another objective, or with an objective held as one more limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.base.words import STRENGTHS
from model.problem.problem import Floats, Ints, Problem

Terms = list[tuple[int, int, float, int]]
"""Quantity, index of the year, coefficient, set of cells."""


def least_emission(problem: Problem) -> Problem:
    """What `notes["minimise"]` weighs in the place of money: the sum over years of weighted emission, t.

    Each decision year counts for the years it stands for and is not discounted; see `least_sum`.
    """
    return least_sum(problem, emission_terms(problem))


def emission_terms(problem: Problem) -> Terms:
    """The objective of `least_emission` as terms of a limit."""
    return [
        (quantity, year, weight * float(count), chosen)
        for quantity, weight, chosen in problem.notes["minimise"]
        for year, count in enumerate(problem.weight)
    ]


def terms_of(problem: Problem, limit: int) -> Terms:
    """The terms of one limit."""
    part = slice(*problem.term_ptr[limit : limit + 2])
    columns = (problem.term_quantity, problem.term_year, problem.term_coef, problem.term_set)
    return list(zip(*(column[part].tolist() for column in columns), strict=True))


def least_sum(problem: Problem, terms: Terms) -> Problem:
    """The problem whose objective is a sum of terms over quantities that moves do not use.

    Of all sources, in whatever state, so that a gap is a share of the whole sum; moves are free.
    """
    free = np.where(np.isfinite(problem.capital), 0.0, np.inf)
    cost = summed(problem, terms) / problem.weight
    return replace(problem, cost=cost, capital=free, discount=np.ones(len(problem.years)))


def summed(problem: Problem, terms: Terms) -> Floats:
    """What a whole source adds to a sum of terms by giving the service of a year in a state, [K, Y]."""
    out = np.zeros(problem.cost.shape)
    owner = problem.source_of_state
    for quantity, year, coef, chosen in terms:
        driver = problem.driver[problem.quantity_driver[quantity]][:, year]
        counted = problem.cell_set[chosen][problem.cell]
        out[:, year] += coef * problem.state_factor(quantity) * (driver * counted)[owner]
    return out


def with_most(
    problem: Problem,
    label: str,
    terms: Terms,
    bound: float,
    strength: int = STRENGTHS.index("binding"),
) -> Problem:
    """One more enforced limit, behind the others: the sum of terms is at most the bound."""
    quantity, year, coef, chosen = (np.array(column) for column in zip(*terms, strict=True))
    return replace(
        problem,
        limit=np.append(problem.limit, label),
        sense=np.append(problem.sense, -1),
        bound=np.append(problem.bound, bound),
        exogenous=np.append(problem.exogenous, 0.0),
        enforced=np.append(problem.enforced, True),
        strength=np.append(problem.strength, strength),
        term_ptr=np.append(problem.term_ptr, len(problem.term_quantity) + len(terms)),
        term_quantity=np.append(problem.term_quantity, quantity),
        term_year=np.append(problem.term_year, year),
        term_coef=np.append(problem.term_coef, coef),
        term_set=np.append(problem.term_set, chosen),
    )


def with_row(problem: Problem, label: str, state: Floats, year: int, bound: float, strength: int) -> Problem:
    """One more enforced limit: the sum over states of `state` [K] times X of a year is at most the bound."""
    used = np.flatnonzero(state)
    ones = np.flatnonzero((problem.driver == 1).all(axis=(1, 2)))
    own_set, driver = len(problem.cell_set), problem.driver
    if len(ones) == 0:
        ones = np.array([len(driver)])
        driver = np.concatenate([driver, np.ones((1, *driver.shape[1:]))])
    held = replace(
        problem,
        quantity=np.append(problem.quantity, label),
        quantity_stock=np.append(problem.quantity_stock, False),
        quantity_driver=np.append(problem.quantity_driver, ones[0]),
        driver=driver,
        state_factor_ptr=np.append(problem.state_factor_ptr, problem.state_factor_ptr[-1] + len(used)),
        state_factor_idx=np.append(problem.state_factor_idx, used),
        state_factor_val=np.append(problem.state_factor_val, state[used]),
        move_factor_ptr=np.append(problem.move_factor_ptr, problem.move_factor_ptr[-1]),
        cell_set=np.concatenate([problem.cell_set, np.ones((1, problem.cell_set.shape[1]), dtype=bool)]),
    )
    return with_most(held, label, [(len(problem.quantity), year, 1.0, own_set)], bound, strength)


def with_cost_at_most(problem: Problem, label: str, most_cny: float) -> Problem:
    """The objective held as a limit: cost, as `evaluate` gives it, of at most `most_cny`.

    A quantity for each year carries the running cost of states and what is charged for moves.
    """
    years, states, moves = len(problem.years), len(problem.state_label), len(problem.move_from)
    first, own_set = len(problem.quantity), len(problem.cell_set)
    capital = np.where(np.isfinite(problem.capital), problem.capital, 0.0) * problem.charge
    held = replace(
        problem,
        quantity=np.append(problem.quantity, [f"objective/{year}" for year in problem.years]),
        quantity_stock=np.append(problem.quantity_stock, np.zeros(years, dtype=bool)),
        quantity_driver=np.append(problem.quantity_driver, np.full(years, len(problem.driver))),
        driver=np.concatenate([problem.driver, np.ones((1, len(problem.source), years))]),
        state_factor_ptr=_after(problem.state_factor_ptr, states, years),
        state_factor_idx=np.append(problem.state_factor_idx, np.tile(np.arange(states), years)),
        state_factor_val=np.append(problem.state_factor_val, problem.cost.T.ravel()),
        move_factor_ptr=_after(problem.move_factor_ptr, moves, years),
        move_factor_idx=np.append(problem.move_factor_idx, np.tile(np.arange(moves), years)),
        move_factor_val=np.append(problem.move_factor_val, capital.T.ravel()),
        cell_set=np.concatenate([problem.cell_set, np.ones((1, problem.cell_set.shape[1]), dtype=bool)]),
    )
    rate = problem.discount * problem.weight
    terms = [(first + year, year, float(rate[year]), own_set) for year in range(years)]
    return with_most(held, label, terms, most_cny)


def _after(pointer: Ints, size: int, count: int) -> Ints:
    """Pointers of compressed rows with `count` full rows of `size` behind them."""
    return np.append(pointer, pointer[-1] + size * np.arange(1, count + 1))


def with_likeness(problem: Problem, likeness: Floats, cost_share: float) -> Problem:
    """The problem whose objective is the likeness [K] of where each source ends, plus a share of the cost.

    likeness: CNY for a whole source that stands in a state at the end of the last year, none in state 0. It
    is a potential: each move adds the difference of the two states it links, so that a pathway pays for its
    last state, whatever the year of its moves.
    """
    step = likeness[problem.move_to] - likeness[problem.move_from]
    charged = problem.charge * problem.discount * problem.weight
    return replace(
        problem,
        cost=cost_share * problem.cost,
        capital=cost_share * problem.capital + step[:, None] / charged,
    )
