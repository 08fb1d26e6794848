"""What is worth a look in the miniature inventory, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from model.inventory.emissions import build_inventory
from model.inventory.review.issues import CHECKS, COLUMNS, UNEXPLAINED, issues
from model.inventory.review.quality import quality
from model.tables.read import Tables

Add = Callable[..., Tables]


def found(tables: Tables, check: str) -> pd.DataFrame:
    frame = issues(build_inventory(tables, 2017, None, {}), tables)
    assert list(frame) == list(COLUMNS)
    assert set(frame["check"]) <= set(CHECKS)
    return frame[frame["check"] == check]


def test_sources_without_a_factor_are_those_of_quality(tables: Tables) -> None:
    rows = found(tables, "missing_factor")
    missing = quality(build_inventory(tables, 2017, None, {}), tables).missing
    told = rows[rows["about"] == UNEXPLAINED].set_index(["class", "pollutant"])["value"]
    assert told.to_dict() == missing.set_index(["class", "pollutant"])["sources"].to_dict()
    assert set(rows["unit"]) == {"sources"}


def test_a_reason_is_told_where_something_real_is_left_out(with_rows: Add) -> None:
    gaps = {"class": "cement_kiln", "fuel": "coal", "reason": "Nobody measured it."}
    tables = with_rows(
        "factor_gaps",
        {**gaps, "pollutants": ("CO",), "kind": "unknown"},
        {**gaps, "pollutants": ("NH3",), "kind": "negligible"},
    )
    rows = found(tables, "missing_factor").query("`class` == 'cement_kiln'").set_index("pollutant")["about"]
    assert rows["CO"] == "unknown: Nobody measured it."
    assert "NH3" not in rows


def test_share_that_is_constructed(tables: Tables) -> None:
    """SO2 of burning fuel in the first city: the boilers and homes are made up, the power unit is not."""
    rows = found(tables, "constructed").set_index(["city", "sector", "pollutant"])["value"]
    made_up, real = 80 + 4.64 + 55.68 + 108, 27e6 * 25e-9 * 250 * 20.9 / 14.9
    assert rows["150100", "fossil_fuel", "SO2"] == pytest.approx(100 * made_up / (made_up + real))
    assert rows["150200", "process", "CO2"] == 0
    assert rows.between(0, 100).all()


def test_a_factor_outside_its_range(with_rows: Add) -> None:
    """Kiln NOx: 1.5 kg/t x (1 - 0.4 x 0.9) = 0.96 kg/t; a range around it is passed over."""
    row = {"class": "cement_kiln", "of": "fleet", "pollutant": "NOx", "unit": "kg/t", "about": "A range."}
    row |= {"controls": (), "citation": "MANUAL", "rating": "C"}
    tables = with_rows("published_ranges", {**row, "low": 1.0, "high": 2.0}, {**row, "low": 0.9, "high": 1.0})
    (outside,) = found(tables, "factor_range").to_dict("records")
    assert outside["value"] == pytest.approx(0.96)
    assert (outside["low"], outside["high"], outside["unit"]) == (1.0, 2.0, "kg/t")
    assert outside["about"] == "all of the region: A range. (MANUAL)"
    assert outside["sector"] == "process"


def test_a_range_of_a_class_that_is_not_there_is_passed_over(with_rows: Add) -> None:
    row = {"class": "power_unit", "fuel": "natural_gas", "of": "fleet", "pollutant": "NOx", "unit": "kg/MWh"}
    row |= {"controls": (), "about": "A range.", "low": 1.0, "high": 2.0, "citation": "MANUAL", "rating": "C"}
    assert found(with_rows("published_ranges", row), "factor_range").empty


def test_a_duplicate_names_the_other(tables: Tables) -> None:
    sources = tables.frame["sources"]
    again = sources[sources["source"] == "k1"].assign(source="k9", name="Twin", name_zh="Twin")
    first = sources.assign(
        name=sources["name"].where(sources["source"] != "k1", "Twin"),
        name_zh=sources["name_zh"].where(sources["source"] != "k1", "Twin"),
    )
    twice = pd.concat([first, again], ignore_index=True)
    (row,) = found(replace(tables, frame={**tables.frame, "sources": twice}), "duplicate").to_dict("records")
    assert (row["source"], row["class"]) == ("k9", "cement_kiln")
    assert row["about"].startswith("like k1:")
