"""Builds freight.csv: corridors by step of cost and stage of the trucks now running."""

from __future__ import annotations

from inputs.build.names import WORDS_ZH
from inputs.build.rows import Row, source
from inputs.erenhot.build.corridors import CORRIDORS, KM_PER_TRUCK, MONGOLIAN, TONNES_PER_KM, Corridor
from inputs.erenhot.build.region import CITY, REGION, START
from inputs.erenhot.build.segments import SEGMENTS

MONGOLIAN_PPM = 50.0
"""Sulphur of Mongolian diesel, mg/kg (own estimate)."""


def truck_mix(corridor: Corridor) -> dict[tuple[str, str], float]:
    """Share of tonne-km by (fuel, stage): the heavy diesel fleet and gas trucks, or Mongolian trucks."""
    if corridor.trucks == "mongolian":
        return {("diesel", stage): share for stage, share in MONGOLIAN.items()}
    shares = {stage: km for stage, (_, km) in SEGMENTS[0].shares.items() if stage != "China VI"}
    mix = {("diesel", s): (1 - corridor.gas) * km / sum(shares.values()) for s, km in shares.items()}
    return mix | ({("lng", "China V"): corridor.gas} if corridor.gas else {})


def rows() -> list[Row]:
    """All rows of freight.csv: tonne-km a year by road."""
    result = []
    for corridor in CORRIDORS:
        ppm = MONGOLIAN_PPM if corridor.trucks == "mongolian" else 15.0
        for tranche, part in corridor.steps.items():
            for (fuel, stage), share in truck_mix(corridor).items():
                name = f"freight.{corridor.name}.{tranche}.{fuel}.{stage.lower().replace(' ', '_')}"
                tkm = corridor.tkm * part * share
                row = source(START, name, "freight", CITY, corridor.zone, tkm, "tkm")
                row |= {"stock": tkm / TONNES_PER_KM / KM_PER_TRUCK, "fuel": fuel, "technology": stage}
                row |= {"name": f"{corridor.about}, {stage}"}
                row |= {"name_zh": f"{corridor.about_zh}（{WORDS_ZH[stage]}）"}
                row |= {"commodity": corridor.commodity, "corridor": corridor.name, "tranche": tranche}
                row |= {"direction": corridor.direction, "distance_km": corridor.km, "size": "heavy"}
                row |= {"outside_account": "yes" if corridor.outside else None}
                row |= {"fuel_sulphur_ppm": ppm if fuel == "diesel" else None}
                result.append(row)
    check()
    return result


def check() -> None:
    """Goods over the border by road, and the trucks that carry them."""
    mt = sum(c.mt for c in CORRIDORS if c.trucks == "mongolian")
    REGION.check_range("port_cargo_road.2018", mt)
    load = mt * 1e6 / (REGION.control_total("border_trucks.2018") * 365 / 2)
    assert 15 <= load <= 35, load


if __name__ == "__main__":
    REGION.write(rows(), "freight")
