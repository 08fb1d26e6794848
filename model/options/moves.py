"""Moves between the states of a source: what is added, what it costs and when it can be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.options.blocks import Block
from model.options.costs import Money
from model.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YEARS_BEFORE_CLOSURE = 3
"""No retrofit is paid for within three years of a known closure (planning practice, R24).
To close early is no retrofit.
"""


def last_retrofit(sources: pd.DataFrame) -> Ints:
    """Last year in which money may be put into each source, [S]; far away where no closure is known."""
    return sources["to_year"].fillna(9999).to_numpy(dtype=np.int64) - YEARS_BEFORE_CLOSURE


@dataclass(frozen=True)
class Arcs:
    """Every move of some blocks before any is left out, [A], by the state it leaves and the one it enters
    (rows [K0]), and every measure of every source, [O], by source; what they cost is a case's.

    order and outlay_order: where each stands among those of all blocks behind each other, [n, A] or [n, m] of
    each. payer and outlay_payer: as the row of the source says, else as the measures do.
    """

    order: Ints
    source: Ints
    from_state: Ints
    to_state: Ints
    ends: Bools
    first_year: Ints
    measures: NDArray[np.object_]
    payer: pd.Series[str]
    outlay_order: Ints
    outlay_source: Ints
    outlay_measure: pd.Series[str]
    outlay_payer: pd.Series[str]


def make_arcs(blocks: Sequence[Block], rows: Sequence[Ints], sources: pd.DataFrame) -> Arcs:
    """What moves and outlays are, whatever they cost.

    rows: of each block, the row [n, K] of each state.
    """
    arcs = _stacked([_arcs_of(*each) for each in zip(blocks, rows, strict=True)])
    order = np.lexsort([arcs["to_state"], arcs["from_state"]])
    arcs = {name: values[order] for name, values in arcs.items()}
    outlays = _stacked([_outlays_of(block) for block in blocks])
    outlay_order = np.argsort(outlays["source"], kind="stable")
    outlays = {name: values[outlay_order] for name, values in outlays.items()}
    return Arcs(
        **{**arcs, "payer": _payer(sources, arcs["source"], arcs["payer"])},  # type: ignore[arg-type]
        order=order,
        outlay_order=outlay_order,
        outlay_source=outlays["source"],
        outlay_measure=pd.Series(outlays["measure"], dtype="str"),
        outlay_payer=_payer(sources, outlays["source"], outlays["payer"]),
    )


def make_moves(
    arcs: Arcs,
    blocks: Sequence[Block],
    money: Sequence[Money],
    sources: pd.DataFrame,
    alive: Bools,
    scenario: Scenario,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`moves` and `outlays` of Options: those between states that are left, within the years of the scenario.

    Args:
        arcs: of the blocks.
        money: of each block, arrays [n, m].
        alive: which rows are left.
    """
    last = last_retrofit(sources)
    overnight = _over_steps(blocks, [each.overnight for each in money])[arcs.order]
    retrofit = (overnight > 0) & ~arcs.ends
    until = np.where(retrofit, last[arcs.source], last.max() + YEARS_BEFORE_CLOSURE)
    first = np.maximum(arcs.first_year, scenario.years[0])
    possible = (
        (first <= np.minimum(until, scenario.years[-1])) & alive[arcs.from_state] & alive[arcs.to_state]
    )
    left = np.flatnonzero(possible)
    annuity = _over_steps(blocks, [each.annuity for each in money])[arcs.order]
    number, source = np.cumsum(alive) - 1, arcs.source[left]
    units = sources["units"].to_numpy(float)
    moves = {
        "from_state": number[arcs.from_state[left]],
        "to_state": number[arcs.to_state[left]],
        "measures": arcs.measures[left],
        "overnight": overnight[left],
        "annuity": annuity[left],
        "payer": arcs.payer.array[left],
        "units": units[source],
        "capacity": np.nan_to_num(sources["capacity"].to_numpy(float) * units)[source],
        "stock": np.nan_to_num(sources["stock"].to_numpy(float))[source],
        "book_lost": np.where(
            arcs.ends[left], np.nan_to_num(sources["book_cny"].to_numpy(float))[source], 0.0
        ),
        "first_year": arcs.first_year[left],
        "last_year": until[left],
    }
    outlays = {
        "source": arcs.outlay_source,
        "measure": arcs.outlay_measure,
        "overnight": np.concatenate([each.overnight.ravel() for each in money])[arcs.outlay_order],
        "annuity": np.concatenate([each.annuity.ravel() for each in money])[arcs.outlay_order],
        "payer": arcs.outlay_payer,
    }
    return pd.DataFrame(moves, copy=False), pd.DataFrame(outlays)


def _stacked(parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """The parts behind each other, by column."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _payer(sources: pd.DataFrame, source: Ints, otherwise: NDArray[np.object_]) -> pd.Series[str]:
    """Who pays at each source: as its row says, else as the measures do."""
    own = sources["payer"].astype(object).to_numpy()[source]
    return pd.Series(np.where(pd.isna(own), otherwise, own), dtype="str")


def _over_steps(blocks: Sequence[Block], by_measure: Sequence[Floats]) -> Floats:
    """Sum over the measures that each step adds, of the blocks behind each other, from arrays [n, m]."""
    added = zip(blocks, by_measure, strict=True)
    return np.concatenate([(values @ block.steps.added.astype(float)).ravel() for block, values in added])


def _arcs_of(block: Block, rows: Ints) -> dict[str, NDArray[Any]]:
    steps, n = block.steps, len(block.sources)
    ends = np.array([state.ended for state in block.states])[steps.to_state]
    return {
        "source": np.repeat(block.sources, len(steps.to_state)),
        "from_state": rows[:, steps.from_state].ravel(),
        "to_state": rows[:, steps.to_state].ravel(),
        "ends": np.tile(ends, n),
        "first_year": np.tile(steps.first_year, n),
        "measures": np.tile(steps.measures, n),
        "payer": np.tile(steps.payer, n),
    }


def _outlays_of(block: Block) -> dict[str, NDArray[Any]]:
    n, count = len(block.sources), len(block.measures)
    return {
        "source": np.repeat(block.sources, count),
        "measure": np.tile(np.array([m.id for m in block.measures], dtype=object), n),
        "payer": np.tile(np.array([m.payer for m in block.measures], dtype=object), n),
    }
