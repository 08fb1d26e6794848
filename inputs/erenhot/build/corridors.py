"""Freight corridors by road, 2018: what heavy trucks carry between the port, the parks and the south.

Tonnes are fitted to the goods that cross the border by road (1.5 to 3 Mt, planning practice). The target is
one of total control, which counts vehicles where they are registered: a haul of the city's own trucks counts
whole, beyond its border too. Mongolian trucks and trucks registered elsewhere are outside the account, with
their kilometres on the city's land only.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.corridors import Corridor as Haul
from inputs.build.corridors import trucks_at_work
from inputs.erenhot.build.region import CITY, REGION

STEPS = {
    "border": {"siding_spare": 0.2, "siding_new": 0.35, "container": 0.25, "transfer": 0.2},
    "none": {"road_only": 1.0},
}
"""How the tonnes of a kind of corridor split over steps of rising cost of leaving the road."""
TONNES_PER_KM = 15.5
"""Mean load over loaded and empty kilometres, t (31 t of load, empty back)."""
KM_PER_TRUCK = 90_000.0
MONGOLIAN = {"China II": 0.45, "China III": 0.4, "China IV": 0.15}
"""Stages of Mongolian trucks, most of them second-hand from China and Korea (own estimate)."""


@dataclass(frozen=True, kw_only=True)
class Corridor(Haul):
    """A corridor with whose trucks drive it: registered here, visitors, Mongolian."""

    trucks: str


def read_corridors() -> list[Corridor]:
    """The corridors of facts_corridors.csv."""
    return [
        Corridor(
            name=row["corridor"],
            area=CITY,
            zone=row["zone"],
            commodity=row["commodity"],
            direction=row["direction"],
            km=float(row["km"]),
            mt=float(row["mt"]),
            trucks=row["trucks"],
            steps=STEPS[row["steps"]],
            gas=float(row["gas_share"]),
            outside=row["outside_account"] == "yes",
            about=row["about"],
            about_zh=row["about_zh"],
        )
        for row in REGION.rows("build/facts_corridors")
    ]


CORRIDORS = read_corridors()


def registered_trucks() -> dict[str, float]:
    """Trucks of the city at work on the corridors by fuel."""
    return trucks_at_work(CORRIDORS, TONNES_PER_KM * KM_PER_TRUCK)
