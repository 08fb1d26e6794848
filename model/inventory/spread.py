"""The spread of totals over draws: of the region, its cities and sectors, by pollutant."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.inventory.draws import total_draws
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.parameters import Parameters
from model.tables.read import Tables

Names = NDArray[np.object_]

ALL = "all"
"""City or sector of a sum over all of them."""
TAILS = (0.025, 0.975)


def total_spread(
    inventory: Inventory, tables: Tables, parameters: Parameters, theta: Floats, memory: int, seed: int = 0
) -> pd.DataFrame:
    """Totals over the draws, t/yr: pollutant, city, sector (`ALL` = summed), value, mean, sd, low, high.

    value: of the tables as they are; low and high: 2.5 % and 97.5 % quantiles. What sources share moves them
    together, so the parts of a total do not add up in low and high. Arguments and errors as `total_draws`,
    whose result, [city x sector, pollutant, D], is held beside `memory`.
    """
    sources = inventory.sources
    labels = pd.DataFrame({name: sources[name].astype("object").fillna("") for name in ("city", "sector")})
    numbered = labels.groupby(["city", "sector"])
    groups, names = numbered.ngroup().to_numpy().astype(np.int64), numbered.size().index
    drawn = total_draws(inventory, tables, parameters, theta, memory, groups, seed)
    emission = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    value = np.zeros((len(names), len(POLLUTANTS)))
    np.add.at(value, groups, emission)
    city, sector = (names.get_level_values(name).to_numpy(dtype=object) for name in ("city", "sector"))
    rows = []
    for one, other in _sums(city, sector):
        kept = ((city == one) | (one == ALL)) & ((sector == other) | (other == ALL))
        for i, pollutant in enumerate(POLLUTANTS):
            draws = drawn[kept, i].sum(axis=0)
            low, high = np.quantile(draws, TAILS)
            sd = draws.std(ddof=1) if draws.size > 1 else 0.0
            rows.append((pollutant, one, other, value[kept, i].sum(), draws.mean(), sd, low, high))
    return pd.DataFrame(
        rows, columns=["pollutant", "city", "sector", "value", "mean", "sd", "low", "high"]
    ).sort_values(
        "pollutant", key=lambda names: names.map(POLLUTANTS.index), kind="stable", ignore_index=True
    )


def _sums(city: np.ndarray, sector: np.ndarray) -> list[tuple[str, str]]:
    """The region, its cities, its sectors, and the sectors of each city."""
    cities, sectors = sorted(set(city)), sorted(set(sector))
    pairs = sorted(zip(city, sector, strict=True))
    return [(ALL, ALL), *((c, ALL) for c in cities), *((ALL, s) for s in sectors), *pairs]
