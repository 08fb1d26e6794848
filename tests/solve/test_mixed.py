"""The least-cost mix of pathways and the same with less asked, against linear programs written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.plan import evaluate, steps, whole_plan
from model.problem.problem import Problem
from model.solve.highs import Settings
from model.solve.mixed import Mixed, relax, relax_without
from model.solve.nearest import nearest
from model.solve.price import usual_prices
from model.solve.rows import imposed
from tests.solve import brute
from tests.solve.kinds import KINDS, plain
from tests.solve.toys import toy_problem

SEEDS = range(7)


def shared(problem: Problem) -> Problem:
    """The same with every unit divisible, for linear programs."""
    return replace(problem, divisible=np.ones_like(problem.divisible))


def without_limit(problem: Problem, limit: int) -> Problem:
    enforced = problem.enforced.copy()
    enforced[limit] = False
    return replace(problem, enforced=enforced)


def without_mandate(problem: Problem, mandate: int) -> Problem:
    kept = problem.forbid_mandate != mandate
    return replace(
        problem,
        forbid_mandate=problem.forbid_mandate[kept],
        forbid_state=problem.forbid_state[kept],
        forbid_from=problem.forbid_from[kept],
    )


def check(problem: Problem, mixed: Mixed) -> None:
    """Whole pathways that are on offer, limits held to what is worth nothing, the cost as it says and that of
    the linear program.
    """
    plan = mixed.plan
    assert np.bincount(plan.source, plan.share) == pytest.approx(np.ones(len(problem.source)))
    move = steps(problem, plan)[2]
    assert (move >= 0).all()
    found = evaluate(shared(problem), plan)
    rows = imposed(problem)
    missed = found.shortfall[rows.row] @ usual_prices(problem, rows)
    assert missed <= 2e-6 * max(abs(mixed.cost), 1.0)
    assert mixed.cost == pytest.approx(found.cost_cny, rel=1e-9, abs=1e-9)
    best = brute.best_mixed(shared(problem))
    assert mixed.cost == pytest.approx(best, rel=2e-6, abs=2e-6)
    assert mixed.bound <= best + 2e-6 * max(abs(best), 1.0)


@pytest.mark.parametrize("kind", ["toys", *(kind for kind in KINDS if kind != "wide")])  # beyond scipy
def test_costs_what_the_linear_program_costs_and_so_without_any_demand(kind: str) -> None:
    fewer = 0
    for seed in SEEDS:
        problem = toy_problem(seed) if kind == "toys" else KINDS[kind](seed)
        if np.isinf(brute.best_mixed(shared(problem))):
            assert relax(problem, 1, 0) is None
            continue
        known = relax(problem, 1, 0)
        assert known is not None
        check(problem, known.mixed)
        others = [without_limit(problem, at) for at in np.flatnonzero(problem.enforced)]
        others += [without_mandate(problem, at) for at in range(len(problem.mandate))]
        for other in others:
            mixed = relax_without(known, other, 1, 0)
            assert mixed is not None
            check(other, mixed)
            if mixed.plan is known.mixed.plan:
                assert brute.best_mixed(shared(other)) == pytest.approx(known.mixed.cost, rel=2e-6, abs=2e-6)
            fewer += mixed.cost < known.mixed.cost - 1e-6
    assert fewer >= 3 or kind in ("degenerate", "negative")  # whose demands cost nothing


@pytest.mark.parametrize("kind", ["toys", "projects"])
def test_a_related_problem_is_a_start(kind: str) -> None:
    """Other bounds and costs on the same states: the same least cost, from where the first one ended."""
    tested = 0
    for seed in SEEDS:
        problem = toy_problem(seed) if kind == "toys" else KINDS[kind](seed)
        known = relax(problem, 1, 0)
        other = replace(
            problem,
            bound=problem.bound - 0.05 * problem.sense * np.abs(problem.bound),
            cost=1.1 * problem.cost,
        )
        if known is None or np.isinf(brute.best_mixed(shared(other))):
            continue
        again = relax(other, 1, 0, known)
        assert again is not None
        check(other, again.mixed)
        tested += 1
    assert tested >= 3


def test_the_nearest_of_mixes_that_cost_the_same() -> None:
    """Two units alike, 10 t each or none at 5 CNY, 15 t allowed: either of them. A third costs 1 CNY to clean
    and is asked to be in one plan and not in the other.

    Half of the year counts in the year of the move: a clean unit is 5 t less for 2.5 CNY, the third 0.5 CNY.
    """
    left = [np.array([[10.0, 0.0]])] * 3
    cost = [np.array([0.0, 5.0])] * 2 + [np.array([0.0, 1.0])]
    limit = {"sense": -1, "bound": 15.0, "terms": [(0, 0, 1.0, 1), (0, 0, 1.0, 2)]}
    problem = plain(cost, left, 1, [False] * 3, [limit])
    with_it, other = (
        whole_plan(problem, problem.state_start[:-1, None] + np.array([clean]).T)
        for clean in ([1, 0, 1], [0, 1, 0])
    )
    rate = float(problem.discount[0])
    mixed = (other, 2.5 * rate, np.zeros(1))
    found, spent = nearest(problem, imposed(problem), mixed, with_it, Settings(1, 0, np.inf))
    assert (found.state.ravel() - problem.state_start[:-1]).tolist() == [1, 0, 0]
    assert spent == pytest.approx(2.5 * rate)
    known, same = nearest(problem, imposed(problem), mixed, other, Settings(1, 0, np.inf))
    assert known is other
    assert same == mixed[1]
