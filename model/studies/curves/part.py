"""A part of a problem: some of its sources, all others as they are in a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.plan import Plan, evaluate
from model.problem.problem import Floats, Ints, Problem
from model.problem.sample import sample, with_limits


def sources_of(problem: Problem, limit: int) -> Ints:
    """The sources that a limit counts, in order, [N]."""
    sets = problem.term_set[slice(*problem.term_ptr[limit : limit + 2])]
    counted = np.logical_or.reduce(problem.cell_set[sets])
    return np.flatnonzero(counted[problem.cell])


def part_of(problem: Problem, plan: Plan, use: Floats, sources: Ints) -> tuple[Problem, Plan]:
    """The problem of some sources [N] (ascending), and their part of a plan.

    Limits that count none of them are left out; of the others, what all other sources use in the plan is
    exogenous, less what the plan passes a bound by.

    use [I]: the left sides of all limits in the plan, as `evaluate` gives them.
    """
    part, own = sample(problem, sources), _part_of_plan(problem, plan, sources)
    exogenous = part.exogenous + use - evaluate(part, own).use
    over = part.enforced & (part.sense * (use - part.bound) < 0)
    part = replace(part, exogenous=np.where(over, exogenous - (use - part.bound), exogenous))
    inside = np.logical_or.reduce(part.cell_set[:, np.unique(part.cell)], axis=1)
    limits = np.unique(np.repeat(np.arange(len(use)), np.diff(part.term_ptr))[inside[part.term_set]])
    return with_limits(part, limits), replace(own, price=np.full(len(limits), np.nan))


def _part_of_plan(problem: Problem, plan: Plan, sources: Ints) -> Plan:
    """The pathways of some sources, numbered as in `sample`."""
    place = np.full(len(problem.source), -1)
    place[sources] = np.arange(len(sources))
    paths = np.flatnonzero(place[plan.source] >= 0)
    own = place[plan.source[paths]]
    first = np.concatenate([[0], np.cumsum(np.diff(problem.state_start)[sources])])
    local = plan.state[paths] - problem.state_start[plan.source[paths], None]
    return replace(
        plan, source=own, share=plan.share[paths], state=first[own][:, None] + local, bound_cny=-np.inf
    )
