"""A region's folder as its build scripts see it: facts, tables, control totals, and how a table is written.

A rebuild gives the same bytes: columns stand in the order of the schema, numbers have six significant digits
or, from 1e5 on, no decimals.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from inputs.build.rows import Row
from model.tables.schema import TableSpec, table_specs

INPUTS = Path(__file__).resolve().parents[1]
TEXT = ("area", "seat", "city", "county", "parent")


@dataclass(frozen=True)
class Region:
    """A region by the name of its folder in inputs/."""

    name: str

    @property
    def root(self) -> Path:
        """inputs/NAME."""
        return INPUTS / self.name

    def facts(self, name: str) -> pd.DataFrame:
        """A table of facts of the region's build folder; codes stay text, empty cells are missing."""
        return pd.read_csv(self.root / "build" / f"{name}.csv", dtype=dict.fromkeys(TEXT, str))

    def table(self, name: str) -> pd.DataFrame:
        """A table of the region as it is committed; codes stay text."""
        return pd.read_csv(self.root / f"{name}.csv", dtype=dict.fromkeys(TEXT, str), low_memory=False)

    def rows(self, name: str) -> list[dict[str, str]]:
        """A table of the region as it is committed, every cell as text."""
        with (self.root / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def control_total(self, observation: str) -> float:
        """Value of a control total, in its unit in observations.csv; KeyError when there is no such row."""
        return float(self.observations.loc[observation, "value"])

    def check_range(self, observation: str, value: float) -> None:
        """Assert that a value lies in the range of a control total, or at it (0.2 %) where it has no range.

        Raises AssertionError with both, KeyError when there is no such row.
        """
        row = self.observations.loc[observation]
        given = float(row["value"])
        low, high = (float(row[end]) for end in ("low", "high"))
        low, high = (given * 0.998 if math.isnan(low) else low), (given * 1.002 if math.isnan(high) else high)
        assert low <= value <= high, f"{observation}: {value:.6g}, not in {low:.6g} to {high:.6g}"

    def by_area(self, prefix: str) -> dict[str, float]:
        """Control totals `PREFIX.ADCODE` of observations.csv by area."""
        rows = self.observations
        rows = rows[rows.index.str.fullmatch(re.escape(prefix) + r"\.\d{6}")]
        return dict(zip(rows["area"], rows["value"].astype(float), strict=True))

    @property
    def observations(self) -> pd.DataFrame:
        """observations.csv by observation."""
        return self.table("observations").set_index("observation")

    @cached_property
    def places(self) -> Mapping[str, tuple[str, str]]:
        """English and Chinese name of every area."""
        areas = self.table("areas")
        return dict(zip(areas["area"], zip(areas["name"], areas["name_zh"], strict=True), strict=True))

    def render(self, rows: pd.DataFrame | Sequence[Row], name: str) -> str:
        """The CSV text of a table of the schema; columns that are empty throughout are left out.

        Raises KeyError for a row's key that the table does not have; further columns of a frame are working
        columns and stay out.
        """
        columns = list(_spec(name).columns)
        if not isinstance(rows, pd.DataFrame):
            rows = pd.DataFrame(rows, dtype=object)
            unknown = set(rows.columns) - set(columns)
            if unknown:
                raise KeyError(", ".join(sorted(unknown)))
        kept = [column for column in columns if column in rows and rows[column].notna().any()]
        return rows[kept].map(_cell).to_csv(index=False, lineterminator="\n")

    def write(self, rows: pd.DataFrame | Sequence[Row], name: str) -> None:
        """Write the region's table `name` (of `sources`: a file name, with or without _YEAR)."""
        (self.root / f"{name}.csv").write_text(self.render(rows, name), encoding="utf-8", newline="\n")


def _spec(name: str) -> TableSpec:
    """The table that a file belongs to."""
    stem = re.sub(r"_\d{4}$", "", name)
    return next(spec for spec in table_specs().values() if stem in (spec.name, *spec.files))


def _cell(value: object) -> str:
    """One cell: yes or no, whole numbers without a point, missing as empty."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value == round(value) or abs(value) >= 1e5:
            return str(round(value))
        return f"{value:.6g}"
    return "" if value is None or value is pd.NA else str(value)
