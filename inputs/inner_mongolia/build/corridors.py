"""Freight corridors by road, 2017: what heavy trucks move, by haul and goods (own estimates, rating E).

Mt by road (facts_corridors.csv) is fitted to the control totals of coal leaving the region (590-650 Mt, rail
share 64-72 %, beyond 500 km 83-89 %), of the ports of Ganqimaodu (15-20 Mt), Ceke (10-14 Mt) and Mandula, and
of coal mined in Ordos. Accounts follow registration, so a haul counts whole, beyond the border of the region
too; trucks registered elsewhere are corridors of their own, outside the account, with their kilometres inside
the region only.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

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
KM_PER_TRUCK = 100_000.0


@dataclass(frozen=True)
class Corridor:
    """Mt a year by road over `km`, and how its tonnes split over steps of rising cost."""

    name: str
    area: str
    commodity: str
    direction: str
    km: float
    mt: float
    steps: dict[str, float]
    gas: float
    outside: bool
    about: str
    about_zh: str

    @property
    def tkm(self) -> float:
        """Tonne-kilometres a year."""
        return self.mt * 1e6 * self.km


def read_corridors() -> list[Corridor]:
    """The corridors of facts_corridors.csv."""
    with (Path(__file__).parent / "facts_corridors.csv").open(encoding="utf-8", newline="") as file:
        return [
            Corridor(
                name=row["corridor"],
                area=row["area"],
                commodity=row["commodity"],
                direction=row["direction"],
                km=float(row["km"]),
                mt=float(row["mt"]),
                steps=STEPS[row["steps"]],
                gas=float(row["gas_share"]),
                outside=row["outside_account"] == "yes",
                about=row["about"],
                about_zh=row["about_zh"],
            )
            for row in csv.DictReader(file)
        ]


CORRIDORS = read_corridors()


def vehicle_km(outside: bool) -> float:
    """Vehicle-km a year of the corridors of registered trucks, or of those outside the account."""
    return sum(c.tkm for c in CORRIDORS if c.outside == outside) / TONNES_PER_KM


def registered_trucks() -> dict[str, float]:
    """Trucks of the region at work on the corridors by fuel: they are taken out of the fleet (counted
    once)."""
    inside = [c for c in CORRIDORS if not c.outside]
    per_truck = TONNES_PER_KM * KM_PER_TRUCK
    gas = sum(c.tkm * c.gas for c in inside) / per_truck
    return {"lng": gas, "diesel": sum(c.tkm for c in inside) / per_truck - gas}
