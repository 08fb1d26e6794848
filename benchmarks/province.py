"""The synthetic province: as many sources as wanted, and 126 limits that bind (docs/performance.md).

Boilers of 12 cities. Cost of a state is a yearly cost, 45 % running and 55 % the annuity of its capital: the
capital of a move is an annuity, charged from the move to the horizon's end, as for every move of a problem.
A million sources fit: arrays over years are views of one column, indices have 32 bits, and sources are
drawn and written in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.boilers import (
    CASES,
    CITIES,
    POLLUTANTS,
    UNIT,
    Case,
    Draws,
    Kind,
    draw,
    state_kinds,
    upgrades,
)
from benchmarks.pipelines import Pipelines, draw_pipelines
from model.problem.problem import Problem

RATE = 0.05
BLOCK = 1 << 15
"""Sources drawn at once."""


def _blocks(
    rng: np.random.Generator, sources: int, distinct: int | None, kinds: list[Kind], divisible: float
) -> Iterator[tuple[int, Draws]]:
    """Number of the first source of each block, and the block."""
    if distinct is not None:
        pool = draw(rng, distinct, kinds, divisible)
        kind = np.concatenate([np.arange(distinct), rng.integers(0, distinct, sources - distinct)])
    for first in range(0, sources, BLOCK):
        last = min(first + BLOCK, sources)
        if distinct is None:
            yield first, draw(rng, last - first, kinds, divisible)
        else:
            yield first, pool.take(kind[first:last])


class _Arrays:
    """The long arrays of a problem, written block by block."""

    def __init__(self, sources: int, kinds: list[Kind], lines: Pipelines) -> None:
        self.kinds = kinds
        self.leave, self.enter, self.credit = upgrades(kinds)
        self.gas = np.flatnonzero([kind.family == "gas" for kind in kinds])
        self.sources, self.lines = sources, len(lines.capital)
        own, moves = sources * len(kinds), sources * len(self.leave)
        self.states = own + 2 * self.lines
        self.city = np.zeros(sources + self.lines, dtype=np.int32)
        self.divisible = np.zeros(sources + self.lines, dtype=bool)
        self.cost = np.zeros(self.states)
        self.capital = np.zeros(moves + self.lines)
        self.move_from = np.zeros(moves + self.lines, dtype=np.int32)
        self.move_to = np.zeros(moves + self.lines, dtype=np.int32)
        parts = [own] * len(POLLUTANTS) + [sources * len(self.gas), self.lines]
        self.factor_ptr = np.concatenate([[0], np.cumsum(parts)])
        self.factor_idx = np.zeros(self.factor_ptr[-1], dtype=np.int32)
        self.factor_val = np.zeros(self.factor_ptr[-1])
        self.size_total = np.zeros(CITIES)
        self.emission_total = np.zeros((CITIES, len(POLLUTANTS)))
        self._project(lines, own, moves)

    def _project(self, lines: Pipelines, own: int, moves: int) -> None:
        """Each pipeline: not built, built; in a cell of its own."""
        number = np.arange(self.lines)
        self.city[self.sources :] = CITIES + number
        self.capital[moves:] = lines.capital
        self.move_from[moves:] = own + 2 * number
        self.move_to[moves:] = own + 2 * number + 1
        self.factor_idx[self.factor_ptr[-2] :] = own + 2 * number + 1
        self.factor_val[self.factor_ptr[-2] :] = 1.0

    def write(self, first: int, block: Draws) -> None:
        """Sources `first` and following."""
        count, kinds = len(block.size), len(self.kinds)
        own = slice(first, first + count)
        self.city[own], self.divisible[own] = block.city, block.divisible
        zero = np.arange(first, first + count, dtype=np.int32)[:, None] * np.int32(kinds)
        state = slice(first * kinds, (first + count) * kinds)
        self.cost[state] = (0.45 * block.cost).ravel()
        move = slice(first * len(self.leave), (first + count) * len(self.leave))
        self.move_from[move] = (zero + self.leave).ravel()
        self.move_to[move] = (zero + self.enter).ravel()
        spent = block.cost[:, self.enter] - self.credit * block.cost[:, self.leave]
        self.capital[move] = 0.55 * np.maximum(spent, 0.0).ravel()
        for pollutant in range(len(POLLUTANTS)):
            part = slice(self.factor_ptr[pollutant] + state.start, self.factor_ptr[pollutant] + state.stop)
            self.factor_idx[part] = np.arange(state.start, state.stop)
            self.factor_val[part] = (
                block.emission[:, pollutant, None] * block.remain[:, :, pollutant]
            ).ravel()
            self.emission_total[:, pollutant] += np.bincount(block.city, block.emission[:, pollutant], CITIES)
        gas = self.factor_ptr[len(POLLUTANTS)] + np.array([first, first + count]) * len(self.gas)
        self.factor_idx[gas[0] : gas[1]] = (zero + self.gas).ravel()
        self.factor_val[gas[0] : gas[1]] = np.repeat(block.size, len(self.gas))
        self.size_total += np.bincount(block.city, block.size, CITIES)


@dataclass(frozen=True)
class _Limit:
    """At most `bound` of a sum of (quantity, year, coefficient, set)."""

    label: str
    bound: float
    terms: list[tuple[int, int, float, int]]


def _limits(case: Case, arrays: _Arrays, lines: Pipelines, years: int) -> list[_Limit]:
    """Province by pollutant and year, city by pollutant in the last year, gas by city and year.

    Set 0 is the province, 1 + c city c, 1 + CITIES + j pipeline j.
    """
    out = []
    gas, supply = len(POLLUTANTS), len(POLLUTANTS) + 1
    for p, name in enumerate(POLLUTANTS):
        cut = case.cut * (0.6 if name == "VOCs" else 1.0)
        total = arrays.emission_total[:, p]
        for y in range(years):
            bound = float((1 - cut * (y + 1) / years) * total.sum())
            out.append(_Limit(f"{name}/{2018 + y}", bound, [(p, y, 1.0, 0)]))
        for c in range(CITIES):
            bound = float((1 - cut * case.city) * total[c])
            out.append(_Limit(f"{name}/{2017 + years}/{c}", bound, [(p, years - 1, 1.0, 1 + c)]))
    for c in range(CITIES):
        half = 0.5 * arrays.size_total[c]
        piped = [
            (supply, -lines.share[j, c] * half, 1 + CITIES + j) for j in np.flatnonzero(lines.share[:, c])
        ]
        for y in range(years):
            terms = [(gas, y, 1.0, 1 + c), *((q, y, float(coef), int(cells)) for q, coef, cells in piped)]
            out.append(_Limit(f"gas/{2018 + y}/{c}", float(case.gas * lines.left * half), terms))
    return out


def province(
    sources: int,
    case: str = "easy",
    *,
    years: int = 6,
    states: int = 6,
    seed: int = 1,
    distinct: int | None = None,
    divisible: float = 0.0,
    projects: int = 0,
) -> Problem:
    """The province with `sources` sources (CNY, t/yr; gas in t/h of boilers that burn it).

    states: see `state_kinds`. distinct: how many sources differ, the others being copies of them at random.
    divisible: share of sources that are so. projects: pipelines, see `draw_pipelines`; they are the last
    sources.
    """
    rng, level = np.random.default_rng(seed), CASES[case]
    kinds = state_kinds(states, level)
    lines = draw_pipelines(np.random.default_rng([seed, projects]), projects, CITIES)
    arrays = _Arrays(sources, kinds, lines)
    for first, block in _blocks(rng, sources, distinct, kinds, divisible):
        arrays.write(first, block)
    for j in range(projects):
        supplied = float(lines.share[j] @ arrays.size_total) / 2
        arrays.capital[len(arrays.capital) - projects + j] *= supplied * level.gas_price * UNIT
    return _assemble(arrays, _limits(level, arrays, lines, years), years, f"province_{case}")


def _assemble(arrays: _Arrays, limits: list[_Limit], years: int, name: str) -> Problem:
    """The problem of the arrays."""
    count, states = len(arrays.city), arrays.states
    kinds, own = len(arrays.kinds), arrays.sources * len(arrays.kinds)
    terms = [term for limit in limits for term in limit.terms]
    discount = (1 + RATE) ** -np.arange(1.0, years + 1)
    digits = np.array(list("0123456789abcdefghijklmnopqrstuvwxyz"))
    label = np.empty(states, dtype="U1")
    label[:own].reshape(-1, kinds)[:] = digits[:kinds]
    label[own:].reshape(-1, 2)[:] = digits[:2]
    start = np.arange(0, (count + 1) * kinds, kinds, dtype=np.int32)
    start[arrays.sources :] = own + 2 * np.arange(arrays.lines + 1)
    cells = CITIES + arrays.lines
    province_set = (np.arange(cells) < CITIES)[None, :]
    quantities = len(arrays.factor_ptr) - 1
    nothing = np.zeros(0, dtype=np.int64)
    return Problem(
        name=name,
        case="plan",
        years=np.arange(2018, 2018 + years),
        weight=np.ones(years),
        discount=discount,
        source=np.arange(count).astype(f"U{len(str(count - 1))}"),
        divisible=arrays.divisible,
        part_year=np.broadcast_to(0.5, count),
        cell=arrays.city,
        state_start=start,
        state_label=label,
        cost=np.broadcast_to(arrays.cost[:, None], (states, years)),
        move_from=arrays.move_from,
        move_to=arrays.move_to,
        capital=np.broadcast_to(arrays.capital[:, None], (len(arrays.capital), years)),
        charge=np.cumsum(discount[::-1])[::-1] / discount,
        quantity=np.array([*POLLUTANTS, "gas", "supply.gas"]),
        quantity_stock=np.zeros(quantities, dtype=bool),
        quantity_driver=np.zeros(quantities, dtype=np.int64),
        driver=np.broadcast_to(1.0, (1, count, years)),
        state_factor_ptr=arrays.factor_ptr,
        state_factor_idx=arrays.factor_idx,
        state_factor_val=arrays.factor_val,
        move_factor_ptr=np.zeros(quantities + 1, dtype=np.int64),
        move_factor_idx=nothing,
        move_factor_val=np.zeros(0),
        limit=np.array([limit.label for limit in limits]),
        sense=np.full(len(limits), -1),
        bound=np.array([limit.bound for limit in limits]),
        exogenous=np.zeros(len(limits)),
        enforced=np.ones(len(limits), dtype=bool),
        strength=np.full(len(limits), 7),
        term_ptr=np.cumsum([0, *(len(limit.terms) for limit in limits)]),
        term_quantity=np.array([term[0] for term in terms]),
        term_year=np.array([term[1] for term in terms]),
        term_coef=np.array([term[2] for term in terms]),
        term_set=np.array([term[3] for term in terms]),
        cell_set=np.vstack([province_set, np.eye(cells, dtype=bool)]),
        mandate=np.array([], dtype=np.str_),
        forbid_mandate=nothing,
        forbid_state=nothing,
        forbid_from=nothing,
    )
