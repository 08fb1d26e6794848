"""A proven bound and a quick plan with its gap, for the many related problems of curves and sweeps.

Prices to EXACT of the cost, what was kept of a related problem, and where that is not near enough one small
core around the relaxed optimum, or two, and wider ones only while there is no plan of use (of few sources
after an exchange of units, and with one more that proves more than prices). No groups are decided and nothing
is branched on: the gap is what it is, and no more is claimed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from model.plan import Plan
from model.problem.problem import Floats, Problem
from model.solve.effort import FAR, FEW, NEAREST, NODES, SMALL, WHOLE
from model.solve.finish import Finish
from model.solve.highs import Settings
from model.solve.incumbent import Found
from model.solve.least_cost import Answer
from model.solve.price import Priced, price_limits, price_near
from model.solve.rows import imposed
from model.solve.solve import Options, concluded, discounted
from model.solve.walk import Walk
from model.solve.warm import Kept, Warm, warmed

EXACT = 1e-3
"""Share of the cost to which the relaxation is solved, or the gap asked for where that is less."""


@dataclass(frozen=True)
class Ready:
    """A problem as it stands in memory after a quick solve: its sources walked, and the relaxed optimum.

    width [R]: how far, in CNY, the next prices may be from those of `priced`, if that is known.
    """

    walk: Walk
    priced: Priced
    width: Floats | None = None


def quick(
    problem: Problem, options: Options, kept: Kept | None = None, patient: bool = True
) -> tuple[Plan, Kept | None]:
    """A plan that meets every limit, found in one pass, with a proven bound; and what to keep for the next.

    kept: of a problem with the same sources, states and years, as for `solve_again`. Status of the plan:
    optimal (within options.gap), feasible, or infeasible: its limits are missed, since no plan meets them all
    (then bound_cny is of no use) or none was found; `solve` finds the least shortfall. What was kept stays
    then. patient: go through all stages of `solve` where the quick ones find no plan.

    Raises:
        ValueError: what was kept is of other sources, states or years.
    """
    return quick_again(problem, options, kept, None, patient)[:2]


def quick_again(
    problem: Problem, options: Options, kept: Kept | None, ready: Ready | None, patient: bool = True
) -> tuple[Plan, Kept | None, Ready]:
    """`quick`, sooner where `ready` is of a problem that differs in the bounds of its limits alone.

    Raises:
        ValueError: as `quick`.
    """
    began = time.monotonic()
    rows = imposed(problem)
    stop = np.inf if options.time_limit is None else began + options.time_limit
    settings = Settings(options.threads, options.seed, stop, nodes=NODES)
    warm = None if kept is None else warmed(problem, rows, discounted(problem), kept)
    exact = min(EXACT, options.gap)
    if ready is None:
        walk, priced = price_limits(problem, rows, settings, exact, warm)
    else:
        walk = ready.walk.bounded(problem, rows)
        priced = price_near(walk, ready.priced, settings, exact, ready.width)
    found = _finished(walk, priced, settings, options.gap, warm, patient)
    answer = Answer(found.plan, found.bound, priced.price, found.status, found.route, priced.rounds, priced)
    plan, kept = concluded(problem, rows, answer, time.monotonic() - began, kept)
    return plan, kept, Ready(walk, priced)


def _finished(
    walk: Walk, priced: Priced, settings: Settings, gap: float, warm: Warm | None, patient: bool
) -> Found:
    """The best of what was kept, of small cores, and of an exchange of units; the whole finish where these
    find no plan, and of problems that HiGHS decides at once.
    """
    route = (f"priced in {priced.rounds} rounds",)
    if priced.status != "optimal":
        return Found(None, None, priced.bound, priced, priced.status, route)
    small = walk.problem.cost.size <= SMALL
    if small:
        settings = replace(settings, nodes=None)
    finish = Finish(walk, priced, settings, gap, route)
    if warm is not None:
        finish.keep(warm)
    if small:
        return finish.run()
    finish.run(quick=True)
    if not finish.reached() and not finish.core_first:
        finish.nearest_core(NEAREST[0])
    if finish.best is not None and len(walk.problem.source) <= FEW and not finish.reached(FAR):
        finish.core_within(WHOLE)
    if finish.best is None and warm is not None:
        finish.mend(warm, np.inf)
    return finish.run() if finish.best is None and patient else finish.result()
