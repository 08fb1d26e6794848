"""The core of a problem: what is left to decide when most sources stay on the pathway that prices give them.

The sources and states of the core go through the one formulation to HiGHS; the others are a constant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.plan import Plan
from model.problem.problem import Floats, Ints, Problem
from model.problem.sample import sample
from model.solve.contract import contract
from model.solve.finely import solve_finely
from model.solve.formulation import build_model, cost_scale, unmeetable
from model.solve.highs import Settings, compile_model, fixed, solve_lp
from model.solve.merge import Network, build_network, spread
from model.solve.walk import Steps, Walk


@dataclass(frozen=True)
class Core:
    """Some sources [C] with some of their states open. sub: their problem, its bounds less what the rest
    uses; rest [S - C]; network: its blocks with chains contracted, parts: which arcs each chain is made of.
    """

    sources: Ints
    rest: Ints
    base: Steps
    sub: Problem
    network: Network
    whole: Network
    parts: sparse.csr_array
    constant: float
    state_start: Ints


def make_core(walk: Walk, base: Steps, source: Ints, state: Steps) -> Core:
    """The core in which sources may use the states of the pathways [P] and of their base, by year.

    base [S, Y]: local states of all sources.
    """
    problem, rows = walk.problem, walk.rows
    chosen = np.unique(source)
    cost, used = walk.total(base)
    own_cost, own_use = walk.worth(chosen, base[chosen])
    sub = sample(problem, chosen)
    bound = sub.bound.copy()
    bound[rows.row] -= used - np.asarray(own_use.sum(axis=0)).ravel()
    sub = replace(sub, bound=bound)
    opened = np.zeros((len(sub.state_label), rows.years), dtype=bool)
    place = np.searchsorted(chosen, source)
    for at, path in ((place, state), (np.arange(len(chosen)), base[chosen])):
        opened[sub.state_start[at][:, None] + path, np.arange(rows.years)] = True
    whole = build_network(sub, open_states=opened)
    network, parts = contract(whole)
    rest = np.setdiff1d(np.arange(len(problem.source)), chosen)
    constant = cost - float(own_cost.sum()) + network.constant.cost
    return Core(chosen, rest, base, sub, network, whole, parts, constant, problem.state_start)


@dataclass(frozen=True)
class Decided:
    """Pathways of all sources (source [P], share [P], global state [P, Y]), or None; bound: proven lower
    bound on the cost of the core, CNY; status as of `Outcome`.
    """

    pathways: tuple[Ints, Floats, Ints] | None
    bound: float
    status: str


def decide(core: Core, settings: Settings, gap: float, target: float, start: Plan | None = None) -> Decided:
    """The least-cost plan of the core by HiGHS, to `gap` CNY, or the first that costs at most `target` CNY.

    start: a plan to begin with, whose pathways the core has.
    """
    if len(core.network.count) == 0 or unmeetable(core.network):
        return _without_choice(core)
    scale = cost_scale(core.network)
    matrix = compile_model(build_model(core.network))
    given = None if start is None else _flow(core, start)
    wanted = gap / scale, (target - core.constant) / scale
    outcome = solve_finely(core.network, matrix, settings, *wanted, given)
    bound = outcome.bound * scale + core.constant
    if outcome.value is None:
        return Decided(None, bound, outcome.status)
    polished = solve_lp(fixed(matrix, outcome.value), settings)
    value = outcome.value if polished.value is None else polished.value
    flow = np.maximum(np.where(matrix.whole, np.round(value), value), 0.0)
    return Decided(_pathways(core, core.parts.T @ flow), bound, outcome.status)


def _without_choice(core: Core) -> Decided:
    """The one plan of a core in which nothing is left to choose, if it is one."""
    if unmeetable(core.network):
        return Decided(None, np.inf, "infeasible")
    flow = np.zeros(len(core.whole.arcs.cost))
    return Decided(_pathways(core, flow), core.constant, "optimal")


def _pathways(core: Core, flow: Floats) -> tuple[Ints, Floats, Ints]:
    """Pathways of all sources: those of the core by their flow, the others on their base."""
    problem_start = core.state_start
    source, share, state = spread(core.whole, flow)
    moved = state - core.sub.state_start[source, None] + problem_start[core.sources[source], None]
    every = np.concatenate([core.rest, core.sources[source]])
    order = np.argsort(every, kind="stable")
    shares = np.concatenate([np.ones(len(core.rest)), share])
    states = np.concatenate([problem_start[core.rest, None] + core.base[core.rest], moved])
    return every[order], shares[order], states[order]


def _flow(core: Core, plan: Plan) -> Floats:
    """Flow of a plan on the chains of the network."""
    network, arcs, years = core.whole, core.whole.arcs, plan.state.shape[1]
    inside = np.flatnonzero(np.isin(plan.source, core.sources))
    source = np.searchsorted(core.sources, plan.source[inside])
    block_of = np.full(len(core.sources), -1)
    block_of[network.member] = np.repeat(np.arange(len(network.count)), np.diff(network.member_ptr))
    kept = block_of[source] >= 0
    inside, block = inside[kept], block_of[source[kept]]
    local = plan.state[inside] - core.state_start[plan.source[inside], None]
    head = local * (years + 1) + np.arange(1, years + 1)
    tail = np.column_stack([np.zeros(len(head), dtype=np.int64), head[:, :-1]])
    first = core.sub.state_start[arcs.source] * (years + 1)
    width = int((arcs.head - first).max(initial=0)) + 1
    code = (network.block * width + (arcs.tail - first)) * width + arcs.head - first
    order = np.argsort(code)
    found = order[np.searchsorted(code[order], (block[:, None] * width + tail) * width + head)]
    flow = np.zeros(len(arcs.cost))
    np.add.at(flow, found, np.broadcast_to(plan.share[inside, None], found.shape))
    first_arc: Ints = core.parts.indices[core.parts.indptr[:-1]]
    return flow[first_arc]
