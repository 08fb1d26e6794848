"""The day of an alert: a working day of the month, source by source, from the inventory of the start year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import ALERTED
from model.inventory.emissions import Inventory
from model.tables.read import Tables

Floats = NDArray[np.float64]

POLLUTANTS = ALERTED
"""The order of the axes here."""

KG = 1000.0
"""kg in a tonne."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Day:
    """activity [S] in the unit of the class; emission [S, P] in kg, 0 where there is no factor; part [S]:
    share of the year's activity that falls on the day.
    """

    sources: pd.DataFrame
    activity: Floats
    emission: Floats
    part: Floats


def make_day(inventory: Inventory, tables: Tables, year: int, months: Sequence[int]) -> Day:
    """A working day of the mean of `months`.

    activity of the day = activity of the year x share of the months (profile CLASS.DUTY, else CLASS) / their
    days x factor of working days of the class (1 where there is none).

    Raises:
        InputError: sources of a class that has no profile.
    """
    sources = inventory.sources
    part = _month_shares(sources, tables, months) / sum(monthrange(year, month)[1] for month in months)
    weekday = tables.frame["weekdays"].set_index("class")["factor"]
    part = part * sources["class"].map(weekday).fillna(1.0).to_numpy(dtype=float)
    activity = inventory.activity.sel(year=year).to_numpy()
    factor = inventory.factor.sel(year=year, pollutant=list(POLLUTANTS)).to_numpy()
    emission = np.nan_to_num(activity[:, None] * factor) * part[:, None] * KG
    return Day(sources, np.nan_to_num(activity * part), emission, part)


def _month_shares(sources: pd.DataFrame, tables: Tables, months: Sequence[int]) -> Floats:
    """Share of the year's activity that falls in the months, [S]."""
    profiles = tables.frame["profiles"].set_index("profile")
    share = profiles[[MONTHS[month - 1] for month in months]].sum(axis=1)
    by_duty = (sources["class"] + "." + sources["duty"].fillna("")).map(share)
    found = by_duty.fillna(sources["class"].map(share))
    faults = [
        Fault("reference/profiles.csv", None, "profile", name, "has no row", "add the months of this class")
        for name in sorted(set(sources["class"][found.isna()]))
    ]
    if faults:
        raise InputError(faults)
    return found.to_numpy(dtype=float)
