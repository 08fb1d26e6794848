"""The two inventory years of the units, and how totals and tables of each are called."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from inputs.inner_mongolia.build.region import REGION, START

YEARS = (START, 2020)


def of_year(name: str, year: int) -> str:
    """`name` of the first year, `name_YEAR` of others: tables, and control totals that are given by area."""
    return name if year == START else f"{name}_{year}"


def write_years(
    name: str, build: Callable[[int], pd.DataFrame], check: Callable[[pd.DataFrame], None]
) -> None:
    """Build, check and write a table of every inventory year."""
    for year in YEARS:
        built = build(year)
        check(built)
        REGION.write(built, of_year(name, year))
