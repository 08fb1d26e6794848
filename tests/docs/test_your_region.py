"""The example of docs/your_region.md is a whole region: it passes check and runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd

from model.__main__ import main

ROOT = Path(__file__).parents[2]


def test_example_checks_and_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "your_region.md").read_text(encoding="utf-8")
    areas, boilers, scenario = re.findall(r"```(?:csv|yaml)\n(.*?)```", page, flags=re.DOTALL)
    shutil.copytree(ROOT / "inputs" / "reference", tmp_path / "inputs" / "reference")
    region = tmp_path / "inputs" / "my_city"
    region.mkdir()
    (region / "areas.csv").write_text(areas, encoding="utf-8")
    (region / "boilers.csv").write_text(boilers, encoding="utf-8")
    (tmp_path / "my_city.yaml").write_text(scenario, encoding="utf-8")
    options = [str(tmp_path / "my_city.yaml"), "--inputs", str(tmp_path / "inputs")]
    assert main(["check", *options]) == 0
    assert main(["run", *options, "--out", str(tmp_path / "out")]) == 0
    plan = pd.read_csv(tmp_path / "out" / "my_city" / "plan.csv")
    assert "b1" in set(plan["source"])  # the small boiler must go
    limits = pd.read_csv(tmp_path / "out" / "my_city" / "limits.csv").set_index("limit")
    assert limits.loc["SO2-2020/2020", "achieved"] <= limits.loc["SO2-2020/2020", "bound"] * (1 + 1e-6)
