"""What the activity, the factor and the controls of every source rest on, from best to worst."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Ints, best_rows, group_states
from model.inventory.observed.closures import SHARES, Bools, Closure, held_against
from model.tables.read import Tables

EVIDENCE = ("measured", "published", "split", "recalled", "own")
"""measured: seen and rated A. published: seen, or derived from what was seen. split: a constructed unit's
share of a published total that the inventory meets. recalled: recalled, or a share of a recalled total. own:
own estimate."""

MEASURED, PUBLISHED, SPLIT, RECALLED, OWN = range(len(EVIDENCE))
RANK_OF_ACCESS = {"seen": PUBLISHED, "derived": PUBLISHED, "recalled": RECALLED, "own": OWN}

CLOSES = 0.1
"""An inventory further from a total than this does not rest on it."""
NOT_ACTIVITY = (*POLLUTANTS, *SHARES, "stock", "units", "capacity", "district_heat")
"""Countable quantities that do not fix the activity of a source; a share does not fix its whole."""


def ranks_of(rows: pd.DataFrame, access: Mapping[str, str]) -> Ints:
    """Rank in EVIDENCE of rows with citation and rating, [n]."""
    rank = rows["citation"].map(access).map(RANK_OF_ACCESS).to_numpy(dtype=np.int64)
    measured = (rank == PUBLISHED) & (rows["rating"] == "A").to_numpy(dtype=bool)
    return np.where(measured, MEASURED, rank)


def access_of(tables: Tables) -> dict[str, str]:
    """Access by citation."""
    return dict(tables.frame["citations"].set_index("citation")["access"])


def activity_ranks(inventory: Inventory, tables: Tables) -> Ints:
    """Rank in EVIDENCE of every source's activity, [S].

    A row that is not constructed stands for itself. A constructed row is a share of the best control total
    that covers it, says something of its activity or fuel, and is met within CLOSES; without one it is an own
    estimate.
    """
    sources = inventory.sources
    own = ranks_of(sources, access_of(tables))
    rank = np.where(sources["constructed"].to_numpy(dtype=bool), OWN, own)
    for closure, kept in fixing_totals(inventory, tables):
        share = max(SPLIT, RANK_OF_ACCESS[closure.access])
        rank = np.where(kept, np.minimum(rank, share), rank)
    return rank


def fixing_totals(inventory: Inventory, tables: Tables) -> list[tuple[Closure, Bools]]:
    """Control totals that say something of activity or fuel and are met within CLOSES, each with the sources
    [S] whose activity rests on it."""
    return [
        (closure, kept)
        for closure, kept in held_against(inventory, tables)
        if closure.account in ("control_total", "other")
        and closure.quantity not in NOT_ACTIVITY
        and closure.ratio is not None
        and abs(closure.ratio - 1) <= CLOSES
    ]


def factor_ranks(sources: pd.DataFrame, rows: Ints, tables: Tables) -> Ints:
    """Rank in EVIDENCE of every emission factor, [S, pollutant].

    rows: rows of emission_factors; what has none (CO2 of the fuel, ammonia of controls) rests on the fuel's
    row.
    """
    access = access_of(tables)
    fuels = tables.frame["fuels"].set_index("fuel").reindex(sources["fuel"])
    of_row = np.append(ranks_of(tables.frame["emission_factors"], access), OWN)
    return np.where(rows >= 0, of_row[rows], ranks_of(fuels, access)[:, None])


def control_ranks(sources: pd.DataFrame, rows: Ints, tables: Tables) -> Ints:
    """Rank in EVIDENCE of the weakest control that decides each emission, [S, pollutant]; -1 where none does.

    A control decides what it removes or holds at a concentration, and what it adds where there is no factor
    (rows of emission_factors < 0: ammonia slip); what it adds to a factor is small.
    """
    controls, access = tables.frame["controls"], access_of(tables)
    names = sources["controls"].to_numpy()
    at = np.repeat(np.arange(len(names)), [len(listed) for listed in names])
    pairs = pd.DataFrame({"control": [name for listed in names for name in listed]}, dtype="str")
    pairs["class"] = sources["class"].to_numpy()[at]
    groups = group_states(pairs, ("control", "class"))
    capacity = sources["capacity"].fillna(0.0).to_numpy(dtype=np.float64)[at]
    rank = np.full((len(sources), len(POLLUTANTS)), -1, dtype=np.int64)
    for i, pollutant in enumerate(POLLUTANTS):
        table = controls[controls["pollutant"] == pollutant]
        found = best_rows(table, groups, ("control", "class"), "min_capacity", capacity)
        takes = np.append(((table["removal"] > 0) | table["outlet_mg_m3"].notna()).to_numpy(), False)
        acts = (found >= 0) & (takes[found] | (rows[at, i] < 0) & (pollutant != "CO2"))
        of_row = ranks_of(table, access)
        np.maximum.at(rank[:, i], at[acts], of_row[found[acts]])
    return rank
