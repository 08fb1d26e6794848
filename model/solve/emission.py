"""Least emission in the place of least cost (`minimise: {POLLUTANT: weight}`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.plan import Plan, evaluate, verify
from model.problem.objective import emission_terms, least_emission, with_most
from model.problem.problem import Problem
from model.solve.solve import Options, solve


@dataclass(frozen=True)
class Emitted:
    """What was minimised: weighted emission over the horizon, t, a proven lower bound on it, and the gap, a
    share of it.
    """

    value: float
    bound: float
    gap: float


def solve_emission(problem: Problem, options: Options) -> tuple[Plan, Emitted]:
    """The cheapest plan found among those within the gap of the least emission that the limits allow.

    First the emission is minimised, moves and states being free; then, with the emission held at what was
    found and the gap on top, cost is. The plan's bound is that of the second step: no plan that emits as
    little costs less. Its prices are nan: what loosening a limit would save is emission first, not money.
    Where the limits can not all hold the first step's plan of least shortfall is the answer, with no bound
    on its cost.
    """
    aim = least_emission(problem)
    plan = solve(aim, options)
    found = evaluate(aim, plan)
    route = tuple(f"least emission: {stage}" for stage in plan.route)
    cheapest = replace(plan, bound_cny=-np.inf)
    if plan.status != "infeasible":
        most = found.cost_cny + options.gap * found.gross_cny
        held = with_most(problem, "least emission", emission_terms(problem), most)
        second = solve(held, options)
        route += tuple(f"least cost at it: {stage}" for stage in second.route)
        if verify(held, second).met and _cost(problem, second) <= _cost(problem, plan):
            both = {plan.status, second.status}
            cheapest = replace(second, status="optimal" if both == {"optimal"} else "feasible")
        elif second.status != "infeasible":
            cheapest = replace(plan, bound_cny=second.bound_cny, status="feasible")
    none = np.full(len(problem.limit), np.nan)
    emitted = evaluate(aim, cheapest)
    bound = min(plan.bound_cny, emitted.cost_cny)
    return replace(cheapest, price=none, route=route), Emitted(emitted.cost_cny, bound, emitted.gap(bound))


def _cost(problem: Problem, plan: Plan) -> float:
    return evaluate(problem, plan).cost_cny
