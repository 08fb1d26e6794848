"""What the largest emitters of a plan do, and two other routes that each of them has."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.problem.problem import Floats, Ints
from model.results.actions import abated
from model.results.case import Case
from model.results.ledger import Ledger
from model.results.results import WORKED, empty, ordered

LARGEST = 20
"""Emitters that are shown one by one."""
ALTERNATIVES = 2
AT_LEAST = 0.5
"""An alternative abates at least this part of what the chosen route does, of the pollutant it cuts most."""

_PLACE = np.array([place for place, _ in WORKED])


def route_frame(case: Case, ledger: Ledger, actions: pd.DataFrame, emission: Floats) -> pd.DataFrame:
    """The largest emitters among existing units that act: the columns of `routes`.

    Largest by the start year's SO2, NOx, VOCs and PM10 together. route 0 is the state in which the plan
    leaves the unit; 1 and 2 are other states that it could have entered at once, those of least annual cost
    (annuity and running cost of the last year) that abate at least half
    as much of the pollutant that the plan cuts most there. emits_X_t: of the start
    year. abated_X_t and money: against state 0, activity and prices of the last year. emission: as
    `emission_by_source` gives it, [S, 1 + Y, pollutant].
    """
    sources = case.sources
    unit = (~sources["divisible"] & (sources["vintage"] == "existing")).to_numpy(dtype=bool)
    start = np.nan_to_num(emission[: len(sources), 0][:, _PLACE])
    acting = np.flatnonzero(unit & sources.index.isin(actions["source"]))
    largest = acting[np.argsort(-start[acting].sum(axis=1), kind="stable")[:LARGEST]]
    last = actions.groupby("source")["year"].max()
    parts = []
    for source in largest:
        routes = _routes(case, ledger, int(source)).assign(source=sources.index[source])
        routes["year"] = last[sources.index[source]]
        for at, (_, pollutant) in enumerate(WORKED):
            routes[f"emits_{pollutant}_t"] = start[source, at]
        parts.append(routes)
    return ordered(pd.concat(parts, ignore_index=True) if parts else empty("routes"), "routes")


def _routes(case: Case, ledger: Ledger, source: int) -> pd.DataFrame:
    """The chosen route of one unit and its alternatives."""
    problem = case.problem
    first, end = int(problem.state_start[source]), int(problem.state_start[source + 1])
    moves = np.flatnonzero(problem.move_from == first)
    states = problem.move_to[moves]
    year = np.full(len(moves), len(problem.years) - 1)
    running = ledger.running_total[states, -1] - ledger.running_total[first, -1]
    gone = abated(case, np.full(len(moves), source), np.full(len(moves), first), states, year)[:, _PLACE]
    annual = running + ledger.moves["annuity"].to_numpy()[moves]
    chosen = first + int(case.share[first:end, -1].argmax())
    picked = _picked(states, chosen, annual, gone)
    states_of = case.options.states
    return pd.DataFrame(
        {
            "route": np.arange(len(picked)),
            "to_state": problem.state_label[states[picked]].astype(object),
            "measures": ["+".join(ledger.held[state]) for state in states[picked]],
            "meets_from": states_of["meets"].iloc[first],
            "meets_to": states_of["meets"].iloc[states[picked]].to_numpy(dtype=object),
            "investment_cny": ledger.moves["overnight"].to_numpy()[moves[picked]],
            "running_cny_per_yr": running[picked],
            "annual_cost_cny": annual[picked],
            **{f"abated_{pollutant}_t": gone[picked, at] for at, (_, pollutant) in enumerate(WORKED)},
        }
    )


def _picked(states: Ints, chosen: int, annual: Floats, gone: Floats) -> Ints:
    """Positions of the chosen state and of the alternatives; none where no single move leads to the first."""
    mine = np.flatnonzero(states == chosen)
    if not len(mine):
        return mine
    most = int(gone[mine[0]].argmax())
    enough = np.flatnonzero((gone[:, most] >= AT_LEAST * gone[mine[0], most]) & (states != chosen))
    others = enough[np.argsort(annual[enough], kind="stable")[:ALTERNATIVES]]
    return np.concatenate([mine, others])
