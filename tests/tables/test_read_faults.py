"""Checking the tables: the exact message of each kind of fault."""

# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.base.faults import InputError
from model.tables.read import read_tables
from tests.small_inputs import BOILERS, REGION, SOURCE_HEADER, edit


def messages(root: Path) -> list[str]:
    """Every fault of the folder, as a planner reads it."""
    with pytest.raises(InputError) as caught:
        read_tables(root, REGION)
    return [str(fault) for fault in caught.value.faults]


EDITS = {
    "missing table": (
        ("reference/deflators.csv", None, None),
        "reference/deflators.csv: is missing; a table with the columns year, fixed_asset_index, gdp_deflator, "
        "citation, rating",
    ),
    "unknown column": (
        ("toy/areas.csv", "heating_season_c", "heatingseason_c"),
        "toy/areas.csv, row 1, heatingseason_c: is not a column of areas; did you mean 'heating_season_c'?",
    ),
    "missing column": (
        (
            "reference/deflators.csv",
            "year,fixed_asset_index,gdp_deflator",
            "year,fixed_asset_index,fixed_asset_index",
        ),
        "reference/deflators.csv, row 1, fixed_asset_index: is in the header twice; keep one",
    ),
    "wrong unit": (
        ("toy/boilers.csv", "100000,GJ", "100000,MW"),
        "toy/boilers.csv, row 2, activity_unit: 'MW' is of the wrong dimension; a unit like GJ or fuel_t or fuel_GJ",
    ),
    "unknown unit": (
        ("toy/sources.csv", "3000,GWh", "3000,GHW"),
        "toy/sources.csv, row 2, activity_unit: 'GHW' is not a unit that can be used here; 'GHW' is not a known "
        "unit; did you mean 'GWh'?",
    ),
    "wrong factor unit": (
        ("reference/emission_factors.csv", "coal,,,NOx,fuel,,300,g/GJ", "coal,,,NOx,fuel,,300,mg/m3"),
        "reference/emission_factors.csv, row 3, unit: 'mg/m3' is of the wrong dimension; a unit like g/GJ or t/(t)",
    ),
    "wrong measure unit": (
        ("reference/measure_data.csv", "10000,CNY/tph", "10000,CNY/GJ"),
        "reference/measure_data.csv, row 2, unit: 'CNY/GJ' is of the wrong dimension; a unit like CNY/(tph) or "
        "CNY/yr/(tph) or CNY*yr/(tph)",
    ),
    "negative activity": (
        ("toy/boilers.csv", "100000,GJ", "-5,GJ"),
        "toy/boilers.csv, row 2, activity: '-5' is less than 0; give 0 or more",
    ),
    "above the greatest value": (
        ("toy/boilers.csv", "bag,0.8,", "bag,80,"),
        "toy/boilers.csv, row 2, sulphur_pct: '80' is more than 10; give 10 or less",
    ),
    "duplicate key": (
        ("toy/sources.csv", "p1,2017", "b3,2017"),
        "toy/sources.csv, row 2, source, year: 'b3, 2017' is already in toy/boilers.csv, row 4; keep one",
    ),
    "unknown area": (
        ("toy/boilers.csv", "b1,2017,boiler,,150102", "b1,2017,boiler,,150103"),
        "toy/boilers.csv, row 2, area: '150103' is not in areas; did you mean '150102'?",
    ),
    "not an area code": (
        ("toy/boilers.csv", "b1,2017,boiler,,150102", "b1,2017,boiler,,Alpha"),
        "toy/boilers.csv, row 2, area: 'Alpha' is not a six-digit area code; give a code like 150100",
    ),
    "NaN": (
        ("toy/boilers.csv", "100000,GJ", "NaN,GJ"),
        "toy/boilers.csv, row 2, activity: 'NaN' is not a number; leave the cell empty where the value is not known",
    ),
    "text for a number": (
        ("toy/boilers.csv", "100000,GJ", '"100,000",GJ'),
        "toy/boilers.csv, row 2, activity: '100,000' is not a number; digits with a decimal point, no unit, no "
        "thousands separator",
    ),
    "infinite": (
        ("toy/boilers.csv", "100000,GJ", "1e999,GJ"),
        "toy/boilers.csv, row 2, activity: '1e999' is too large; give a finite number",
    ),
    "empty required cell": (
        ("toy/boilers.csv", "100000,GJ", ",GJ"),
        "toy/boilers.csv, row 2, activity: is empty; a year, in activity_unit",
    ),
    "bad choice": (
        ("toy/boilers.csv", "city_built_up,10", "city_buildup,10"),
        "toy/boilers.csv, row 2, zone: 'city_buildup' is not one of the choices; did you mean 'city_built_up'?",
    ),
    "bad reference": (
        ("toy/boilers.csv", "GJ,coal,grate", "GJ,coul,grate"),
        "toy/boilers.csv, row 2, fuel: 'coul' is not in fuels; did you mean 'coal'?",
    ),
    "bad reference in a list": (
        ("toy/boilers.csv", "bag+fgd_wet,,25", "bag+fgd_wte,,25"),
        "toy/boilers.csv, row 3, controls: 'fgd_wte' is not in controls; did you mean 'fgd_wet'?",
    ),
    "bad citation": (
        ("toy/sources.csv", "MANUAL,B,no\nk1", "MANUEL,B,no\nk1"),
        "toy/sources.csv, row 2, citation: 'MANUEL' is not in citations; did you mean 'MANUAL'?",
    ),
    "misspelt technology": (
        ("toy/sources.csv", "China III,", "China IIII,"),
        "toy/sources.csv, row 5, technology: 'China IIII' is not in technologies, emission_factors or measures; did "
        "you mean 'China III'?",
    ),
    "two controls of a slot": (
        ("toy/boilers.csv", "bag+fgd_wet,,25", "bag+fgd_wet+fgd_ule,,25"),
        "toy/boilers.csv, row 3, controls: 'bag+fgd_wet+fgd_ule' has two controls of slot SO2; at most one of a slot",
    ),
    "range in disorder": (
        ("reference/emission_factors.csv", "17,kg/t,15,19", "17,kg/t,18,19"),
        "reference/emission_factors.csv, row 2, low: '18' is above the value; low <= value <= high; the value is 17",
    ),
    "rating too good": (
        ("toy/areas.csv", "lng,MADE_UP,E", "lng,MADE_UP,B"),
        "toy/areas.csv, row 6, rating: 'B' is too good for citation 'MADE_UP' (own); rate it E",
    ),
    "fuel of a source that burns none": (
        ("toy/sources.csv", "500,t,none", "500,fuel_t,none"),
        "toy/sources.csv, row 7, activity_unit: 'fuel_t' is fuel, and the row burns none; name the fuel, or give "
        "the service",
    ),
    "capacity without unit": (
        ("toy/boilers.csv", "10,tph", "10,"),
        "toy/boilers.csv, row 2, capacity: '10' has no capacity_unit; name its unit",
    ),
    "efficiency of a truck": (
        ("toy/sources.csv", "diesel,China III,,,,,", "diesel,China III,,,,0.4,"),
        "toy/sources.csv, row 5, efficiency: '0.4' is given, and the class gives neither heat nor power; leave it "
        "empty; technologies has the intensity",
    ),
    "parent of the wrong level": (
        ("toy/areas.csv", "甲山县,150100", "甲山县,150102"),
        "toy/areas.csv, row 5, parent: '150102' is not the city or region of a county; an area of this table",
    ),
    "correction by no attribute": (
        ("reference/factor_corrections.csv", "load_pct", "load_part"),
        "reference/factor_corrections.csv, row 4, attribute: 'load_part' is not in the numeric attributes; did you "
        "mean 'load_pct'?",
    ),
    "response to no attribute": (
        ("reference/responses.csv", "green_share", "green_part"),
        "reference/responses.csv, row 2, attribute: 'green_part' is not in the numeric attributes; did you mean 'green_share'?",
    ),
    "months that are no year": (
        ("reference/profiles.csv", "boiler,0.2", "boiler,0.3"),
        "reference/profiles.csv, row 2, profile: 'boiler' has months that add up to 1.1; they add up to 1",
    ),
    "negative factor": (
        ("reference/emission_factors.csv", "300,g/GJ", "-300,g/GJ"),
        "reference/emission_factors.csv, row 3, value: '-300' is less than 0; give 0 or more",
    ),
    "ragged row": (
        ("toy/areas.csv", "150121,county", "150121,,county"),
        "toy/areas.csv, row 5: has 17 cells, the header has 16; quote cells with commas",
    ),
    "open quote": (
        ("toy/areas.csv", "Alpha Hills", '"Alpha Hills'),
        "toy/areas.csv, row 5: can not be read: unexpected end of data; close every quote",
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_a_fault_is_said_with_its_place_and_mend(inputs: Path, case: str) -> None:
    (file, old, new), expected = EDITS[case]
    if old is None:
        (inputs / file).unlink()
    else:
        edit(inputs, file, old, new)
    assert messages(inputs) == [expected]


def test_a_missing_required_column(inputs: Path) -> None:
    path = inputs / "reference/deflators.csv"
    path.write_text("year,gdp_deflator,citation,rating\n2017,1,MADE_UP,E\n", encoding="utf-8")
    assert messages(inputs) == [
        "reference/deflators.csv, row 1, fixed_asset_index: is missing, a required column; "
        "price index of fixed-asset investment, 2017 = 1"
    ]


def test_every_fault_comes_at_once_in_order(inputs: Path) -> None:
    edit(inputs, "toy/sources.csv", "1.2,Mt", "-1,Mt")
    edit(inputs, "toy/boilers.csv", "100000,GJ", "many,GJ")
    edit(inputs, "toy/boilers.csv", "b4,2017", "b4,17")
    edit(inputs, "reference/fuels.csv", "天然气,gas", "天然气,gass")
    places = [message.split(":")[0] for message in messages(inputs)]
    assert places == [
        "reference/fuels.csv, row 5, group",
        "toy/boilers.csv, row 2, activity",
        "toy/boilers.csv, row 5, year",
        "toy/sources.csv, row 3, activity",
    ]


def test_the_same_fault_of_many_rows_is_said_once(inputs: Path) -> None:
    path = inputs / "toy/boilers.csv"
    path.write_text(BOILERS.replace("heating", "heatng"), encoding="utf-8")
    assert messages(inputs) == [
        "toy/boilers.csv, row 2, duty: 'heatng' is not one of the choices (and in 2 more rows); "
        "did you mean 'heating'?"
    ]


def test_a_file_of_another_delimiter(inputs: Path) -> None:
    path = inputs / "toy/areas.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert messages(inputs) == [
        "toy/areas.csv, row 1: has its cells parted by semicolons; part them by commas"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "toy/areas.csv: is empty; a header line and rows"),
        (b"\n \n", "toy/areas.csv: is empty; a header line and rows"),
        ("area".encode("utf-16"), "toy/areas.csv: is UTF-16; save it as CSV UTF-8"),
        (b"area\n\xff\xff", "toy/areas.csv, row 2: is neither UTF-8 nor GB18030; save it as CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_table(inputs: Path, content: bytes, message: str) -> None:
    (inputs / "toy/areas.csv").write_bytes(content)
    assert messages(inputs) == [message]


def test_no_sources_file(inputs: Path) -> None:
    (inputs / "toy/boilers.csv").unlink()
    (inputs / "toy/sources.csv").unlink()
    (message,) = messages(inputs)
    assert message.startswith(
        "toy/sources.csv: is missing; a table with the columns source, year, class, area"
    )
    assert "in any of power_units.csv, boilers.csv" in message


def test_a_table_in_two_formats(inputs: Path) -> None:
    pd.DataFrame({"area": ["150000"]}).to_parquet(inputs / "toy/areas.parquet")
    assert messages(inputs) == ["toy/areas.parquet: is there beside areas.csv; keep one"]


def test_a_misnamed_table(inputs: Path) -> None:
    (inputs / "toy/boiler.csv").write_text(SOURCE_HEADER, encoding="utf-8")
    assert messages(inputs) == ["toy/boiler.csv: 'boiler' is not a table; did you mean 'boilers'?"]


def test_an_unknown_region(inputs: Path) -> None:
    with pytest.raises(InputError, match=r"^toys: is not a folder of .*; did you mean 'toy'\?$"):
        read_tables(inputs, "toys")


def test_a_workbook_with_the_wrong_sheets(inputs: Path) -> None:
    with pd.ExcelWriter(inputs / "toy/fleet.xlsx") as book:
        for sheet in ("trucks", "buses"):
            pd.DataFrame({"source": ["t9"]}).to_excel(book, sheet_name=sheet, index=False)
    assert messages(inputs) == [
        "toy/fleet.xlsx: has the sheets trucks, buses; name the table's sheet 'fleet'"
    ]


def test_a_region_may_be_one_city(inputs: Path) -> None:
    """A folder of a prefecture has no row of a region; with one, every city belongs to it."""
    path = inputs / "toy/areas.csv"
    text = path.read_text(encoding="utf-8").replace("甲市,150000", "甲市,").replace("乙市,150000", "乙市,")
    path.write_text(text, encoding="utf-8")
    wrong = "is not the region of a city (and in 1 more row); an area of this table"
    assert messages(inputs) == [f"toy/areas.csv, row 3, parent: {wrong}"]
    rows = [row for row in text.splitlines(keepends=True) if not row.startswith("150000")]
    path.write_text("".join(rows), encoding="utf-8")
    assert len(read_tables(inputs, REGION).frame["areas"]) == 4


def test_without_the_table_of_fuels_nothing_is_said_of_their_units(inputs: Path) -> None:
    (inputs / "reference/fuels.csv").unlink()
    (message,) = messages(inputs)
    assert message.startswith("reference/fuels.csv: is missing; a table with the columns fuel, name_zh")


def test_a_price_is_of_a_fuel_or_of_freight(inputs: Path) -> None:
    edit(inputs, "reference/prices.csv", "diesel,", "rail_freight,")
    edit(inputs, "reference/prices.csv", "6000,CNY/t", "0.1,CNY/tkm")
    read_tables(inputs, REGION)
    edit(inputs, "reference/prices.csv", "rail_freight,", "rail_frieght,")
    assert messages(inputs) == [
        "reference/prices.csv, row 6, item: 'rail_frieght' is not in fuels, nor a freight price; "
        "did you mean 'rail_freight'?"
    ]
