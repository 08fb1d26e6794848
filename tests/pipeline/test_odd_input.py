"""Input that is odd and no fault: other encodings, limits out of reach, entries of no source."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.pipeline.toy import BOILERS, TOY, call, said
from tests.small_inputs import edit


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings_of_spreadsheets_change_nothing(
    encoding: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(folder, "check") == 0
    expected = said(capsys.readouterr().out, folder)
    texts = [TOY, "inputs/toy/areas.csv", "inputs/reference/fuels.csv", "inputs/plans/toy_plan.csv", BOILERS]
    for file in texts:
        path = folder / file
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert call(folder, "check") == 0
    found = said(capsys.readouterr().out, folder)
    assert found == expected
    assert any(line.startswith("sha256: ") for line in found)  # of the problem: same problem, same results


UNMET = "limits.T-SO2.at_most={2019: 1 % of 2015}"
"""915.19 t of 2017 x 0.01 / (1 - 0.1) = 10.17 t; the power unit alone emits more and can not be changed."""


def test_a_limit_that_nobody_can_meet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(folder, "check", "--set", UNMET) == 0
    checked = capsys.readouterr().out
    (reach,) = re.findall(r"limit out of reach: T-SO2/2019: bound ([\d.]+), no plan passes ([\d.]+)", checked)

    assert call(folder, "run", "--set", UNMET) == 1
    out = folder / "out" / "toy"
    (missed,) = re.findall(
        r"  missed: T-SO2/2019 achieves ([\d.]+) t/yr, bound ([\d.]+)", capsys.readouterr().out
    )
    limits = pd.read_csv(out / "limits.csv", index_col="limit")
    row = limits.loc["T-SO2/2019"]
    assert row["status"] == "missed"
    assert limits.drop(index="T-SO2/2019")["status"].isin(["binding", "slack"]).all()
    start = float(pd.read_csv(out / "links.csv")["start_value"].iloc[0])
    assert row["bound"] == pytest.approx(start * 0.01 / 0.9, rel=1e-9)
    assert row["slack"] == pytest.approx(row["bound"] - row["achieved"], rel=1e-9)
    assert [float(missed[0]), float(missed[1])] == pytest.approx([row["achieved"], row["bound"]], rel=1e-5)
    assert float(reach[0]) == pytest.approx(row["bound"], rel=1e-5)
    assert float(reach[1]) <= row["achieved"] * (1 + 1e-5)

    clauses = pd.read_csv(out / "clauses.csv", index_col="clause")["status"]
    assert clauses["T-SO2"] == "missed"
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    names = ("emissions", "plan", "costs", "limits", "clauses", "iamc")
    assert {f"{name}.csv" for name in names} | {"manifest.json", "emissions.nc", "report.html"} <= written
    assert [path.name for path in (folder / "out").iterdir()] == ["toy"]


def test_check_names_entries_that_concern_no_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, TOY, "fuel: coal}, not_in", "fuel: coal, zone: park}, not_in")
    edit(folder, TOY, "{class: architectural_coating}", "{class: architectural_coating, zone: park}")
    assert call(folder, "check") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "mandate that concerns no source: T-SMALL" in lines
    assert "change that concerns no source: T-GREEN" in lines


def test_a_region_without_any_factor_for_a_pollutant_is_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No source of the miniature region has a factor for PM2.5: left out of the totals, and said."""
    assert call(folder, "check") == 0
    totals, _, missing = capsys.readouterr().out.partition("totals: ")[2].partition("no factor: ")
    assert "  SO2 " in totals
    assert "  PM2.5 " not in totals
    assert "PM2.5: architectural_coating, boiler" in missing
