"""Builds growth.csv: activity against the base year, by class, stage of vehicle or machine, and duty.

as_planned_2018 (from 2017): what the plan of 2018 assumed, its energy cap of 225 Mtce, the projects then
approved, clinker flat, heated area +11.4 M m2 a year. as_happened (from 2017): published values of 2020.
outlook_14fyp (from 2020, to 2028): the documents of the 14th five-year plan (caps on steel, aluminium, coke,
clinker; new energy for three fifths of added power; coal) and published series where there are some, own
estimates elsewhere. facts_growth.csv has the numbers with their citations; stages follow from fleet turnover.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pandas as pd

from inputs.build.machines import work_by_stage
from inputs.build.region import INPUTS
from inputs.build.rows import Row
from inputs.build.stages import follow
from inputs.build.turnover import Growth
from inputs.inner_mongolia.build.freight import stages_of
from inputs.inner_mongolia.build.growth_facts import HAPPENED, OUTLOOK, PLANNED, SPAN, check, groups, path
from inputs.inner_mongolia.build.nonroad import machines
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.segments import heavy, segments

KEY = ("growth", "class", "fuel", "technology", "size", "city", "duty", "year")
SPECIAL = ("power_unit", "freight")
"""Classes whose factor is worked out from that of the whole class."""
NAMES = (PLANNED, HAPPENED, OUTLOOK)
RATING = {"seen": "C", "derived": "D", "recalled": "E", "own": "E"}


@cache
def access() -> dict[str, str]:
    """How each citation was come by."""
    table = pd.read_csv(INPUTS / "reference" / "citations.csv")
    return dict(zip(table["citation"], table["access"], strict=True))


def rows_of(
    name: str, kind: str, factor: Growth, citation: str = "own_estimate", **keys: str | None
) -> Iterator[Row]:
    """A row per year; keys: fuel, technology, size, duty."""
    rating = RATING[access()[citation]]
    base = SPAN[name][0]
    for year, value in factor.items():
        row: Row = {"growth": name, "class": kind, "year": year, "factor": value, "base_year": base} | keys
        yield row | {"citation": citation, "rating": rating, "constructed": "yes"}


def in_service(base: int, year: int) -> float:
    """Activity of the power units in service in a year at the hours of the base year, MWh."""
    name = "power_units" if base == 2017 else f"power_units_{base}"
    rows = (row for row in REGION.rows(name) if int(row["from_year"] or 0) <= year)
    return sum(float(row["activity"]) for row in rows if year <= int(row["to_year"] or 9999))


def power_rows(name: str) -> Iterator[Row]:
    """Growth of the units in the table of power units; those that start later come in by name.

    As planned in 2018 they run the hours of 2017: the units then being built are the growth. Otherwise all of
    them together make the thermal power given.
    """
    wanted, citation = path(name, "power_unit")
    base = SPAN[name][0]
    if name != PLANNED:
        wanted = {y: value * in_service(base, base) / in_service(base, y) for y, value in wanted.items()}
    yield from rows_of(name, "power_unit", wanted, citation)


def class_rows(name: str) -> Iterator[Row]:
    """One factor for a class, and by duty for boilers."""
    for kind, duty in groups(name).itertuples(index=False):
        if kind not in SPECIAL:
            factor, citation = path(name, kind, duty=duty)
            yield from rows_of(name, kind, factor, citation, duty=duty or None)


def road_rows(name: str) -> Iterator[Row]:
    """Stages of road vehicles by turnover, and new-energy vehicles."""
    for segment in segments(SPAN[name][0]):
        for stage, factor in segment.factors(name).items():
            keys = {"fuel": segment.fuel, "technology": stage, "size": segment.size}
            yield from rows_of(name, segment.kind, factor, **keys)
    for kind in ("car", "bus", "truck"):
        factor, citation = path(name, kind, "new_energy", quantity="stock")
        yield from rows_of(name, kind, factor, citation, fuel="electricity", technology="NEV")


def freight_factors(name: str) -> dict[tuple[str, str], Growth]:
    """Stages of the trucks on corridors: the turnover of the heavy fleet, their total following the goods."""
    demand, _ = path(name, "freight")
    base = SPAN[name][0]
    result: dict[tuple[str, str], Growth] = {}
    for fuel in ("diesel", "lng"):
        shares = {stage: km for (of, stage), (_, km) in stages_of(base).items() if of == fuel}
        factors = follow(heavy(base, fuel).factors(name), shares, demand)
        result |= {(fuel, stage): factor for stage, factor in factors.items()}
    return result


def freight_rows(name: str) -> Iterator[Row]:
    """Corridors: goods to be moved, by stage of the trucks."""
    for (fuel, stage), factor in freight_factors(name).items():
        yield from rows_of(name, "freight", factor, fuel=fuel, technology=stage)
    demand, citation = path(name, "freight")
    yield from rows_of(name, "freight", demand, citation)


def nonroad_rows(name: str) -> Iterator[Row]:
    """Machines by stage and size (each kind its own)."""
    growth, _ = path(name, "nonroad")
    base = SPAN[name][0]
    for kind in machines(base):
        for stage, factor in work_by_stage(kind.stages, base, growth).items():
            yield from rows_of(name, "nonroad", factor, technology=stage, size=kind.size)


def rows() -> list[Row]:
    """All rows of growth.csv."""
    check()
    parts = (power_rows, class_rows, road_rows, freight_rows, nonroad_rows)
    result = [row for name in NAMES for part in parts for row in part(name)]
    keys = [tuple(row.get(column) for column in KEY) for row in result]
    assert len(set(keys)) == len(keys)
    return result


if __name__ == "__main__":
    REGION.write(rows(), "growth")
