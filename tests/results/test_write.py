"""The files of a run: exact columns, ten digits, the same bytes twice, all or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from model.base.words import CASES, POLLUTANTS, SECTORS
from model.results.results import COLUMNS, FILES, TABLES, Results
from model.results.write import (
    beside,
    emission_array,
    folder,
    write_csv,
    write_tables,
)
from tests.report.made_up import CITIES, made_up

HEADS = {
    "emissions": "case,year,city,sector,pollutant,value,unit",
    "plan": (
        "source,name,city,county,zone,sector,year,from_state,to_state,share,measures,payer,investment_cny,"
        "running_cny_per_yr,annual_cost_cny,abated_SO2_t,abated_NOx_t,abated_VOCs_t,abated_PM10_t,abated_PM2.5_t,"
        "abated_BC_t,abated_OC_t,abated_CO_t,abated_NH3_t,abated_CO2_t,cny_per_t_SO2,cny_per_t_NOx,cny_per_t_VOCs,"
        "cny_per_t_PM2.5,clause,constructed"
    ),
    "costs": "case,year,city,sector,payer,kind,value,unit",
    "limits": "limit,clause,quantity,where,year,op,bound,frozen,achieved,unit,slack,price,status,strength",
    "clauses": "clause,plan,article,quote,summary,treatment,demanded,achieved,unit,status,evidence",
    "iamc": "model,scenario,region,variable,unit,year,value",
}


@pytest.fixture(scope="module")
def results() -> Results:
    return made_up()


def test_columns_are_those_of_the_contract(results: Results, tmp_path: Path) -> None:
    write_tables(results, tmp_path)
    for name, head in HEADS.items():
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] == head
    assert set(FILES) == set(HEADS)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"manifest.json", "emissions.nc", *(f"{name}.csv" for name in (*FILES, *TABLES))}


def test_a_frame_with_other_columns_is_refused(results: Results) -> None:
    with pytest.raises(ValueError, match="columns of costs"):
        replace(results, costs=results.costs.drop(columns="unit"))


def test_two_writes_are_the_same_bytes(results: Results, tmp_path: Path) -> None:
    for name in ("one", "two"):
        with folder(tmp_path / name) as work:
            write_tables(made_up(), work)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_numbers_have_ten_digits_and_truth_is_yes_or_no(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "value": [1 / 3, 1234567890123.0, -0.0, np.nan, 5.0],
            "flag": [True, False, True, False, True],
            "year": 2020,
        }
    )
    write_csv(frame, tmp_path / "a.csv")
    rows = (tmp_path / "a.csv").read_bytes().decode().split("\n")
    assert rows[1:] == [
        "0.3333333333,yes,2020",
        "1.23456789e+12,no,2020",
        "0,yes,2020",
        ",no,2020",
        "5,yes,2020",
        "",
    ]


def test_texts_are_quoted_where_they_must_be_and_what_is_missing_is_empty(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "text": ["a, b", 'c "d"', None, "two\nlines"],
            "any": pd.Series([1, np.nan, pd.NA, "x"], dtype=object),
            "count": pd.Series([1, None, 3, 4], dtype="Int64"),
        }
    )
    write_csv(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().decode() == (
        'text,any,count\n"a, b",1,1\n"c ""d""",,\n,,3\n"two\nlines",x,4\n'
    )
    write_csv(frame.iloc[:0], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"text,any,count\n"


class Broke(Exception):
    """What goes wrong in the middle of writing."""


def write_and_break(target: Path, results: Results) -> None:
    with folder(target) as work:
        write_tables(results, work)
        raise Broke


def test_failure_leaves_nothing(results: Results, tmp_path: Path) -> None:
    with pytest.raises(Broke):
        write_and_break(tmp_path / "run", results)
    assert list(tmp_path.iterdir()) == []


def test_failure_leaves_the_old_result(results: Results, tmp_path: Path) -> None:
    with folder(tmp_path / "run") as work:
        (work / "old").write_text("old")
    with pytest.raises(Broke):
        write_and_break(tmp_path / "run", results)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["old"]


def test_a_rename_that_fails_puts_the_old_result_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with folder(tmp_path / "run") as work:
        (work / "old").write_text("old")
    real, target = Path.rename, tmp_path / "run"

    def rename(self: Path, to: Path) -> Path:
        if to == target and self.name != "old":
            raise OSError("disk")
        return real(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="disk"), folder(target) as work:
        (work / "new").write_text("new")
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_new_result_replaces_the_old_whole(tmp_path: Path) -> None:
    for name in ("old", "new"):
        with folder(tmp_path / "deep" / "run") as work:
            (work / name).write_text(name)
    assert [path.name for path in (tmp_path / "deep" / "run").iterdir()] == ["new"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["run"]


def break_beside(target: Path) -> None:
    with beside(target) as work:
        (work / "curve.csv").write_text("three")
        raise Broke


def test_what_other_commands_wrote_stays_and_is_replaced_by_them(tmp_path: Path) -> None:
    target = tmp_path / "run"
    for text in ("one", "two"):
        with beside(target) as work:
            (work / "curve.csv").write_text(text)
            (work / "curve_figures").mkdir()
            (work / "curve_figures" / text).write_text(text)
        with folder(target) as work:
            (work / text).write_text(text)
        assert (target / "curve.csv").read_text() == text
        assert [path.name for path in (target / "curve_figures").iterdir()] == [text]
    assert sorted(path.name for path in target.iterdir()) == ["curve.csv", "curve_figures", "two"]
    with pytest.raises(Broke):
        break_beside(target)
    assert (target / "curve.csv").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_netcdf_and_csv_say_the_same(results: Results, tmp_path: Path) -> None:
    write_tables(results, tmp_path)
    with xr.open_dataset(tmp_path / "emissions.nc") as stored:
        emission = stored["emission"].load()
    assert emission.dims == ("case", "year", "city", "sector", "pollutant")
    assert emission.attrs["units"] == "t/yr"
    assert emission["case"].to_numpy().tolist() == list(CASES)
    assert emission["sector"].to_numpy().tolist() == list(SECTORS)
    assert emission["pollutant"].to_numpy().tolist() == list(POLLUTANTS)
    assert [
        tuple(row)
        for row in zip(*(emission[c].to_numpy().tolist() for c in ("city", "city_zh", "adcode")), strict=True)
    ] == list(CITIES)
    rows = pd.read_csv(tmp_path / "emissions.csv")
    for row in rows.sample(50, random_state=0).itertuples():
        at = emission.sel(
            case=row.case, year=row.year, city=row.city, sector=row.sector, pollutant=row.pollutant
        )
        assert float(at) == pytest.approx(row.value, rel=1e-9)


def test_what_nobody_emits_is_missing_not_zero(results: Results) -> None:
    some = results.emissions[results.emissions["pollutant"] != "NH3"]
    array = emission_array(replace(results, emissions=some))["emission"]
    assert np.isnan(array.sel(pollutant="NH3")).all()
    assert not np.isnan(array.sel(pollutant="SO2")).any()


def test_manifest_is_sorted_json(results: Results, tmp_path: Path) -> None:
    write_tables(results, tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    needed = {
        "scenario",
        "scenario_sha256",
        "inputs",
        "versions",
        "seed",
        "status",
        "cost_cny",
        "bound_cny",
        "gap",
        "wall_s",
    }
    assert needed <= set(manifest)
    assert list(manifest) == sorted(manifest)


def test_columns_of_every_frame_are_declared() -> None:
    assert {*FILES, *TABLES} <= set(COLUMNS)
