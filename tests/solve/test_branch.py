"""Branch and bound on the units that decide, against trying every combination and against the whole model."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import evaluate, verify, whole_plan
from model.problem.problem import Problem
from model.solve.branch import Cut, Node, Tree, rare_units, restrict
from model.solve.flat import make_walk
from model.solve.highs import Settings
from model.solve.price import price_limits
from model.solve.rows import imposed
from tests.solve.brute import best_units
from tests.solve.kinds import KINDS, plain
from tests.solve.toys import toy_problem

SETTINGS = Settings(1, 0, np.inf)


def units_alone(problem: Problem) -> Problem:
    """The problem with units alone."""
    return replace(problem, divisible=np.zeros_like(problem.divisible))


def tree_of(problem: Problem, wanted: float) -> Tree:
    """Its tree, from prices."""
    walk, priced = price_limits(problem, imposed(problem), SETTINGS, 1e-9)
    return Tree(walk, priced, SETTINGS, wanted)


def whole_states(node: Node) -> np.ndarray:
    """The pathways of a leaf, [S, Y]; every unit has to be whole."""
    mix, pool = node.priced.mix, node.priced.pool
    assert (np.minimum(mix.share, 1 - mix.share) < 1e-5).all()
    state = node.priced.base.copy()
    taken = mix.column[mix.share > 0.5]
    state[pool.source[taken]] = pool.state[taken]
    return state


def project() -> Problem:
    """Two units that gas cleans (10 each) and a pipeline of cost 30 that carries gas for both; power cleans
    at 45 each. One unit has to be clean: 45 without the pipeline, which prices alone halve: 10 + 15 = 25.
    Of whole ones the pipeline is the cheaper: 30 + 10.
    """
    cost = [np.array([0.0, 10.0, 45.0])] * 2 + [np.array([0.0, 30.0])]
    unit = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    left = [unit, unit, np.array([[0.0, 0.0], [0.0, -2.0]])]
    limits = [
        {"sense": -1, "bound": 1.0, "terms": [(0, 0, 1.0, 0)]},
        {"sense": -1, "bound": 0.0, "terms": [(1, 0, 1.0, 0)]},
    ]
    problem = plain(cost, left, 1, [False] * 3, limits)
    return replace(problem, part_year=np.ones(3))


def test_a_pipeline_is_built_or_not() -> None:
    """10 + 30 / 2 = 25 of relaxed cost, discounted by a year at 5 %; 10 + 30 when the pipeline is whole."""
    tree = tree_of(project(), 1e-4)
    assert tree.bound == pytest.approx(25 / 1.05, rel=1e-6)
    leaf = tree.leaf(np.inf)
    assert leaf is not None
    assert leaf.priced.bound == pytest.approx(40 / 1.05, rel=1e-6)
    assert tree.bound >= leaf.priced.bound - 1e-4
    assert tree.leaf(40 / 1.05) is None


@pytest.mark.parametrize("kind", ["projects", "degenerate", "single", "mandated", "seldom"])
@pytest.mark.parametrize("seed", range(3))
def test_the_best_leaf_is_the_best_of_all_combinations(kind: str, seed: int) -> None:
    """Where every unit decides, the tree alone finds the optimum."""
    problem = units_alone(KINDS[kind](seed))
    best = best_units(problem)
    tree = tree_of(problem, 1e-6 * max(abs(best), 1.0) if np.isfinite(best) else 1e-6)
    leaf = tree.leaf(np.inf)
    if np.isinf(best):
        assert leaf is None
        assert np.isposinf(tree.bound)
        return
    assert leaf is not None
    plan = whole_plan(problem, whole_states(leaf) + problem.state_start[:-1, None])
    assert verify(problem, plan).met
    assert evaluate(problem, plan).cost_cny == pytest.approx(best, rel=1e-5, abs=1e-6)
    assert min(tree.bound, leaf.priced.bound) <= best + 1e-6 * max(abs(best), 1.0)


@pytest.mark.parametrize("seed", range(12))
def test_toys_are_bounded_from_below_and_closely(seed: int) -> None:
    """Random toys of all features, units alone: the least leaf costs what the best combination does."""
    problem = toy_problem(seed, "none")
    best = best_units(problem)
    tree = tree_of(problem, 1e-5)
    leaf = tree.leaf(np.inf)
    if np.isinf(best):
        assert leaf is None
        return
    assert leaf is not None
    assert leaf.priced.bound == pytest.approx(best, abs=1e-4)
    tree.settle(leaf.priced.bound)
    assert best - 1e-4 <= tree.bound <= best + 1e-6


def fixed(problem: Problem, sources: list[int], first: tuple[int, ...]) -> Problem:
    """The problem with projects built in a year, by mandates and offers alone (the last index + 1: never)."""
    years = len(problem.years)
    state, since, capital = [], [], np.array(problem.capital)
    for source, year in zip(sources, first, strict=True):
        move = int(problem.move_start[source])
        capital[move, :year] = np.inf
        if year < years:
            state.append(int(problem.state_start[source]))
            since.append(year)
    return replace(
        problem,
        capital=capital,
        mandate=np.array(["built"]),
        forbid_mandate=np.zeros(len(state), dtype=np.int64),
        forbid_state=np.array(state, dtype=np.int64),
        forbid_from=np.array(since, dtype=np.int64),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_pipelines_of_a_province_are_chosen_as_by_trying_all(seed: int) -> None:
    """Two pipelines, each built in one of two years or never: nine relaxations solved apart say the same."""
    problem = province(150, "hard", years=2, projects=2, seed=seed)
    bounds = []
    for first in itertools.product(range(3), repeat=2):
        tried = fixed(problem, [150, 151], first)
        priced = price_limits(tried, imposed(tried), SETTINGS, 1e-7)[1]
        bounds.append(priced.bound if priced.status == "optimal" else np.inf)
    tree = tree_of(problem, 1e-5 * min(bounds))
    root = tree.bound
    leaf = tree.leaf(np.inf)
    assert leaf is not None
    assert leaf.priced.bound == pytest.approx(min(bounds), rel=1e-5)
    assert root - 1 <= tree.bound
    assert min(tree.bound, leaf.priced.bound) >= (1 - 1e-5) * min(bounds)


def test_a_cut_closes_what_it_says() -> None:
    """The unit is in the state in the year, or it is not, and all else is as it was."""
    problem = units_alone(KINDS["projects"](3))
    walk = make_walk(problem, imposed(problem))
    price = np.zeros(len(walk.rows.row))
    source = len(problem.source) - 1
    free = walk.best(price).state
    forced = restrict(walk, Cut(source, 1, 0, True)).best(price).state
    assert free[source].tolist() == [0, 0]
    assert forced[source].tolist() == [1, 1]
    assert np.array_equal(np.delete(forced, source, 0), np.delete(free, source, 0))
    never = restrict(walk, Cut(source, 1, 1, False)).near(price, np.inf)
    assert (never.state[never.source == source] == 0).all()
    assert walk.best(price).state[source].tolist() == [0, 0]


def test_units_with_others_like_them_do_not_decide() -> None:
    """Boilers of one city are many; a pipeline is alone in its cell."""
    problem = province(100, "hard", years=2, projects=2)
    walk = make_walk(problem, imposed(problem))
    assert rare_units(walk).tolist() == [100, 101]


def test_time_ends_the_tree_with_a_bound() -> None:
    """Without time left nothing is divided; the bound is still proven."""
    problem = project()
    walk, priced = price_limits(problem, imposed(problem), SETTINGS, 1e-9)
    tree = Tree(walk, priced, Settings(1, 0, time.monotonic() - 1), 1e-4)
    assert tree.leaf(np.inf) is None
    assert tree.bound == pytest.approx(priced.bound)
