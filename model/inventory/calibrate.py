"""Calibration: multipliers on emission factors, controls and activity that a scenario names.

A row multiplies the factor of what it names; with `control` what that control lets through; with `source` one
source alone; as `pollutant: activity` the activity of the sources. Of the rows that are not of one source the
most specific wins, those that name a class before those of any; a row of one source multiplies beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.base.words import OFFICIAL_ACCOUNTS, POLLUTANTS
from model.inventory.lookup import Floats, Groups, Ints, best_rows, group_states, take
from model.tables.read import Tables

Bools = NDArray[np.bool_]

ACTIVITY = "activity"
KEYS = ("class", "fuel", "technology", "city")
OF_CONTROL = ("control", "class")
OWN = "own_calibration"
"""Column of sources and states: the source where its calibration has rows of it alone, else missing."""


def check_calibration(name: str, tables: Tables) -> None:
    """Raise InputError when no row of the region's calibration table has this name."""
    known = set(tables.frame["calibration"]["calibration"])
    if name not in known:
        file = f"{tables.region}/calibration.csv"
        right = nearest(name, known) if known else "the region has no calibration"
        raise InputError(
            [Fault(file, None, "calibration", name, "is not a calibration of the region", right)]
        )


def own_calibration(sources: pd.DataFrame, tables: Tables) -> pd.Series:
    """The column `OWN` of sources [S] with the columns source and calibration."""
    table = tables.frame["calibration"]
    table = table[table["source"].notna()]
    alone = pd.MultiIndex.from_frame(table[["calibration", "source"]])
    named = pd.MultiIndex.from_frame(sources[["calibration", "source"]]).isin(alone)
    return sources["source"].where(named).astype("str")


def calibration_factors(states: pd.DataFrame, tables: Tables) -> Floats:
    """Multipliers [n, pollutant] of the factors of states with the columns class, fuel, technology, capacity,
    city, calibration, outside_account and, where one source alone may be calibrated, `OWN`.

    1 where no row fits, where `calibration` is empty, and of official accounts for what is outside them,
    since their totals do not hold it.
    """
    return np.column_stack([_multipliers(states, name, KEYS, tables) for name in POLLUTANTS])


def activity_factors(sources: pd.DataFrame, tables: Tables) -> Floats:
    """Multipliers [S] of the activity of sources, with the columns of `calibration_factors` and citation."""
    named = sources.assign(statistic=sources["citation"])
    return _multipliers(named, ACTIVITY, (*KEYS, "statistic"), tables)


def control_factors(
    states: pd.DataFrame, pollutant: str, at: Ints, groups: Groups, capacity: Floats, tables: Tables
) -> Floats:
    """Multipliers [m] of what controls let through of a pollutant.

    at: the state of each pair of state and control, [m]; groups, capacity: of the pairs. 1 for states without
    the columns of `calibration_factors`.
    """
    table = tables.frame["calibration"]
    rows = table[(table["pollutant"] == pollutant) & table["control"].notna()]
    out = np.ones(len(at))
    if rows.empty or "calibration" not in states.columns:
        return out
    outside = states["outside_account"].to_numpy(dtype=bool)[at]
    names = states["calibration"].to_numpy()[at]
    for name, of_name in rows.groupby("calibration"):
        found = _best(of_name, groups, OF_CONTROL, capacity)
        out = np.where(names == name, _taken(of_name, found, outside), out)
    return out


def _multipliers(states: pd.DataFrame, what: str, keys: Sequence[str], tables: Tables) -> Floats:
    """Multipliers [n] of a pollutant or of the activity."""
    table = tables.frame["calibration"]
    rows = table[(table["pollutant"] == what) & table["control"].isna()]
    if rows.empty:
        return np.ones(len(states))
    outside = states["outside_account"].to_numpy(dtype=bool)
    capacity = states["capacity"].fillna(0.0).to_numpy(dtype=np.float64)
    shared, alone = rows[rows["source"].isna()], rows[rows["source"].notna()]
    used = [name for name in keys if shared[name].notna().any()]  # the fewer keys, the fewer groups
    used.append("calibration")
    groups = group_states(states, used)
    out = _taken(shared, _best(shared, groups, used, capacity), outside)
    if OWN in states.columns and states[OWN].notna().any():
        single = states[["calibration"]].assign(source=states[OWN])
        pair = ("calibration", "source")
        out = out * _taken(alone, best_rows(alone, group_states(single, pair), pair), outside)
    return out


def _best(table: pd.DataFrame, groups: Groups, keys: Sequence[str], capacity: Floats) -> Ints:
    """Position in the table of the row that holds for each state: of its class, else of any class."""
    found = np.full(groups.of_state.shape, -1, dtype=np.int64)
    of_class = table["class"].notna().to_numpy(dtype=bool)
    for at in (np.flatnonzero(~of_class), np.flatnonzero(of_class)):
        local = best_rows(table.iloc[at], groups, keys, "min_capacity", capacity)
        found = np.where(local >= 0, np.append(at, -1)[local], found)
    return found


def _taken(table: pd.DataFrame, rows: Ints, outside: Bools) -> Floats:
    """The multipliers at the rows found; 1 without a row, and outside the account of an official one."""
    multiply = take(table, "factor", rows)
    official = table["account"].map(lambda names: set(names) <= set(OFFICIAL_ACCOUNTS)).to_numpy(dtype=bool)
    left_out = outside & np.append(official, False)[rows]
    return np.where(np.isnan(multiply) | left_out, 1.0, multiply)
