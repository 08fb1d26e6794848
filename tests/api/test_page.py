"""The examples of docs/api.md run, one after the other, and write nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = FENCE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(code) >= 6
    names: dict[str, Any] = {}
    for number, part in enumerate(code):
        exec(compile(part, f"{PAGE.name}, example {number + 1}", "exec"), names)
    said = capsys.readouterr().out
    assert "million CNY, proven to within 0." in said
    assert "solver.gap: '-1' is not between 0 and 1" in said
    least = names["evaluate"](names["problem"], names["plan"])
    assert least.cost_cny == pytest.approx(names["results"].manifest["cost_cny"])
    assert names["other"].bound_cny < names["plan"].bound_cny
    assert {"enters"} == set(names["curves"].measures.query("change == 'enters'")["change"])
    assert len(names["learnt"]["totals"]) > 0
