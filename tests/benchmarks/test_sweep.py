"""The benchmark of sweeps on the miniature inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sweep import main
from tests.levels import LONG
from tests.small_inputs import write_small_run


@LONG
def test_one_worker_and_two_give_the_same_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs, scenario = write_small_run(tmp_path)
    over = "sweep.over.discount_rate=[3 %, 8 %]"
    rows = main(["--scenario", str(scenario), "--inputs", str(inputs), "--set", over])
    assert [(row["workers"], row["cases"], row["same_tables"]) for row in rows] == [
        ("1 here", 3, True),
        ("2 here", 3, True),
    ]
    assert all(row["goes_on"] for row in rows)
    assert "tables equal" in capsys.readouterr().out
