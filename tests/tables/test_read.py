"""Reading the tables: what a good folder gives, in each of its formats."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.base.faults import InputError
from model.tables.read import read_register, read_tables
from model.tables.schema import table_specs
from tests.small_inputs import REGION, SOURCE_HEADER, edit


def test_frames_have_the_columns_of_the_schema_and_their_types(inputs: Path) -> None:
    tables = read_tables(inputs, REGION)
    for name, spec in table_specs().items():
        if spec.folder != "plans":
            assert list(tables.frame[name].columns) == [*spec.columns, "file", "row"]
    sources = tables.frame["sources"].set_index("source")
    assert sources["year"].dtype == np.int64
    assert sources["activity"].dtype == np.float64
    assert sources["outside_account"].dtype == bool
    assert sources.at["b3", "controls"] == ("bag", "fgd_wet", "sncr")
    assert sources.at["b4", "controls"] == ()
    assert pd.isna(sources.at["b4", "sulphur_pct"])
    assert sources.at["t2", "outside_account"]
    assert (sources.at["p1", "file"], sources.at["p1", "row"]) == ("toy/sources.csv", 2)


def test_capacity_and_activity_are_in_the_units_of_the_class(inputs: Path) -> None:
    sources = read_tables(inputs, REGION).frame["sources"].set_index("source")
    assert sources.at["b3", "capacity"] == pytest.approx(40)  # 28 MW at 0.7 MW per t/h
    assert sources.at["b3", "capacity_unit"] == "tph"
    assert sources.at["p1", "activity"] == pytest.approx(3e6)  # 3000 GWh
    assert sources.at["k1", "activity"] == pytest.approx(1.2e6)  # 1.2 Mt
    assert sources.at["k1", "capacity"] == pytest.approx(1.6e6)
    assert (sources.at["b2", "activity"], sources.at["b2", "activity_unit"]) == (2000, "fuel_t")


def test_fuel_in_a_multiple_of_its_unit_is_converted(inputs: Path) -> None:
    edit(inputs, "toy/boilers.csv", "2000,fuel_t", "0.2,万 fuel_t")
    sources = read_tables(inputs, REGION).frame["sources"].set_index("source")
    assert (sources.at["b2", "activity"], sources.at["b2", "activity_unit"]) == (2000, "fuel_t")


def test_every_file_read_has_its_hash(inputs: Path) -> None:
    files = read_tables(inputs, REGION).files
    assert len(files) == 20
    boilers = (inputs / "toy/boilers.csv").read_bytes()
    assert files["toy/boilers.csv"] == hashlib.sha256(boilers).hexdigest()


def test_absent_tables_of_a_region_are_empty(inputs: Path) -> None:
    frame = read_tables(inputs, REGION).frame["air_quality"]
    assert frame.empty
    assert frame["value"].dtype == np.float64


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings_of_spreadsheets_are_recognised(inputs: Path, encoding: str) -> None:
    path = inputs / "toy/areas.csv"
    expected = read_tables(inputs, REGION).frame["areas"]
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    pd.testing.assert_frame_equal(read_tables(inputs, REGION).frame["areas"], expected)


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_a_table_may_be_parquet_or_a_sheet(inputs: Path, suffix: str) -> None:
    expected = read_tables(inputs, REGION).frame["sources"].drop(columns="file")
    csv = inputs / "toy/boilers.csv"
    frame = pd.read_csv(csv)
    if suffix == ".parquet":
        frame.to_parquet(csv.with_suffix(suffix))
    else:
        frame.to_excel(csv.with_suffix(suffix), sheet_name="boilers", index=False)
    csv.unlink()
    sources = read_tables(inputs, REGION).frame["sources"]
    assert sources["file"].iloc[0] == f"toy/boilers{suffix}"
    pd.testing.assert_frame_equal(sources.drop(columns="file"), expected)


def test_rows_are_lines_of_the_file(inputs: Path) -> None:
    edit(inputs, "toy/boilers.csv", "b1,2017,boiler,,", 'b1,2017,boiler,"Boiler\nhouse",')
    edit(inputs, "toy/boilers.csv", "b4,2017", "\nb4,2017")
    rows = read_tables(inputs, REGION).frame["sources"].set_index("source")["row"]
    assert rows[["b1", "b2", "b3", "b4"]].tolist() == [2, 4, 5, 7]


def test_register(inputs: Path) -> None:
    (inputs / "plans").mkdir()
    header = "clause,article,quote,summary,summary_zh,demanded,unit,by,strength\n"
    path = inputs / "plans/toy_2020.csv"
    path.write_text(header + "T-1,1,词,Words,词,10,%,2020-12-31,binding\n", encoding="utf-8")
    assert read_register(inputs, "toy_2020")["clause"].tolist() == ["T-1"]
    with pytest.raises(InputError, match=r"^plans/toy_2025.csv: is missing; did you mean 'toy_2020'\?$"):
        read_register(inputs, "toy_2025")
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(InputError):
        read_register(inputs, "toy_2020")


def test_eight_thousand_sources_in_two_seconds(inputs: Path) -> None:
    lines = [
        f"x{i},2017,boiler,,150102,rural,{1 + i % 60},tph,,{1000 + i},GJ,coal,grate,bag,0.8,,0.8,heating,no,,"
        "MADE_UP,E,yes"
        for i in range(8000)
    ]
    (inputs / "toy/boilers.csv").write_text(SOURCE_HEADER + "\n".join(lines), encoding="utf-8")
    begin = time.process_time()
    assert len(read_tables(inputs, REGION).frame["sources"]) == 8006
    assert time.process_time() - begin < 2
