"""What solving promises beyond the optimum: merging, order, monotony, prices, determinism, time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import Plan, evaluate, shortfall_scale, verify
from model.problem.problem import Problem
from model.solve.highs import Settings
from model.solve.merge import build_network
from model.solve.solve import solve
from model.solve.whole import solve_whole
from tests.solve.toys import Options, random_sketch, toy_problem, with_bounds


def cost(problem: Problem) -> float:
    """Least cost; inf when a limit is missed."""
    plan = solve(problem, Options())
    return np.inf if verify(problem, plan).limits.any() else evaluate(problem, plan).cost_cny


@pytest.mark.parametrize("level", ["easy", "tight"])
def test_merged_equals_unmerged(level: str) -> None:
    """Equal sources as one with a count: the same least cost, and each plan is whole."""
    problem = province(24, level, years=2, distinct=6, divisible=0.05)
    settings = Settings(1, 0, time.monotonic() + 5)
    assert len(build_network(problem).count) == 6 < len(build_network(problem, merge=False).count)
    merged, apart = (solve_whole(problem, settings, 5e-3, merge) for merge in (True, False))
    none = np.full(len(problem.limit), np.nan)
    for one, other in ((merged, apart), (apart, merged)):
        assert one.pathways is not None
        plan = Plan(*one.pathways, none, one.bound, one.status, {})
        assert verify(problem, plan).met
        cost = evaluate(problem, plan).cost_cny
        assert max(one.bound, other.bound) <= cost + 1e-9 * abs(cost)


def test_merged_units_are_told_apart_in_source_order() -> None:
    problem = province(60, "easy", years=2, distinct=12, divisible=0.05)
    network, plan = build_network(problem), solve(problem, Options("monolithic", gap=1e-2, time_limit=5.0))
    for block in np.flatnonzero((network.count > 1) & ~network.divisible):
        members = network.member[network.member_ptr[block] : network.member_ptr[block + 1]]
        assert (np.diff(members) > 0).all()
        local = plan.state[np.isin(plan.source, members)] - problem.state_start[members][:, None]
        assert (np.diff(local[:, 0]) >= 0).all()


def test_tightening_never_lowers_cost() -> None:
    for seed in range(8):
        problem = toy_problem(seed, "mixed")
        costs = [
            cost(with_bounds(problem, problem.bound - problem.sense * step)) for step in (2.0, 0.0, -1.0)
        ]
        assert costs[0] <= costs[1] + 1e-6
        assert costs[1] <= costs[2] + 1e-6


def test_an_added_state_never_raises_cost() -> None:
    """Forbidding a state everywhere is not having it."""
    for seed in range(8):
        problem = toy_problem(seed, "mixed")
        last = int(problem.state_start[1]) - 1
        none = np.zeros(0, dtype=np.int64)
        free = replace(problem, forbid_mandate=none, forbid_state=none, forbid_from=none)
        without = replace(free, capital=np.where(free.move_to[:, None] == last, np.inf, free.capital))
        assert cost(free) <= cost(without) + 1e-6


def test_permuting_sources_changes_nothing() -> None:
    for seed in range(8):
        sketch = random_sketch(seed, "mixed")
        count = len(sketch.states)
        order = np.random.default_rng(seed).permutation(count)
        start = np.concatenate([[0], np.cumsum(sketch.states)])
        states = np.concatenate([np.arange(start[s], start[s + 1]) for s in order])
        place = np.argsort(order)
        permuted = replace(
            sketch,
            states=[sketch.states[s] for s in order],
            moves=[(int(place[s]), a, b) for s, a, b in sketch.moves],
            cost=sketch.cost[states],
            factor=sketch.factor[:, states],
            cell=[sketch.cell[s] for s in order],
            divisible=[sketch.divisible[s] for s in order],
            part_year=[sketch.part_year[s] for s in order],
            driver=sketch.driver[:, order],
            forbid=[(m, int(place[s]), k, y) for m, s, k, y in sketch.forbid],
        )
        first, second = sketch.problem(), permuted.problem()
        one, two = solve(first, Options()), solve(second, Options())
        assert evaluate(first, one).cost_cny == pytest.approx(evaluate(second, two).cost_cny, abs=1e-5)
        short = (evaluate(first, one).shortfall / shortfall_scale(first)).sum()
        assert short == pytest.approx(
            (evaluate(second, two).shortfall / shortfall_scale(second)).sum(), abs=1e-5
        )


@pytest.mark.parametrize("method", ["pricing", "monolithic"])
def test_two_runs_are_identical(method: str) -> None:
    """Of a province and of toys: the same plan, prices and bound to the last digit."""
    problems = [province(60, "easy", years=2, distinct=40, divisible=0.05, projects=2)]
    problems += [toy_problem(seed, "mixed") for seed in range(6)]
    for problem in problems:
        options = Options(method, gap=2e-2)
        one, two = solve(problem, options), solve(problem, options)
        assert np.array_equal(one.source, two.source)
        assert np.array_equal(one.share, two.share)
        assert np.array_equal(one.state, two.state)
        assert np.array_equal(one.price, two.price, equal_nan=True)
        assert one.bound_cny == two.bound_cny
        assert (one.status, len(one.route)) == (two.status, len(two.route))


def test_price_is_nan_where_nothing_is_enforced() -> None:
    problem = toy_problem(2, "all")
    enforced = problem.enforced.copy()
    enforced[0] = False
    plan = solve(replace(problem, enforced=enforced), Options())
    assert np.isnan(plan.price[0])
    assert np.isfinite(plan.price[1:]).all()


def test_a_mandate_without_way_out_is_missed_until_there_is_one() -> None:
    """Only move on offer from the second year: state 0 in the first, missed, and left in the second."""
    sketch = random_sketch(1, "none", tightness=2.0)
    sketch.forbid = [(0, 0, 0, 0)]
    own = [m for m, (s, _, _) in enumerate(sketch.moves) if s == 0]
    sketch.capital[own, 0] = np.inf
    problem = sketch.problem()
    plan = solve(problem, Options())
    missed = verify(problem, plan).mandates
    assert [(m.mandate, m.source, m.year) for m in missed] == [(0, 0, 0)]
    assert plan.status == "infeasible"


def test_no_time_gives_a_plan_all_the_same() -> None:
    problem = province(400, "hard", years=3, divisible=0.05)
    plan = solve(problem, Options(gap=1e-6, time_limit=1e-3))
    assert verify(problem, plan).broken == ()
    assert plan.status in ("feasible", "infeasible")


def test_gap_of_a_province() -> None:
    """Prices, exchange and the certificate together."""
    problem = province(300, "easy", years=2, distinct=150, divisible=0.05)
    plan = solve(problem, Options(gap=1e-2))
    found = evaluate(problem, plan)
    assert plan.status == "optimal"
    assert 0 <= found.gap(plan.bound_cny) <= 1e-2
    assert (plan.price[np.isfinite(plan.price)] >= 0).all()


def test_unknown_method() -> None:
    with pytest.raises(ValueError, match="pricing, monolithic, greedy, myopic"):
        solve(toy_problem(0), Options(method="cheapest"))


def test_save_load_hash(tmp_path: Path) -> None:
    """A problem read back is the same problem; loosening any bound or dropping any limit is another."""
    problem = toy_problem(3)
    problem.save(tmp_path / "problem.npz")
    again = Problem.load(tmp_path / "problem.npz")
    assert again.sha256() == problem.sha256()
    assert (
        evaluate(again, solve(again, Options())).cost_cny
        == evaluate(problem, solve(problem, Options())).cost_cny
    )
    for limit in range(len(problem.limit)):
        looser = problem.bound.copy()
        looser[limit] -= 1e-9 * problem.sense[limit] * max(abs(looser[limit]), 1)
        assert with_bounds(problem, looser).sha256() != problem.sha256()
        dropped = problem.enforced.copy()
        dropped[limit] = False
        assert replace(problem, enforced=dropped).sha256() != problem.sha256()
