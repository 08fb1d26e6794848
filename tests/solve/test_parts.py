"""The parts of solving, each by an independent route: sampling, contraction, master LP, cores, pruning."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.province import province
from model.plan import evaluate, whole_plan
from model.problem.problem import Problem
from model.problem.sample import sample
from model.solve.columns import Pool, make_pool
from model.solve.contract import contract
from model.solve.core import _flow, decide, make_core
from model.solve.flat import make_walk
from model.solve.formulation import build_model, cost_scale
from model.solve.highs import Settings, compile_model, solve_lp
from model.solve.master import solve_master
from model.solve.merge import build_network
from model.solve.price import RARE, price_limits, sampled, usual_prices
from model.solve.rows import imposed
from model.solve.worth import worth
from tests.solve import brute
from tests.solve.kinds import KINDS, plain
from tests.solve.toys import toy_problem

SETTINGS = Settings(1, 0, np.inf)


def enumerated_pool(problem: Problem, base: np.ndarray) -> Pool:
    """Every pathway of every source but those of the base, as columns."""
    source, state = [], []
    for s in range(len(problem.source)):
        for path in np.array(brute.pathways(problem, s)) - problem.state_start[s]:
            if (path != base[s]).any():
                source.append(s)
                state.append(path)
    shape = (-1, len(problem.years))
    states = np.array(state, dtype=np.int16).reshape(shape)
    rows = imposed(problem)
    return make_pool(partial(worth, problem, rows), rows, base, np.array(source, dtype=np.int64), states)


@pytest.mark.parametrize("seed", range(12))
def test_master_against_linprog(seed: int) -> None:
    """Promise of the LP in a box by scipy, and by weak duality at the prices that it returns."""
    problem, rng = toy_problem(seed, "mixed"), np.random.default_rng(seed)
    rows = imposed(problem)
    base = make_walk(problem, rows).best(np.zeros(len(rows.row)))
    pool, room = enumerated_pool(problem, base.state), (rows.bound - base.use) * rows.sign
    weight = rng.integers(1, 4, len(problem.source)).astype(float)
    scale = rng.uniform(0.1, 10, len(room))
    low = np.where(rng.random(len(room)) < 0.5, 0.0, rng.uniform(0, 0.2, len(room)))
    high = low + rng.uniform(0.05, 5, len(room))
    step = solve_master(pool, weight, base.cost, room, (low, high), scale, SETTINGS)
    assert step is not None
    times = weight[pool.source]
    eye = np.eye(len(room))
    owners = np.unique(pool.source)
    once = (pool.source == owners[:, None]).astype(float)
    found = linprog(
        np.concatenate([pool.cost * times, high, -low]),
        np.hstack([once, np.zeros((len(once), 2 * len(room)))]),
        np.ones(len(once)),
        np.hstack([(pool.use.toarray() * times[:, None]).T, -eye, eye]),
        room,
        method="highs",
    )
    assert found.status == 0
    size = 1 + float(np.abs(pool.cost * times).sum())
    assert step.promised == pytest.approx(base.cost + found.fun, abs=1e-6 * size)
    assert (step.price >= low - 1e-12).all()
    assert (step.price <= high + 1e-12).all()
    reduced = pool.reduced(step.price)
    least = [min(float(reduced[pool.source == s].min()), 0.0) * weight[s] for s in owners]
    dual = base.cost + sum(least) - float(step.price @ room)
    assert step.promised == pytest.approx(dual, abs=1e-6 * size)
    share = np.bincount(pool.source[step.mix.column], step.mix.share, len(problem.source))
    assert share.max(initial=0) <= 1 + 1e-7


def test_sampled_weights_add_up_by_kind() -> None:
    """As many sources as there are of every kind, and rare kinds whole."""
    problem = province(4000, years=1, divisible=0.03, projects=3)
    weight = sampled(problem, 600)
    kind = np.column_stack([problem.cell, np.diff(problem.state_start), problem.divisible])
    kinds, of = np.unique(kind, axis=0, return_inverse=True)
    number = np.bincount(of.ravel())
    assert np.bincount(of.ravel(), weight) == pytest.approx(number)
    rare = number[of.ravel()] <= RARE
    assert rare.sum() >= 3
    assert (weight[rare] == 1).all()
    assert len(kinds) > 20
    assert 600 <= np.count_nonzero(weight) <= 600 + RARE * len(kinds)
    assert np.array_equal(weight, sampled(problem, 600))


def test_usual_prices_by_hand() -> None:
    """Spending of single moves over what they help. Half of 8 and half of 6 are spent, discounted by 5 %;
    half of 4 and half of 2 abated: 14 / 6 / 1.05 CNY. What nothing helps has the usual price of the others.
    """
    terms = [{"sense": -1, "bound": 10.0, "terms": [(q, 0, 1.0, 0)]} for q in (0, 1)]
    problem = plain(
        [np.array([0.0, 8.0]), np.array([0.0, 6.0])],
        [np.array([[10.0, 6.0], [0.0, 1.0]]), np.array([[5.0, 3.0], [0.0, 0.0]])],
        1,
        [False, False],
        terms,
    )
    assert usual_prices(problem, imposed(problem)) == pytest.approx([14 / 6 / 1.05] * 2)


@pytest.mark.parametrize("seed", range(10))
def test_contraction_changes_no_flow(seed: int) -> None:
    """Each arc is in one chain; flows on chains cost and use what their arcs do; the optimum is the same."""
    problem = toy_problem(seed, "mixed")
    network = build_network(problem)
    small, parts = contract(network)
    assert np.asarray(parts.sum(axis=0)).ravel().tolist() == [1.0] * len(network.arcs.cost)
    assert len(small.arcs.cost) <= len(network.arcs.cost)
    for chain in range(len(small.arcs.cost)):
        own = parts.indices[parts.indptr[chain] : parts.indptr[chain + 1]]
        own = own[np.argsort(network.arcs.year[own])]
        assert np.array_equal(network.arcs.head[own[:-1]], network.arcs.tail[own[1:]])
        assert (network.block[own] == small.block[chain]).all()
    flow = np.random.default_rng(seed).random(len(small.arcs.cost))
    apart = parts.T @ flow
    assert small.arcs.cost @ flow == pytest.approx(network.arcs.cost @ apart)
    assert small.arcs.gross @ flow == pytest.approx(network.arcs.gross @ apart)
    assert small.arcs.use.T @ flow == pytest.approx(network.arcs.use.T @ apart)
    best = [solve_lp(compile_model(build_model(n)), SETTINGS).bound * cost_scale(n) for n in (network, small)]
    assert best[0] == pytest.approx(best[1], rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_a_sample_is_the_same_sources(seed: int) -> None:
    """Cost and use of every pathway of the sources that are kept."""
    problem = KINDS["weighted"](seed) if seed % 2 else toy_problem(seed, "mixed")
    sources = np.flatnonzero(np.random.default_rng(seed).random(len(problem.source)) < 0.6)
    sources = sources if len(sources) else np.array([len(problem.source) - 1])
    part = sample(problem, sources)
    assert part.source.tolist() == problem.source[sources].tolist()
    for new, old in enumerate(sources):
        shift = int(problem.state_start[old] - part.state_start[new])
        paths = brute.pathways(part, new)
        assert [tuple(k + shift for k in path) for path in paths] == brute.pathways(problem, int(old))
        for path in paths:
            cost, left = brute.worth(part, new, path)
            whole_cost, whole_left = brute.worth(problem, int(old), tuple(k + shift for k in path))
            assert cost == pytest.approx(whole_cost, rel=1e-12)
            assert left == pytest.approx(whole_left, rel=1e-12)


@pytest.mark.parametrize("kind", ["none", "mixed"])
def test_a_core_of_everything_is_the_whole_problem(kind: str) -> None:
    tested = 0
    for seed in range(14):
        problem = toy_problem(seed, kind)
        best = brute.best_mixed(problem)
        if np.isinf(best):
            continue
        rows = imposed(problem)
        walk, price = make_walk(problem, rows), np.zeros(len(rows.row))
        base, near = walk.best(price).state, walk.near(price, np.inf)
        decided = decide(make_core(walk, base, near.source, near.state), SETTINGS, 1e-9, -np.inf)
        assert decided.status == "optimal"
        assert decided.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
        tested += 1
    assert tested >= 8


def test_flow_of_a_start_costs_what_its_plan_does() -> None:
    """A core of some pathways, and any plan that keeps to them."""
    for seed in range(10):
        problem, rng = toy_problem(seed, "mixed"), np.random.default_rng(seed)
        rows = imposed(problem)
        walk = make_walk(problem, rows)
        base = walk.best(np.zeros(len(rows.row))).state
        chosen = [brute.pathways(problem, s) for s in range(len(problem.source))]
        picked = np.array([paths[rng.integers(len(paths))] for paths in chosen])
        local = (picked - problem.state_start[:-1, None]).astype(np.int16)
        among = np.flatnonzero(rng.random(len(local)) < 0.7)
        core = make_core(walk, base, among, local[among])
        state = base + problem.state_start[:-1, None]
        state[among] = picked[among]
        plan = whole_plan(problem, state)
        cost = core.constant + float(core.network.arcs.cost @ _flow(core, plan))
        assert cost == pytest.approx(evaluate(problem, plan).cost_cny, rel=1e-9, abs=1e-9)


def test_nothing_pruned_is_in_an_optimal_plan() -> None:
    """Nodes farther from their best than U - L are on no optimal plan of units: all plans are tried."""
    dropped = tested = 0
    for make in (toy_problem, KINDS["projects"], KINDS["weighted"], KINDS["identical"], KINDS["degenerate"]):
        for seed in range(20):
            problem = make(seed, "none") if make is toy_problem else make(seed)
            if problem.divisible.any() or np.isinf(brute.best_units(problem)):
                continue
            rows = imposed(problem)
            walk, priced = price_limits(problem, rows, SETTINGS, 1e-9)
            costs, lefts = brute.everything(problem)
            fine = (brute.missing(problem, lefts) <= 1e-9).all(axis=1)
            best = float(costs[fine].min())
            near = walk.near(priced.price, best - priced.bound)
            kept = {
                (s, y, int(k))
                for s, path in zip(near.source, near.state, strict=True)
                for y, k in enumerate(path)
            }
            cheapest = walk.best(priced.price).state
            kept |= {(s, y, int(k)) for s, path in enumerate(cheapest) for y, k in enumerate(path)}
            paths = [brute.pathways(problem, s) for s in range(len(problem.source))]
            nodes = {
                (s, y, k - int(problem.state_start[s]))
                for s, own in enumerate(paths)
                for path in own
                for y, k in enumerate(path)
            }
            choices = np.array(list(itertools.product(*(range(len(own)) for own in paths))))
            for choice in choices[fine & (costs <= best + 1e-9 * (1 + abs(best)))]:
                used = {
                    (s, y, k - int(problem.state_start[s]))
                    for s, at in enumerate(choice)
                    if len(paths[s]) > 1
                    for y, k in enumerate(paths[s][at])
                }
                assert used <= kept
            dropped += len(nodes - kept)
            tested += 1
    assert tested >= 30
    assert dropped >= 100
