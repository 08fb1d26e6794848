"""What the finish begins with: a relaxed optimum that meets its rows, and a core that holds it whole.

All begin at prices of nothing, so that the pathways to begin with are not those that the last prices find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.province import province
from model.plan import whole_plan
from model.problem.problem import Problem
from model.solve.core import make_core
from model.solve.finish import Finish
from model.solve.formulation import build_model, cost_scale
from model.solve.highs import Settings, compile_model, solve_lp
from model.solve.price import Priced, price_limits
from model.solve.rows import Rows, imposed
from model.solve.solve import discounted
from model.solve.walk import Walk
from model.solve.warm import Kept, warmed
from tests.solve.kinds import KINDS
from tests.solve.toys import toy_problem

EXACT = 1e-3
SETTINGS = Settings(1, 0, np.inf)


def problems() -> Iterator[Problem]:
    """Toys of every kind, and provinces in which every third source is divisible."""
    for seed in range(25):
        yield toy_problem(seed, "mixed")
    for kind in KINDS.values():
        for seed in range(6):
            yield kind(seed)
    for count in (300, 800):
        problem = province(count, "hard", years=2)
        yield replace(problem, divisible=np.arange(len(problem.source)) % 3 == 0)


def relaxed() -> Iterator[tuple[Rows, Walk, Priced]]:
    """Their relaxed optima, where they have one."""
    for problem in problems():
        rows, years = imposed(problem), len(problem.years)
        stay = whole_plan(problem, np.repeat(problem.state_start[:-1, None], years, axis=1))
        none, path = np.zeros(0, dtype=np.int64), np.zeros((0, years), dtype=np.int16)
        kept = Kept(np.zeros(0, dtype=np.str_), np.zeros(0), none, path, stay, problem.state_start)
        warm = warmed(problem, rows, discounted(problem), kept)
        walk, priced = price_limits(problem, rows, SETTINGS, EXACT, warm)
        if priced.status == "optimal":
            yield rows, walk, priced


def test_the_relaxed_optimum_meets_its_rows() -> None:
    tested = 0
    for rows, walk, priced in relaxed():
        used = walk.total(priced.base)[1] * rows.sign
        used += priced.pool.use[priced.mix.column].T @ priced.mix.share
        assert (used <= rows.bound * rows.sign + 1e-8 * np.abs(rows.bound) + 1e-9).all()
        tested += 1
    assert tested >= 70


def test_a_core_of_the_relaxed_optimum_has_its_cost() -> None:
    """By an independent route: the LP of the one formulation, which knows nothing of pathways."""
    tested = 0
    for _, walk, priced in relaxed():
        finish = Finish(walk, priced, SETTINGS, EXACT, ())
        core = make_core(walk, finish.state, *finish.mixed_pathways())
        if len(core.network.count) == 0:
            continue
        found = solve_lp(compile_model(build_model(core.network)), SETTINGS)
        assert found.status == "optimal"
        least = found.bound * cost_scale(core.network) + core.constant
        mixed = walk.total(priced.base)[0] + float(priced.pool.cost[priced.mix.column] @ priced.mix.share)
        assert least <= mixed + 1e-6 * abs(mixed)
        tested += 1
    assert tested >= 50
