"""Builds nonroad.csv: machines by stage and league, rail diesel, aircraft.

Control totals: 125 000 construction machines (census, seen; fork-lifts among them), stage I and older 30-40
% at the end of 2017; farm machines 31.03 GW (seen) at 250-350 h a year; rail diesel 242.5 kt and 31.48 x
10^4 take-offs and landings (census, seen). Wide-body mine dumpers burn what 450-500 Mt of open-cast coal
and its overburden need (about 3 kg of diesel a tonne of coal, own estimate); no official number has them,
so they are outside the account.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

FARM_KW = 31_029_600.0
FARM_HOURS = 300.0
FARM_KG_PER_KWH = 0.24 * 0.5
"""Diesel for a kWh of work at half load."""


@dataclass(frozen=True)
class Machines:
    """Machines of one kind: size (its own), number, t of diesel a year, shares of stages (of fuel)."""

    kind: str
    size: str
    stock: float
    fuel_t: float
    stages: dict[str, float]
    weight: str
    zone: str
    outside: bool = False


MACHINES = [
    Machines(
        "construction",
        "medium",
        97_000,
        97_000 * 9.0,
        {"pre-stage I": 0.11, "stage I": 0.24, "stage II": 0.46, "stage III": 0.19},
        "building",
        "urban_fringe",
    ),
    Machines(
        "forklift",
        "small",
        28_000,
        28_000 * 3.0,
        {"stage I": 0.32, "stage II": 0.48, "stage III": 0.20},
        "coating",
        "park",
    ),
    Machines(
        "farm",
        "light",
        1_150_000,
        FARM_KW * FARM_HOURS * FARM_KG_PER_KWH / 1000,
        {"pre-stage I": 0.20, "stage I": 0.25, "stage II": 0.43, "stage III": 0.12},
        "farm_power",
        "rural",
    ),
    Machines(
        "mine_dumper",
        "heavy",
        11_000,
        11_000 * 132.0,
        {"stage I": 0.15, "stage II": 0.55, "stage III": 0.30},
        "opencast",
        "rural",
        True,
    ),
]
RAIL_DIESEL_T = 242_500.0
LTO = 314_800.0


def machine_rows(machines: Machines) -> list[Row]:
    """A row per league and stage."""
    result = []
    for area, part in spread(1.0, machines.weight, 0.01).items():
        for stage, share in machines.stages.items():
            name = f"nonroad.{area}.{machines.kind}.{stage.replace(' ', '_').replace('-', '_').lower()}"
            row = source(
                START, name, "nonroad", area, machines.zone, machines.fuel_t * part * share, "fuel_t"
            )
            row |= {"stock": machines.stock * part * share, "fuel": "diesel", "technology": stage}
            row |= {"size": machines.size, "machine": machines.kind, "fuel_sulphur_ppm": 50.0}
            row |= {"outside_account": "yes" if machines.outside else None}
            result.append(named(REGION, row, f"nonroad.{machines.kind}", stage))
    return result


def rows() -> list[Row]:
    """All rows of nonroad.csv."""
    result = [row for machines in MACHINES for row in machine_rows(machines)]
    for area, tonnes in spread(RAIL_DIESEL_T, "rail").items():
        more = {"fuel": "diesel", "technology": "diesel_loco", "fuel_sulphur_ppm": 50.0}
        row = source(START, f"rail.{area}", "rail", area, "rural", tonnes, "fuel_t", **more)
        result.append(named(REGION, row, "rail"))
    for area, flights in spread(LTO, "flights").items():
        row = source(START, f"aviation.{area}", "aviation", area, "urban_fringe", flights, "1")
        result.append(named(REGION, row, "aviation"))
    check(result)
    return result


def check(result: list[Row]) -> None:
    """Control totals of machines, rail and aircraft."""
    built = [row for row in result if row.get("machine") in ("construction", "forklift")]
    stock = sum(float(row["stock"] or 0) for row in built)
    old = sum(float(row["stock"] or 0) for row in built if row["technology"] in ("pre-stage I", "stage I"))
    assert abs(stock / 125_000 - 1) < 1e-6, stock
    assert 0.30 <= old / stock <= 0.40, old / stock
    rail = sum(float(row["activity"] or 0) for row in result if row["class"] == "rail")
    assert abs(rail / RAIL_DIESEL_T - 1) < 1e-9


if __name__ == "__main__":
    REGION.write(rows(), "nonroad")
