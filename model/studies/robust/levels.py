"""The price of confidence: the least cost of meeting one limit with more and more certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from model.plan import Plan, evaluate
from model.scenario.scenario import FrozenMap, Scenario, SolverOptions
from model.solve.robust import Robust, Shown
from model.studies.robust.robust import FRESH, Uncertain, z_of

COLUMNS = [
    *("limit", "year", "confidence", "status", "attained", "attained_plain", "cost_cny", "bound_cny", "gap"),
    *("plain_cost_cny", "extra_cny", "mean", "sd", "quantile", "unit", "z", "draws"),
]
"""Of confidence_curve.csv: a row for each level and row of the limit."""


def with_level(scenario: Scenario, limit: str, level: float) -> Scenario:
    """The scenario with a confidence on one limit; others keep theirs."""
    limits = dict(scenario.limits)
    limits[limit] = replace(limits[limit], confidence=level)
    return replace(scenario, limits=FrozenMap(limits))


def level_curve(
    uncertain: Uncertain, limit: str, levels: Sequence[float], options: SolverOptions
) -> pd.DataFrame:
    """COLUMNS, from the least level to the greatest that a plan was found for, and one more if there is one.

    uncertain: of `with_level`. Each level begins from the plan and the tangents of the one before. A plan for
    more confidence serves for less too, so the cost never falls with the level. mean, sd, quantile: as in
    confidence.csv, on fresh draws.
    """
    label = uncertain.problem.limit
    moving = [str(label[s.limit]).partition("/")[0] == limit for s in uncertain.spreads]
    ground = uncertain.ground(options)
    plain = found = ground.plain(_levels(uncertain, moving, levels[0]))
    made: list[tuple[float, Robust]] = []
    for level in sorted(levels):
        found = ground.solve(_levels(uncertain, moving, level), found)
        made.append((level, found))
        if not found.met:
            break
    theta = uncertain.fresh()
    before = uncertain.shown(plain.plan, theta, FRESH)
    parts = [
        _rows(uncertain, moving, level, each, plain, before, theta)
        for level, each in zip([level for level, _ in made], carried([each for _, each in made]), strict=True)
    ]
    return pd.DataFrame([row for part in parts for row in part], columns=COLUMNS)


def _levels(uncertain: Uncertain, moving: Sequence[bool], level: float) -> list[float]:
    """The level of each row that is imposed: that of the curve, or its own."""
    every = zip(uncertain.levels, moving, uncertain.imposed, strict=True)
    return [level if moves else own for own, moves, held in every if held]


def carried(found: Sequence[Robust]) -> list[Robust]:
    """The cheapest plan known for each level, of those found for it or for more.

    One found for more has no bound but what is proven for the level itself.
    """
    out: list[Robust] = []
    best: Robust | None = None
    for each in reversed(found):
        if best is None or not best.met or each.cost_cny <= best.cost_cny:
            best = each
        bound = min(best.plan.bound_cny, each.plan.bound_cny)
        out.append(replace(best, plan=replace(best.plan, bound_cny=bound)))
    return out[::-1]


def _rows(
    uncertain: Uncertain,
    moving: Sequence[bool],
    level: float,
    found: Robust,
    plain: Robust,
    before: Sequence[Shown],
    theta: np.typing.NDArray[np.float64],
) -> list[dict[str, object]]:
    """The rows of one level."""
    problem = uncertain.problem
    asked = replace(
        uncertain,
        levels=tuple(level if moves else own for own, moves in zip(uncertain.levels, moving, strict=True)),
    )
    shown = asked.shown(found.plan, theta, FRESH)
    cost, bound, gap = _money(uncertain, found.plan)
    return [
        {
            "limit": str(problem.limit[spread.limit]),
            "year": int(problem.years[spread.year]),
            "confidence": level,
            "status": found.plan.status,
            "attained": now.attained,
            "attained_plain": then.attained,
            "cost_cny": cost,
            "bound_cny": bound,
            "gap": gap,
            "plain_cost_cny": plain.cost_cny,
            "extra_cny": cost - plain.cost_cny,
            "mean": now.moments.mean,
            "sd": now.moments.sd,
            "quantile": now.quantile,
            "unit": "t/yr",
            "z": z_of(now),
            "draws": FRESH,
        }
        for spread, moves, now, then in zip(uncertain.spreads, moving, shown, before, strict=True)
        if moves
    ]


def _money(uncertain: Uncertain, plan: Plan) -> tuple[float, float, float]:
    """Cost, proven bound (CNY) and gap of a plan."""
    found = evaluate(uncertain.problem, plan)
    return found.cost_cny, plan.bound_cny, found.gap(plan.bound_cny)
