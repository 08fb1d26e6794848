"""Gas pipelines for the synthetic province: few projects with a large fixed cost, so that they decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Floats


@dataclass(frozen=True)
class Pipelines:
    """P pipelines. share [P, cities]: of half the size of a city's sources that one can carry there; capital
    [P]: annuity in the price of the gas state for what it carries; left: share of the gas of the case that is
    there without any.
    """

    share: Floats
    capital: Floats
    left: float


def draw_pipelines(rng: np.random.Generator, count: int, cities: int) -> Pipelines:
    """Each passes one to four neighbouring cities and carries to each what 5 to 15 % of half its sources
    burn, at a fixed cost of some 8 % of what being on gas costs: in the hard case, the one in which gas is
    wanted, about half of them pay. With pipelines only a quarter of the gas of the case is there without.
    """
    share = np.zeros((count, cities))
    for line in range(count):
        passed = (rng.integers(cities) + np.arange(rng.integers(1, 5))) % cities
        share[line, passed] = rng.uniform(0.05, 0.15, len(passed))
    return Pipelines(share, 0.08 * rng.lognormal(0, 0.5, count), 0.25 if count else 1.0)
