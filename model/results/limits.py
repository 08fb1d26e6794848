"""Every limit judged: bound, frozen, achieved, slack, price (limits.csv), and the chain links behind
percentages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.base.select import Condition, Selector
from model.base.words import QUANTITIES, STRENGTHS
from model.plan import TOLERANCE, Evaluation, evaluate, shortfall_scale, use
from model.problem.problem import Floats, Problem
from model.results.case import Case
from model.results.results import COLUMNS, ordered
from model.scenario.scenario import Limit, Scenario, ShareOf

PER_CENT = 100.0


def limit_frame(scenario: Scenario, frozen: Case, law: Case, plan: Case) -> pd.DataFrame:
    """One row a limit of the plan's problem, the columns of limits.csv and `entry`, `group`, `current_law`,
    `enforced`.

    A share is given in per cent, its slack in percentage points and its price in CNY per point; any other
    limit in the unit of its quantity. slack is the room left, negative where the limit is missed. status:
    reported without a bound, missed beyond 1e-6 of the limit's scale, binding within it, else slack.
    """
    problem = plan.problem
    found = evaluate(problem, plan.plan)
    parts = pd.Series(problem.limit.astype(object)).str.split("/", n=2, expand=True).reindex(columns=range(3))
    entries = [scenario.limits[name] for name in parts[0]]
    share = np.array([entry.share_of is not None and _plain_share(entry) for entry in entries], dtype=bool)
    ratio = np.array(
        [label in problem.notes.get("shares", {}) for label in problem.limit.tolist()], dtype=bool
    )
    scale = np.where(share, PER_CENT, 1.0)
    bound = _bounds(problem, ratio) * scale
    achieved = found.achieved * scale
    price = plan.plan.price / np.where(ratio, _per_unit(problem, plan, ratio, scale), 1.0)
    return pd.DataFrame(
        {
            "limit": problem.limit.astype(object),
            "clause": [clause_of(entry, int(year)) for entry, year in zip(entries, parts[1], strict=True)],
            "quantity": [entry.quantity for entry in entries],
            "where": [selector_text(entry.where) for entry in entries],
            "year": parts[1].astype(int),
            "op": [entry.op or "" for entry in entries],
            "bound": bound,
            "frozen": _of_case(problem, frozen) * scale,
            "current_law": _of_case(problem, law) * scale,
            "achieved": achieved,
            "unit": [unit_of(entry, problem.notes) for entry in entries],
            "slack": np.where(ratio, problem.sense * (achieved - bound), found.slack),
            "price": price,
            "status": _status(problem, plan, found),
            "strength": [STRENGTHS[index] for index in problem.strength],
            "entry": parts[0],
            "group": parts[2].fillna(""),
            "enforced": problem.enforced,
        }
    )


def clause_of(entry: Limit, year: int) -> str:
    """Clauses that the limit of one year answers, joined by +.

    Of several clauses whose ids end in a year (IM20-SO2-2018), those of the limit's year, if there are any.
    """
    of_year = [clause for clause in entry.clauses if clause.endswith(f"-{year}")]
    return "+".join(of_year or entry.clauses)


def _plain_share(entry: Limit) -> bool:
    """Whether a share is of one quantity in itself, or of one in another of the same unit: shown in per
    cent.
    """
    if not isinstance(entry.share_of, ShareOf):
        return True
    return QUANTITIES[entry.quantity].unit == QUANTITIES[entry.share_of.quantity].unit


def unit_of(entry: Limit, notes: Mapping[str, object]) -> str:
    """Unit of a limit's values: of the quantity, % for a share, N/D for a ratio of different quantities."""
    unit = QUANTITIES[entry.quantity].unit
    if entry.share_of is None:
        given = notes.get("units", {})
        return str(given.get(entry.id, unit)) if isinstance(given, Mapping) else unit
    if _plain_share(entry) or not isinstance(entry.share_of, ShareOf):
        return "%"
    over = QUANTITIES[entry.share_of.quantity].unit
    return f"{unit.removesuffix('/yr')}/{over.removesuffix('/yr')}"


def _bounds(problem: Problem, ratio: np.ndarray) -> Floats:
    """Bounds in the words of the scenario: p for a share N / D >= p, whose row has the bound 0."""
    shares = problem.notes.get("shares", {})
    return np.array(
        [
            float(shares[label].get("bound", np.nan)) if is_share else bound
            for label, is_share, bound in zip(
                problem.limit.tolist(), ratio, problem.bound.tolist(), strict=True
            )
        ]
    )


def _per_unit(problem: Problem, plan: Case, ratio: np.ndarray, scale: Floats) -> Floats:
    """What one unit of a share's bound changes in its row, as a factor on the price: 1 over (D / scale)."""
    out = np.ones(len(ratio))
    shares = problem.notes.get("shares", {})
    for index in np.flatnonzero(ratio & (plan.plan.price > 0)):
        note = shares[str(problem.limit[index])]
        whole = float(note["denominator_exogenous"])
        for quantity, year, coef, chosen in note["denominator"]:
            used = use(problem, plan.plan, quantity)[:, year]
            whole += coef * used[problem.cell_set[chosen][problem.cell]].sum()
        out[index] = scale[index] / whole if whole else np.nan
    return out


def _of_case(problem: Problem, case: Case) -> Floats:
    """What a case achieves on each limit of `problem`, by label; nan where it does not have the limit."""
    achieved = pd.Series(evaluate(case.problem, case.plan).achieved, index=case.problem.limit.astype(object))
    return achieved.reindex(problem.limit.astype(object)).to_numpy(dtype=np.float64)


def _status(problem: Problem, plan: Case, found: Evaluation) -> list[str]:
    room = TOLERANCE * shortfall_scale(problem)
    out = np.full(len(room), "slack", dtype=object)
    out[np.abs(found.slack) <= room] = "binding"
    out[plan.plan.price > 0] = "binding"
    out[found.slack < -room] = "missed"
    out[np.isnan(problem.bound)] = "reported"
    return [str(status) for status in out]


def selector_text(selector: Selector | None) -> str:
    """A selector in one line: conditions joined by `; `, alternatives by ` or `; empty for all sources."""
    if selector is None:
        return ""
    return " or ".join("; ".join(_condition_text(c) for c in group) for group in selector.alternatives)


def _condition_text(condition: Condition) -> str:
    if condition.bounds:
        return " ".join(f"{condition.attribute} {name} {bound:g}" for name, bound in condition.bounds)
    values = "|".join(str(value) for value in condition.values)
    return f"{condition.attribute}{' not ' if condition.negated else '='}{values}"


def link_frame(scenario: Scenario, limits: pd.DataFrame) -> pd.DataFrame:
    """One row per chain-linked target: bound = start value x (1 - cut) / (1 - progress) (design: section 5).

    limits: as `limit_frame` gives them, with `start_value`, the modelled value of the start year in the
    coverage of each limit.
    """
    rows = []
    for row in limits.to_dict("records"):
        entry = scenario.limits[row["entry"]]
        amount = entry.bound(row["year"])
        linked = entry.link == "chain" and entry.progress is not None
        if amount is None or amount.relation != "percent_of" or not linked:
            continue
        about: dict[Any, Any] = {"start_year": scenario.start, "base": amount.base}
        rows.append({**row, **about, "cut": 1.0 - amount.value, "progress": entry.progress})
    return ordered(pd.DataFrame(rows, columns=list(COLUMNS["links"])), "links")
