"""Builds freight.csv and freight_2020.csv: corridors by step of cost and stage of the trucks (and rail
projects)."""

from __future__ import annotations

from inputs.build.corridors import haul_row
from inputs.build.rows import Row
from inputs.inner_mongolia.build import on_rail
from inputs.inner_mongolia.build.corridors import KM_PER_TRUCK, TONNES_PER_KM, Corridor, corridors
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.segments import heavy

SIDING_KM = 15.0
CNY_PER_KM = 40e6
STATION_CNY = 120e6
"""A siding of 8-25 km with its station: 25-60 M CNY a km and 80-300 M, 3-10 Mt a year (planning practice,
recalled)."""
SIDING_MT = 6.0
PORTS = {
    "ganqimaodu": ("ganqimaodu_bayannur", "ganqimaodu_baotou"),
    "ceke": ("ceke_wuhai", "ceke_station"),
    "mandula": ("mandula_baotou",),
}


def stages_of(year: int) -> dict[tuple[str, str], tuple[float, float]]:
    """Share of the trucks and of the kilometres on corridors by stage, of diesel and of gas trucks.

    In 2017 corridors have no China VI diesel trucks, which come from 2021-07, and gas trucks of China V only.
    """
    result = {}
    for fuel in ("diesel", "lng"):
        shares = heavy(year, fuel).shares
        if year == START:
            shares = {
                s: v for s, v in shares.items() if s == "China V" or (fuel == "diesel" and s != "China VI")
            }
        stock, km = (sum(share[k] for share in shares.values()) for k in (0, 1))
        result |= {(fuel, stage): (n / stock, d / km) for stage, (n, d) in shares.items()}
    return result


def rows(year: int = START) -> list[Row]:
    """All rows of the freight of a year: tonne-km by road, and of goods that leave by rail."""
    result = []
    for corridor in corridors(year):
        part_of = {"diesel": 1 - corridor.gas, "lng": corridor.gas}
        for tranche, part in corridor.steps.items():
            for (fuel, stage), shares in stages_of(year).items():
                tkm = corridor.tkm * part * part_of[fuel]
                if tkm > 0:
                    result.append(row_of(year, corridor, tranche, (fuel, stage), tkm, shares))
    check(year, result)
    return result + on_rail.rows(year)


def row_of(
    year: int,
    corridor: Corridor,
    tranche: str,
    truck: tuple[str, str],
    tkm: float,
    shares: tuple[float, float],
) -> Row:
    """One step of a corridor (tkm by all trucks of a fuel) with the trucks of one fuel and stage."""
    fuel, stage = truck
    vehicles, km = shares
    trucks = tkm * vehicles / TONNES_PER_KM / KM_PER_TRUCK[year]
    ppm = 15.0 if year == START else 10.0
    row = haul_row(year, corridor, tranche, fuel, stage, tkm * km, trucks, ppm)
    return row | {"site_mt_per_yr": corridor.site_mt}


def check(year: int, result: list[Row]) -> None:
    """Control totals: ports, rail share of coal leaving the region (in all, beyond 500 km), truck work."""
    every = corridors(year)
    mt = {c.name: c.mt for c in every}
    for port, names in PORTS.items():
        REGION.check_range(f"{port}.{year}", sum(mt[name] for name in names))
    out = [c for c in every if c.direction == "out" and c.commodity == "coal"]
    for name, km in (("coal_out", 0), ("coal_out_far", 500)):
        road = sum(c.mt for c in out if c.km > km)
        share = 1 - road / REGION.control_total(f"{name}.{year}")
        REGION.check_range(f"{name}_rail_share.{year}", 100 * share)
    own = (
        heavy(year).stock
        + heavy(year, "lng").stock
        - sum(c.tkm for c in every if not c.outside) / (TONNES_PER_KM * KM_PER_TRUCK[year])
    )
    km = own * heavy(year).km + sum(c.tkm for c in every) / TONNES_PER_KM
    REGION.check_range(f"heavy_truck_km.{year}", km / 1e9)
    total = sum(float(row["activity"] or 0) for row in result)
    assert abs(total / sum(c.tkm for c in every) - 1) < 1e-9


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
    for corridor in corridors(START):
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
    REGION.write(rows(2020), "freight_2020")
