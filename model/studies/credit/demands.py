"""What of a scenario is dropped when one clause is: the entries that answer it and what they impose."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from model.problem.limits import in_force
from model.problem.problem import Problem
from model.results.limits import clause_of
from model.scenario.scenario import Limit, Scenario

REASONS = ("already_law", "physical", "not_imposed", "not_in_model")
"""Why nothing is dropped with a clause: its entries hold without the plan; are supply or a pace of building,
which no policy can drop; impose nothing; there are none.
"""


@dataclass(frozen=True)
class Demand:
    """What clauses impose together: those that share an entry are dropped together, others one by one.

    entries: ids, of a limit that answers other clauses in other years with the year (ENTRY/YEAR). limits:
    labels of rows; mandates, changes: ids.
    """

    clauses: frozenset[str]
    entries: tuple[str, ...]
    limits: tuple[str, ...] = ()
    mandates: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def with_other(self, other: Demand) -> Demand:
        """Both as one."""
        return Demand(
            self.clauses | other.clauses,
            self.entries + other.entries,
            self.limits + other.limits,
            self.mandates + other.mandates,
            self.changes + other.changes,
        )


def demands(
    scenario: Scenario, problem: Problem, clauses: Collection[str]
) -> tuple[list[Demand], dict[str, str]]:
    """What the clauses impose, and why nothing is dropped with the other clauses (one of REASONS).

    problem: of case plan. clauses: of the register; what answers none of them is a condition of the plan and
    stays.
    """
    reasons: dict[str, set[str]] = {clause: {"not_in_model"} for clause in clauses}
    together: list[Demand] = []
    for demand, reason in _parts(scenario, problem):
        if not demand.clauses & reasons.keys():
            continue
        if reason is None:
            apart = [other for other in together if not other.clauses & demand.clauses]
            for other in together:
                if other.clauses & demand.clauses:
                    demand = other.with_other(demand)
            together = [*apart, demand]
        for clause in demand.clauses & reasons.keys():
            reasons[clause].add(reason or "")
    left = {
        clause: next(reason for reason in REASONS if reason in found)
        for clause, found in reasons.items()
        if "" not in found
    }
    return together, left


def _parts(scenario: Scenario, problem: Problem) -> Iterator[tuple[Demand, str | None]]:
    """Every entry, a limit by the clauses of each year, and why it can not be dropped (None: it can)."""
    for limit in scenario.limits.values():
        yield from _of_limit(limit, problem)
    for mandate in scenario.mandates.values():
        part = Demand(frozenset(mandate.clauses), (mandate.id,), mandates=(mandate.id,))
        yield part, "already_law" if mandate.already_law else None
    for change in scenario.changes.values():
        part = Demand(frozenset(change.clauses), (change.id,), changes=(change.id,))
        yield part, "already_law" if change.already_law else None
    for alert in scenario.alerts.values():
        yield Demand(frozenset(alert.clauses), (alert.id,)), "not_imposed"


def _of_limit(limit: Limit, problem: Problem) -> Iterator[tuple[Demand, str | None]]:
    """The rows of a limit that are imposed, by the clauses that they answer; those that are not."""
    imposed = problem.enforced & np.isfinite(problem.bound)
    labels = [label.split("/") for label in problem.limit.tolist()]
    rows = [at for at, parts in enumerate(labels) if parts[0] == limit.id]
    by_clause: dict[str, list[int]] = {}
    for row in rows:
        by_clause.setdefault(clause_of(limit, int(labels[row][1])), []).append(row)
    for joined, own in by_clause.items():
        kept = [row for row in own if imposed[row]]
        name = (
            (limit.id,) if len(by_clause) == 1 else tuple(dict.fromkeys("/".join(labels[r][:2]) for r in own))
        )
        clauses = frozenset(joined.split("+"))
        if in_force(limit, "current_law"):
            yield Demand(clauses, name), "physical"
        elif kept:
            yield Demand(clauses, name, limits=tuple(problem.limit[kept].tolist())), None
        else:
            yield Demand(clauses, name), "not_imposed"
