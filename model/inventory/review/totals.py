"""Emission by city and sector with ranges; each total has a range of its own, since ranges do not add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS, SECTORS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.observed.closures import Bools
from model.inventory.ratings import Z95
from model.inventory.review.against import Spread

ALL = "all"
"""City or sector of a sum over all of them."""

COLUMNS = ("year", "city", "sector", "pollutant", "value", "unit", "low", "high")


def totals(inventory: Inventory, spread: Spread) -> pd.DataFrame:
    """Emission of the first year by city, sector and pollutant, COLUMNS; t/yr, low to high 95 %.

    City ALL is the region, sector ALL the city: their rows are sums of the others, with ranges of their own.
    What no source of a group emits has no row.
    """
    sources = inventory.sources
    city = sources["city"].to_numpy(dtype=object)
    sector = sources["sector"].to_numpy(dtype=object)
    groups = {
        (place, part): _kept(city, place) & _kept(sector, part)
        for place in (ALL, *sorted(set(city)))
        for part in (ALL, *SECTORS)
    }
    groups = {key: kept for key, kept in groups.items() if kept.any()}
    emission: Floats = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    log_sd = spread(list(groups.values()))
    year = int(inventory.activity["year"][0])
    rows = []
    for (key, kept), sds in zip(groups.items(), log_sd, strict=True):
        for pollutant, value, sd in zip(POLLUTANTS, emission[kept].sum(axis=0).tolist(), sds, strict=True):
            if value > 0:
                wide = float(np.exp(Z95 * sd))
                rows.append((year, *key, pollutant, value, "t/yr", value / wide, value * wide))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _kept(names: np.ndarray, name: str) -> Bools:
    return np.full(len(names), True) if name == ALL else np.asarray(names == name, dtype=bool)
