"""Which states a pathway may use, from what mandates allow and when moves are on offer."""

from __future__ import annotations

import numpy as np

from model.problem.problem import Bools, Problem


def passable(problem: Problem) -> Bools:
    """States that a pathway may use, [K, Y]: what mandates allow, and state 0 as long as they leave no
    pathway.

    A source that its mandates leave no pathway stays in state 0 until the first year from which they leave
    one; the mandate is then missed, and `plan.verify` lists it.
    """
    allowed = problem.allowed()
    owner = problem.source_of_state
    zero = problem.state_start[:-1]
    for years in range(1, len(problem.years) + 1):
        last = reachable(problem, allowed)[:, -1]
        stuck = np.bincount(owner[last], minlength=len(zero)) == 0
        if not stuck.any():
            break
        allowed[zero[stuck], :years] = True
    return allowed


def reachable(problem: Problem, allowed: Bools) -> Bools:
    """States that some allowed pathway from state 0 is in at the end of each year, [K, Y]."""
    out = np.zeros_like(allowed)
    here = np.zeros(len(allowed), dtype=bool)
    here[problem.state_start[:-1]] = True
    for year in range(allowed.shape[1]):
        there = here.copy()
        offered = here[problem.move_from] & np.isfinite(problem.capital[:, year])
        there[problem.move_to[offered]] = True
        here = there & allowed[:, year]
        out[:, year] = here
    return out


def useful_states(problem: Problem, reached: Bools) -> Bools:
    """Those of the states reached from which an allowed pathway leads to the last year, [K, Y]."""
    out = reached.copy()
    for year in range(out.shape[1] - 2, -1, -1):
        ahead = out[:, year + 1]
        onward = ahead.copy()
        offered = ahead[problem.move_to] & np.isfinite(problem.capital[:, year + 1])
        onward[problem.move_from[offered]] = True
        out[:, year] &= onward
    return out
