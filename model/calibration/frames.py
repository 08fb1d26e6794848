"""What a calibration found, as tables: residuals, diagnostics, conflicts, what stays unseen, totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.calibration.calibrate import Calibrated
from model.calibration.diagnose import conflicts, kernel, residuals, unseen, whole
from model.calibration.posterior import log_sds
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.uncertain.parameters import elasticities
from model.inventory.uncertain.propagate import relative_sd
from model.tables.read import Tables

CONFLICT = 0.05
"""Probability below which observations are called at odds."""
SEEN = 0.05
"""Share of its variance that a parameter must lose to count as seen."""


def residual_frame(found: Calibrated, achieved: Floats) -> pd.DataFrame:
    """A row for each observation that was used, then those left out with the reason.

    achieved: [M] what an inventory has that is built with the calibration; model and fitted are the figures
    before it and of the fit, in the unit. Residuals are logarithms of observed over modelled.
    """
    fit, frame = found.fit, found.observed.frame
    of = residuals(fit)
    spread = np.sqrt(np.diag(fit.spread))
    used = frame.drop(columns="access").assign(
        fitted=np.exp(fit.log_model),
        achieved=achieved,
        residual_before=of.prior,
        residual_after=of.posterior,
        normal_before=fit.innovation / spread,
        normal_after=of.posterior / frame["log_sd"],
        influence=of.influence,
        left_out=of.left_out,
        left_out_normal=of.left_out_normal,
        left_out_p=of.left_out_p,
        shift=of.shift,
        why_not="",
    )
    left = found.observed.left_out
    return pd.concat([used, left], ignore_index=True).reindex(columns=used.columns) if len(left) else used


def diagnostic_frame(found: Calibrated, used: int) -> pd.DataFrame:
    """item, value: the fit as a whole. used: how many parameters emission depends on."""
    fit, of = found.fit, whole(found.fit)
    moved = np.abs(found.theta) > found.parameters.log_sd
    items = {
        "observations": of.observations,
        "parameters": used,
        "own_deviations": len(found.own),
        "chi2": of.chi2,
        "p": of.p,
        "signal": of.signal,
        "noise": of.observations - of.signal,
        "steps": fit.steps,
        "converged": int(fit.converged),
        "parameters_beyond_one_sd": int(moved.sum()),
    }
    return pd.DataFrame({"item": list(items), "value": [float(value) for value in items.values()]})


def conflict_frame(found: Calibrated) -> pd.DataFrame:
    """conflict, observation, observed_over_expected, chi2, p, p_all: sets of observations that can not
    well hold together with the tables, as `conflicts` finds them."""
    names, innovation = found.observed.frame["observation"], found.fit.innovation
    rows = [
        (number, names.iloc[member], np.exp(innovation[member]), one.chi2, one.p, one.p_all)
        for number, one in enumerate(conflicts(found.fit, CONFLICT), start=1)
        for member in one.members
    ]
    columns = ["conflict", "observation", "observed_over_expected", "chi2", "p", "p_all"]
    return pd.DataFrame(rows, columns=columns)


def parameter_frame(found: Calibrated, inventory: Inventory, tables: Tables) -> pd.DataFrame:
    """Every shared parameter that emission depends on, those that decide most first.

    decides: of the pollutant whose total it decides most, the share of the variance of that total before the
    observations (Approach 1, shared numbers in full correlation). factor, low to high: multiplier after them.
    seen: share of its variance that they took.
    """
    frame = found.parameters.frame
    count = len(frame)
    share, pollutant = _decides(found, inventory, tables)
    sd, theta = log_sds(found.fit)[:count], found.theta
    columns = ["parameter", "kind", "value", "unit", "rating", "citation"]
    out = frame[columns].assign(
        decides=share,
        of=np.array(POLLUTANTS, dtype=object)[pollutant],
        prior_log_sd=found.parameters.log_sd,
        log_sd=sd,
        factor=np.exp(theta),
        sds_moved=np.divide(
            theta, found.parameters.log_sd, out=np.zeros(count), where=found.parameters.log_sd > 0
        ),
        seen=kernel(found.fit)[:count],
        unseen=unseen(found.fit, SEEN)[:count],
    )
    return out[share > 0].sort_values(["decides", "parameter"], ascending=[False, True], ignore_index=True)


def _decides(found: Calibrated, inventory: Inventory, tables: Tables) -> tuple[Floats, Floats]:
    """Largest share of the variance of a pollutant's total, and the pollutant's position, [J] each."""
    emission = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    factor = elasticities(inventory.sources, tables, found.parameters)
    rows = np.arange(len(emission)) * len(POLLUTANTS)
    slope = np.zeros((len(POLLUTANTS), len(found.parameters.frame)))
    for i in range(len(POLLUTANTS)):
        slope[i] = emission[:, i] @ factor[rows + i]
        np.add.at(slope[i], found.parameters.of_activity, emission[:, i])
    variance = (slope * relative_sd(found.parameters.log_sd)) ** 2
    whole_variance = variance.sum(axis=1, keepdims=True)
    share = np.divide(variance, whole_variance, out=np.zeros_like(variance), where=whole_variance > 0)
    return share.max(axis=0), share.argmax(axis=0)


def total_frame(
    labels: Sequence[str], before: tuple[Floats, Floats], after: tuple[Floats, Floats]
) -> pd.DataFrame:
    """pollutant, sector (empty: all), value, low, high before and after, t/yr; 95 % of draws.

    labels: [G] sectors. before, after: emission at the medians of the numbers [G, pollutant], and in each
    draw [G, pollutant, D].
    """
    rows = []
    for i, pollutant in enumerate(POLLUTANTS):
        for g, sector in [(slice(None), ""), *((slice(g, g + 1), label) for g, label in enumerate(labels))]:
            row: list[object] = [pollutant, sector]
            for value, draws in (before, after):
                low, high = np.quantile(draws[g, i].sum(axis=0), (0.025, 0.975))
                row += [float(value[g, i].sum()), float(low), float(high)]
            rows.append(row)
    columns = ["pollutant", "sector"]
    columns += [f"{what}_{when}" for when in ("before", "after") for what in ("value", "low", "high")]
    out = pd.DataFrame(rows, columns=columns).assign(unit="t/yr")
    return out[out["value_before"] > 0].reset_index(drop=True)
