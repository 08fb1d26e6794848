"""The least-cost plan by one of two routes: prices, or the whole model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.plan import Plan
from model.problem.problem import Floats, Problem
from model.solve.highs import Settings
from model.solve.price import Priced
from model.solve.pricing import price_and_finish
from model.solve.rows import Rows
from model.solve.warm import Warm
from model.solve.whole import solve_whole


@dataclass(frozen=True)
class Answer:
    """plan: its pathways (the rest of it is not yet known), None where there is none; bound: proven, CNY;
    price [R]: CNY discounted per unit of each imposed limit; status: optimal (to the gap), feasible,
    infeasible (proven), none; route: the stages in words; rounds: evaluations of the prices; priced: the
    relaxed optimum, if the prices are of it.
    """

    plan: Plan | None
    bound: float
    price: Floats
    status: str
    route: tuple[str, ...]
    rounds: int = 0
    priced: Priced | None = None


def least_cost(
    problem: Problem,
    rows: Rows,
    settings: Settings,
    gap: float,
    method: str,
    warm: Warm | None = None,
) -> Answer:
    """The least-cost plan that meets every imposed limit, to `gap` of gross spending.

    warm: what is known from a related problem.
    """
    if method == "pricing":
        found = price_and_finish(problem, rows, settings, gap, warm)
        rounds = found.priced.rounds
        if found.status != "none":
            priced = found.priced
            return Answer(found.plan, found.bound, priced.price, found.status, found.route, rounds, priced)
    whole = solve_whole(problem, settings, gap)
    plan = None
    if whole.pathways is not None:
        none = np.full(len(problem.limit), np.nan)
        plan = Plan(*whole.pathways, none, whole.bound, "feasible", {})
    return Answer(plan, whole.bound, whole.price, whole.status, ("whole model",))
