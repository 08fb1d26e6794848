"""The notebooks run from the first cell to the last, and are kept without what they print."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.levels import LONG

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "docs" / "notebooks"
NAMES = ("planner", "researcher", "analyst")

EXECUTE = """
import sys
from nbclient import NotebookClient
from nbformat import read, validate
book = read(sys.argv[1], as_version=4)
validate(book)
NotebookClient(book, timeout=900, kernel_name="python3").execute()
"""


def cells(name: str) -> list[dict[str, Any]]:
    """The cells of a notebook."""
    found: list[dict[str, Any]] = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    return found


def test_there_is_one_for_each_kind_of_user() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_short_and_kept_without_outputs(name: str) -> None:
    code = [cell for cell in cells(name) if cell["cell_type"] == "code"]
    assert 5 <= len(code) <= 10
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    text = "".join("".join(cell["source"]) for cell in cells(name))
    assert not re.search(r"/(home|root|tmp|work)/", text)


@LONG
@pytest.mark.parametrize("name", NAMES)
def test_it_runs(name: str, tmp_path: Path) -> None:
    """In a kernel of its own, started where the notebook stands; a cell that fails fails the test."""
    own = {"JUPYTER_PLATFORM_DIRS": "1", "JUPYTER_RUNTIME_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, f"{name}.ipynb"],
        cwd=NOTEBOOKS,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
