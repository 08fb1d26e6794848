"""Builds balance.csv: energy, power, gas and rail freight of the prefecture, 2015 to 2020, by growth.

The lines of facts_balance.csv are those of as_planned_2018 and as_happened. Wet and dry years differ by the
coal of the power units alone (growth.csv), by weight or by energy.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from inputs.build.rows import Row
from inputs.honghe.build.counties import REGION
from inputs.honghe.build.vehicles import HAPPENED, PLANNED, YEARS

GJ_PER_TCE = 29.3076


def power_coal() -> tuple[float, float]:
    """Coal of the power units in 2017, Mt and Mtce."""
    units = REGION.table("power_units")
    units = units[units["fuel"] == "coal"]
    energy = units["activity"] * 3.6 / units["efficiency"]
    return float((energy / units["ncv_gj_per_t"]).sum() / 1e6), float(energy.sum() / GJ_PER_TCE / 1e6)


def coal_growth() -> pd.DataFrame:
    """Factor of coal power by growth scenario (rows) and year (columns)."""
    rows = REGION.table("growth").query("`class` == 'power_unit' and fuel == 'coal'")
    return rows.pivot(index="growth", columns="year", values="factor")


def lines_of(line: pd.Series) -> Iterator[tuple[int, str | None, float]]:
    """Year, growth scenario (none for years past) and value of an item."""
    start = float(line["v2017"])
    yield 2015, None, float(line["v2015"])
    yield 2017, None, start
    weight, energy = power_coal()
    burnt = {"t": weight, "1": energy}.get(str(line["power_coal"]), 0.0)
    factor = coal_growth()
    for name in (PLANNED, "wet", "dry"):
        for year in YEARS:
            extra = burnt * (factor.loc[name, year] - factor.loc[PLANNED, year])
            yield year, name, float(line[f"planned_{year}"]) + extra
    ratio = float(line["happened_2020"]) / start
    for year in YEARS:
        yield year, HAPPENED, start * ratio ** ((year - 2017) / 3)


def build() -> list[Row]:
    """The table."""
    made: list[Row] = []
    for _, line in REGION.facts("facts_balance").iterrows():
        for year, name, value in lines_of(line):
            citation = line["citation"] if (year, name) == (2020, HAPPENED) else "own_estimate"
            row: Row = {"item": line["item"], "year": year, "growth": name, "value": value}
            row |= {"unit": line["unit"], "low": value * (1 + line["low_pct"] / 100)}
            row |= {"high": value * (1 + line["high_pct"] / 100), "citation": citation}
            made.append(row | {"rating": "E" if citation == "own_estimate" else "C"})
    return made


def check(rows: list[Row]) -> None:
    """Parts make up the whole: coal, oil, gas and non-fossil energy are primary energy within 2 %."""
    frame = pd.DataFrame(rows)
    wide = frame.pivot_table(index=["year", "growth"], columns="item", values="value", dropna=False)
    wide = wide.dropna(subset=["primary_energy"])
    parts = wide[["coal_energy", "oil_energy", "gas_energy", "nonfossil_energy"]].sum(axis=1)
    assert (parts / wide["primary_energy"]).between(0.98, 1.02).all(), parts / wide["primary_energy"]


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "balance")
