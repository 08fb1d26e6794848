"""Factors that are not there, and why (factor_gaps.csv)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.inventory.corrections import KEYS
from model.inventory.lookup import Ints, best_rows, group_states
from model.tables.read import Tables


def gap_rows(states: pd.DataFrame, tables: Tables) -> Ints:
    """Position in factor_gaps of the row that explains why a state has no factor of a pollutant.

    states: a row per state with class, fuel, technology. Returns [n, pollutant]; -1 where nothing is said.
    Whether there is a factor is not asked: the row says that there is none to expect.

    Raises InputError for ties between rows.
    """
    table = tables.frame["factor_gaps"]
    groups = group_states(states, KEYS)
    out = np.full((len(states), len(POLLUTANTS)), -1, dtype=np.int64)
    for i, pollutant in enumerate(POLLUTANTS):
        said = np.flatnonzero(table["pollutants"].map(lambda names, p=pollutant: p in names).to_numpy(bool))
        found = best_rows(table.iloc[said], groups, KEYS)
        out[:, i] = np.append(said, -1)[found]
    return out
