"""The command `curve` on the miniature inputs: against `run` with such a limit, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from model.studies.curves.frames import COLUMNS, MEASURES, OTHERS
from tests.small_inputs import write_small_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("curve")
    write_small_run(folder)
    return folder


def curve(root: Path, name: str, *options: str) -> int:
    arguments = ["curve", str(root / "toy.yaml"), "--inputs", str(root / "inputs"), "--out", str(root / name)]
    return main([*arguments, *options])


def table(root: Path, name: str, file: str = "curve") -> pd.DataFrame:
    return pd.read_csv(root / name / "toy" / f"{file}.csv")


@pytest.fixture(scope="module")
def held(root: Path) -> pd.DataFrame:
    """The curve of SO2 with all else that the plan asks for."""
    assert curve(root, "held", "--pollutant", "SO2", "--points", "4", "--held") == 0
    return table(root, "held")


def test_files_and_columns(root: Path, held: pd.DataFrame) -> None:
    assert list(held) == COLUMNS
    assert list(table(root, "held", "curve_measures")) == MEASURES
    assert list(table(root, "held", "curve_others")) == OTHERS
    assert (held["total_cost_cny"].diff().dropna() >= 0).all()
    assert (held["reduction_t"].diff().dropna() > 0).all()
    assert (held["bound_cny"] <= held["total_cost_cny"]).all()


def test_a_point_is_a_run_with_such_a_limit(root: Path, held: pd.DataFrame) -> None:
    point = held.iloc[len(held) // 2]
    emission = float(point["reduction_t"] / point["reduction_pct"] * 100 - point["reduction_t"])
    asked = [f"limits.{name}.enforce=false" for name in so2_limits(root / "toy.yaml")]
    asked.append(f"limits.HELD={{quantity: SO2, year: {int(point['year'])}, at_most: {emission:.9f} t/yr}}")
    plan = json.loads(run_manifest(root, "free", asked))
    assert plan["status"] == "optimal"
    room = (point["gap"] + plan["gap"]) * point["gross_cny"] + 1e-4 * abs(point["total_cost_cny"])
    assert abs(plan["cost_cny"] - point["total_cost_cny"]) <= room


def so2_limits(scenario: Path) -> list[str]:
    """Limits of the scenario on SO2."""
    from model.scenario.load import load_scenario

    return [limit.id for limit in load_scenario(scenario).limits.values() if limit.quantity == "SO2"]


def run_manifest(root: Path, name: str, settings: list[str]) -> str:
    """The manifest of a run with settings."""
    asked = [part for setting in settings for part in ("--set", setting)]
    where = ["--inputs", str(root / "inputs"), "--out", str(root / name)]
    assert main(["run", str(root / "toy.yaml"), *where, *asked]) == 0
    return (root / name / "toy" / "manifest.json").read_text(encoding="utf-8")


def test_free_of_the_plan_costs_no_more(root: Path, held: pd.DataFrame) -> None:
    """What is asked for beside the target can only make it dearer, at any reduction."""
    assert curve(root, "free_curve", "--pollutant", "SO2", "--points", "6") == 0
    free = table(root, "free_curve")
    assert free["total_cost_cny"].iloc[0] <= held["total_cost_cny"].iloc[0] + 1
    assert free["reduction_t"].iloc[0] <= held["reduction_t"].iloc[0] + 1e-6


def test_cities_by_workers_as_alone(root: Path) -> None:
    asked = ("--pollutant", "SO2", "--pollutant", "NOx", "--by", "city", "--points", "3")
    assert curve(root, "one", *asked) == 0
    assert curve(root, "two", *asked, "--workers", "2") == 0
    for file in ("curve", "curve_measures", "curve_others"):
        one, two = (root / name / "toy" / f"{file}.csv" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    rows = table(root, "one")
    assert set(rows["pollutant"]) == {"SO2", "NOx"}
    assert np.isfinite(rows["total_cost_cny"]).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pollutant", "SO3"), "did you mean 'SO2'?"),
        (("--pollutant", "SO2", "--year", "2035"), "is no decision year"),
        (("--pollutant", "SO2", "--points", "1"), "write 2 or more"),
    ],
)
def test_bad_wishes(
    root: Path, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert curve(root, "bad", *options) == 2
    assert said in capsys.readouterr().err
    assert not (root / "bad").exists()


def test_every_fault_at_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert curve(root, "bad", "--pollutant", "SO3", "--pollutant", "dust", "--points", "0") == 2
    assert "3 fault(s)" in capsys.readouterr().err
