"""Year after year: each year's least cost, as if it were the last (method myopic), to be compared with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.plan import Plan, evaluate, frozen_plan, use, verify
from model.problem.pathways import passable, reachable, useful_states
from model.problem.problem import Bools, Floats, Ints, Problem


def myopic(problem: Problem, solve: Callable[[Problem], Plan], bound_cny: float = -np.inf) -> Plan:
    """The plan of someone who decides each year for that year alone, and keeps what was decided before.

    A year's problem has its running cost, one annuity of the moves made in it, and the limits whose last
    term is of that year. Of the years to come it knows the mandates, and nothing else: it does not move to
    where they would leave no way on. What is missed in a year, by least shortfall, stays missed.

    solve: of one problem, with the options of the scenario. bound_cny: a lower bound that is proven
    elsewhere. Prices are nan.
    """
    began = time.monotonic()
    ways = useful_states(problem, reachable(problem, passable(problem)))
    plan = frozen_plan(problem)
    for year in range(len(problem.years)):
        only = of_year(problem, plan, year, ways[:, year])
        plan = _decided(plan, year, only, solve(only.problem))
    status = "feasible" if verify(problem, plan).met else "infeasible"
    bound = min(bound_cny, evaluate(problem, plan).cost_cny)
    seconds = {"myopic": time.monotonic() - began}
    return replace(plan, bound_cny=bound, status=status, seconds=seconds, route=("year by year",))


@dataclass(frozen=True)
class OfYear:
    """The problem of one year, and the state of the whole problem that each of its states is, [K]."""

    problem: Problem
    state: Ints


def of_year(problem: Problem, plan: Plan, year: int, ways: Bools) -> OfYear:
    """What is left to decide in one year when the pathways of a plan hold until then.

    Its sources are the pathways, each as large as its share; state 0 is where the pathway stands at the end
    of the year before, the others are those that a move on offer leads to. What earlier years use counts as
    exogenous. ways: states that a pathway may be in at the end of the year, [K]; where it can not stay, a
    mandate `way` says so.
    """
    source, share = plan.source, plan.share
    now = plan.state[:, year - 1] if year else problem.state_start[source]
    at, move = _offered(problem, source, now, year, ways)
    start = np.concatenate([[0], np.cumsum(1 + np.bincount(at, minlength=len(source)))]).astype(np.int64)
    enter = np.arange(len(at)) + at + 1
    state = np.empty(start[-1], dtype=np.int64)
    state[start[:-1]], state[enter] = now, problem.move_to[move]
    owner = np.repeat(np.arange(len(source)), np.diff(start))
    stuck = start[:-1][~ways[now]]
    only = replace(
        problem,
        years=problem.years[year : year + 1],
        weight=problem.weight[year : year + 1],
        discount=problem.discount[year : year + 1],
        source=problem.source[source],
        divisible=problem.divisible[source],
        part_year=problem.part_year[source],
        cell=problem.cell[source],
        state_start=start,
        state_label=problem.state_label[state],
        cost=(problem.cost[state, year] * share[owner])[:, None],
        move_from=start[at],
        move_to=enter,
        capital=(problem.capital[move, year] * share[at])[:, None],
        charge=np.ones(1),
        driver=problem.driver[:, source, year : year + 1] * share[:, None],
        **_factors(problem, state, move),
        **_limits(problem, plan, year),
        mandate=np.array(["way"]),
        forbid_mandate=np.zeros(len(stuck), dtype=np.int64),
        forbid_state=stuck,
        forbid_from=np.zeros(len(stuck), dtype=np.int64),
        notes={},
    )
    return OfYear(only, state)


def _offered(problem: Problem, source: Ints, now: Ints, year: int, ways: Bools) -> tuple[Ints, Ints]:
    """The moves that pathways of sources can make in a year from where they stand: pathway and move, [N]."""
    begin, end = problem.move_start[source], problem.move_start[source + 1]
    at = np.repeat(np.arange(len(source)), end - begin)
    move = np.arange(len(at)) + (begin - np.cumsum(end - begin) + end - begin)[at]
    offered = np.isfinite(problem.capital[move, year]) & ways[problem.move_to[move]]
    kept = np.flatnonzero((problem.move_from[move] == now[at]) & offered)
    return at[kept], move[kept]


def _decided(plan: Plan, year: int, only: OfYear, found: Plan) -> Plan:
    """The pathways with what was found for a year, and staying there from then on."""
    state = plan.state[found.source].copy()
    state[:, year:] = only.state[found.state]
    return replace(
        plan, source=plan.source[found.source], share=plan.share[found.source] * found.share, state=state
    )


def _limits(problem: Problem, plan: Plan, year: int) -> dict[str, Any]:
    """The limits whose last term is of a year, with that year's terms; what the others are is exogenous."""
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    last = np.full(len(problem.limit), -1)
    np.maximum.at(last, owner, problem.term_year)
    row = np.flatnonzero(last == year)
    exogenous = problem.exogenous.copy()
    known: dict[int, Floats] = {}
    for earlier in np.flatnonzero((last[owner] == year) & (problem.term_year < year)).tolist():
        quantity = int(problem.term_quantity[earlier])
        if quantity not in known:
            known[quantity] = use(problem, plan, quantity)
        chosen = problem.cell_set[problem.term_set[earlier]][problem.cell]
        used = known[quantity][chosen, problem.term_year[earlier]].sum()
        exogenous[owner[earlier]] += problem.term_coef[earlier] * used
    term = np.flatnonzero((last[owner] == year) & (problem.term_year == year))
    names = ("limit", "sense", "bound", "enforced", "strength")
    return {
        **{name: getattr(problem, name)[row] for name in names},
        "exogenous": exogenous[row],
        "term_ptr": np.searchsorted(owner[term], np.append(row, len(problem.limit))).astype(np.int64),
        **{name: getattr(problem, name)[term] for name in ("term_quantity", "term_coef", "term_set")},
        "term_year": np.zeros(len(term), dtype=np.int64),
    }


def _factors(problem: Problem, state: Ints, move: Ints) -> dict[str, Any]:
    """The factors of these states and moves of a problem, in compressed rows."""
    out: dict[str, Any] = {}
    for kind, of, chosen in (
        ("state_factor", problem.state_factor, state),
        ("move_factor", problem.move_factor, move),
    ):
        rows = [of(quantity)[chosen] for quantity in range(len(problem.quantity))]
        index = [np.flatnonzero(row) for row in rows]
        out[f"{kind}_ptr"] = np.cumsum([0, *(len(row) for row in index)]).astype(np.int64)
        out[f"{kind}_idx"] = np.concatenate([np.zeros(0, dtype=np.int64), *index])
        value = [row[at] for row, at in zip(rows, index, strict=True)]
        out[f"{kind}_val"] = np.concatenate([np.zeros(0), *value])
    return out
