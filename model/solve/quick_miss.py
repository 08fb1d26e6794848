"""A plan of little shortfall, soon, where no plan meets every limit: for the many cases of a sweep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.plan import Plan
from model.problem.problem import Problem
from model.solve.elastic import LARGE, loosened
from model.solve.highs import Settings
from model.solve.quick import quick
from model.solve.solve import Options, solve_again
from model.solve.warm import Kept


def quick_miss(problem: Problem, options: Options, kept: Kept | None = None) -> Plan:
    """A quick plan of the limits loosened to what a relaxation has to miss of them; its status is infeasible.

    Of problems that `solve` does not price the misses of, and where whole units keep the quick plan from
    meeting even the loosened limits, it is the plan of `solve`. Nothing is proven of its cost.
    """
    if problem.cost.size > LARGE:
        loose = loosened(problem, Settings(options.threads, options.seed, np.inf))
        if loose is not None:
            plan, _ = quick(loose.problem, options, kept)
            if plan.status != "infeasible":
                none = np.full(len(problem.limit), np.nan)
                route = (loose.said, *plan.route)
                return replace(plan, price=none, bound_cny=-np.inf, status="infeasible", route=route)
    return solve_again(problem, options, kept)[0]
