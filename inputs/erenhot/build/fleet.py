"""Builds fleet.csv: road vehicles by kind and stage of emission control at the end of 2018.

The trucks that work on corridors are taken out here (freight.csv has them). Mongolian cars and jeeps of
border traders cross some 420 000 times a year (410 000 in 2016, seen); they are registered abroad and outside
the account.
"""

from __future__ import annotations

from collections.abc import Iterator

from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.build.stages import slug, yellow_label
from inputs.erenhot.build.corridors import registered_trucks
from inputs.erenhot.build.region import CITY, REGION, START
from inputs.erenhot.build.segments import SEGMENTS, Segment

SULPHUR_PPM = {"diesel": 15.0, "petrol": 10.0}
"""Sulphur of fuel as sold, mg/kg: China V (10), some ordinary diesel still mixed in (own estimate)."""
NEW_ENERGY = {"car": (60, 11_000, None), "bus": (12, 50_000, 14.0)}
"""Stock, km a year and gross mass (t) of the new-energy vehicles of the end of 2018 (own estimate)."""
BORDER_KM, BORDER_TRIPS = 6.0, 140
BORDER_STAGES = {"pre-China I": 0.45, "China II": 0.4, "China III": 0.15}
"""Km in the town for a crossing, returns a year, and stages of the cars of border traders (own estimate)."""


def own_stock(segment: Segment) -> float:
    """Vehicles of a segment that do not work on a corridor."""
    long_haul = segment.size == "heavy" and segment.zone == "rural"
    return segment.stock - (registered_trucks()[segment.fuel] if long_haul else 0.0)


def segment_rows(segment: Segment) -> Iterator[Row]:
    """A row per stage."""
    stock = own_stock(segment)
    for stage, (vehicles, km) in segment.shares.items():
        name = f"{segment.kind}.{segment.label}.{slug(stage)}"
        row = source(START, name, segment.kind, CITY, segment.zone, stock * segment.km * km, "km")
        row |= {"stock": stock * vehicles, "fuel": segment.fuel, "technology": stage, "size": segment.size}
        row |= {
            "fuel_sulphur_ppm": SULPHUR_PPM.get(segment.fuel),
            "yellow_label": "yes" if yellow_label(segment.fuel, stage) else None,
        }
        if segment.mass is not None:
            row |= {"capacity": segment.mass, "capacity_unit": "t"}
        yield named(REGION, row, f"{segment.kind}.{segment.label}", stage)


def new_energy_rows() -> Iterator[Row]:
    """New-energy vehicles of the end of 2018."""
    for kind, (stock, km, mass) in NEW_ENERGY.items():
        row = source(START, f"{kind}.new_energy", kind, CITY, "city_built_up", stock * km, "km")
        row |= {"stock": stock, "fuel": "electricity", "technology": "NEV"}
        row |= {"size": next(s.size for s in SEGMENTS if s.kind == kind)}
        if mass is not None:
            row |= {"capacity": mass, "capacity_unit": "t"}
        yield named(REGION, row, f"{kind}.new_energy")


def border_rows() -> Iterator[Row]:
    """Cars and jeeps of border traders, outside the account."""
    crossings = REGION.control_total("border_cars.2018")
    for stage, share in BORDER_STAGES.items():
        name = f"car.border.{slug(stage)}"
        row = source(START, name, "car", CITY, "city_built_up", crossings * BORDER_KM * share, "km")
        row |= {
            "stock": crossings / 2 / BORDER_TRIPS * share,
            "fuel": "petrol",
            "technology": stage,
            "size": "small",
            "outside_account": "yes",
        }
        yield named(REGION, row | {"fuel_sulphur_ppm": 50.0}, "car.border", stage)


def rows() -> list[Row]:
    """All rows of fleet.csv."""
    result = [row for segment in SEGMENTS for row in segment_rows(segment)]
    result += [*new_energy_rows(), *border_rows()]
    check(result)
    return result


def fuel_kt(fuel: str) -> float:
    """kt of a fuel burnt by the vehicles registered here that are not on a corridor."""
    return sum(own_stock(s) * s.km * s.kg_per_km for s in SEGMENTS if s.fuel == fuel) / 1e6


def check(result: list[Row]) -> None:
    """Control totals: vehicles, heavy trucks; petrol closes with what filling stations sell."""
    corridor = sum(registered_trucks().values())
    stock = sum(float(row.get("stock") or 0) for row in result) + corridor
    heavy = sum(float(row.get("stock") or 0) for row in result if row.get("size") == "heavy") + corridor
    REGION.check_range("vehicles.2018", stock)
    REGION.check_range("heavy_trucks.2018", heavy)
    petrol = REGION.control_total("petrol_sold.2018")
    assert abs(fuel_kt("petrol") / petrol - 1) < 0.15, fuel_kt("petrol")


if __name__ == "__main__":
    REGION.write(rows(), "fleet")
