"""Reasons for factors that are not there: the most specific row, for the pollutants it names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.base.faults import InputError
from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.review.gaps import gap_rows
from model.inventory.review.quality import quality
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs

GAPS = """\
class,fuel,technology,pollutants,kind,reason
architectural_coating,,,SO2+NOx,zero,Paint dries: nothing is burnt
boiler,,,NH3,unknown,Nobody measured it
boiler,natural_gas,,NH3+VOCs,negligible,A clean flame
"""


def with_gaps(folder: Path, gaps: str = GAPS) -> Path:
    root = write_small_inputs(folder)
    (root / "reference" / "factor_gaps.csv").write_text(gaps, encoding="utf-8")
    return root


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return read_tables(with_gaps(tmp_path), REGION)


def test_the_most_specific_row_holds(tables: Tables) -> None:
    states = pd.DataFrame(
        [("boiler", "coal", "grate"), ("boiler", "natural_gas", "gas"), ("truck", "diesel", "China IV")],
        columns=["class", "fuel", "technology"],
    )
    rows = pd.DataFrame(gap_rows(states, tables), columns=list(POLLUTANTS))
    assert rows["NH3"].tolist() == [1, 2, -1]
    assert rows["VOCs"].tolist() == [-1, 2, -1]
    assert (rows.drop(columns=["NH3", "VOCs"]) == -1).all(axis=None)


def test_a_region_may_have_no_such_table(tmp_path: Path) -> None:
    tables = read_tables(write_small_inputs(tmp_path), REGION)
    found = quality(build_inventory(tables, 2017, None, {}), tables)
    assert found.explained.empty
    assert ("architectural_coating", "SO2") in set(
        found.missing[["class", "pollutant"]].itertuples(index=False, name=None)
    )


def test_what_has_a_reason_is_not_missing(tables: Tables) -> None:
    inventory = build_inventory(tables, 2017, None, {})
    found = quality(inventory, tables)
    missing = set(found.missing[["class", "pollutant"]].itertuples(index=False, name=None))
    assert not {("architectural_coating", "SO2"), ("architectural_coating", "NOx")} & missing
    assert ("architectural_coating", "CO") in missing
    paint = found.explained[found.explained["class"] == "architectural_coating"]
    assert paint["pollutant"].tolist() == ["SO2", "NOx"]
    assert set(paint["kind"]) == {"zero"}
    assert set(paint["sources"]) == {(inventory.sources["class"] == "architectural_coating").sum()}


def test_sources_with_and_without_a_reason_are_counted_apart(tables: Tables) -> None:
    inventory = build_inventory(tables, 2017, None, {})
    gas = (inventory.sources["class"] == "boiler") & (inventory.sources["fuel"] == "natural_gas")
    boilers = (inventory.sources["class"] == "boiler").sum()
    found = quality(inventory, tables)
    missing = found.missing.set_index(["class", "pollutant"])["sources"]
    assert missing[("boiler", "VOCs")] == boilers - gas.sum()


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (("SO2+NOx", "SO2+smoke"), "'smoke' is not in the pollutants"),
        (("architectural_coating,,,", "paint,,,"), "'paint' is not in classes"),
        (("zero,Paint", "none,Paint"), "kind"),
        (("boiler,natural_gas,,NH3", "boiler,natural_gas,grated,NH3"), "'grated' is not in technologies"),
    ],
)
def test_faults_are_named(tmp_path: Path, cell: tuple[str, str], message: str) -> None:
    root = with_gaps(tmp_path, GAPS.replace(*cell))
    with pytest.raises(InputError) as caught:
        read_tables(root, REGION)
    assert any("factor_gaps.csv" in str(f) and message in str(f) for f in caught.value.faults)


def test_two_rows_that_fit_as_well_are_an_error(tables: Tables) -> None:
    gaps = tables.frame["factor_gaps"]
    tied = gaps.iloc[[2]].assign(fuel=pd.NA, technology="gas", row=5)
    both = replace(tables, frame={**tables.frame, "factor_gaps": pd.concat([gaps, tied], ignore_index=True)})
    states = pd.DataFrame([("boiler", "natural_gas", "gas")], columns=["class", "fuel", "technology"])
    with pytest.raises(InputError, match="as closely as"):
        gap_rows(states, both)
