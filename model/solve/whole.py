"""The whole model handed to HiGHS: the route that uses nothing but the one formulation (`monolithic`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Floats, Ints, Problem
from model.solve.finely import solve_finely
from model.solve.formulation import build_model, cost_scale, row_scale, unmeetable
from model.solve.highs import Matrix, Settings, compile_model, fixed, solve_lp
from model.solve.merge import Network, build_network, spread

LEAST_GAP = 1e-6
"""Gap below which HiGHS's own tolerances decide, in units of the matrix's cost."""


@dataclass(frozen=True)
class Whole:
    """pathways (source [P], share [P], state [P, Y]), None where there is none; bound in CNY; price [R]: what
    loosening an imposed limit saves, CNY discounted, of the relaxation; status as of `highs.Outcome`.
    """

    pathways: tuple[Ints, Floats, Ints] | None
    bound: float
    price: Floats
    status: str


def solve_whole(problem: Problem, settings: Settings, gap: float, merge: bool = True) -> Whole:
    """The least-cost plan to `gap` of gross spending (estimated by that of the relaxation)."""
    network = build_network(problem, merge)
    price = np.zeros(len(network.arcs.row))
    if len(network.count) == 0 or unmeetable(network):
        if unmeetable(network):
            return Whole(None, np.inf, price, "infeasible")
        return Whole(spread(network, np.zeros(0)), network.constant.cost, price, "optimal")
    matrix, scale = compile_model(build_model(network)), cost_scale(network)
    relaxed = solve_lp(matrix, settings)
    if relaxed.value is None or relaxed.dual is None:
        bound = np.inf if relaxed.status == "infeasible" else -np.inf
        return Whole(None, bound, price, relaxed.status)
    price = _prices(network, matrix, relaxed.dual)
    found = solve_finely(network, matrix, settings, _wanted(network, relaxed.value, gap, settings))
    bound = (found.bound if np.isfinite(found.bound) else relaxed.bound) * scale + network.constant.cost
    if found.value is None:
        return Whole(None, bound, price, found.status)
    polished = solve_lp(fixed(matrix, found.value), settings)
    value = found.value if polished.value is None else polished.value
    flow = np.maximum(np.where(matrix.whole, np.round(value), value), 0.0)
    return Whole(spread(network, flow), bound, price, found.status)


def _wanted(network: Network, value: Floats, gap: float, settings: Settings) -> float:
    """The gap in units of the matrix's cost."""
    gross = network.constant.gross + float(network.arcs.gross @ value)
    return max(max(gap * gross, settings.enough) / cost_scale(network), LEAST_GAP)


def _prices(network: Network, matrix: Matrix, dual: Floats) -> Floats:
    """Duals of the limits in CNY per unit, [R]."""
    out = np.zeros(len(network.arcs.row))
    scale = cost_scale(network) / row_scale(network)
    for position, (family, label) in enumerate(zip(matrix.family, matrix.label, strict=True)):
        if family in ("at_most", "at_least"):
            out[label] = abs(dual[position]) * scale[label]
    return out
