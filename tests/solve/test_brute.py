"""Random small problems of all kinds against trying every pathway."""

from __future__ import annotations

import numpy as np
import pytest

from model.plan import evaluate, shortfall_scale, verify
from model.solve.solve import solve
from tests.solve import brute
from tests.solve.toys import Options, toy_problem

KINDS = ("none", "mixed", "all")
PER_KIND = 70


@pytest.mark.parametrize("kind", KINDS)
def test_equals_every_pathway(kind: str) -> None:
    """Cost, feasibility and bound of 210 problems: caps, shares, projects, stocks, build rates, mandates."""
    infeasible = mandates = 0
    for seed in range(PER_KIND):
        problem = toy_problem(seed * len(KINDS) + KINDS.index(kind), kind)
        plan = solve(problem, Options())
        found, judged = evaluate(problem, plan), verify(problem, plan)
        best = brute.best_units(problem) if kind == "none" else brute.best_mixed(problem)
        assert judged.broken == ()
        assert judged.limits.any() == np.isinf(best)
        mandates += bool(judged.mandates)
        infeasible += bool(np.isinf(best))
        assert found.gap(plan.bound_cny) <= 1e-6
        if np.isfinite(best):
            assert found.cost_cny == pytest.approx(best, rel=1e-7, abs=1e-6 * (1 + found.gross_cny))
            assert plan.bound_cny <= best + 1e-9 * (1 + found.gross_cny)
            assert plan.status == ("infeasible" if judged.mandates else "optimal")
        else:
            assert plan.status == "infeasible"
    assert 5 <= infeasible <= PER_KIND - 20
    if kind == "none":
        assert mandates > 0


def test_least_shortfall_by_strength() -> None:
    """Infeasible unit problems: sums of shortfalls, strongest strength first, and the least cost at them."""
    seen = several = 0
    for seed in range(120):
        problem = toy_problem(seed, "none", tightness=0.35)
        if np.isfinite(brute.best_units(problem)):
            continue
        seen += 1
        plan = solve(problem, Options())
        found, scale = evaluate(problem, plan), shortfall_scale(problem)
        sums, cost = brute.least_shortfalls(problem, scale)
        order = sorted(set(problem.strength[problem.enforced].tolist()), reverse=True)
        share = found.shortfall / scale
        got = [share[problem.enforced & (problem.strength == strength)].sum() for strength in order]
        several += len(order) > 1
        assert got == pytest.approx(sums, abs=2e-6)
        assert found.cost_cny == pytest.approx(cost, rel=1e-6, abs=1e-5 * (1 + found.gross_cny))
    assert seen >= 15
    assert several >= 8
