"""Uncertainty on the command line: what it writes, which plan it takes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from model.studies.uncertainty.cost import COLUMNS as OF_COST
from model.studies.uncertainty.emissions import COLUMNS as OF_EMISSIONS
from model.studies.uncertainty.limits import COLUMNS as OF_LIMITS
from model.studies.uncertainty.sobol import COLUMNS as OF_SOBOL
from tests.small_inputs import write_small_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uncertainty")
    write_small_run(folder)
    return folder


def command(root: Path, word: str, *options: str) -> int:
    where = ["--inputs", str(root / "inputs"), "--out", str(root / "out")]
    return main([word, str(root / "toy.yaml"), *where, *options])


def test_the_plan_of_the_run_is_taken(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(root, "run") == 0
    assert command(root, "uncertainty", "--draws", "300", "--sobol", "32", "--lang", "zh") == 0
    assert "T-SO2/2019: met in" in capsys.readouterr().out
    where = root / "out" / "toy" / "uncertainty"
    columns = {"emissions": OF_EMISSIONS, "limits": OF_LIMITS, "cost": OF_COST, "sobol": OF_SOBOL}
    for name, wanted in columns.items():
        assert list(pd.read_csv(where / f"{name}.csv")) == list(wanted)
    assert len(pd.read_csv(where / "convergence.csv"))
    about = json.loads((where / "manifest.json").read_text())
    assert (about["plan"], about["draws"], about["numbers"]) == ("plan.csv of the run", 300, "prior")
    for name in ("emission", "attainment", "sobol"):
        assert (where / "figures" / f"{name}.svg").exists()
    planned = pd.read_csv(root / "out" / "toy" / "limits.csv").set_index("limit")["achieved"]
    found = pd.read_csv(where / "limits.csv").set_index("limit")["planned"]
    assert found["T-SO2/2019"] == pytest.approx(planned["T-SO2/2019"], rel=1e-6)


def test_the_same_draws_are_the_same_bytes(root: Path) -> None:
    where, before = root / "out" / "toy" / "uncertainty", {}
    for memory in ("50", "400"):
        assert command(root, "uncertainty", "--draws", "200", "--memory", memory) == 0
        after = {path.name: path.read_bytes() for path in sorted(where.glob("*.csv"))}
        assert not before or before == after
        before = after
    assert "sobol.csv" not in before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--draws", "5"), "--draws: 5 is too few; write 100 or more"),
        (("--memory", "1"), "--memory: 1 is too few"),
        (("--draws", "1000000000"), "--draws: 1000000000 is too many"),
        (("--sobol", "1073741824"), "--sobol: 1073741824 is too many"),
        (("--seed", "-1"), "--seed: -1 is negative"),
        (("--sobol", "100"), "is no power of 2"),
        (("--plan", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str], said: str
) -> None:
    assert command(root, "uncertainty", *options) == 2
    assert said in capsys.readouterr().err.replace("'", "")


def test_a_plan_that_is_solved_keeps_its_confidence(tmp_path: Path, root: Path) -> None:
    where = ["--inputs", str(root / "inputs"), "--out", str(tmp_path)]
    asked = ["--set", "limits.T-SO2.confidence=60 %", "--draws", "2000"]
    found = []
    for settings in (asked, asked[2:]):
        assert main(["uncertainty", str(root / "toy.yaml"), *where, *settings]) == 0
        folder = tmp_path / "toy" / "uncertainty"
        found.append(pd.read_csv(folder / "limits.csv").set_index("limit").loc["T-SO2/2019", "probability"])
        assert json.loads((folder / "manifest.json").read_text())["plan"] == "solved here"
    assert found[0] > 0.57
    assert found[1] < 0.55
