"""What is kept of a solved problem to solve a related one sooner: prices, pathways and the plan itself.

None of it is taken on trust. Kept prices prove a bound on the new problem or are moved until they do, kept
pathways are costed anew, and the kept plan counts only if it meets the new limits or is mended until it does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.plan import Plan, steps, verify
from model.problem.problem import Bools, Floats, Ints, Problem
from model.solve.rows import Rows
from model.solve.walk import Steps


@dataclass(frozen=True)
class Kept:
    """What one solve leaves to the next.

    limit [N]: labels of the limits that were imposed; price [N]: CNY per unit of each, not discounted. source
    [P], state [P, Y]: pathways near the relaxed optimum, in local states. plan: the plan found.
    state_start [S + 1]: the states that all of this is numbered by.
    """

    limit: NDArray[np.str_]
    price: Floats
    source: Ints
    state: Steps
    plan: Plan
    state_start: Ints


@dataclass(frozen=True)
class Warm:
    """A `Kept` as seen by a problem with R rows.

    price [R]: discounted; known [R]: whether the limit had a price. source [P], state [P, Y]: pathways that
    the problem allows. plan, whole [S]: the plan, and the sources that may stay on their pathways in it.
    """

    price: Floats
    known: Bools
    source: Ints
    state: Steps
    plan: Plan
    whole: Bools


def no_pathways(rows: Rows) -> tuple[Ints, Steps]:
    """None, for what was solved without prices."""
    return np.zeros(0, dtype=np.int64), np.zeros((0, rows.years), dtype=np.int16)


def warmed(problem: Problem, rows: Rows, worth: Floats, kept: Kept) -> Warm:
    """What was kept, for this problem; worth [I]: what one CNY of a limit's price counts in the objective.

    Raises:
        ValueError: the sources, states or years are not those that were solved.
    """
    years = len(problem.years)
    if not np.array_equal(problem.state_start, kept.state_start) or kept.plan.state.shape[1] != years:
        raise ValueError("what was kept is of other sources, states or years")
    place = {label: n for n, label in enumerate(kept.limit.tolist())}
    at = np.array([place.get(label, -1) for label in problem.limit[rows.row].tolist()], dtype=np.int64)
    known = at >= 0
    price = np.zeros(len(at))
    price[known] = kept.price[at[known]]
    whole = np.ones(len(problem.source), dtype=bool)
    whole[kept.plan.source[~may_be(problem, kept.plan)]] = False
    pathways = Plan(
        kept.source,
        np.ones(len(kept.source)),
        problem.state_start[kept.source][:, None] + kept.state,
        kept.plan.price,
        -np.inf,
        "",
        {},
    )
    good = may_be(problem, pathways)
    price *= worth[rows.row]
    return Warm(price, known, kept.source[good], kept.state[good], kept.plan, whole)


def may_be(problem: Problem, plan: Plan) -> Bools:
    """Pathways of a plan that stand in no forbidden state and make moves on offer alone, [P]."""
    good = np.ones(len(plan.source), dtype=bool)
    path, year, move = steps(problem, plan)
    offered = move >= 0
    offered[offered] = np.isfinite(problem.capital[move[offered], year[offered]])
    good[path[~offered]] = False
    if len(problem.forbid_state):
        first = np.full(len(problem.state_label), len(problem.years))
        np.minimum.at(first, problem.forbid_state, problem.forbid_from)
        good &= (first[plan.state] > np.arange(len(problem.years))).all(axis=1)
    return good


def missed(problem: Problem, warm: Warm) -> Bools:
    """Limits that the kept plan does not show to be within reach, [I]: those that it misses, if it is a plan
    of this problem; or else all.
    """
    if not warm.whole.all():
        return np.ones(len(problem.limit), dtype=bool)
    return verify(problem, replace(warm.plan, price=np.full(len(problem.limit), np.nan))).limits
