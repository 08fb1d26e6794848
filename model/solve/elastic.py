"""When no plan meets every limit: the least shortfall, the strongest words last to give way, then the least
cost at it.
"""

from __future__ import annotations

from model.problem.problem import Problem
from model.solve.highs import Settings
from model.solve.least_cost import Answer


def least_miss(problem: Problem, settings: Settings, gap: float, method: str) -> Answer:
    raise NotImplementedError
