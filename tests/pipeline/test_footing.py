"""What `check` says of an inventory: what it rests on, and which control totals it meets."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.__main__ import main
from tests.small_inputs import REGION, write_small_run

OBSERVATIONS = """\
observation,year,area,quantity,where,account,about,value,unit,low,high,citation,rating
heat.homes,2017,150000,heat,class=residential_coal,control_total,heat of homes,60,TJ,55,65,MANUAL,C
coal.boilers,2017,150000,coal,class=boiler,control_total,coal of boilers,20,kt,18,22,MANUAL,C
SO2.boilers,2017,150000,SO2,class=boiler; fuel=coal,census_2017,SO2 of boilers,200,t/yr,190,210,MANUAL,C
SO2.plain,2017,150000,SO2,class=boiler; fuel=coal,bottom_up,SO2 of boilers,140,t/yr,135,145,MANUAL,C
population,2017,150000,population,,control_total,residents,1000000,1,,,MANUAL,C
trucks,2017,150000,stock_share,class=truck,control_total,share of some trucks,10,%,,,MANUAL,C
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs, _ = write_small_run(tmp_path)
    (inputs / REGION / "observations.csv").write_text(OBSERVATIONS, encoding="utf-8")
    return tmp_path


def printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["check", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs")]) == 0
    return capsys.readouterr().out.splitlines()


def test_totals_met_missed_and_not_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SO2 of coal boilers is 80 + 4.64 + 55.68 = 140 t before the calibration and 210 t after it (x 1.5 in
    Alpha): the account that the scenario is calibrated to is held against 210.5, the bottom-up range against
    140."""
    lines = printed(folder, capsys)
    (head,) = (line for line in lines if line.startswith("control totals: "))
    counted = "(control_total 1 of 2, census_2017 0 of 1, bottom_up 1 of 1)"
    assert head == f"control totals: 2 of 4 inside their range {counted}"
    table = lines[lines.index("outside their range") + 1 :][:3]
    assert table[0].split() == ["area", "account", "unit", "low", "value", "high", "model", "ratio", "access"]
    assert table[1].split()[1:] == [
        "150000",
        "control_total",
        "kt",
        "18",
        "20",
        "22",
        "32.25",
        "1.613",
        "seen",
    ]
    assert table[2].split()[:7] == ["SO2.boilers", "150000", "census_2017", "t/yr", "190", "200", "210"]
    assert float(table[2].split()[7]) == pytest.approx(1.5 * 140.32, rel=1e-3)
    assert "not compared (a statistic without a counterpart in the model): population" in lines
    assert "not compared (does not say of what it is a share): trucks" in lines


def test_what_emission_rests_on_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(folder, capsys)
    start = lines.index("quality: share of emission by what it rests on, %")
    table = lines[start + 1 : lines.index("totals: kt/yr with their 95 % range")]
    names = {line.rsplit(maxsplit=5)[0].strip() for line in table[1:]}
    assert {
        "the weakest part: own estimate",
        "activity: published",
        "activity: share of a published total",
        "emission factor: published",
        "controls: none act",
        "constructed unit: yes",
    } <= names
    assert "activity: measured" not in names  # nothing rests on it


def test_observations_that_can_not_be_read_are_faults(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "inputs" / REGION / "observations.csv"
    path.write_text(OBSERVATIONS.replace("class=residential_coal", "class=residental_coal"), encoding="utf-8")
    assert main(["check", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs")]) != 0
    said = capsys.readouterr().err
    assert "toy/observations.csv, row 2, where: 'residental_coal' is no class of the tables" in said


def test_a_region_without_observations_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_small_run(tmp_path)
    assert "control totals: the region has no observation of the start year" in printed(tmp_path, capsys)
