"""Kinds of road vehicles registered in the region: stock, kilometres, turnover (own estimates, rating E).

Control totals at the end of 2017: 549.04 x 10^4 vehicles (census, seen), 439.4 x 10^4 private cars (yearbook,
seen), 54-60 x 10^4 trucks, of them heavy 21-25, medium 2.5-3.5, light 29-33, heavy on gas 8-12 % (recalled).
facts_vehicles.csv has a line per kind: stock at the end of 2017, km a year, kg of fuel a km, gross mass,
growth of the stock against 2017 as planned in 2018 and as it happened; heavy truck work fell to 15-19 bn
vkm in 2020 while the stock grew (recalled), which is happened_km.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.stages import STAGES, national_sales, stage_factors, stage_shares
from inputs.build.turnover import Fleet, Growth
from inputs.inner_mongolia.build.region import REGION


def years(*values: float) -> Growth:
    """Values of 2018, 2019 and 2020."""
    return dict(zip((2018, 2019, 2020), values, strict=True))


def path(value_2020: float) -> Growth:
    """A geometric path to the factor of 2020."""
    return years(value_2020 ** (1 / 3), value_2020 ** (2 / 3), value_2020)


SAME = years(1, 1, 1)


@dataclass(frozen=True)
class Segment:
    """Vehicles of one kind. stock at the end of 2017; km a year; kg of fuel a km; t gross mass."""

    kind: str
    label: str
    size: str | None
    fuel: str
    stock: float
    km: float
    kg_per_km: float
    mass: float | None
    weight: str
    zone: str
    fleet: Fleet
    planned: Growth
    happened: Growth
    happened_km: Growth

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """(stock, kilometres) share of every stage at the end of the base year."""
        return stage_shares(self.fleet, self.planned)

    def factors(self, growth: Growth, per_vehicle: Growth) -> dict[str, Growth]:
        """Activity of every stage against the base year (see stages.stage_factors)."""
        return stage_factors(self.fleet, self.shares, growth, per_vehicle)


WORDS = ("kind", "label", "size", "fuel", "weight", "zone", "sales", "stages")


def read_segments() -> list[Segment]:
    """The kinds of facts_vehicles.csv with their sales and stages."""
    result = []
    for row in REGION.rows("build/facts_vehicles"):
        sold = national_sales(row["sales"])
        number = {key: float(value) for key, value in row.items() if value and key not in WORDS}
        result.append(
            Segment(
                kind=row["kind"],
                label=row["label"],
                size=row["size"] or None,
                fuel=row["fuel"],
                stock=number["stock"],
                km=number["km"],
                kg_per_km=number["kg_per_km"],
                mass=number.get("mass_t"),
                weight=row["weight"],
                zone=row["zone"],
                fleet=Fleet(
                    sold, STAGES[row["stages"]], number["median_age"], number["shape"], number["decay"]
                ),
                planned=years(*(number[f"planned_{year}"] for year in (2018, 2019, 2020))),
                happened=years(*(number[f"happened_{year}"] for year in (2018, 2019, 2020))),
                happened_km=path(number["happened_km_2020"]),
            )
        )
    return result


SEGMENTS = read_segments()
NEW_ENERGY = {
    "car": (9_500, 12_000, "cars"),
    "bus": (2_500, 60_000, "buses"),
    "truck": (1_000, 20_000, "light_trucks"),
}
"""Stock, km a year and weight of the new-energy vehicles of the end of 2017 (10-15 thousand in all,
recalled)."""
NEW_ENERGY_PLANNED = years(1.2, 1.5, 1.8)
NEW_ENERGY_HAPPENED = years(1.5, 2.1, 2.8)
