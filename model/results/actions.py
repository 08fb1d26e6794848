"""plan.csv: a row for each source that changes state, with money and abatement against the state it
leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.problem.problem import Floats, Ints, Problem
from model.results.case import Case, full_year
from model.results.ledger import Ledger
from model.results.results import EFFICIENCY_POLLUTANTS, ordered

LEAST = 1e-6
"""Smaller shares of a source are noise of the solver and no action."""

MOST_CLAUSES = 3
"""Clauses named for an action that no mandate asks for, those whose limits it relieves most."""


def action_frame(
    case: Case, ledger: Ledger, cities: Mapping[str, str], counties: Mapping[str, str]
) -> pd.DataFrame:
    """The actions of a case, columns of plan.csv without `clause`, and `move` and `at` (year index) for
    readers here.

    Money and abatement are of the share that moves, against from_state, in the first full year: the next
    decision year, or the last one where none follows. annual cost = running + annuity; per tonne it is empty
    where nothing is abated. cities, counties: adcode -> English name.
    """
    problem = case.problem
    move, at = np.nonzero(case.moved > LEAST)
    share = case.moved[move, at]
    leave, enter = problem.move_from[move], problem.move_to[move]
    source = case.owner[leave]
    year = full_year(problem)[at]
    running_of = ledger.running_total
    running = share * (running_of[enter, year] - running_of[leave, year])
    annual = running + share * ledger.moves["annuity"].to_numpy()[move]
    about = ledger.sources.iloc[source].reset_index(names="source")
    frame = about.assign(
        city=about["city"].map(cities).fillna(about["city"]),
        county=about["county"].map(counties).fillna(""),
        year=problem.years[at],
        from_state=problem.state_label[leave].astype(object),
        share=share,
        to_state=problem.state_label[enter].astype(object),
        measures=["+".join(package) for package in ledger.added[move]],
        payer=ledger.moves["payer"].to_numpy(dtype=object)[move],
        investment_cny=share * ledger.moves["overnight"].to_numpy()[move],
        running_cny_per_yr=running,
        annual_cost_cny=annual,
        move=move,
        at=at,
    )
    gone = share[:, None] * abated(case, source, leave, enter, year)
    for place, pollutant in enumerate(POLLUTANTS):
        frame[f"abated_{pollutant}_t"] = gone[:, place]
    for pollutant in EFFICIENCY_POLLUTANTS:
        tonnes = frame[f"abated_{pollutant}_t"].to_numpy(float)
        frame[f"cny_per_t_{pollutant}"] = np.divide(
            annual, tonnes, out=np.full(len(annual), np.nan), where=tonnes > LEAST
        )
    return frame.sort_values(["year", "source", "from_state", "to_state"], kind="stable", ignore_index=True)


def abated(case: Case, source: Ints, leave: Ints, enter: Ints, year: Ints) -> Floats:
    """Emission of a full year in the old state less that in the new one, t/yr [n, pollutant].

    Of a project, what its own supply emits less or more than its users carry.
    """
    indirect = case.options.indirect[list(POLLUTANTS)].to_numpy(float)
    factors = case.options.states[list(POLLUTANTS)].fillna(0.0).to_numpy(float) - indirect
    out = np.zeros((len(source), len(POLLUTANTS)))
    own = source < len(case.sources)
    scale = case.activity[source[own], year[own]][:, None] * case.response[source[own], year[own]]
    out[own] = scale * (factors[leave[own]] - factors[enter[own]])
    made = indirect[leave[own]] - indirect[enter[own]]
    out[own] += case.activity[source[own], year[own]][:, None] * made
    out[~own] = -case.projects[list(POLLUTANTS)].to_numpy(float)[source[~own] - len(case.sources)]
    return out


def with_clauses(
    actions: pd.DataFrame, case: Case, mandates: Mapping[str, str], limits: pd.Series
) -> pd.DataFrame:
    """plan.csv: the actions with the clauses they answer.

    A clause is named when its mandate forbids the state that is left and not the one that is entered;
    without such a mandate, the clauses of the priced limits that the action relieves most. mandates: id ->
    clauses joined by +; limits: clause of each limit of the problem.
    """
    problem = case.problem
    leave, enter = problem.move_from[actions["move"]], problem.move_to[actions["move"]]
    answered = _forbidden(problem, mandates, np.union1d(leave, enter))
    clauses = [
        "+".join(sorted(answered.get(a, set()) - answered.get(b, set())))
        for a, b in zip(leave, enter, strict=True)
    ]
    open_rows = np.flatnonzero([not clause for clause in clauses])
    relieved = _relief(case, leave[open_rows], enter[open_rows], actions["at"].to_numpy()[open_rows])
    for row, worth in zip(open_rows, relieved, strict=True):
        best = [limit for limit in np.argsort(-worth, kind="stable")[:MOST_CLAUSES] if worth[limit] > 0]
        clauses[row] = "+".join(dict.fromkeys(str(limits.iloc[limit]) for limit in best))
    return ordered(actions.assign(clause=clauses), "plan")


def _forbidden(problem: Problem, mandates: Mapping[str, str], states: Ints) -> dict[int, set[str]]:
    """State -> clauses of the mandates that forbid it, of some states."""
    out: dict[int, set[str]] = {}
    rows = np.flatnonzero(np.isin(problem.forbid_state, states))
    pairs = zip(problem.forbid_mandate[rows].tolist(), problem.forbid_state[rows].tolist(), strict=True)
    for mandate, state in pairs:
        out.setdefault(state, set()).add(mandates[str(problem.mandate[mandate])])
    return out


def _relief(case: Case, leave: Ints, enter: Ints, at: Ints) -> Floats:
    """What each action saves through each limit at its price, CNY [n, I]; 0 for limits without a price."""
    problem, price = case.problem, np.nan_to_num(case.plan.price)
    out = np.zeros((len(leave), len(problem.limit)))
    source = case.owner[leave]
    factors: dict[int, Floats] = {}
    for limit in np.flatnonzero(price > 0):
        for term in range(problem.term_ptr[limit], problem.term_ptr[limit + 1]):
            quantity, year = int(problem.term_quantity[term]), int(problem.term_year[term])
            factor = factors.setdefault(quantity, problem.state_factor(quantity))
            hit = problem.cell_set[problem.term_set[term]][problem.cell[source]] & (at <= year)
            change = problem.driver[problem.quantity_driver[quantity], source, year] * (
                factor[enter] - factor[leave]
            )
            out[:, limit] += np.where(hit, problem.sense[limit] * problem.term_coef[term] * change, 0.0)
        out[:, limit] *= price[limit]
    return out
