"""The least-cost plan by one of two routes: prices, or the whole model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.plan import Plan
from model.problem.problem import Floats, Problem
from model.solve.highs import Settings
from model.solve.pricing import price_and_finish
from model.solve.rows import Rows
from model.solve.whole import solve_whole


@dataclass(frozen=True)
class Answer:
    """plan: its pathways (the rest of it is not yet known), None where there is none; bound: proven, CNY; price
    [R]: CNY discounted per unit of each imposed limit; status: optimal (to the gap), feasible, infeasible
    (proven), none; route: the stages in words; rounds: evaluations of the prices.
    """

    plan: Plan | None
    bound: float
    price: Floats
    status: str
    route: tuple[str, ...]
    rounds: int = 0


def least_cost(
    problem: Problem,
    rows: Rows,
    settings: Settings,
    gap: float,
    method: str,
    start: Floats | None = None,
) -> Answer:
    """The least-cost plan that meets every imposed limit, to `gap` of gross spending.

    start: prices [R], discounted, of a related problem.
    """
    if method == "pricing":
        found = price_and_finish(problem, rows, settings, gap, start)
        rounds = found.priced.rounds
        if found.status != "none":
            return Answer(found.plan, found.bound, found.priced.price, found.status, found.route, rounds)
    whole = solve_whole(problem, settings, gap)
    plan = None
    if whole.pathways is not None:
        none = np.full(len(problem.limit), np.nan)
        plan = Plan(*whole.pathways, none, whole.bound, "feasible", {})
    return Answer(plan, whole.bound, whole.price, whole.status, ("whole model",))
