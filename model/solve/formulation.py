r"""The one Pyomo model of the least-cost plan (design: section 5).

Sets: blocks :math:`b` of :math:`n_b` equal sources; nodes :math:`v = (k, y)`, state k of a block at the end
of year y (`start` is state 0 at the end of the start year); arcs :math:`a` from node to node, staying
included.

Variables: :math:`z_a \ge 0`, how many sources of the block take the arc; whole numbers unless the block is
divisible. :math:`x_v = \sum_{a \to v} z_a` is substituted, so a cost or use of a state is one of the arcs
that lead into it: phi of the year and (1 - phi) of the next. Forbidden states have no arcs: that is how
mandates hold.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression
from scipy import sparse

from model.problem.problem import Floats
from model.solve.merge import Network

FAMILIES = ("start", "flow", "at_most", "at_least")
"""Constraint families, in the order of their rows, each with a golden of its rows in tests/solve/golden."""


def right_sides(network: Network) -> Floats:
    """Bounds of the enforced limits less what no choice changes, [R]."""
    return np.asarray(network.problem.bound[network.arcs.row] - network.constant.use)


def unmeetable(network: Network, tolerance: float = 1e-9) -> bool:
    """Whether a limit is missed that no arc of the network touches."""
    sense = network.problem.sense[network.arcs.row]
    right = right_sides(network)
    touched = np.diff(sparse.csc_array(network.arcs.use).indptr) > 0
    scale = np.abs(network.problem.bound[network.arcs.row]) + np.abs(network.constant.use)
    return bool((~touched & (sense * right > tolerance * scale)).any())


def row_scale(network: Network) -> Floats:
    """Power of two near the mean absolute coefficient of each limit, [R]: the sum of them over their number.

    The mean and not the sum, so that no coefficient falls below what HiGHS takes for zero; a power of two,
    so that scaling changes no digit.
    """
    use = sparse.csc_array(network.arcs.use)
    total = np.asarray(abs(use).sum(axis=0)).ravel()
    number = np.maximum(np.diff(use.indptr), 1)
    mean = np.where(total > 0, total / number, 1.0)
    return np.asarray(np.exp2(np.round(np.log2(mean))))


def cost_scale(network: Network) -> float:
    """Power of ten that brings the mean absolute cost of an arc near 1 (million CNY for a region of
    boilers).
    """
    size = np.abs(network.arcs.cost)
    mean = float(size[size > 0].mean()) if (size > 0).any() else 1.0
    return float(10.0 ** np.round(np.log10(mean)))


def build_model(network: Network) -> pyo.ConcreteModel:
    """The model of a network: least cost under its limits."""
    model = pyo.ConcreteModel()
    arcs = range(len(network.arcs.cost))
    whole = ~network.divisible[network.block]
    model.z = pyo.Var(arcs, domain=lambda _, a: pyo.NonNegativeIntegers if whole[a] else pyo.NonNegativeReals)
    z = [model.z[a] for a in arcs]
    scaled = (network.arcs.cost / cost_scale(network)).tolist()
    model.cost = pyo.Objective(expr=LinearExpression(constant=0, linear_coefs=scaled, linear_vars=z))
    _start(model, network, z)
    _flow(model, network, z)
    _limits(model, network, z)
    return model


def _start(model: pyo.ConcreteModel, network: Network, z: list[pyo.Var]) -> None:
    r"""Every source leaves state 0 of the start year on one arc: :math:`\sum_{a: start(b) \to} z_a = n_b`."""
    first = network.arcs.year == 0
    by_block: list[list[pyo.Var]] = [[] for _ in network.count]
    for arc, block in zip(np.flatnonzero(first).tolist(), network.block[first].tolist(), strict=True):
        by_block[block].append(z[arc])
    model.start = pyo.Constraint(range(len(by_block)))
    for block, out in enumerate(by_block):
        body = LinearExpression(constant=0, linear_coefs=[1.0] * len(out), linear_vars=out)
        model.start[block] = (float(network.count[block]), body, float(network.count[block]))


def _flow(model: pyo.ConcreteModel, network: Network, z: list[pyo.Var]) -> None:
    r"""What enters a node leaves it a year later: :math:`\sum_{a: v \to} z_a = \sum_{a: \to v} z_a`."""
    years = len(network.problem.years)
    entries: dict[int, tuple[list[float], list[pyo.Var]]] = {}
    for node, arc in zip(network.arcs.head.tolist(), z, strict=True):
        if node % (years + 1) < years:
            coefs, variables = entries.setdefault(node, ([], []))
            coefs.append(-1.0)
            variables.append(arc)
    for node, year, arc in zip(network.arcs.tail.tolist(), network.arcs.year.tolist(), z, strict=True):
        if year > 0:
            coefs, variables = entries[node]
            coefs.append(1.0)
            variables.append(arc)
    model.flow = pyo.Constraint(list(entries))
    for node, (coefs, variables) in entries.items():
        model.flow[node] = (0.0, LinearExpression(constant=0, linear_coefs=coefs, linear_vars=variables), 0.0)


def _limits(model: pyo.ConcreteModel, network: Network, z: list[pyo.Var]) -> None:
    r"""Limits, divided by their row scale :math:`\rho_i`: at most :math:`\sum_a u_{ia} z_a \le r_i`, at least
    :math:`\sum_a u_{ia} z_a \ge r_i`, where :math:`u_{ia}` is use of the states and moves of the arc and
    :math:`r_i` the bound less exogenous and settled use.
    """
    use = sparse.csc_array(network.arcs.use)
    sense = network.problem.sense[network.arcs.row]
    scale, right = row_scale(network), right_sides(network)
    # a limit that no arc touches is settled: `unmeetable` judges it
    touched = np.diff(use.indptr) > 0
    model.at_most = pyo.Constraint(np.flatnonzero(touched & (sense < 0)).tolist())
    model.at_least = pyo.Constraint(np.flatnonzero(touched & (sense > 0)).tolist())
    for row in np.flatnonzero(touched).tolist():
        part = slice(use.indptr[row], use.indptr[row + 1])
        coefs = (use.data[part] / scale[row]).tolist()
        variables = [z[a] for a in use.indices[part].tolist()]
        body = LinearExpression(constant=0, linear_coefs=coefs, linear_vars=variables)
        bound = float(right[row] / scale[row])
        if sense[row] < 0:
            model.at_most[row] = (None, body, bound)
        else:
            model.at_least[row] = (bound, body, None)
