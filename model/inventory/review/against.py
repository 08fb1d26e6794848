"""The inventory beside those of others: ratios with their ranges, and what is counted otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.observed.closures import Bools, Closure, held_against
from model.inventory.ratings import Z95, log_sds
from model.tables.read import Tables
from model.tables.schema import table_specs

NEAR = 1
"""Years by which an inventory of another year may be off and still be held against this one."""
KEY = ["inventory", "area", "part", "pollutant"]
COLUMNS = (
    *("inventory", "year", "model_year", "area", "part", "part_zh", "pollutant", "unit"),
    *("model", "model_low", "model_high", "other", "other_low", "other_high"),
    *("ratio", "low", "high", "inside", "why_not", "definition", "where", "citation", "rating"),
)

Spread = Callable[[Sequence[Bools]], Floats]
"""Standard deviation of ln of the emission of groups of sources [S]: [group, pollutant]; nan = none known."""


@dataclass(frozen=True)
class _Pair:
    """Position of a row of the other inventories, what it says and the model's figure, and the sources."""

    at: int
    closure: Closure
    kept: Bools


def against(inventory: Inventory, tables: Tables, others: pd.DataFrame, spread: Spread) -> pd.DataFrame:
    """Every row of the other inventories beside this one's first year, COLUMNS.

    others: in the columns of other_inventories. `model`, `other` and their 95 % ranges are in `unit`; `ratio`
    is model over other, from `low` to `high` with both taken as independent and lognormal; inside: `yes`
    where that range holds 1. What is not compared says so in `why_not`; of rows that differ in the year alone
    the nearest is compared, if it is at most NEAR off.

    Raises InputError with every `where` that can not be read.
    """
    year = int(inventory.activity["year"][0])
    chosen = _nearest(others, year)
    pairs = _pairs(inventory, tables, others, chosen, year)
    compared = [pair for pair in pairs if pair.closure.model]
    log_sd = spread([pair.kept for pair in compared]) if compared else np.empty((0, len(POLLUTANTS)))
    own = np.full(len(others), np.nan)
    for pair, row in zip(compared, log_sd, strict=True):
        own[pair.at] = row[POLLUTANTS.index(pair.closure.quantity)]
    model, why_not = np.full(len(others), np.nan), _why_not(others, chosen, year)
    for pair in pairs:
        model[pair.at] = np.nan if pair.closure.model is None else pair.closure.model
        why_not[pair.at] = pair.closure.why_not or _no_range(pair.closure)
    return _frame(others, year, model, own, why_not)


def _nearest(others: pd.DataFrame, year: int) -> Bools:
    """The rows nearest in year among those alike, at most NEAR off; the earlier of two equally near, [n]."""
    off = (others["year"] - year).abs()
    order = others.assign(off=off, part=others["part"].fillna("")).sort_values(["off", "year"], kind="stable")
    first = ~order.duplicated(KEY)
    return (first.reindex(others.index) & (off <= NEAR)).to_numpy(dtype=bool)


def _why_not(others: pd.DataFrame, chosen: Bools, year: int) -> list[str]:
    """Why a row of another year is left out; empty for those chosen."""
    said = [f"of {there}, and the inventory is of {year}" for there in others["year"]]
    return ["" if kept else text for kept, text in zip(chosen, said, strict=True)]


def _no_range(closure: Closure) -> str:
    """Why a pair that is compared has no range: one of the two is nothing; empty where both are something."""
    if not closure.value:
        return "the other inventory has none"
    return "" if closure.model else "no source of this inventory emits any"


def _pairs(
    inventory: Inventory, tables: Tables, others: pd.DataFrame, chosen: Bools, year: int
) -> list[_Pair]:
    """The rows chosen, held against the inventory as observations of its year are."""
    columns = [*table_specs()["observations"].columns, "file", "row"]
    at = np.flatnonzero(chosen)
    rows = others.iloc[at].assign(
        observation=[str(i) for i in at], year=year, quantity=others["pollutant"].iloc[at], account="other"
    )
    observations = rows.reindex(columns=columns)
    told = replace(tables, frame={**tables.frame, "observations": observations})
    return [_Pair(int(one.observation), one, kept) for one, kept in held_against(inventory, told)]


def _frame(
    others: pd.DataFrame, year: int, model: Floats, own: Floats, why_not: Sequence[str]
) -> pd.DataFrame:
    """The table of all rows; own: standard deviation of ln of the model's figure, [n]."""
    value, sd = others["value"].to_numpy(dtype=np.float64), log_sds(others)
    ratio = np.divide(model, value, out=np.full(len(value), np.nan), where=value > 0)
    both = np.exp(Z95 * np.sqrt(own**2 + sd**2))
    holds = (ratio / both <= 1) & (ratio * both >= 1)
    known = np.isfinite(ratio * both)
    found = others.assign(
        model_year=year,
        model=model,
        model_low=model / np.exp(Z95 * own),
        model_high=model * np.exp(Z95 * own),
        other=value,
        other_low=value / np.exp(Z95 * sd),
        other_high=value * np.exp(Z95 * sd),
        ratio=ratio,
        low=ratio / both,
        high=ratio * both,
        inside=np.where(known, np.where(holds, "yes", "no"), ""),
        why_not=list(why_not),
    )
    return found[list(COLUMNS)].reset_index(drop=True)
