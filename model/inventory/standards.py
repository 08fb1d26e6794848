"""Which emission standard a state meets: concentrations against limits at the reference oxygen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS, STANDARD_LEVELS
from model.inventory.fuel import Burning
from model.inventory.lookup import Floats, Groups, best_rows, take
from model.tables.read import Tables

Bools = NDArray[np.bool_]

KEYS = ("class", "fuel", "technology")
STANDARDS = ("national_limits", "special_limits", "ultra_low", "low_nox_gas")
REPORTED = ("SO2", "NOx", "PM10")
ROUNDING = 1e-9
"""A state that is built to run at the limit meets it: relative room for the rounding of its concentration."""
MG_PER_T = 1e9


def compliance(
    factor: Floats,
    added_nh3: Floats,
    has: Mapping[str, Bools],
    groups: Groups,
    capacity: Floats,
    fuel: Burning,
    exempt: Bools,
    tables: Tables,
) -> dict[str, Any]:
    """Columns concentration_SO2, _NOx, _PM10, meets, low_nox, nh3_slip, each [n].

    factor: t per unit of activity [n, pollutant]. A standard is met when every pollutant that it limits for
    the state is at most its limit and the controls it needs are there; an unknown concentration does not
    meet a limit. Exempt states (ended, or clean carriers) meet every standard: `closed`.
    """
    table = tables.frame["standards"]
    met: dict[str, Bools] = {}
    oxygen = {pollutant: np.full(len(factor), np.nan) for pollutant in POLLUTANTS}
    for standard in STANDARDS:
        rows = table[table["standard"] == standard]
        applies, kept = np.zeros(len(factor), dtype=bool), np.ones(len(factor), dtype=bool)
        for pollutant in rows["pollutant"].unique():
            of_pollutant = rows[rows["pollutant"] == pollutant]
            found = best_rows(of_pollutant, groups, KEYS, "min_capacity", capacity)
            o2 = take(of_pollutant, "ref_o2_pct", found)
            oxygen[pollutant] = np.where(np.isnan(oxygen[pollutant]), o2, oxygen[pollutant])
            limit = take(of_pollutant, "limit_mg_m3", found)
            holds = _concentration(factor[:, POLLUTANTS.index(pollutant)], fuel, o2) <= limit * (1 + ROUNDING)
            kept &= (found < 0) | ((np.isnan(limit) | holds) & _has_needed(of_pollutant, found, has))
            applies |= found >= 0
        met[standard] = (applies & kept) | exempt
    level = np.zeros(len(factor), dtype=np.int64)
    for rank, standard in enumerate(STANDARD_LEVELS):
        if standard in met:
            level[met[standard]] = rank
    level[exempt] = STANDARD_LEVELS.index("closed")
    out: dict[str, Any] = {
        f"concentration_{p}": _concentration(factor[:, POLLUTANTS.index(p)], fuel, oxygen[p])
        for p in REPORTED
    }
    out["meets"] = pd.array(np.array(STANDARD_LEVELS)[level], dtype="str")
    out["low_nox"] = met["low_nox_gas"]
    o2 = np.full(len(factor), np.nan)
    for pollutant in ("NOx", "SO2", "PM10"):
        o2 = np.where(np.isnan(o2), oxygen[pollutant], o2)
    out["nh3_slip"] = np.where(added_nh3 > 0, _concentration(added_nh3, fuel, o2), 0.0)
    return out


def _concentration(factor: Floats, fuel: Burning, o2: Floats) -> Floats:
    """mg/m3 at the reference oxygen; NaN where factor or flue gas are not known."""
    flue_gas = fuel.flue_gas(o2)
    out: Floats = np.full(factor.shape, np.nan)
    np.divide(factor * MG_PER_T, flue_gas, out=out, where=flue_gas > 0)
    return out


def _has_needed(rows: pd.DataFrame, found: NDArray[np.int64], has: Mapping[str, Bools]) -> Bools:
    """Whether each state has every control that its row names, [n]."""
    out = np.ones(found.shape, dtype=bool)
    for position, needed in enumerate(rows["needs_control"]):
        for name in needed:
            out &= (found != position) | has.get(name, np.zeros(found.shape, dtype=bool))
    return out
