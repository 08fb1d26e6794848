"""An inventory calibrated to observations: its parameters, the fit, and what is said of single sources.

Beside the parameters that sources share (parameters.py of the inventory) there are deviations of a source's
own: of its activity, where it is a constructed share of a total, and of its emission, where an observation is
of that source alone. What a stack measures is then partly the plant's and partly its kind's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from model.base.words import POLLUTANTS
from model.calibration.cells import Cells, cells_of
from model.calibration.inversion import Inversion
from model.calibration.least_squares import Fit, invert
from model.calibration.observe import KINDS, Observed
from model.calibration.posterior import log_sds
from model.inventory.calibrate import ACTIVITY
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.uncertain.parameters import Parameters, elasticities
from model.tables.read import Tables

OWN_SHARE = 1.0
"""How far the emission of one plant may depart from its kind's, over how far that may depart from the tables
(own estimate): a stack that is known teaches half of what it says to the kind."""


@dataclass(frozen=True)
class Calibrated:
    """own: [K] deviations of cells of sources, with cell, pollutant (or `activity`) and log_sd; they follow
    the J parameters in the fit. sources: [S] their names.
    """

    observed: Observed
    sources: NDArray[np.object_]
    parameters: Parameters
    cells: Cells
    own: pd.DataFrame
    fit: Fit

    @property
    def theta(self) -> Floats:
        """The most probable theta of the shared parameters, [J]."""
        return self.fit.theta[: len(self.parameters.frame)]

    def of_sources(self) -> pd.DataFrame:
        """Own deviations of single sources: source (name), pollutant, theta, log_sd, prior_log_sd."""
        count = len(self.parameters.frame)
        post = pd.DataFrame({"theta": self.fit.theta, "sd": log_sds(self.fit)}).iloc[count:]
        own = self.own.join(post.reset_index(drop=True))
        whose = pd.DataFrame({"source": self.sources, "cell": self.cells.of})
        rows = whose.assign(follow=self.cells.follow, unit=self.parameters.unit_log_sd).merge(own, on="cell")
        by_unit = rows["pollutant"] == ACTIVITY
        follow, prior = rows["follow"].where(by_unit, 1.0), rows["unit"].where(by_unit, rows["log_sd"])
        taken = follow**2 * (rows["log_sd"] ** 2 - rows["sd"] ** 2)
        return rows[["source", "pollutant"]].assign(
            theta=follow * rows["theta"],
            log_sd=np.sqrt(np.maximum(prior**2 - taken, 0.0)),
            prior_log_sd=prior,
        )


def calibrate(inventory: Inventory, tables: Tables, parameters: Parameters, observed: Observed) -> Calibrated:
    """The most probable parameters given the observations. Raises as `elasticities` does."""
    factor = elasticities(inventory.sources, tables, parameters)
    cells = cells_of(inventory, parameters, factor, observed)
    own = _own(observed, parameters, cells)
    used = np.unique(cells.amount.indices).astype(np.int64)
    elasticity = sparse.hstack([cells.elasticity[used], _of_own(own, used)], format="csr")
    inversion = Inversion(
        log_sd=np.concatenate([parameters.log_sd, own["log_sd"].to_numpy(dtype=np.float64)]),
        emission=np.ones(len(used)),
        elasticity=sparse.csr_array(elasticity),
        weight=sparse.csr_array(cells.amount[:, used]),
        value=observed.frame["value"].to_numpy(dtype=np.float64),
        sd=observed.own_log_sd,
        group=observed.group,
        common=observed.common,
    )
    names = inventory.sources.index.to_numpy(dtype=object)
    return Calibrated(observed, names, parameters, cells, own, invert(inversion))


def _own(observed: Observed, parameters: Parameters, cells: Cells) -> pd.DataFrame:
    """Own deviations: of the activity of every cell that has one, of the emission of single sources."""
    cell = np.flatnonzero(cells.own_log_sd > 0)
    activity = {"cell": cell, "pollutant": ACTIVITY, "log_sd": cells.own_log_sd[cell]}
    pairs = zip(observed.single, observed.frame["quantity"], strict=True)
    alone = sorted({(int(s), str(q)) for s, q in pairs if s >= 0 and q in POLLUTANTS})
    at = cells.of[np.array([source for source, _ in alone], dtype=np.int64)]
    kind = np.array([KINDS.index(quantity) for _, quantity in alone], dtype=np.int64)
    of_factor = parameters.log_sd * (parameters.frame["kind"] != ACTIVITY).to_numpy()
    moved = sparse.csr_array(cells.elasticity[at * len(KINDS) + kind].multiply(of_factor[None, :]))
    spread = OWN_SHARE * np.sqrt(np.asarray(moved.multiply(moved).sum(axis=1)).ravel())
    stack = {"cell": at, "pollutant": [quantity for _, quantity in alone], "log_sd": spread}
    parts = [part for part in map(pd.DataFrame, (activity, stack)) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(activity)


def _of_own(own: pd.DataFrame, used: NDArray[np.int64]) -> sparse.csr_array:
    """Which own deviation moves which of the elements used, [N, K]: of activity all elements of the cell."""
    cell, kind = used // len(KINDS), used % len(KINDS)
    of_kind = own["pollutant"].map(KINDS.index).to_numpy(dtype=np.int64)
    same = cell[:, None] == own["cell"].to_numpy(dtype=np.int64)[None, :]
    moves = same & ((of_kind == KINDS.index(ACTIVITY))[None, :] | (kind[:, None] == of_kind[None, :]))
    return sparse.csr_array(moves.astype(np.float64))
