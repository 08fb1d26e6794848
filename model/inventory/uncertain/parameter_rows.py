"""Rows of the tables as parameters: name, kind, median, unit and standard deviation of the logarithm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.inventory.ratings import log_sds, rating_log_sds
from model.tables.read import Tables

CERTAIN = ("reference_capacity",)
"""Items of measure_data that are definitions."""
LEAST_CHANGE, MOST_CHANGE = 0.01, 1.0
"""What is uncertain about growth is the change since the base year, |ln factor|: no less than this a year is
assumed of it and, of what fades out or begins from almost nothing, no more than that in all."""


def of_tables(tables: Tables) -> tuple[pd.DataFrame, ...]:
    """The rows of emission_factors, fuels, controls, growth, measure_data and prices that are not 0.

    Each has parameter, kind, value, unit, log_sd beside the columns of its table.
    """
    makers = (_factors, _fuels, _controls, _growth, _measure_data, _prices)
    return tuple(make(tables) for make in makers)


def _named(table: pd.DataFrame, kind: str, keys: tuple[str, ...]) -> pd.DataFrame:
    """The rows with kind and a name of kind and keys."""
    texts = [table[key].astype("object").map(_text) for key in keys]
    names = [f"{kind}/" + "/".join(cells) for cells in zip(*texts, strict=True)]
    return table.assign(kind=kind, parameter=pd.Series(names, index=table.index, dtype="str"))


def _text(cell: Any) -> str:
    if pd.isna(cell):
        return "-"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _factors(tables: Tables) -> pd.DataFrame:
    table = tables.frame["emission_factors"]
    table = table[table["value"] > 0]
    table = table.assign(log_sd=log_sds(table))
    return _named(table, "factor", ("class", "fuel", "technology", "min_capacity", "pollutant"))


def _fuels(tables: Tables) -> pd.DataFrame:
    table = tables.frame["fuels"]
    table = table[table["co2_kg_per_gj"] > 0]
    spread = rating_log_sds(table["rating"])
    table = table.assign(value=table["co2_kg_per_gj"], unit="kg/GJ", pollutant="CO2", log_sd=spread)
    return _named(table, "factor", ("fuel", "pollutant"))


def _controls(tables: Tables) -> pd.DataFrame:
    """Value: the outlet concentration, else what is let through, else (no removal) what is added."""
    table = tables.frame["controls"]
    removed = table["removal"].fillna(0.0)
    let_through = 1 - table["capture"] * removed * table["running_share"]
    added = table["added_g_per_gj"].where(table["added_g_per_gj"] > 0, table["added_g_per_activity"])
    choices = (
        (table["outlet_mg_m3"].notna(), table["outlet_mg_m3"], "mg/m3"),
        (removed > 0, let_through, "1"),
        (table["added_g_per_gj"] > 0, added, "g/GJ"),
    )
    cases = [case for case, _, _ in choices]
    value = np.select(cases, [number for _, number, _ in choices], added)
    unit = np.select(cases, [name for _, _, name in choices], "g")
    table = table.assign(value=value, unit=unit, log_sd=rating_log_sds(table["rating"]))
    return _named(table[table["value"] > 0], "control", ("control", "class", "min_capacity", "pollutant"))


def _growth(tables: Tables) -> pd.DataFrame:
    """A rating says how well the change is known: a statistic that grows by a tenth is not tenfold in a year
    because its growth is an own estimate. log_sd = change times that of the rating."""
    table = tables.frame["growth"]
    table = table[table["factor"] > 0]
    years = (table["year"] - table["base_year"]).abs().to_numpy(dtype=np.float64)
    change = np.abs(np.log(table["factor"].to_numpy(dtype=np.float64)))
    change = np.clip(change, LEAST_CHANGE * years, MOST_CHANGE)
    spread = change * rating_log_sds(table["rating"])
    table = table.assign(value=table["factor"], unit="1", log_sd=spread)
    keys = ("growth", "class", "fuel", "technology", "size", "city", "duty", "year")
    return _named(table, "growth", keys)


def _measure_data(tables: Tables) -> pd.DataFrame:
    table = tables.frame["measure_data"]
    table = table[(table["value"] != 0) & ~table["item"].isin(CERTAIN)]
    table = table.assign(log_sd=log_sds(table))
    return _named(table, "cost", ("measure", "class", "min_capacity", "item"))


def _prices(tables: Tables) -> pd.DataFrame:
    table = tables.frame["prices"]
    table = table[table["value"] > 0]
    table = table.assign(fuel=table["item"], log_sd=log_sds(table))
    return _named(table, "cost", ("item", "region", "year"))
