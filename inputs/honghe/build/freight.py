"""Builds freight.csv: corridors by step of cost and stage of the trucks, and the rail capacity beside them.

A haul of registered trucks counts whole, beyond the prefecture too, as total control counts; through traffic
of other trucks is outside the account and counts inside the prefecture only.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.names import WORDS_ZH
from inputs.build.rows import Row, source
from inputs.honghe.build.counties import REGION, START
from inputs.honghe.build.vehicles import KM_PER_TRUCK, TONNES_PER_KM, corridors, steps, truck_mix

SIDING_KM, CNY_PER_KM, STATION_CNY, SIDING_MT = 6.0, 45e6, 80e6, 3.0
"""A siding in the mountains: 25-60 M CNY a km and a station of 80-300 M (planning practice, measure 62)."""
BY_RAIL = ("siding_spare", "siding_new", "container", "transfer")


def build() -> list[Row]:
    """The table: tonne-km a year by road."""
    made = []
    for _, corridor in corridors().iterrows():
        for tranche, part in steps(corridor).items():
            for (fuel, stage), share in truck_mix(float(corridor["gas_share"])).items():
                label = f"{corridor['corridor']}.{tranche}.{fuel}.{stage.lower().replace(' ', '_')}"
                tkm = float(corridor["tkm"]) * part * share
                row = source(START, f"freight.{label}", "freight", corridor["area"], "rural", tkm, "tkm")
                row |= {"stock": tkm / TONNES_PER_KM / KM_PER_TRUCK, "fuel": fuel, "technology": stage}
                row |= {"name": f"{corridor['about']}, {stage}"}
                row |= {"name_zh": corridor["about_zh"] + WORDS_ZH[stage], "size": "heavy"}
                row |= {"tranche": tranche} | {
                    key: corridor[key] for key in ("commodity", "corridor", "direction")
                }
                row |= {"distance_km": float(corridor["km"])}
                row |= {"outside_account": None if corridor["inside"] else "yes"}
                made.append(row | {"fuel_sulphur_ppm": 15.0 if fuel == "diesel" else None})
    return made


def check(rows: list[Row]) -> None:
    """Tonne-km as listed; what could go by rail is more than the tenth that the plan asks."""
    frame = pd.DataFrame(rows)
    assert abs(frame["activity"].sum() / corridors()["tkm"].sum() - 1) < 1e-9
    tonnes = (frame["activity"] / frame["distance_km"])[frame["tranche"].isin(BY_RAIL)].sum()
    assert tonnes > 0.1 * REGION.control_total("rail_freight.2017") * 1e6
    assert frame["source"].is_unique


def projects() -> list[Row]:
    """Rail capacity of each corridor: what sidings have spare, and one new siding where a step needs it."""
    made: list[Row] = []
    for _, corridor in corridors().iterrows():
        parts, tonnes = steps(corridor), float(corridor["mt"]) * 1e6
        by_rail = sum(parts.get(step, 0.0) for step in BY_RAIL)
        if not by_rail:
            continue
        spare = parts.get("siding_spare", 0.0) + 0.25 * parts.get("transfer", 0.0)
        made.append(_project(corridor, 0, tonnes * max(spare, 0.02), status="existing"))
        left = tonnes * (by_rail - spare)
        if left > 0:
            capital = round((SIDING_KM * CNY_PER_KM + STATION_CNY) * (left / 1e6 / SIDING_MT) ** 0.6, -6)
            more: Row = {"status": "optional", "first_year": 2019, "capital_cny": capital}
            made.append(_project(corridor, 1, left, fixed_om_cny=0.03 * capital, **more))
    return made


def _project(corridor: pd.Series, number: int, capacity: float, **more: str | float | int | None) -> Row:
    """A row of table `projects`."""
    kind, kind_zh = ("spare rail capacity", "既有铁路富余运能") if number == 0 else ("siding", "铁路专用线")
    row: Row = {
        "project": f"RAIL-{corridor['corridor']}-{number}",
        "name": f"{kind}, {corridor['about']}",
        "name_zh": f"{kind_zh}：{corridor['about_zh']}",
        "supplies": "rail_freight",
        "serves": corridor["corridor"],
        "area": corridor["area"],
        "capacity": round(capacity, -3),
        "unit": "t/yr",
        "lifetime": 35,
        "payer": "enterprise",
        "citation": "own_estimate",
        "rating": "E",
        "constructed": "yes",
    }
    return row | more


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "freight")
