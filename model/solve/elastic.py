"""When no plan meets every limit: the least shortfall, the strongest words last to give way, then the least
cost at it (design: section 5).

Missing a limit is one more divisible source with two states (solve.relaxed), so that the same solve does
everything: tier by tier, strongest first, the sum of scaled shortfalls is minimised and then held; at last
the cost is minimised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.base.words import STRENGTHS
from model.plan import evaluate, shortfall_scale
from model.problem.problem import Floats, Ints, Problem
from model.solve.highs import Settings
from model.solve.least_cost import Answer, least_cost
from model.solve.relaxed import greatest_shortfall, last_years, own_plan, relaxed
from model.solve.rows import imposed

EXACT = 1e-6
"""Gap of the sum of shortfalls, in full shortfalls of one limit: as near as plans are judged."""

HELD = 1e-7
"""Room left when a sum of shortfalls is held, as a share of it and of a full one: the plan found must fit."""

NOTHING = 1e-9
"""Sum of shortfalls up to which the limits of a tier can all be met."""


@dataclass(frozen=True)
class _Held:
    """Limits [N] of one strength whose scaled shortfalls add to `total` at most."""

    limits: Ints
    total: float


def least_miss(problem: Problem, settings: Settings, gap: float, method: str) -> Answer:
    """The plan of least cost among those of least shortfall, each as a fraction of its `shortfall_scale`.

    The sum over the limits of the strongest word is least, then that of the next one at it, and so on. The
    answer's bound is on the least cost at these sums, its prices are of that last stage.
    """
    binding = problem.enforced & np.isfinite(problem.bound)
    scale, most = shortfall_scale(problem), greatest_shortfall(problem)
    held: list[_Held] = []
    route: tuple[str, ...] = ()
    rounds = 0
    for strength in np.unique(problem.strength[binding & (most > 0)])[::-1].tolist():
        tier = np.flatnonzero(binding & (most > 0) & (problem.strength == strength))
        part = replace(problem, enforced=binding & (problem.strength >= strength))
        stage = _held_problem(part, most, scale, held, tier)
        stage = _priced(stage, last_years(problem)[tier], most[tier] / scale[tier])
        answer = least_cost(stage, imposed(stage), settings, EXACT, method)
        rounds += answer.rounds
        if answer.plan is None:
            lost = np.zeros(int(binding.sum()))
            return Answer(None, -np.inf, lost, answer.status, (*route, *answer.route), rounds)
        short = evaluate(problem, own_plan(problem, answer.plan)).shortfall[tier] / scale[tier]
        route += (*answer.route, _told(STRENGTHS[strength], float(short.sum()), answer.bound))
        if short.sum() > NOTHING:
            held.append(_Held(tier, float(short.sum())))
    stage = _held_problem(problem, most, scale, held, np.zeros(0, dtype=np.int64))
    answer = least_cost(stage, imposed(stage), settings, gap, method)
    plan = None if answer.plan is None else own_plan(problem, answer.plan)
    price = answer.price[: int(binding.sum())]
    return Answer(plan, answer.bound, price, answer.status, (*route, *answer.route), rounds + answer.rounds)


def _told(word: str, total: float, proven: float) -> str:
    """What a tier found, in words; the bound where it falls short of it."""
    told = f"least shortfall of {word} limits {total:.6g} of their bounds"
    if total - proven > 2 * EXACT * max(total, 1.0):
        told += f" (at least {max(proven, 0.0):.6g})"
    return told


def _held_problem(problem: Problem, most: Floats, scale: Floats, held: list[_Held], tier: Ints) -> Problem:
    """The problem in which limits that are held and those of a tier [N] may be missed, the sums held by rows
    of their own after those of the problem; the sources of the tier come last.
    """
    limits = np.concatenate([*(each.limits for each in held), tier]).astype(np.int64)
    stage = relaxed(problem, limits, most[limits])
    rows, place = len(held), np.cumsum([0, *(len(each.limits) for each in held)])
    number = int(place[-1])
    return replace(
        stage,
        limit=np.concatenate([stage.limit, [f"shortfall/{row}" for row in range(rows)]]),
        sense=np.concatenate([stage.sense, np.full(rows, -1)]),
        bound=np.concatenate([stage.bound, [each.total + HELD * max(each.total, 1.0) for each in held]]),
        exogenous=np.concatenate([stage.exogenous, np.zeros(rows)]),
        enforced=np.concatenate([stage.enforced, np.ones(rows, dtype=bool)]),
        strength=np.concatenate([stage.strength, np.full(rows, len(STRENGTHS) - 1)]),
        term_ptr=np.concatenate([stage.term_ptr, stage.term_ptr[-1] + place[1:]]),
        term_quantity=np.concatenate([stage.term_quantity, np.full(number, len(problem.quantity))]),
        term_year=np.concatenate([stage.term_year, last_years(problem)[limits[:number]]]),
        term_coef=np.concatenate([stage.term_coef, (most / scale)[limits[:number]]]),
        term_set=np.concatenate([stage.term_set, len(problem.cell_set) + np.arange(number)]),
    )


def _priced(stage: Problem, year: Ints, worth: Floats) -> Problem:
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
