"""The answer to a plan clause by clause: what each entry demanded, what was achieved, and what that is
worth.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.base.units import check_dimension, convert, known
from model.base.words import QUANTITIES
from model.plan import TOLERANCE, frozen_plan
from model.problem.problem import Bools, Floats, Problem
from model.results.answer import Answer
from model.results.assumed import Assumed, change_answer
from model.results.case import Case, share_in
from model.results.evidence import EVIDENCE, evidence_text, op_words, plain_number
from model.results.results import COLUMNS, ordered
from model.scenario.scenario import Alert, Limit, Mandate, Scenario
from model.tables.read import Tables

WORST = ("met_by_baseline", "met", "reported", "not_in_model", "missed")
"""From best to worst. What is only reported or not modelled is worse than met: nothing shows that it
holds.
"""

IN_UNIT = ("bound", "frozen", "current_law", "achieved", "slack")
"""Columns of judged limits that are in the unit of the limit."""

ROOM = 0.005
"""Share of its bound above which the slack of a limit is more than the size of a unit leaves."""

OF_THE_DAY = "% of the day's emission"
"""Unit in a register of what an alert is asked to cut."""

BASICALLY = 0.95
"""Share of a demand worded `basically` (基本) that counts as met."""

COUNTED = {"residential": "households", "nonroad": "machines", "road": "vehicles", "freight": "vehicles"}
"""What the stock of a source counts, by group of its class; other sources count one each."""


@dataclass(frozen=True)
class AlertFigure:
    """What the lists of an alert come to: per cent of the day's emission that is asked and reached, and of
    what, where least is reached; number of demands (a pollutant in a place) that are reached, of all.
    """

    level: str
    asked: float
    reached: float
    pollutant: str
    done: int
    places: int


class Cases:
    """The three cases of a run in the states of the plan's problem, and its limits, judged (`limit_frame`).

    share: case -> share of each state, [K, Y]. sources: those of the inventory, [S]; columns: their
    attributes, for selectors.
    """

    def __init__(
        self, tables: Tables, scenario: Scenario, frozen: Case, law: Case, plan: Case, limits: pd.DataFrame
    ) -> None:
        self.problem = plan.problem
        self.limits = limits
        self.assumed = Assumed(tables, scenario, frozen, plan)
        self.sources = plan.sources
        self.columns = plan.baseline.columns
        self.share = {
            "frozen": frozen_plan(plan.problem).shares(plan.problem),
            "current_law": share_in(plan.problem, law.problem, law.share),
            "plan": plan.share,
        }


def entry_frame(
    scenario: Scenario,
    register: pd.DataFrame,
    cases: Cases,
    alerts: Mapping[str, AlertFigure] | None = None,
) -> pd.DataFrame:
    """One row an entry and clause of the register, in the order of the register (columns of `entries`).

    alerts: what the emergency lists come to, by alert.
    """
    rows = []
    for row in register.to_dict("records"):
        found = list(_answers(row, scenario, cases, alerts or {}))
        for answer in found or [Answer("", "not_modelled", "not_in_model", "no_entry", {})]:
            values = json.dumps(answer.values, ensure_ascii=False, sort_keys=True)
            rows.append({**vars(answer), "clause": row["clause"], "values": values})
    columns = ["clause", "entry", "treatment", "demanded", "achieved", "unit", "status", "message", "values"]
    return ordered(pd.DataFrame(rows, columns=columns), "entries")


def _answers(
    row: Mapping[Hashable, Any], scenario: Scenario, cases: Cases, alerts: Mapping[str, AlertFigure]
) -> Iterator[Answer]:
    clause, strength, unit = str(row["clause"]), str(row["strength"]), str(row["unit"])
    for limit in _answering(scenario.limits, clause):
        rows = rows_of_clause(limit, clause, cases.limits)
        yield limit_answer(limit, in_unit(rows, unit), limit.strength or strength)
    for mandate in _answering(scenario.mandates, clause):
        yield mandate_answer(mandate, cases, mandate.strength or strength)
    for change in _answering(scenario.changes, clause):
        yield change_answer(change, cases.assumed)
    for alert in _answering(scenario.alerts, clause):
        yield alert_answer(alert, alerts.get(alert.id), unit)
    if clause in scenario.not_modelled:
        yield Answer(
            clause,
            "not_modelled",
            "not_in_model",
            "not_modelled",
            {"reason": scenario.not_modelled[clause].en},
        )


def _answering(entries: Mapping[str, Any], clause: str) -> list[Any]:
    return [entry for entry in entries.values() if clause in entry.clauses]


def rows_of_clause(limit: Limit, clause: str, limits: pd.DataFrame) -> pd.DataFrame:
    """Rows of the entry in limits.csv that answer the clause."""
    rows = limits[limits["entry"] == limit.id]
    return rows[[clause in str(answered).split("+") for answered in rows["clause"]]]


def in_unit(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Rows of limits.csv with their values in the unit in which the register states the demand, where that is
    one of the same kind (225 Mtce, and not 6.6e9 GJ/yr).
    """
    own = set(rows["unit"])
    if len(own) != 1:
        return rows
    (have,) = own
    wanted = next((u for u in (unit, f"{unit}/yr") if _converts(have, u)), have)
    if wanted == have:
        return rows
    values = {name: rows[name] * convert(1.0, have, wanted) for name in IN_UNIT}
    return rows.assign(**values, unit=wanted)


def _converts(have: str, wanted: str) -> bool:
    return known(have) and known(wanted) and have not in ("1", wanted) and check_dimension(have, wanted)


def limit_answer(limit: Limit, rows: pd.DataFrame, strength: str) -> Answer:
    """The answer of a limit's rows: the worst of them, the one with the least room left; of rows without a
    bound the largest of the last year."""
    if rows.empty:
        return Answer(limit.id, "limit", "not_in_model", "limit_none", {"entry": limit.id})
    if (rows["reason"] != "").all():
        why = {"limit": limit.id, "reason": rows["reason"].iloc[0]}
        return Answer(limit.id, "limit" if limit.op else "reported", "not_in_model", "limit_not_judged", why)
    statuses = [limit_status(row, strength) for row in rows.to_dict("records")]
    worst = max(statuses, key=WORST.index)
    chosen = rows[[status == worst for status in statuses]]
    room = chosen["slack"] / chosen["bound"].abs().where(chosen["bound"] != 0, 1.0)
    if worst == "reported":  # of a quantity without a bound: the last year, and where there is most of it
        chosen = chosen[chosen["year"] == chosen["year"].max()]
        room = -chosen["achieved"]
    among = len(chosen)
    row = chosen.iloc[int(room.fillna(0.0).to_numpy().argmin())]
    bounded = limit.op is not None and np.isfinite(row["bound"])
    values: dict[str, Any] = {
        "limit": row["limit"],
        "op": row["op"],
        "unit": row["unit"],
        **{name: float(row[name]) for name in ("achieved", "bound", "frozen")},
    }
    if worst == "reported" and among > 1:
        values["groups"] = among
    if len(rows) > 1 and bounded:
        values |= {"met": sum(status in ("met", "met_by_baseline") for status in statuses), "all": len(rows)}
    if QUANTITIES[limit.quantity].kind == "response":
        values["screening"] = True
    message = "limit_reported" if not bounded else "limit" if limit.enforce else "limit_judged"
    if message == "limit" and worst == "met" and row["slack"] > ROOM * abs(row["bound"]):
        message = "limit_others"
    treatment = "limit" if limit.op is not None else "reported"
    return Answer(
        limit.id, treatment, worst, message, values, float(row["bound"]), float(row["achieved"]), row["unit"]
    )


def limit_status(row: Mapping[Any, Any] | pd.Series, strength: str) -> str:
    """met, met_by_baseline, missed or reported for one row of the judged limits.

    Met within the tolerance of the status in limits.csv; worded `basically`, when 95 % of what was asked is
    done: of the bound for at_least, of the way from frozen to the bound for at_most. Met by the baseline
    when the frozen or the current_law case keeps the bound by itself.
    """
    bound, op = float(row["bound"]), str(row["op"])
    if not np.isfinite(bound) or not op:
        return "reported"
    sign = 1.0 if op in ("at_least", "above") else -1.0
    room = TOLERANCE * max(abs(bound), abs(float(row["frozen"])) if bound == 0 else 0.0)
    frozen = float(row["frozen"])
    if any(sign * (value - bound) >= -room for value in (frozen, float(row["current_law"]))):
        return (
            "missed"
            if row["status"] == "missed" and not _basically(row, sign, strength)
            else "met_by_baseline"
        )
    if row["status"] != "missed" or _basically(row, sign, strength):
        return "met"
    return "missed"


def _basically(row: Mapping[Any, Any] | pd.Series, sign: float, strength: str) -> bool:
    if strength != "basically":
        return False
    bound, achieved, frozen = (float(row[name]) for name in ("bound", "achieved", "frozen"))
    if sign > 0:
        return achieved >= BASICALLY * bound
    return frozen - achieved >= BASICALLY * (frozen - bound)


def mandate_answer(mandate: Mandate, cases: Cases, strength: str) -> Answer:
    """The answer of a mandate: sources that comply, of those concerned, at the end of each year in force.

    A source counts with the share of it that stands in allowed states, in the year in which least complies;
    where all concerned are fleets or homes, their vehicles, machines or households are counted.
    """
    concerned = _concerned(mandate, cases)
    if not concerned.any():
        return Answer(mandate.id, "mandate", "not_in_model", "mandate_none", {"entry": mandate.id})
    weight, unit = _counted(cases, concerned)
    count = float(weight[concerned].sum())
    done = {
        name: complying(cases.problem, mandate.id, share, concerned, weight)
        for name, share in cases.share.items()
    }
    needed = count * (BASICALLY if strength == "basically" else 1.0) - TOLERANCE * count
    if done["plan"] < needed:
        status = "missed"
    else:
        status = "met_by_baseline" if max(done["current_law"], done["frozen"]) >= needed else "met"
    shown = {"achieved": done["plan"], "frozen": done["frozen"], "count": count}
    if unit != "sources":  # a fleet is told in whole vehicles
        shown = {name: float(round(value)) for name, value in shown.items()}
    values = {
        "entry": mandate.id,
        **shown,
        "unit": "1",
        "counted": unit,
        "kind": mandate.date_kind,
        "date": mandate.date.isoformat(),
    }
    return Answer(mandate.id, "mandate", status, "mandate", values, count, done["plan"], unit)


def _concerned(mandate: Mandate, cases: Cases) -> Bools:
    """Sources of the problem that the mandate is about, [S]; projects are none."""
    out = np.zeros(len(cases.problem.source), dtype=bool)
    out[: len(cases.sources)] = cases.columns.chosen(mandate.where)
    return out


def _counted(cases: Cases, concerned: Bools) -> tuple[Floats, str]:
    """What each source counts, [S], and as what: one, or its stock at the start where all those concerned
    are fleets of one kind, or homes, and have one.
    """
    inside = concerned[: len(cases.sources)]
    stock = np.zeros(len(concerned))
    stock[: len(inside)] = cases.sources["stock"].to_numpy(dtype=float, na_value=0.0)
    units = {COUNTED.get(str(group), "") for group in cases.sources["group"][inside]}
    if len(units) == 1 and units != {""} and (stock[concerned] > 0).all():
        return stock, units.pop()
    return np.ones(len(concerned)), "sources"


def complying(problem: Problem, mandate: str, share: Floats, concerned: Bools, weight: Floats) -> float:
    """What of the sources concerned, counted by `weight` [S], stands in no forbidden state, in the year in
    which it is least.
    """
    labels = problem.mandate.tolist()
    count = float(weight[concerned].sum())
    if mandate not in labels:
        return count
    rows = np.flatnonzero(problem.forbid_mandate == labels.index(mandate))
    state = problem.forbid_state[rows]
    owner = np.searchsorted(problem.state_start, state, side="right") - 1
    standing = share[state] * (np.arange(len(problem.years)) >= problem.forbid_from[rows][:, None])
    standing *= weight[owner][:, None]
    return count - float(standing[concerned[owner]].sum(axis=0).max(initial=0.0))


def alert_answer(alert: Alert, figure: AlertFigure | None, unit: str) -> Answer:
    """The answer of an alert: what its lists cut of the day's emission where that is least.

    A clause whose own unit is the day's emission is met when every place cuts what is asked of every
    pollutant; for one that asks for a list without a number, or of another number, it is reported.
    """
    if figure is None:
        return Answer(alert.id, "alert", "reported", "alert", {"entry": alert.id})
    status = "reported"
    if unit.startswith(OF_THE_DAY):
        status = "met" if figure.done == figure.places else "missed"
    values = {
        "entry": alert.id,
        "level": figure.level,
        "achieved": figure.reached,
        "bound": figure.asked,
        "unit": "%",
        "pollutant": figure.pollutant,
        "done": figure.done,
        "places": figure.places,
    }
    return Answer(alert.id, "alert", status, "alert_list", values, figure.asked, figure.reached, OF_THE_DAY)


def clause_frame(register: pd.DataFrame, entries: pd.DataFrame, plan: str) -> pd.DataFrame:
    """clauses.csv: one row a clause; status, demanded and achieved are those of its worst entry."""
    rows = []
    groups: dict[str, list[dict[Hashable, Any]]] = {}
    for answer in entries.to_dict("records"):
        groups.setdefault(answer["clause"], []).append(answer)
    for row in register.to_dict("records"):
        answers = groups[row["clause"]]
        worst = max(answers, key=lambda answer: WORST.index(answer["status"]))
        rows.append(
            {
                "clause": row["clause"],
                "plan": plan,
                "article": row["article"],
                "quote": row["quote"],
                "summary": row["summary"],
                **{name: worst[name] for name in ("treatment", "demanded", "achieved", "unit", "status")},
                "evidence": evidence_text(answers, EVIDENCE, op_words, "; ", plain_number),
            }
        )
    return ordered(pd.DataFrame(rows, columns=list(COLUMNS["clauses"])), "clauses")
