"""Builds fleet.csv: road vehicles by league, kind and stage of emission control at the end of 2017.

The kilometres of heavy trucks on freight corridors are taken out here (freight.csv has them), with the
trucks that drive them. The kilometres of a stage follow its share of the stock on 31 December and the age
of its vehicles.
"""

from __future__ import annotations

from collections.abc import Iterator

from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.build.stages import ORDER
from inputs.inner_mongolia.build.corridors import KM_PER_TRUCK, registered_trucks
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.segments import NEW_ENERGY, SEGMENTS, Segment

SULPHUR_PPM = {"diesel": 15.0, "petrol": 10.0}
"""Sulphur of fuel as sold, mg/kg: China V (10), some ordinary diesel still mixed in (own estimate)."""


def own_stock(segment: Segment) -> float:
    """Vehicles of a segment that do not work on a corridor."""
    if segment.size != "heavy":
        return segment.stock
    return segment.stock - registered_trucks()[segment.fuel]


def segment_rows(segment: Segment) -> Iterator[Row]:
    """A row per league and stage."""
    stock = own_stock(segment)
    shares = segment.shares
    for area, part in spread(stock, segment.weight).items():
        for stage, (vehicles, km) in shares.items():
            name = f"{segment.kind}.{area}.{segment.label}.{stage.lower().replace(' ', '_')}"
            old = stage in ORDER[:3] if segment.fuel == "diesel" else stage == "pre-China I"
            row = source(
                START,
                name,
                segment.kind,
                area,
                segment.zone,
                part * segment.km * km,
                "km",
                stock=part * vehicles,
            )
            row |= {"fuel": segment.fuel, "technology": stage, "size": segment.size}
            row |= {"fuel_sulphur_ppm": SULPHUR_PPM.get(segment.fuel), "yellow_label": "yes" if old else None}
            if segment.mass is not None:
                row |= {"capacity": segment.mass, "capacity_unit": "t"}
            yield named(REGION, row, f"{segment.kind}.{segment.label}", stage)


def new_energy_rows() -> Iterator[Row]:
    """New-energy vehicles of the end of 2017."""
    for kind, (stock, km, weight) in NEW_ENERGY.items():
        model = next(s for s in SEGMENTS if s.kind == kind and s.size != "heavy")
        for area, part in spread(stock, weight).items():
            zone = "city_built_up"
            row = source(START, f"{kind}.{area}.new_energy", kind, area, zone, part * km, "km", stock=part)
            row |= {
                "fuel": "electricity",
                "technology": "NEV",
                "size": "light" if kind == "truck" else model.size,
            }
            if kind == "truck":
                row |= {"capacity": 4.0, "capacity_unit": "t"}
            if kind == "bus":
                row |= {"capacity": 14.0, "capacity_unit": "t"}
            yield named(REGION, row, f"{kind}.new_energy")


def rows() -> list[Row]:
    """All rows of fleet.csv."""
    result = [row for segment in SEGMENTS for row in segment_rows(segment)] + list(new_energy_rows())
    check(result)
    return result


def fuel_mt(fuel: str) -> float:
    """Mt of a fuel burnt by the vehicles registered here, corridor work included."""
    total = 0.0
    for segment in (s for s in SEGMENTS if s.fuel == fuel):
        corridor = registered_trucks()[fuel] * KM_PER_TRUCK if segment.size == "heavy" else 0.0
        total += (own_stock(segment) * segment.km + corridor) * segment.kg_per_km
    return total / 1e9


def check(result: list[Row]) -> None:
    """Control totals: vehicles, trucks, stages of heavy diesel trucks, fuel sold."""
    corridor = sum(registered_trucks().values())
    stock = sum(float(row["stock"] or 0) for row in result) + corridor
    trucks = sum(float(row["stock"] or 0) for row in result if row["class"] == "truck") + corridor
    cars = sum(float(row["stock"] or 0) for row in result if row["class"] == "car")
    assert abs(stock / 5_490_400 - 1) < 0.002, stock
    assert 540_000 <= trucks <= 600_000, trucks
    assert cars >= 4_394_000, cars
    heavy = {stage: share for stage, (share, _) in SEGMENTS[0].shares.items()}
    before = sum(heavy.get(stage, 0) for stage in ORDER[:3])
    assert 0.06 <= before <= 0.10, heavy
    assert 0.44 <= heavy["China III"] <= 0.52, heavy
    assert 0.26 <= heavy["China IV"] <= 0.32, heavy
    assert 0.12 <= heavy["China V"] <= 0.18, heavy
    assert 3.0 <= fuel_mt("petrol") <= 3.6, fuel_mt("petrol")
    assert 5.0 <= fuel_mt("diesel") <= 6.5, fuel_mt("diesel")


if __name__ == "__main__":
    REGION.write(rows(), "fleet")
