"""Error propagation in closed form: IPCC 2006 Guidelines, volume 1, chapter 3, approach 1, beside the draws.

A total is T = sum_s E_s, and E_s follows parameter j with elasticity e_sj. What one number moves, it moves
together, so that it brings c_j v_j to the relative standard deviation r of the total:

    c_j = sum_s E_s e_sj / T,   v_j = sqrt(exp(log_sd_j^2) - 1), the relative sd of a lognormal number

Numbers are independent of each other and of the sources' own deviations u_s: squares add up,

    r^2 = sum_j (c_j v_j)^2 + sum_s (E_s v_us / T)^2

The 95 % range is that of the lognormal number with median T and relative standard deviation r, which for one
parameter is its own: T exp(-+ 1.96 sqrt(ln(1 + r^2))).

Good for small deviations. For wide ones it leaves out that sums of lognormal numbers are skew, that products
of wide ones are wider than their squares added up, and that no control lets more through than everything;
the draws have all three.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.ratings import Z95
from model.inventory.uncertain.parameters import Parameters, elasticities
from model.tables.read import Tables

OF_EMISSION = ("factor", "control", "activity")
"""Kinds of parameters that an emission depends on."""


@dataclass(frozen=True)
class Propagated:
    """Totals of groups of sources, [G, pollutant] each: value, low and high (95 %) in t/yr, relative_sd."""

    value: Floats
    relative_sd: Floats
    low: Floats
    high: Floats


def propagate(
    inventory: Inventory,
    tables: Tables,
    parameters: Parameters,
    groups: Ints,
    kinds: Collection[str] = OF_EMISSION,
) -> Propagated:
    """Ranges of the totals of groups of sources, in closed form.

    groups: [S] group of each source, 0 .. G-1, -1 = none; kinds: of the parameters that count (the sources'
    own deviations count with activity). Emission that is not known counts nothing. Raises as `state_effects`
    does.
    """
    emission = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    columns = len(POLLUTANTS)
    size = (int(groups.max(initial=-1)) + 1) * columns
    source, pollutant = np.nonzero((emission != 0) & (groups >= 0)[:, None])
    total, weight = groups[source] * columns + pollutant, emission[source, pollutant]
    value = np.bincount(total, weights=weight, minlength=size).astype(np.float64)
    share = np.divide(weight, value[total], out=np.zeros_like(weight), where=value[total] > 0)
    sums = csr_array((share, (total, source * columns + pollutant)), shape=(size, emission.size))
    moved = sums @ elasticities(inventory.sources, tables, parameters)
    of_activity = (share, (total, parameters.of_activity[source]))
    moved = moved + csr_array(of_activity, shape=moved.shape)
    counts = parameters.frame["kind"].isin(list(kinds)).to_numpy(dtype=bool)
    squares = np.where(counts, relative_sd(parameters.log_sd) ** 2, 0.0)
    variance: Floats = moved.power(2) @ squares
    if "activity" in kinds:
        own = (share * relative_sd(parameters.unit_log_sd)[source]) ** 2
        variance = variance + np.bincount(total, weights=own, minlength=size)
    relative = np.sqrt(variance)
    low, high = lognormal_range(value, relative)
    shape = (-1, columns)
    return Propagated(value.reshape(shape), relative.reshape(shape), low.reshape(shape), high.reshape(shape))


def relative_sd(log_sd: Floats) -> Floats:
    """Relative standard deviation (over the mean) of lognormal numbers."""
    return np.asarray(np.sqrt(np.expm1(log_sd**2)))


def lognormal_range(median: Floats, relative: Floats) -> tuple[Floats, Floats]:
    """95 % range of lognormal numbers from their medians and relative standard deviations."""
    times = np.exp(Z95 * np.sqrt(np.log1p(relative**2)))
    return median / times, median * times
