"""States that another state of the source beats in all that counts; no optimum needs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.select import Selector
from model.base.words import POLLUTANTS, QUANTITIES, STOOD
from model.inventory.columns import Columns
from model.scenario.bounds import Bound
from model.scenario.scenario import FrozenMap, Limit, Scenario, ShareOf

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Counted:
    """A quantity that a limit counts on some sources: sense -1 where more is worse, +1 where less is worse.

    states: counted only in the states that match. Both None = all. ended: what has ended counts as it was at
    the start. whole: of a share with a plain bound, what
    the quantity is a share of; then the row N - share x D is counted as one.
    """

    quantity: str
    sense: int
    where: Selector | None = None
    states: Selector | None = None
    whole: Counted | None = None
    share: float = 0.0
    ended: bool = False


def counted_quantities(scenario: Scenario) -> tuple[Counted, ...]:
    """What the enforced limits and the objective count.

    A share N / D of at most p counts as the row N - p D; where p is not a plain number, or the two do not
    follow the same activity through the years, N is worse when greater and D when smaller.
    """
    found = [c for limit in scenario.limits.values() if limit.enforce and limit.op for c in _of_limit(limit)]
    if scenario.minimise != "cost":
        for pollutant, weight in scenario.minimise.items():
            found.append(Counted(pollutant, -1 if weight >= 0 else 1))
    return tuple(dict.fromkeys(found))


def _of_limit(limit: Limit) -> Iterator[Counted]:
    sense = -1 if limit.op in ("at_most", "below") else 1
    if QUANTITIES[limit.quantity].kind == "response":
        yield from (Counted(pollutant, sense) for pollutant in POLLUTANTS)
        return
    counted = Counted(limit.quantity, sense, limit.where, limit.states, ended=limit.ended)
    whole = None
    if limit.share_of == "all":
        whole = Counted(limit.quantity, -sense, limit.where, ended=limit.ended)
    elif isinstance(limit.share_of, ShareOf):
        base = limit.share_of
        whole = Counted(base.quantity, -sense, base.where, base.states, ended=limit.ended)
    amounts = limit.bounds.values() if isinstance(limit.bounds, FrozenMap) else [limit.bounds]
    if whole is None:
        yield counted
    elif _go_together(counted.quantity, whole.quantity, limit.share_of) and all(
        amount is not None and amount.relation == "plain" for amount in amounts
    ):
        yield from (replace(counted, whole=whole, share=amount.value) for amount in amounts if amount)
    else:
        yield from (counted, whole)


def _go_together(one: str, other: str, share_of: Literal["all"] | ShareOf | None) -> bool:
    """Whether two quantities are in one proportion to each other in all years: emission may respond to
    changes, and loads and stock are of the end of the year. The share itself must be known: what is in the
    unit of a class stands as written.
    """
    if Bound(one, share_of).unit() is None:
        return False
    kinds = [QUANTITIES[q].kind for q in (one, other)]
    return one == other or (kinds == ["state", "state"] and not {one, other} & {*POLLUTANTS, "cost"})


def scores(
    scenario: Scenario,
    sources: Columns,
    states: pd.DataFrame,
    columns: Columns,
    uses: Mapping[str, Floats],
) -> Iterator[Floats]:
    """Arrays [K] in which less is better: counted quantities by their sense, and what mandates forbid.

    Args:
        sources: attributes of the sources, [S], as limits test them.
        columns: attributes of the states, [K].
        uses: quantity -> use or load of every state.
    """
    source = states["source"].to_numpy()
    ended, first = states["ended"].to_numpy(dtype=bool), np.searchsorted(source, np.arange(sources.size))

    def inside(where: Selector | None, members: Selector | None) -> Bools:
        return np.asarray(sources.chosen(where)[source] & columns.chosen(members))

    def use(counted: Counted) -> Floats | None:
        within = inside(counted.where, counted.states).astype(float)
        if counted.quantity in uses:
            used = uses[counted.quantity]
            if counted.ended and counted.quantity in STOOD:
                used = np.where(ended, used[first[source]], used)
            return np.asarray(used * within)
        # A move counts by the state it leads to.
        return within if QUANTITIES[counted.quantity].kind == "move" else None

    for counted in counted_quantities(scenario):
        part = use(counted)
        whole = None if counted.whole is None else use(counted.whole)
        if part is None and whole is None:
            continue
        row = np.zeros(len(states)) if part is None else part
        yield -counted.sense * (row if whole is None else row - counted.share * whole)
    for mandate in scenario.mandates.values():
        if mandate.not_in is not None:
            yield inside(mandate.where, mandate.not_in).astype(float)
        else:
            yield -inside(mandate.where, mandate.only_in).astype(float)


def spending_counted(scenario: Scenario) -> bool:
    """Whether a limit counts what moves cost in a year."""
    return any(c.quantity == "investment" for c in _parts(scenario))


def more_is_asked(scenario: Scenario) -> bool:
    """Whether a limit asks for moves or cost for their own sake, so that cheaper is not better."""
    return any(
        c.sense > 0 and (c.quantity == "cost" or QUANTITIES[c.quantity].kind == "move")
        for c in _parts(scenario)
    )


def _parts(scenario: Scenario) -> Iterator[Counted]:
    """What is counted, wholes of shares beside their parts."""
    for counted in counted_quantities(scenario):
        yield counted
        if counted.whole is not None:
            yield counted.whole


def keep(alive: Bools, worse: Floats, first_year: NDArray[np.int64], arcs: Bools, strict: bool) -> Bools:
    """Which states stay, [n, K], for n sources of one signature.

    A set D of states is dropped for a state c when c is no worse than each of them in every score and no
    later on offer, and every alive state outside D from which a state of D is reached has a move to c (or is
    c), and every one that is reached from D is reached from c (or is c). Sending D to c then turns any
    pathway into another one that costs and uses no more. Annuities are charged from a move to the horizon's
    end and measures are never taken out, so the annuity of all measures in a state is a score like its
    running cost.

    Args:
        alive: states on offer, [n, K]; state 0 stays.
        worse: scores, [scores, n, K], less is better; among them running cost by year, fixed cost, annuity.
        first_year: year from which a state can be reached, [K].
        arcs: moves, [K, K] from, to.
        strict: a limit counts spending by year, so no onward move may change in price.
    """
    alive = alive.copy()
    count = alive.shape[1]
    worse = worse[(worse != worse[:, :, :1]).any(axis=(1, 2))]  # the others tell no two states apart
    for c in range(count):
        if not alive[:, c].any():
            continue
        beaten = alive & alive[:, [c]] & (first_year >= first_year[c])
        beaten[:, [0, c]] = False
        beaten &= (worse[:, :, [c]] <= worse).all(axis=0)
        if not beaten.any():
            continue
        others = np.arange(count) != c
        # needs[j, k]: k may go only if j goes with it, since j can not do with c in the place of k.
        before = arcs & ~arcs[:, [c]] & others[:, None]
        after = (arcs.T if strict else arcs.T & ~arcs[c][:, None]) & others[:, None]
        needs = (before | after).astype(np.float32)
        while True:
            held = ((alive & ~beaten).astype(np.float32) @ needs) > 0
            if not (beaten & held).any():
                break
            beaten &= ~held
        alive &= ~beaten
    return alive
