"""The plans beside the least-cost one: their actions, and which measures every plan has (alternatives.csv,
measures.csv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.problem.problem import Bools, Floats, Problem
from model.results.actions import LEAST, action_frame
from model.results.case import Case
from model.results.ledger import Ledger
from model.results.results import ordered

if TYPE_CHECKING:
    from model.solve.alternatives import Alternatives

NEEDS = ("must_have", "choice", "never")
"""In every plan found, in some of them, on offer and in none."""


def cases_of(plan: Case, found: Alternatives) -> list[Case]:
    """The least-cost case and the same with each alternative in the place of its plan."""
    return [plan, *(replace(plan, plan=other) for other in found.plans)]


def summary_of(cases: Sequence[Case], found: Alternatives, asked: int, within: float) -> dict[str, Any]:
    """What the manifest says of the alternatives; plan 1 is the least-cost plan."""
    alike = (1.0, *found.alike)
    return {
        "asked": asked,
        "within": within,
        "most_cny": found.most_cny,
        "ended": found.ended,
        "plans": [
            {"plan": number, "cost_cny": case.found.cost_cny, "repeated": share}
            for number, (case, share) in enumerate(zip(cases, alike, strict=True), 1)
        ],
    }


def alternative_frame(
    cases: Sequence[Case], ledger: Ledger, cities: Mapping[str, str], counties: Mapping[str, str]
) -> pd.DataFrame:
    """The actions of every plan, as in plan.csv, with the plan's number and how far the action is needed.

    need: must_have where every plan has an action of this source into this state, in whatever year.
    """
    parts = [
        action_frame(case, ledger, cities, counties).assign(plan=number)
        for number, case in enumerate(cases, 1)
    ]
    rows = pd.concat(parts, ignore_index=True)
    plans = rows.groupby(["source", "to_state"])["plan"].transform("nunique")
    rows["need"] = np.where(plans == len(cases), NEEDS[0], NEEDS[1])
    return ordered(rows, "alternatives")


def measure_frame(cases: Sequence[Case], ledger: Ledger, cities: Mapping[str, str]) -> pd.DataFrame:
    """Every measure on offer by city and sector, and in the region (city empty), and whether plans have it.

    A source has a measure in a plan if it ends in a state with it; a divisible source counts by its share.
    offered: sources that could have it at the end. fewest, most: sources that have it, over the plans;
    always: those that have it in every plan (a divisible source by its least share). Investment is
    overnight, of this measure alone.
    """
    problem, owner = cases[0].problem, cases[0].owner
    state = np.flatnonzero([len(package) > 0 for package in ledger.held])
    row = np.repeat(state, [len(package) for package in ledger.held[state]])
    measure = np.array([name for package in ledger.held[state] for name in package], dtype=object)
    pairs = pd.DataFrame({"place": owner[row], "measure": measure, "offered": _open(problem)[row]})
    lasts = [np.bincount(c.plan.state[:, -1], c.plan.share, len(owner)) for c in cases]
    names = [f"plan {number}" for number in range(len(cases))]
    pairs = pairs.assign(**{name: last[row] for name, last in zip(names, lasts, strict=True)})
    combined = dict.fromkeys(names, "sum") | {"offered": "any"}
    pairs = pairs.groupby(["place", "measure"], sort=True).agg(combined).reset_index()
    done = pairs[names].to_numpy(float)
    pairs = pairs[pairs["offered"].to_numpy(bool) | (done > LEAST).any(axis=1)]
    bought = ledger.outlays.rename(columns={"source": "place"})[["place", "measure", "overnight"]]
    pairs = pairs.merge(bought, on=["place", "measure"], how="left", validate="one_to_one")
    about = ledger.sources.iloc[pairs["place"].to_numpy(dtype=np.int64)]
    city = about["city"].map(cities).fillna(about["city"]).to_numpy(dtype=object)
    pairs = pairs.assign(city=city, sector=about["sector"].to_numpy(dtype=object))
    parts = [_summed(pairs.assign(city=""), names), _summed(pairs, names)]
    return ordered(pd.concat(parts, ignore_index=True), "measures")


def _open(problem: Problem) -> Bools:
    """States that some move on offer leads to and no mandate forbids at the end of the last year, [K]."""
    out = np.zeros(len(problem.state_label), dtype=bool)
    out[problem.move_to[np.isfinite(problem.capital).any(axis=1)]] = True
    out[problem.forbid_state] = False
    return out


def _summed(pairs: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Pairs of source and measure summed by city, sector and measure."""
    done = pairs[list(names)].to_numpy(float)
    paid = {f"paid {name}": pairs[name] * pairs["overnight"] for name in names}
    rows = pairs.assign(always=done.min(axis=1), offered=1, **paid)
    sums = rows.groupby(["city", "sector", "measure"], sort=True)[["offered", "always", *names, *paid]].sum()
    had, spent = sums[list(names)].to_numpy(float), sums[list(paid)].to_numpy(float)
    return sums.reset_index().assign(
        fewest=had.min(axis=1),
        most=had.max(axis=1),
        plans=(had > LEAST).sum(axis=1),
        investment_least_cny=spent.min(axis=1),
        investment_most_cny=spent.max(axis=1),
        need=_need(had),
    )


def _need(had: Floats) -> NDArray[np.object_]:
    """Word of each row, by how many of the plans have it."""
    some = (had > LEAST).sum(axis=1)
    words = np.where(some == had.shape[1], NEEDS[0], np.where(some > 0, NEEDS[1], NEEDS[2]))
    return np.asarray(words.astype(object))
