"""A problem in which some limits may be missed: each miss is one more divisible source, of two states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.plan import Plan
from model.problem.problem import Floats, Ints, Problem
from model.problem.reach import best_reach


def greatest_shortfall(problem: Problem) -> Floats:
    """What no plan misses a limit by more than, [I]; 0 where it can not be missed or is not imposed."""
    worst = best_reach(replace(problem, sense=-problem.sense), problem.enforced & np.isfinite(problem.bound))
    short = problem.sense * (problem.bound - worst)
    return np.maximum(np.nan_to_num(short, nan=0.0), 0.0)


def last_years(problem: Problem) -> Ints:
    """Index of the last year that each limit speaks of, [I]."""
    out = np.zeros(len(problem.limit), dtype=np.int64)
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    np.maximum.at(out, owner, problem.term_year)
    return out


def relaxed(problem: Problem, limits: Ints, most: Floats) -> Problem:
    """The problem with a source `miss.LIMIT` for each of some limits [N], after its own, free of cost: in its
    state `missed` at the end of the limit's last year it makes up for a shortfall of `most` [N].

    The new quantity `shortfall` is the part of `most` that is missed. Sources, states, limits and sets of the
    problem keep their numbers; source n of the new ones is alone in its cell and in set n of the new ones.
    """
    count, states = len(limits), len(problem.state_label)
    sets, cells = problem.cell_set.shape
    new, year = np.arange(count), last_years(problem)[limits]
    met = states + 2 * new
    stage = replace(
        problem,
        source=np.concatenate([problem.source, [f"miss.{label}" for label in problem.limit[limits]]]),
        divisible=np.concatenate([problem.divisible, np.ones(count, dtype=bool)]),
        part_year=np.concatenate([problem.part_year, np.ones(count)]),
        cell=np.concatenate([problem.cell, cells + new]),
        state_start=np.concatenate([problem.state_start, met + 2]),
        state_label=np.concatenate([problem.state_label, np.tile(["met", "missed"], count)]),
        cost=_below(problem.cost, 2 * count),
        move_from=np.concatenate([problem.move_from, met]),
        move_to=np.concatenate([problem.move_to, met + 1]),
        capital=_below(problem.capital, count),
        quantity=np.append(problem.quantity, "shortfall"),
        quantity_stock=np.append(problem.quantity_stock, True),
        quantity_driver=np.append(problem.quantity_driver, 0),
        driver=_drivers(problem.driver, count),
        state_factor_ptr=np.append(problem.state_factor_ptr, problem.state_factor_ptr[-1] + count),
        state_factor_idx=np.concatenate([problem.state_factor_idx, met + 1]),
        state_factor_val=np.concatenate([problem.state_factor_val, np.ones(count)]),
        move_factor_ptr=np.append(problem.move_factor_ptr, problem.move_factor_ptr[-1]),
        cell_set=np.block(
            [
                [problem.cell_set, np.zeros((sets, count), dtype=bool)],
                [np.zeros((count, cells), dtype=bool), np.eye(count, dtype=bool)],
            ]
        ),
    )
    # a term at the end of the limit's own: what is missed counts as if it had been reached
    order = np.argsort(limits)
    at = problem.term_ptr[limits + 1][order]
    more = np.zeros(len(problem.limit), dtype=np.int64)
    more[limits] = 1
    return replace(
        stage,
        term_ptr=problem.term_ptr + np.concatenate([[0], np.cumsum(more)]),
        term_quantity=np.insert(problem.term_quantity, at, len(problem.quantity)),
        term_year=np.insert(problem.term_year, at, year[order]),
        term_coef=np.insert(problem.term_coef, at, (problem.sense[limits] * most)[order]),
        term_set=np.insert(problem.term_set, at, (sets + new)[order]),
    )


def misses_alone(stage: Problem, year: Ints, worth: Floats) -> Problem:
    """Nothing costs anything but the missed states of the last N sources, which in the objective are worth
    `worth` [N] when entered in `year` [N].
    """
    years, states, moves = len(stage.years), len(stage.state_label), len(stage.move_from)
    # what is missed stays missed to the last year, so the cost is spread over the years that are left
    rate = np.cumsum((stage.discount * stage.weight)[::-1])[::-1]
    cost = np.zeros((states, 1))
    cost[states - 2 * len(worth) + 1 :: 2, 0] = worth / rate[year]
    steady = stage.capital.strides[1] == 0
    capital = np.where(np.isfinite(stage.capital[:, :1] if steady else stage.capital), 0.0, np.inf)
    return replace(
        stage,
        cost=np.broadcast_to(cost, (states, years)),
        capital=np.broadcast_to(capital, (moves, years)),
    )


def own_plan(problem: Problem, plan: Plan) -> Plan:
    """A plan of a relaxed problem without the sources that stand for misses."""
    kept = plan.source < len(problem.source)
    return replace(plan, source=plan.source[kept], share=plan.share[kept], state=plan.state[kept])


def _below(table: Floats, rows: int) -> Floats:
    """A table over years with rows of 0 below it; one that does not change with the year stays a view."""
    steady = table.strides[1] == 0
    part = table[:, :1] if steady else table
    grown = np.concatenate([part, np.zeros((rows, part.shape[1]))])
    return np.broadcast_to(grown, (len(grown), table.shape[1]))


def _drivers(driver: Floats, count: int) -> Floats:
    """Drivers [D, S, Y] with those of `count` more sources, all 1; a first one where there was none."""
    if not len(driver):
        driver = np.ones((1, *driver.shape[1:]))
    return np.concatenate([driver, np.ones((len(driver), count, driver.shape[2]))], axis=1)
