"""Whole-number models whose plan is cheap beside their dearest arcs, in units in which HiGHS sees its cost.

HiGHS takes what is below its tolerances for nothing. Where costs run from 1 to 1e9, the cheap part of a plan
is below them in the unit that suits all arcs. Arcs that no plan as good as the one found can use are then
left out, and the rest is solved again in the unit of what is left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.problem.problem import Bools, Floats
from model.solve.highs import Matrix, Outcome, Settings, solve_lp, solve_mip
from model.solve.merge import Network

COARSE, FINER = 1.0, 0.1
"""What a plan spends, in units of the matrix's cost, that is near HiGHS's tolerances; and how much finer than
the dearest cost a unit has to be to be worth another run.
"""

TOLERANCE = 1e-6
"""Margin for HiGHS's own tolerances, in units of the matrix's cost and for each column."""

TIMES = 4


def solve_finely(
    network: Network,
    matrix: Matrix,
    settings: Settings,
    gap: float,
    target: float = -np.inf,
    start: Floats | None = None,
) -> Outcome:
    """`highs.solve_mip` of the matrix of a network, again in finer units of cost while the plan is cheap
    beside its arcs. gap, target and the outcome in units of the matrix's cost.
    """
    found, unit = solve_mip(matrix, settings, gap, target, start), 1.0
    for _ in range(TIMES):
        value = found.value
        if value is None or float(np.abs(matrix.cost) @ value) >= COARSE:
            break
        finer = _finer(network, matrix, value, settings)
        if finer is None:
            break
        matrix, unit = finer[0], unit * finer[1]
        found = solve_mip(matrix, settings, max(gap / unit, TOLERANCE), target / unit, value)
    return replace(found, bound=found.bound * unit)


def _finer(
    network: Network, matrix: Matrix, value: Floats, settings: Settings
) -> tuple[Matrix, float] | None:
    """The matrix without the columns that no plan as good as `value` uses, in a finer unit of cost, and that
    unit in units of the former; None where it would be no finer.

    One unit on an arc costs at least the relaxation and the arc's reduced cost; a share of a divisible source
    may cost as little as it likes, so its arcs stay.
    """
    relaxed = solve_lp(matrix, settings)
    if relaxed.dual is None:
        return None
    reduced = matrix.cost - matrix.matrix.T @ relaxed.dual
    room = float(matrix.cost @ value) - relaxed.bound + TOLERANCE * len(reduced)
    kept = _passed(network, ((reduced <= room) | ~matrix.whole) & (matrix.upper > 0))
    cost = np.where(kept, matrix.cost, 0.0)
    dearest = float(np.abs(cost).max(initial=0.0))
    if dearest == 0 or dearest > FINER * np.abs(matrix.cost).max():
        return None
    unit = float(np.exp2(np.ceil(np.log2(dearest))))
    return replace(matrix, cost=cost / unit, upper=np.where(kept, matrix.upper, 0.0)), unit


def _passed(network: Network, kept: Bools) -> Bools:
    """Those of the arcs kept that flow can both reach and leave over others, [A]."""
    arcs, last = network.arcs, len(network.problem.years)
    ends = arcs.head % (last + 1) == last
    while True:
        reached = (arcs.year == 0) | np.isin(arcs.tail, arcs.head[kept])
        left = ends | np.isin(arcs.head, arcs.tail[kept])
        passed = kept & reached & left
        if np.array_equal(passed, kept):
            return np.asarray(passed)
        kept = passed
