"""Builds calibration.csv: the factors that bring each sector class to its share of the census of 2017.

The account is read from observations.csv: rows `census_share.POLLUTANT.GROUP` name the classes of a group
(where) and its part of the account (own estimates; the total of VOCs is published, those of SO2 and NOx are
inside recalled ranges). Every class of a group gets the same factor, kept inside 0.4 to 1.6. The table of
account, uncalibrated emission, factor and what is left is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inputs.build.rows import Row
from inputs.inner_mongolia.build.region import REGION
from model.inventory.fit import Fitted, fit_calibration
from model.tables.read import Tables, read_tables

ACCOUNT = "census_2017"
YEAR = 2017


def in_service(tables: Tables) -> Tables:
    """The tables without the units that enter service after 2017, which the census did not see."""
    sources = tables.frame["sources"]
    later = sources["from_year"].fillna(0) > YEAR
    return replace(tables, frame={**tables.frame, "sources": sources[~later]})


def fitted(inputs: Path) -> list[Fitted]:
    """The groups of the account with their factors."""
    return fit_calibration(in_service(read_tables(inputs, REGION.name)), YEAR, ACCOUNT)


def rows(groups: list[Fitted]) -> Iterator[Row]:
    """All rows of calibration.csv."""
    for group in groups:
        for kind in group.classes:
            row: Row = {
                "calibration": ACCOUNT,
                "account": ACCOUNT,
                "class": kind,
                "pollutant": group.pollutant,
            }
            row |= {"factor": group.factor, "citation": "own_estimate", "rating": "E", "constructed": "yes"}
            yield row


def report(groups: list[Fitted]) -> None:
    """Print account, uncalibrated emission, factor and what is left, kt/yr."""
    for group in groups:
        kt = [value / 1000 for value in (group.observed, group.uncalibrated, group.calibrated)]
        print(
            f"{group.observation:28s} account {kt[0]:7.1f}  bottom-up {kt[1]:7.1f}",
            f"factor {group.factor:5.2f}  left {kt[0] - kt[2]:6.2f}",
        )


if __name__ == "__main__":
    found = fitted(REGION.root.parent)
    report(found)
    REGION.write(rows(found), "calibration")
