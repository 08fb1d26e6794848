"""Road vehicles registered in Honghe (facts_vehicles.csv) and freight corridors (facts_corridors.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from inputs.build.stages import STAGES, national_sales, stage_factors, stage_shares
from inputs.build.turnover import Fleet, Growth
from inputs.honghe.build.counties import REGION
from inputs.honghe.build.spreading import shares

YEARS = (2018, 2019, 2020)
TONNES_PER_KM, KM_PER_TRUCK = 14.0, 85_000.0
"""Mean load of a corridor truck over loaded and empty kilometres, t, and its kilometres a year."""
PLANNED, HAPPENED = "as_planned_2018", "as_happened"


def series(line: pd.Series, prefix: str) -> Growth:
    """Values of PREFIX_2018 to PREFIX_2020."""
    return {year: float(line[f"{prefix}_{year}"]) for year in YEARS}


@dataclass(frozen=True)
class Segment:
    """One kind of vehicle: its line of facts, its fleet, and the share of each stage at the end of 2017."""

    line: pd.Series
    fleet: Fleet

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """(stock, kilometres) share by stage."""
        return stage_shares(self.fleet, series(self.line, "planned"))

    def factors(self, growth: str) -> dict[str, Growth]:
        """Activity of each stage against 2017 in a growth scenario."""
        happened = growth == HAPPENED
        stock = series(self.line, "happened" if happened else "planned")
        last = float(self.line["km_2020"]) if happened else 1.0
        per_vehicle = {year: last ** ((year - 2017) / 3) for year in YEARS}
        return stage_factors(self.fleet, self.shares, stock, per_vehicle)


@cache
def segments() -> tuple[Segment, ...]:
    """The kinds of facts_vehicles.csv."""
    made = []
    for _, line in REGION.facts("facts_vehicles").iterrows():
        age, shape, decay = (float(line[key]) for key in ("median_age", "shape", "decay"))
        made.append(
            Segment(line, Fleet(national_sales(line["sales"]), STAGES[line["stages"]], age, shape, decay))
        )
    return tuple(made)


@cache
def corridors() -> pd.DataFrame:
    """Corridors by road: `tkm` a year, `trucks` at work on them, `inside` the account or not."""
    table = REGION.facts("facts_corridors")
    tkm = table["mt"] * 1e6 * table["km"]
    return table.assign(
        tkm=tkm, trucks=tkm / TONNES_PER_KM / KM_PER_TRUCK, inside=table["outside_account"] == "no"
    )


def corridor_trucks() -> dict[str, float]:
    """Trucks registered here that work on corridors, by fuel: taken out of the fleet (counted once)."""
    here = corridors()[corridors()["inside"]]
    gas = float((here["trucks"] * here["gas_share"]).sum())
    return {"lng": gas, "diesel": float(here["trucks"].sum()) - gas}


def truck_mix(gas: float) -> dict[tuple[str, str], float]:
    """Share of tonne-km by (fuel, stage): the kilometres of the heavy diesel fleet, and gas trucks."""
    km = {stage: part for stage, (_, part) in segments()[0].shares.items() if stage != "China VI"}
    mix = {("diesel", stage): (1 - gas) * part / sum(km.values()) for stage, part in km.items()}
    return mix | ({("lng", "China V"): gas} if gas else {})


def steps(corridor: pd.Series) -> dict[str, float]:
    """Share of a corridor's tonnes by step of rising cost of leaving the road."""
    return shares(corridor["steps"])
