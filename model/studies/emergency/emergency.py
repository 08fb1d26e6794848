"""Emergency lists: for every place and level of alert the cheapest orders that cut the day's emission by what
is asked.

Levels nest: what a level orders goes on at the next one, which is found at least cost given that, so that a
red alert never starts up again what an orange one stopped. Places share nothing, so each is solved by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from model.plan import TOLERANCE, Plan, evaluate
from model.scenario.scenario import Alert, SolverOptions
from model.solve.solve import solve
from model.studies.emergency.day_problem import Demand, build_day_problem, demands
from model.studies.emergency.groups import Group, make_groups
from model.studies.emergency.pieces import (
    LEAST_SHARE,
    DayProblem,
    GroupDay,
    Piece,
    cut_of,
    free_pieces,
    standing,
)
from model.studies.emergency.ready import Ready
from model.tables.read import Tables

DAY_SOLVER = SolverOptions(method="monolithic", gap=1e-4)
"""Places are small: the whole model goes to HiGHS."""

NATIONAL = {"yellow": 0.1, "orange": 0.2, "red": 0.3}
"""Shares of the day's emission that the national rules ask of the three levels."""

HEATING_MONTH = 1


@dataclass(frozen=True)
class Answered:
    """One demand in one place. kg where one pollutant is asked for; of several that trade, shares of the day
    added up. asked is 0 where the demand is only reported. reached is recomputed from the problem.
    """

    label: str
    day: float
    asked: float
    reached: float

    @property
    def short(self) -> float:
        """What is missing, 0 where nothing is."""
        missing = self.asked - self.reached
        return missing if missing > TOLERANCE * max(self.asked, 0.0) else 0.0


@dataclass(frozen=True)
class Listed:
    """The list of one alert in one place. lost: CNY of the day; gap: proven, share of what the level adds.

    top: no alert of its nest asks for more.
    """

    alert: Alert
    day: GroupDay
    pieces: tuple[Piece, ...]
    answers: tuple[Answered, ...]
    lost: float
    gap: float
    top: bool

    @property
    def group(self) -> Group:
        """The place."""
        return self.day.group


@dataclass(frozen=True)
class Lists:
    """The lists of a scenario: by alert, then place; and what they were made from."""

    listed: tuple[Listed, ...]
    ready: Ready


def national_alerts(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The three levels of the national rules by county, for the months of the scenario's first alert (January
    where it has none); levels that an alert of the scenario asks for by county already are left out.
    """
    alerts = tuple(alerts)
    months = alerts[0].months if alerts else (HEATING_MONTH,)
    there = {alert.level for alert in alerts if alert.each == "county" and alert.where is None}
    return tuple(
        Alert(
            id=f"NATIONAL-{level.upper()}",
            where=None,
            clauses=(),
            stated=True,
            strength=None,
            note=None,
            file="",
            line=None,
            level=level,
            reduce=share,
            quantities=("SO2", "NOx", "PM10", "VOCs"),
            each="county",
            months=months,
        )
        for level, share in NATIONAL.items()
        if level not in there
    )


def emergency_lists(ready: Ready, tables: Tables) -> Lists:
    """The lists of some alerts."""
    listed: dict[str, list[Listed]] = {alert.id: [] for alert in ready.alerts}
    for nest in nests(ready.alerts):
        the_day = ready.day(nest[0])
        for group in make_groups(the_day.sources, tables, nest[0]):
            day = GroupDay(group, the_day, ready.orders)
            pieces, lost = standing(day), 0.0
            for alert in nest:
                found = list_orders(alert, day, pieces, lost, alert is nest[-1])
                listed[alert.id].append(found)
                pieces, lost = found.pieces, found.lost
    return Lists(tuple(one for found in listed.values() for one in found), ready)


def nests(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Alerts that differ in level alone, each nest from the smallest cut to the largest."""
    found: dict[object, list[Alert]] = {}
    for alert in alerts:
        key = (alert.where, alert.each, alert.months, alert.quantities, alert.together)
        found.setdefault(key, []).append(alert)
    return [sorted(nest, key=lambda alert: alert.reduce) for nest in found.values()]


def list_orders(
    alert: Alert, day: GroupDay, below: tuple[Piece, ...], lost: float = 0.0, top: bool = True
) -> Listed:
    """The cheapest orders of one level in one place.

    below: what the level below orders. lost: CNY of the day that this costs.
    """
    free, rest = free_pieces(day, below, alert.level)
    asked = demands(day, alert, cut_of(day, tuple(rest)), free)
    built = build_day_problem(f"{alert.id}/{day.group.label}", day, free, rest, asked)
    if not free:
        reached = [float(demand.weight @ cut_of(day, tuple(rest))) for demand in asked]
        return Listed(alert, day, below, _answers(day, asked, reached), lost, 0.0, top)
    plan = solve(built.problem, DAY_SOLVER)
    judged = evaluate(built.problem, plan)
    totals = np.array([float(demand.weight @ day.total) for demand in asked])
    pieces = _split(built, plan, rest)
    gap = judged.gap(plan.bound_cny) if plan.status != "infeasible" else float("nan")
    answers = _answers(day, asked, (totals - judged.use).tolist())
    return Listed(alert, day, pieces, answers, lost + judged.cost_cny, gap, top)


def _answers(day: GroupDay, asked: Sequence[Demand], reached: Sequence[float]) -> tuple[Answered, ...]:
    totals = [float(demand.weight @ day.total) for demand in asked]
    return tuple(
        Answered(demand.label, total, demand.asked, got)
        for demand, total, got in zip(asked, totals, reached, strict=True)
    )


def _split(built: DayProblem, plan: Plan, rest: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces after a plan: a piece whose parts are under different orders becomes several."""
    shares = plan.shares(built.problem)[:, 0]
    pieces = list(rest)
    for source, piece in enumerate(built.piece):
        states = np.arange(*built.problem.state_start[source : source + 2])
        held = states[shares[states] > LEAST_SHARE]
        pieces += [
            Piece(piece.member, piece.share * float(shares[k]), int(built.row[k]), float(built.taken[k]))
            for k in held
        ]
    return tuple(sorted(pieces, key=lambda piece: (piece.member, piece.row, piece.taken)))
