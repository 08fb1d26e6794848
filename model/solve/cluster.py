"""Small groups of sources that narrow limits tie together, decided whole (design: section 5).

Prices alone let a group build a tenth of a pipeline. Where a limit touches few sources it is kept in a model
of its own: the sources that such limits join, under the prices of all other limits, go to HiGHS with whole
numbers. What that costs more than the relaxation adds up to the bound, group by group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from model.problem.pathways import passable
from model.problem.problem import Bools, Ints
from model.problem.sample import sample
from model.solve.contract import contract
from model.solve.finely import solve_finely
from model.solve.formulation import build_model, cost_scale, unmeetable
from model.solve.highs import Settings, compile_model
from model.solve.merge import Network, build_network, spread
from model.solve.price import Priced
from model.solve.walk import Best, Steps, Walk

EXACT = 0.0025
"""Share of the room to which each group is decided."""

NARROW = 200
"""Sources that a narrow limit touches at most."""


@dataclass(frozen=True)
class Decision:
    """gained: what deciding the groups whole adds to the bound, CNY; source [P], state [P, Y] (local): the
    pathways of their units.
    """

    gained: float
    source: Ints
    state: Steps


def decide_clusters(
    walk: Walk, priced: Priced, cheapest: Best, split: Ints, settings: Settings, room: float
) -> Decision:
    """Decide every group of narrow limits that holds a unit of `split`, to a small part of `room` CNY.

    cheapest: pathways under the prices. Units use what is within `room` of their cheapest pathway alone: a
    plan that uses more costs more than the bound and `room`, so that is the most that can be gained.
    """
    problem = walk.problem
    near = walk.near(priced.price, room, ~problem.divisible)
    opened = np.repeat(problem.divisible[problem.source_of_state][:, None], walk.rows.years, axis=1)
    every, years = np.arange(len(problem.source)), np.arange(walk.rows.years)
    for source, state in ((near.source, near.state), (every, cheapest.state)):
        opened[problem.state_start[source][:, None] + state, years] = True
    counted = _touches(walk)
    choice = np.diff(walk.problem.state_start) > 1
    touched = sparse.csr_array(counted @ sparse.diags_array(choice.astype(float)))
    touched.eliminate_zeros()
    number = np.diff(touched.indptr)
    narrow = np.flatnonzero((number <= NARROW) & (number > 0))
    right = priced.price * walk.rows.bound * walk.rows.sign
    gained, sources = 0.0, [np.zeros(0, dtype=np.int64)]
    states: list[Steps] = [np.zeros((0, walk.rows.years), dtype=np.int16)]
    for chosen, rows in _groups(touched, narrow, split):
        # sources without a choice use up the rows too, and may do so in several groups
        group = np.union1d(chosen, counted[rows].indices)
        relaxed = float(cheapest.value[group].sum() - right[rows].sum())
        bound, source, state = _decided(walk, priced, group, rows, settings, EXACT * room, opened)
        gained += max(bound - relaxed, 0.0)
        sources.append(source)
        states.append(state)
    return Decision(min(gained, room), np.concatenate(sources), np.concatenate(states).astype(np.int16))


def _decided(
    walk: Walk,
    priced: Priced,
    group: Ints,
    narrow: Ints,
    settings: Settings,
    gap: float,
    opened: Bools,
) -> tuple[float, Ints, Steps]:
    """Least cost of a group under its narrow rows in open states [K, Y], all other rows charged at their
    prices, to `gap` CNY: a bound on it, and sources and local states of the units that it decides.
    """
    none = np.zeros(0, dtype=np.int64), np.zeros((0, walk.rows.years), dtype=np.int16)
    sub = sample(walk.problem, group)
    states = np.flatnonzero(np.isin(walk.problem.source_of_state, group))
    allowed = opened[states] & passable(sub)
    whole = _charged(build_network(sub, open_states=allowed), walk, priced, narrow)
    network, parts = contract(whole)
    if unmeetable(network):
        return np.inf, *none
    if len(network.count) == 0:
        return network.constant.cost, *none
    scale = cost_scale(network)
    found = solve_finely(network, compile_model(build_model(network)), settings, gap / scale)
    bound = found.bound * scale + network.constant.cost
    if found.value is None:
        return bound, *none
    source, share, state = spread(whole, parts.T @ found.value)
    unit = np.flatnonzero(share == 1)
    local = state[unit] - whole.problem.state_start[source[unit], None]
    return bound, group[source[unit]], local.astype(np.int16)


def _touches(walk: Walk) -> sparse.csr_array:
    """Which sources each row counts, [R, S]."""
    problem, rows = walk.problem, walk.rows
    owner = problem.source_of_state
    count = len(problem.source)
    counted = np.zeros((len(rows.quantity), count), dtype=bool)
    for position, quantity in enumerate(rows.quantity.tolist()):
        states = slice(*problem.state_factor_ptr[quantity : quantity + 2])
        moves = slice(*problem.move_factor_ptr[quantity : quantity + 2])
        counted[position, owner[problem.state_factor_idx[states]]] = True
        counted[position, owner[problem.move_from[problem.move_factor_idx[moves]]]] = True
    sets = len(rows.member)
    inside = rows.member[:, problem.cell] > 0
    row, column = rows.weight.nonzero()
    quantity_of = column // (rows.years * sets)
    parts = [
        sparse.csr_array(counted[q] & inside[c % sets]) for q, c in zip(quantity_of, column, strict=True)
    ]
    table = sparse.vstack(parts).tocsr() if parts else sparse.csr_array((0, count))
    adds = sparse.csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(len(rows.row), len(row)))
    return sparse.csr_array(((adds @ table.astype(float)) > 0).astype(float))


def _groups(touched: sparse.csr_array, narrow: Ints, split: Ints) -> list[tuple[Ints, Ints]]:
    """Sources and rows of every group that narrow rows join and that holds a unit of `split`."""
    part = touched[narrow].astype(np.int64)
    joined = sparse.block_array([[None, part], [part.T, None]])
    label = connected_components(joined, directed=False)[1]
    of_row, of_source = label[: len(narrow)], label[len(narrow) :]
    wanted = np.intersect1d(np.unique(of_source[split]), np.unique(of_row))
    return [(np.flatnonzero(of_source == group), narrow[of_row == group]) for group in wanted]


def _charged(network: Network, walk: Walk, priced: Priced, narrow: Ints) -> Network:
    """The network with its narrow rows alone, all others charged at their prices."""
    price = priced.price * walk.rows.sign
    price[narrow] = 0.0
    arcs, constant = network.arcs, network.constant
    exogenous = network.problem.exogenous[arcs.row]
    return replace(
        network,
        arcs=replace(
            arcs,
            cost=arcs.cost + arcs.use @ price,
            use=sparse.csr_array(sparse.csc_array(arcs.use)[:, narrow]),
            row=arcs.row[narrow],
        ),
        constant=replace(
            constant,
            cost=constant.cost + float(price @ (constant.use - exogenous)),
            use=constant.use[narrow],
        ),
    )
