"""Pathways as columns: what each costs and uses of the rows over the base pathway of its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints
from model.solve.rows import Rows
from model.solve.walk import Steps

Worth = Callable[[Ints, Steps], tuple[Floats, sparse.csr_array]]
"""What gives cost [P] and use of the rows [P, R] of pathways: `Walk.worth`, or `worth` of a problem."""


@dataclass(frozen=True)
class Pool:
    """Pathways source [P], state [P, Y]; over the base of their source, cost [P] and signed use [P, R]."""

    source: Ints
    state: Steps
    cost: Floats
    use: sparse.csr_array

    @cached_property
    def size(self) -> sparse.csr_array:
        """Use without its sign, [P, R]."""
        return abs(self.use)

    def reduced(self, price: Floats) -> Floats:
        """What each costs over its base under prices [R], [P]."""
        return np.asarray(self.cost + self.use @ price)

    def take(self, chosen: Ints) -> Pool:
        """Some of them."""
        use = sparse.csr_array(self.use[chosen])
        return Pool(self.source[chosen], self.state[chosen], self.cost[chosen], use)

    def join(self, other: Pool) -> Pool:
        """Both."""
        return Pool(
            np.concatenate([self.source, other.source]),
            np.concatenate([self.state, other.state]),
            np.concatenate([self.cost, other.cost]),
            sparse.csr_array(sparse.vstack([self.use, other.use])),
        )


def empty_pool(rows: Rows) -> Pool:
    """No pathways."""
    none = np.zeros(0)
    states = np.zeros((0, rows.years), dtype=np.int16)
    return Pool(none.astype(np.int64), states, none, sparse.csr_array((0, len(rows.row))))


def make_pool(worth: Worth, rows: Rows, base: Steps, source: Ints, state: Steps) -> Pool:
    """Pathways against the base pathways [S, Y]."""
    cost, use = worth(source, state)
    own, place = np.unique(source, return_inverse=True)
    base_cost, base_use = worth(own, base[own])
    signed = (use - base_use[place]) @ sparse.diags_array(rows.sign)
    return Pool(source, state, cost - base_cost[place], sparse.csr_array(signed))


def keys(source: Ints, state: Steps) -> np.ndarray:
    """One value for each pathway, equal where they are, [P]."""
    halves = source.astype(np.int64).view(np.int16).reshape(-1, 4)
    table = np.ascontiguousarray(np.column_stack([halves, state]))
    return table.view(np.dtype((np.void, 2 * table.shape[1]))).ravel()
