"""A warm solve is as proven as a cold one, whatever changed since."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import Plan, evaluate, verify
from model.problem.problem import Problem
from model.solve.rows import imposed
from model.solve.solve import discounted, solve, solve_again
from model.solve.warm import Kept, may_be, warmed
from tests.solve.toys import Options, toy_problem, with_bounds


def check(problem: Problem, kept: Kept, options: Options) -> tuple[Plan, Plan]:
    """Both plans are sound, and each costs no more than the other's bound and the gap allow."""
    cold, (warm, _) = solve(problem, options), solve_again(problem, options, kept)
    assert warm.status == cold.status
    if cold.status == "infeasible":
        return cold, warm
    assert not verify(problem, warm).limits.any()
    assert not verify(problem, warm).broken
    found, other = evaluate(problem, warm), evaluate(problem, cold)
    room = options.gap * max(found.gross_cny, other.gross_cny) + 1e-5
    assert found.cost_cny - warm.bound_cny <= room
    assert warm.bound_cny <= other.cost_cny + 1e-6 * abs(other.cost_cny) + 1e-6
    assert abs(found.cost_cny - other.cost_cny) <= room
    return cold, warm


def kept_of(problem: Problem, options: Options) -> Kept:
    """What a problem that can be met leaves."""
    kept = solve_again(problem, options)[1]
    assert kept is not None
    return kept


def test_moved_bounds_of_toys() -> None:
    seen, tried = set(), 0
    for seed in range(60):
        problem = toy_problem(seed, "mixed")
        kept = solve_again(problem, Options())[1]
        if kept is None:
            continue
        tried += 1
        step = np.random.default_rng(seed).uniform(-0.1, 0.05, len(problem.bound))
        moved = with_bounds(problem, problem.bound - problem.sense * step * np.abs(problem.bound))
        seen.add(check(moved, kept, Options())[0].status)
    assert tried >= 30
    assert "optimal" in seen


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_a_province_with_one_bound_moved(factor: float) -> None:
    problem, options = province(1_000, "easy", years=2), Options(gap=1e-2)
    kept = kept_of(problem, options)
    bound = problem.bound.copy()
    bound[1] *= factor
    check(replace(problem, bound=bound), kept, options)


def test_dearer_states_are_priced_anew() -> None:
    problem, options = province(1_000, "easy", years=2), Options(gap=1e-2)
    kept = kept_of(problem, options)
    check(replace(problem, cost=problem.cost * 1.2), kept, options)


def test_pathways_that_are_now_forbidden_are_left_out() -> None:
    problem, options = province(1_000, "easy", years=2), Options(gap=1e-2)
    kept = kept_of(problem, options)
    used = kept.plan.state[:, -1] != problem.state_start[kept.plan.source]
    state = np.unique(kept.plan.state[used, -1])[:3]
    barred = replace(
        problem,
        mandate=np.array(["M0"]),
        forbid_mandate=np.zeros(len(state), dtype=np.int64),
        forbid_state=state,
        forbid_from=np.zeros(len(state), dtype=np.int64),
    )
    assert not may_be(barred, kept.plan)[np.isin(kept.plan.state, state).any(axis=1)].any()
    rows = imposed(barred)
    warm = warmed(barred, rows, discounted(barred), kept)
    assert np.count_nonzero(~warm.whole) == len(state)
    assert not np.isin(barred.state_start[warm.source][:, None] + warm.state, state).any()
    plan = check(barred, kept, options)[1]
    assert not np.isin(plan.state, state).any()


def test_limits_are_known_by_their_labels() -> None:
    problem, options = province(1_000, "easy", years=2), Options(gap=1e-2)
    enforced = problem.enforced.copy()
    enforced[2] = False
    without = replace(problem, enforced=enforced)
    # one limit more, and one limit less, than what is kept is of
    check(problem, kept_of(without, options), options)
    kept = kept_of(problem, options)
    check(without, kept, options)
    rows = imposed(without)
    worth = discounted(without)[rows.row]
    expected = dict(zip(kept.limit.tolist(), kept.price, strict=True))
    warm = warmed(without, rows, discounted(without), kept)
    assert warm.known.all()
    wanted = [expected[label] for label in without.limit[rows.row].tolist()]
    assert (warm.price / worth).tolist() == pytest.approx(wanted)


def test_the_same_problem_again_is_met_by_its_own_plan() -> None:
    problem, options = province(1_000, "easy", years=2), Options(gap=1e-2)
    plan, kept = solve_again(problem, options)
    again = solve_again(problem, options, kept)[0]
    assert evaluate(problem, again).cost_cny == evaluate(problem, plan).cost_cny
    assert again.seconds["iterations"] < plan.seconds["iterations"]


def test_other_sources_are_refused() -> None:
    kept = kept_of(province(60, "easy", years=2), Options(gap=1e-2))
    with pytest.raises(ValueError, match="other sources"):
        solve_again(province(61, "easy", years=2), Options(gap=1e-2), kept)
