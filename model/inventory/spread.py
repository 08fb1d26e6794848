"""How uncertain sums of emission are, to first order (IPCC 2006, volume 1, chapter 3, approach 1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from model.inventory.closures import Bools
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.parameters import Parameters, elasticities
from model.tables.read import Tables


def log_sds_of_sums(
    inventory: Inventory, tables: Tables, parameters: Parameters, groups: Sequence[Bools]
) -> Floats:
    """Standard deviation of ln of the emission of groups of sources [S] in the first year.

    [group, pollutant]; nan where a group emits none.

    A sum moves with a parameter as its parts do, weighted by their emission; parameters are independent, and
    so are the own deviations of sources.
    """
    emission: Floats = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    size, count = emission.shape
    follows = elasticities(inventory.sources, tables, parameters)
    of_activity = csr_array(
        (np.ones(size), (np.arange(size), parameters.of_activity)), shape=(size, len(parameters.frame))
    )
    kept = np.array(groups, dtype=np.float64).reshape(len(groups), size)
    out = np.empty((len(groups), count))
    for i in range(count):
        parts = csr_array(kept * emission[:, i])
        moved = (parts @ (follows[i::count] + of_activity)).toarray() * parameters.log_sd
        own = parts.toarray() * parameters.unit_log_sd
        variance = (moved**2).sum(axis=1) + (own**2).sum(axis=1)
        total = kept @ emission[:, i]
        out[:, i] = np.divide(np.sqrt(variance), total, out=np.full(len(groups), np.nan), where=total > 0)
    return out
