"""The most specific row of a reference table for each of many states (design: section 4).

An empty key of the table fits anything. Of the rows that fit, the one with most keys filled wins; among rows
that fill the same keys, the one with the greatest threshold (min_capacity, at_least) not above the state's
value. Two rows that fill as many but different keys are a tie, which is an error of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """States grouped by the names that tables key on: `keys` a row per group, `of_state` [n] the group of a
    state."""

    keys: pd.DataFrame
    of_state: Ints


def group_states(states: pd.DataFrame, names: Sequence[str]) -> Groups:
    """Group the states by the columns named; missing values count as a name that no row has."""
    numbers = np.zeros(len(states), dtype=np.int64)
    for name in names:
        codes, values = pd.factorize(states[name])  # -1: missing
        numbers = pd.factorize(numbers * (len(values) + 1) + codes + 1)[0]
    first = states.iloc[np.flatnonzero(~pd.Series(numbers).duplicated().to_numpy())]
    keys = pd.DataFrame({name: first[name].to_numpy(dtype=object, na_value="") for name in names})
    return Groups(keys, numbers.astype(np.int64))


def best_rows(
    table: pd.DataFrame,
    groups: Groups,
    keys: Sequence[str],
    threshold: str | None = None,
    value: Floats | None = None,
) -> Ints:
    """Position in the table of the row that holds for each state, [n]; -1 where none fits.

    keys: columns of the table and of `groups.keys`. threshold: column of least values, compared with
    `value` [n]; an empty threshold fits any value, a missing value fits an empty threshold only.

    Raises InputError that names both rows of each tie met.
    """
    if table.empty or groups.of_state.size == 0:
        return np.full(groups.of_state.shape, -1, dtype=np.int64)
    fits = np.ones((len(groups.keys), len(table)), dtype=bool)
    pattern = np.zeros(len(table), dtype=np.int64)
    for bit, key in enumerate(keys):
        cells = table[key].to_numpy(dtype=object, na_value="")
        names = groups.keys[key].to_numpy()
        fits &= (cells == "")[None, :] | (names[:, None] == cells[None, :])
        pattern |= (cells != "").astype(np.int64) << bit
    least = np.full(len(table), np.nan) if threshold is None else table[threshold].to_numpy(dtype=np.float64)
    pattern |= (~np.isnan(least)).astype(np.int64) << len(keys)
    steps = np.unique(least[~np.isnan(least)])
    step = np.zeros(groups.of_state.shape, dtype=np.int64)
    if value is not None:
        step = np.where(np.isnan(value), 0, np.searchsorted(steps, value, side="right")).astype(np.int64)
    row_step = np.where(np.isnan(least), 0, np.searchsorted(steps, least) + 1)

    case = groups.of_state * (len(steps) + 1) + step
    met = np.zeros(len(groups.keys) * (len(steps) + 1), dtype=bool)
    met[case] = True
    cases, case_of_state = np.flatnonzero(met), (np.cumsum(met) - 1)[case]  # np.unique without its sort
    group, at = cases // (len(steps) + 1), cases % (len(steps) + 1)
    fits = fits[group] & (row_step[None, :] <= at[:, None])
    filled = np.array([int(bits).bit_count() for bits in pattern])
    rank = np.where(fits, filled[None, :] * (len(steps) + 1) + row_step[None, :], -1)
    best = rank.argmax(axis=1)
    tied = fits & (filled[None, :] == filled[best][:, None]) & (pattern[None, :] != pattern[best][:, None])
    if tied.any():
        _raise_ties(table, groups.keys, group, best, tied, keys)
    best = np.where(fits.any(axis=1), best, -1)
    return np.asarray(best[case_of_state], dtype=np.int64)


def _raise_ties(
    table: pd.DataFrame,
    names: pd.DataFrame,
    group: Ints,
    best: Ints,
    tied: NDArray[np.bool_],
    keys: Sequence[str],
) -> None:
    faults = {}
    for case in np.flatnonzero(tied.any(axis=1)):
        one, other = sorted((int(best[case]), int(tied[case].argmax())))
        state = ", ".join(str(names[key].iloc[group[case]]) for key in keys)
        wrong = f"fits '{state}' as closely as row {table['row'].iloc[one]} does"
        right = "fill one key more in the row that shall win"
        faults[one, other] = Fault(
            str(table["file"].iloc[other]), int(table["row"].iloc[other]), ", ".join(keys), None, wrong, right
        )
    raise InputError(faults.values())


def take(table: pd.DataFrame, column: str, rows: Ints) -> Floats:
    """Numbers of a column at the rows found, [n]; NaN where no row fits."""
    values = np.append(table[column].to_numpy(dtype=np.float64), np.nan)
    return np.asarray(values[rows])
