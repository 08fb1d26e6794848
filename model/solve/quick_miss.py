"""A plan of little shortfall, soon, where no plan meets every limit: for the many cases of a sweep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.plan import Plan, verify
from model.problem.problem import Problem
from model.solve.elastic import LARGE, loosened, with_priced_misses
from model.solve.highs import Settings
from model.solve.quick import quick
from model.solve.relaxed import own_plan
from model.solve.solve import Options, solve_again
from model.solve.warm import Kept


def quick_miss(problem: Problem, options: Options, kept: Kept | None = None) -> Plan:
    """A plan that misses little, of status infeasible, or feasible where it turns out to miss nothing.

    The limits are loosened to what a relaxation has to miss of them; then a quick plan is found in which
    whole units may still miss a little, at a price. Nothing is proven of its cost (bound_cny is -inf), and it
    has no prices. Of problems that `solve` does not price the misses of it is the plan of `solve`.
    """
    if problem.cost.size > LARGE:
        loose = loosened(problem, Settings(options.threads, options.seed, np.inf))
        if loose is not None:
            stage = with_priced_misses(loose.problem, loose.limits, loose.worth)
            plan, _ = quick(stage, options, None if kept is None else _widened(kept, stage), patient=False)
            if plan.status != "infeasible":
                plan = own_plan(problem, plan)
                verdict = verify(problem, plan)
                missed = bool(verdict.limits.any() or verdict.mandates)
                return replace(
                    plan,
                    price=np.full(len(problem.limit), np.nan),
                    bound_cny=-np.inf,
                    status="infeasible" if missed else "feasible",
                    route=(loose.said, *plan.route),
                )
    return solve_again(problem, options, kept)[0]


def _widened(kept: Kept, stage: Problem) -> Kept:
    """What was kept, with the sources of misses behind its own, none of which misses anything."""
    first, plan = len(kept.state_start) - 1, kept.plan
    new = np.arange(first, len(stage.source))
    met = np.repeat(stage.state_start[new, None], plan.state.shape[1], axis=1)
    wider = replace(
        plan,
        source=np.concatenate([plan.source, new]),
        share=np.concatenate([plan.share, np.ones(len(new))]),
        state=np.concatenate([plan.state, met]),
    )
    return replace(kept, plan=wider, state_start=stage.state_start)
