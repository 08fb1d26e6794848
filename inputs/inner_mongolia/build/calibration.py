"""Builds calibration.csv: the factors that bring each group of classes to its total in an account.

census_2017: rows `census_share.POLLUTANT.GROUP` of observations.csv name the classes of a group (where) and
its part of the account (own estimates; the total of VOCs is published, those of SO2 and NOx are inside
recalled ranges). statistics_2020: the totals `official.2020.*` of the yearbook by their groups of sources
(recalled). Every class of a group gets the same factor, kept inside 0.4 to 1.6. The table of account,
uncalibrated emission, factor and what is left is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inputs.build.rows import Row
from inputs.inner_mongolia.build.region import REGION
from model.calibration.fit import Fitted, fit_calibration
from model.tables.read import Tables, read_tables

ACCOUNTS = {"census_2017": ("census_2017", 2017), "statistics_2020": ("statistics_revised", 2020)}
"""Account and year of each calibration."""


def in_service(tables: Tables, year: int) -> Tables:
    """The tables without the units that enter service after the year, which its account did not see."""
    sources = tables.frame["sources"]
    later = sources["from_year"].fillna(0) > year
    return replace(tables, frame={**tables.frame, "sources": sources[~later]})


def fitted(inputs: Path, calibration: str) -> list[Fitted]:
    """The groups of a calibration's account with their factors."""
    account, year = ACCOUNTS[calibration]
    return fit_calibration(in_service(read_tables(inputs, REGION.name), year), year, account)


def rows(calibration: str, groups: list[Fitted]) -> Iterator[Row]:
    """The rows of a calibration in calibration.csv."""
    for group in groups:
        for kind in group.classes:
            row: Row = {
                "calibration": calibration,
                "account": ACCOUNTS[calibration][0],
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
    found: list[Row] = []
    for name in ACCOUNTS:
        groups = fitted(REGION.root.parent, name)
        report(groups)
        found += rows(name, groups)
    REGION.write(found, "calibration")
