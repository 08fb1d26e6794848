"""Builds growth.csv: activity of 2018, 2019 and 2020 against 2017, in four growth scenarios.

as_planned_2018: mean hydropower, products and traffic as then expected. wet, dry: the same with the coal
power that wet and dry years leave (facts_hydro.csv), which moves emission more than the target of 1 %.
as_happened: published 2020 values where there are any, else own estimates, on a geometric path.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from inputs.build.machines import work_by_stage
from inputs.build.rows import Row
from inputs.build.turnover import Growth
from inputs.honghe.build.counties import REGION
from inputs.honghe.build.vehicles import HAPPENED, PLANNED, YEARS, segments, series

SCENARIOS = (PLANNED, "wet", "dry", HAPPENED)
KEY = ("growth", "class", "fuel", "technology", "size", "duty", "year")


def rows_of(name: str, kind: str, factor: Growth, citation: str, **keys: object) -> Iterator[Row]:
    """A row per year; keys: fuel, technology, size, duty; empty ones are left out."""
    given = {key: value for key, value in keys.items() if isinstance(value, str)}
    for year, value in factor.items():
        row: Row = {"growth": name, "class": kind, "year": year, "factor": value, "base_year": 2017}
        rating = "E" if citation == "own_estimate" else "D"
        yield row | given | {"citation": citation, "rating": rating, "constructed": "yes"}


def class_path(line: pd.Series, name: str) -> Growth:
    """Factors of a line of facts_growth.csv in a growth scenario."""
    if name == HAPPENED:
        return {year: float(line["happened_2020"]) ** ((year - 2017) / 3) for year in YEARS}
    if line["class"] == "power_unit" and line["fuel"] == "coal" and name != PLANNED:
        hydro = REGION.facts("facts_hydro")
        hydro = hydro[hydro["growth"] == name]
        return dict(zip(hydro["year"], hydro["factor"], strict=True))
    return series(line, "planned")


def class_rows(name: str) -> Iterator[Row]:
    """One factor for a class, by fuel, technology and duty where these differ."""
    for _, line in REGION.facts("facts_growth").iterrows():
        keys = {key: line[key] for key in ("fuel", "technology", "duty")}
        citation = line["citation"] if name == HAPPENED else "own_estimate"
        yield from rows_of(name, line["class"], class_path(line, name), citation, **keys)


def road_rows(name: str) -> Iterator[Row]:
    """Stages of road vehicles by turnover, and new-energy vehicles. City buses and coaches of one stage and
    fuel turn over together: their factors are the mean, weighted by kilometres."""
    sums: dict[tuple[object, ...], dict[int, list[float]]] = {}
    for segment in segments():
        work = float(segment.line["stock"]) * float(segment.line["km"])
        for stage, factor in segment.factors(name).items():
            key = (segment.line["kind"], segment.line["fuel"], stage, segment.line["size"])
            km = work * segment.shares[stage][1]
            into = sums.setdefault(key, {year: [0.0, 0.0] for year in YEARS})
            for year in YEARS:
                into[year][0] += km * factor[year]
                into[year][1] += km
    for (kind, fuel, stage, size), by_year in sums.items():
        mean = {year: moved / base for year, (moved, base) in by_year.items()}
        yield from rows_of(name, str(kind), mean, "own_estimate", fuel=fuel, technology=stage, size=size)
    for _, line in REGION.facts("facts_new_energy").iterrows():
        factor = series(line, "happened" if name == HAPPENED else "planned")
        keys = {"fuel": "electricity", "technology": "NEV"}
        yield from rows_of(name, line["kind"], factor, "own_estimate", **keys)


def freight_rows(name: str) -> Iterator[Row]:
    """Diesel stages of the corridors: the heavy fleet's turnover, their total following the goods."""
    lines = REGION.facts("facts_growth")
    demand = class_path(lines[lines["class"] == "freight"].iloc[0], name)
    heavy = segments()[0]
    stages = heavy.factors(name)
    km = {stage: share for stage, (_, share) in heavy.shares.items() if stage != "China VI"}
    mean = {year: sum(km[s] * stages[s][year] for s in km) / sum(km.values()) for year in YEARS}
    for stage in km:
        factor = {year: stages[stage][year] / mean[year] * demand[year] for year in YEARS}
        yield from rows_of(name, "freight", factor, "own_estimate", fuel="diesel", technology=stage)


def nonroad_rows(name: str) -> Iterator[Row]:
    """Machines by stage and size (each kind its own): what older stages lose, stage III does."""
    lines = REGION.facts("facts_growth")
    demand = class_path(lines[lines["class"] == "nonroad"].iloc[0], name)
    machines = REGION.table("nonroad").query("`class` == 'nonroad'")
    for size, kind in machines.groupby("size"):
        work = kind.groupby("technology")["activity"].sum()
        shares = {str(stage): float(amount) for stage, amount in (work / work.sum()).items()}
        for stage, factor in work_by_stage(shares, 2017, demand).items():
            yield from rows_of(name, "nonroad", factor, "own_estimate", technology=stage, size=size)


def build() -> list[Row]:
    """The table."""
    made: list[Row] = []
    for name in SCENARIOS:
        made += [*class_rows(name), *road_rows(name), *freight_rows(name), *nonroad_rows(name)]
    return made


def check(rows: list[Row]) -> None:
    """Keys are unique; coal power is least in wet and most in dry years."""
    keys = [tuple(row.get(column) for column in KEY) for row in rows]
    assert len(set(keys)) == len(keys)
    frame = pd.DataFrame(rows)
    coal = frame[(frame["class"] == "power_unit") & (frame["fuel"] == "coal") & (frame["year"] == 2020)]
    last = coal.set_index("growth")["factor"]
    assert last["wet"] < last[PLANNED] < last["dry"]


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "growth")
