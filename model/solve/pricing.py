"""Price, prune, finish, certify: the least-cost plan of large problems (design: section 5)."""

from __future__ import annotations

from model.problem.problem import Problem
from model.solve.effort import RELAXED
from model.solve.finish import Finish
from model.solve.highs import Settings
from model.solve.incumbent import Found
from model.solve.price import price_limits
from model.solve.rows import Rows
from model.solve.warm import Warm


def price_and_finish(
    problem: Problem, rows: Rows, settings: Settings, gap: float, warm: Warm | None = None
) -> Found:
    """The least-cost plan to `gap` of its gross spending; status infeasible when no plan meets all rows.

    warm: what is known from a related problem.
    """
    walk, priced = price_limits(problem, rows, settings, RELAXED * gap, warm)
    route = (f"priced in {priced.rounds} rounds",)
    if priced.status != "optimal":
        return Found(None, None, priced.bound, priced, priced.status, route)
    finish = Finish(walk, priced, settings, gap, route)
    if warm is not None:
        finish.mend(warm)
    return finish.run()
