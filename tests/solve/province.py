"""The synthetic province of design.md section 5: thousands of sources whose limits bind.

Sizes come from a ladder and the draws of a source from a small set, so that a share of the sources is equal
to others in its city, as it is in a real inventory of constructed boilers.
"""

from __future__ import annotations

import numpy as np

from model.problem.problem import Problem
from tests.solve.toys import compressed

CITIES = 12
LEVELS = {
    "easy": {"t": 0.35, "tc": 0.6, "h": 0.2, "g": 14.0, "r": 16.0},
    "tight": {"t": 0.6, "tc": 1.2, "h": 0.1, "g": 14.0, "r": 16.0},
    "hard": {"t": 0.5, "tc": 1.0, "h": 0.1, "g": 7.0, "r": 30.0},
}
STATES = 6
MOVES = [(a, b) for a in range(STATES) for b in range(a + 1, STATES) if not (a == 1 and b == 2)]


def province(
    sources: int, level: str, years: int = 3, distinct: int | None = None, seed: int = 1, scale: float = 1e6
) -> Problem:
    """`distinct`: how many sources differ (None: all), the others are equal to one of them. Cost in CNY.

    A twentieth of the sources is divisible.
    """
    rng, case = np.random.default_rng(seed), LEVELS[level]
    distinct = distinct or sources
    size = np.exp(rng.normal(2.5, 1, distinct))
    base = np.array([30.0, 20.0, 2.0]) * size[:, None] * np.exp(rng.normal(0, 0.3, (distinct, 3)))
    removal = np.array([[0, 0, 0], [0.95, 0, 0], [0, 0.6, 0], [0.95, 0.8, 0], [0.99, 0.5, 0.3], [1, 1, 1]])
    remain = 1 - removal[None] * rng.uniform(0.9, 1, (distinct, STATES, 3))
    price = [(0.7, 3.0), (0.6, 2.0), (0.7, 6.0), (1, case["g"]), (0.9, case["r"])]
    full = np.zeros((distinct, STATES))
    for k, (power, factor) in enumerate(price, start=1):
        full[:, k] = factor * size**power * np.exp(rng.normal(0, 0.25, distinct)) * scale / 10
    kind = np.concatenate([np.arange(distinct), rng.integers(0, distinct, sources - distinct)])
    city = rng.integers(0, CITIES, distinct)[kind]
    divisible = (rng.random(distinct) < 0.05)[kind]
    return _assemble(case, size[kind], base[kind], remain[kind], full[kind], city, divisible, years)


def _assemble(
    case: dict[str, float], size: np.ndarray, base: np.ndarray, remain: np.ndarray, full: np.ndarray,
    city: np.ndarray, divisible: np.ndarray, years: int,
) -> Problem:  # fmt: skip
    """The problem of the drawn sources."""
    count = len(size)
    states = count * STATES
    factor = np.zeros((4, states))
    factor[:3] = (base[:, None, :] * remain).reshape(states, 3).T
    factor[3].reshape(count, STATES)[:, 4] = size
    capital = np.zeros((count, len(MOVES)))
    for m, (a, b) in enumerate(MOVES):
        credit = np.where(full[:, a] > 0, (0.9 if b == 3 and a in (1, 2) else 0.3), 0.0)
        capital[:, m] = 0.55 * np.maximum(full[:, b] - credit * full[:, a], 0)
    left = np.arange(years, 0, -1)
    ptr, idx, val = compressed(factor)
    limits = _limits(case, size, base, city, years)
    terms = [t for limit in limits for t in limit[2]]
    first = np.arange(count) * STATES
    return Problem(
        name="province", case="plan", years=np.arange(2018, 2018 + years), weight=np.ones(years),
        discount=1.05 ** -np.arange(1.0, years + 1), source=np.array([f"s{s}" for s in range(count)]),
        divisible=divisible, part_year=np.full(count, 0.5), cell=city.astype(np.int64),
        state_start=np.arange(count + 1) * STATES, state_label=np.array([str(k) for k in range(states)]),
        cost=np.repeat((0.45 * full).reshape(states, 1), years, axis=1),
        move_from=np.concatenate([first + a for a, _ in MOVES]),
        move_to=np.concatenate([first + b for _, b in MOVES]),
        capital=capital.T.reshape(-1, 1) * left[None, :].astype(float),
        quantity=np.array(["SO2", "NOx", "VOCs", "gas"]), quantity_stock=np.zeros(4, dtype=bool),
        quantity_driver=np.zeros(4, dtype=np.int64), driver=np.ones((1, count, years)),
        state_factor_ptr=ptr, state_factor_idx=idx, state_factor_val=val,
        move_factor_ptr=np.zeros(5, dtype=np.int64), move_factor_idx=np.zeros(0, dtype=np.int64),
        move_factor_val=np.zeros(0),
        limit=np.array([limit[0] for limit in limits]), sense=np.full(len(limits), -1),
        bound=np.array([limit[1] for limit in limits]), exogenous=np.zeros(len(limits)),
        enforced=np.ones(len(limits), dtype=bool), strength=np.full(len(limits), 7),
        term_ptr=np.arange(len(limits) + 1), term_quantity=np.array([t[0] for t in terms]),
        term_year=np.array([t[1] for t in terms]), term_coef=np.ones(len(terms)),
        term_set=np.array([t[2] for t in terms]),
        cell_set=np.vstack([np.ones(CITIES, dtype=bool), np.eye(CITIES, dtype=bool)]),
        mandate=np.array([], dtype=np.str_), forbid_mandate=np.zeros(0, dtype=np.int64),
        forbid_state=np.zeros(0, dtype=np.int64), forbid_from=np.zeros(0, dtype=np.int64),
    )  # fmt: skip


def _limits(
    case: dict[str, float], size: np.ndarray, base: np.ndarray, city: np.ndarray, years: int
) -> list[tuple[str, float, list[tuple[int, int, int]]]]:
    """(label, bound, [(quantity, year, set)]): province by year, city at the end, gas by city and year."""
    out = []
    for p, name in enumerate(("SO2", "NOx", "VOCs")):
        cut = case["t"] * (0.6 if name == "VOCs" else 1.0)
        for y in range(years):
            bound = float((1 - cut * (y + 1) / years) * base[:, p].sum())
            out.append((f"{name}/{2018 + y}", bound, [(p, y, 0)]))
        for c in range(CITIES):
            bound = float((1 - min(cut * case["tc"], 0.95)) * base[city == c, p].sum())
            out.append((f"{name}/{c}", bound, [(p, years - 1, c + 1)]))
    for c in range(CITIES):
        gas = float(case["h"] * 0.5 * size[city == c].sum())
        out += [(f"gas/{2018 + y}/{c}", gas, [(3, y, c + 1)]) for y in range(years)]
    return out
