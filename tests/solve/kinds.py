"""Small problems of kinds that solvers get wrong: degenerate, extreme, or decided by a few large things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from model.problem.problem import Problem
from tests.solve.toys import Sketch


def plain(
    cost: list[np.ndarray],
    left: list[np.ndarray],
    years: int,
    divisible: list[bool],
    limits: list[dict[str, Any]],
    capital: Callable[[int, int, int], np.ndarray] | None = None,
    forbid: list[tuple[int, int, int, int]] | None = None,
) -> Problem:
    """Sources with a yearly cost [states] and use [quantities, states] each; moves from every state to all
    later ones, free unless `capital` (source, from, to) gives their annuity by year. Cell s is source s
    alone; set 0 is all of them, set 1 + s is source s.
    """
    count, sizes = len(cost), [len(own) for own in cost]
    moves = [(s, a, b) for s, size in enumerate(sizes) for a in range(size) for b in range(a + 1, size)]
    spent = [np.zeros(years) if capital is None else capital(*move) for move in moves]
    return Sketch(
        states=sizes,
        moves=moves,
        cost=np.repeat(np.concatenate(cost)[:, None], years, axis=1),
        capital=np.array(spent).reshape(len(moves), years),
        factor=np.hstack(left),
        move_factor=np.zeros((len(left[0]), len(moves))),
        limits=limits,
        forbid=forbid or [],
        sets=np.vstack([np.ones(count), np.eye(count)]),
        cell=list(range(count)),
        divisible=divisible,
        part_year=[0.5] * count,
        stock=[False] * len(left[0]),
        years=years,
    ).problem()


def caps(left: list[np.ndarray], years: int, share: float) -> list[dict[str, Any]]:
    """Of each quantity at most a share of what state 0 uses, tighter by year, but no tighter than half a year
    of the way (the part-year rule) allows.
    """
    frozen, least = sum(own[:, 0] for own in left), sum(own.min(axis=1) for own in left)
    out = []
    for quantity in range(len(frozen)):
        for year in range(years):
            way = (share if len(frozen) == 1 else share / 2) * (year + 0.5) / years
            bound = frozen[quantity] - way * (frozen[quantity] - least[quantity])
            out.append({"sense": -1, "bound": float(bound), "terms": [(quantity, year, 1.0, 0)]})
    return out


def _drawn(
    rng: np.random.Generator, count: int, size: int, quantities: int = 1
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Cost and use of sources at random, the first state free and the dirtiest."""
    cost = [np.concatenate([[0.0], rng.uniform(0.5, 5, size - 1)]) for _ in range(count)]
    remain = [rng.uniform(0, 0.8, (quantities, size - 1)) for _ in cost]
    return cost, [rng.uniform(3, 12) * np.column_stack([np.ones(quantities), own]) for own in remain]


def degenerate(seed: int) -> Problem:
    """Equal costs and equal sources; every limit twice; what is wanted is a whole number of them."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    cost, left = [np.array([0.0, 4.0, 4.0])] * count, [np.array([[10.0, 5.0, 5.0], [10.0, 5.0, 0.0]])] * count
    wanted = 10.0 * count - 5.0 * np.array([rng.integers(0, count + 1), rng.integers(0, 2 * count + 1)])
    limits = [{"sense": -1, "bound": float(wanted[q]), "terms": [(q, 0, 0.5, 0)] * 2} for q in (0, 1, 0, 1)]
    for limit in limits:
        limit["bound"] = float(limit["bound"]) / 2 + 5.0 * count  # phi is a half in the first year
    return plain(cost, left, int(rng.integers(1, 3)), [bool(v) for v in rng.random(count) < 0.2], limits)


def single(seed: int) -> Problem:
    """One source, whole or divisible."""
    rng = np.random.default_rng(seed)
    cost, left = _drawn(rng, 1, 4, 2)
    years = int(rng.integers(1, 4))
    return plain(cost, left, years, [seed % 2 == 1], caps(left, years, rng.uniform(0.2, 0.9)))


def mandated(seed: int) -> Problem:
    """Every source has to leave state 0, some of them a second state too."""
    rng = np.random.default_rng(seed)
    count, years = int(rng.integers(2, 5)), 2
    cost, left = _drawn(rng, count, 3)
    forbid = [(s, s, 0, int(rng.integers(0, years))) for s in range(count)]
    forbid += [(s, s, 1, 1) for s in range(count) if rng.random() < 0.4]
    mixed = [bool(v) for v in rng.random(count) < 0.3]
    return plain(cost, left, years, mixed, caps(left, years, rng.uniform(0.3, 0.9)), forbid=forbid)


def negative(seed: int) -> Problem:
    """Most changes pay for themselves, but the cheapest state is not the cleanest."""
    rng = np.random.default_rng(seed)
    count, years = int(rng.integers(2, 5)), 2
    cost, left = _drawn(rng, count, 3)
    cost = [np.concatenate([[0.0], -own[1:] if rng.random() < 0.7 else own[1:] - 2]) for own in cost]

    def capital(source: int, a: int, b: int) -> np.ndarray:
        return rng.uniform(-0.5, 3, years)

    mixed = [bool(v) for v in rng.random(count) < 0.3]
    return plain(cost, left, years, mixed, caps(left, years, rng.uniform(0.3, 0.9)), capital)


def projects(seed: int) -> Problem:
    """Cheap gas needs one of two large projects (a large fixed cost each); without gas all is dear."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 6))
    cost, left = [], []
    for _ in range(count):
        size = rng.uniform(2, 12)
        cost.append(size * np.array([0.0, 0.2, rng.uniform(2, 6)]))
        # emission and gas of three states: dirty, gas, power
        left.append(size * np.array([[1.0, 0.1, 0.1], [0.0, 1.0, 0.0]]))
    total = sum(float(own[0, 0]) for own in left)
    supply = total * np.array([rng.uniform(0.3, 0.6), rng.uniform(0.6, 1.0)])
    fixed = total * np.array([rng.uniform(0.5, 1.5), rng.uniform(1.0, 3.0)])
    for amount, price in zip(supply, fixed, strict=True):
        cost.append(np.array([0.0, price]))
        left.append(np.array([[0.0, 0.0], [0.0, -amount]]))
    limits: list[dict[str, Any]] = [
        {"sense": -1, "bound": rng.uniform(0.3, 0.8) * total, "terms": [(0, 1, 1.0, 0)]},
        {"sense": -1, "bound": 0.05 * total, "terms": [(1, 0, 1.0, 0)]},
        {"sense": -1, "bound": 0.05 * total, "terms": [(1, 1, 1.0, 0)]},
    ]
    return plain(cost, left, 2, [bool(v) for v in rng.random(count) < 0.2] + [False] * 2, limits)


def wide(seed: int) -> Problem:
    """Units with costs from 1 to 1e9 and emission from 1e-6 to 1e6 in one problem."""
    rng = np.random.default_rng(seed)
    count = 5
    tops, sizes = rng.permutation([0, 2, 4, 6.5, 9]), rng.permutation([-6.0, -2, 1, 4, 6])
    cost = [np.array([0.0, *np.sort(10.0 ** rng.uniform(max(top - 1, 0), top, 2))]) for top in tops]
    left = [10.0**size * np.array([[1.0, rng.uniform(0.3, 0.7), rng.uniform(0, 0.2)]]) for size in sizes]
    large = float(sum(own[0, 0] for own in left))
    limits: list[dict[str, Any]] = [
        {"sense": -1, "bound": large * rng.uniform(0.4, 0.9), "terms": [(0, 1, 1.0, 0)]},
    ]
    for source in range(count):  # every source has a limit of its own size too
        if rng.random() < 0.6:
            bound = float(left[source][0, 0]) * rng.uniform(0.7, 0.99)
            limits.append({"sense": -1, "bound": bound, "terms": [(0, 1, 1.0, 1 + source)]})
    return plain(cost, left, 2, [False] * count, limits)


def seldom(seed: int) -> Problem:
    """Moves on offer in some years alone."""
    rng = np.random.default_rng(seed)
    count, years = int(rng.integers(2, 4)), 3
    cost, left = _drawn(rng, count, 3)

    def capital(source: int, a: int, b: int) -> np.ndarray:
        return np.where(rng.random(years) < 0.45, np.inf, rng.uniform(0.2, 4, years))

    mixed = [bool(v) for v in rng.random(count) < 0.4]
    return plain(cost, left, years, mixed, caps(left, years, rng.uniform(0.2, 0.6)), capital)


def weighted(seed: int) -> Problem:
    """Decision years that stand for several years, capital charged to the horizon's end."""
    rng = np.random.default_rng(seed)
    count, years = int(rng.integers(2, 4)), 3
    cost, left = _drawn(rng, count, 3)

    def capital(source: int, a: int, b: int) -> np.ndarray:
        return rng.uniform(0.2, 4) * np.ones(years)

    mixed = [bool(v) for v in rng.random(count) < 0.4]
    problem = plain(cost, left, years, mixed, caps(left, years, rng.uniform(0.3, 0.8)), capital)
    weight = np.array([1.0, 3.0, 5.0])
    worth = problem.discount * weight
    return replace(problem, weight=weight, charge=np.cumsum(worth[::-1])[::-1] / worth)


def equality(seed: int) -> Problem:
    """A quantity has to be what it is told to be: two rows; some sources are divisible, so that it can."""
    rng = np.random.default_rng(seed)
    count, years = int(rng.integers(2, 5)), 2
    cost, left = _drawn(rng, count, 3, 2)
    limits = caps(left, years, rng.uniform(0.3, 0.8))
    exact = {**limits[-1], "bound": float(limits[-1]["bound"] * rng.uniform(0.97, 1.0))}
    limits += [exact, {**exact, "sense": 1}]
    return plain(cost, left, years, [True] + [bool(v) for v in rng.random(count - 1) < 0.5], limits)


def identical(seed: int) -> Problem:
    """Many units that nothing tells apart, and one or two of another kind."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 13))
    cost, left = _drawn(rng, 2, 2)
    cost, left = [cost[0]] * (count - 1) + [cost[1]], [left[0]] * (count - 1) + [left[1]]
    return plain(cost, left, 1, [False] * count, caps(left, 1, rng.uniform(0.3, 1.0)))


KINDS: dict[str, Callable[[int], Problem]] = {
    kind.__name__: kind
    for kind in (
        degenerate, single, mandated, negative, projects, wide, seldom, weighted, equality, identical
    )
}  # fmt: skip
