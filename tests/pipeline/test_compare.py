"""`compare` and the comparison of `run`: one way through the files, and folders that are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from tests.small_inputs import write_small_run

TABLES = ("comparison", *(f"comparison_{name}" for name in ("cases", "actions", "measures", "limits")))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios run together: the second leaves the mandate on small boilers out."""
    folder = tmp_path_factory.mktemp("compare")
    inputs, scenario = write_small_run(folder)
    lax = folder / "lax.yaml"
    lax.write_text(
        "extends: toy.yaml\nmandates: {T-SMALL: null}\nnot_modelled: {T-SMALL: left out}\n", encoding="utf-8"
    )
    assert main(["run", str(scenario), str(lax), "--inputs", str(inputs), "--out", str(folder / "out")]) == 0
    return folder / "out"


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_run_and_compare_write_the_same(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(out / "toy"), str(out / "lax"), "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.csv" for name in TABLES)
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (out / f"{name}.csv").read_bytes(), name
    told = capsys.readouterr().out
    assert "toy: optimal" in told
    assert "actions differ at" in told


def test_what_differs_is_what_the_plans_say(out: Path) -> None:
    plans = {name: read(out / name, "plan") for name in ("toy", "lax")}
    frame = read(out, "comparison_actions")
    b1 = frame[frame["source"] == "b1"].set_index("scenario")
    assert b1.loc["toy", "to_state"] == "natural_gas/gas_boiler"
    acted = {name: set(plan["source"]) for name, plan in plans.items()}
    assert set(frame["source"]) >= acted["toy"] ^ acted["lax"]
    for name, plan in plans.items():
        rows = frame[(frame["scenario"] == name) & (frame["share"] > 0)]
        for source, own in rows.groupby("source"):
            assert own["investment_cny"].sum() == plan.loc[plan["source"] == source, "investment_cny"].sum()


def test_cost_of_the_last_year_is_that_of_costs_csv(out: Path) -> None:
    cases = read(out, "comparison_cases").set_index(["scenario", "case"])
    for name in ("toy", "lax"):
        costs = read(out / name, "costs")
        last = costs[(costs["case"] == "plan") & (costs["year"] == 2019) & (costs["kind"] != "investment")]
        assert cases.loc[(name, "plan"), "annual_cost_cny"] == pytest.approx(last["value"].sum())
        emitted = read(out / name, "emissions").query(
            "case == 'plan' and year == 2019 and pollutant == 'SO2'"
        )
        assert cases.loc[(name, "plan"), "SO2_t"] == pytest.approx(emitted["value"].sum())


def test_each_run_says_what_its_clauses_are_worth(out: Path) -> None:
    """A mandate that stands is worth something, one that is left out is no clause of the plan."""
    credit = {name: read(out / name, "credit").set_index("clause") for name in ("toy", "lax")}
    for name, frame in credit.items():
        assert frame.index.tolist() == read(out / name, "clauses")["clause"].tolist()
    assert credit["toy"].loc["T-SMALL", "saving_cny"] > 0
    assert credit["lax"].loc["T-SMALL", "status"] == "not_in_model"
    assert credit["lax"].loc["T-SO2", "saving_cny"] > 0


def test_runs_of_one_name_go_by_their_folders(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out / "toy", tmp_path / "later" / "toy")
    both = [str(out / "toy"), str(tmp_path / "later" / "toy")]
    assert main(["compare", *both, "--out", str(tmp_path)]) == 0
    assert read(tmp_path, "comparison")["scenario"].tolist() == both
    assert read(tmp_path, "comparison_actions").empty


def test_folders_that_are_none(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(out / "toy", tmp_path / "toy")
    limits = (tmp_path / "toy" / "limits.csv").read_text(encoding="utf-8")
    broken = tmp_path / "toy" / "costs.csv"
    broken.write_text(
        "case,year,city,sector,payer,kind,value,unit\nplan,2019,,,,fuel,dear,CNY/yr\n", encoding="utf-8"
    )
    (tmp_path / "toy" / "limits.csv").write_text(limits.replace("limit,", "row,", 1), encoding="utf-8")
    (tmp_path / "toy" / "plan.csv").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "manifest.json").write_text("{", encoding="utf-8")
    old = json.loads((out / "toy" / "manifest.json").read_text(encoding="utf-8"))
    del old["price_year"]
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text(json.dumps(old), encoding="utf-8")
    wrong = [str(tmp_path / name) for name in ("toy", "empty", "bad", "old", "nowhere")]
    written = tmp_path / "tables"
    assert main(["compare", *wrong, str(out / "lax"), str(out / "lax"), "--out", str(written)]) == 2
    told = capsys.readouterr().err
    for sentence in (
        "costs.csv, row 2, value: 'dear' is no number",
        "limits.csv, row 1: has no column limit",
        "plan.csv: is missing",
        "empty: has no manifest.json",
        "bad/manifest.json: can not be read",
        "old/manifest.json: does not say price_year",
        "nowhere: is no folder",
        "lax' is named twice",
    ):
        assert sentence in told
    assert not written.exists()


def test_one_folder_is_no_comparison(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(out / "toy"), "--out", str(tmp_path)]) == 2
    assert "name two or more" in capsys.readouterr().err
