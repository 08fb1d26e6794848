"""From the relaxation to a whole-number plan with a proven gap.

The relaxation gives a bound L and reduced costs. A plan is then looked for among arcs of reduced cost up to
D, the core, and is good enough when it costs little more than L. D grows until one is. Where only arcs of
units were left out, a plan that uses one of them costs more than L + D, so min(bound of the core, L + D) is
a bound for all plans; from D = U - L on, with U the best plan found, such a core holds every optimal plan.
The last core leaves out nothing but what U - L rules out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from model.problem.problem import Floats
from model.solve.bound import Bound
from model.solve.highs import Matrix, Settings, fixed, solve_lp, solve_mip
from model.solve.merge import Network
from model.solve.relax import relax

CORE_ARCS = 12_000
"""Arcs in the first core: what HiGHS branches on within seconds. Smaller models are solved whole at once."""

WIDER = 2
"""How many times more arcs the next core has."""

WHOLE = 1e-6
"""How far from a whole number HiGHS may leave a column."""


@dataclass(frozen=True)
class Found:
    """value: columns of the matrix, [A + R] or None; bound: proven, in units of the matrix's cost.

    status: optimal (gap reached), feasible, infeasible (proven), none (time ran out). dual: of the rows at
    the relaxation, and at the plan with its whole numbers fixed.
    """

    status: str
    value: Floats | None
    bound: float
    relaxed_dual: Floats | None = None
    fixed_dual: Floats | None = None


def search(
    network: Network,
    matrix: Matrix,
    settings: Settings,
    goal: Callable[[Floats], float],
    start: Floats | None = None,
) -> Found:
    """The least-cost whole-number solution of the matrix, to a gap of `goal(value)` in units of its cost.

    start: a solution known to be one, if any.
    """
    relaxed, below = relax(network, matrix, settings)
    if relaxed.value is None or below is None:
        # Without a verdict on the relaxation the elastic model, which is always feasible, decides.
        status = "infeasible" if relaxed.status in ("infeasible", "unknown") else "none"
        return Found(status if start is None else "feasible", start, -np.inf)
    best: Floats | None = relaxed.value
    bound, status = below.value, "optimal"
    if not _is_whole(matrix, relaxed.value):
        best, bound, status = _cores(network, matrix, settings, below, goal(relaxed.value), start)
    if best is None:
        return Found(status, None, bound, relaxed.dual)
    polished = solve_lp(fixed(matrix, best), settings)
    if polished.value is None:
        value, dual = np.where(matrix.whole, np.round(best), best), None
    else:
        value, dual = np.where(matrix.whole, np.round(polished.value), polished.value), polished.dual
    return Found(status, np.maximum(value, 0.0), bound, relaxed.dual, dual)


def _is_whole(matrix: Matrix, value: Floats) -> bool:
    """Whether every whole-number column is one."""
    return bool((np.abs(value - np.round(value))[matrix.whole] <= WHOLE).all())


def _cores(
    network: Network, matrix: Matrix, settings: Settings, below: Bound, wanted: float, start: Floats | None
) -> tuple[Floats | None, float, str]:
    """Solve growing cores until the gap is proven: the best solution, the bound and the status."""
    order, divisible = np.sort(below.reduced), ~matrix.whole[: len(below.reduced)]
    best = start
    cost = np.inf if start is None else float(matrix.cost @ start)
    bound, arcs = below.value, CORE_ARCS
    if cost - bound <= wanted:
        return best, bound, "optimal"
    while True:
        reach = float(order[arcs]) if arcs < len(order) else np.inf
        only_units = not (divisible & (below.reduced > reach)).any()
        complete = only_units and reach >= cost - below.value
        core = replace(matrix, upper=_core_upper(network, matrix, below, reach, cost, best))
        outcome = solve_mip(core, settings, wanted / 2, below.value + wanted, best)
        if outcome.value is not None and matrix.cost @ outcome.value < cost:
            best, cost = outcome.value, float(matrix.cost @ outcome.value)
        if only_units:
            bound = max(bound, min(outcome.bound, below.value + reach, cost))
        if best is not None and cost - bound <= wanted:
            return best, bound, "optimal"
        if outcome.status in ("feasible", "none"):
            return best, bound, outcome.status if best is None else "feasible"
        if complete or np.isinf(reach):
            return best, bound, "infeasible" if best is None else "feasible"
        arcs *= WIDER


def _core_upper(
    network: Network, matrix: Matrix, below: Bound, reach: float, cost: float, best: Floats | None
) -> Floats:
    """Upper bounds of the columns in the core of arcs with reduced cost up to `reach`.

    An arc of reduced cost r carries at most (U - L) / r in any plan that is better than the best one found,
    U, whose own arcs stay open.
    """
    arcs = len(below.reduced)
    upper = matrix.upper.copy()
    room = (cost - below.value) * (1 + 1e-9) if np.isfinite(cost) else np.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(below.reduced > 0, room / below.reduced, np.inf)
    units = matrix.whole[:arcs]
    most = np.where(units, np.floor(most), most)
    most = np.where(below.reduced > reach, 0.0, most)
    if best is not None:
        most = np.maximum(most, np.ceil(best[:arcs] - WHOLE))
    upper[:arcs] = np.minimum(upper[:arcs], np.minimum(most, network.count[network.block]))
    return upper
