"""Kinds of road vehicles registered in the region: stock, kilometres, turnover (own estimates, rating E).

Control totals at the end of 2017: 549.04 x 10^4 vehicles (census, seen), 439.4 x 10^4 private cars (yearbook,
seen), 54-60 x 10^4 trucks, of them heavy 21-25, medium 2.5-3.5, light 29-33, heavy on gas 8-12 % (recalled).
facts_vehicles.csv has a line per kind: stock at the end of 2017, km a year, kg of fuel a km, gross mass,
growth of the stock against 2017 as planned in 2018 and as it happened; heavy truck work fell to 15-19 bn
vkm in 2020 while the stock grew (recalled), which is happened_km. facts_sales.csv has national sales by
type (recalled) as an index.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from inputs.inner_mongolia.build.turnover import Fleet, Growth, Mix

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
        2018: {"China IV": 0.15, "China V": 0.85},
        2019: {"China V": 1},
        2020: {"China V": 0.94, "China VI": 0.06},
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
    },
    "motorcycle": {1995: {"China I": 1}, 2005: {"China II": 1}, 2010: {"China III": 1}},
    "slow": {1995: {"pre-China I": 1}, 2006: {"China I": 1}, 2008: {"China II": 1}},
}
"""Stages of the vehicles sold, from a year on."""


def years(*values: float) -> Growth:
    """Values of 2018, 2019 and 2020."""
    return dict(zip((2018, 2019, 2020), values, strict=True))


def path(value_2020: float) -> Growth:
    """A geometric path to the factor of 2020."""
    return years(value_2020 ** (1 / 3), value_2020 ** (2 / 3), value_2020)


SAME = years(1, 1, 1)


@dataclass(frozen=True)
class Segment:
    """Vehicles of one kind. stock at the end of 2017; km a year; kg of fuel a km; t gross mass."""

    kind: str
    label: str
    size: str | None
    fuel: str
    stock: float
    km: float
    kg_per_km: float
    mass: float | None
    weight: str
    zone: str
    fleet: Fleet
    planned: Growth
    happened: Growth
    happened_km: Growth


def facts(name: str) -> list[dict[str, str]]:
    """The lines of a table of facts of this folder."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WORDS = ("kind", "label", "size", "fuel", "weight", "zone", "sales", "stages")


def read_segments() -> list[Segment]:
    """The kinds of facts_vehicles.csv with their sales and stages."""
    sales = facts("facts_sales")
    result = []
    for row in facts("facts_vehicles"):
        sold = {int(line["year"]): float(line[row["sales"]]) for line in sales}
        number = {key: float(value) for key, value in row.items() if value and key not in WORDS}
        result.append(
            Segment(
                kind=row["kind"],
                label=row["label"],
                size=row["size"] or None,
                fuel=row["fuel"],
                stock=number["stock"],
                km=number["km"],
                kg_per_km=number["kg_per_km"],
                mass=number.get("mass_t"),
                weight=row["weight"],
                zone=row["zone"],
                fleet=Fleet(
                    sold, STAGES[row["stages"]], number["median_age"], number["shape"], number["decay"]
                ),
                planned=years(*(number[f"planned_{year}"] for year in (2018, 2019, 2020))),
                happened=years(*(number[f"happened_{year}"] for year in (2018, 2019, 2020))),
                happened_km=path(number["happened_km_2020"]),
            )
        )
    return result


SEGMENTS = read_segments()
NEW_ENERGY = {
    "car": (9_500, 12_000, "cars"),
    "bus": (2_500, 60_000, "buses"),
    "truck": (1_000, 20_000, "light_trucks"),
}
"""Stock, km a year and weight of the new-energy vehicles of the end of 2017 (10-15 thousand in all,
recalled)."""
NEW_ENERGY_PLANNED = years(1.2, 1.5, 1.8)
NEW_ENERGY_HAPPENED = years(1.5, 2.1, 2.8)
