"""The problem of one group and level in the arrays that the optimiser reads; its one year is a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.base.words import STRENGTHS
from model.problem.problem import Problem
from model.scenario.scenario import Alert
from model.studies.emergency.day import POLLUTANTS, Floats
from model.studies.emergency.pieces import DayProblem, GroupDay, Piece, cut_of

REACH = 1e-6
"""Share of the day's emission by which a bound at the end of reach is loosened: more than the tolerances of
HiGHS, which else finds no plan.
"""

Choice = tuple[int, float]


@dataclass(frozen=True)
class Demand:
    """label: pollutant, or pollutants joined by + that trade. weight [P] makes a sum of kg a number that is
    judged: kg of one pollutant, or shares of the day of several. asked: cut in that number; least: the most
    that all orders together can cut.
    """

    label: str
    weight: Floats
    asked: float
    reach: float


def demands(
    day: GroupDay, alert: Alert, settled: Floats, free: list[tuple[Piece, list[Choice]]]
) -> list[Demand]:
    """What an alert asks of a group, [each pollutant, then those that trade].

    settled: what is cut already by pieces that no more is ordered of, [P], kg.
    """
    total = day.total
    found = []
    for name in alert.quantities:
        index = POLLUTANTS.index(name)
        weight = np.zeros(len(POLLUTANTS))
        weight[index] = 1.0
        asked = 0.0 if name in alert.together else alert.reduce * total[index]
        found.append(Demand(name, weight, asked, _reach(day, weight, settled, free)))
    if alert.together:
        with np.errstate(divide="ignore"):
            weight = np.where(total > 0, 1.0 / total, 0.0)
        weight *= [name in alert.together for name in POLLUTANTS]
        asked = alert.reduce * np.count_nonzero(weight)
        found.append(Demand("+".join(alert.together), weight, asked, _reach(day, weight, settled, free)))
    return found


def _reach(day: GroupDay, weight: Floats, settled: Floats, free: list[tuple[Piece, list[Choice]]]) -> float:
    """The most that can be cut in one demand if nothing else mattered."""
    best = sum(
        piece.share * max(float(weight @ day.cut(piece.member, *choice)) for choice in choices)
        for piece, choices in free
    )
    return float(weight @ settled) + best


def build_day_problem(
    name: str, day: GroupDay, free: list[tuple[Piece, list[Choice]]], rest: list[Piece], asked: list[Demand]
) -> DayProblem:
    """One source a piece, state 0 what is ordered of it already; every limit is on kg (or shares) emitted.

    A demand beyond reach binds at what can be reached. Cost is the value lost in a day over that of state 0.
    """
    row, taken, start = [], [], [0]
    cost, left = [], []
    for piece, choices in free:
        states = [(piece.row, piece.taken), *choices]
        before = day.lost(piece.member, piece.row, piece.taken)
        for state in states:
            row.append(state[0])
            taken.append(state[1])
            cost.append(piece.share * (day.lost(piece.member, *state) - before))
            left.append(piece.share * (day.emission[piece.member] - day.cut(piece.member, *state)))
        start.append(len(row))
    standing = sum((p.share * day.emission[p.member] for p in rest), np.zeros(len(POLLUTANTS)))
    constant = standing - cut_of(day, tuple(rest))
    divisible = [not day.orders.whole[choices[0][0]] for _, choices in free]
    problem = _problem(
        name,
        np.array(start),
        np.array(divisible, bool),
        np.array(cost),
        np.array(left),
        constant,
        day.total,
        asked,
    )
    return DayProblem(problem, tuple(p for p, _ in free), np.array(row, int), np.array(taken, float))


def _problem(
    name: str,
    start: np.ndarray,
    divisible: np.ndarray,
    cost: Floats,
    left: Floats,
    constant: Floats,
    total: Floats,
    asked: list[Demand],
) -> Problem:
    sources, states, kinds = len(start) - 1, len(cost), len(POLLUTANTS)
    first = np.repeat(start[:-1], np.diff(start))
    move_to = np.setdiff1d(np.arange(states), start[:-1])
    terms = [[(p, w) for p, w in enumerate(demand.weight) if w > 0] for demand in asked]
    flat = [term for part in terms for term in part]
    bound = [
        float(d.weight @ total) - min(d.asked, d.reach - REACH * float(d.weight @ total))
        if d.asked > 0
        else np.nan
        for d in asked
    ]
    return Problem(
        name=name,
        case="plan",
        years=np.array([1]),
        weight=np.ones(1),
        discount=np.ones(1),
        source=np.array([f"s{n}" for n in range(sources)], dtype=str),
        divisible=divisible,
        part_year=np.ones(sources),
        cell=np.zeros(sources, dtype=np.int64),
        state_start=start.astype(np.int64),
        state_label=np.array([f"k{n}" for n in range(states)], dtype=str),
        cost=cost[:, None],
        move_from=first[move_to],
        move_to=move_to,
        capital=np.zeros((len(move_to), 1)),
        charge=np.ones(1),
        quantity=np.array(POLLUTANTS),
        quantity_stock=np.zeros(kinds, dtype=bool),
        quantity_driver=np.zeros(kinds, dtype=np.int64),
        driver=np.ones((1, sources, 1)),
        state_factor_ptr=np.arange(kinds + 1) * states,
        state_factor_idx=np.tile(np.arange(states), kinds),
        state_factor_val=left.T.ravel(),
        move_factor_ptr=np.zeros(kinds + 1, dtype=np.int64),
        move_factor_idx=np.zeros(0, dtype=np.int64),
        move_factor_val=np.zeros(0),
        limit=np.array([demand.label for demand in asked], dtype=str),
        sense=-np.ones(len(asked), dtype=np.int64),
        bound=np.array(bound),
        exogenous=np.array([float(demand.weight @ constant) for demand in asked]),
        enforced=np.isfinite(bound),
        strength=np.full(len(asked), STRENGTHS.index("hard")),
        term_ptr=np.cumsum([0, *(len(part) for part in terms)]),
        term_quantity=np.array([p for p, _ in flat], dtype=np.int64),
        term_year=np.zeros(len(flat), dtype=np.int64),
        term_coef=np.array([w for _, w in flat], dtype=float),
        term_set=np.zeros(len(flat), dtype=np.int64),
        cell_set=np.ones((1, 1), dtype=bool),
        mandate=np.array([], dtype=str),
        forbid_mandate=np.zeros(0, dtype=np.int64),
        forbid_state=np.zeros(0, dtype=np.int64),
        forbid_from=np.zeros(0, dtype=np.int64),
    )
