"""Several runs side by side, from the files that they wrote: cost and emission, what differs, what binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.base.words import CASES, POLLUTANTS
from model.results.results import EFFICIENCY_POLLUTANTS

RUNNING = ("fixed", "variable", "fuel")

SHARE_DIGITS = 3
"""Shares of a divisible source that are the same to so many decimals are the same action."""

ABATED = [f"abated_{pollutant}_t" for pollutant in EFFICIENCY_POLLUTANTS]
MONEY_AND_TONNES = ["investment_cny", "annual_cost_cny", *ABATED]
SOURCE = ["source", "name", "city", "county", "sector"]
ACTION_COLUMNS = [
    *("region", "start", *SOURCE, "scenario", "year", "from_state", "to_state", "share", "measures"),
    *MONEY_AND_TONNES,
]
LIMIT_COLUMNS = [
    *(
        "limit",
        "quantity",
        "where",
        "year",
        "unit",
        "scenario",
        "clause",
        "op",
        "bound",
        "frozen",
        "achieved",
    ),
    *("slack", "price", "status", "runs_with", "runs_binding"),
]


@dataclass(frozen=True)
class Written:
    """A run as its folder has it. label: what tells it from the others. The frames are the files of the same
    names.
    """

    label: str
    manifest: Mapping[str, Any]
    emissions: pd.DataFrame
    costs: pd.DataFrame
    plan: pd.DataFrame
    limits: pd.DataFrame

    @property
    def years(self) -> tuple[int, ...]:
        """The decision years."""
        return tuple(self.manifest["years"])

    @property
    def base(self) -> tuple[str, int]:
        """Region and start year: runs that share them have the same sources."""
        return str(self.manifest["region"]), int(self.manifest["start"])

    def emitted(self, case: str, year: int) -> dict[str, float]:
        """Emission by pollutant of a case and year, t; missing where no source has a factor."""
        rows = self.emissions[(self.emissions["case"] == case) & (self.emissions["year"] == year)]
        totals = rows.groupby("pollutant")["value"].sum(min_count=1)
        return {f"{pollutant}_t": totals.get(pollutant, float("nan")) for pollutant in POLLUTANTS}


def comparison_frame(runs: Sequence[Written]) -> pd.DataFrame:
    """comparison.csv, a row a run: cost (present value, CNY), investment (CNY), limits missed, emission of
    its own last year (t).
    """
    rows = []
    for run in runs:
        invested = run.costs[(run.costs["case"] == "plan") & (run.costs["kind"] == "investment")]
        rows.append(
            {
                "scenario": run.label,
                **{name: run.manifest[name] for name in ("status", "cost_cny", "gap")},
                "investment_cny": float(invested["value"].sum()),
                "limits_missed": int((run.limits["status"] == "missed").sum()),
                "year": run.years[-1],
                **run.emitted("plan", run.years[-1]),
            }
        )
    return pd.DataFrame(rows)


def last_common_year(runs: Sequence[Written]) -> int | None:
    """The last decision year that all runs have; None where they share none."""
    common = set(runs[0].years).intersection(*(run.years for run in runs))
    return max(common, default=None)


def case_frame(runs: Sequence[Written]) -> pd.DataFrame:
    """comparison_cases.csv, a row a run and case: what is invested up to a year and spent in it, and what is
    emitted in it. The year is the last that all runs have, or each one's own last where they share none.

    Money is over and above the frozen case, of price_year.
    """
    common, rows = last_common_year(runs), []
    for run in runs:
        year = run.years[-1] if common is None else common
        for case in CASES:
            paid = run.costs[(run.costs["case"] == case) & (run.costs["year"] <= year)]
            now = paid[paid["year"] == year].groupby("kind")["value"].sum()
            running = float(now.reindex(list(RUNNING)).sum())
            rows.append(
                {
                    "scenario": run.label,
                    "case": case,
                    "region": run.base[0],
                    "price_year": run.manifest["price_year"],
                    "year": year,
                    "investment_cny": float(paid.loc[paid["kind"] == "investment", "value"].sum()),
                    "running_cny_per_yr": running,
                    "annual_cost_cny": running + float(now.get("annuity", 0.0)),
                    **run.emitted(case, year),
                }
            )
    return pd.DataFrame(rows)


def differing_actions(runs: Sequence[Written]) -> pd.DataFrame:
    """comparison_actions.csv: of runs of one region and start year the sources whose actions are not the same
    in all, a row an action and run; a run in which such a source does nothing has a row of share 0.
    """
    parts = []
    for base in dict.fromkeys(run.base for run in runs):
        alike = [run for run in runs if run.base == base]
        if len(alike) > 1:
            parts.append(_differing(alike).assign(region=base[0], start=base[1]))
    if not parts:
        return pd.DataFrame(columns=ACTION_COLUMNS)
    return pd.concat(parts, ignore_index=True)[ACTION_COLUMNS]


def _differing(runs: Sequence[Written]) -> pd.DataFrame:
    labels = [run.label for run in runs]
    every = pd.concat([run.plan.assign(scenario=run.label) for run in runs], ignore_index=True)
    every["share"] = every["share"].astype(float).round(SHARE_DIGITS)
    every = every[every["share"] > 0]
    moves = every[["year", "from_state", "to_state", "share"]].astype(str).agg("|".join, axis=1)
    acts: dict[tuple[str, str], set[str]] = {}
    for key, move in zip(zip(every["source"], every["scenario"], strict=True), moves, strict=True):
        acts.setdefault(key, set()).add(move)
    differ = [
        source
        for source in every["source"].unique()
        if any(acts.get((source, label)) != acts.get((source, labels[0])) for label in labels)
    ]
    idle = [(source, label) for source in differ for label in labels if (source, label) not in acts]
    about = every.drop_duplicates("source").set_index("source")[SOURCE[1:]]
    none = pd.DataFrame(idle, columns=["source", "scenario"]).join(about, on="source")
    none = none.assign(share=0.0, **dict.fromkeys(MONEY_AND_TONNES, 0.0))
    rows = pd.concat([every[every["source"].isin(differ)], none], ignore_index=True)
    order = rows["scenario"].map({label: place for place, label in enumerate(labels)})
    rows = rows.assign(order=order).sort_values(["source", "order", "year", "from_state"], kind="stable")
    return rows.assign(year=rows["year"].astype("Int64"))


def measure_frame(runs: Sequence[Written]) -> pd.DataFrame:
    """comparison_measures.csv: what every run does by city, sector and package of measures, whatever its
    region: actions, money, abatement of a full year (t).
    """
    keys = ["city", "sector", "measures"]
    parts = []
    for run in runs:
        groups = run.plan.groupby(keys, sort=True)
        sums = groups[MONEY_AND_TONNES].sum()
        sums.insert(0, "actions", groups.size())
        parts.append(sums.reset_index().assign(scenario=run.label, region=run.base[0]))
    return pd.concat(parts, ignore_index=True)[["scenario", "region", *keys, "actions", *MONEY_AND_TONNES]]


def limit_frame(runs: Sequence[Written]) -> pd.DataFrame:
    """comparison_limits.csv: limits that bind or are missed in some run, a row for each run that has them.

    runs_with: runs that have the limit; runs_binding: those in which it binds or is missed.
    """
    every = pd.concat([run.limits.assign(scenario=run.label) for run in runs], ignore_index=True)
    tight = every["status"].isin(["binding", "missed"])
    groups = every.assign(tight=tight).groupby("limit", sort=False)
    every["runs_with"] = groups["scenario"].transform("size")
    every["runs_binding"] = groups["tight"].transform("sum").astype(int)
    kept = every[every["runs_binding"] > 0]
    place = pd.factorize(every["limit"])[0][kept.index]
    order = kept.assign(place=place).sort_values("place", kind="stable")
    return order[LIMIT_COLUMNS].reset_index(drop=True)
