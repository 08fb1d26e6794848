"""A plan that does much."""

from __future__ import annotations

import numpy as np

from model.problem.problem import Problem


def last_moves(problem: Problem) -> np.ndarray:
    """Every source in the last state that it can move to from the first year on, [S, Y]."""
    state = np.repeat(problem.state_start[:-1, None], len(problem.years), axis=1)
    for source in range(len(problem.source)):
        first = problem.state_start[source]
        own = range(*problem.move_start[source : source + 2].tolist())
        to = [m for m in own if problem.move_from[m] == first and np.isfinite(problem.capital[m]).all()]
        if to:
            state[source] = problem.move_to[to[-1]]
    return state
