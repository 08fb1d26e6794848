"""Every limit judged: bound, frozen, achieved, slack, price (limits.csv), and the chain links behind
percentages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.base.select import Condition, Selector
from model.base.words import QUANTITIES, STRENGTHS
from model.plan import TOLERANCE, Evaluation, shortfall_scale, use
from model.problem.problem import Bools, Floats, Problem
from model.results.case import Case
from model.results.results import ordered
from model.scenario.scenario import Limit, Scenario, ShareOf

PER_CENT = 100.0


def limit_frame(scenario: Scenario, frozen: Case, law: Case, plan: Case) -> pd.DataFrame:
    """One row a limit of the plan's problem: the columns of limits.csv, and those that other tables read.

    A share is in per cent, its slack in percentage points and its price in CNY per point; any other limit in
    the unit of its quantity. A limit `at_most: supply` shows use against supply. slack is the room left,
    negative where the limit is missed. status: reported without a bound, missed beyond 1e-6 of the limit's
    scale, binding within it or with a price, else slack.

    Further columns: entry, group, current_law (what that case achieves), reason (why a row can not be
    judged), start_value, base_year, cut, progress, unlinked (of chain-linked bounds, else nan).
    """
    problem = plan.problem
    labels = problem.limit.tolist()
    parts = pd.Series(problem.limit.astype(object)).str.split("/", n=2, expand=True).reindex(columns=range(3))
    entries = [scenario.limits[name] for name in parts[0]]
    ratio, scale = _shares(problem, entries)
    found = plan.found
    supply = _supply(plan)
    greatest = np.array([label in problem.notes["greatest"] for label in labels], dtype=bool)
    bound = (_bounds(problem) + supply) * scale
    achieved = _achieved(problem, plan) * scale
    links = [problem.notes["links"].get(label, {}) for label in labels]
    return pd.DataFrame(
        {
            "limit": labels,
            "clause": [clause_of(entry, int(year)) for entry, year in zip(entries, parts[1], strict=True)],
            "quantity": [entry.quantity for entry in entries],
            "where": [selector_text(entry.where) for entry in entries],
            "year": parts[1].astype(int),
            "op": [entry.op or "" for entry in entries],
            "bound": bound,
            "frozen": _achieved(problem, frozen) * scale,
            "current_law": _achieved(problem, law) * scale,
            "achieved": achieved,
            "unit": [unit_of(entry, problem.notes["units"]) for entry in entries],
            "slack": np.where(ratio | greatest, problem.sense * (achieved - bound), found.slack),
            "price": limit_prices(scenario, plan),
            "status": _status(problem, plan, found),
            "strength": [STRENGTHS[index] for index in problem.strength],
            "entry": parts[0],
            "group": parts[2].where(parts[2].notna(), "").astype(object),
            "reason": [problem.notes["not_imposed"].get(label, "") for label in labels],
            **{
                name: np.array([link.get(name, np.nan) for link in links], dtype=float) * by
                for name, by in (
                    ("start_value", scale),
                    ("base_year", 1.0),
                    ("progress", 1.0),
                    ("unlinked", scale),
                )
            },
            "cut": [1.0 - link.get("share", np.nan) for link in links],
        }
    )


def limit_prices(scenario: Scenario, case: Case) -> Floats:
    """Prices of a case's limits in the units of limits.csv, [I]; nan where none is imposed."""
    entries = [scenario.limits[label.partition("/")[0]] for label in case.problem.limit.tolist()]
    return case.plan.price / _per_unit(case, *_shares(case.problem, entries))


def _shares(problem: Problem, entries: Sequence[Limit]) -> tuple[Bools, Floats]:
    """Which limits are of a share, and what a share is shown times (per cent where it is a plain one), [I]
    each."""
    ratio = np.array([label in problem.notes["shares"] for label in problem.limit.tolist()], dtype=bool)
    plain = [entry.share_of is not None and _plain_share(entry) for entry in entries]
    return ratio, np.where(plain, PER_CENT, 1.0)


def _supply(case: Case) -> Floats:
    """What is supplied, for limits of use less supply; 0 for all others, [I].

    Standing supply is the exogenous part of such a row, optional projects are terms of it.
    """
    problem = case.problem
    out = np.zeros(len(problem.limit))
    known: dict[int, Floats] = {}
    for index, label in enumerate(problem.limit.tolist()):
        if not str(problem.notes["given"].get(label, "")).endswith("supply"):
            continue
        out[index] = -problem.exogenous[index]
        for term in range(problem.term_ptr[index], problem.term_ptr[index + 1]):
            quantity = int(problem.term_quantity[term])
            if str(problem.quantity[quantity]).startswith("supply."):
                if quantity not in known:
                    known[quantity] = use(problem, case.plan, quantity)
                used = known[quantity][:, problem.term_year[term]]
                chosen = problem.cell_set[problem.term_set[term]][problem.cell]
                out[index] -= problem.term_coef[term] * used[chosen].sum()
    return out


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


def unit_of(entry: Limit, units: Mapping[str, str]) -> str:
    """Unit of a limit's values: of the quantity, % for a share, N/D for a ratio of different quantities.

    units: entry -> unit, of quantities that are in the unit of a class and ratios of such.
    """
    unit = QUANTITIES[entry.quantity].unit
    if entry.share_of is None:
        return units.get(entry.id, unit)
    if not isinstance(entry.share_of, ShareOf) or _plain_share(entry):
        return "%"
    over = QUANTITIES[entry.share_of.quantity].unit
    return units.get(entry.id, f"{unit.removesuffix('/yr')}/{over.removesuffix('/yr')}")


def _bounds(problem: Problem) -> Floats:
    """Bounds in the words of the scenario: p for a share N / D >= p, whose row has the bound 0, as has that
    of a greatest value.
    """
    written = {**problem.notes["shares"], **problem.notes["greatest"]}
    rows = zip(problem.limit.tolist(), problem.bound.tolist(), strict=True)
    return np.array([written[label]["bound"] if label in written else bound for label, bound in rows])


def _per_unit(plan: Case, ratio: Bools, scale: Floats) -> Floats:
    """What the price of a row is divided by to be that of a limit's own unit, [I].

    1 but for a share, whose row N - p D moves by D / scale when p moves by one unit.
    """
    problem = plan.problem
    out = np.ones(len(ratio))
    # Of a greatest value there is no price: its row would loosen the bound of each source by itself.
    out[[label in problem.notes["greatest"] for label in problem.limit.tolist()]] = np.nan
    for index in np.flatnonzero(ratio & (plan.plan.price > 0)):
        note = problem.notes["shares"][str(problem.limit[index])]
        whole = float(note["denominator_exogenous"])
        for quantity, year, coef, chosen in note["denominator"]:
            used = use(problem, plan.plan, quantity)[:, year]
            whole += coef * used[problem.cell_set[chosen][problem.cell]].sum()
        out[index] = scale[index] / whole if whole else np.nan
    return out


def _achieved(problem: Problem, case: Case) -> Floats:
    """What a case achieves on each limit of `problem`, by label; nan where it does not have the limit."""
    achieved = pd.Series(case.found.achieved + _supply(case), index=case.problem.limit.astype(object))
    for label, note in case.problem.notes["greatest"].items():
        achieved[label] = _greatest(case, note)
    return np.asarray(achieved.reindex(problem.limit.astype(object)), dtype=np.float64)


def _greatest(case: Case, note: Mapping[str, Any]) -> float:
    """The greatest value that a source in service has at the end of a year; 0 where there is none."""
    problem, plan = case.problem, case.plan
    running = problem.driver[problem.quantity_driver[note["quantity"]], :, note["year"]] > 0
    inside = running & problem.cell_set[note["set"]][problem.cell]
    standing = inside[plan.source] & (plan.share > TOLERANCE)
    value = problem.state_factor(note["quantity"])[plan.state[:, note["year"]]]
    return float(value[standing].max(initial=0.0))


def _status(problem: Problem, plan: Case, found: Evaluation) -> list[str]:
    room = TOLERANCE * shortfall_scale(problem)
    out = np.full(len(room), "slack", dtype=object)
    out[(np.abs(found.slack) <= room) & problem.enforced & (found.use != 0)] = "binding"
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

    limits: as `limit_frame` gives them. unlinked: the bound that the base year's own inventory gives
    (`link: none`), nan where there is none.
    """
    linked = limits[limits["progress"].notna()]
    return ordered(
        linked.assign(start_year=scenario.start, base=linked["base_year"].astype(int).astype("str")), "links"
    )
