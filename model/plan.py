"""The plan: one pathway for each source, and what it costs and uses, recomputed from the problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Floats, Problem


@dataclass(frozen=True)
class Plan:
    """What a solver returns.

    share[k, y]: part of the source that is in state k on 31 December of year y (0 or 1 if not divisible).
    moved[m, y]: part that makes move m in year y.
    price[i]: CNY of the price year per unit of limit i that loosening it saves, not discounted, never negative;
    nan where the limit is not enforced.
    bound_cny: proven lower bound on the least cost. status: optimal, feasible, infeasible.
    """

    share: Floats  # [K, Y]
    moved: Floats  # [M, Y]
    price: Floats  # [I]
    bound_cny: float
    status: str
    seconds: dict[str, float]
