"""Solve a problem: the one entry, whatever the method."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from model.plan import Plan, evaluate, shortfall_scale, verify, whole_plan
from model.problem.problem import Floats, Problem
from model.problem.reach import unreachable
from model.solve.elastic import least_miss
from model.solve.greedy import greedy
from model.solve.highs import Settings
from model.solve.least_cost import Answer, least_cost
from model.solve.myopic import myopic
from model.solve.paths import BlockWalk
from model.solve.price import price_limits
from model.solve.rows import Rows, imposed
from model.solve.warm import Kept, missed, no_pathways, warmed

METHODS = ("pricing", "monolithic", "greedy", "myopic")

SLACK = 1e-3
"""Slack above this share of its scale makes a limit slack and its price 0; less is what whole units leave."""


class Options(Protocol):
    """What solving needs of a scenario's `solver` entry."""

    @property
    def method(self) -> str:
        """One of METHODS."""

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


@dataclass(frozen=True)
class _Pricing:
    """Options of the default method."""

    gap: float
    time_limit: float | None
    threads: int
    seed: int
    method: str = "pricing"


def solve(problem: Problem, options: Options, enough: float = 0.0) -> Plan:
    """The least-cost plan (design: section 5), or the plan of least shortfall when no plan meets every limit.

    enough: a gap in CNY at which to stop, where that is more than options.gap of the spending.

    Raises:
        ValueError: a method that is not one of METHODS, or a problem with costs or uses that are not numbers.
    """
    return solve_again(problem, options, enough=enough)[0]


def solve_again(
    problem: Problem, options: Options, kept: Kept | None = None, enough: float = 0.0
) -> tuple[Plan, Kept | None]:
    """`solve`, sooner where something is kept of a related problem; and what to keep for the next.

    kept: of a problem with the same sources, states and years; costs, bounds, mandates and which limits there
    are may differ. The plan is as proven as without it, though it need not be the same one. Where no plan
    meets every limit, what was kept stays; methods greedy and myopic begin anew.

    Raises:
        ValueError: as `solve`, or what was kept is of other sources, states or years.
    """
    if options.method not in METHODS:
        raise ValueError(f"method {options.method} is not known here; {', '.join(METHODS)} are")
    began = time.monotonic()
    _check_numbers(problem)
    if options.method == "myopic":
        default = _Pricing(options.gap, options.time_limit, options.threads, options.seed)
        return myopic(problem, lambda part: solve(part, default)), kept
    stop = np.inf if options.time_limit is None else began + options.time_limit
    settings = Settings(options.threads, options.seed, stop, enough=enough)
    rows = imposed(problem)
    if options.method == "greedy":
        return greedy(problem, price_limits(problem, rows, settings, options.gap)[1].bound), kept
    warm = None if kept is None else warmed(problem, rows, discounted(problem), kept)
    answer = Answer(None, -np.inf, np.zeros(len(rows.row)), "infeasible", ())
    doubtful = problem.enforced if warm is None else missed(problem, warm)
    if not unreachable(problem, among=doubtful).any():
        answer = least_cost(problem, rows, settings, options.gap, options.method, warm)
    if answer.status == "infeasible":
        answer = least_miss(problem, settings, options.gap, options.method)
    return concluded(problem, rows, answer, time.monotonic() - began, kept)


def concluded(
    problem: Problem, rows: Rows, answer: Answer, seconds: float, kept: Kept | None
) -> tuple[Plan, Kept | None]:
    """The plan of an answer, and what to keep for the next: of this problem where it has a plan that meets
    every limit, or else what was kept before.
    """
    price = np.zeros(len(problem.limit))
    price[rows.row] = answer.price / discounted(problem)[rows.row]
    plan = _judged(problem, answer, price, seconds)
    if plan.status == "infeasible" or answer.plan is None:
        return plan, kept
    pathways = no_pathways(rows) if answer.priced is None else answer.priced.kept()
    return plan, Kept(problem.limit[rows.row], price[rows.row], *pathways, plan, problem.state_start)


def _judged(problem: Problem, answer: Answer, price: Floats, seconds: float) -> Plan:
    """The plan of an answer, its status judged by what it recomputes to."""
    plan, status = answer.plan, answer.status
    if plan is None:
        # nothing was found in time: every source where it would be without limits
        rows = imposed(replace(problem, enforced=np.zeros_like(problem.enforced)))
        free = BlockWalk(problem, rows).best(np.zeros(0)).state
        plan = whole_plan(problem, problem.state_start[:-1, None] + free)
    evaluation = evaluate(problem, plan)
    verdict = verify(problem, plan, found=evaluation)
    if verdict.broken:
        raise RuntimeError("the solver's plan is not whole: " + "; ".join(verdict.broken[:5]))
    imposed_here = problem.enforced & np.isfinite(problem.bound)
    slack = evaluation.slack > SLACK * shortfall_scale(problem, among=imposed_here & (price > 0))
    if verdict.limits.any() or verdict.mandates:
        status = "infeasible"
    elif status != "optimal":
        status = "feasible"
    return replace(
        plan,
        price=np.where(imposed_here, np.where(slack, 0.0, price), np.nan),
        bound_cny=min(answer.bound, evaluation.cost_cny),
        status=status,
        seconds={"solve": seconds, "iterations": float(answer.rounds)},
        route=answer.route,
    )


def discounted(problem: Problem) -> Floats:
    """What one CNY of the last year that a limit speaks of is worth in the objective, [I]."""
    last = np.zeros(len(problem.limit), dtype=np.int64)
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    np.maximum.at(last, owner, problem.term_year)
    return np.asarray((problem.discount * problem.weight)[last])


def _check_numbers(problem: Problem) -> None:
    """Stop at costs and uses that are not numbers."""
    parts = {"cost": problem.cost, "driver": problem.driver, "capital": problem.capital}
    for name, values in parts.items():
        column = values[:, :1] if values.ndim == 2 and values.strides[1] == 0 else values
        if np.isnan(column).any() or (name != "capital" and np.isinf(column).any()):
            raise ValueError(f"the problem has a {name} that is not a number")
    for name, values in (("state", problem.state_factor_val), ("move", problem.move_factor_val)):
        if not np.isfinite(values).all():
            raise ValueError(f"the problem has a use of a {name} that is not a number")
