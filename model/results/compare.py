"""Several scenarios side by side: comparison.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from model.base.words import POLLUTANTS
from model.results.results import Results
from model.results.write import write_csv


def comparison_frame(results: Sequence[Results]) -> pd.DataFrame:
    """A row per scenario: cost (present value, CNY), investment (CNY), limits missed, emission of the last
    year (t).
    """
    rows = []
    for each in results:
        costs, emissions = each.costs, each.emissions
        invested = costs[(costs["case"] == "plan") & (costs["kind"] == "investment")]
        last = emissions[(emissions["case"] == "plan") & (emissions["year"] == each.years[-1])]
        totals = last.groupby("pollutant")["value"].sum(min_count=1)
        rows.append(
            {
                "scenario": each.scenario,
                "status": each.manifest["status"],
                "cost_cny": each.manifest["cost_cny"],
                "gap": each.manifest["gap"],
                "investment_cny": float(invested["value"].sum()),
                "limits_missed": int((each.limits["status"] == "missed").sum()),
                "year": each.years[-1],
                **{f"{pollutant}_t": totals.get(pollutant) for pollutant in POLLUTANTS},
            }
        )
    return pd.DataFrame(rows)


def write_comparison(results: Sequence[Results], out: Path) -> None:
    """OUT/comparison.csv, replaced whole."""
    written = out / ".comparison.csv.new"
    write_csv(comparison_frame(results), written)
    written.replace(out / "comparison.csv")
