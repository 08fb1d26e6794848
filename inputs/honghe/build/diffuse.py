"""Builds the tables that are spread whole from facts_spread.csv: homes, machines, solvents, petrol, farms,
and the other area sources."""

from __future__ import annotations

import pandas as pd

from inputs.honghe.build.counties import REGION
from inputs.honghe.build.spreading import check_totals, spread_table

TABLES = ("residential", "nonroad", "solvents", "oil", "agriculture", "area_sources")


def build(name: str) -> pd.DataFrame:
    """One of TABLES."""
    return spread_table(name)


def check(rows: pd.DataFrame, name: str) -> None:
    """Control totals and their ranges; the straw burnt follows from what is not used."""
    check_totals(rows, name)
    if name == "area_sources":
        left = REGION.control_total("straw_collectable.2017")
        left *= 1 - REGION.control_total("straw_used_share.2017") / 100
        assert abs(rows.loc[rows["class"] == "straw_burning", "activity"].sum() / (0.4 * left) - 1) < 0.01


if __name__ == "__main__":
    for table in TABLES:
        built = build(table)
        check(built, table)
        REGION.write(built, table)
