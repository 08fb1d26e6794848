"""Confidence on the command line: what `run` and `confidence` write, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from model.studies.robust import levels
from model.studies.robust.robust import COLUMNS
from tests.small_inputs import write_small_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("confidence")
    write_small_run(folder)
    return folder


def command(root: Path, word: str, name: str, *options: str) -> int:
    where = ["--inputs", str(root / "inputs"), "--out", str(root / name)]
    return main([word, str(root / "toy.yaml"), *where, *options])


def test_run_writes_what_is_attained(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(root, "run", "even", "--set", "limits.T-SO2.confidence=50 %") == 0
    frame = pd.read_csv(root / "even" / "toy" / "confidence.csv")
    assert list(frame) == COLUMNS
    row = frame.iloc[0]
    assert (row["limit"], row["confidence"], row["imposed"], row["draws"]) == (
        "T-SO2/2019",
        0.5,
        "yes",
        20_000,
    )
    assert row["attained"] >= 0.49
    assert row["cost_cny"] >= row["plain_cost_cny"]
    said = capsys.readouterr().out
    assert "T-SO2/2019: 50% asked" in said
    assert "confidence costs" in said


def test_a_confidence_that_no_plan_has_is_missed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(root, "run", "sure", "--set", "limits.T-SO2.confidence=95 %") == 1
    assert "95% are asked for" in capsys.readouterr().out
    frame = pd.read_csv(root / "sure" / "toy" / "confidence.csv")
    assert (frame["attained"] < 0.95).all()


def test_the_curve_is_written(root: Path) -> None:
    asked = ("--limit", "T-SO2", "--levels", "50,95")
    assert command(root, "confidence", "curve", *asked) == 1
    frame = pd.read_csv(root / "curve" / "toy" / "confidence_curve.csv")
    assert list(frame) == levels.COLUMNS
    assert frame["confidence"].tolist() == [0.5, 0.95]
    assert frame["status"].tolist()[1] == "infeasible"
    assert (root / "curve" / "toy" / "confidence_figures" / "price_of_confidence.svg").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--limit", "T-SO3"), "is no limit of toy; did you mean 'T-SO2'?"),
        (("--limit", "GAS"), "only emission carries one"),
        (
            ("--limit", "T-SO2", "--levels", "40,100"),
            "is no confidence; write per cent, from 50 to below 100",
        ),
        (("--limit", "T-SO2", "--levels", "80,80"), "--levels: '80' is there twice; keep one"),
        (("--limit", "T-SO2", "--set", "limits.T-SO2.enforce=false"), "is not imposed"),
    ],
)
def test_what_is_wrong_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert command(root, "confidence", "wrong", *options) == 2
    assert said in capsys.readouterr().err
    assert not (root / "wrong").exists()


def test_curve_refuses_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--pollutant", "SO2", "--set", "limits.T-SO2.confidence=90 %")
    assert command(root, "curve", "refused", *asked) == 2
    assert "is for run and confidence alone" in capsys.readouterr().err


def test_check_knows_what_can_carry_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = ("--inputs", str(root / "inputs"))
    words = ["check", str(root / "toy.yaml"), *inputs, "--set"]
    assert main([*words, "limits.GAS.confidence=90 %"]) == 2
    assert "only emission carries one" in capsys.readouterr().err
    assert main([*words, "limits.T-SO2.confidence=90 %"]) == 0
