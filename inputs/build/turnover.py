"""Fleet turnover: stage of emission control by year from registrations, survival and the stage in force.

S(age) = 0.5 ** ((age / median) ** shape) (Weibull), age at 31 December counted from the middle of the year of
registration; the kilometres of a vehicle fall by `decay` a year of age. Stages in force: planning rules of
China (heavy diesel III 2008-07, IV in practice 2015-01, V 2017-07, VI 2021-07; heavy gas VI 2019-07; petrol
V 2017-01, VI 2020-07). Registrations up to the base year follow national sales by type (recalled); later ones
close the stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

Mix = Mapping[int, Mapping[str, float]]
Growth = dict[int, float]
FIRST = 1995
SEED = 2e-4
"""Share of the stock given to a stage that is not sold yet, so that it has a row from which growth starts."""


@dataclass(frozen=True)
class Fleet:
    """How one kind of vehicle turns over. sales: index by year up to the base year; stages: share of sales
    from a year; median, shape: of survival; decay: of kilometres a year of age."""

    sales: Mapping[int, float]
    stages: Mix
    median: float
    shape: float = 3.0
    decay: float = 0.0
    base: int = 2017


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


def snapshot(fleet: Fleet, sold: Mapping[int, float], year: int) -> dict[str, tuple[float, float]]:
    """(stock, kilometres at the distance of a new vehicle) by stage on 31 December of a year."""
    result: dict[str, tuple[float, float]] = {}
    for v in (v for v in sold if v <= year):
        left = sold[v] * survival(fleet, year - v + 0.5)
        for stage, share in stage_mix(fleet.stages, v).items():
            stock, km = result.get(stage, (0.0, 0.0))
            driven = left * share * (1 - fleet.decay) ** (year - v)
            result[stage] = (stock + left * share, km + driven)
    return result


def registrations(fleet: Fleet) -> dict[int, float]:
    """Vehicles registered by year up to the base year, scaled to a stock of 1 at its end."""
    sold = {v: filled(fleet.sales, v) for v in range(FIRST, fleet.base + 1)}
    scale = sum(n * survival(fleet, fleet.base - v + 0.5) for v, n in sold.items())
    return {v: n / scale for v, n in sold.items()}


def close_stock(fleet: Fleet, sold: Mapping[int, float], year: int, stock: float) -> dict[int, float]:
    """Registrations with those of the next year, `year`, such that `stock` is left at its end."""
    left = sum(n * survival(fleet, year - v + 0.5) for v, n in sold.items())
    if stock < left:  # more leave than die of age: from every cohort alike
        return {v: n * stock / left for v, n in sold.items()} | {year: 0.0}
    return dict(sold) | {year: (stock - left) / survival(fleet, 0.5)}


def advanced(fleet: Fleet, growth: Mapping[int, float]) -> Fleet:
    """The same fleet with the last year of `growth` (stock against the base year, every year) as its base."""
    sold = registrations(fleet)
    for year in sorted(growth):
        sold = close_stock(fleet, sold, year, growth[year])
    return replace(fleet, sales=sold, base=max(growth))


def stocks(fleet: Fleet, growth: Mapping[int, float]) -> dict[int, dict[str, tuple[float, float]]]:
    """(stock, kilometres) by year and stage, from two years before the base year to the last of `growth`;
    each is 1 in total in the base year.

    growth: stock of a later year against the base year.
    """
    base = fleet.base
    sold = registrations(fleet)
    result = {year: snapshot(fleet, sold, year) for year in (base - 2, base - 1, base)}
    for year in sorted(growth):
        sold = close_stock(fleet, sold, year, growth[year])
        result[year] = snapshot(fleet, sold, year)
    total = sum(km for _, km in result[base].values())
    return {y: {s: (n, km / total) for s, (n, km) in by.items()} for y, by in result.items()}


def start(fleet: Fleet, growth: Mapping[int, float]) -> dict[str, tuple[float, float]]:
    """(stock, kilometres) share of each stage at the end of the base year; stages sold later get SEED."""
    table = stocks(fleet, growth)
    return {stage: table[fleet.base].get(stage, (SEED, SEED)) for stage in table[max(growth)]}
