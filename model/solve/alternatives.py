"""Plans that cost little more than the cheapest and differ from it as much as can be.

Modelling to generate alternatives by hop, skip and jump (Brill, Chang and Hopkins 1982, Management Science
28, 221-235): with the old objective held as a limit, what earlier plans do is made as little of as can be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.plan import Evaluation, Plan, evaluate, steps, verify
from model.problem.objective import with_cost_at_most, with_likeness
from model.problem.problem import Floats, Problem
from model.solve.solve import Options, solve

LEAST_COST_SHARE = 0.5
"""A slack is of the cost, and at least of this share of gross spending: net cost may be near 0 or below."""

THRIFT = 0.01
"""CNY that one CNY of cost counts beside one of likeness, so that nothing is done for nothing."""

GAP = 0.01
"""Gap at which the search for a plan that differs ends: that it is the most different is not claimed."""

SAME = 1e-6
"""Shares of sources nearer than this are the same."""


@dataclass(frozen=True)
class Alternatives:
    """plans: beyond the first; alike: share of the first plan's yearly spending that each repeats, [n].

    most_cny: what each of them may cost. ended: why there are fewer than were asked for; empty if not.
    """

    plans: tuple[Plan, ...]
    alike: tuple[float, ...]
    most_cny: float
    ended: str


@dataclass(frozen=True)
class _Settings:
    """Options of the search for one more plan."""

    method: str
    gap: float
    time_limit: float | None
    threads: int
    seed: int


def alternatives(problem: Problem, first: Plan, options: Options, count: int, within: float) -> Alternatives:
    """`count` plans more that meet every limit and cost at most `within` above the first, one after another.

    Each makes as little as can be of what the plans before it do: the sum, over the sources and those plans,
    of what is spent a year on the state in which both end, each source weighing what it spends, so that large
    units count and staying in state 0 is nothing in common. first: a plan that meets every limit, found at
    least cost.
    """
    found = evaluate(problem, first)
    most = most_cost(found, within)
    if not verify(problem, first).met:
        return Alternatives((), (), most, "the plan does not meet every limit")
    held = with_cost_at_most(problem, "cost of alternatives", most)
    gap = max(GAP, options.gap)
    settings = _Settings(options.method, gap, options.time_limit, options.threads, options.seed)
    plans, ended = [first], ""
    likeness = spending(problem, first)
    while len(plans) <= count and not ended:
        plan = solve(with_likeness(held, likeness, THRIFT), settings)
        if not verify(held, plan).met:
            ended = "no further plan was found within the slack"
        elif any(_same(problem, plan, other) for other in plans):
            ended = "no plan within the slack is less like those found"
        else:
            none = np.full(len(problem.limit), np.nan)
            plans.append(replace(plan, price=none, bound_cny=first.bound_cny))
            likeness = likeness + spending(problem, plan)
    alike = tuple(repeated(problem, first, plan) for plan in plans[1:])
    return Alternatives(tuple(plans[1:]), alike, most, ended)


def most_cost(found: Evaluation, within: float) -> float:
    """What a plan may cost that costs `within` more: of the cost, or of half of gross spending if that is
    more.
    """
    return found.cost_cny + within * max(found.cost_cny, LEAST_COST_SHARE * found.gross_cny)


def spending(problem: Problem, plan: Plan) -> Floats:
    """What sources spend on the states in which a plan ends, CNY, [K]; 0 elsewhere and in state 0.

    Of a year, discounted and summed over the horizon as if each were such a year: annuities of the moves
    made plus the running cost of the last year, without signs, times the share of the source that ends there.
    """
    path, year, move = steps(problem, plan)
    paid = np.zeros(len(plan.source))
    np.add.at(paid, path, np.abs(problem.capital[move, year]))
    last = plan.state[:, -1]
    paid += np.abs(problem.cost[last, -1])
    paid[last == problem.state_start[plan.source]] = 0.0
    horizon = float((problem.discount * problem.weight).sum())
    return np.asarray(horizon * np.bincount(last, plan.share * paid, len(problem.state_label)))


def repeated(problem: Problem, first: Plan, other: Plan) -> float:
    """Share of the first plan's `spending` that the other repeats; 1 if it spends nothing."""
    spent, now, then = spending(problem, first), _ends(problem, first), _ends(problem, other)
    common = np.divide(np.minimum(now, then), now, out=np.zeros(len(now)), where=now > 0)
    total = float(spent.sum())
    return float(spent @ common) / total if total else 1.0


def _ends(problem: Problem, plan: Plan) -> Floats:
    """Share of its source that ends in each state, [K]."""
    return np.asarray(np.bincount(plan.state[:, -1], plan.share, len(problem.state_label)), dtype=float)


def _same(problem: Problem, one: Plan, other: Plan) -> bool:
    """Whether two plans end in the same states."""
    return bool(np.abs(_ends(problem, one) - _ends(problem, other)).max(initial=0.0) <= SAME)
