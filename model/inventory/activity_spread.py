"""How well the activity of sources is known: what a statistic shares, and what is a unit's own.

Sources of one class, fuel and citation rest on one statistic and share its error. Where a control total that
the inventory meets covers all of them, the statistic is a part of that total: its log_sd is

    sqrt(t^2 + ((1 - w) r)^2)

with t the log_sd of the total, w the statistic's share of what the total covers and r the log_sd of the
rows' own rating. (Deviations e_i of the parts of a total that is known leave e_i - sum_j w_j e_j, of which
(1 - w_i) e_i is the larger part.) Of several totals the one that gives least counts. Without one, it is r.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.inventory.emissions import Inventory
from model.inventory.evidence import fixing_totals
from model.inventory.lookup import Floats, Ints, group_states
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
    """log_sd of every statistic [G]: that of its rows (`rated`), or less where a total covers all of it."""
    fuel = activity * inventory.sources["fuel_gj_per_activity"].to_numpy(dtype=np.float64)
    members = np.bincount(group, minlength=len(rated))
    out = rated.copy()
    for total, kept in fixing_totals(inventory, tables):
        weight = fuel if fuel[kept].any() else activity
        amount = np.bincount(group[kept], weights=weight[kept], minlength=len(rated))
        if not (total.low > 0 and amount.sum() > 0):
            continue
        covered = (np.bincount(group[kept], minlength=len(rated)) == members) & (amount > 0)
        spread = np.log(total.high / total.low) / (2 * Z95)
        part = np.hypot(spread, (1 - amount / amount.sum()) * rated)
        out = np.where(covered, np.minimum(out, part), out)
    return out
