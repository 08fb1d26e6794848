"""Solve a problem: the whole model in Pyomo and HiGHS, with a proven bound, prices, and the least miss if
infeasible.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from model.plan import Plan, evaluate, shortfall_scale, verify
from model.problem.problem import Floats, Problem
from model.problem.reach import unreachable
from model.solve.bound import cheapest_paths
from model.solve.elastic import least_miss, no_miss
from model.solve.formulation import Elastic, build_model, cost_scale, row_scale
from model.solve.highs import Matrix, Settings, compile_model
from model.solve.merge import Network, build_network, spread
from model.solve.search import Found, search

LEAST_GAP = 1e-6
"""Gap below which HiGHS's own tolerances decide, in units of the matrix's cost."""

SLACK = 1e-6
"""Slack above this share of its scale makes a limit slack and its price 0."""


class Options(Protocol):
    """What solving needs of a scenario's `solver` entry."""

    @property
    def method(self) -> str:
        """Only monolithic is known here."""

    @property
    def gap(self) -> float:
        """Share of gross spending."""

    @property
    def time_limit(self) -> float | None:
        """Seconds."""

    @property
    def threads(self) -> int:
        """Threads of HiGHS."""

    @property
    def seed(self) -> int:
        """Seed of HiGHS."""


def solve(problem: Problem, options: Options, merge: bool = True) -> Plan:
    """The least-cost plan (design: section 5), or the plan of least shortfall when no plan meets every limit.

    Raises:
        ValueError: a method other than monolithic, or a problem with costs or uses that are not numbers.
    """
    if options.method != "monolithic":
        raise ValueError(f"method {options.method} is not known here; monolithic is")
    began = time.monotonic()
    stop = np.inf if options.time_limit is None else began + options.time_limit
    settings = Settings(options.threads, options.seed, stop)
    network = build_network(problem, merge)
    seconds = {"arrange": time.monotonic() - began}
    if len(network.count) == 0:
        return _finished(
            network, np.zeros(0), np.full(len(problem.limit), 0.0), network.constant.cost, seconds
        )
    row = network.arcs.row
    elastic = Elastic(shortfall_scale(problem)[row], problem.strength[row])
    goal = _goal(network, options.gap)
    matrix = no_miss(network, compile_model(build_model(network, elastic)))
    seconds["compile"] = time.monotonic() - began - sum(seconds.values())
    hopeless = bool(unreachable(problem).any())
    found = Found("infeasible", None, -np.inf) if hopeless else search(network, matrix, settings, goal)
    seconds["search"] = time.monotonic() - began - sum(seconds.values())
    if found.status == "infeasible":
        found, matrix = least_miss(network, matrix, settings, elastic, options.gap, goal)
        seconds["elastic"] = time.monotonic() - began - sum(seconds.values())
    flow = cheapest_paths(network) if found.value is None else found.value[: len(network.arcs.cost)]
    bound = found.bound * cost_scale(network) + network.constant.cost
    return _finished(network, flow, _prices(network, matrix, found), bound, seconds, found.status)


def _finished(
    network: Network,
    flow: Floats,
    prices: Floats,
    bound: float,
    seconds: dict[str, float],
    status: str = "optimal",
) -> Plan:
    """The plan of a flow, its status judged by what it recomputes to."""
    problem = network.problem
    plan = Plan(*spread(network, flow), prices, bound, status, seconds)
    verdict = verify(problem, plan)
    if verdict.broken:
        raise RuntimeError("the solver's plan is not whole: " + "; ".join(verdict.broken[:5]))
    evaluation = evaluate(problem, plan)
    slack = evaluation.slack > SLACK * shortfall_scale(problem)
    price = np.where(problem.enforced & np.isfinite(problem.bound), np.where(slack, 0.0, prices), np.nan)
    if verdict.limits.any() or verdict.mandates:
        status = "infeasible"
    elif status == "none":
        status = "feasible"
    return replace(plan, price=price, status=status, bound_cny=min(bound, evaluation.cost_cny))


def _goal(network: Network, gap: float) -> Callable[[Floats], float]:
    """The gap in units of the matrix's cost: a share of the gross spending of a solution."""

    def goal(value: Floats) -> float:
        gross = network.constant.gross + network.arcs.gross @ value[: len(network.arcs.gross)]
        return max(gap * float(gross) / cost_scale(network), LEAST_GAP)

    return goal


def _prices(network: Network, matrix: Matrix, found: Found) -> Floats:
    """CNY per unit of each limit that loosening it saves, [I], 0 where it is not enforced or nothing moves
    it.

    Duals of the LP with the whole numbers fixed; a limit that only units touch has no meaning there and
    takes the dual of the relaxation. |dual|, row scaling undone, over discount and weight of the limit's
    last year.
    """
    problem, row = network.problem, network.arcs.row
    out = np.zeros(len(problem.limit))
    if found.relaxed_dual is None:
        return out
    divisible = network.divisible[network.block]
    shared = np.asarray(abs(network.arcs.use[divisible]).sum(axis=0)).ravel() > 0
    scale = cost_scale(network) / row_scale(network)
    for position, (family, label) in enumerate(zip(matrix.family, matrix.label, strict=True)):
        if family not in ("at_most", "at_least"):
            continue
        limit = row[label]
        dual = found.relaxed_dual if found.fixed_dual is None or not shared[label] else found.fixed_dual
        terms = slice(problem.term_ptr[limit], problem.term_ptr[limit + 1])
        year = problem.term_year[terms].max()
        saved = max(float(problem.sense[limit] * dual[position]), 0.0)
        out[limit] = saved * scale[label] / (problem.discount[year] * problem.weight[year])
    return out
