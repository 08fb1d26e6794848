"""How good the numbers of an inventory are: what its emission rests on, what is missing, and its range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.base.words import ACCESS, POLLUTANTS, RATINGS
from model.inventory.corrections import KEYS
from model.inventory.emissions import Inventory
from model.inventory.factors import inlet_factors
from model.inventory.fuel import burning
from model.inventory.lookup import Floats, Ints, group_states
from model.tables.read import Tables

EVIDENCE = ("measured", "published", "derived", "recalled", "own", "constructed")
"""From best to worst: seen and rated A, otherwise seen, derived, recalled, own estimate; a row that is
constructed or has constructed controls."""

SPREAD_OF_RATING = {"A": 0.2, "B": 0.4, "C": 1.25, "D": 2.0, "E": 9.0}
"""What a rating implies where low and high are empty: the 95 % range runs from value / (1 + s) to value x
(1 + s). Middle of the error ranges of the EMEP/EEA guidebook's chapter on uncertainties as recalled, not
seen: A 10-30 %, B 20-60 %, C 50-200 %, D 100-300 %, E an order of magnitude."""


@dataclass(frozen=True)
class Quality:
    """What an inventory rests on.

    shares: pollutant, basis (access, factor, activity, rating, constructed, evidence), label, value (t/yr),
    share of the pollutant's total. An emission counts with the worse of what its factor and its activity rest
    on; the bases factor and activity are the access of one alone.
    missing: class, pollutant, sources (their number): classes without a factor. ranges: pollutant, low,
    value, high (t/yr, 95 %).
    """

    shares: pd.DataFrame
    missing: pd.DataFrame
    ranges: pd.DataFrame


def quality(inventory: Inventory, tables: Tables) -> Quality:
    """The quality of the first year of an inventory."""
    sources = inventory.sources
    emission: Floats = inventory.emission().isel(year=0).to_numpy()
    groups = group_states(sources, KEYS)
    _, rows = inlet_factors(sources, groups, burning(sources, groups, tables), tables)
    return Quality(
        _shares(emission, _ranks(sources, rows, tables)),
        _missing(sources, emission),
        _ranges(emission, rows, sources, tables),
    )


def _ranks(sources: pd.DataFrame, rows: Ints, tables: Tables) -> dict[str, tuple[tuple[str, ...], Ints]]:
    """For each basis its labels and the rank of the worse of factor and activity, [S, pollutant].

    rows: rows of emission_factors; what has none (CO2 of the fuel, ammonia of controls) rests on the fuel's
    row.
    """
    access = tables.frame["citations"].set_index("citation")["access"]
    fuels = tables.frame["fuels"].set_index("fuel").reindex(sources["fuel"])

    def ranks(column: str, order: tuple[str, ...]) -> tuple[Ints, Ints]:
        """Rank of the factor and rank of the activity."""

        def rank(frame: pd.DataFrame) -> Ints:
            words = frame["citation"].map(access) if column == "access" else frame[column]
            return np.array([order.index(word) for word in words], dtype=np.int64)

        of_factor = np.append(rank(tables.frame["emission_factors"]), 0)[rows]
        of_factor = np.where(rows >= 0, of_factor, rank(fuels)[:, None])
        return of_factor, np.broadcast_to(rank(sources)[:, None], rows.shape)

    factor, activity = ranks("access", ACCESS)
    by_access, by_rating = np.maximum(factor, activity), np.maximum(*ranks("rating", RATINGS))
    made_up = (sources["constructed"] | (sources["controls_basis"] == "constructed")).to_numpy(dtype=np.int64)
    constructed = np.broadcast_to(made_up[:, None], rows.shape)
    measured = (by_access == 0) & (by_rating == 0)
    evidence = np.where(constructed == 1, EVIDENCE.index("constructed"), np.where(measured, 0, by_access + 1))
    return {
        "access": (ACCESS, by_access),
        "factor": (ACCESS, factor),
        "activity": (ACCESS, activity),
        "rating": (RATINGS, by_rating),
        "constructed": (("no", "yes"), constructed),
        "evidence": (EVIDENCE, evidence),
    }


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


def _missing(sources: pd.DataFrame, emission: Floats) -> pd.DataFrame:
    """Classes none of whose sources has a factor for a pollutant."""
    known = pd.DataFrame(~np.isnan(emission), columns=list(POLLUTANTS)).groupby(sources["class"].to_numpy())
    count, found = known.size(), known.any()
    lines = [(name, p, int(count[name])) for name in found.index for p in POLLUTANTS if not found[p][name]]
    return pd.DataFrame(lines, columns=["class", "pollutant", "sources"])


def _ranges(emission: Floats, rows: Ints, sources: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """95 % range from the factors' low and high: as one within a row of the table, independent between
    rows."""
    factors = tables.frame["emission_factors"]
    fuels = tables.frame["fuels"]
    spread = np.append(factors["rating"], fuels["rating"])
    spread = np.array([SPREAD_OF_RATING[rating] for rating in spread])
    value = np.append(factors["value"], np.full(len(fuels), np.nan))
    below, above = 1 - 1 / (1 + spread), spread
    for column, part in (("low", below), ("high", above)):
        given = np.append(factors[column], np.full(len(fuels), np.nan))
        known = ~np.isnan(given) & (value > 0)
        part[known] = np.abs(given[known] / value[known] - 1)
    fuel = pd.Index(fuels["fuel"]).get_indexer(sources["fuel"])
    basis = np.where(rows >= 0, rows, len(factors) + fuel[:, None])
    lines = []
    for i, pollutant in enumerate(POLLUTANTS):
        if np.isnan(emission[:, i]).all():
            continue
        sums = np.bincount(basis[:, i], weights=np.nan_to_num(emission[:, i]), minlength=len(value))
        total = float(sums.sum())
        low, high = (float(np.sqrt(((sums * part) ** 2).sum())) for part in (below, above))
        lines.append((pollutant, max(total - low, 0.0), total, total + high))
    return pd.DataFrame(lines, columns=["pollutant", "low", "value", "high"])
