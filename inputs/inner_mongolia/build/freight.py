"""Builds freight.csv: corridors by step of cost and stage of the trucks (and rail projects)."""

from __future__ import annotations

from inputs.build.names import WORDS_ZH
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.corridors import CORRIDORS, KM_PER_TRUCK, TONNES_PER_KM, Corridor
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.segments import SEGMENTS

SIDING_KM = 15.0
CNY_PER_KM = 40e6
STATION_CNY = 120e6
"""A siding of 8-25 km with its station: 25-60 M CNY a km and 80-300 M, 3-10 Mt a year (planning practice,
recalled)."""
SIDING_MT = 6.0


def truck_mix(corridor: Corridor) -> dict[tuple[str, str], float]:
    """Share of tonne-km by (fuel, stage): the kilometres of the heavy diesel fleet, and gas trucks."""
    shares = {stage: km for stage, (_, km) in SEGMENTS[0].shares.items() if stage != "China VI"}
    mix = {("diesel", s): (1 - corridor.gas) * km / sum(shares.values()) for s, km in shares.items()}
    return mix | ({("lng", "China V"): corridor.gas} if corridor.gas else {})


def rows() -> list[Row]:
    """All rows of freight.csv: tonne-km a year by road."""
    result = []
    for corridor in CORRIDORS:
        for tranche, part in corridor.steps.items():
            for (fuel, stage), share in truck_mix(corridor).items():
                name = f"freight.{corridor.name}.{tranche}.{fuel}.{stage.lower().replace(' ', '_')}"
                tkm = corridor.tkm * part * share
                row = source(START, name, "freight", corridor.area, "rural", tkm, "tkm")
                row |= {"stock": tkm / TONNES_PER_KM / KM_PER_TRUCK, "fuel": fuel, "technology": stage}
                row |= {"name": f"{corridor.about}, {stage}", "name_zh": corridor.about_zh + WORDS_ZH[stage]}
                row |= {"commodity": corridor.commodity, "corridor": corridor.name, "tranche": tranche}
                row |= {"direction": corridor.direction, "distance_km": corridor.km, "size": "heavy"}
                row |= {"outside_account": "yes" if corridor.outside else None}
                row |= {"fuel_sulphur_ppm": 15.0 if fuel == "diesel" else None}
                result.append(row)
    check(result)
    return result


def check(result: list[Row]) -> None:
    """Control totals of coal, ports and truck work."""
    mt = {c.name: c.mt for c in CORRIDORS}
    assert 15 <= mt["ganqimaodu_bayannur"] + mt["ganqimaodu_baotou"] <= 20
    inside = [c for c in CORRIDORS if not c.outside]
    out = sum(c.mt for c in inside if c.direction == "out" and c.commodity == "coal") + mt["visitors_coal"]
    assert 620 * 0.28 <= out <= 620 * 0.40, out
    far = sum(c.mt for c in inside if c.direction == "out" and c.km > 500 and c.commodity == "coal")
    assert 0.10 <= far / 330 <= 0.18, far
    total = sum(float(row["activity"] or 0) for row in result)
    assert abs(total / sum(c.tkm for c in CORRIDORS) - 1) < 1e-9


def project(corridor: Corridor, number: int, capacity: float, **more: float | str) -> Row:
    """A row of table `projects`: rail freight capacity of a corridor, t a year."""
    row: Row = {
        "project": f"RAIL-{corridor.name}-{number}",
        "supplies": "rail_freight",
        "serves": corridor.name,
    }
    kind, kind_zh = ("spare rail capacity", "既有铁路富余运能") if number == 0 else ("siding", "铁路专用线")
    row |= {
        "name": f"{kind}, {corridor.about}",
        "name_zh": f"{kind_zh}：{corridor.about_zh}",
        "area": corridor.area,
    }
    row |= {"capacity": capacity, "unit": "t/yr", "lifetime": 35, "payer": "enterprise"} | more
    return row | {"citation": "own_estimate", "rating": "E", "constructed": "yes"}


def projects() -> list[Row]:
    """Spare capacity and up to three sidings a corridor, so that every tonne with a rail step finds
    capacity."""
    result = []
    for corridor in CORRIDORS:
        if "belt" in corridor.steps or "road_only" in corridor.steps:
            continue
        spare = corridor.mt * 1e6 * (corridor.steps.get("siding_spare", 0) + 0.05)
        result.append(project(corridor, 0, spare, status="existing"))
        need = corridor.mt - spare / 1e6
        count = min(3, max(1, round(need / SIDING_MT)))
        for number in range(1, count + 1):
            size = min(SIDING_MT, need / count)
            capital = round((SIDING_KM * CNY_PER_KM + STATION_CNY) * (size / SIDING_MT) ** 0.6, -6)
            more = {"status": "optional", "first_year": 2018 + number, "capital_cny": capital}
            result.append(project(corridor, number, size * 1e6, fixed_om_cny=0.03 * capital, **more))
    return result


if __name__ == "__main__":
    REGION.write(rows(), "freight")
