"""Controls that units got since the first inventory year: shares of what stood then, by a table of facts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.spread import to_options

KEY_CITIES, KEY_COUNTIES = ("1501", "1502", "1503"), ("150622", "150621")
"""Key area of the plan of 2018, article 2(6); the surroundings of Wuhai are the parks."""
SPOKEN_OF = ("class", "plant", "where", "technology", "above", "upto", "controls_from")
"""Columns that say which units a change is of; an empty cell means any."""


def in_key_area(rows: pd.DataFrame) -> pd.Series:
    """Whether special limits bind a row of a key industry from 2020 on, by its area and park."""
    area = rows["area"]
    return area.str[:4].isin(KEY_CITIES) | area.isin(KEY_COUNTIES) | rows["park"].notna()


def changed(rows: pd.DataFrame, changes: pd.DataFrame, by: list[str]) -> pd.Series:
    """Controls after the changes, in turn within the order of `by`; a row follows the first that names it.

    `changes`: columns of SPOKEN_OF, controls_to and share (the rest keeps what it has). `above` and `upto`
    bound the column capacity of `rows`; `where` is key (in_key_area) or other.
    """
    keys = [column for column in SPOKEN_OF if column in changes]
    controls = rows["controls"].fillna("")
    out, left = controls.copy(), pd.Series(True, index=rows.index)
    for values, options in changes.fillna({"controls_from": ""}).groupby(keys, sort=False, dropna=False):
        kind = {key: value for key, value in zip(keys, values, strict=True) if pd.notna(value)}
        hit = left & (controls == kind.pop("controls_from"))
        if "where" in kind:
            hit &= in_key_area(rows) == (kind.pop("where") == "key")
        hit &= rows["capacity"].fillna(0.0) > kind.pop("above", -np.inf)
        hit &= rows["capacity"].fillna(0.0) <= kind.pop("upto", np.inf)
        for column, value in kind.items():
            hit &= rows[column] == value
        shares = options.set_index("controls_to")["share"]
        shares[options["controls_from"].iloc[0]] = 1 - shares.sum()
        out[hit] = to_options(rows[hit], by, shares[shares > 0])
        left &= ~hit
    return out
