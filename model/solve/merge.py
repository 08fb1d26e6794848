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
    first_move: Ints  # [S + 1] into move_order: moves of each source
    move_order: Ints


def build_network(problem: Problem, merge: bool = True) -> Network:
    """Arcs of the problem with equal sources merged (unless `merge` is False)."""
    arcs, constant = build_arcs(problem)
    owner = problem.source_of_state[problem.move_from]
    move_order = np.argsort(owner, kind="stable")
    first_move = np.searchsorted(owner[move_order], np.arange(len(problem.source) + 1))
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
    groups = _groups(problem, arcs, start, np.flatnonzero(free), move_order, first_move, merge)
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
        first_move=first_move,
        move_order=move_order,
    )


def _groups(
    problem: Problem, arcs: Arcs, start: Ints, free: Ints, move_order: Ints, first_move: Ints, merge: bool
) -> list[list[int]]:
    """Sources with equal arcs together, each group and all groups in source order.

    Two sources are equal when their arcs agree in structure, in cost and in what they add to every enforced
    limit, to 12 digits; cell, part-year share, driver and mandates matter only through these.
    """
    if not merge:
        return [[int(s)] for s in free]
    years = len(problem.years) + 1
    place = np.empty(len(move_order) + 1, dtype=np.int64)
    place[move_order] = np.arange(len(move_order))
    place[-1] = -1
    move = np.where(arcs.move >= 0, place[arcs.move] - first_move[arcs.source], -1)
    shape = np.column_stack([arcs.tail, arcs.head]) - (problem.state_start[arcs.source] * years)[:, None]
    entries = np.diff(arcs.use.indptr)
    structure = np.column_stack([shape, move, entries])
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


def spread(network: Network, flow: Floats) -> tuple[Floats, Floats]:
    """Shares [K, Y] and moves [M, Y] of every source from the flow on the arcs of the blocks, [A].

    Flows of units are whole numbers and are handed to the members of a block in source order; a divisible
    block gives each member the same share.
    """
    problem, years = network.problem, len(network.problem.years)
    share = np.zeros((len(problem.state_label), years))
    moved = np.zeros((len(problem.move_from), years))
    settled = network.settled
    _place(share, moved, settled.head, settled.move, settled.year, np.ones(len(settled.head)))
    arc, source, part = _handed_out(network, flow)
    arcs = network.arcs
    shift = problem.state_start[source] - problem.state_start[arcs.source[arc]]
    position = np.empty(len(network.move_order) + 1, dtype=np.int64)
    position[network.move_order] = np.arange(len(network.move_order))
    ahead = network.first_move[source] - network.first_move[arcs.source[arc]]
    stays = arcs.move[arc] < 0
    move = network.move_order[np.where(stays, 0, position[arcs.move[arc]] + ahead)] if len(arc) else arc
    move = np.where(stays, -1, move)
    _place(share, moved, arcs.head[arc] + shift * (years + 1), move, arcs.year[arc], part)
    return share, moved


def _place(share: Floats, moved: Floats, head: Ints, move: Ints, year: Ints, part: Floats) -> None:
    """Add flow on arcs to the shares of their heads and to their moves."""
    np.add.at(share, (head // (share.shape[1] + 1), year), part)
    chosen = move >= 0
    np.add.at(moved, (move[chosen], year[chosen]), part[chosen])


def _handed_out(network: Network, flow: Floats) -> tuple[Ints, Ints, Floats]:
    """Every (arc of the first member, source that takes it, part of the source)."""
    arcs, sources, parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    alone = np.flatnonzero((network.count[network.block] == 1) & (flow != 0))
    arcs.append(alone)
    sources.append(network.arcs.source[alone])
    parts.append(flow[alone])
    for block in np.flatnonzero(network.count > 1):
        own = np.arange(network.arc_ptr[block], network.arc_ptr[block + 1])
        members = network.member[network.member_ptr[block] : network.member_ptr[block + 1]]
        if network.divisible[block]:
            paths, amounts = [own] * len(members), flow[own] / len(members)
        else:
            paths, amounts = _unit_paths(network.arcs, own, flow), np.ones(1)
        for source, path in zip(members, paths, strict=True):
            arcs.append(path)
            sources.append(np.full(len(path), source))
            parts.append(np.broadcast_to(amounts, len(path)))
    return np.concatenate(arcs), np.concatenate(sources), np.concatenate(parts)


def _unit_paths(arcs: Arcs, own: Ints, flow: Floats) -> list[Ints]:
    """The arcs of each unit of a block: units leave a node in their order, over its arcs in theirs."""
    whole = np.round(flow[own]).astype(np.int64)
    waiting: dict[int, list[int]] = {}
    units = int(whole[arcs.year[own] == 0].sum())
    paths: list[list[int]] = [[] for _ in range(units)]
    waiting[int(arcs.tail[own[0]])] = list(range(units))
    for arc, number in zip(own.tolist(), whole.tolist(), strict=True):
        if number == 0:
            continue
        here = waiting[int(arcs.tail[arc])]
        leaving, here[:] = here[:number], here[number:]
        waiting.setdefault(int(arcs.head[arc]), []).extend(leaving)
        for unit in leaving:
            paths[unit].append(arc)
    return [np.array(path, dtype=np.int64) for path in paths]
