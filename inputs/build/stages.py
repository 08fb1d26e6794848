"""Stages of emission control of road vehicles in China: when they came, and what share of a fleet has which.

Dates are those of the standards as enforced (recalled); see turnover.py for the fleet behind them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from inputs.build.turnover import SEED, Fleet, Growth, Mix, start, stocks

SMALL_SHARE = 0.03
ORDER = ["pre-China I", "China I", "China II", "China III", "China IV", "China V", "China VI"]
PRE: dict[int, dict[str, float]] = {1995: {"pre-China I": 1}, 2001: {"China I": 1}, 2004: {"China II": 1}}
STAGES: dict[str, Mix] = {
    "heavy_diesel": PRE
    | {
        2008: {"China II": 0.6, "China III": 0.4},
        2009: {"China III": 1},
        2013: {"China III": 0.85, "China IV": 0.15},
        2014: {"China III": 0.65, "China IV": 0.35},
        2015: {"China III": 0.05, "China IV": 0.95},
        2016: {"China IV": 0.95, "China V": 0.05},
        2017: {"China IV": 0.3, "China V": 0.7},
        2018: {"China IV": 0.45, "China V": 0.55},
        2019: {"China IV": 0.12, "China V": 0.88},
        2020: {"China V": 0.94, "China VI": 0.06},
        2021: {"China V": 0.72, "China VI": 0.28},
        2022: {"China VI": 1},
    },
    "light_diesel": PRE
    | {
        2008: {"China II": 0.6, "China III": 0.4},
        2009: {"China III": 1},
        2014: {"China III": 0.7, "China IV": 0.3},
        2015: {"China III": 0.05, "China IV": 0.95},
        2017: {"China IV": 0.85, "China V": 0.15},
        2018: {"China V": 1},
        2020: {"China V": 0.93, "China VI": 0.07},
        2021: {"China V": 0.6, "China VI": 0.4},
        2022: {"China VI": 1},
    },
    "gas": {
        1995: {"China III": 1},
        2011: {"China III": 0.5, "China IV": 0.5},
        2013: {"China IV": 0.6, "China V": 0.4},
        2014: {"China V": 1},
        2019: {"China V": 0.55, "China VI": 0.45},
        2020: {"China VI": 1},
    },
    "petrol": PRE
    | {
        2007: {"China II": 0.4, "China III": 0.6},
        2008: {"China III": 1},
        2011: {"China III": 0.5, "China IV": 0.5},
        2012: {"China IV": 1},
        2016: {"China IV": 0.85, "China V": 0.15},
        2017: {"China V": 1},
        2020: {"China V": 0.5, "China VI": 0.5},
        2021: {"China VI": 1},
    },
    "motorcycle": {
        1995: {"China I": 1},
        2005: {"China II": 1},
        2010: {"China III": 1},
        2020: {"China IV": 1},
    },
    "slow": {1995: {"pre-China I": 1}, 2006: {"China I": 1}, 2008: {"China II": 1}},
}
"""Stages of the vehicles sold, from a year on."""


def slug(stage: str) -> str:
    """A stage as part of an identifier."""
    return stage.lower().replace(" ", "_")


def yellow_label(fuel: str, stage: str) -> bool:
    """Whether a vehicle has the yellow label: diesel before China III, petrol before China I."""
    return (fuel == "diesel" and stage in ORDER[:3]) or (fuel == "petrol" and stage == ORDER[0])


def national_sales(column: str) -> dict[int, float]:
    """National sales by year of a type of vehicle, as an index (facts_sales.csv, recalled)."""
    with Path(__file__).with_name("facts_sales.csv").open(encoding="utf-8", newline="") as file:
        return {int(line["year"]): float(line[column]) for line in csv.DictReader(file)}


def stage_shares(fleet: Fleet, growth: Growth, least: float = SMALL_SHARE) -> dict[str, tuple[float, float]]:
    """(stock, kilometres) share by stage; stages below `least` on their way out go to the next one."""
    shares = start(fleet, growth)
    result: dict[str, tuple[float, float]] = {}
    stock, km = 0.0, 0.0
    fading = True
    for stage in (s for s in ORDER if s in shares):
        stock, km = stock + shares[stage][0], km + shares[stage][1]
        if fading and stock < least:
            continue
        result[stage] = (stock, km)
        stock, km, fading = 0.0, 0.0, False
    return result


def stage_factors(
    fleet: Fleet, shares: Mapping[str, tuple[float, float]], growth: Growth, per_vehicle: Growth
) -> dict[str, Growth]:
    """Activity of each stage against the base year, by year.

    shares: of stage_shares; growth: stock; per_vehicle: kilometres of the mean vehicle, both against the base
    year. Age moves kilometres between stages and leaves their total at stock x kilometres of
    the mean vehicle.
    """
    table = stocks(fleet, growth)
    oldest = ORDER.index(next(iter(shares)))
    result: dict[str, Growth] = {stage: {} for stage in shares}
    for year in growth:
        km = dict.fromkeys(shares, 0.0)
        for stage, (_, share) in table[year].items():
            km[ORDER[max(oldest, ORDER.index(stage))]] += share
        total = sum(km.values())
        for stage, part in km.items():
            activity = max(part / total, SEED) * growth[year] * per_vehicle[year]
            result[stage][year] = activity / shares[stage][1]
    return result


def follow(turned: Mapping[str, Growth], shares: Mapping[str, float], total: Growth) -> dict[str, Growth]:
    """Factors of stages that turn over as `turned` while what all of them do follows `total`.

    shares: of the base year, by stage.
    """
    result: dict[str, Growth] = {stage: {} for stage in shares}
    for year, wanted in total.items():
        mean = sum(share * turned[stage][year] for stage, share in shares.items()) / sum(shares.values())
        for stage in shares:
            result[stage][year] = turned[stage][year] / mean * wanted
    return result
