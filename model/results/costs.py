"""costs.csv, who pays, and the book value that closures lose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import PAYERS
from model.problem.problem import Floats, Ints
from model.results.actions import LEAST
from model.results.case import Case, full_year
from model.results.emissions import sort_by_words
from model.results.ledger import PRICED, RUNNING, Ledger
from model.results.results import COLUMNS, ordered


def cost_frame(cases: Sequence[tuple[Case, Ledger]], cities: pd.DataFrame) -> pd.DataFrame:
    """Rows of costs.csv, over and above state 0; the frozen case costs nothing and has none.

    investment: overnight, in the year of the move, not discounted. annuity: of every move made so far.
    fixed, variable, fuel and emission_price: of the year under the part-year rule; a saving is negative.
    Annuity and these, discounted and weighted, add up to the cost of the plan.
    """
    names = dict(zip(cities["adcode"], cities["city"], strict=True))
    parts = [_case_rows(case, ledger) for case, ledger in cases]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS["costs"]))
    rows["city"] = rows["city"].map(names).fillna(rows["city"])
    rows = rows[rows["value"] != 0]
    keys = ["case", "year", "city", "sector", "payer", "kind"]
    sums = rows.groupby(keys, sort=False)["value"].sum().reset_index()
    sums["unit"] = sums["kind"].eq("investment").map({True: "CNY", False: "CNY/yr"})
    return ordered(sort_by_words(sums, cities), "costs")


def _case_rows(case: Case, ledger: Ledger) -> pd.DataFrame:
    problem = case.problem
    owner = case.owner
    move = np.flatnonzero((case.moved > LEAST).any(axis=1))
    moved = np.where(case.moved[move] > LEAST, case.moved[move], 0.0)
    bought = ledger.outlays_of(owner[problem.move_from[move]], ledger.added[move])
    row, source = bought["row"].to_numpy(dtype=np.int64), bought["source"].to_numpy(dtype=np.int64)
    payer = bought["payer"].to_numpy(dtype=object)
    parts = [
        _long(case, ledger, source, payer, moved[row] * bought[["overnight"]].to_numpy(float), "investment"),
        _long(
            case,
            ledger,
            source,
            payer,
            moved.cumsum(axis=1)[row] * bought[["annuity"]].to_numpy(float),
            "annuity",
        ),
    ]
    used = case.used
    state = np.flatnonzero((used > 0).any(axis=1))
    state = state[[len(package) > 0 for package in ledger.held[state]]]
    payer = ledger.state_payers(state, owner)
    parts += [
        _long(case, ledger, owner[state], payer, used[state] * ledger.running[kind][state], kind)
        for kind in (*RUNNING, PRICED)
    ]
    return pd.concat(parts, ignore_index=True)


def _long(
    case: Case, ledger: Ledger, source: Ints, payer: NDArray[np.object_], values: Floats, kind: str
) -> pd.DataFrame:
    row, at = np.nonzero(values)
    about = ledger.sources.iloc[source[row]]
    return pd.DataFrame(
        {
            "case": case.name,
            "year": case.problem.years[at],
            "city": about["city"].to_numpy(dtype=object),
            "sector": about["sector"].to_numpy(dtype=object),
            "payer": payer[row],
            "kind": kind,
            "value": values[row, at],
        }
    )


def payer_frame(cases: Sequence[tuple[Case, Ledger, pd.DataFrame]]) -> pd.DataFrame:
    """Investment of all years and first full-year running and annual cost of the actions, by case and payer.

    Actions of a source in several years are each against the state before, so they add up to the last state;
    the running cost of a state is its payer's, whoever paid for the state before.
    """
    parts = []
    for case, ledger, actions in cases:
        problem, move = case.problem, actions["move"].to_numpy(dtype=np.int64)
        owner, share = case.owner, actions["share"].to_numpy(float)
        year = full_year(problem)[actions["at"].to_numpy(dtype=np.int64)]
        bought = ledger.outlays_of(owner[problem.move_from[move]], ledger.added[move])
        part = share[bought["row"].to_numpy(dtype=np.int64)]
        parts.append(
            pd.DataFrame(
                {
                    "case": case.name,
                    "payer": bought["payer"],
                    "investment_cny": part * bought["overnight"],
                    "running_cny_per_yr": 0.0,
                    "annual_cost_cny": part * bought["annuity"],
                }
            )
        )
        for sign, state in ((1.0, problem.move_to[move]), (-1.0, problem.move_from[move])):
            running = sign * share * ledger.running_total[state, year]
            payer = ledger.state_payers(state, owner)
            parts.append(
                pd.DataFrame(
                    {
                        "case": case.name,
                        "payer": payer,
                        "investment_cny": 0.0,
                        "running_cny_per_yr": running,
                        "annual_cost_cny": running,
                    }
                )
            )
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["payer"] != ""]
    sums = rows.groupby(["case", "payer"], as_index=False)[list(COLUMNS["payers"][2:])].sum()
    order = {payer: place for place, payer in enumerate(PAYERS)}
    sums = sums.sort_values(
        ["case", "payer"], key=lambda v: v.map(order) if v.name == "payer" else v, kind="stable"
    )
    return ordered(sums, "payers")


def book_frame(actions: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Book value of what is closed or scrapped early, CNY by year, city and sector; it is no part of the
    social cost.
    """
    book = ledger.moves["book_lost"].to_numpy(float)[actions["move"].to_numpy(dtype=np.int64)]
    rows = actions.assign(value=actions["share"] * book)
    rows = rows[rows["value"] > 0]
    keys = ["year", "city", "sector"]
    sums = rows.groupby(keys, as_index=False).agg(sources=("source", "nunique"), value=("value", "sum"))
    return ordered(sums.assign(unit="CNY"), "book")
