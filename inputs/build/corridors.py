"""Freight corridors by road: what trucks carry over a haul, and the rows of `sources` that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inputs.build.names import WORDS_ZH
from inputs.build.rows import Row, source
from inputs.build.stages import slug


@dataclass(frozen=True, kw_only=True)
class Corridor:
    """Mt a year by road over `km`, how its tonnes split over steps of rising cost of leaving the road, the
    share of gas trucks, and whether its trucks are outside the account."""

    name: str
    area: str
    zone: str = "rural"
    commodity: str
    direction: str
    km: float
    mt: float
    steps: Mapping[str, float]
    gas: float
    outside: bool
    about: str
    about_zh: str

    @property
    def tkm(self) -> float:
        """Tonne-kilometres a year."""
        return self.mt * 1e6 * self.km


def trucks_at_work(corridors: Iterable[Corridor], tkm_per_truck: float) -> dict[str, float]:
    """Trucks registered here that work on the corridors, by fuel: a fleet leaves them out (counted once).

    tkm_per_truck: tonne-kilometres of a truck in a year.
    """
    own = [c for c in corridors if not c.outside]
    gas = sum(c.tkm * c.gas for c in own) / tkm_per_truck
    return {"lng": gas, "diesel": sum(c.tkm for c in own) / tkm_per_truck - gas}


def haul_row(
    year: int, corridor: Corridor, tranche: str, fuel: str, stage: str, tkm: float, trucks: float, ppm: float
) -> Row:
    """What trucks of one fuel and stage carry on a step of a corridor: tkm a year, their number, the sulphur
    of their diesel (mg/kg)."""
    name = f"freight.{corridor.name}.{tranche}.{fuel}.{slug(stage)}"
    row = source(year, name, "freight", corridor.area, corridor.zone, tkm, "tkm")
    row |= {"stock": trucks, "fuel": fuel, "technology": stage, "size": "heavy"}
    row |= {"name": f"{corridor.about}, {stage}", "name_zh": corridor.about_zh + WORDS_ZH[stage]}
    row |= {"commodity": corridor.commodity, "corridor": corridor.name, "tranche": tranche}
    row |= {"direction": corridor.direction, "distance_km": corridor.km}
    row |= {"outside_account": "yes" if corridor.outside else None}
    return row | {"fuel_sulphur_ppm": ppm if fuel == "diesel" else None}
