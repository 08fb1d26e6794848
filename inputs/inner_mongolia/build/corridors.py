"""Freight corridors by road: what heavy trucks move, by haul and goods (own estimates, rating E).

Mt by road of 2017 and 2020 (facts_corridors.csv) is fitted to the control totals of coal leaving the
region, its rail share in all and beyond 500 km, the ports of Ganqimaodu, Ceke and Mandula, and coal mined
in Ordos; 2020 is on the survey of road freight renewed in 2019. Accounts follow registration, so a haul
counts whole, beyond the border of the region too; km_inside is the part of it inside, where most of its
fuel is bought. Trucks registered elsewhere are corridors of their own, outside the account, with their
kilometres inside the region only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from inputs.build.corridors import Corridor as Haul
from inputs.build.corridors import trucks_at_work
from inputs.inner_mongolia.build.region import REGION, START

STEPS = {
    "local": {"belt": 0.7, "road_only": 0.3},
    "short": {"siding_spare": 0.15, "siding_new": 0.35, "transfer": 0.5},
    "long": {"siding_spare": 0.25, "siding_new": 0.35, "container": 0.4},
    "border": {"siding_new": 0.5, "container": 0.3, "transfer": 0.2},
    "none": {"road_only": 1.0},
}
"""How the tonnes of a kind of corridor split over steps of rising cost of leaving the road."""
TONNES_PER_KM = 15.5
"""Mean load over loaded and empty kilometres, t (31 t of load, empty back)."""
KM_PER_TRUCK = {2017: 100_000.0, 2020: 90_000.0}


@dataclass(frozen=True, kw_only=True)
class Corridor(Haul):
    """A corridor with the part of its haul inside the region, and Mt a year of one of its sites."""

    km_inside: float
    site_mt: float | None


@cache
def corridors(year: int) -> tuple[Corridor, ...]:
    """The corridors of facts_corridors.csv in 2017 or 2020."""
    suffix = "" if year == START else f"_{year}"
    return tuple(
        Corridor(
            name=row["corridor"],
            area=row["area"],
            commodity=row["commodity"],
            direction=row["direction"],
            km=row["km"],
            km_inside=row["km_inside"],
            site_mt=row["site_mt"] if row["site_mt"] > 0 else None,
            mt=row[f"mt{suffix}"],
            steps=STEPS[row["steps"]],
            gas=row[f"gas_share{suffix}"],
            outside=row["outside_account"] == "yes",
            about=row["about"],
            about_zh=row["about_zh"],
        )
        for row in REGION.facts("facts_corridors").to_dict("records")
    )


def registered_trucks(year: int) -> dict[str, float]:
    """Trucks of the region at work on the corridors by fuel."""
    return trucks_at_work(corridors(year), TONNES_PER_KM * KM_PER_TRUCK[year])
