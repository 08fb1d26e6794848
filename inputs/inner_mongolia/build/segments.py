"""Kinds of road vehicles registered in the region: stock, kilometres, turnover (own estimates, rating E).

facts_vehicles.csv has a line per kind: stock at the end of 2017, km a year (2017, and 2020 after the survey
of road freight was renewed), kg of fuel a km, gross mass, survival. The stock of 2020 follows from its
growth as it happened (facts_growth.csv), whose registrations close the stock. facts_new_energy.csv has the
new-energy vehicles of both years.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from inputs.build.stages import STAGES, national_sales, stage_factors, stage_shares
from inputs.build.turnover import Fleet, Growth, advanced
from inputs.inner_mongolia.build import growth_facts
from inputs.inner_mongolia.build.growth_facts import HAPPENED, OUTLOOK, PLANNED
from inputs.inner_mongolia.build.region import REGION, START

LEAST = {2017: 0.03, 2020: 0.01}
"""Share of the stock below which a stage on its way out is counted with the next one."""


@dataclass(frozen=True)
class Segment:
    """Vehicles of one kind. stock at the end of the year; km a year; kg of fuel a km; t gross mass."""

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

    def stock_path(self, growth: str) -> Growth:
        """Stock against the base year of a growth scenario."""
        return growth_facts.path(growth, self.kind, self.label, quantity="stock")[0]

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """(stock, kilometres) share of every stage at the end of the base year."""
        later = PLANNED if self.fleet.base == START else OUTLOOK
        return stage_shares(self.fleet, self.stock_path(later), LEAST[self.fleet.base])

    def factors(self, growth: str) -> dict[str, Growth]:
        """Activity of every stage against the base year of a growth scenario (see stages.stage_factors)."""
        per_vehicle, _ = growth_facts.path(growth, self.kind, self.label, quantity="km_per_vehicle")
        return stage_factors(self.fleet, self.shares, self.stock_path(growth), per_vehicle)


@cache
def segments(year: int) -> tuple[Segment, ...]:
    """The kinds of facts_vehicles.csv as they stood at the end of 2017 or 2020."""
    result = []
    for row in REGION.facts("facts_vehicles").to_dict("records"):
        fleet = Fleet(
            national_sales(row["sales"]), STAGES[row["stages"]], row["median_age"], row["shape"], row["decay"]
        )
        stock, km = row["stock"], row["km"]
        if year != START:
            grown, _ = growth_facts.path(HAPPENED, row["kind"], row["label"], quantity="stock")
            fleet, stock, km = advanced(fleet, grown), stock * grown[year], row["km_2020"]
        size, mass = (None if value != value else value for value in (row["size"], row["mass_t"]))
        words = (row["kind"], row["label"], size, row["fuel"])
        place = (row["weight"], row["zone"])
        result.append(Segment(*words, stock, km, row["kg_per_km"], mass, *place, fleet))
    return tuple(result)


def heavy(year: int, fuel: str = "diesel") -> Segment:
    """Heavy trucks of a fuel, which also run on the freight corridors."""
    return next(s for s in segments(year) if s.size == "heavy" and s.fuel == fuel)
