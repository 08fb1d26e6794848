"""No number of the reference tables is without a unit, a citation and a rating; what lacks one is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.base.units import known
from model.tables.read import Tables
from model.tables.schema import TableSpec, table_specs
from tests.data.shipped import tables_of

ROOT = Path(__file__).parents[2]
NUMBERS = ("number", "integer")

CONVENTIONS = {("classes", "part_year")}
"""Numbers that are a rule of the model and not a figure: half a year, or the part of a heating season."""

UNIT_ELSEWHERE = {
    "capacity": "the capacity unit of the class",
    "min_capacity": "the capacity unit of the class",
    "below_capacity": "the capacity unit of the class",
    "line_size": "line_unit of the row",
    "low": "the row's unit",
    "high": "the row's unit",
    "value": "the row's unit",
    "ncv_gj_per_unit": "GJ, by its name",
    "at_least": "the attribute's unit",
    "default": "the attribute's unit",
    "slope": "1 over the attribute's unit",
    "standard_vehicle": "vehicles",
}
"""Columns whose unit stands in another column, or with the class or the attribute that the row names."""


def tables() -> Tables:
    return tables_of("inner_mongolia")


def reference() -> list[TableSpec]:
    return [spec for spec in table_specs().values() if spec.folder == "reference"]


def numeric(spec: TableSpec) -> list[str]:
    """Columns of figures: no keys that only count rows, no rules of the model."""
    counted = {name for name in spec.key if spec.columns[name].type == "integer"}
    named = [name for name, column in spec.columns.items() if column.type in NUMBERS]
    return [name for name in named if name not in counted and (spec.name, name) not in CONVENTIONS]


def without_source(spec: TableSpec, frame: pd.DataFrame) -> Iterator[str]:
    """Rows with a number and no citation or rating."""
    given = frame[numeric(spec)].notna().any(axis=1)
    for column in ("citation", "rating"):
        bare = frame[given] if column not in frame else frame[given & frame[column].isna()]
        for _, row in bare.iterrows():
            yield f"{row['file']}, row {row['row']}: no {column}"


def without_unit(spec: TableSpec, frame: pd.DataFrame) -> Iterator[str]:
    """Columns and rows of which nothing says the unit."""
    for name in numeric(spec):
        if spec.columns[name].unit is None and name not in UNIT_ELSEWHERE:
            yield f"{spec.name}.{name}"
    if "unit" in spec.columns:
        bad = ~frame["unit"].map(lambda unit: not pd.isna(unit) and known(unit)).astype(bool)
        for _, row in frame[bad].iterrows():
            yield f"{row['file']}, row {row['row']}: {row['unit']}"


@pytest.mark.parametrize("spec", reference(), ids=lambda spec: spec.name)
def test_every_number_has_unit_citation_and_rating(spec: TableSpec) -> None:
    frame = tables().frame[spec.name]
    assert [*without_source(spec, frame), *without_unit(spec, frame)] == []


def test_the_test_would_find_one() -> None:
    specs, frame = table_specs(), tables().frame
    row = frame["controls"].iloc[[0]]
    at = f"{row['file'].iloc[0]}, row {row['row'].iloc[0]}"
    assert list(without_source(specs["controls"], row.assign(citation=pd.NA))) == [f"{at}: no citation"]
    factor = frame["emission_factors"].iloc[[0]].assign(unit="furlong")
    assert len(list(without_unit(specs["emission_factors"], factor))) == 1
    nowhere = replace(specs["fuels"].columns["ash_pct"], unit=None)
    bare = replace(specs["fuels"], columns={**specs["fuels"].columns, "ash_pct": nowhere})
    assert list(without_unit(bare, frame["fuels"])) == ["fuels.ash_pct"]


def test_ratings_follow_access() -> None:
    """Recalled and own figures are E; what was seen or derived is never called measured without a look."""
    access = tables().frame["citations"].set_index("citation")["access"]
    for spec in reference():
        frame = tables().frame[spec.name]
        if {"citation", "rating"} <= set(frame.columns):
            weak = frame["citation"].map(access).isin(["recalled", "own"])
            assert (frame.loc[weak, "rating"] == "E").all(), spec.name
            assert not (frame["rating"] == "A").any(), spec.name
