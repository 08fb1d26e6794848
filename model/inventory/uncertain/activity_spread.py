"""How well the activity of sources is known: what a statistic shares, and what is a unit's own.

Sources of one class, fuel and citation rest on one statistic and share its error. What of it is a part of a
control total that the inventory meets has the log_sd

    sqrt(t^2 + ((1 - w) r)^2)

with t the log_sd of the total, w the share that this part has of what the total covers and r the log_sd of
the rows' own rating. (Deviations e_i of the parts of a total that is known leave e_i - sum_j w_j e_j, of
which (1 - w_i) e_i is the larger part.) Of several totals the one that gives least counts; without one, it is
r. Parts of a statistic under different totals are independent: its log_sd is that of their sum, the root of
the squares of share x log_sd.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints, group_states
from model.inventory.observed.evidence import fixing_totals
from model.inventory.ratings import Z95, rating_log_sds
from model.tables.read import Tables

KEYS = ("class", "fuel", "citation")
UNIT_SPREAD = 1.0
"""What one unit may take of a total that it has a share of: between half and twice its part (own estimate:
the full-load hours of boilers and power units of one kind differ by about that)."""


def activity_parameters(inventory: Inventory, tables: Tables) -> tuple[pd.DataFrame, Ints, Floats]:
    """Rows of parameters of kind activity, the row of each source [S], and the log_sd of its own deviation
    [S]: that of UNIT_SPREAD for constructed sources, 0 for the others.

    Raises InputError as `closures` does.
    """
    sources = inventory.sources
    groups = group_states(sources, KEYS)
    group, size = groups.of_state, len(groups.keys)
    own = rating_log_sds(sources["rating"])
    rated = np.zeros(size)
    np.maximum.at(rated, group, own)
    activity = inventory.activity.isel(year=0).to_numpy()
    log_sd = _held(rated, group, activity, inventory, tables)
    first = sources.iloc[np.unique(group, return_index=True)[1]]
    names = groups.keys.apply(lambda row: "activity/" + "/".join(str(cell) for cell in row), axis=1)
    frame = pd.DataFrame(
        {
            "parameter": names.astype("str"),
            "kind": "activity",
            "file": first["file"].to_numpy(),
            "class": groups.keys["class"],
            "fuel": groups.keys["fuel"],
            "value": np.bincount(group, weights=activity, minlength=size),
            "unit": first["activity_unit"].to_numpy(),
            "log_sd": log_sd,
            "rating": first["rating"].to_numpy(),
            "citation": groups.keys["citation"],
        }
    )
    constructed = sources["constructed"].to_numpy(dtype=bool)
    return frame, group, np.where(constructed, np.log1p(UNIT_SPREAD) / Z95, 0.0)


def _held(rated: Floats, group: Ints, activity: Floats, inventory: Inventory, tables: Tables) -> Floats:
    """log_sd of every statistic [G]: that of its rows (`rated`), or less where totals cover it."""
    fuel = activity * inventory.sources["fuel_gj_per_activity"].to_numpy(dtype=np.float64)
    least, under = rated[group], np.full(len(group), -1, dtype=np.int64)  # of each source, and its total
    for number, (total, kept) in enumerate(fixing_totals(inventory, tables)):
        weight = np.where(kept, fuel if fuel[kept].any() else activity, 0.0)
        if not (total.low > 0 and weight.sum() > 0):
            continue
        spread = np.log(total.high / total.low) / (2 * Z95)
        share = np.bincount(group, weights=weight, minlength=len(rated)) / weight.sum()
        part = np.hypot(spread, (1 - share) * rated)[group]
        narrower = (weight > 0) & (part < least)
        least, under = np.where(narrower, part, least), np.where(narrower, number, under)
    return _of_parts(group, under, least, activity, rated)


def _of_parts(group: Ints, under: Ints, spread: Floats, activity: Floats, rated: Floats) -> Floats:
    """log_sd of statistics [G] whose sources [S] stand under totals, each with the log_sd there."""
    parts, part = np.unique(np.stack([group, under]), axis=1, return_inverse=True)
    amount = np.bincount(part, weights=activity)
    whole = np.bincount(parts[0], weights=amount, minlength=len(rated))[parts[0]]
    share = np.divide(amount, whole, out=np.zeros_like(amount), where=whole > 0)
    of_part = np.zeros(len(amount))
    of_part[part] = spread
    squares = np.bincount(parts[0], weights=(share * of_part) ** 2, minlength=len(rated))
    known = np.bincount(parts[0], weights=share, minlength=len(rated)) > 0
    return np.where(known, np.sqrt(squares), rated)
