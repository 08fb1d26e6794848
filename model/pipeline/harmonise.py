"""Modelled series of a scenario moved to what was observed of its start year, by named methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.baseline import build_baseline
from model.calibration.harmonise import Chosen, choose, harmonised
from model.calibration.inversion import Floats, Ints
from model.calibration.observe import observe
from model.inventory.emissions import Inventory
from model.scenario.scenario import Scenario
from model.tables.read import Tables

TREE = "tree"
"""The method that picks one of the others for each series."""
SAME = ("area", "quantity", "where", "account", "operator", "unit")
"""What observations of different years have to have in common to be one series."""


def harmonised_frame(
    tables: Tables, inventory: Inventory, scenario: Scenario, accounts: Sequence[str], methods: Sequence[str]
) -> pd.DataFrame:
    """observation, SAME, method, picked (by the tree: how large the difference, how variable the changes),
    year, model and harmonised: emission of the case frozen from the start year on, in the observation's unit.

    Raises:
        InputError: a method is not known or can not be used for a series; as `observe` and `build_baseline`.
    """
    frozen = build_baseline(tables, inventory, scenario, "frozen").inventory
    years = np.array([scenario.start, *scenario.years], dtype=np.int64)
    by_year = [observe(_as_of(frozen, int(year), scenario.start), tables, accounts).frame for year in years]
    of_start = by_year[0][by_year[0]["quantity"].isin(POLLUTANTS)]
    models = pd.concat([frame.set_index("observation")["model"] for frame in by_year], axis=1)
    rows = [
        line
        for row in of_start.to_dict("records")
        for method in methods
        for line in _lines(row, method, years, models.loc[row["observation"]].to_numpy(dtype=float), tables)
    ]
    columns = ["observation", *SAME, "method", "picked", "difference", "variation", "year", "model"]
    return pd.DataFrame(rows, columns=[*columns, "harmonised"])


def _as_of(frozen: Inventory, year: int, start: int) -> Inventory:
    """A year of the case as if it were the start year, so that observations of that are held against it."""
    return Inventory(
        frozen.sources,
        frozen.activity.sel(year=[year]).assign_coords(year=[start]),
        frozen.factor.sel(year=[year]).assign_coords(year=[start]),
    )


def _lines(
    row: dict[Any, Any], method: str, years: Ints, modelled: Floats, tables: Tables
) -> Iterator[tuple[Any, ...]]:
    base, there = int(years[0]), np.nan_to_num(modelled)
    picked = Chosen(method, np.nan, np.nan)
    try:
        if method == TREE:
            picked = choose(years, there, base, *_history(row, base, tables))
        moved = harmonised(years, there, base, float(row["value"]), picked.method)
    except ValueError as error:
        fault = Fault("--method", None, None, method, f"can not be used for {row['observation']}", str(error))
        raise InputError([fault]) from None
    names = [row["observation"], *(row[name] for name in SAME), method]
    for year, before, after in zip(years.tolist(), there.tolist(), moved.tolist(), strict=True):
        yield (*names, picked.method, picked.difference, picked.variation, year, before, after)


def _history(row: dict[Any, Any], base: int, tables: Tables) -> tuple[Ints, Floats]:
    """Years and values of the observations of the same thing up to the base year."""
    table = tables.frame["observations"]
    alike = table["year"] <= base
    for name in SAME:
        alike &= table[name].fillna("") == row[name]
    found = table[alike].drop_duplicates("year", keep="last")
    return found["year"].to_numpy(dtype=np.int64), found["value"].to_numpy(dtype=np.float64)
