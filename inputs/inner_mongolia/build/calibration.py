"""Builds calibration.csv: the factors that bring each sector class to its share of the census of 2017.

The account is read from observations.csv: rows `census_share.POLLUTANT.GROUP` name the classes of a group
(where) and its part of the account (own estimates; the total of VOCs is published, those of SO2 and NOx are
inside recalled ranges). The inventory is run without calibration, sources outside the account are left out,
and every class of a group gets the same factor, kept inside LEAST..GREATEST. What the clip leaves is
printed and stands in the test.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from csv_rows import REGION, Row, write

ROOT = REGION.parents[1]
sys.path.insert(0, str(ROOT))

from model.inventory.emissions import build_inventory  # noqa: E402
from model.tables.read import Tables, read_tables  # noqa: E402

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


ROUNDS = 12
CLOSE = 1e-4


@dataclass
class Group:
    """A group of classes: kt in the account, kt with its factor 1 and as found with its factor."""

    pollutant: str
    name: str
    classes: tuple[str, ...]
    account: float
    bottom_up: float
    found: float
    factor: float = 1.0
    elasticity: float = 1.0

    def step(self) -> None:
        """Next factor by the elasticity found last: a stack held at an outlet answers little."""
        wanted = self.factor * (self.account / self.found) ** (1 / self.elasticity)
        self.factor = min(GREATEST, max(LEAST, wanted))

    def see(self, found: float, before: float) -> None:
        """Take up the emission found at the present factor; `before` is the factor of the last round."""
        if self.factor != before and found != self.found:
            moved = math.log(found / self.found) / math.log(self.factor / before)
            self.elasticity = max(0.1, moved)
        self.found = found

    @property
    def done(self) -> bool:
        """The account is reached, or the bound of the factor."""
        return abs(self.found / self.account - 1) < CLOSE or self.factor in (LEAST, GREATEST)


def by_class(tables: Tables, groups: list[Group]) -> pd.DataFrame:
    """kt/yr of 2017 by class with the factors of `groups`, sources outside the account left out."""
    keys = [(g.pollutant, kind, g.factor) for g in groups for kind in g.classes]
    calibration = pd.DataFrame(keys, columns=["pollutant", "class", "factor"]).assign(calibration=NAME)
    calibration[["fuel", "city"]] = pd.NA
    with_factors = replace(tables, frame={**tables.frame, "calibration": calibration})
    inventory = build_inventory(with_factors, 2017, NAME if groups else None, {})
    emission = inventory.emission().isel(year=0).to_pandas() / 1000
    inside = ~inventory.sources["outside_account"].to_numpy(dtype=bool)
    return emission[inside].groupby(inventory.sources["class"][inside]).sum(min_count=1)


def fitted(inputs: Path) -> list[Group]:
    """The groups of the account, each with the factor at which its classes emit its share."""
    tables = read_tables(inputs, REGION.name)
    shares = tables.frame["observations"].set_index("observation", drop=False)
    plain = by_class(tables, [])
    groups = []
    for row in shares[shares["observation"].str.startswith("census_share.")].to_dict("records"):
        _, pollutant, name = row["observation"].split(".")
        classes = tuple(row["where"].removeprefix("class=").split("|"))
        kt = float(plain[pollutant].reindex(list(classes)).sum())
        groups.append(Group(pollutant, name, classes, float(row["value"]), kt, kt))
    for _ in range(ROUNDS):
        before = [group.factor for group in groups]
        for group in groups:
            if not group.done:
                group.step()
        emission = by_class(tables, groups)
        for group, last in zip(groups, before, strict=True):
            group.see(float(emission[group.pollutant].reindex(list(group.classes)).sum()), last)
        if all(group.done for group in groups):
            break
    return groups


def rows(groups: list[Group]) -> Iterator[Row]:
    """All rows of calibration.csv."""
    for group in groups:
        for kind in group.classes:
            row: Row = {"calibration": NAME, "account": NAME, "class": kind, "pollutant": group.pollutant}
            row |= {"factor": group.factor, "citation": "own_estimate", "rating": "E", "constructed": "yes"}
            yield row


def report(groups: list[Group]) -> None:
    """Print account, bottom-up, factor and what the clip leaves, kt/yr."""
    for group in groups:
        left = group.account - group.found
        print(
            f"{group.pollutant:5s} {group.name:11s} account {group.account:7.1f}",
            f"bottom-up {group.bottom_up:7.1f}  factor {group.factor:5.2f}  left {left:7.2f}",
        )


if __name__ == "__main__":
    fitted_groups = fitted(ROOT / "inputs")
    report(fitted_groups)
    write("calibration.csv", rows(fitted_groups), COLUMNS)
