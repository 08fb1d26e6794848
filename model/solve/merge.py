"""Sources that no cost and no limit tells apart become one source with a count; one with a single pathway a
constant.

Both are exact. A merged flow is told apart again in the order of the sources, so the same problem gives the
same plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.network import Arcs, Constant, build_arcs


@dataclass(frozen=True)
class Network:
    """Blocks of equal sources and the arcs of each, what a solver chooses; and what is settled already.

    Block b stands for the sources `member[member_ptr[b] : member_ptr[b + 1]]`, its arcs are those of the
    first of them, `arc_ptr[b] : arc_ptr[b + 1]` of `arcs`. settled: arcs of sources with one pathway.
    """

    problem: Problem
    arcs: Arcs
    arc_ptr: Ints
    block: Ints  # [A] block of each arc
    count: Floats  # [B]
    divisible: Bools  # [B]
    member_ptr: Ints
    member: Ints
    settled: Arcs
    constant: Constant


def build_network(problem: Problem, merge: bool = True, open_states: Bools | None = None) -> Network:
    """Arcs of the problem with equal sources merged (unless `merge` is False), through `open_states` [K, Y]
    alone where they are given.
    """
    arcs, constant = build_arcs(problem, open_states)
    start = np.searchsorted(arcs.source, np.arange(len(problem.source) + 1))
    free = np.diff(start) > len(problem.years)
    loose = np.flatnonzero(free[arcs.source])
    fixed = np.flatnonzero(~free[arcs.source])
    settled = arcs.take(fixed)
    constant = Constant(
        constant.cost + float(settled.cost.sum()),
        constant.gross + float(settled.gross.sum()),
        constant.use + np.asarray(settled.use.sum(axis=0)).ravel(),
    )
    groups = _groups(problem, arcs, start, np.flatnonzero(free), merge)
    first = np.array([group[0] for group in groups], dtype=np.int64)
    ranges = [np.arange(start[s], start[s + 1]) for s in first]
    chosen = np.concatenate(ranges) if ranges else loose
    lengths = np.array([len(part) for part in ranges], dtype=np.int64)
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    return Network(
        problem=problem,
        arcs=arcs.take(chosen),
        arc_ptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        block=np.repeat(np.arange(len(groups)), lengths),
        count=sizes.astype(float),
        divisible=problem.divisible[first],
        member_ptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        member=np.array([s for group in groups for s in group], dtype=np.int64),
        settled=settled,
        constant=constant,
    )


def _groups(problem: Problem, arcs: Arcs, start: Ints, free: Ints, merge: bool) -> list[list[int]]:
    """Sources with equal arcs together, each group and all groups in source order.

    Two sources are equal when their arcs agree in structure, in cost and in what they add to every enforced
    limit, to 12 digits; cell, part-year share, driver and mandates matter only through these.
    """
    if not merge:
        return [[int(s)] for s in free]
    years = len(problem.years) + 1
    shape = np.column_stack([arcs.tail, arcs.head]) - (problem.state_start[arcs.source] * years)[:, None]
    entries = np.diff(arcs.use.indptr)
    structure = np.column_stack([shape, entries])
    cost, value = _rounded(arcs.cost), _rounded(arcs.use.data)
    found: dict[tuple[object, ...], list[int]] = {}
    for source in free.tolist():
        own = slice(start[source], start[source + 1])
        used = slice(arcs.use.indptr[own.start], arcs.use.indptr[own.stop])
        key = (
            bool(problem.divisible[source]),
            structure[own].tobytes(),
            cost[own].tobytes(),
            arcs.use.indices[used].tobytes(),
            value[used].tobytes(),
        )
        found.setdefault(key, []).append(source)
    return list(found.values())


def _rounded(value: Floats) -> Floats:
    """Rounded to 40 binary digits, about 12 decimal ones."""
    mantissa, exponent = np.frexp(value)
    return np.asarray(np.ldexp(np.round(np.ldexp(mantissa, 40)), exponent - 40))


def spread(network: Network, flow: Floats) -> tuple[Ints, Floats, Ints]:
    """Pathways of every source from the flow on the arcs of the blocks, [A]: source, share and states [P, Y].

    Flows of units are whole numbers and are handed to the members of a block in source order; a divisible
    block gives each member the same shares.
    """
    problem, years = network.problem, len(network.problem.years)
    settled = network.settled
    alone = settled.source[::years] if years else settled.source
    parts = [(alone, np.ones(len(alone)), settled.head.reshape(-1, years) // (years + 1))]
    for block in range(len(network.count)):
        own = np.arange(network.arc_ptr[block], network.arc_ptr[block + 1])
        members = network.member[network.member_ptr[block] : network.member_ptr[block + 1]]
        if network.divisible[block]:
            share, paths = _shared_paths(network.arcs, own, flow, years)
            share = share / share.sum()
        else:
            share, paths = np.ones(len(members)), _unit_paths(network.arcs, own, flow, years)
        local = paths // (years + 1) - problem.state_start[members[0]]
        if network.divisible[block]:
            local, share = np.tile(local, (len(members), 1)), np.tile(share, len(members))
            members = np.repeat(members, len(paths))
        parts.append((members, share, local + problem.state_start[members][:, None]))
    source, share, state = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(source, kind="stable")
    return source[order], share[order], state[order]


def _unit_paths(arcs: Arcs, own: Ints, flow: Floats, years: int) -> Ints:
    """Nodes of each unit of a block, [units, Y]: units leave a node in their order, over its arcs in
    theirs.
    """
    whole = np.round(flow[own]).astype(np.int64)
    waiting: dict[int, list[int]] = {}
    units = int(whole[arcs.year[own] == 0].sum())
    nodes = np.zeros((units, years), dtype=np.int64)
    waiting[int(arcs.tail[own[0]])] = list(range(units))
    for arc, number in zip(own.tolist(), whole.tolist(), strict=True):
        if number == 0:
            continue
        here = waiting[int(arcs.tail[arc])]
        leaving, here[:] = here[:number], here[number:]
        waiting.setdefault(int(arcs.head[arc]), []).extend(leaving)
        nodes[leaving, arcs.year[arc]] = arcs.head[arc]
    return nodes


LEAST_SHARE = 1e-12
"""Share of a block below which a flow is rounding."""


def _shared_paths(arcs: Arcs, own: Ints, flow: Floats, years: int) -> tuple[Floats, Ints]:
    """Pathways that make up the flow of a divisible block: amounts, and nodes [paths, Y]; along the greatest
    flow first.
    """
    left = np.maximum(flow[own], 0.0)
    least = LEAST_SHARE * max(left.max(), 1.0)
    leaving: dict[int, list[int]] = {}
    for position, node in enumerate(arcs.tail[own].tolist()):
        leaving.setdefault(node, []).append(position)
    amounts: list[float] = []
    nodes: list[Ints] = []
    while True:
        node, taken = int(arcs.tail[own[0]]), []
        for _ in range(years):
            best = max(leaving[node], key=lambda position: left[position])
            taken.append(best)
            node = int(arcs.head[own[best]])
        amount = float(left[taken].min())
        if amount <= least and amounts:
            return np.array(amounts), np.array(nodes)
        amounts.append(amount)
        nodes.append(arcs.head[own[taken]])
        left[taken] -= amount
