"""How good the numbers of an inventory are: what its emission rests on, what is missing, and its range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS, RATINGS
from model.inventory.corrections import KEYS
from model.inventory.emissions import Inventory
from model.inventory.factors import inlet_factors
from model.inventory.fuel import burning
from model.inventory.lookup import Floats, Ints, group_states
from model.inventory.observed.evidence import EVIDENCE, activity_ranks, control_ranks, factor_ranks
from model.inventory.review.gaps import gap_rows
from model.inventory.uncertain.parameters import parameters
from model.inventory.uncertain.propagate import propagate
from model.tables.read import Tables


@dataclass(frozen=True)
class Quality:
    """What an inventory rests on.

    shares: pollutant, basis, label, value (t/yr), share of the pollutant's total. Bases: `activity`, `factor`
    and `controls` (none: no control acts) have the labels of EVIDENCE for one part of the product, `evidence`
    for the weakest of the three; `rating` is the worse of activity and factor; `constructed` says whether the
    unit or its controls are constructed.
    missing: class, pollutant, sources (their number) that have neither a factor nor a reason against one.
    explained: class, pollutant, kind, reason, sources that have no factor for a reason of factor_gaps.
    """

    shares: pd.DataFrame
    missing: pd.DataFrame
    explained: pd.DataFrame


def quality(inventory: Inventory, tables: Tables) -> Quality:
    """The quality of the first year of an inventory."""
    sources = inventory.sources
    emission: Floats = inventory.emission().isel(year=0).to_numpy()
    groups = group_states(sources, KEYS)
    _, rows = inlet_factors(sources, groups, burning(sources, groups, tables), tables)
    activity = np.broadcast_to(activity_ranks(inventory, tables)[:, None], rows.shape)
    factor, controls = factor_ranks(sources, rows, tables), control_ranks(sources, rows, tables)
    ranks = {
        "evidence": (EVIDENCE, np.maximum(np.maximum(activity, factor), controls)),
        "activity": (EVIDENCE, activity),
        "factor": (EVIDENCE, factor),
        "controls": (("none", *EVIDENCE), controls + 1),
        "rating": (RATINGS, _ratings(sources, rows, tables)),
        "constructed": (
            ("no", "yes"),
            np.broadcast_to(made_up(sources)[:, None].astype(np.int64), rows.shape),
        ),
    }
    return Quality(
        _shares(emission, ranks),
        *_missing(sources, emission, tables),
    )


def made_up(sources: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a source or its controls are constructed, [S]."""
    constructed = sources["constructed"] | (sources["controls_basis"] == "constructed")
    return constructed.to_numpy(dtype=bool)


def _ratings(sources: pd.DataFrame, rows: Ints, tables: Tables) -> Ints:
    """Rank of the worse rating of factor and activity, [S, pollutant]."""
    order = {rating: rank for rank, rating in enumerate(RATINGS)}
    fuels = tables.frame["fuels"].set_index("fuel").reindex(sources["fuel"])

    def rank(frame: pd.DataFrame) -> Ints:
        return np.array([order[rating] for rating in frame["rating"]], dtype=np.int64)

    of_row = np.append(rank(tables.frame["emission_factors"]), 0)
    factor = np.where(rows >= 0, of_row[rows], rank(fuels)[:, None])
    return np.maximum(factor, rank(sources)[:, None])


def _shares(emission: Floats, ranks: dict[str, tuple[tuple[str, ...], Ints]]) -> pd.DataFrame:
    lines = []
    for i, pollutant in enumerate(POLLUTANTS):
        amount = np.nan_to_num(emission[:, i])
        total = float(amount.sum())
        for basis, (labels, rank) in ranks.items():
            sums = np.bincount(rank[:, i], weights=amount, minlength=len(labels)).tolist()
            for label, value in zip(labels, sums, strict=True):
                lines.append((pollutant, basis, label, value, value / total if total else np.nan))
    return pd.DataFrame(lines, columns=["pollutant", "basis", "label", "value", "share"])


def _missing(sources: pd.DataFrame, emission: Floats, tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What has no factor: without a reason, and with one."""
    at, pollutant = np.nonzero(np.isnan(emission))
    said = gap_rows(sources, tables)[at, pollutant]
    gaps = tables.frame["factor_gaps"]
    table = pd.DataFrame(
        {
            "class": sources["class"].to_numpy(dtype=object)[at],
            "pollutant": np.array(POLLUTANTS, dtype=object)[pollutant],
            "kind": np.append(gaps["kind"].to_numpy(dtype=object), "")[said],
            "reason": np.append(gaps["reason"].to_numpy(dtype=object), "")[said],
        }
    )
    counts = table.value_counts(sort=False).rename("sources").reset_index()
    order = counts["pollutant"].map(POLLUTANTS.index)
    counts = counts.assign(order=order).sort_values(["class", "order"]).drop(columns="order")
    missing = counts[counts["kind"] == ""].drop(columns=["kind", "reason"]).reset_index(drop=True)
    return missing, counts[counts["kind"] != ""].reset_index(drop=True)


def total_ranges(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    """Totals of the first year with their 95 % range from all that is uncertain, in closed form, t/yr:
    pollutant, low, value, high; a pollutant that no source has a factor of is left out."""
    groups = np.zeros(len(inventory.sources), dtype=np.int64)
    found = propagate(inventory, tables, parameters(inventory, tables), groups)
    numbers = {"low": found.low[0], "value": found.value[0], "high": found.high[0]}
    frame = pd.DataFrame({"pollutant": POLLUTANTS, **numbers})
    known = np.flatnonzero(inventory.factor.isel(year=0).notnull().any("source").to_numpy())
    return frame.iloc[known].reset_index(drop=True)
