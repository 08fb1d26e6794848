"""A file that a user brings is checked as the region's own tables are, all its faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.tables.one import read_one
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs

HEAD = "inventory,year,area,part,where,pollutant,value,unit,low,high,citation,rating\n"
GOOD = "EDGAR,2017,150000,power,nfr=1.A.1.a,NOx,12.5,kt/yr,,,MANUAL,C\n"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return read_tables(write_small_inputs(tmp_path_factory.mktemp("inputs")), REGION)


def test_a_sound_file_is_read(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "edgar.csv"
    file.write_text(HEAD + GOOD, encoding="utf-8")
    (row,) = read_one(file, "other_inventories", tables).to_dict("records")
    assert (row["inventory"], row["year"], row["value"], row["row"]) == ("EDGAR", 2017, 12.5, 2)


def test_every_fault_is_told(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "edgar.csv"
    bad = (
        GOOD
        + GOOD
        + "EDGAR,2017,159999,power,,NOx,-1,kt/yr,,,NOWHERE,C\n"
        + "EDGAR,2017,150000,homes,,NOX,2,GJ,3,,MADE_UP,B\n"
    )
    file.write_text(HEAD + bad, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_one(file, "other_inventories", tables)
    told = {(fault.row, fault.column, fault.value) for fault in error.value.faults}
    assert told == {
        (3, "inventory, year, area, part, pollutant", "EDGAR, 2017, 150000, power, NOx"),
        (4, "area", "159999"),
        (4, "value", "-1"),
        (4, "citation", "NOWHERE"),
        (5, "pollutant", "NOX"),
        (5, "unit", "GJ"),
        (5, "low", "3"),
        (5, "rating", "B"),
    }


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("edgar.txt", "x", "is no table"),
        ("edgar.csv", "", "is empty"),
        ("edgar.csv", "inventory;year\n", "parted by semicolons"),
        ("edgar.csv", "inventory,year\nEDGAR,2017\n", "is missing, a required column"),
    ],
)
def test_a_file_that_is_no_table(tables: Tables, tmp_path: Path, name: str, content: str, wrong: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        read_one(file, "other_inventories", tables)


def test_a_file_that_is_not_there(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can not be read"):
        read_one(tmp_path / "none.csv", "other_inventories", tables)
