"""Moves between the states of a source: what is added, what it costs and when it can be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.options.blocks import Block
from model.options.costs import Money
from model.scenario.scenario import Scenario

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YEARS_BEFORE_CLOSURE = 3
"""No retrofit is paid for within three years of a known closure (planning practice, R24).
To close early is no retrofit.
"""


def last_retrofit(sources: pd.DataFrame) -> Ints:
    """Last year in which money may be put into each source, [S]; far away where no closure is known."""
    return sources["to_year"].fillna(9999).to_numpy(dtype=np.int64) - YEARS_BEFORE_CLOSURE


def make_moves(
    blocks: Sequence[Block],
    rows: Sequence[Ints],
    money: Sequence[Money],
    sources: pd.DataFrame,
    alive: Bools,
    scenario: Scenario,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`moves` and `outlays` of Options.

    Args:
        rows: of each block, the row [n, K] of each state before any was left out.
        money: of each block, arrays [n, m].
        alive: which rows are left.
    """
    last = last_retrofit(sources)
    moves = _stacked(
        [_moves_of(*each, last, alive, scenario) for each in zip(blocks, rows, money, strict=True)]
    )
    outlays = _stacked([_outlays_of(*each) for each in zip(blocks, money, strict=True)])
    order = np.lexsort([moves["to_state"], moves["from_state"]])
    moves = {name: values[order] for name, values in moves.items()}
    number = np.cumsum(alive) - 1
    source, ends = moves["source"], moves["ends"]
    units = sources["units"].to_numpy(float)
    table = {
        "from_state": number[moves["from_state"]],
        "to_state": number[moves["to_state"]],
        "measures": moves["measures"],
        "overnight": moves["overnight"],
        "annuity": moves["annuity"],
        "payer": _payer(sources, source, moves["payer"]),
        "units": units[source],
        "capacity": np.nan_to_num(sources["capacity"].to_numpy(float) * units)[source],
        "stock": np.nan_to_num(sources["stock"].to_numpy(float))[source],
        "book_lost": np.where(ends, np.nan_to_num(sources["book_cny"].to_numpy(float))[source], 0.0),
        "first_year": moves["first_year"],
        "last_year": moves["last_year"],
    }
    order = np.argsort(outlays["source"], kind="stable")
    outlays = {name: values[order] for name, values in outlays.items()}
    outlays["payer"] = _payer(sources, outlays["source"], outlays["payer"])
    return pd.DataFrame(table), pd.DataFrame(outlays)


def _stacked(parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """The parts behind each other, by column."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _payer(sources: pd.DataFrame, source: Ints, otherwise: NDArray[np.object_]) -> NDArray[np.object_]:
    """Who pays at each source: as its row says, else as the measures do."""
    own = sources["payer"].astype(object).to_numpy()[source]
    return np.where(pd.isna(own), otherwise, own)


def _moves_of(
    block: Block, rows: Ints, money: Money, last: Ints, alive: Bools, scenario: Scenario
) -> dict[str, NDArray[Any]]:
    """Moves of the sources of one block, between states that are left, within the years of the scenario."""
    steps = block.steps
    overnight = money.overnight @ steps.added.astype(float)  # [n, A]
    annuity = money.annuity @ steps.added.astype(float)
    ends = np.array([state.ended for state in block.states])[steps.to_state]
    retrofit = (overnight > 0) & ~ends
    until = np.where(retrofit, last[block.sources][:, None], last.max() + YEARS_BEFORE_CLOSURE)
    first = np.maximum(steps.first_year, scenario.years[0])
    possible = first[None, :] <= np.minimum(until, scenario.years[-1])
    from_state, to_state = rows[:, steps.from_state], rows[:, steps.to_state]
    source, arc = np.nonzero(possible & alive[from_state] & alive[to_state])
    return {
        "source": block.sources[source],
        "from_state": from_state[source, arc],
        "to_state": to_state[source, arc],
        "measures": steps.measures[arc],
        "overnight": overnight[source, arc],
        "annuity": annuity[source, arc],
        "payer": steps.payer[arc],
        "ends": ends[arc],
        "first_year": steps.first_year[arc],
        "last_year": until[source, arc],
    }


def _outlays_of(block: Block, money: Money) -> dict[str, NDArray[Any]]:
    n, count = money.overnight.shape
    return {
        "source": np.repeat(block.sources, count),
        "measure": np.tile(np.array([m.id for m in block.measures], dtype=object), n),
        "overnight": money.overnight.ravel(),
        "annuity": money.annuity.ravel(),
        "payer": np.tile(np.array([m.payer for m in block.measures], dtype=object), n),
    }
