"""Hand-made and random problems for the tests of solving and of the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.problem.problem import Problem


@dataclass(frozen=True)
class Options:
    """What solving needs of a scenario."""

    method: str = "pricing"
    gap: float = 1e-7
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0


def compressed(dense: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compressed rows of a dense matrix."""
    row, column = np.nonzero(dense)
    pointer = np.searchsorted(row, np.arange(len(dense) + 1))
    return pointer.astype(np.int64), column.astype(np.int64), dense[row, column].astype(float)


@dataclass
class Sketch:
    """A problem in dense arrays, easy to write by hand.

    states: number per source; moves: (source, from, to) local states; factor [Q, K], move_factor [Q, M];
    limits: dicts with sense, bound, terms [(quantity, year, coef, set)] and optionally exogenous, enforced,
    strength; forbid: (mandate, source, local state, first year index).
    """

    states: list[int]
    moves: list[tuple[int, int, int]]
    cost: np.ndarray
    capital: np.ndarray
    factor: np.ndarray
    move_factor: np.ndarray
    limits: list[dict[str, Any]]
    forbid: list[tuple[int, int, int, int]]
    sets: np.ndarray
    cell: list[int]
    divisible: list[bool]
    part_year: list[float]
    stock: list[bool]
    driver: np.ndarray | None = None
    years: int = 2
    rate: float = 0.05

    def problem(self) -> Problem:
        """The problem."""
        count, years = len(self.states), self.years
        start = np.concatenate([[0], np.cumsum(self.states)]).astype(np.int64)
        terms = [term for limit in self.limits for term in limit["terms"]]
        lengths = [len(limit["terms"]) for limit in self.limits]
        order = sorted(range(len(self.moves)), key=lambda m: self.moves[m][0])
        moves = [self.moves[m] for m in order]
        state_ptr, state_idx, state_val = compressed(self.factor)
        move_ptr, move_idx, move_val = compressed(np.asarray(self.move_factor)[:, order])
        quantities = len(self.factor)
        driver = np.ones((1, count, years)) if self.driver is None else self.driver
        mandates = max((row[0] for row in self.forbid), default=-1) + 1
        return Problem(
            name="toy",
            case="plan",
            years=np.arange(2018, 2018 + years),
            weight=np.ones(years),
            discount=(1 + self.rate) ** -np.arange(1.0, years + 1),
            source=np.array([f"s{s}" for s in range(count)]),
            divisible=np.array(self.divisible, dtype=bool),
            part_year=np.array(self.part_year, dtype=float),
            cell=np.array(self.cell, dtype=np.int64),
            state_start=start,
            state_label=np.array([f"s{s}.{k}" for s, n in enumerate(self.states) for k in range(n)]),
            cost=self.cost,
            move_from=np.array([start[s] + a for s, a, _ in moves], dtype=np.int64),
            move_to=np.array([start[s] + b for s, _, b in moves], dtype=np.int64),
            capital=np.array(self.capital)[order],
            charge=np.ones(years),
            quantity=np.array([f"q{q}" for q in range(quantities)]),
            quantity_stock=np.array(self.stock, dtype=bool),
            quantity_driver=np.zeros(quantities, dtype=np.int64),
            driver=driver,
            state_factor_ptr=state_ptr,
            state_factor_idx=state_idx,
            state_factor_val=state_val,
            move_factor_ptr=move_ptr,
            move_factor_idx=move_idx,
            move_factor_val=move_val,
            limit=np.array(
                [limit.get("name", f"L{i}") for i, limit in enumerate(self.limits)], dtype=np.str_
            ),
            sense=np.array([limit["sense"] for limit in self.limits], dtype=np.int64),
            bound=np.array([limit["bound"] for limit in self.limits], dtype=float),
            exogenous=np.array([limit.get("exogenous", 0.0) for limit in self.limits], dtype=float),
            enforced=np.array([limit.get("enforced", True) for limit in self.limits], dtype=bool),
            strength=np.array([limit.get("strength", 7) for limit in self.limits], dtype=np.int64),
            term_ptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            term_quantity=np.array([t[0] for t in terms], dtype=np.int64),
            term_year=np.array([t[1] for t in terms], dtype=np.int64),
            term_coef=np.array([t[2] for t in terms], dtype=float),
            term_set=np.array([t[3] for t in terms], dtype=np.int64),
            cell_set=np.array(self.sets, dtype=bool),
            mandate=np.array([f"M{a}" for a in range(mandates)], dtype=np.str_),
            forbid_mandate=np.array([row[0] for row in self.forbid], dtype=np.int64),
            forbid_state=np.array([start[row[1]] + row[2] for row in self.forbid], dtype=np.int64),
            forbid_from=np.array([row[3] for row in self.forbid], dtype=np.int64),
        )


def random_sketch(seed: int, divisible: str = "mixed", tightness: float | None = None) -> Sketch:
    """A small problem: 2-3 pollutants, a stock, moves counted, caps, shares, a project, mandates, equal
    sources.

    divisible: none, all or mixed. tightness: share of the frozen emission that the caps leave (random if
    None).
    """
    rng = np.random.default_rng(seed)
    years = int(rng.integers(2, 4))
    kinds = int(rng.integers(1, 3))
    count = int(rng.integers(2, 5)) if years == 2 else int(rng.integers(2, 4))
    sizes = [int(rng.integers(2, 4)) for _ in range(kinds)]
    kind = [int(rng.integers(0, kinds)) for _ in range(count)]
    pollutants = int(rng.integers(2, 4))
    patterns = []
    for size in sizes:
        pairs = [(a, b) for a in range(size) for b in range(a + 1, size) if a == 0 or rng.random() < 0.7]
        remain = np.vstack([np.ones(pollutants), rng.uniform(0.05, 0.7, (size - 1, pollutants))])
        patterns.append(
            (
                pairs,
                remain,
                rng.uniform(-0.5, 2, size) * (np.arange(size) > 0),
                rng.uniform(0.2, 5, len(pairs)),
            )
        )
    states = [sizes[k] for k in kind] + [2]  # the last is a project: not built, built
    scale = [float(rng.choice([1.0, 2.0, rng.uniform(0.5, 3)])) for _ in kind]
    total, moves = sum(states), []
    factor = np.zeros((pollutants + 3, total))  # pollutants, gas, supply, stock of cleaned capacity
    cost, capital, at = np.zeros((total, years)), [], 0
    for s, k in enumerate(kind):
        pairs, remain, running, spent = patterns[k]
        for state in range(sizes[k]):
            factor[:pollutants, at] = 10 * remain[state] * scale[s]
            factor[pollutants, at] = scale[s] * (state == sizes[k] - 1)
            factor[pollutants + 2, at] = scale[s] * (state > 0)
            cost[at] = running[state] * scale[s] * (1 + 0.1 * np.arange(years))
            at += 1
        for (a, b), price in zip(pairs, spent, strict=True):
            moves.append((s, a, b))
            capital.append(price * scale[s] * np.arange(years, 0, -1))
    factor[pollutants + 1, at + 1] = 2.0
    moves.append((count, 0, 1))
    capital.append(np.full(years, rng.uniform(0.5, 3)))
    if rng.random() < 0.3:
        capital[0][0] = np.inf  # not on offer in the first year
    move_factor = np.zeros((pollutants + 4, len(moves)))
    move_factor[-1] = 1.0
    factor = np.vstack([factor, np.zeros(total)])
    frozen = np.array([10 * sum(scale)] * pollutants)
    driver = np.ones((1, count + 1, years))
    driver[0, :count] = rng.uniform(0.9, 1.2, years)
    sets = np.zeros((4, count + 1), dtype=bool)
    sets[0] = True
    sets[1, : max(count // 2, 1)] = True
    sets[2, :count] = True
    sets[3, count] = True
    limits = _random_limits(rng, years, pollutants, frozen, sum(scale), tightness)
    forbid = [(0, 0, 0, int(rng.integers(0, years)))] if rng.random() < 0.4 else []
    if rng.random() < 0.2:
        forbid += [(1, 1, state, 1) for state in range(1, states[1])]
    mixed = [bool(rng.random() < 0.5) for _ in kind]
    chosen = {"none": [False] * count, "all": [True] * count, "mixed": mixed}[divisible]
    return Sketch(
        states, moves, cost, np.array(capital), factor, move_factor, limits, forbid, sets,
        list(range(count + 1)), [*chosen, divisible == "all"],
        [float(rng.choice([0.4, 0.5, 1.0]))] * (count + 1),
        [False] * (pollutants + 2) + [True, False], driver, years,
    )  # fmt: skip


def _random_limits(
    rng: np.random.Generator,
    years: int,
    pollutants: int,
    frozen: np.ndarray,
    size: float,
    tightness: float | None,
) -> list[dict[str, Any]]:
    """Caps of each pollutant, a group cap, gas against supply, a share, a build rate, a stock."""
    gas, supply, stock, built = pollutants, pollutants + 1, pollutants + 2, pollutants + 3
    left = rng.uniform(0.45, 1.0) if tightness is None else tightness
    strength = [int(v) for v in rng.choice([0, 4, 7], 8)]
    limits: list[dict[str, Any]] = [
        {
            "sense": -1,
            "bound": float(left * frozen[p] * rng.uniform(1, 1.3)),
            "terms": [(p, years - 1, 1.0, 0)],
        }
        for p in range(pollutants)
    ]
    limits.append({"sense": -1, "bound": float(frozen[0] * 0.9), "terms": [(0, years - 1, 1.0, 1)]})
    limits.append(
        {
            "sense": -1,
            "bound": 0.0,
            "exogenous": -0.3 * size,
            "terms": [(gas, years - 1, 1.0, 2), (supply, years - 1, -1.0, 3)],
        }
    )
    if rng.random() < 0.5:  # share of cleaned capacity in frozen size, at least
        limits.append({"sense": 1, "bound": float(0.3 * size), "terms": [(stock, years - 1, 1.0, 2)]})
    if rng.random() < 0.5:  # share row N - p D >= 0: cleaned pollutant 1 over pollutant 0
        limits.append({"sense": -1, "bound": 0.0, "terms": [(1, years - 1, 1.0, 2), (0, years - 1, -1.1, 2)]})
    limits.append({"sense": -1, "bound": 2.0, "terms": [(built, 0, 1.0, 2)]})
    for limit, level in zip(limits, strength, strict=False):
        limit["strength"] = level
    return limits


def toy_problem(seed: int, divisible: str = "mixed", tightness: float | None = None) -> Problem:
    """The problem of a random sketch."""
    return random_sketch(seed, divisible, tightness).problem()


def with_bounds(problem: Problem, bound: np.ndarray) -> Problem:
    """The same problem with other bounds."""
    return replace(problem, bound=bound)
