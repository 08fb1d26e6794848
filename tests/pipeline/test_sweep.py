"""The command `sweep` on the miniature inputs: answers, resuming, workers, faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from model import api
from model.__main__ import main
from model.pipeline.workers import find_spec
from tests.levels import LONG
from tests.small_inputs import write_small_run

ROOT = Path(__file__).parents[2]
GAP = "1e-6"
OVER = (
    "sweep.over.prices.natural_gas=[50 % of baseline, 200 % of baseline]",
    "sweep.over.limits.T-SO2.at_most.2019=[70 % of 2015, 90 % of 2015]",
    "sweep.over.growth=['{boiler: {2019: 1.1}}']",
)
CASES, DISTINCT = 1 + 5 + 4, 1 + 5 + 4
TABLES = ("sweep.csv", "sweep_prices.csv", "response.csv", "tornado.csv")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    write_small_run(folder)
    return folder


def arguments(root: Path, name: str, *settings: str) -> list[str]:
    given = [part for setting in settings for part in ("--set", setting)]
    where = ["--inputs", str(root / "inputs"), "--out", str(root / name), "--gap", GAP]
    return ["sweep", str(root / "toy.yaml"), *where, *given]


def sweep(root: Path, name: str, *settings: str, more: tuple[str, ...] = ()) -> Path:
    """The folder of a sweep that is done."""
    assert main([*arguments(root, name, *settings), *more]) == 0
    return root / name / "toy" / "sweep"


def tables(where: Path) -> dict[str, bytes]:
    return {name: (where / name).read_bytes() for name in TABLES}


def solved(where: Path) -> int:
    found: int = json.loads((where / "manifest.json").read_text(encoding="utf-8"))["solved"]
    return found


@pytest.fixture(scope="module")
def done(root: Path) -> Path:
    """A sweep of three paths in one process."""
    return sweep(root, "done", *OVER)


def cold(root: Path, *settings: str) -> api.Results:
    """A run with settings, solved from nothing."""
    scenario = api.load_scenario(root / "toy.yaml", dict(each.split("=", 1) for each in settings))
    return api.run(api.load_tables(scenario.region, root / "inputs"), scenario)


def test_cases_are_the_plans_of_runs_with_their_values(root: Path, done: Path) -> None:
    cases = pd.read_csv(done / "sweep.csv")
    assert len(cases) == CASES
    assert solved(done) == DISTINCT
    assert (cases["status"] == "optimal").all()
    settings = {
        0: (),
        2: ("prices.natural_gas=200 % of baseline",),
        5: ("growth={boiler: {2019: 1.1}}",),
        6: (
            "prices.natural_gas=50 % of baseline",
            "limits.T-SO2.at_most.2019=70 % of 2015",
            "growth={boiler: {2019: 1.1}}",
        ),
    }
    runs = {number: cold(root, *given) for number, given in settings.items()}
    for number, run in runs.items():
        row, manifest = cases.iloc[number], run.manifest
        assert row["cost_cny"] == pytest.approx(manifest["cost_cny"], rel=1e-5)
        assert row["bound_cny"] <= manifest["cost_cny"] + 1
        assert manifest["bound_cny"] <= row["cost_cny"] + 1
    costs, limits = runs[0].costs, runs[0].limits.set_index("limit")
    invested = costs[(costs["case"] == "plan") & (costs["kind"] == "investment")]["value"].sum()
    assert cases["investment_cny"].iloc[0] == pytest.approx(invested, rel=1e-6)
    assert cases["SO2_t"].iloc[0] == pytest.approx(limits.loc["T-SO2/2019", "achieved"], rel=1e-6)
    prices = pd.read_csv(done / "sweep_prices.csv")
    mine = prices[prices["case"] == 0].set_index("limit")["price"]
    expected = limits["price"][limits["price"] > 0]
    assert mine.to_dict() == pytest.approx(expected.to_dict(), rel=1e-3)


def test_dear_gas_and_stricter_targets_cost_more(done: Path) -> None:
    tornado = pd.read_csv(done / "tornado.csv").set_index("path")
    gas, target = tornado.loc["prices.natural_gas"], tornado.loc["limits.T-SO2.at_most.2019"]
    assert gas["low_cost_cny"] < gas["base_cost_cny"] < gas["high_cost_cny"]
    assert target["low_cost_cny"] > target["base_cost_cny"] >= target["high_cost_cny"]


def test_what_is_missing_is_solved_and_the_tables_are_the_same(root: Path, done: Path) -> None:
    before = tables(done)
    files = sorted((done / "cases").glob("*.json"))
    assert len(files) == DISTINCT
    again = sweep(root, "done", *OVER)
    assert solved(again) == 0
    assert tables(again) == before
    for gone in files[::2]:
        gone.unlink()
    files[1].write_text('{"status": "opt', encoding="utf-8")  # no whole file
    again = sweep(root, "done", *OVER)
    assert solved(again) == len(files[::2]) + 1
    assert tables(again) == before


def test_lost_footings_are_solved_again(root: Path, done: Path) -> None:
    before = tables(done)
    for kept in (done / "cases").glob("*.npz"):
        kept.unlink()
    for gone in sorted((done / "cases").glob("*.json"))[:3]:
        gone.unlink()
    assert tables(sweep(root, "done", *OVER)) == before


def test_a_sweep_that_grows_solves_what_is_new(root: Path) -> None:
    first = sweep(root, "grows", "sweep.over.discount_rate=[3 %]")
    assert solved(first) == 2
    second = sweep(root, "grows", "sweep.over.discount_rate=[3 %, 8 %]")
    assert solved(second) == 1
    other = sweep(root, "grows", "sweep.over.discount_rate=[3 %, 8 %]", more=("--gap", "1e-3"))
    assert solved(other) == 3  # another gap is another answer


def test_workers_change_nothing(root: Path, done: Path) -> None:
    side_by_side = sweep(root, "two", *OVER, more=("--workers", "2"))
    assert tables(side_by_side) == tables(done)


def test_killed_and_started_again(root: Path, done: Path) -> None:
    command = [sys.executable, "-m", "model", *arguments(root, "killed", *OVER)]
    cases = root / "killed" / "toy" / "sweep" / "cases"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, **quiet)
    while process.poll() is None and len(list(cases.glob("*.json"))) < 3:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = len(list(cases.glob("*.json")))
    assert 3 <= left < DISTINCT
    again = sweep(root, "killed", *OVER)
    assert solved(again) == DISTINCT - left
    assert tables(again) == tables(done)


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="asks /proc which processes there are")
def test_workers_end_with_a_command_that_is_killed(root: Path) -> None:
    command = [sys.executable, "-m", "model", *arguments(root, "orphans", *OVER), "--workers", "2"]
    cases = root / "orphans" / "toy" / "sweep" / "cases"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, **quiet)
    while process.poll() is None and not list(cases.glob("*.json")):
        time.sleep(0.01)
    workers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert workers
    end = time.monotonic() + 60
    while time.monotonic() < end and any(Path(f"/proc/{pid}").exists() for pid in workers):
        time.sleep(0.05)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def children(parent: int) -> list[int]:
    """Processes that one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(after_name[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def test_a_run_leaves_the_sweep_where_it_is(root: Path) -> None:
    where = sweep(root, "beside", "sweep.over.discount_rate=[3 %]")
    before = tables(where)
    given = ["--inputs", str(root / "inputs"), "--out", str(root / "beside")]
    assert main(["run", str(root / "toy.yaml"), *given]) == 0
    assert (root / "beside" / "toy" / "plan.csv").is_file()
    assert tables(where) == before


def test_check_and_run_say_which_command_solves_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [*("--inputs", str(root / "inputs")), *("--set", "sweep.over.discount_rate=[3 %, 8 %]")]
    said = "sweep: 2 cases of method grid over 1 paths, 2 of a path alone, and the base; `sweep` solves them"
    assert main(["check", str(root / "toy.yaml"), *given]) == 0
    assert said in capsys.readouterr().out
    assert main(["run", str(root / "toy.yaml"), *given, "--out", str(root / "said")]) == 0
    assert said in capsys.readouterr().out


def test_what_no_plan_meets_is_a_row(root: Path) -> None:
    where = sweep(root, "missed", "sweep.over.limits.T-SO2.at_most.2019=[1 % of 2015, 70 % of 2015]")
    cases = pd.read_csv(where / "sweep.csv").set_index("case")
    assert cases["status"].tolist() == ["optimal", "infeasible", "optimal", "infeasible", "optimal"]
    assert cases.loc[1, "missed"] == "T-SO2/2019"
    assert cases.loc[1, "shortfall"] > 1
    assert cases["bound_cny"].isna().tolist() == [False, True, False, True, False]
    assert pd.read_csv(where / "tornado.csv")["low_status"].tolist() == ["infeasible"]


def test_a_case_of_which_no_problem_can_be_made_is_a_row(root: Path) -> None:
    where = sweep(root, "refused", "sweep.over.growth=['{boiler: {2018: 1.1}}']")
    cases = pd.read_csv(where / "sweep.csv")
    assert cases["status"].tolist() == ["optimal", "refused", "refused"]
    assert "growth ends in 2018" in cases["reason"].iloc[1]
    assert cases["cost_cny"].isna().tolist() == [False, True, True]


THIRTY = ",".join(f"{n} %" for n in range(30))

FAULTS = [
    (
        (),
        "toy.yaml, sweep: is not there; write sweep: {over: {PATH: [AMOUNT, ..]}}, or --set sweep.over",
    ),
    (
        ("sweep.over.prices.gas=[1 CNY/m3]",),
        "--set, prices.gas: is not a known price",
    ),
    (
        ("sweep.over.discount_rate={normal: [5 %, 40 %]}", "sweep.method=random", "sweep.size=20"),
        "is not between 0 and 1",
    ),
    (("sweep.over.solver.gap=[1e-3]",), "sweep.over.solver.gap: can not be swept"),
    (("sweep.over.region=[toy]",), "sweep.over.region: can not be swept"),
    (
        (
            "sweep.over.prices.coal={uniform: [80 % of baseline, 500 CNY/t]}",
            "sweep.method=random",
            "sweep.size=2",
        ),
        "sweep.over.prices.coal: '500 CNY/t' is in another unit; write NUMBER % of baseline",
    ),
    (
        ("sweep.over.prices.coal=[500 CNY/t, 500 CNY/t]",),
        "sweep.over.prices.coal.1: '500 CNY/t' stands twice",
    ),
    (
        tuple(f"sweep.over.part_year.{name}=[{THIRTY}]" for name in ("boiler", "truck", "power_unit")),
        "sweep: makes 27000 cases, more than 20000",
    ),
]


@pytest.mark.parametrize(("settings", "said"), FAULTS)
def test_faults_are_said_before_anything_is_solved(
    root: Path, capsys: pytest.CaptureFixture[str], settings: tuple[str, ...], said: str
) -> None:
    assert main(arguments(root, "faulty", *settings)) == 2
    heard = capsys.readouterr().err
    assert said in heard
    assert "cases to solve" not in heard
    assert not (root / "faulty").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--gap", "-1"), "--gap: '-1' is not a share; write such as 1e-2"),
        (("--gap", "nan"), "--gap: 'nan' is not a share"),
        (("--workers", "0"), "--workers: '0' is too few; write 1 or more"),
    ],
)
def test_options_out_of_bounds(
    root: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], said: str
) -> None:
    assert main([*arguments(root, "faulty", *OVER), *given]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(find_spec("distributed") is not None, reason="Dask is installed here")
def test_without_dask_a_scheduler_is_a_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [*arguments(root, "faulty", *OVER), "--scheduler", "tcp://127.0.0.1:8786"]
    assert main(given) == 2
    assert "needs Dask, which is not installed; make setup-dask" in capsys.readouterr().err
    assert not (root / "faulty").exists()


CLUSTER = """
import sys
from distributed import LocalCluster
from model.__main__ import main
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster:
        sys.exit(main([*sys.argv[1:], "--scheduler", cluster.scheduler_address]))
"""


@LONG
def test_a_dask_cluster_gives_the_same_tables(root: Path, done: Path, tmp_path: Path) -> None:
    """Two workers of two threads each; make setup-dask has made their Python."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    python = ROOT / ".venv-dask" / "bin" / "python"
    command = [str(python), str(script), *arguments(root, "dask", *OVER)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT)
    where = root / "dask" / "toy" / "sweep"
    assert solved(where) == DISTINCT
    assert tables(where) == tables(done)
