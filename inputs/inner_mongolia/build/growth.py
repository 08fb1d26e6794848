"""Builds growth.csv: activity of 2018, 2019 and 2020 against 2017.

as_planned_2018: what the plan of 2018 assumed: its energy cap of 225 Mtce, the steel, cement and aluminium
projects then approved, clinker flat, heated area +11.4 M m2 a year. as_happened: published 2020 values, the
years between on a geometric path. No factor crosses a break of breaks.csv: road freight follows coal sent
out, not the re-surveyed t-km.
"""

from __future__ import annotations

from collections.abc import Iterator

from inputs.build.rows import Row
from inputs.build.turnover import Growth
from inputs.inner_mongolia.build.nonroad import MACHINES
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.segments import (
    NEW_ENERGY,
    NEW_ENERGY_HAPPENED,
    NEW_ENERGY_PLANNED,
    SAME,
    SEGMENTS,
    path,
    years,
)

KEY = ("growth", "class", "fuel", "technology", "size", "city", "duty", "year")
PLANNED, HAPPENED = "as_planned_2018", "as_happened"
SEEN: dict[str, tuple[Growth, float]] = {
    # class: as planned, and 2020 over 2017 as published (yearbook series, seen)
    "steel_plant": (years(1.03, 1.06, 1.08), 31.20 / 19.84),
    "aluminium": (years(1.12, 1.25, 1.40), 7.26 / 3.55),
}
OWN: dict[str, tuple[Growth, float]] = {
    # class: as planned, and 2020 over 2017 as recalled or estimated
    "cement_kiln": (years(1.0, 1.0, 1.0), 34 / 30.5),
    "coke_oven": (years(1.0, 1.02, 1.03), 42.5 / 30.5),
    "glass_furnace": (years(1.0, 1.0, 1.0), 1.05),
    "brick_kiln": (years(0.97, 0.94, 0.90), 0.90),
    "lime_kiln": (years(1.01, 1.02, 1.03), 1.10),
    "alumina": (years(1.0, 1.0, 1.0), 1.05),
    "copper_smelter": (years(1.05, 1.10, 1.15), 1.25),
    "lead_zinc_smelter": (years(1.02, 1.04, 1.06), 1.10),
    "ferroalloy": (years(1.03, 1.06, 1.09), 10.5 / 6.75),
    "calcium_carbide": (years(1.02, 1.04, 1.06), 9.75 / 8.25),
    "pvc": (years(1.02, 1.04, 1.06), 4.15 / 3.5),
    "coal_chemical": (years(1.08, 1.16, 1.25), 14.5 / 9.0),
    "petrochemical": (years(1.0, 1.0, 1.0), 1.0),
    "chemical": (years(1.04, 1.08, 1.12), 1.15),
    "pharma": (years(1.05, 1.10, 1.15), 1.15),
    "food": (years(1.03, 1.06, 1.09), 1.10),
    "coal_mine": (years(1.02, 1.04, 1.06), 1001 / 895),
    "scattered_enterprise": (SAME, 1.0),
    "industrial_furnace": (years(1.02, 1.04, 1.06), 1.06),
    "boiler": (years(1.015, 1.03, 1.045), 1.06),
    "commercial_stove": (SAME, 1.0),
    "residential_coal": (years(0.98, 0.96, 0.94), 0.93),
    "residential_gas": (years(1.05, 1.10, 1.15), 1.25),
    "nonroad": (years(1.02, 1.04, 1.06), 1.08),
    "rail": (years(1.03, 1.06, 1.09), 1.08),
    "aviation": (years(1.09, 1.18, 1.28), 0.95),
    "architectural_coating": (years(1.02, 1.04, 1.06), 1.0),
    "industrial_coating": (years(1.04, 1.08, 1.12), 1.10),
    "printing_ink": (years(1.03, 1.06, 1.09), 1.05),
    "adhesive": (years(1.02, 1.04, 1.06), 1.02),
    "car_repair": (years(1.09, 1.18, 1.27), 1.29),
    "degreasing": (years(1.04, 1.08, 1.12), 1.10),
    "pesticide": (years(1.0, 1.0, 1.0), 0.90),
    "asphalt": (years(1.0, 1.0, 1.0), 0.90),
    "household_solvent": (SAME, 2403 / 2433),
    "dry_cleaning": (years(1.01, 1.02, 1.03), 1.03),
    "livestock": (years(1.01, 1.02, 1.03), 1.04),
    "fertiliser": (years(1.01, 1.02, 1.03), 0.92),
    "nitrogen_fixing": (SAME, 1.1),
    "soil": (SAME, 1.0),
    "straw_compost": (years(1.05, 1.10, 1.15), 1.15),
    "human_excreta": (years(0.97, 0.94, 0.91), 0.88),
    "soil_dust": (SAME, 1.0),
    "road_dust": (years(1.06, 1.12, 1.18), 1.18),
    "construction_dust": (SAME, 0.95),
    "yard_dust": (years(1.02, 1.04, 1.06), 1.12),
    "biomass_boiler": (years(1.05, 1.10, 1.15), 1.20),
    "residential_biomass": (years(0.97, 0.94, 0.91), 0.90),
    "straw_burning": (years(1.01, 1.02, 1.03), 1.04),
    "forest_fire": (SAME, 1.0),
    "grassland_fire": (SAME, 1.0),
    "oil_depot": (years(1.05, 1.10, 1.16), 1.10),
    "tanker": (years(1.05, 1.10, 1.16), 1.10),
    "filling_station": (years(1.05, 1.10, 1.16), 1.10),
    "wastewater": (years(1.02, 1.04, 1.06), 1.08),
    "landfill": (years(1.01, 1.02, 1.03), 0.90),
    "incineration": (years(1.10, 1.20, 1.30), 1.60),
    "catering": (years(1.02, 1.04, 1.06), 1.0),
    "coal_fire": (SAME, 1.0),
}
DUTY: dict[str, tuple[Growth, float]] = {
    "heating": (years(1.015, 1.03, 1.045), 1.07),
    "process": (years(1.02, 1.04, 1.06), 1.05),
    "commercial": (years(1.01, 1.02, 1.03), 1.02),
    "mixed": (years(1.015, 1.03, 1.045), 1.06),
}
THERMAL_TWH = {2017: 365.9, 2020: 478.2}
FREIGHT = (years(1.03, 1.06, 1.09), 650 / 620)
"""Goods to be moved: coal mined and sent out, 590-650 Mt in 2017, 620-680 in 2020 (recalled)."""
NONROAD_LEFT: dict[str, Growth] = {
    # share of a stage's work of 2017 still done by it, before growth; stage IV is sold from 2022-12 only
    "pre-stage I": years(0.78, 0.58, 0.42),
    "stage I": years(0.88, 0.77, 0.66),
    "stage II": years(0.96, 0.92, 0.88),
}


def rows_of(
    name: str, kind: str, factor: Growth, citation: str = "own_estimate", **keys: str | None
) -> Iterator[Row]:
    """A row per year; keys: fuel, technology, size, duty."""
    rating = "E" if citation == "own_estimate" else "C"
    for year, value in factor.items():
        row: Row = {"growth": name, "class": kind, "year": year, "factor": value, "base_year": 2017} | keys
        yield row | {"citation": citation, "rating": rating, "constructed": "yes"}


def in_service(year: int) -> float:
    """Activity of the power units in service in a year at the hours of 2017, MWh."""
    rows = (row for row in REGION.rows("power_units") if int(row["from_year"] or 0) <= year)
    return sum(float(row["activity"]) for row in rows if year <= int(row["to_year"] or 9999))


def power_rows() -> Iterator[Row]:
    """Growth of the units in power_units.csv, those of 2018 to 2020 included, which come in by name.

    As planned they run the hours of 2017: the units then being built are the growth. As it happened they run
    longer: 478.2 TWh in 2020 against 365.9 in 2017 (seen).
    """
    yield from rows_of(PLANNED, "power_unit", SAME)
    wanted = path(THERMAL_TWH[2020] / THERMAL_TWH[2017])
    longer = {year: value * in_service(2017) / in_service(year) for year, value in wanted.items()}
    yield from rows_of(HAPPENED, "power_unit", longer, "CREA_NBS")


def class_rows() -> Iterator[Row]:
    """One factor for a class, and by duty for boilers."""
    for kind, (planned, happened) in SEEN.items():
        yield from rows_of(PLANNED, kind, planned)
        yield from rows_of(HAPPENED, kind, path(happened), "CREA_NBS")
    for kind, (planned, happened) in OWN.items():
        yield from rows_of(PLANNED, kind, planned)
        yield from rows_of(HAPPENED, kind, path(happened))
    for duty, (planned, happened) in DUTY.items():
        yield from rows_of(PLANNED, "boiler", planned, duty=duty)
        yield from rows_of(HAPPENED, "boiler", path(happened), duty=duty)


def road_rows() -> Iterator[Row]:
    """Stages of road vehicles by turnover, and new-energy vehicles."""
    for segment in SEGMENTS:
        for name in (PLANNED, HAPPENED):
            planned = name == PLANNED
            growth = segment.planned if planned else segment.happened
            per_vehicle = SAME if planned else segment.happened_km
            for stage, factor in segment.factors(growth, per_vehicle).items():
                keys = {"fuel": segment.fuel, "technology": stage, "size": segment.size}
                yield from rows_of(name, segment.kind, factor, **keys)
    for kind in NEW_ENERGY:
        keys = {"fuel": "electricity", "technology": "NEV"}
        yield from rows_of(PLANNED, kind, NEW_ENERGY_PLANNED, **keys)
        yield from rows_of(HAPPENED, kind, NEW_ENERGY_HAPPENED, **keys)


def freight_factors(demand: Growth, fleet: Growth) -> dict[str, Growth]:
    """Diesel stages of the corridors: the heavy fleet's turnover, its total following the goods to be moved.

    The corridors have no China VI trucks before 2021-07; the few that the fleet has by 2020 are shared out.
    """
    stages = SEGMENTS[0].factors(fleet, SAME)
    shares = {stage: km for stage, (_, km) in SEGMENTS[0].shares.items() if stage != "China VI"}
    result: dict[str, Growth] = {stage: {} for stage in shares}
    for year, goods in demand.items():
        mean = sum(km * stages[stage][year] for stage, km in shares.items()) / sum(shares.values())
        for stage in shares:
            result[stage][year] = stages[stage][year] / mean * goods
    return result


def freight_rows() -> Iterator[Row]:
    """Corridors: goods to be moved, by stage of the trucks."""
    for name, demand in ((PLANNED, FREIGHT[0]), (HAPPENED, path(FREIGHT[1]))):
        fleet = SEGMENTS[0].planned if name == PLANNED else SEGMENTS[0].happened
        for stage, factor in freight_factors(demand, fleet).items():
            yield from rows_of(name, "freight", factor, fuel="diesel", technology=stage)
        yield from rows_of(name, "freight", demand)


def nonroad_rows() -> Iterator[Row]:
    """Machines by stage and size (each kind its own): what leaves the older stages is done by stage III."""
    for name, growth in ((PLANNED, OWN["nonroad"][0]), (HAPPENED, path(OWN["nonroad"][1]))):
        for machines in MACHINES:
            newest: Growth = {}
            for stage in machines.stages:
                if stage != "stage III":
                    factor = {year: growth[year] * NONROAD_LEFT[stage][year] for year in growth}
                    yield from rows_of(name, "nonroad", factor, technology=stage, size=machines.size)
            for year in growth:
                left = sum(
                    x * (1 - NONROAD_LEFT[s][year]) for s, x in machines.stages.items() if s in NONROAD_LEFT
                )
                newest[year] = growth[year] * (1 + left / machines.stages["stage III"])
            yield from rows_of(name, "nonroad", newest, technology="stage III", size=machines.size)


def rows() -> list[Row]:
    """All rows of growth.csv."""
    result = [*power_rows(), *class_rows(), *road_rows(), *freight_rows(), *nonroad_rows()]
    keys = [tuple(row.get(column) for column in KEY) for row in result]
    assert len(set(keys)) == len(keys)
    return result


if __name__ == "__main__":
    REGION.write(rows(), "growth")
