"""Observations of a region as sums over its inventory: what each counts, and how well it is known.

An element is the emission of a source and pollutant, or the activity of a source, which fuel burnt, heat,
kilometres and vehicles follow in proportion: position source x 11 + place in KINDS.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from model.base.faults import Fault, InputError, nearest
from model.base.words import POLLUTANTS
from model.inventory.calibrate import ACTIVITY
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.observed.closures import SHARES, Closure, counted
from model.inventory.ratings import log_sds
from model.tables.one import read_one
from model.tables.read import Tables
from model.tables.schema import table_specs

KINDS = (*POLLUTANTS, ACTIVITY)
NOT_ACTIVITY = ("capacity", "units", "district_heat")
"""Countable quantities that say nothing of how much a source does."""

BY_ITSELF = ("control_total", "bottom_up")
"""Accounts that teach only when they are named: what the tables were made to meet, and expectations."""

COMMON = 0.5
"""Share of the variance of an error that the observations of one account and citation have in common, those
of single sources apart: one survey, one method (own estimate)."""

COLUMNS = (
    *("observation", "year", "area", "quantity", "where", "account", "operator", "unit", "value", "low"),
    *("high", "citation", "access", "rating", "model", "why_not"),
)


@dataclass(frozen=True)
class Observed:
    """The observations of a year.

    frame: [M], those that can be used, COLUMNS without why_not and `log_sd`, the standard deviation of the
    error of the logarithm. amount: [M, S x 11] what each element has in an observation, in its unit. single:
    [M] the source where the observation is of one alone, else -1. group, common: [M] which share an error
    (-1 none), and its standard deviation. left_out: the others, with the reason.
    """

    frame: pd.DataFrame
    amount: sparse.csr_array
    single: Ints
    group: Ints
    common: Floats
    left_out: pd.DataFrame

    @property
    def own_log_sd(self) -> Floats:
        """Standard deviation of each observation's own error of the logarithm, [M]."""
        return np.sqrt(self.frame["log_sd"].to_numpy(dtype=np.float64) ** 2 - self.common**2)


def with_observations(tables: Tables, path: Path) -> Tables:
    """The tables with the observations of a file beside the region's.

    Raises InputError for everything that is wrong with the file, and for a name that the region has.
    """
    more, there = read_one(path, "observations", tables), tables.frame["observations"]
    twice = more[more["observation"].isin(there["observation"])]
    if len(twice):
        wrong, right = "is an observation of the region", "give it another name"
        raise InputError(
            Fault(str(path), int(row["row"]), "observation", row["observation"], wrong, right)
            for row in twice.to_dict("records")
        )
    both = pd.concat([there, more], ignore_index=True) if len(there) else more
    return replace(tables, frame={**tables.frame, "observations": both})


def accounts_of(tables: Tables, calibration: str | None) -> tuple[str, ...]:
    """The accounts that a calibration was made against; without one, all that observations have and that do
    not have to be named."""
    if calibration is None:
        there = tables.frame["observations"]["account"].unique()
        return tuple(name for name in there if name not in BY_ITSELF)
    table = tables.frame["calibration"]
    return tuple(dict.fromkeys(table.loc[table["calibration"] == calibration, "account"].explode()))


def check_accounts(names: Collection[str]) -> None:
    """Raise InputError for a name that is no account."""
    known = table_specs()["observations"].columns["account"].choices
    bad = [name for name in names if name not in known]
    if bad:
        raise InputError(
            Fault("command line", None, "--account", name, "is not an account", nearest(name, known))
            for name in bad
        )


def observe(inventory: Inventory, tables: Tables, accounts: Collection[str]) -> Observed:
    """The observations of the inventory's year that stand in the accounts.

    Left out, each with its reason: shares, statistics that the inventory does not have, what says nothing of
    emission or activity, what the tables were made to meet, and values that have no logarithm.

    Raises InputError for observations that can not be read.
    """
    size = len(inventory.sources)
    used, amounts, left = list[Mapping[str, Any]](), list[sparse.csr_array](), list[Mapping[str, Any]]()
    for closure, amount in counted(inventory, tables):
        if closure.account not in accounts:
            continue
        reason = _why_not(closure)
        if reason:
            left.append({**vars(closure), "why_not": reason})
            continue
        at = np.flatnonzero(amount)
        kind = KINDS.index(closure.quantity if closure.quantity in POLLUTANTS else ACTIVITY)
        row = (amount[at], at * len(KINDS) + kind, np.array([0, len(at)]))
        amounts.append(sparse.csr_array(row, shape=(1, size * len(KINDS))))
        used.append(vars(closure))
    columns = [name for name in COLUMNS if name != "why_not"]
    frame = pd.DataFrame(used, columns=columns)
    frame["log_sd"] = log_sds(frame) if len(frame) else np.empty(0)
    empty = sparse.csr_array((0, size * len(KINDS)))
    amount = sparse.csr_array(sparse.vstack(amounts)) if amounts else empty
    single = _single(amount)
    group, common = _shared_errors(frame, single)
    return Observed(frame, amount, single, group, common, pd.DataFrame(left, columns=list(COLUMNS)))


def _why_not(closure: Closure) -> str:
    """Why an observation can not be used; empty where it can."""
    if closure.why_not:
        return closure.why_not
    if closure.built_on:
        return "the tables were made to meet it"
    if closure.quantity in SHARES:
        return "a share, not a sum"
    if closure.quantity in NOT_ACTIVITY:
        return "does not follow activity"
    if not closure.value > 0:
        return "is not above 0 and has no logarithm"
    return "" if closure.model else "the inventory has none of it"


def _single(amount: sparse.csr_array) -> Ints:
    """The source of each observation that has one element, else -1, [M]."""
    counts = np.diff(amount.indptr)
    first = np.append(amount.indices, 0)[amount.indptr[:-1]].astype(np.int64)
    return np.where(counts == 1, first // len(KINDS), -1)


def _shared_errors(frame: pd.DataFrame, single: Ints) -> tuple[Ints, Floats]:
    """Group and standard deviation of the common error of each observation, [M] each."""
    group = frame.groupby(["account", "citation"], sort=False).ngroup().to_numpy(dtype=np.int64)
    group = np.where(single < 0, group, -1)
    counts = np.bincount(group[group >= 0], minlength=len(group) + 1)
    group = np.where((group >= 0) & (counts[group] > 1), group, -1)
    sd = frame["log_sd"].to_numpy(dtype=np.float64)
    common: Floats = np.where(group >= 0, np.sqrt(COMMON) * sd, 0.0)
    return np.asarray(group, dtype=np.int64), common
