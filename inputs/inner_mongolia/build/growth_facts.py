"""Growth of classes and of kinds of vehicles as facts_growth.csv gives it: a few years, the rest between
them.

A row says how much there is against the base year of its growth scenario: of the class, or of one kind of
vehicle (stock, km_per_vehicle). `series` names the published series that a factor is taken from; a factor
never crosses a break of that series (breaks.csv).
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from inputs.build.turnover import Growth
from inputs.inner_mongolia.build.region import REGION

PLANNED, HAPPENED, OUTLOOK = "as_planned_2018", "as_happened", "outlook_14fyp"
SPAN = {PLANNED: (2017, 2020), HAPPENED: (2017, 2020), OUTLOOK: (2020, 2028)}
"""Base year and last year of a growth scenario."""
WHAT = ["growth", "class", "kind", "duty", "quantity"]


@cache
def facts() -> pd.DataFrame:
    """facts_growth.csv with empty cells as empty text."""
    table = REGION.facts("facts_growth")
    words = table.columns.difference(["year", "factor"])
    return table.fillna(dict.fromkeys(words, ""))


def path(
    growth: str, group: str, kind: str = "", duty: str = "", quantity: str = "activity"
) -> tuple[Growth, str]:
    """Factor of every year after the base year, geometric between the years given, and the citation.

    Years without a row at all are 1. Raises ValueError when the rows end before the growth scenario does.
    """
    table = facts()
    wanted = (growth, group, kind, duty, quantity)
    rows = table[(table[WHAT] == pd.Series(wanted, index=WHAT)).all(axis=1)]
    base, last = SPAN[growth]
    points = {base: 1.0, **dict(zip(rows["year"], rows["factor"], strict=True))}
    if len(rows) and max(points) < last:
        raise ValueError(f"{wanted} ends in {max(points)}")
    years = range(base + 1, last + 1)
    cited = [c for c in rows["citation"] if c != "own_estimate"]
    return {year: _between(points, year) for year in years}, cited[0] if cited else "own_estimate"


def _between(points: Growth, year: int) -> float:
    """Geometric between two given years, the last value after them."""
    before = max(y for y in points if y <= year)
    after = min((y for y in points if y >= year), default=before)
    if before == after:
        return points[before]
    return float(points[before] * (points[after] / points[before]) ** ((year - before) / (after - before)))


def groups(growth: str) -> pd.DataFrame:
    """Class and duty of the rows that are about a whole class."""
    table = facts()
    rows = table[(table["growth"] == growth) & (table["quantity"] == "activity")]
    return rows[["class", "duty"]].drop_duplicates()


def check() -> None:
    """No factor may cross a break of the series it is taken from."""
    breaks = REGION.table("breaks")
    rows = facts().merge(breaks, on="series", suffixes=("", "_break"))
    base = rows["growth"].map({name: span[0] for name, span in SPAN.items()})
    crossing = rows[(base < rows["year_break"]) & (rows["year_break"] <= rows["year"])]
    assert crossing.empty, crossing[[*WHAT, "series", "year", "year_break"]].to_string()
