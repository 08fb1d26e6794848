"""The boilers of the synthetic province: three cases, the states a boiler can reach, and draws at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Floats, Ints

CITIES = 12
POLLUTANTS = ("SO2", "NOx", "VOCs")
EMITTED = np.array([30.0, 20.0, 2.0])
"""Median emission of a source in state 0, t/yr for each t/h of size."""

UNIT = 1e5
"""CNY/yr in which the price of a state is given."""

CREDIT, KEPT = 0.3, 0.9
"""Share of the capital already spent that counts at an upgrade: of what is replaced, of what goes on."""


@dataclass(frozen=True)
class Case:
    """cut: of SO2 and NOx in the province's last year (VOCs 0.6 of it); city: times that in each city; gas:
    share of half the size that gas can supply; gas_price, close_price: of a t/h on gas, of (t/h)^0.9 closed.
    """

    cut: float
    city: float
    gas: float
    gas_price: float
    close_price: float


CASES = {
    "easy": Case(0.35, 0.6, 0.2, 14.0, 16.0),
    "tight": Case(0.6, 1.2, 0.1, 14.0, 16.0),
    "hard": Case(0.5, 1.0, 0.1, 7.0, 30.0),
}


@dataclass(frozen=True)
class Kind:
    """A state that every source can reach: removal of each pollutant; cost = price x size^power; the family
    whose plant goes on in it.
    """

    name: str
    removal: tuple[float, float, float]
    power: float
    price: float
    family: str


@dataclass(frozen=True)
class Draws:
    """Sources as drawn, n of them: emission of state 0 [n, 3] t/yr, share of it that each state leaves
    [n, K, 3], cost of each state [n, K] CNY/yr.
    """

    size: Floats
    city: Ints
    divisible: np.ndarray
    emission: Floats
    remain: Floats
    cost: Floats

    def take(self, chosen: Ints) -> Draws:
        """The sources with these indices."""
        return Draws(
            self.size[chosen],
            self.city[chosen],
            self.divisible[chosen],
            self.emission[chosen],
            self.remain[chosen],
            self.cost[chosen],
        )


def state_kinds(states: int, case: Case) -> list[Kind]:
    """The states of a source in the order in which moves go up.

    Six: none, fgd, denox, both, gas, closed. Fewer leave out denox, then fgd, then gas. More add, in turn,
    both.1, gas.1, both.2, ...: j halvings of what both controls let through for 20 j % more, and of the NOx
    of gas for 10 j % more.

    Raises:
        ValueError: fewer than 3 or more than 36 states.
    """
    if not 3 <= states <= 36:
        raise ValueError(f"{states} states: 3 to 36 are known")
    kinds = [
        Kind("none", (0, 0, 0), 0.0, 0.0, "none"),
        Kind("fgd", (0.95, 0, 0), 0.7, 3.0, "control"),
        Kind("denox", (0, 0.6, 0), 0.6, 2.0, "control"),
        Kind("both", (0.95, 0.8, 0), 0.7, 6.0, "both"),
        Kind("gas", (0.99, 0.5, 0.3), 1.0, case.gas_price, "gas"),
        Kind("closed", (1, 1, 1), 0.9, case.close_price, "closed"),
    ]
    spared = ("denox", "fgd", "gas")[: max(6 - states, 0)]
    kinds = [kind for kind in kinds if kind.name not in spared]
    variants = range(1, states - 5)
    both = [
        Kind(f"both.{j}", (1 - 0.05 / 2**j, 1 - 0.2 / 2**j, 0), 0.7, 6.0 * (1 + 0.2 * j), "both")
        for j in range(1, len(variants[::2]) + 1)
    ]
    gas = [
        Kind(f"gas.{j}", (0.99, 1 - 0.5 / 2**j, 0.3), 1.0, case.gas_price * (1 + 0.1 * j), "gas")
        for j in range(1, len(variants[1::2]) + 1)
    ]
    at_gas = next((n for n, kind in enumerate(kinds) if kind.name == "gas"), len(kinds) - 1)
    return [*kinds[:at_gas], *both, *kinds[at_gas:-1], *gas, kinds[-1]]


def upgrades(kinds: list[Kind]) -> tuple[Ints, Ints, Floats]:
    """Moves of a source: from and to (local states), every pair upwards; share of the capital of `from` that
    is credited.
    """
    leave, enter = np.triu_indices(len(kinds), 1)
    goes_on = {("control", "both"), ("both", "both"), ("gas", "gas")}
    credit = [
        KEPT if (kinds[a].family, kinds[b].family) in goes_on else CREDIT
        for a, b in zip(leave, enter, strict=True)
    ]
    return leave.astype(np.int32), enter.astype(np.int32), np.array(credit)


def draw(rng: np.random.Generator, count: int, kinds: list[Kind], divisible: float) -> Draws:
    """Sources at random; `divisible` is the share of them that is so."""
    size = rng.lognormal(2.5, 1.0, count)
    city = rng.integers(0, CITIES, count)
    emission = EMITTED * size[:, None] * rng.lognormal(0, 0.3, (count, len(POLLUTANTS)))
    removal = np.array([kind.removal for kind in kinds])
    remain = 1 - removal * rng.uniform(0.9, 1.0, (count, *removal.shape))
    price = np.array([kind.price for kind in kinds]) * UNIT
    power = np.array([kind.power for kind in kinds])
    cost = price * size[:, None] ** power * rng.lognormal(0, 0.25, (count, len(kinds)))
    return Draws(size, city, rng.random(count) < divisible, emission, remain, cost)
