"""Writes docs/measures_plan.csv, what the actions of a run cost per tonne.

python -m docs.measures_plan FOLDER, where FOLDER is that of a finished run and holds plan.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

DOCS = Path(__file__).parent
TOLD = ("SO2", "NOx", "VOCs", "PM2.5", "SO2+NOx")
LEAST_TONNES = 1.0
"""An action that cuts less of a pollutant than this a year says nothing of its cost."""


def extract(plan: pd.DataFrame) -> pd.DataFrame:
    """A row per package of measures and pollutant that it cuts.

    Columns: measures (joined by +), pollutant, actions, investment_cny, annual_cost_cny, abated_t, mean
    (CNY/t of all tonnes, everything charged to the pollutant), low and high (costs between which eight tenths
    of the actions lie).

    Args:
        plan: plan.csv of a run.
    """
    rows = []
    for measures, group in plan.groupby("measures"):
        for pollutant in TOLD:
            cut = group[[f"abated_{name}_t" for name in pollutant.split("+")]].sum(axis=1)
            kept, cut = group[cut >= LEAST_TONNES], cut[cut >= LEAST_TONNES]
            if kept.empty:
                continue
            cost = kept["annual_cost_cny"]
            low, high = np.quantile(cost / cut, [0.1, 0.9])
            total = {"investment_cny": kept["investment_cny"].sum(), "annual_cost_cny": cost.sum()}
            told = {"abated_t": cut.sum(), "mean": cost.sum() / cut.sum(), "low": low, "high": high}
            rows.append({"measures": measures, "pollutant": pollutant, "actions": len(kept), **total, **told})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    found = extract(pd.read_csv(Path(sys.argv[1]) / "plan.csv"))
    found.round(1).to_csv(DOCS / "measures_plan.csv", index=False, lineterminator="\n")
