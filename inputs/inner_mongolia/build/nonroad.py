"""Builds nonroad.csv and nonroad_2020.csv: machines by stage and league, rail diesel, aircraft.

Control totals: construction machines (census, seen; fork-lifts among them), their share of stage I and
older; power of farm machines (seen), rail diesel and take-offs (census, seen). Wide-body mine dumpers burn
what 450-500 Mt of open-cast coal and its overburden need (about 3 kg of diesel a tonne of coal, own
estimate); no official number has them, so they are outside the account. facts_machines.csv has the kinds by
year.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from inputs.build.machines import STAGES
from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

FARM_HOURS = 280.0
FARM_KG_PER_KWH = 0.24 * 0.45
"""Hours a year (250-350), and diesel for an hour of a kW of power at 45 % of load."""
SULPHUR_PPM = {2017: 50.0, 2020: 10.0}
"""Ordinary diesel was 50 mg/kg until the end of 2017, and 10 after the three kinds became one (GB 252)."""


@dataclass(frozen=True)
class Machines:
    """Machines of one kind: size (its own), number, t of diesel a year, shares of stages (of fuel)."""

    kind: str
    size: str
    stock: float
    fuel_t: float
    stages: dict[str, float]
    weight: str
    zone: str
    outside: bool


@cache
def machines(year: int) -> tuple[Machines, ...]:
    """The kinds of facts_machines.csv; farm machines burn by their power, the others by the machine."""
    table = REGION.facts("facts_machines")
    farm_kw = REGION.control_total(f"farm_power.{year}") * 1000
    result = []
    for row in table[table["year"] == year].to_dict("records"):
        fuel = row["stock"] * row["fuel_t_each"]
        if row["machine"] == "farm":
            fuel = farm_kw * FARM_HOURS * FARM_KG_PER_KWH / 1000
        shares = {stage: row[stage] for stage in STAGES if row[stage] > 0}
        shares = {stage: share / sum(shares.values()) for stage, share in shares.items()}
        words = (row["machine"], row["size"], row["stock"], fuel, shares, row["weight"], row["zone"])
        result.append(Machines(*words, outside=row["outside_account"] == "yes"))
    return tuple(result)


def machine_rows(year: int, kind: Machines) -> list[Row]:
    """A row per league and stage."""
    result = []
    for area, part in spread(1.0, kind.weight, 0.01).items():
        for stage, share in kind.stages.items():
            name = f"nonroad.{area}.{kind.kind}.{stage.replace(' ', '_').replace('-', '_').lower()}"
            row = source(year, name, "nonroad", area, kind.zone, kind.fuel_t * part * share, "fuel_t")
            row |= {"stock": kind.stock * part * share, "fuel": "diesel", "technology": stage}
            row |= {"size": kind.size, "machine": kind.kind, "fuel_sulphur_ppm": SULPHUR_PPM[year]}
            row |= {"outside_account": "yes" if kind.outside else None}
            result.append(named(REGION, row, f"nonroad.{kind.kind}", stage))
    return result


def rows(year: int = START) -> list[Row]:
    """All rows of the machines, railways and aircraft of a year."""
    result = [row for kind in machines(year) for row in machine_rows(year, kind)]
    for area, tonnes in spread(REGION.control_total(f"rail_diesel.{year}") * 1000, "rail").items():
        more = {"fuel": "diesel", "technology": "diesel_loco", "fuel_sulphur_ppm": SULPHUR_PPM[year]}
        row = source(year, f"rail.{area}", "rail", area, "rural", tonnes, "fuel_t", **more)
        result.append(named(REGION, row, "rail"))
    for area, flights in spread(REGION.control_total(f"aircraft.{year}"), "flights").items():
        row = source(year, f"aviation.{area}", "aviation", area, "urban_fringe", flights, "1")
        result.append(named(REGION, row, "aviation"))
    check(year, result)
    return result


def check(year: int, result: list[Row]) -> None:
    """Control totals of construction machines and of the work of old ones."""
    built = [row for row in result if row.get("machine") in ("construction", "forklift")]
    stock = sum(float(row["stock"] or 0) for row in built)
    old = sum(float(row["stock"] or 0) for row in built if row["technology"] in ("pre-stage I", "stage I"))
    REGION.check_range(f"construction_machines.{year}", stock)
    REGION.check_range(f"old_machines.{year}", 100 * old / stock)


if __name__ == "__main__":
    REGION.write(rows(), "nonroad")
    REGION.write(rows(2020), "nonroad_2020")
