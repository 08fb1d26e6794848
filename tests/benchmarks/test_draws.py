"""The benchmark of draws on a small inventory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.draws import main
from tests.small_inputs import REGION, write_small_inputs


def test_draws_are_measured_next_to_numpy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = write_small_inputs(tmp_path)
    size = ["--draws", "20000", "--memory", "20", "--repeat", "1"]
    main(["--region", REGION, "--inputs", str(inputs), *size, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["sources"], found["pollutants"], found["draws"]) == (10, 10, 20000)
    assert found["of_numpy_cpu"] == pytest.approx(found["numpy_cpu_s"] / found["draws_cpu_s"])
    assert found["peak_mb"] >= found["before_mb"]
    main(["--region", REGION, "--inputs", str(inputs), *size])
    assert "of_numpy_cpu" in capsys.readouterr().out
