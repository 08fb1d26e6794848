"""Prices and the whole model on provinces too large to try every pathway: neither proves the other wrong."""

from __future__ import annotations

import pytest

from benchmarks.province import province
from model.plan import evaluate, verify
from model.solve.solve import solve
from tests.levels import LONG
from tests.solve.toys import Options

GAP = 3e-2


@pytest.mark.parametrize("case", ["easy", "tight", "hard"])
@pytest.mark.parametrize(("sources", "projects"), [(30, 3), pytest.param(200, 2, marks=LONG)])
def test_bounds_and_costs_agree(sources: int, projects: int, case: str) -> None:
    """Plans meet everything (the whole model may run out of time before it has one), no bound is above the
    other's cost, and where both are done the costs are within the two gaps of each other.
    """
    years = 3 if sources < 100 else 2
    problem = province(sources, case, years=years, states=4, seed=sources, divisible=0.1, projects=projects)
    limits = {"pricing": 300.0, "monolithic": 2.0}
    plans = [solve(problem, Options(m, GAP, time_limit=limit)) for m, limit in limits.items()]
    found = [evaluate(problem, plan) for plan in plans]
    bound = max(plan.bound_cny for plan in plans)
    for plan, evaluation in zip(plans, found, strict=True):
        assert verify(problem, plan).broken == ()
        if plan.status == "infeasible" and plan is plans[1]:
            continue
        assert verify(problem, plan).met
        assert bound <= evaluation.cost_cny * (1 + 1e-9)
        assert plan.status == "feasible" or evaluation.gap(plan.bound_cny) <= GAP * (1 + 1e-6)
    if all(plan.status == "optimal" for plan in plans):
        allowed = GAP * max(evaluation.gross_cny for evaluation in found)
        assert found[0].cost_cny == pytest.approx(found[1].cost_cny, abs=allowed)
