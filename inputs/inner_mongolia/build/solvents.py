"""Builds solvents.csv and oil.csv: paint, ink, adhesive, solvent use; petrol through depots, tankers and
stations.

Control totals (recalled or own estimates): architectural paint 60-85 kt (2.5-3.5 kg a person), industrial
coating 12-28 kt, inks 2.5-5, adhesives 10-20, car repair 1.2-2.0 kg for ten cars, petrol sold 3.0-3.6 Mt;
45 depots and 3 415 stations (census, seen). Solvent-based share of industrial coatings 65-75 % and of inks
40-50 %.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

PETROL_T = 3_450_000.0
DEPOTS, STATIONS = 45, 3415


@dataclass(frozen=True)
class Use:
    """A use of products: t a year (or persons), share of each technology, share of it under each control."""

    kind: str
    total: float
    unit: str
    weight: str
    zone: str
    technologies: dict[str, float]
    controls: dict[str, float] | None = None


USES = [
    Use(
        "architectural_coating",
        72_000,
        "t",
        "building",
        "city_built_up",
        {"solvent_based": 0.42, "water_based": 0.58},
    ),
    Use(
        "industrial_coating",
        21_000,
        "t",
        "coating",
        "park",
        {"solvent_based": 0.70, "water_based": 0.14, "powder": 0.16},
        {"": 0.6, "carbon_once": 0.4},
    ),
    Use(
        "printing_ink",
        3_900,
        "t",
        "food_print",
        "urban_fringe",
        {"solvent_based": 0.47, "water_based": 0.43, "low_voc": 0.10},
    ),
    Use("adhesive", 15_000, "t", "building", "urban_fringe", {"solvent_based": 0.45, "water_based": 0.55}),
    Use("car_repair", 750, "t", "cars", "city_built_up", {"solvent_based": 0.85, "water_based": 0.15}),
    Use("degreasing", 1_600, "t", "coating", "park", {"solvent_based": 0.8, "low_voc": 0.2}),
    Use("pesticide", 32_000, "t", "nitrogen", "rural", {"standard": 1.0}),
    Use("asphalt", 1_300_000, "t", "building", "rural", {"standard": 1.0}),
    Use("household_solvent", 24_330_000, "1", "people", "city_built_up", {"standard": 1.0}),
    Use("dry_cleaning", 15_090_000, "1", "urban", "city_built_up", {"standard": 1.0}),
]


def use_rows(use: Use) -> list[Row]:
    """A row per league and technology; controls stand only on solvent-based industrial use."""
    result = []
    for area, part in spread(use.total, use.weight, 0.008).items():
        for technology, share in use.technologies.items():
            solvent = use.controls if use.controls and technology == "solvent_based" else {"": 1.0}
            for control, under in solvent.items():
                name = ".".join(x for x in (use.kind, area, technology, control) if x)
                row = source(START, name, use.kind, area, use.zone, part * share * under, use.unit)
                row |= {"technology": technology, "controls": control or None}
                result.append(named(REGION, row, use.kind, technology if technology != "standard" else ""))
    return result


def solvent_rows() -> list[Row]:
    """All rows of solvents.csv."""
    result = [row for use in USES for row in use_rows(use)]
    for use in USES:
        total = sum(float(row["activity"] or 0) for row in result if row["class"] == use.kind)
        assert abs(total / use.total - 1) < 1e-9, use.kind
    return result


STATION_CONTROLS = {"": 0.35, "stage1": 0.50, "stage12": 0.15}
DEPOT_CONTROLS = {"": 0.5, "vru": 0.5}
TANKER_CONTROLS = {"": 0.5, "stage1": 0.5}
"""Share of petrol under vapour recovery at the end of 2017 (own estimate)."""


def oil_rows() -> list[Row]:
    """All rows of oil.csv: petrol in t a year, every tonne through depot, tanker and station."""
    result = []
    parts = [
        ("oil_depot", "urban_fringe", DEPOT_CONTROLS, DEPOTS),
        ("tanker", "urban_fringe", TANKER_CONTROLS, None),
    ]
    for kind, zone, controls, count in [
        *parts,
        ("filling_station", "city_built_up", STATION_CONTROLS, STATIONS),
    ]:
        for area, part in spread(1.0, "cars").items():
            for control, share in controls.items():
                name = ".".join(x for x in (kind, area, control or "none"))
                row = source(START, name, kind, area, zone, PETROL_T * part * share, "t")
                row |= {"controls": control or None, "stock": count * part * share if count else None}
                result.append(named(REGION, row, kind))
    stations = sum(float(row["stock"] or 0) for row in result if row["class"] == "filling_station")
    assert abs(stations / STATIONS - 1) < 1e-9
    return result


if __name__ == "__main__":
    REGION.write(solvent_rows(), "solvents")
    REGION.write(oil_rows(), "oil")
