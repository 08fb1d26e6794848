"""A run whose plan can not be met: everything is written, and it says why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from tests.small_inputs import write_small_run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    write_small_run(tmp_path)
    settings = ["--set", "limits.TOY-SO2={quantity: SO2, link: none, at_most: {2018: 1 t}, strength: hard}"]
    places = ["--inputs", str(tmp_path / "inputs"), "--out", str(tmp_path), "--lang", lang]
    status = main(["run", str(tmp_path / "toy.yaml"), *places, *settings])
    assert status == 1
    folder = tmp_path / "toy"
    rows = pd.read_csv(folder / "explain.csv")
    judged = pd.read_csv(folder / "limits.csv").set_index("limit")
    missed = set(judged.index[judged["status"] == "missed"])
    assert "TOY-SO2/2018" in missed
    together = rows[rows["kind"] == "reach_together"].set_index("limit")["value"]
    alone = rows[rows["kind"] == "reach_alone"].set_index("limit")["value"]
    assert set(together.index) == missed
    assert together["TOY-SO2/2018"] == pytest.approx(judged.loc["TOY-SO2/2018", "achieved"])
    assert 1 < alone["TOY-SO2/2018"] <= together["TOY-SO2/2018"] * (1 + 1e-3)
    assert "TOY-SO2/2018" in set(rows.loc[rows["kind"] == "conflict", "limit"])
    assert "in each other's way: " in capsys.readouterr().out
    asked = {"en": "Why can it not be met?", "zh": "为什么不能全部达到？"}[lang]
    assert asked in (folder / "report.html").read_text(encoding="utf-8")
