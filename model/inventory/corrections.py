"""Corrections of emission factors and intensities by attributes of the source (factor_corrections.csv)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.inventory.lookup import Floats, Groups, best_rows, take
from model.tables.read import Tables

KEYS = ("class", "fuel", "technology")
FUEL = "fuel"
"""What a row corrects that acts on the intensity of technologies and not on a pollutant."""


def corrections(states: pd.DataFrame, groups: Groups, what: str, tables: Tables) -> Floats:
    """Product of the corrections of one pollutant, or of `FUEL`, over the attributes they go with, [n].

    An attribute counts from `at_least` on, up to the next row; unknown values and attributes that the states
    do not have give 1.
    """
    table = tables.frame["factor_corrections"]
    table = table[table["pollutant"] == what]
    out = np.ones(len(states))
    for attribute in sorted(set(table["attribute"]).intersection(states.columns)):
        rows = table[table["attribute"] == attribute]
        value = states[attribute].to_numpy(dtype=np.float64)
        multiply = take(rows, "multiply", best_rows(rows, groups, KEYS, "at_least", value))
        out *= np.where(np.isnan(multiply), 1.0, multiply)
    return out
