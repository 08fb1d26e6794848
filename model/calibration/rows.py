"""A posterior as rows of the calibration table, which a scenario can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calibration.calibrate import Calibrated
from model.calibration.posterior import log_sds
from model.inventory.ratings import Z95
from model.tables.read import Tables
from model.tables.schema import table_specs

Bools = NDArray[np.bool_]

MOVED = 1e-4
"""Logarithm of a multiplier from which it is written."""
OWN_MOVED = 1e-3
"""The same of what is a single source's own."""
LEARNT = 0.01
"""Share of its variance that a parameter has to lose to be written where its value stands."""

KINDS = ("factor", "control", "activity")
KEYS = ("class", "fuel", "technology", "min_capacity", "control", "source", "statistic", "pollutant")
NUMBERS = ("factor", "low", "high", "log_sd", "prior_log_sd", "value")


def calibration_rows(found: Calibrated, name: str, accounts: Sequence[str]) -> pd.DataFrame:
    """The posterior in the columns of the calibration table, with file and row as they will be read.

    Factors, controls and activities that moved or were learnt about; with a row of emission_factors or
    controls those of its class (or control) and pollutant, since the most specific row of a calibration wins
    as it does there; deviations of single sources that moved.
    """
    frame = found.parameters.frame
    sd = log_sds(found.fit)[: len(frame)]
    kept = _kept(frame, found.theta, sd)
    shared = _named(frame).join(_numbers(found.theta, sd, found.parameters.log_sd))[kept]
    own = found.of_sources()
    own = own[np.abs(own["theta"]) >= OWN_MOVED]
    alone = own[["source", "pollutant"]].join(_numbers(own["theta"], own["log_sd"], own["prior_log_sd"]))
    rows = pd.concat([shared, alone], ignore_index=True)
    return _as_table(rows, name, accounts)


def with_calibration(tables: Tables, rows: pd.DataFrame) -> Tables:
    """The tables with the rows of a calibration beside their own, in the place of those of its name."""
    own = tables.frame["calibration"]
    own = own[~own["calibration"].isin(rows["calibration"])]
    both = pd.concat([own, rows], ignore_index=True) if len(own) else rows
    return replace(tables, frame={**tables.frame, "calibration": both})


def _numbers(theta: Any, sd: Any, prior: Any) -> pd.DataFrame:
    """Multiplier, its interval and standard deviations, [n]."""
    return pd.DataFrame(
        {
            "factor": np.exp(theta),
            "low": np.exp(theta - Z95 * sd),
            "high": np.exp(theta + Z95 * sd),
            "log_sd": sd,
            "prior_log_sd": prior,
        }
    )


def _kept(frame: pd.DataFrame, theta: Any, sd: Any) -> Bools:
    """Which shared parameters are written, [J]."""
    prior = frame["log_sd"].to_numpy(dtype=np.float64)
    known = np.divide(sd**2, prior**2, out=np.ones_like(prior), where=prior > 0) <= 1 - LEARNT
    moved = ((np.abs(theta) >= MOVED) | known) & frame["kind"].isin(KINDS).to_numpy()
    of_fuels = (frame["kind"] == "factor") & frame["class"].isna()
    kin = frame["kind"].where(frame["kind"].isin(("factor", "control")))
    group = kin + "/" + _kin(frame) + "/" + frame["pollutant"]
    kept = moved | group.isin(group[moved].dropna()).to_numpy()
    if (moved & of_fuels.to_numpy()).any():  # rows of a class come before those of a fuel
        kept |= ((frame["kind"] == "factor") & (frame["pollutant"] == "CO2")).to_numpy()
    return np.asarray(kept)


def _kin(frame: pd.DataFrame) -> pd.Series:
    """What the rows are of among which the most specific is sought: a class, or a control."""
    control = frame["parameter"].str.split("/").str[1]
    return control.where(frame["kind"] == "control", frame["class"].fillna(""))


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """KEYS, value and unit of the shared parameters, [J]."""
    activity, control = frame["kind"] == "activity", frame["kind"] == "control"
    out = frame[["class", "fuel", "technology", "min_capacity", "value", "unit"]].copy()
    out["control"] = _kin(frame).where(control)
    out["source"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    out["statistic"] = frame["citation"].where(activity)
    out["pollutant"] = frame["pollutant"].where(~activity, "activity")
    return out


def _as_table(rows: pd.DataFrame, name: str, accounts: Sequence[str]) -> pd.DataFrame:
    """The rows in the columns and types of the calibration table."""
    columns = list(table_specs()["calibration"].columns)
    said = rows.assign(calibration=name, citation="own_estimate", rating="E", constructed=True)
    out = said.reindex(columns=columns).reset_index(drop=True)
    out["account"] = pd.Series([tuple(accounts)] * len(out), index=out.index, dtype=object)
    numbers = (*NUMBERS, "min_capacity")
    texts = [c for c in columns if c not in (*numbers, "account", "constructed")]
    types = {**dict.fromkeys(texts, "str"), **dict.fromkeys(numbers, "float64"), "constructed": "bool"}
    return out.astype(types).assign(file="calibration.csv", row=np.arange(2, len(out) + 2))
