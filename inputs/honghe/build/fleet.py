"""Builds fleet.csv: road vehicles by county, kind and stage at the end of 2017.

The kilometres of heavy trucks on freight corridors are taken out here (freight.csv has them), with the trucks
that drive them. Counties above 1 500 m have the altitude of their seat, which raises the factors of petrol
cars. City buses stand in towns, coaches in the country, so that a plan can reach the buses alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from inputs.build.names import WORDS_ZH
from inputs.build.rows import Row, source
from inputs.build.spread import in_proportion
from inputs.build.stages import ORDER
from inputs.honghe.build.counties import REGION, START, built_up, weights
from inputs.honghe.build.vehicles import KM_PER_TRUCK, corridor_trucks, segments

SULPHUR_PPM = {"diesel": 15.0, "petrol": 10.0}
"""Sulphur of fuel as sold, mg/kg: China V (10), some ordinary diesel still mixed in (own estimate)."""
OLD = {"diesel": ORDER[:3], "petrol": ORDER[:1], "lng": []}
"""Stages of yellow-label vehicles by fuel."""


def described(row: Row, line: pd.Series, stage: str) -> Row:
    """The row with names, size and mass of its kind."""
    place, place_zh = REGION.places[str(row["area"])]
    row |= {"name": f"{place} {line['name']}, {stage}"}
    row |= {"name_zh": place_zh + line["name_zh"] + (f"（{WORDS_ZH[stage]}）" if stage != "NEV" else "")}
    row |= {"size": line["size"] if isinstance(line["size"], str) else None}
    if line["mass_t"] == line["mass_t"]:
        row |= {"capacity": float(line["mass_t"]), "capacity_unit": "t"}
    return row


def places(line: pd.Series, stock: float) -> Iterator[tuple[str, str, float]]:
    """County, zone and vehicles of a kind."""
    for area, number in in_proportion(stock, weights()[line["weight"]]).items():
        yield area, built_up(area) if line["zone"] == "town" else str(line["zone"]), number


def segment_rows() -> Iterator[Row]:
    """A row per kind, county and stage."""
    for segment in segments():
        line = segment.line
        kind, fuel = str(line["kind"]), str(line["fuel"])
        stock = float(line["stock"]) - (corridor_trucks()[fuel] if line["size"] == "heavy" else 0.0)
        for area, zone, number in places(line, stock):
            for stage, (vehicles, km) in segment.shares.items():
                name = f"{kind}.{area}.{line['label']}.{stage.lower().replace(' ', '_')}"
                row = source(
                    START, name, kind, area, zone, number * float(line["km"]) * km, "km",
                    stock=number * vehicles, fuel=fuel, technology=stage,
                )  # fmt: skip
                row |= {"fuel_sulphur_ppm": SULPHUR_PPM.get(fuel)}
                old = stage in OLD[fuel] and kind in ("truck", "bus", "car")
                yield described(row | {"yellow_label": "yes" if old else None}, line, stage)


def new_energy_rows() -> Iterator[Row]:
    """New-energy vehicles."""
    for _, line in REGION.facts("facts_new_energy").iterrows():
        for area, zone, number in places(line, float(line["stock"])):
            kind = str(line["kind"])
            row = source(
                START, f"{kind}.{area}.new_energy", kind, area, zone, number * float(line["km"]), "km",
                stock=number, fuel="electricity", technology="NEV",
            )  # fmt: skip
            yield described(row, line, "NEV")


def fuel_t(fuel: str) -> float:
    """Tonnes of a fuel that the vehicles registered here burn, corridor work included."""
    total = corridor_trucks().get(fuel, 0.0) * KM_PER_TRUCK * float(segments()[0].line["kg_per_km"])
    for segment in (s for s in segments() if s.line["fuel"] == fuel):
        stock = float(segment.line["stock"])
        stock -= corridor_trucks()[fuel] if segment.line["size"] == "heavy" else 0.0
        total += stock * float(segment.line["km"]) * float(segment.line["kg_per_km"])
    return total / 1e3


def build() -> list[Row]:
    """The table."""
    return [*segment_rows(), *new_energy_rows()]


def check(rows: list[Row]) -> None:
    """Stocks in the ranges of observations.csv; petrol within 15 % of what is sold."""
    frame = pd.DataFrame(rows)
    on_corridors = sum(corridor_trucks().values())
    stock = frame.groupby("class")["stock"].sum()
    trucks = stock["truck"] + on_corridors
    heavy = frame.loc[(frame["class"] == "truck") & (frame["size"] == "heavy"), "stock"].sum() + on_corridors
    found = {
        "vehicles.2017": stock.sum() + on_corridors,
        "motorcycles.2017": stock["motorcycle"],
        "cars.2017": stock["car"],
        "trucks.2017": trucks,
        "heavy_trucks.2017": heavy,
    }
    known = REGION.observations
    for name, value in found.items():
        assert known.loc[name, "low"] <= value <= known.loc[name, "high"], (name, value)
        assert abs(value / known.loc[name, "value"] - 1) < 0.02, (name, value)
    assert abs(fuel_t("petrol") / REGION.control_total("petrol.2017") - 1) < 0.15, fuel_t("petrol")
    assert 280e3 < fuel_t("diesel") < 520e3, fuel_t("diesel")


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "fleet")
