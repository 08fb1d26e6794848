"""Growth of activity: the most specific row of growth.csv, or the factors a scenario gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.inventory.lookup import best_rows, group_states
from model.scenario.scenario import Scenario
from model.tables.read import Tables

KEYS = ("fuel", "technology", "size", "city", "duty")
"""Keys that make a growth row more specific than its class; an empty one matches every source."""


def growth_factors(
    tables: Tables, scenario: Scenario, sources: pd.DataFrame, years: Sequence[int]
) -> NDArray[np.float64]:
    """Activity of each source against the start year, [S, Y], 1 where nothing is said of its class.

    Between the years of a series the factor is interpolated from (base year, 1) on; nothing is extrapolated.

    Raises:
        InputError: unknown growth scenario, base year other than the start, a tie of two equally specific
            rows, a year beyond the series, a series across a listed break.
    """
    growth = scenario.growth
    if growth is None:
        return np.ones((len(sources), len(years)))
    if isinstance(growth, str):
        return _from_table(tables, scenario, growth, sources, years)
    return _from_scenario(scenario, growth, sources, years)


def _from_scenario(
    scenario: Scenario, growth: Mapping[str, Mapping[int, float]], sources: pd.DataFrame, years: Sequence[int]
) -> NDArray[np.float64]:
    factors = np.ones((len(sources), len(years)))
    classes = sources["class"].to_numpy(dtype=object)
    for name, series in growth.items():
        place = f"growth.{name}"
        points = {scenario.start: 1.0, **series}
        if max(points) < years[-1]:
            raise InputError([_beyond(str(scenario.path), None, place, years[-1], max(points))])
        factors[classes == name] = np.interp(years, sorted(points), [points[y] for y in sorted(points)])
    return factors


def _from_table(
    tables: Tables, scenario: Scenario, name: str, sources: pd.DataFrame, years: Sequence[int]
) -> NDArray[np.float64]:
    frame = tables.frame["growth"]
    rows = frame[frame["growth"] == name]
    if rows.empty:
        right = nearest(name, frame["growth"].unique())
        raise InputError([Fault(str(scenario.path), None, "growth", name, "is not in growth.csv", right)])
    if (of_start := rows[rows["base_year"] == scenario.start]).empty:
        wrong = f"has no row of base year {scenario.start}, the start year"
        raise InputError([Fault(str(scenario.path), None, "growth", name, wrong)])
    keys = ("class", *KEYS)
    series = of_start.drop_duplicates(list(keys)).reset_index(drop=True)
    chosen = best_rows(series, group_states(sources, keys), keys)
    points = of_start.groupby(list(keys), dropna=False, sort=False)[["year", "factor"]]
    faults = _across_breaks(of_start, tables.frame["breaks"])
    factors = np.ones((len(sources), len(years)))
    for at, (_, given) in enumerate(points):
        hit = chosen == at
        row = series.iloc[at]
        if hit.any() and given["year"].max() < years[-1]:
            faults.append(_beyond(row["file"], int(row["row"]), "year", years[-1], int(given["year"].max())))
        known = {scenario.start: 1.0, **dict(zip(given["year"], given["factor"], strict=True))}
        factors[hit] = np.interp(years, sorted(known), [known[y] for y in sorted(known)])
    if faults:
        raise InputError(faults)
    return factors


def _across_breaks(rows: pd.DataFrame, breaks: pd.DataFrame) -> list[Fault]:
    """Rows whose base year and year lie on two sides of a break of a series named as their class."""
    faults = []
    for brk in breaks.to_dict("records"):
        series = rows["class"] == brk["series"]
        crossing = rows[series & (rows["base_year"] < brk["year"]) & (rows["year"] >= brk["year"])]
        for row in crossing.to_dict("records"):
            wrong = f"growth to {row['year']} crosses the break of {brk['year']}: {brk['about']}"
            place = (row["file"], row["row"], "base_year", str(row["base_year"]))
            faults.append(Fault(*place, wrong, "give growth within one series"))
    return faults


def _beyond(file: str, row: int | None, column: str, year: int, last: int) -> Fault:
    wrong = f"growth ends in {last}, the scenario runs to {year}"
    return Fault(file, row, column, None, wrong, f"give the factor of {year}")
