"""Moves between the states of a source: what is added, what it costs and when it can be made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.options.blocks import Block
from model.options.costs import Money
from model.scenario.scenario import Scenario

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YEARS_BEFORE_CLOSURE = 3
"""No retrofit is paid for within three years of a known closure (planning practice, R24)."""


def last_retrofit(sources: pd.DataFrame) -> Ints:
    """Last year in which money may be put into each source, [S]; far away where no closure is known."""
    return sources["to_year"].fillna(9999).to_numpy(dtype=np.int64) - YEARS_BEFORE_CLOSURE


def make_moves(
    blocks: Sequence[Block],
    rows: Sequence[Ints],
    money: Sequence[Money],
    sources: pd.DataFrame,
    alive: Bools,
    number: Ints,
    scenario: Scenario,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`moves` and `outlays` of Options.

    Args:
        rows: of each block, the row [n, K] of each state before any was left out.
        money: of each block, arrays [n, m].
        alive: which rows are left; number: their new row.
    """
    units = sources["units"].to_numpy(float)
    size = {
        "units": units,
        "capacity": np.nan_to_num(sources["capacity"].to_numpy(float) * units),
        "stock": np.nan_to_num(sources["stock"].to_numpy(float)),
        "book_lost": np.nan_to_num(sources["book_cny"].to_numpy(float)),
    }
    last = last_retrofit(sources)
    payers = sources["payer"].astype(object).where(sources["payer"].notna(), None).to_numpy()
    moves = [
        _moves_of(block, at, values, size, last, payers, alive, number, scenario)
        for block, at, values in zip(blocks, rows, money, strict=True)
        if len(block.states) > 1
    ]
    outlays = [_outlays_of(b, v, payers) for b, v in zip(blocks, money, strict=True) if b.measures]
    columns = [
        *(
            "from_state",
            "to_state",
            "measures",
            "overnight",
            "annuity",
            "payer",
            "units",
            "capacity",
            "stock",
        ),
        *("book_lost", "first_year", "last_year"),
    ]
    table = pd.concat(moves, ignore_index=True) if moves else pd.DataFrame({c: [] for c in columns})
    named = ["source", "measure", "overnight", "annuity", "payer"]
    laid = pd.concat(outlays, ignore_index=True) if outlays else pd.DataFrame({c: [] for c in named})
    return table.sort_values(["from_state", "to_state"], ignore_index=True)[columns], laid.sort_values(
        "source", kind="stable", ignore_index=True
    )[named]


def _moves_of(
    block: Block,
    rows: Ints,
    money: Money,
    size: dict[str, NDArray[np.float64]],
    last: Ints,
    payers: NDArray[np.object_],
    alive: Bools,
    number: Ints,
    scenario: Scenario,
) -> pd.DataFrame:
    """Moves of the sources of one block, between states that are left, within the years of the scenario."""
    from_, to = np.nonzero(block.arcs)
    added = block.part[:, to] & ~block.part[:, from_]  # [m, A]
    overnight = money.overnight @ added.astype(float)  # [n, A]
    annuity = money.annuity @ added.astype(float)
    first = np.array(
        [max(m.first_year for m, there in zip(block.measures, a, strict=True) if there) for a in added.T]
    )
    until = np.where(overnight > 0, last[block.sources][:, None], last.max() + YEARS_BEFORE_CLOSURE)
    possible = np.maximum(first, scenario.years[0])[None, :] <= np.minimum(until, scenario.years[-1])
    source, arc = np.nonzero(possible & alive[rows[:, from_]] & alive[rows[:, to]])
    names = np.empty(len(to), dtype=object)
    names[:] = [tuple(m.id for m, there in zip(block.measures, a, strict=True) if there) for a in added.T]
    who = np.empty(len(to), dtype=object)
    who[:] = [
        "+".join(sorted({m.payer for m, there in zip(block.measures, a, strict=True) if there}))
        for a in added.T
    ]
    position = block.sources[source]
    own = payers[position]
    ends = np.array([state.ended for state in block.states])[to[arc]]
    return pd.DataFrame(
        {
            "from_state": number[rows[source, from_[arc]]],
            "to_state": number[rows[source, to[arc]]],
            "measures": names[arc],
            "overnight": overnight[source, arc],
            "annuity": annuity[source, arc],
            "payer": np.where(pd.isna(own), who[arc], own),
            "units": size["units"][position],
            "capacity": size["capacity"][position],
            "stock": size["stock"][position],
            "book_lost": np.where(ends, size["book_lost"][position], 0.0),
            "first_year": first[arc],
            "last_year": until[source, arc],
        }
    )


def _outlays_of(block: Block, money: Money, payers: NDArray[np.object_]) -> pd.DataFrame:
    n, count = money.overnight.shape
    payer = np.tile(np.array([m.payer for m in block.measures], dtype=object), n)
    own = np.repeat(payers[block.sources], count)
    return pd.DataFrame(
        {
            "source": np.repeat(block.sources, count),
            "measure": np.tile(np.array([m.id for m in block.measures], dtype=object), n),
            "overnight": money.overnight.ravel(),
            "annuity": money.annuity.ravel(),
            "payer": np.where(pd.isna(own), payer, own),
        }
    )
