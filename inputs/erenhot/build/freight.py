"""Builds freight.csv: corridors by step of cost and stage of the trucks now running."""

from __future__ import annotations

from inputs.build.corridors import haul_row
from inputs.build.rows import Row
from inputs.erenhot.build.corridors import CORRIDORS, KM_PER_TRUCK, MONGOLIAN, TONNES_PER_KM, Corridor
from inputs.erenhot.build.region import REGION, START
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
                tkm = corridor.tkm * part * share
                trucks = tkm / TONNES_PER_KM / KM_PER_TRUCK
                result.append(haul_row(START, corridor, tranche, fuel, stage, tkm, trucks, ppm))
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
