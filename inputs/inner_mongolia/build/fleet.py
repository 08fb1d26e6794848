"""Builds fleet.csv and fleet_2020.csv: road vehicles by league, kind and stage at the end of the year.

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
from inputs.inner_mongolia.build.segments import Segment, heavy, segments

SULPHUR_PPM = {2017: {"diesel": 15.0, "petrol": 10.0}, 2020: {"diesel": 10.0, "petrol": 10.0}}
"""Sulphur of fuel as sold, mg/kg: China V and VI (10), in 2017 some ordinary diesel (own estimate)."""
HEAVY_STAGES = {"pre_iii": ORDER[:3], "iii": ["China III"], "iv": ["China IV"], "v": ["China V"]}


def own_stock(segment: Segment) -> float:
    """Vehicles of a segment that do not work on a corridor."""
    if segment.size != "heavy":
        return segment.stock
    return segment.stock - registered_trucks(segment.fleet.base)[segment.fuel]


def segment_rows(segment: Segment) -> Iterator[Row]:
    """A row per league and stage."""
    year, kind = segment.fleet.base, segment.kind
    shares = segment.shares
    for area, part in spread(own_stock(segment), segment.weight).items():
        for stage, (vehicles, km) in shares.items():
            name = f"{kind}.{area}.{segment.label}.{stage.lower().replace(' ', '_')}"
            old = stage in ORDER[:3] if segment.fuel == "diesel" else stage == "pre-China I"
            row = source(year, name, kind, area, segment.zone, part * segment.km * km, "km")
            row |= {"stock": part * vehicles, "fuel": segment.fuel, "technology": stage, "size": segment.size}
            row |= {"fuel_sulphur_ppm": SULPHUR_PPM[year].get(segment.fuel)}
            row |= {"yellow_label": "yes" if old else None}
            if segment.mass is not None:
                row |= {"capacity": segment.mass, "capacity_unit": "t"}
            yield named(REGION, row, f"{kind}.{segment.label}", stage)


def new_energy_rows(year: int) -> Iterator[Row]:
    """New-energy vehicles of the end of the year."""
    table = REGION.facts("facts_new_energy")
    for kind in table[table["year"] == year].to_dict("records"):
        heavy_truck = kind["kind"] == "truck" and kind["size"] == "heavy"
        label = "heavy_new_energy" if heavy_truck else "new_energy"
        for area, part in spread(kind["stock"], kind["weight"]).items():
            name = f"{kind['kind']}.{area}.{label}"
            row = source(year, name, kind["kind"], area, kind["zone"], part * kind["km"], "km", stock=part)
            row |= {"fuel": "electricity", "technology": "NEV", "size": kind["size"]}
            if kind["mass_t"] > 0:
                row |= {"capacity": kind["mass_t"], "capacity_unit": "t"}
            yield named(REGION, row, f"{kind['kind']}.{label}")


def rows(year: int = START) -> list[Row]:
    """All rows of the fleet of a year."""
    result = [row for s in segments(year) for row in segment_rows(s)] + list(new_energy_rows(year))
    check(year, result)
    return result


def fuel_mt(year: int, fuel: str) -> float:
    """Mt of a fuel burnt by the vehicles registered here, corridor work included."""
    total = 0.0
    for segment in (s for s in segments(year) if s.fuel == fuel):
        trucks = registered_trucks(year)[fuel] if segment.size == "heavy" else 0.0
        total += (own_stock(segment) * segment.km + trucks * KM_PER_TRUCK[year]) * segment.kg_per_km
    return total / 1e9


def check(year: int, result: list[Row]) -> None:
    """Control totals: vehicles, trucks by size, stages of heavy trucks, petrol sold."""

    def stock(*kinds: str) -> float:
        return sum(float(row["stock"] or 0) for row in result if not kinds or row["class"] in kinds)

    by_size = {size: sum(s.stock for s in segments(year) if s.kind == "truck" and s.size == size)
               for size in ("heavy", "medium", "light")}  # fmt: skip
    corridor = sum(registered_trucks(year).values())
    REGION.check_range(f"vehicles.{year}", stock() + corridor)
    REGION.check_range(f"trucks.{year}", stock("truck") + corridor)
    REGION.check_range(f"buses.{year}", stock("bus"))
    for size, trucks in by_size.items():
        REGION.check_range(f"{size}_trucks.{year}", trucks)
    owned = stock("car", "truck") + corridor
    assert owned >= REGION.control_total(f"private_cars.{year}"), owned
    new_energy = sum(float(row["stock"] or 0) for row in result if row["technology"] == "NEV")
    REGION.check_range(f"new_energy_vehicles.{year}", new_energy)
    shares, gas = heavy(year).shares, heavy(year, "lng")
    for name, stages in HEAVY_STAGES.items():
        found = 100 * sum(shares[stage][0] for stage in stages if stage in shares)
        REGION.check_range(f"heavy_stage_{name}.{year}", found)
    REGION.check_range(f"heavy_gas_share.{year}", 100 * gas.stock / by_size["heavy"])
    if year != START:  # China VI gas trucks come from 2019-07 on
        newest = sum(s.stock * s.shares["China VI"][0] for s in (heavy(year), gas))
        REGION.check_range(f"heavy_stage_vi.{year}", 100 * newest / by_size["heavy"])
    REGION.check_range(f"petrol_sold.{year}", fuel_mt(year, "petrol"))


if __name__ == "__main__":
    REGION.write(rows(), "fleet")
    REGION.write(rows(2020), "fleet_2020")
