"""docs/demands.md: every fragment loads by itself, and every kind of demand has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.scenario.load import load_scenario
from tests.demands.page import HEADS, PAGE, fragments

KINDS = 20


@pytest.mark.parametrize(("heading", "region", "body"), fragments(), ids=lambda text: str(text)[:30])
def test_a_fragment_loads_alone(tmp_path: Path, heading: str, region: str, body: str) -> None:
    path = tmp_path / "fragment.yaml"
    path.write_text(HEADS[region] + body, encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.entries
    assert all(not entry.stated for entry in scenario.entries), "no clause is named"


def test_every_heading_has_its_fragment() -> None:
    headings = [line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert [heading for heading, _, _ in fragments()] == headings
    assert len(headings) >= KINDS
