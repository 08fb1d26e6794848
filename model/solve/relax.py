"""The relaxation of a large model by sifting: exact, and several times faster than handing it over whole.

Prices of a sample of blocks choose the arcs of a first small LP; its prices show which arcs are missing;
and so on until the Lagrangian bound over all arcs meets the cost of the small LP. Limits may be missed at a
penalty on the way; should a miss be left in the end the whole LP decides.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from model.problem.problem import Bools, Floats
from model.solve.bound import PRICED, Bound, lagrangian
from model.solve.highs import Matrix, Outcome, Settings, solve_lp
from model.solve.merge import Network

WHOLE_ARCS = 20_000
"""Up to so many arcs the LP is solved as it is."""

SAMPLE = 0.25
"""Share of blocks in the sample."""

FIRST = 0.1
"""Share of arcs in the first LP, those of least reduced cost, and how far each round looks for missing
ones.
"""

NOTHING = 1e-9
"""Reduced cost that is rounding, in units of the matrix's cost."""

ROUNDS = 25
PENALTY = 10.0
"""Penalty of a miss over the price in the sample."""


def relax(
    network: Network, matrix: Matrix, settings: Settings, exact: float = 1e-9
) -> tuple[Outcome, Bound | None]:
    """The LP optimum and the proven bound at its prices, apart by at most `exact` of the cost."""
    if len(network.arcs.cost) <= WHOLE_ARCS:
        return _whole(network, matrix, settings)
    sample = solve_lp(_sampled(network, matrix), settings)
    if sample.dual is None:
        return _whole(network, matrix, settings)
    rows = np.flatnonzero([name in PRICED for name in matrix.family])
    price = np.abs(sample.dual[rows])
    usual = np.median(price[price > 0]) if (price > 0).any() else 1.0
    penalty = PENALTY * np.maximum(price, usual)
    bound = lagrangian(network, matrix, sample.dual)
    active = _near(bound)
    for _ in range(ROUNDS):
        small, columns = _restricted(matrix, active, rows, penalty)
        outcome = solve_lp(small, settings)
        if outcome.value is None or outcome.dual is None:
            break
        bound = lagrangian(network, matrix, outcome.dual)
        missed = bool((outcome.value[len(columns) :] > exact).any())
        missing = _near(bound) & ~active
        if outcome.bound - bound.value <= exact * max(abs(outcome.bound), 1.0) or not missing.any():
            if missed:
                break
            value = np.zeros(len(matrix.cost))
            value[columns] = outcome.value[: len(columns)]
            return replace(outcome, value=value), bound
        active |= missing
    return _whole(network, matrix, settings)


def _whole(network: Network, matrix: Matrix, settings: Settings) -> tuple[Outcome, Bound | None]:
    """The LP handed over as it is."""
    outcome = solve_lp(matrix, settings)
    return outcome, None if outcome.dual is None else lagrangian(network, matrix, outcome.dual)


def _near(bound: Bound) -> Bools:
    """The arcs of least reduced cost, [A]; those of best paths have none but rounding, so all are in it."""
    number = int(FIRST * len(bound.reduced))
    return np.asarray(bound.reduced <= np.partition(bound.reduced, number)[number] + NOTHING)


def _sampled(network: Network, matrix: Matrix) -> Matrix:
    """The LP of every block drawn, each limit cut in the proportion of its coefficients that were drawn."""
    rng = np.random.default_rng(0)
    drawn = np.zeros(len(network.count), dtype=bool)
    drawn[rng.permutation(len(drawn))[: int(SAMPLE * len(drawn))]] = True
    extra = np.ones(len(matrix.cost) - len(network.block), dtype=bool)
    kept = np.concatenate([drawn[network.block], extra])
    weight = np.concatenate([network.count[network.block], np.zeros(len(extra))])
    size = abs(matrix.matrix)
    whole, part = size @ weight, size @ (weight * kept)
    ratio = np.ones(len(whole))
    priced = np.array([name in PRICED for name in matrix.family], dtype=bool)
    ratio[priced] = np.divide(part, whole, out=np.ones(len(whole)), where=whole > 0)[priced]
    start = np.array([name == "start" for name in matrix.family], dtype=bool)
    ratio[start] = drawn[np.array(matrix.label)[start]]
    small = _columns(matrix, np.flatnonzero(kept))
    return replace(small, row_lower=_cut(matrix.row_lower, ratio), row_upper=_cut(matrix.row_upper, ratio))


def _cut(side: Floats, ratio: Floats) -> Floats:
    """Right sides in proportion; none stays none."""
    return np.where(np.isfinite(side), np.where(np.isfinite(side), side, 0.0) * ratio, side)


def _columns(matrix: Matrix, columns: np.ndarray) -> Matrix:
    """The matrix with these columns alone."""
    return replace(
        matrix,
        cost=matrix.cost[columns],
        matrix=sparse.csc_array(matrix.matrix[:, columns]),
        lower=matrix.lower[columns],
        upper=matrix.upper[columns],
        whole=matrix.whole[columns],
    )


def _restricted(
    matrix: Matrix, active: Bools, rows: np.ndarray, penalty: Floats
) -> tuple[Matrix, np.ndarray]:
    """The LP of the active arcs and a paid miss of each limit; and the columns of the whole that it has."""
    extra = np.ones(len(matrix.cost) - len(active), dtype=bool)
    columns = np.flatnonzero(np.concatenate([active, extra]))
    small = _columns(matrix, columns)
    sign = np.array([1.0 if matrix.family[row] == "at_least" else -1.0 for row in rows])
    shape = (len(matrix.row_upper), len(rows))
    missed = sparse.csc_array((sign, (rows, np.arange(len(rows)))), shape=shape)
    none = np.zeros(len(rows))
    return replace(
        small,
        cost=np.concatenate([small.cost, penalty]),
        matrix=sparse.csc_array(sparse.hstack([small.matrix, missed])),
        lower=np.concatenate([small.lower, none]),
        upper=np.concatenate([small.upper, none + np.inf]),
        whole=np.concatenate([small.whole, none > 0]),
    ), columns
