"""The synthetic province against what its description says."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from benchmarks.boilers import CASES, CITIES, draw, state_kinds, upgrades
from benchmarks.pipelines import draw_pipelines
from benchmarks.province import BLOCK, province
from model.plan import evaluate, use, verify, whole_plan
from model.problem.problem import Problem


def moved(problem: Problem, source: int, enter: int, year: int) -> np.ndarray:
    """States [S, Y] in which one source goes from state 0 to a state in a year and the others stay."""
    state = np.repeat(problem.state_start[:-1, None], len(problem.years), axis=1)
    state[source, year:] += enter
    return state


def test_limits() -> None:
    problem = province(300)
    names = problem.limit.tolist()
    assert len(names) == len(set(names)) == 126
    assert len(province(50, years=3).limit) == 3 * 3 + 3 * CITIES + 3 * CITIES
    assert sum(name.startswith("gas/") for name in names) == 72
    assert {name for name in names if name.startswith("NOx/") and name.count("/") == 1} == {
        f"NOx/{year}" for year in range(2018, 2024)
    }
    frozen = evaluate(problem, whole_plan(problem, moved(problem, 0, 0, 0))).use
    left = dict(zip(names, problem.bound / np.where(frozen > 0, frozen, 1), strict=True))
    assert left["SO2/2018"] == pytest.approx(1 - 0.35 / 6)
    assert left["SO2/2023"] == pytest.approx(1 - 0.35)
    assert left["VOCs/2020"] == pytest.approx(1 - 0.6 * 0.35 * 3 / 6)
    assert left["NOx/2023/4"] == pytest.approx(1 - 0.6 * 0.35)
    assert left["VOCs/2023/4"] == pytest.approx(1 - 0.6 * 0.6 * 0.35)


@pytest.mark.parametrize("case", CASES)
def test_gas_of_a_city(case: str) -> None:
    problem = province(200, case)
    drawn = draw(np.random.default_rng(1), 200, state_kinds(6, CASES[case]), 0.0)
    bound = dict(zip(problem.limit.tolist(), problem.bound, strict=True))
    share = {"easy": 0.2, "tight": 0.1, "hard": 0.1}[case]
    for city in range(CITIES):
        assert bound[f"gas/2019/{city}"] == pytest.approx(share * 0.5 * drawn.size[drawn.city == city].sum())


@pytest.mark.parametrize("case", CASES)
def test_closing_everything_meets_every_limit(case: str) -> None:
    problem = province(400, case)
    closed = np.repeat(problem.state_start[:-1, None] + 5, 6, axis=1)
    assert verify(problem, whole_plan(problem, closed)).met


def test_draws() -> None:
    """Medians, spreads and shares of a large draw are those of the description."""
    drawn = draw(np.random.default_rng(3), 40_000, state_kinds(6, CASES["hard"]), 0.05)
    assert np.median(drawn.size) == pytest.approx(np.exp(2.5), rel=0.03)
    assert np.log(drawn.size).std() == pytest.approx(1.0, rel=0.02)
    ratio = drawn.emission / drawn.size[:, None]
    assert np.median(ratio, axis=0) == pytest.approx(np.array([30.0, 20.0, 2.0]), rel=0.02)
    assert np.log(ratio).std(axis=0) == pytest.approx(np.full(3, 0.3), rel=0.03)
    assert np.bincount(drawn.city, minlength=CITIES) == pytest.approx(np.full(CITIES, 40_000 / 12), rel=0.1)
    assert drawn.divisible.mean() == pytest.approx(0.05, rel=0.1)
    removal = np.array([[0, 0, 0], [0.95, 0, 0], [0, 0.6, 0], [0.95, 0.8, 0], [0.99, 0.5, 0.3], [1, 1, 1]])
    least, most = 1 - removal, 1 - 0.9 * removal
    assert (drawn.remain >= least - 1e-12).all()
    assert (drawn.remain <= most + 1e-12).all()
    assert drawn.remain.mean(axis=0) == pytest.approx((least + most) / 2, abs=1e-3)
    assert (drawn.cost[:, 0] == 0).all()
    for state, (power, price) in enumerate([(0.7, 3), (0.6, 2), (0.7, 6), (1, 7), (0.9, 30)], start=1):
        unit = drawn.cost[:, state] / (drawn.size**power * 1e5)
        assert np.median(unit) == pytest.approx(price, rel=0.02)
        assert np.log(unit).std() == pytest.approx(0.25, rel=0.03)


def test_emission_and_cost_of_a_unit_by_hand() -> None:
    """Unit 7 gets fgd in the second year and both controls in the fourth."""
    problem = province(20, "tight")
    drawn = draw(np.random.default_rng(1), 20, state_kinds(6, CASES["tight"]), 0.0)
    state = moved(problem, 7, 1, 1)
    state[7, 3:] += 2
    plan = whole_plan(problem, state)
    emission, (_, fgd, _, both, *_) = drawn.emission[7, 0], drawn.remain[7, :, 0]
    half = (1 + fgd) / 2, (fgd + both) / 2
    share = np.array([1, half[0], fgd, half[1], both, both])
    assert use(problem, plan, 0)[7] == pytest.approx(emission * share)
    cost, found = drawn.cost[7], evaluate(problem, plan)
    running = 0.45 * np.array([0, cost[1] / 2, cost[1], (cost[1] + cost[3]) / 2, cost[3], cost[3]])
    assert found.running == pytest.approx(running)
    first, second = 0.55 * cost[1], 0.55 * (cost[3] - 0.9 * cost[1])
    paid = sum(1.05 ** -(y + 1) * (first * (y >= 1) + second * (y >= 3)) for y in range(6))
    assert found.cost_cny == pytest.approx(paid + 1.05 ** -np.arange(1.0, 7) @ running)


def test_moves_go_up_and_credit_what_was_spent() -> None:
    problem, kinds = province(30, "hard"), state_kinds(6, CASES["hard"])
    leave, enter, credit = upgrades(kinds)
    assert len(leave) == 15
    assert (leave < enter).all()
    kept = {(int(a), int(b)) for a, b, c in zip(leave, enter, credit, strict=True) if c == 0.9}
    assert kept == {(1, 3), (2, 3)}
    assert problem.move_start.tolist() == list(range(0, 30 * 15 + 1, 15))
    drawn = draw(np.random.default_rng(1), 30, kinds, 0.0)
    move = problem.find_moves(np.array([6 * 4 + 3]), np.array([6 * 4 + 4]))[0]
    expected = 0.55 * max(drawn.cost[4, 4] - 0.3 * drawn.cost[4, 3], 0.0)
    assert problem.capital[move] == pytest.approx(np.full(6, expected))


def test_seeds() -> None:
    assert province(50).sha256() == province(50).sha256()
    assert province(50).sha256() != province(50, seed=2).sha256()


def test_memory() -> None:
    """Arrays over years are views of one column, indices have 32 bits: below 580 bytes a source, so that a
    million sources and the interpreter stay below 650 MB.
    """
    problem = province(3 * BLOCK)
    assert problem.cost.strides[1] == problem.capital.strides[1] == 0
    assert problem.driver.strides == (0, 0, 0)
    assert problem.state_label.dtype == "<U1"
    for index in (problem.move_from, problem.move_to, problem.state_factor_idx, problem.state_start):
        assert index.dtype == np.int32
    held = 0
    for field in fields(problem):
        array = getattr(problem, field.name)
        if isinstance(array, np.ndarray):
            steps = zip(array.shape, array.strides, strict=True)
            held += array.itemsize * int(np.prod([size for size, step in steps if step]))
    assert held < 580 * len(problem.source)


def test_copies() -> None:
    problem = province(200, distinct=20)
    factor = problem.state_factor(0).reshape(200, 6)
    assert len(np.unique(factor, axis=0)) == len(np.unique(factor[:20], axis=0)) == 20
    pairs = np.unique(np.column_stack([problem.cell, factor[:, 0]]), axis=0)
    assert len(pairs) == 20


def test_other_numbers_of_states() -> None:
    names = {count: [kind.name for kind in state_kinds(count, CASES["easy"])] for count in (3, 4, 5, 6, 9)}
    assert names[3] == ["none", "both", "closed"]
    assert names[4] == ["none", "both", "gas", "closed"]
    assert names[5] == ["none", "fgd", "both", "gas", "closed"]
    assert names[9] == ["none", "fgd", "denox", "both", "both.1", "both.2", "gas", "gas.1", "closed"]
    for count in (3, 4, 5, 9):
        problem = province(40, states=count)
        assert len(problem.state_label) == 40 * count
        assert len(problem.move_from) == 40 * count * (count - 1) // 2
        assert verify(problem, whole_plan(problem, moved(problem, 0, count - 1, 2))).broken == ()
    with pytest.raises(ValueError, match="3 to 36"):
        province(10, states=2)


def test_pipelines_bring_gas() -> None:
    """A built pipeline widens the gas limit of its cities from the middle of its first year on, no other."""
    problem, without = province(60, "hard", projects=4), province(60, "hard")
    lines = draw_pipelines(np.random.default_rng([1, 4]), 4, CITIES)
    assert len(problem.source) == 64
    assert len(problem.limit) == 126
    city_size = {
        city: problem.state_factor(3)[4:360:6][problem.cell[:60] == city].sum() for city in range(CITIES)
    }
    found = evaluate(problem, whole_plan(problem, moved(problem, 60, 1, 2)))
    gas = {name: row for row, name in enumerate(problem.limit.tolist()) if name.startswith("gas/")}
    plain = dict(zip(without.limit.tolist(), without.bound, strict=True))
    for name, row in gas.items():
        _, year, city = name.split("/")
        part = {2018: 0, 2019: 0, 2020: 0.5}.get(int(year), 1.0)
        assert found.use[row] == pytest.approx(-part * lines.share[0, int(city)] * 0.5 * city_size[int(city)])
        assert problem.bound[row] == pytest.approx(0.25 * plain[name])
    supplied = sum(0.5 * lines.share[0, city] * size for city, size in city_size.items())
    assert found.charged[2] == pytest.approx(
        lines.capital[0] * supplied * 7.0 * 1e5 * (1 - 1.05**-4) / (1 - 1 / 1.05)
    )
