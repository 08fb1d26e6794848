"""Calibration: multipliers on emission factors that a scenario names (design: section 3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.base.words import POLLUTANTS
from model.inventory.lookup import Floats, best_rows, group_states, take
from model.tables.read import Tables

KEYS = ("class", "fuel", "city")


def check_calibration(name: str, tables: Tables) -> None:
    """Raise InputError when no row of the region's calibration table has this name."""
    known = set(tables.frame["calibration"]["calibration"])
    if name not in known:
        file = f"{tables.region}/calibration.csv"
        right = nearest(name, known) if known else "the region has no calibration"
        raise InputError(
            [Fault(file, None, "calibration", name, "is not a calibration of the region", right)]
        )


def calibration_factors(states: pd.DataFrame, tables: Tables) -> Floats:
    """Multipliers [n, pollutant] of states with the columns class, fuel, city, calibration, outside_account.

    The most specific row of the state's calibration wins; 1 where none fits, where `calibration` is empty,
    and for everything outside official accounts, since these totals do not hold it.
    """
    table = tables.frame["calibration"]
    groups = group_states(states, (*KEYS, "calibration"))
    inside = ~states["outside_account"].to_numpy(dtype=bool)
    out = np.ones((len(states), len(POLLUTANTS)))
    for i, pollutant in enumerate(POLLUTANTS):
        rows = table[table["pollutant"] == pollutant]
        multiply = take(rows, "factor", best_rows(rows, groups, (*KEYS, "calibration")))
        out[:, i] = np.where(inside & ~np.isnan(multiply), multiply, 1.0)
    return out
