"""Fleet turnover: stage of emission control by year from registrations, survival and the stage in force.

S(age) = 0.5 ** ((age / median) ** shape) (Weibull), age at 31 December counted from the middle of the year of
registration; the kilometres of a vehicle fall by `decay` a year of age. Stages in force: planning rules of China
(heavy diesel III 2008-07, IV in practice 2015-01, V 2017-07, VI 2021-07; heavy gas VI 2019-07; petrol V 2017-01,
VI 2020-07). Registrations up to 2017 follow national sales by type (recalled); later ones close the stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Mix = Mapping[int, Mapping[str, float]]
FIRST = 1995
SEED = 2e-4
"""Share of the stock given to a stage that is not sold yet, so that it has a row from which growth starts."""


@dataclass(frozen=True)
class Fleet:
    """How one kind of vehicle turns over. sales: index by year; stages: year -> stage -> share of its sales."""

    sales: Mapping[int, float]
    stages: Mix
    median: float
    shape: float = 3.0
    decay: float = 0.0


def survival(fleet: Fleet, age: float) -> float:
    """Share still registered at `age` years."""
    return float(0.5 ** ((age / fleet.median) ** fleet.shape))


def filled(values: Mapping[int, float], year: int) -> float:
    """Value of a year; before the first given year it falls by 8 % a year back."""
    first = min(values)
    return values[year] if year >= first else values[first] * 0.92 ** (first - year)


def stage_mix(stages: Mix, year: int) -> Mapping[str, float]:
    """Stages of the vehicles registered in a year: the last given year not after it."""
    return stages[max(y for y in stages if y <= year)]


def stocks(
    fleet: Fleet, growth: Mapping[int, float], last: int = 2020
) -> dict[int, dict[str, tuple[float, float]]]:
    """(stock, kilometres) by year and stage, the stock and the kilometres of 2017 being 1.

    growth: stock of a later year against 2017. Raises ValueError when a stock needs negative registrations.
    """
    alive = {v: filled(fleet.sales, v) for v in range(FIRST, 2018)}
    scale = sum(n * survival(fleet, 2017 - v + 0.5) for v, n in alive.items())
    alive = {v: n / scale for v, n in alive.items()}
    for year in range(2018, last + 1):
        survivors = sum(n * survival(fleet, year - v + 0.5) for v, n in alive.items())
        if growth[year] < survivors:
            raise ValueError(f"stock of {year} is below the survivors")
        alive[year] = (growth[year] - survivors) / survival(fleet, 0.5)
    result: dict[int, dict[str, tuple[float, float]]] = {}
    for year in range(2010, last + 1):
        stock: dict[str, float] = {}
        km: dict[str, float] = {}
        for v, n in alive.items():
            if v > year:
                continue
            left = n * survival(fleet, year - v + 0.5)
            for stage, share in stage_mix(fleet.stages, v).items():
                stock[stage] = stock.get(stage, 0.0) + left * share
                km[stage] = km.get(stage, 0.0) + left * share * (1 - fleet.decay) ** (year - v)
        result[year] = {stage: (stock[stage], km[stage]) for stage in stock}
    total = sum(k for _, k in result[2017].values())
    return {y: {s: (n, k / total) for s, (n, k) in by.items()} for y, by in result.items()}


def start(fleet: Fleet, growth: Mapping[int, float]) -> dict[str, tuple[float, float]]:
    """(stock, kilometres) share of each stage at the end of 2017; stages sold only later get SEED."""
    table = stocks(fleet, growth)
    return {stage: table[2017].get(stage, (SEED, SEED)) for stage in table[2020]}


def factors(
    fleet: Fleet, growth: Mapping[int, float], per_vehicle: Mapping[int, float]
) -> dict[str, dict[int, float]]:
    """Activity of a stage in 2018, 2019, 2020 against 2017; per_vehicle: kilometres of the mean vehicle against 2017.

    The kilometres follow the mean vehicle times its stock; age only moves them between stages.
    """
    table = stocks(fleet, growth)
    first = start(fleet, growth)
    result: dict[str, dict[int, float]] = {}
    for stage, (_, km) in first.items():
        result[stage] = {}
        for year in (2018, 2019, 2020):
            total = sum(k for _, k in table[year].values())
            share = table[year].get(stage, (SEED, SEED))[1] / total
            result[stage][year] = share * growth[year] * per_vehicle[year] / km
    return result
