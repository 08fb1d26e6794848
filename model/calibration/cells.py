"""Sources that observations can not tell apart, taken together: hundreds of elements, not ten thousands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.base.words import POLLUTANTS
from model.calibration.observe import KINDS, Observed
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.parameters import Parameters

ALIKE = 6
"""Decimals to which elasticities have to agree."""


@dataclass(frozen=True)
class Cells:
    """of: [S] cell of each source that an observation counts, -1 for the others. elasticity: [C x 11, J] of
    its elements (cell x 11 + kind, those of POLLUTANTS and the activity). amount: [M, C x 11] what they have
    in the observations. own_log_sd: [C] standard deviation of the logarithm of its activity that is its
    sources' own; follow: [S] what a source's own deviation is expected to be over that of its cell.
    """

    of: Ints
    elasticity: sparse.csr_array
    amount: sparse.csr_array
    own_log_sd: Floats
    follow: Floats


def cells_of(
    inventory: Inventory, parameters: Parameters, factor: sparse.csr_array, observed: Observed
) -> Cells:
    """Cells of sources that the same parameters move alike and the same observations count.

    factor: elasticities of the sources, [S x 10, J]. Deviations of sources are independent, so that of a cell
    is the root of the sum of their squares, weighted by activity, d = sum a_s u_s / A; given it, a source's
    own is expected to be a_s sd_s^2 A / sum (a sd)^2 times d.
    """
    size, kinds = len(inventory.sources), len(KINDS)
    elasticity = _with_activity(factor, parameters, size)
    counted = np.unique(observed.amount.indices // kinds).astype(np.int64)
    code = _codes(elasticity, observed, size)[counted]
    _, first, group = np.unique(code, axis=0, return_index=True, return_inverse=True)
    of = np.full(size, -1, dtype=np.int64)
    of[counted] = group
    rows = (counted[first][:, None] * kinds + np.arange(kinds)).ravel()
    element = np.arange(len(of) * kinds)
    target = np.repeat(of, kinds) * kinds + element % kinds
    kept = np.repeat(of >= 0, kinds)
    into = sparse.csr_array(
        (np.ones(int(kept.sum())), (element[kept], target[kept])), shape=(len(element), len(rows))
    )
    activity, sd = inventory.activity.isel(year=0).to_numpy()[counted], parameters.unit_log_sd[counted]
    whole = np.bincount(group, weights=activity, minlength=len(first))
    spread = np.bincount(group, weights=(activity * sd) ** 2, minlength=len(first))
    own = np.divide(np.sqrt(spread), whole, out=np.zeros_like(whole), where=whole > 0)
    follow = np.zeros(size)
    follow[counted] = (
        activity * sd**2 * np.divide(whole, spread, out=np.zeros_like(whole), where=spread > 0)[group]
    )
    amount = sparse.csr_array(observed.amount @ into)
    return Cells(of, elasticity[rows], amount, own, follow)


def _with_activity(factor: sparse.csr_array, parameters: Parameters, size: int) -> sparse.csr_array:
    """Elasticities of every element, [S x 11, J]: that of activity belongs to all of a source."""
    kinds = len(KINDS)
    rows = np.arange(size * len(POLLUTANTS))
    place = rows // len(POLLUTANTS) * kinds + rows % len(POLLUTANTS)
    spread = sparse.csr_array(
        (np.ones(len(rows)), (place, rows)), shape=(size * kinds, size * len(POLLUTANTS))
    )
    count = size * kinds
    of_activity = np.repeat(parameters.of_activity, kinds)
    shape = (count, len(parameters.frame))
    activity = sparse.csr_array((np.ones(count), of_activity, np.arange(count + 1)), shape=shape)
    return sparse.csr_array(activity + spread @ factor)


def _codes(elasticity: sparse.csr_array, observed: Observed, size: int) -> Floats:
    """Numbers that are the same for sources of one cell, [S, 22]: of elasticities and of observations, each
    kind's projected on a random direction."""
    rng = np.random.default_rng(0)
    moved = (elasticity @ rng.uniform(1, 2, elasticity.shape[1])).reshape(size, -1)
    seen = sparse.csr_array((observed.amount != 0).astype(np.float64).T)
    by = (seen @ rng.uniform(1, 2, seen.shape[1])).reshape(size, -1)
    moved = np.where(by > 0, moved, 0.0)  # what is not counted need not agree
    return np.round(np.column_stack([moved, by]), ALIKE)
