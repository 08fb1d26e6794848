"""Builds growth.csv: activity of 2019 and 2020 against 2018.

as_planned_2018: what the city expected when the work plan was made (goods of the port +5 to 7 % a year, new
buildings, cars). as_happened: rail goods as reported (10 Mt by 10 August 2020, 15.6 % above 2019), travellers
and road goods of 2020 under the border rules of that year. facts_growth.csv has a line per class; stages of
vehicles follow from turnover, those of machines from what leaves the older stages.
"""

from __future__ import annotations

from collections.abc import Iterator

from inputs.build.machines import work_by_stage
from inputs.build.rows import Row, Value
from inputs.build.stages import follow
from inputs.build.turnover import Growth
from inputs.erenhot.build.corridors import MONGOLIAN
from inputs.erenhot.build.fleet import NEW_ENERGY
from inputs.erenhot.build.region import REGION, START
from inputs.erenhot.build.segments import SEGMENTS, YEARS

CASES = {"as_planned_2018": "planned", "as_happened": "happened"}
NEW_ENERGY_GROWTH = {"planned": (1.4, 2.0), "happened": (1.6, 2.5)}


def class_growth(case: str) -> dict[tuple[str, str], tuple[Growth, str, str]]:
    """(class, duty) -> factor by year, citation, rating."""
    return {
        (row["class"], row["duty"]): (
            {year: float(row[f"{CASES[case]}_{year}"]) for year in YEARS},
            row["citation"],
            row["rating"],
        )
        for row in REGION.rows("build/facts_growth")
    }


def rows_of(case: str, kind: str, factor: Growth, **more: Value) -> Iterator[Row]:
    """A row per year; more: fuel, technology, size, duty, citation, rating."""
    for year, value in factor.items():
        row: Row = {"growth": case, "class": kind, "year": year, "factor": value, "base_year": START}
        yield row | {"citation": "own_estimate", "rating": "E", "constructed": "yes"} | more


def class_rows(case: str) -> Iterator[Row]:
    """One factor for a class, and by duty for boilers."""
    for (kind, duty), (factor, citation, rating) in class_growth(case).items():
        planned = CASES[case] == "planned"
        source = {"citation": "own_estimate" if planned else citation, "rating": "E" if planned else rating}
        yield from rows_of(case, kind, factor, duty=duty or None, **source)


def road_rows(case: str) -> Iterator[Row]:
    """Stages of road vehicles by turnover, and new-energy vehicles.

    City trucks and long-haul ones are both heavy diesel. Growth tells rows apart by size, so the two, alike
    in turnover, share the factors of the larger one.
    """
    first = {(s.kind, s.fuel, s.size): s for s in reversed(SEGMENTS)}
    for (kind, fuel, size), segment in first.items():
        for stage, factor in segment.factors(CASES[case] == "planned").items():
            yield from rows_of(case, kind, factor, fuel=fuel, technology=stage, size=size)
    for kind in NEW_ENERGY:
        factor = dict(zip(YEARS, NEW_ENERGY_GROWTH[CASES[case]], strict=True))
        yield from rows_of(case, kind, factor, fuel="electricity", technology="NEV")


def freight_rows(case: str) -> Iterator[Row]:
    """Diesel stages of the corridors: the heavy fleet's turnover, its total following the goods."""
    goods = class_growth(case)["freight", ""][0]
    heavy = SEGMENTS[0]
    shares = {stage: km for stage, (_, km) in heavy.shares.items() if stage != "China VI"}
    assert set(MONGOLIAN) <= set(shares)
    for stage, factor in follow(heavy.factors(CASES[case] == "planned"), shares, goods).items():
        yield from rows_of(case, "freight", factor, fuel="diesel", technology=stage)


def nonroad_rows(case: str) -> Iterator[Row]:
    """Machines by size (each kind its own) and stage."""
    growth = class_growth(case)["nonroad", ""][0]
    facts = REGION.facts("facts_diffuse")
    machines = facts[facts["class"] == "nonroad"]
    for size, kind in machines.groupby("size", sort=True):
        shares = dict(zip(kind["technology"], kind["share"], strict=True))
        for stage, factor in work_by_stage(shares, START, growth).items():
            yield from rows_of(case, "nonroad", factor, technology=stage, size=str(size))


def rows() -> list[Row]:
    """All rows of growth.csv."""
    makers = (class_rows, road_rows, freight_rows, nonroad_rows)
    result = [row for case in CASES for make in makers for row in make(case)]
    columns = ("growth", "class", "fuel", "technology", "size", "city", "duty", "year")
    keys = [tuple(row.get(column) for column in columns) for row in result]
    assert len(set(keys)) == len(keys)
    return result


if __name__ == "__main__":
    REGION.write(rows(), "growth")
