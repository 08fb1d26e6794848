"""Credit by clause: the emission and the cost without what the clause alone asks, the rest at least cost.

Both sides are the least-cost mix of pathways (solve.mixed), in which units may be shared, so that a loss is
that of the clause and not of how whole units happen to fall.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from model.base.words import POLLUTANTS
from model.plan import Plan, verify
from model.problem.problem import Bools, Floats, Problem
from model.results.case import Case
from model.results.credit import Credit, Loss
from model.results.results import CREDITED
from model.scenario.scenario import Scenario
from model.solve.mixed import Mixed, Relaxation, relax, relax_without
from model.studies.credit.demands import Demand, demands
from model.studies.credit.undone import Ground, case_without


def credit(scenario: Scenario, case: Case, ground: Ground, clauses: Collection[str]) -> Credit | None:
    """The loss of each clause of the register that imposes something on case plan; None where the plan does
    not obey its mandates or there is no mix.

    Limits that the plan misses are held at what it reaches. What is already law, supply and paces of building
    stay.
    """
    verdict = verify(case.problem, case.plan)
    if verdict.mandates:
        return None
    reached = np.where(verdict.limits, case.found.use, case.problem.bound)
    held = replace(case, problem=replace(case.problem, bound=reached))
    known = relax(held.problem, scenario.solver.threads, scenario.solver.seed)
    if known is None:
        return None
    asked, reasons = demands(scenario, held.problem, clauses)
    losses = []
    for demand in asked:
        mixed, other = _without(scenario, held, ground, known, demand, verdict.limits)
        losses.append(_loss(held, known.mixed, demand, mixed, other))
    return Credit(losses, reasons)


def _without(
    scenario: Scenario, case: Case, ground: Ground, known: Relaxation, demand: Demand, missed: Bools
) -> tuple[Mixed | None, Case]:
    """The least-cost mix without a demand, and the case that it is of. missed: limits that are held, [I]."""
    other = case_without(case, scenario, ground, demand.changes) if demand.changes else case
    problem, solver = without(other.problem, demand), scenario.solver
    if other.problem is case.problem:
        return relax_without(known, problem, solver.threads, solver.seed), other
    problem = replace(problem, bound=np.where(missed, case.problem.bound, problem.bound))
    again = relax(problem, solver.threads, solver.seed, known)
    return None if again is None else again.mixed, other


def _loss(case: Case, known: Mixed, demand: Demand, mixed: Mixed | None, other: Case) -> Loss:
    """What the mix of the plan's problem has over that without a demand, of which there may be none."""
    years = case.problem.years.tolist()
    at = len(years) - 1
    if not demand.mandates and not demand.changes:
        at = years.index(max(int(label.split("/")[1]) for label in demand.limits))
    status, more, saving, most = "no_plan", np.full(len(CREDITED), np.nan), np.nan, np.nan
    if mixed is not None:
        same = mixed.plan is known.plan and other.problem is case.problem
        status = "no_solve" if same else "solved"
        # to the gram and the fen: below that are the solver's last digits
        more = np.round(emission(other, mixed.plan, at) - emission(case, known.plan, at), 6) + 0.0
        saving = round(known.cost - mixed.cost, 2) + 0.0
        most = round(case.found.cost_cny - mixed.bound, 2)
    emitted = dict(zip(CREDITED, more.tolist(), strict=True))
    return Loss(demand.clauses, demand.entries, years[at], status, emitted, saving, most)


def without(problem: Problem, demand: Demand) -> Problem:
    """The problem without the limits and mandates of a demand."""
    gone = np.isin(problem.mandate[problem.forbid_mandate], list(demand.mandates))
    return replace(
        problem,
        enforced=problem.enforced & ~np.isin(problem.limit, list(demand.limits)),
        forbid_mandate=problem.forbid_mandate[~gone],
        forbid_state=problem.forbid_state[~gone],
        forbid_from=problem.forbid_from[~gone],
    )


def emission(case: Case, plan: Plan, at: int) -> Floats:
    """Emission of all sources and projects in the year of index `at`, t, by pollutant (CREDITED); what has no
    factor counts as 0.

    plan: may have units in several pathways.
    """
    problem, columns = case.problem, list(CREDITED)
    phi, count = problem.part_year[plan.source], len(problem.state_label)
    before = plan.state[:, at - 1] if at else problem.state_start[plan.source]
    used = np.bincount(plan.state[:, at], plan.share * phi, count)
    used += np.bincount(before, plan.share * (1 - phi), count)
    own = len(case.options.states)
    source = case.owner[:own]
    served = used[:own] * case.activity[source, at]
    made = case.options.indirect[columns].to_numpy(float)
    factor = case.options.states[columns].to_numpy(float) - made
    changed = case.response[source, at][:, [POLLUTANTS.index(name) for name in columns]]
    projects = np.nan_to_num(case.projects[columns].to_numpy(float))
    return np.asarray(
        np.nansum(served[:, None] * (factor * changed + made), axis=0) + used[own + 1 :: 2] @ projects
    )
