"""The prices and costs that a plan rests on, each with its range, rating and citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from model.results.results import ordered
from model.scenario.amounts import Amount
from model.scenario.scenario import Scenario
from model.tables.read import Tables

SET = "scenario"
"""Citation of what the scenario itself sets."""

_SHOWN = ("capital", "fixed_om", "variable_om", "lifetime")


def assumption_frame(tables: Tables, scenario: Scenario, actions: pd.DataFrame) -> pd.DataFrame:
    """Rows as the tables have them: prices of the decision years that hold in the region, then capital, O&M
    and lifetime of the measures of the plan. A price that the scenario sets takes the place of the table's.

    kind: price or measure. subject: priced item or measure. item: `price`, or the item of measure_data. year:
    the year of a price; the price year of a cost.
    """
    prices = tables.frame["prices"]
    rows = prices.assign(place=prices["region"].fillna(""), subject=prices["item"])
    rows = rows[rows["place"].isin({"", *tables.frame["areas"]["area"]})]
    rows = rows[_used(rows, scenario.years) & ~rows["item"].isin(scenario.prices.keys())]
    rows = rows.assign(kind="price", item="price")
    used = {measure for package in actions["measures"] for measure in str(package).split("+")}
    data = tables.frame["measure_data"]
    data = data[data["measure"].isin(used) & data["item"].isin(_SHOWN)]
    data = data.assign(kind="measure", subject=data["measure"], year=data["price_year"])
    place = data["class"].astype(object).fillna("")
    least = data["min_capacity"].map(lambda value: f">={value:g}" if value == value else "")
    given = pd.DataFrame(_given(scenario))
    parts = [given, rows, data.assign(place=(place + " " + least).str.strip())]
    return ordered(pd.concat([part for part in parts if len(part)], ignore_index=True), "assumptions")


def _used(rows: pd.DataFrame, years: Sequence[int]) -> pd.Series[bool]:
    """Which rows a price is taken from: for each year that of the nearest earlier year, or the first."""
    used = pd.Series(False, index=rows.index)
    for _, series in rows.groupby(["subject", "place"], sort=False):
        ordered_years = series["year"].sort_values(kind="stable")
        at = np.maximum(np.searchsorted(ordered_years, years, side="right") - 1, 0)
        used[ordered_years.index[at]] = True
    return used


def _given(scenario: Scenario) -> list[dict[str, object]]:
    """Prices that the scenario sets, a row an item and year; year 0 where one holds for all."""
    rows: list[dict[str, object]] = []
    for item, given in scenario.prices.items():
        series: Mapping[int, Amount] = {0: given} if isinstance(given, Amount) else given
        for year, amount in series.items():
            about = {"kind": "price", "subject": item, "item": "price", "place": "", "year": year}
            rows.append({**about, "value": amount.value, "unit": amount.unit, "citation": SET})
    return [{"low": np.nan, "high": np.nan, "rating": "", **row} for row in rows]
