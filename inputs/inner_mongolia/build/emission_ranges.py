"""Emission of an inventory year, before calibration, against the ranges of observations.csv.

The tables of all scripts must be written: run `python -m inputs.inner_mongolia.build.emission_ranges` last.
"""

from __future__ import annotations

from pathlib import Path

from inputs.build.region import INPUTS
from inputs.inner_mongolia.build.region import REGION
from model.inventory.emissions import build_inventory
from model.inventory.observed.closures import Closure, closures
from model.tables.read import read_tables

LATER = 2020


def held(year: int, inputs: Path = INPUTS) -> list[Closure]:
    """The ranges of the account `bottom_up` of a year, each with the emission of the sources it names."""
    tables = read_tables(inputs, REGION.name)
    found = closures(build_inventory(tables, year, None, {}), tables)
    return [closure for closure in found if closure.account == "bottom_up"]


def check(ranges: list[Closure]) -> None:
    """Every range holds; prints what is found."""
    for closure in ranges:
        print(
            f"{closure.observation:36s} {closure.low:6.0f} to {closure.high:4.0f}",
            f"{closure.unit:6s} model {closure.model:6.1f}",
        )
    outside = [closure.observation for closure in ranges if not closure.inside]
    assert not outside, outside


if __name__ == "__main__":
    check(held(LATER))
