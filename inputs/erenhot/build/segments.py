"""Kinds of road vehicles registered in the city: stock at the end of 2018, kilometres, turnover.

facts_vehicles.csv has a line per kind: km a year, kg of fuel a km, gross mass, growth of the stock against
2018 as planned and as it happened, and of the km of a vehicle as it happened (2020: closed to travellers).
Control total: 15 000 to 22 000 vehicles (planning practice, recalled). Own estimates, rating E.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.stages import STAGES, national_sales, stage_factors, stage_shares
from inputs.build.turnover import Fleet, Growth
from inputs.erenhot.build.region import REGION, START

YEARS = (2019, 2020)
SAME: Growth = dict.fromkeys(YEARS, 1.0)


@dataclass(frozen=True)
class Segment:
    """Vehicles of one kind: size class, fuel, number, km a year, kg of fuel a km, t gross mass, zone."""

    kind: str
    label: str
    size: str | None
    fuel: str
    stock: float
    km: float
    kg_per_km: float
    mass: float | None
    zone: str
    fleet: Fleet
    planned: Growth
    happened: Growth
    happened_km: Growth

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """(stock, kilometres) share of every stage at the end of 2018."""
        return stage_shares(self.fleet, self.planned)

    def factors(self, planned: bool) -> dict[str, Growth]:
        """Activity of every stage against 2018."""
        if planned:
            return stage_factors(self.fleet, self.shares, self.planned, SAME)
        return stage_factors(self.fleet, self.shares, self.happened, self.happened_km)


def read_segments() -> list[Segment]:
    """The kinds of facts_vehicles.csv with their sales and stages."""
    result = []
    for row in REGION.rows("build/facts_vehicles"):
        age, shape, decay = (float(row[name]) for name in ("median_age", "shape", "decay"))
        sales, stages = national_sales(row["sales"]), STAGES[row["stages"]]
        growth = {
            name: {year: float(row[f"{name}_{year}"]) for year in YEARS}
            for name in ("planned", "happened", "happened_km")
        }
        result.append(
            Segment(
                kind=row["kind"],
                label=row["label"],
                size=row["size"] or None,
                fuel=row["fuel"],
                stock=float(row["stock"]),
                km=float(row["km"]),
                kg_per_km=float(row["kg_per_km"]),
                mass=float(row["mass_t"]) if row["mass_t"] else None,
                zone=row["zone"],
                fleet=Fleet(sales, stages, age, shape, decay, base=START),
                **growth,
            )
        )
    return result


SEGMENTS = read_segments()
