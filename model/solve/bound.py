"""Bounds that hold whatever the solver claims: shortest paths under given prices, in float64 (design:
section 5).

With prices on the limits each block is alone, so the Lagrangian bound is a sum of shortest paths, and the
reduced cost of an arc is how much its best path is above the best path of its block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Floats
from model.solve.highs import Matrix
from model.solve.merge import Network

PRICED = ("at_most", "at_least", "shortfall_total")
"""Families of rows that tie blocks together; the others are the paths themselves."""

MARGIN = 1e-12
"""Rounding margin of a sum of shortest paths, as a share of its absolute terms."""


@dataclass(frozen=True)
class Bound:
    """value: proven lower bound on the cost of the matrix; reduced: of each arc, never negative, [A]."""

    value: float
    reduced: Floats


def lagrangian(network: Network, matrix: Matrix, dual: Floats) -> Bound:
    """Bound and reduced costs at the prices of an LP (duals of its rows; those of a wrong sign count as 0).

    L = min over paths and shortfalls of (c - A'y) z, plus y b: any y of the right signs gives a valid bound.
    """
    at_least = np.array([name == "at_least" for name in matrix.family], dtype=bool)
    priced = np.array([name in PRICED for name in matrix.family], dtype=bool)
    price = np.where(at_least, np.maximum(dual, 0), np.minimum(dual, 0))
    price = np.where(priced, price, 0.0)
    right = np.where(at_least, matrix.row_lower, matrix.row_upper)
    paid = price[priced] * right[priced]
    reduced = matrix.cost - matrix.matrix.T @ price
    arcs = len(network.arcs.cost)
    best, arc_excess = _paths(network, reduced[:arcs])
    terms = np.concatenate(
        [
            network.count * best,
            np.minimum(reduced[arcs:], 0) * np.where(reduced[arcs:] < 0, matrix.upper[arcs:], 0),
        ]
    )
    value = terms.sum() + paid.sum() - MARGIN * (np.abs(terms).sum() + np.abs(paid).sum())
    return Bound(float(value), arc_excess)


def _paths(network: Network, cost: Floats) -> tuple[Floats, Floats]:
    """Shortest path of each block, [B], and of each arc the excess of its best path, [A]."""
    arcs = network.arcs
    nodes = len(network.problem.state_label) * (len(network.problem.years) + 1)
    years = [np.flatnonzero(arcs.year == year) for year in range(len(network.problem.years))]
    forward, backward = np.full(nodes, np.inf), np.full(nodes, np.inf)
    if len(cost):
        forward[arcs.tail[years[0]]] = 0.0
        backward[arcs.head[years[-1]]] = 0.0
    for own in years:
        np.minimum.at(forward, arcs.head[own], forward[arcs.tail[own]] + cost[own])
    for own in reversed(years):
        np.minimum.at(backward, arcs.tail[own], cost[own] + backward[arcs.head[own]])
    through = forward[arcs.tail] + cost + backward[arcs.head]
    best = np.full(len(network.count), np.inf)
    np.minimum.at(best, network.block, through)
    return best, np.maximum(through - best[network.block], 0.0)


def cheapest_paths(network: Network) -> Floats:
    """Flow of every block on its cheapest path as if there were no limits, [A]."""
    arcs = network.arcs
    _, excess = _paths(network, arcs.cost)
    flow = np.zeros(len(arcs.cost))
    at = np.full(len(network.problem.state_label) * (len(network.problem.years) + 1), False)
    at[arcs.tail[arcs.year == 0]] = True
    for year in range(len(network.problem.years)):
        own = np.flatnonzero((arcs.year == year) & at[arcs.tail])
        own = own[np.lexsort((excess[own], network.block[own]))]
        first = own[np.unique(network.block[own], return_index=True)[1]]
        flow[first] = network.count[network.block[first]]
        at[arcs.head[first]] = True
    return flow
