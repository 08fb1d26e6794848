"""Limits as rows, shortest pathways under prices, and pathways as columns, against trying every pathway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from model.problem.problem import Problem
from model.solve.columns import make_pool
from model.solve.flat import FlatWalk, make_walk
from model.solve.paths import BlockWalk
from model.solve.rows import Rows, imposed
from model.solve.walk import Walk
from tests.solve import brute
from tests.solve.kinds import KINDS
from tests.solve.toys import toy_problem

PROBLEMS = [(toy_problem, seed) for seed in range(12)] + [
    (KINDS[kind], seed) for kind in ("mandated", "seldom", "weighted", "projects") for seed in range(4)
]


@dataclass(frozen=True)
class Enumerated:
    """Every pathway of one source: local states [P, Y], cost [P] and use of the rows [P, R]."""

    state: np.ndarray
    cost: np.ndarray
    use: np.ndarray

    def value(self, rows: Rows, price: np.ndarray) -> np.ndarray:
        """What each costs under prices."""
        return self.cost + self.use @ (price * rows.sign)


def enumerate_source(problem: Problem, rows: Rows, source: int) -> Enumerated:
    """By brute force."""
    paths = brute.pathways(problem, source)
    values = [brute.worth(problem, source, path) for path in paths]
    return Enumerated(
        np.array(paths) - problem.state_start[source],
        np.array([cost for cost, _ in values]),
        np.array([left[rows.row] for _, left in values]),
    )


def prices(rows: Rows, seed: int) -> list[np.ndarray]:
    """No prices, some, and many."""
    rng = np.random.default_rng(seed)
    drawn = rng.uniform(0, 2, (2, len(rows.row)))
    return [np.zeros(len(rows.row)), drawn[0] * (rng.random(len(rows.row)) < 0.4), drawn[1]]


@pytest.fixture(params=PROBLEMS, ids=lambda given: f"{given[0].__name__}-{given[1]}")
def case(request: pytest.FixtureRequest) -> tuple[Problem, Rows, list[Enumerated], list[np.ndarray]]:
    make, seed = request.param
    problem = make(seed)
    rows = imposed(problem)
    found = [enumerate_source(problem, rows, s) for s in range(len(problem.source))]
    return problem, rows, found, prices(rows, seed)


@pytest.fixture(params=[BlockWalk, FlatWalk])
def kind(request: pytest.FixtureRequest) -> Callable[[Problem, Rows], Walk]:
    """Either way to walk."""
    made: Callable[[Problem, Rows], Walk] = request.param
    return made


Kind = Callable[[Problem, Rows], Walk]
Case = tuple[Problem, Rows, list[Enumerated], list[np.ndarray]]


def test_rows_by_hand() -> None:
    """One limit is only reported; coefficients, cells, sign and exogenous parts of the others."""
    problem = toy_problem(0)
    enforced = problem.enforced.copy()
    enforced[1] = False
    problem = Problem(**{**vars(problem), "enforced": enforced})
    rows = imposed(problem)
    assert rows.row.tolist() == [i for i in range(len(enforced)) if i != 1]
    assert rows.sign.tolist() == [-float(problem.sense[i]) for i in rows.row]
    assert rows.bound == pytest.approx((problem.bound - problem.exogenous)[rows.row])
    rng = np.random.default_rng(1)
    shape = (len(rows.quantity), rows.years, problem.cell_set.shape[1])
    used, price = rng.random(shape), rng.random(len(rows.row))
    place = {int(q): position for position, q in enumerate(rows.quantity)}
    left, charged = np.zeros(len(rows.row)), np.zeros(shape)
    for r, i in enumerate(rows.row):
        for t in range(problem.term_ptr[i], problem.term_ptr[i + 1]):
            q, y, coef = place[int(problem.term_quantity[t])], problem.term_year[t], problem.term_coef[t]
            for cell in np.flatnonzero(problem.cell_set[problem.term_set[t]]):
                left[r] += coef * used[q, y, cell]
                charged[q, y, cell] += price[r] * rows.sign[r] * coef
    assert rows.left(used) == pytest.approx(left)
    assert rows.charges(price) == pytest.approx(charged)


def test_best(case: Case, kind: Kind) -> None:
    """Value of each source is the least over its pathways, the state has that value; sums by weight."""
    problem, rows, found, many = case
    weight = np.random.default_rng(0).integers(0, 4, len(problem.source)).astype(float)
    weight[0] = 2.0
    for price in many:
        best, some = kind(problem, rows).best(price), BlockWalk(problem, rows, weight).best(price)
        cost, use = np.zeros(2), np.zeros((2, len(rows.row)))
        for s, own in enumerate(found):
            value = own.value(rows, price)
            assert best.value[s] == pytest.approx(value.min(), rel=1e-9, abs=1e-9)
            at = np.flatnonzero((own.state == best.state[s]).all(axis=1))
            assert len(at) == 1
            assert value[at[0]] == pytest.approx(value.min(), rel=1e-9, abs=1e-9)
            for n, times in enumerate((1.0, weight[s])):
                cost[n] += times * own.cost[at[0]]
                use[n] += times * own.use[at[0]]
        assert [best.cost, some.cost] == pytest.approx(cost, rel=1e-9, abs=1e-9)
        assert np.array([best.use, some.use]) == pytest.approx(use, rel=1e-9, abs=1e-9)


def test_best_without_money(case: Case, kind: Kind) -> None:
    problem, rows, found, many = case
    best = kind(problem, rows).best(many[2], money=False)
    least = [(own.use @ (many[2] * rows.sign)).min() for own in found]
    assert best.value == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_near(case: Case, kind: Kind) -> None:
    """Each node within reach that is not on the cheapest pathway has the cheapest one through it; nothing
    farther comes.
    """
    problem, rows, found, many = case
    walk = kind(problem, rows)
    for price in many:
        cheapest = walk.best(price).state
        spread = np.concatenate([own.value(rows, price) - own.value(rows, price).min() for own in found])
        for reach in (0.0, float(np.median(spread)) + 1e-7, np.inf):
            near = walk.near(price, reach)
            for s, own in enumerate(found):
                if len(own.state) == 1 and not (near.source == s).any():
                    continue  # a source with one state is never asked
                excess = own.value(rows, price) - own.value(rows, price).min()
                mine = near.source == s
                assert len(np.unique(near.state[mine], axis=0)) == mine.sum()
                covered = {(y, int(k)) for y, k in enumerate(cheapest[s])}
                for state, given in zip(near.state[mine], near.excess[mine], strict=True):
                    at = np.flatnonzero((own.state == state).all(axis=1))[0]
                    assert given == pytest.approx(excess[at], rel=1e-9, abs=1e-8)
                    nodes = [(y, int(k)) for y, k in enumerate(state)]
                    covered |= {
                        (y, k) for y, k in nodes if excess[at] <= excess[own.state[:, y] == k].min() + 1e-8
                    }
                for y in range(own.state.shape[1]):
                    for k in np.unique(own.state[:, y]):
                        least = excess[own.state[:, y] == k].min()
                        if least <= reach - 1e-8 or np.isinf(reach):
                            assert (y, int(k)) in covered
                        elif least > reach + 1e-8:
                            assert (y, int(k)) not in covered


def test_near_among(case: Case, kind: Kind) -> None:
    problem, rows, _, many = case
    among = np.arange(len(problem.source)) % 2 == 0
    walk = kind(problem, rows)
    every, some = walk.near(many[1], np.inf), walk.near(many[1], np.inf, among)
    kept = among[every.source]
    assert np.array_equal(every.source[kept], some.source)
    assert np.array_equal(every.state[kept], some.state)


def test_second(case: Case, kind: Kind) -> None:
    """What any other pathway costs at least over the cheapest."""
    problem, rows, found, many = case
    walk = kind(problem, rows)
    for price in many:
        second = walk.second(price)
        for s, own in enumerate(found):
            value = np.sort(own.value(rows, price))
            expected = value[1] - value[0] if len(value) > 1 else np.inf
            assert second[s] == pytest.approx(expected, rel=1e-9, abs=1e-8)


def test_total_and_columns(case: Case, kind: Kind) -> None:
    """Pathways at random: their sum, each one's cost and use, and both over a base."""
    problem, rows, found, many = case
    rng = np.random.default_rng(5)
    base_at = [int(rng.integers(len(own.state))) for own in found]
    base = np.array([own.state[at] for own, at in zip(found, base_at, strict=True)], dtype=np.int16)
    walk = kind(problem, rows)
    cost, use = walk.total(base)
    assert cost == pytest.approx(sum(own.cost[at] for own, at in zip(found, base_at, strict=True)))
    summed = sum(own.use[at] for own, at in zip(found, base_at, strict=True))
    assert use == pytest.approx(summed, rel=1e-9, abs=1e-9)
    source = np.repeat(np.arange(len(found)), [len(own.state) for own in found])
    state = np.concatenate([own.state for own in found]).astype(np.int16)
    costs, uses = np.concatenate([own.cost for own in found]), np.concatenate([own.use for own in found])
    order = rng.permutation(len(source))
    got_cost, got_use = walk.worth(source[order], state[order])
    assert got_cost == pytest.approx(costs[order], rel=1e-9, abs=1e-9)
    assert got_use.toarray() == pytest.approx(uses[order], rel=1e-9, abs=1e-9)
    pool = make_pool(walk.worth, rows, base, source, state)
    over = np.array([own.cost[at] for own, at in zip(found, base_at, strict=True)])[source]
    base_use = np.array([own.use[at] for own, at in zip(found, base_at, strict=True)])[source]
    assert pool.cost == pytest.approx(costs - over, rel=1e-9, abs=1e-9)
    assert pool.use.toarray() == pytest.approx((uses - base_use) * rows.sign, rel=1e-9, abs=1e-9)
    reduced = np.concatenate([own.value(rows, many[2]) for own in found])
    base_value = np.array([own.value(rows, many[2])[at] for own, at in zip(found, base_at, strict=True)])
    assert pool.reduced(many[2]) == pytest.approx(reduced - base_value[source], rel=1e-9, abs=1e-8)


def test_ties_and_order_are_the_same(case: Case) -> None:
    """Both walks choose the same pathways, and name those near them in the order of sources."""
    problem, rows, _, many = case
    flat, block = FlatWalk(problem, rows), BlockWalk(problem, rows)
    for price in many:
        assert np.array_equal(flat.best(price).state, block.best(price).state)
        ours, theirs = flat.near(price, np.inf), block.near(price, np.inf)
        assert (np.diff(ours.source) >= 0).all()
        order = np.lexsort((*theirs.state.T[::-1], theirs.source))
        assert np.array_equal(ours.source, theirs.source[order])
        assert np.array_equal(ours.state, theirs.state[order])


def test_closed_states_are_left_out(case: Case, kind: Kind) -> None:
    """One state of one source closed at the end of a year: the cheapest of the pathways that are left."""
    problem, rows, found, many = case
    rng = np.random.default_rng(3)
    for s, own in enumerate(found):
        year = int(rng.integers(own.state.shape[1]))
        closed = np.arange(problem.state_start[s + 1] - problem.state_start[s]) == own.state[0, year]
        left = own.state[:, year] != own.state[0, year]
        if left.any():
            walk = kind(problem, rows)
            best = walk.closed(s, year, closed).best(many[1])
            assert best.value[s] == pytest.approx(own.value(rows, many[1])[left].min(), rel=1e-9, abs=1e-9)
            assert best.state[s, year] != own.state[0, year]
            assert np.array_equal(np.delete(best.state, s, 0), np.delete(walk.best(many[1]).state, s, 0))


def test_tables_are_made_where_they_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = toy_problem(0)
    rows = imposed(problem)
    assert isinstance(make_walk(problem, rows), FlatWalk)
    monkeypatch.setattr("model.solve.flat.MOST", 1)
    assert isinstance(make_walk(problem, rows), BlockWalk)
