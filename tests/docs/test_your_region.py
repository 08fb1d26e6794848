"""docs/your_region.md works as written: its commands and files, in order, in a copy of the checkout."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.levels import LONG

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+) ?(.*?)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


pytestmark = LONG


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the page needs of a checkout: the program and the shared tables."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "model", folder / "model", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "inputs" / "reference", folder / "inputs" / "reference")
    shutil.copy(ROOT / "run_scenario.py", folder)
    (folder / "inputs" / "plans").mkdir()
    return folder


def commands(block: str, checkout: Path) -> str:
    """What the commands of a block print; each must end well."""
    said = ""
    for line in block.splitlines():
        program, *rest = shlex.split(line)
        assert program == ".venv/bin/python"
        done = subprocess.run(
            [sys.executable, *rest],
            cwd=checkout,
            env={"PYTHONPATH": str(checkout), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        said += done.stdout
    return said


def place(kind: str, where: str, block: str, checkout: Path) -> None:
    """Do with a file's text what the page says: new, appended, as a workbook, or into the scenario."""
    action, _, name = where.rpartition(" ")
    if kind == "yaml":
        path = checkout / "scenarios" / "my_city.yaml"
        text = path.read_text(encoding="utf-8")
        at = text.index("mandates:\n") + len("mandates:\n") if name == "mandates" else len(text)
        path.write_text(text[:at] + block + text[at:], encoding="utf-8")
    elif action == "excel":
        head, *rows = csv.reader(io.StringIO(block))
        pd.DataFrame(rows, columns=head).to_excel(checkout / name, index=False)
    elif action == "append":
        with (checkout / name).open("a", encoding="utf-8") as file:
            file.write(block)
    else:
        (checkout / name).write_text(block, encoding="utf-8")


def test_the_page_as_it_is_written(checkout: Path) -> None:
    page = (ROOT / "docs" / "your_region.md").read_text(encoding="utf-8")
    said, heard = "", ""
    for kind, where, block in BLOCK.findall(page):
        if kind == "sh":
            said = commands(block, checkout)
            heard += said
        elif kind == "text":
            assert set(block.splitlines()) <= set(said.splitlines())
        else:
            place(kind, where, block, checkout)
    assert "sources of 2020: 22" in heard  # 20 of `new`, three boilers replaced by five
    results = checkout / "outputs" / "my_city"
    clauses = pd.read_csv(results / "clauses.csv").set_index("clause")
    assert clauses.loc["MC-SPECIAL", "status"] in ("met", "met_by_baseline")
    assert clauses.loc["MC-PATROL", "status"] == "not_in_model"
    plan = pd.read_csv(results / "plan.csv")
    assert {"boiler.1", "boiler.2", "boiler.5"} <= set(
        plan["source"]
    )  # small ones go, large ones are cleaned
    factors = pd.read_csv(checkout / "inputs" / "my_city" / "calibration.csv")
    assert factors["factor"].between(0.4, 1.6).all()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("boilers", "990121", "990103", "'990103' is not in areas"),
        ("boilers", "fuel_t", "t", "'t' is of the wrong dimension; a unit like GJ or fuel_t or fuel_GJ"),
        ("boilers", "capacity,", "容量(t/h),", "容量(t/h): is not a column of sources"),
        ("boilers", ",0.8,", ',"0,8",', "'0,8' is not a number"),
        ("boilers", "estimate,E", "estimate,B", "'B' is too good for citation 'own_estimate'"),
        ("boilers", "own_estimate", "MY_REGISTER", "'MY_REGISTER' is not in citations"),
        ("boilers", "", "", "boilers.xlsx: is there beside boilers.csv; keep one"),
        (
            "residential",
            "residential_coal,",
            "commercial_stove,",
            "'class: residential_coal' matches no source",
        ),
    ],
)
def test_the_mistakes_of_the_page_are_said_so(
    tmp_path: Path, name: str, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from model.__main__ import main

    page = (ROOT / "docs" / "your_region.md").read_text(encoding="utf-8")
    assert f"`{said}`" in page or f"where: {said}`" in page or f"activity_unit: {said}`" in page
    (tmp_path / "reference").symlink_to(ROOT / "inputs" / "reference")
    folders = ["--inputs", str(tmp_path)]
    assert main(["new", "r1", *folders, "--scenarios", str(tmp_path)]) == 0
    path = tmp_path / "r1" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    if old:
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    else:
        pd.read_csv(path).to_excel(path.with_suffix(".xlsx"), index=False)
    capsys.readouterr()
    assert main(["check", str(tmp_path / "r1.yaml"), *folders]) == 2
    assert said in capsys.readouterr().err
