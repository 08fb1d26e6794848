"""Builds calibration.csv: the factors that bring each sector class to its share of the census of 2017.

The account is read from observations.csv: rows `census_share.POLLUTANT.GROUP` name the classes of a group
(where) and its part of the account (own estimates; the total of VOCs is published, those of SO2 and NOx are
inside recalled ranges). The inventory is run without calibration, sources outside the account are left out,
and every class of a group gets the same factor, kept inside LEAST..GREATEST. What the clip leaves is
printed and stands in the test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from csv_rows import REGION, Row, write

ROOT = REGION.parents[1]
sys.path.insert(0, str(ROOT))

from model.inventory.emissions import build_inventory  # noqa: E402
from model.tables.read import read_tables  # noqa: E402

NAME = "census_2017"
LEAST, GREATEST = 0.4, 1.6
COLUMNS = (
    "calibration",
    "account",
    "class",
    "fuel",
    "city",
    "pollutant",
    "factor",
    "citation",
    "rating",
    "constructed",
)


@dataclass(frozen=True)
class Group:
    """A group of classes: kt in the account and bottom-up, and the factor."""

    pollutant: str
    name: str
    classes: tuple[str, ...]
    account: float
    bottom_up: float

    @property
    def factor(self) -> float:
        """Account over bottom-up, clipped."""
        return min(GREATEST, max(LEAST, self.account / self.bottom_up))


def groups(inputs: Path) -> list[Group]:
    """The groups of the account with their uncalibrated emission of 2017, kt/yr."""
    tables = read_tables(inputs, REGION.name)
    inventory = build_inventory(tables, 2017, None, {})
    emission = inventory.emission().isel(year=0).to_pandas()
    inside = ~inventory.sources["outside_account"].to_numpy(dtype=bool)
    by_class = emission[inside].groupby(inventory.sources["class"][inside]).sum(min_count=1) / 1000
    shares = tables.frame["observations"].set_index("observation", drop=False)
    result = []
    for row in shares[shares["observation"].str.startswith("census_share.")].to_dict("records"):
        _, pollutant, name = row["observation"].split(".")
        classes = tuple(row["where"].removeprefix("class=").split("|"))
        kt = float(by_class[pollutant].reindex(list(classes)).sum())
        result.append(Group(pollutant, name, classes, float(row["value"]), kt))
    return result


def rows(inputs: Path) -> Iterator[Row]:
    """All rows of calibration.csv."""
    for group in groups(inputs):
        for kind in group.classes:
            row: Row = {"calibration": NAME, "account": NAME, "class": kind, "pollutant": group.pollutant}
            row |= {"factor": group.factor, "citation": "own_estimate", "rating": "E", "constructed": "yes"}
            yield row


def report(inputs: Path) -> None:
    """Print account, bottom-up, factor and what the clip leaves, kt/yr."""
    for group in groups(inputs):
        left = group.account - group.bottom_up * group.factor
        print(
            f"{group.pollutant:5s} {group.name:11s} account {group.account:7.1f}",
            f"bottom-up {group.bottom_up:7.1f}  factor {group.factor:5.2f}  left {left:7.2f}",
        )


if __name__ == "__main__":
    report(ROOT / "inputs")
    write("calibration.csv", rows(ROOT / "inputs"), COLUMNS)
