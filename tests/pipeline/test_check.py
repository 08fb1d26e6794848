"""Commands: what `check` says, help and usage, what is imported for them, and a mandate that is missed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from tests.small_inputs import REGION, edit

ROOT = Path(__file__).parents[2]


def check(folder: Path, *settings: str) -> None:
    """A check that ends well."""
    arguments = [word for setting in settings for word in ("--set", setting)]
    assert main(["check", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs"), *arguments]) == 0


def test_check_says_what_would_be_built_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    check(folder)
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert printed.err == ""
    assert sorted(folder.rglob("*")) == before
    assert lines[:3] == [
        f"Toy ({folder / 'toy.yaml'})",
        "entries: 4 limits, 1 mandates, 1 changes, 0 alerts, 1 not modelled",
        "register: toy_plan, 4 clauses, each answered once",
    ]
    assert "sources of 2017: 10 (heating 4, industry 1, power 1, residential 1, road 2, solvent 1)" in lines
    # New: boilers for heating in Alpha and in Beta, for steam in Alpha's park; one optional pipe.
    # Limits: SO2; energy; gas of two cities in two years; the pace of two years.
    (problem,) = (line for line in lines if line.startswith("problem: "))
    assert problem.startswith("problem: 14 sources, ")
    assert problem.endswith(" 8 limits, 1 mandates")
    assert "measures that fit nothing here: boiler_close, coating_carbon" in lines
    assert lines[-1] == "nothing is out of reach by itself"


def problem_hash(folder: Path, capsys: pytest.CaptureFixture[str], *settings: str) -> str:
    check(folder, *settings)
    (found,) = re.findall(r"^sha256: ([0-9a-f]{64})$", capsys.readouterr().out, re.MULTILINE)
    return str(found)


def test_the_hash_is_of_the_problem_and_not_of_the_spelling(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = problem_hash(folder, capsys)
    edit(folder, "toy.yaml", "at_most: 2}", "at_most: 2.0, note: said otherwise}")
    edit(folder, "toy.yaml", "discount_rate: 5 %", "discount_rate: 0.05")
    assert problem_hash(folder, capsys) == first
    assert problem_hash(folder, capsys, "limits.RATE.at_most=3") != first


def test_a_mandate_that_can_not_be_obeyed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No measure takes the power unit off coal."""
    edit(
        folder, "toy.yaml", "{class: boiler, capacity_tph: {at_most: 10}, fuel: coal}", "{class: power_unit}"
    )
    check(folder)
    reach = "mandate out of reach: T-SMALL: p1 has no state that it allows"
    assert capsys.readouterr().out.splitlines()[-1] == reach
    out = folder / "out"
    status = main(["run", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs"), "--out", str(out)])
    assert status == 1
    lines = capsys.readouterr().out.splitlines()
    assert "  missed: T-SMALL is not obeyed by 1 source, as p1 in 2019" in lines
    clauses = pd.read_csv(out / "toy" / "clauses.csv", index_col="clause")["status"]
    assert clauses.to_dict() == {
        "T-SO2": "met",
        "T-SMALL": "missed",
        "T-GREEN": "met",
        "T-TREES": "not_in_model",
    }


def test_a_region_without_sources_is_checked_as_far_as_its_inputs_go(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("boilers", "sources"):
        (folder / "inputs" / REGION / f"{name}.csv").unlink()
    check(folder)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "sources: toy has no sources yet; checked as far as its inputs go"


USAGE = {
    "no command": ([], "error: the following arguments are required: COMMAND"),
    "unknown command": (["rnu"], "error: argument COMMAND: invalid choice: 'rnu'"),
    "no scenario": (["run"], "error: the following arguments are required: SCENARIO.yaml"),
    "unknown language": (["run", "x.yaml", "--lang", "fr"], "error: argument --lang: invalid choice: 'fr'"),
    "unknown option": (["check", "x.yaml", "--fast"], "error: unrecognized arguments: --fast"),
    "out of check": (["check", "x.yaml", "--out", "x"], "error: unrecognized arguments: --out x"),
    "workers that are no number": (
        ["run", "x.yaml", "--workers", "two"],
        "error: argument --workers: invalid int value: 'two'",
    ),
}


@pytest.mark.parametrize("name", USAGE)
def test_usage(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, message = USAGE[name]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: python -m model ")
    assert message in printed.err


@pytest.mark.parametrize("command", [["run"], ["curve", "--pollutant", "SO2"], ["sweep"]])
def test_no_workers(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "x.yaml", "--workers", "0"]) == 2
    assert "--workers: '0' is too few; write 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["-m", "model"], ["run_scenario.py"]])
def test_help_is_printed(command: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("usage: python -m model ")
    words = ("--set", "--out", "--lang", "--workers") if len(command) == 1 else ("check", "run")
    assert all(word in run.stdout for word in words)


HEAVY = ("pyomo", "highspy", "seaborn", "matplotlib", "pandas", "xarray", "numpy", "scipy", "pint")
IMPORTS = """
import sys
import model.__main__
try:
    status = model.__main__.main(sys.argv[1:])
except SystemExit as ended:
    status = ended.code
print(status, *sorted(set(sys.modules) & {names}), file=sys.stdout)
"""


def imported(arguments: list[str]) -> list[str]:
    """Status of a command, and the heavy packages that were imported for it."""
    code = IMPORTS.format(names=set(HEAVY))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("arguments", [["rnu"], [], ["run", "x.yaml", "--lang", "fr"], ["--help"]])
def test_a_wrong_word_answers_without_loading_anything(arguments: list[str]) -> None:
    assert imported(arguments) == ["0" if arguments == ["--help"] else "2"]


def test_check_loads_neither_solver_nor_figures(folder: Path) -> None:
    found = imported(["check", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs")])
    assert found[0] == "0"
    assert "pandas" in found
    assert not {"pyomo", "highspy", "seaborn", "matplotlib"} & set(found)
