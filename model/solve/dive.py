"""Rounding from large to small: the relaxation over a menu is solved, the largest units take the pathway of
their greatest share and stay on it, and so on; what the last and smallest can not make even is small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.problem import Bools, Floats, Ints
from model.solve.columns import Pool
from model.solve.highs import Settings
from model.solve.master import Step, solve_master

FIXED = 0.25
"""Share of the free units that are fixed at a time."""

FEW = 40
"""Free units up to which all are fixed at once."""

DEAREST = 30.0
"""Highest price of a row, in prices of the row: what a miss costs while rounding."""


@dataclass(frozen=True)
class Menu:
    """What a search may choose from: pathways [P], each with its owner (0 .. n - 1), excess [P] and signed
    use [P, R], the last two in units of the value of a row: CNY over the spending of the plan. kind [n].
    """

    owner: Ints
    excess: Floats
    use: sparse.csr_array
    kind: Ints


@dataclass
class State:
    """A choice: pathway of each owner [n], and what each row has left [R]."""

    chosen: Ints
    left: Floats


def dive(menu: Menu, price: Floats, state: State, settings: Settings, among: Bools | None = None) -> State:
    """A choice of whole pathways by rounding from large to small, the owners not `among` them as they are.

    price [R]: value of a unit of each row left unused, 1 or less.
    """
    chosen, left = state.chosen.copy(), state.left.copy()
    size = np.zeros(len(chosen))
    np.maximum.at(size, menu.owner, np.asarray(abs(menu.use).sum(axis=1)).ravel())
    order = np.argsort(-size, kind="stable")
    free = np.ones(len(chosen), dtype=bool) if among is None else among.copy()
    while free.any():
        column = np.flatnonzero(free[menu.owner] & (chosen[menu.owner] != np.arange(len(menu.owner))))
        owner = menu.owner[column]
        more = sparse.csr_array(menu.use[column] - menu.use[chosen[owner]])
        # excess counts use at full price: less that, it is the cost of the pathway
        cost = menu.excess[column] - menu.excess[chosen[owner]] - more @ price
        # what is left of nothing after rounding would set the scale of the LP
        cost[np.abs(cost) <= 1e-12 * (menu.excess[column] + abs(more) @ price)] = 0.0
        pool = Pool(owner, np.zeros((len(column), 0), dtype=np.int16), cost, more)
        box = (np.zeros(len(price)), np.full(len(price), DEAREST))
        ones = np.ones(max(len(price), len(chosen)))
        step = solve_master(pool, ones[: len(chosen)], 0.0, left, box, ones[: len(price)], settings)
        number = int(free.sum())
        count = number if number <= FEW or step is None else int(np.ceil(number * FIXED))
        fixed = order[free[order]][:count]
        if step is not None:
            for position in _rounded(pool, step, fixed):
                left -= more[[position]].toarray().ravel()
                chosen[owner[position]] = column[position]
        free[fixed] = False
    return State(chosen, left)


def _rounded(pool: Pool, step: Step, fixed: Ints) -> Ints:
    """Columns of the pool that the fixed owners change to: those of greatest share, above that of staying."""
    column, share = step.mix.column, step.mix.share
    owner = pool.source[column]
    if len(owner) == 0:
        return owner
    stays = 1 - np.bincount(owner, share)
    order = np.lexsort((share, owner))
    last = np.append(np.flatnonzero(np.diff(owner[order])), len(order) - 1)
    top: Ints = order[last]
    top = top[(share[top] >= stays[owner[top]]) & np.isin(owner[top], fixed)]
    return column[top]
