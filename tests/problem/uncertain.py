"""Small problems with uncertain numbers, written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from model.problem.problem import Problem
from model.problem.spread import Numbers, Part
from tests.solve.toys import Sketch


def one_year(
    emission: Sequence[Sequence[float]],
    cost: Sequence[Sequence[float]],
    bound: float,
    divisible: bool = True,
) -> Problem:
    """Sources whose states emit and cost so much a year, moves from the first state to all others for nothing
    more; the sum of emission is at most the bound in the one year, which counts as a whole.
    """
    states = [len(each) for each in emission]
    moves = [(s, 0, k) for s, count in enumerate(states) for k in range(1, count)]
    flat = np.concatenate([np.asarray(each, dtype=float) for each in emission])
    sketch = Sketch(
        states=states,
        moves=moves,
        cost=np.concatenate([np.asarray(each, dtype=float) for each in cost])[:, None],
        capital=np.zeros((len(moves), 1)),
        factor=flat[None, :],
        move_factor=np.zeros((1, len(moves))),
        limits=[{"sense": -1, "bound": bound, "terms": [(0, 0, 1.0, 0)], "name": "CAP/2018"}],
        forbid=[],
        sets=np.ones((1, 1)),
        cell=[0] * len(states),
        divisible=[divisible] * len(states),
        part_year=[1.0] * len(states),
        stock=[False],
        years=1,
        rate=0.0,
    )
    return sketch.problem()


def as_product(elasticity: np.ndarray) -> Part:
    """The whole of a factor, a product of uncertain numbers; elasticity [K, J]."""
    return Part(np.ones(len(elasticity)), sparse.csr_array(elasticity), np.full(len(elasticity), -1))


def numbers(
    problem: Problem,
    elasticity: Sequence[Sequence[float]],
    log_sd: Sequence[float],
    own: Sequence[float] | None = None,
    activity: Sequence[Sequence[float]] | None = None,
) -> Numbers:
    """Uncertain numbers: d log factor / d theta by state [K, J], activity by source [S, J] in all years."""
    count, size = len(problem.source), len(log_sd)
    by_source = np.zeros((count, size)) if activity is None else np.asarray(activity, dtype=float)
    return Numbers(
        log_sd=np.asarray(log_sd, dtype=float),
        own=np.zeros(count) if own is None else np.asarray(own, dtype=float),
        factor={"q0": (as_product(np.asarray(elasticity, dtype=float)),)},
        activity=(sparse.csr_array(by_source),) * (1 + len(problem.years)),
    )
