"""Chains of arcs without a choice on the way become one arc: the same flows, fewer columns and rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from model.solve.merge import Network
from model.solve.network import Arcs


def contract(network: Network) -> tuple[Network, sparse.csr_array]:
    """The network with its chains contracted, and which arcs each chain is made of, [chains, arcs]: flow of
    the arcs = chains.T @ flow of the chains.
    """
    arcs = network.arcs
    count = len(arcs.cost)
    nodes, place = np.unique(np.concatenate([arcs.tail, arcs.head]), return_inverse=True)
    tail, head = place[:count], place[count:]
    entering, leaving = np.bincount(head, minlength=len(nodes)), np.bincount(tail, minlength=len(nodes))
    into = np.zeros(len(nodes), dtype=np.int64)
    into[head] = np.arange(count)
    joined = (entering[tail] == 1) & (leaving[tail] == 1)
    chain = np.arange(count)
    for year in range(1, len(network.problem.years)):
        own = np.flatnonzero(joined & (arcs.year == year))
        chain[own] = chain[into[tail[own]]]
    first, number = np.unique(chain, return_inverse=True)
    last = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(last, number, arcs.year * count + np.arange(count))
    parts = sparse.csr_array((np.ones(count), (number, np.arange(count))), shape=(len(first), count))
    merged = Arcs(
        tail=arcs.tail[first],
        head=arcs.head[last % count],
        year=arcs.year[first],
        move=arcs.move[first],
        source=arcs.source[first],
        cost=parts @ arcs.cost,
        gross=parts @ arcs.gross,
        use=sparse.csr_array(parts @ arcs.use),
        row=arcs.row,
    )
    block = network.block[first]
    ptr = np.searchsorted(block, np.arange(len(network.count) + 1))
    return replace(network, arcs=merged, block=block, arc_ptr=ptr), parts
