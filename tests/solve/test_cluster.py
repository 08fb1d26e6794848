"""Groups of narrow limits decided whole: what sources without a choice use up counts too."""

from __future__ import annotations

import numpy as np
import pytest

from model.plan import evaluate
from model.solve.solve import solve
from tests.solve.toys import Options, Sketch


@pytest.mark.parametrize("seed", range(8))
def test_sources_without_a_choice_use_up_narrow_limits(seed: int) -> None:
    """Units in two cities, each city with a cap, both under one; beside them plants that stay as they are."""
    rng = np.random.default_rng(seed)
    units, plants = 8, 2
    cost, abated = rng.uniform(1, 20, units), rng.uniform(1, 10, units)
    states = [2] * units + [1] * plants
    factor = np.concatenate([np.column_stack([np.full(units, 10.0), 10 - abated]).ravel(), [500.0, 800.0]])
    city = np.array([0, 1] * (units // 2) + [0, 1])
    frozen = [540.0, 840.0]
    need = [0.6 * abated[city[:units] == c].sum() for c in (0, 1)]
    limits = [{"sense": -1, "bound": frozen[c] - need[c], "terms": [(0, 0, 1.0, c)]} for c in (0, 1)]
    limits.append({"sense": -1, "bound": sum(frozen) - 1.15 * sum(need), "terms": [(0, 0, 1.0, 2)]})
    problem = Sketch(
        states=states,
        moves=[(source, 0, 1) for source in range(units)],
        cost=np.concatenate([np.column_stack([np.zeros(units), cost]).ravel(), np.zeros(plants)])[:, None],
        capital=np.zeros((units, 1)),
        factor=factor[None, :],
        move_factor=np.zeros((1, units)),
        limits=limits,
        forbid=[],
        sets=np.array([[True, False], [False, True], [True, True]]),
        cell=city.tolist(),
        divisible=[False] * (units + plants),
        part_year=[1.0] * (units + plants),
        stock=[False],
        years=1,
    ).problem()
    priced, whole = (solve(problem, Options(method)) for method in ("pricing", "monolithic"))
    best = evaluate(problem, whole).cost_cny
    assert evaluate(problem, priced).cost_cny == pytest.approx(best, rel=1e-6)
    assert priced.bound_cny <= best * (1 + 1e-6)
