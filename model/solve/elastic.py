"""When no plan meets every limit: the least shortfall, the strongest words last to give way, then the least
cost at it.

A shortfall is a fraction of its limit's bound (of its frozen left side when the bound is 0). Strength by
strength, from `binding` down to `strive`, the sum of shortfalls is made as small as the stronger ones, held
at theirs, allow.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.problem.problem import Floats
from model.solve.formulation import Elastic, right_sides
from model.solve.highs import Matrix, Settings
from model.solve.merge import Network
from model.solve.search import Found, search

PATIENCE = 90.0
"""Seconds for the shortfalls, and again for the cost at them: which limits give way is wanted soon, and a
large model can take hours to prove that the last unit can not give a little less.
"""

LEAST = 1e-6
"""Sums of shortfalls are made least to this, and held to a thousandth of it."""


def least_miss(
    network: Network,
    matrix: Matrix,
    settings: Settings,
    elastic: Elastic,
    gap: float,
    goal: Callable[[Floats], float],
) -> tuple[Found, Matrix]:
    """The solution of least shortfall and, at it, least cost; and the matrix whose rows its duals belong to.

    matrix: of the model with no shortfall allowed. gap: share of the sum of shortfalls to which it is proven
    least. goal: gap of the cost, as for `search`.
    """
    arcs = len(network.arcs.cost)
    upper = matrix.upper.copy()
    upper[arcs:] = _most(network) / elastic.scale
    matrix = replace(matrix, upper=upper)
    start: Floats | None = None
    pressed = _pressed(settings)
    for strength in np.unique(elastic.tier)[::-1]:
        only = np.concatenate([np.zeros(arcs), (elastic.tier == strength).astype(float)])

        def near(value: Floats, only: Floats = only) -> float:
            return max(LEAST, gap * float(only @ value))

        if start is None or only @ start > LEAST:
            found = search(network, replace(matrix, cost=only), pressed, near, start)
            if found.value is None:
                return found, matrix
            start = found.value
        right = matrix.row_upper.copy()
        right[_row(matrix, int(strength))] = float(only @ start) + LEAST / 1000
        matrix = replace(matrix, row_upper=right)
    return search(network, matrix, _pressed(settings), goal, start), matrix


def _pressed(settings: Settings) -> Settings:
    """The settings with no more than PATIENCE left."""
    return replace(settings, stop_at=min(settings.stop_at, time.monotonic() + PATIENCE))


def no_miss(network: Network, matrix: Matrix) -> Matrix:
    """The matrix with no shortfall allowed."""
    upper = matrix.upper.copy()
    upper[len(network.arcs.cost) :] = 0.0
    return replace(matrix, upper=upper)


def _row(matrix: Matrix, strength: int) -> int:
    """Row of the shortfall total of a strength."""
    rows = enumerate(zip(matrix.family, matrix.label, strict=True))
    return next(row for row, key in rows if key == ("shortfall_total", strength))


def _most(network: Network) -> Floats:
    """A shortfall that no plan exceeds, [R], in the unit of the limit."""
    whole = abs(network.arcs.use).T @ network.count[network.block]
    return np.asarray(whole + np.abs(right_sides(network)))
