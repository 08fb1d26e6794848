"""docs/data.md says what the tables say, and every large gap in it is explained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from docs.build_data import DOCS, World, account, build, observed, ranges, read_world
from docs.markdown import markdown

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def world() -> World:
    return read_world(INPUTS)


def test_page_is_what_the_script_gives(world: World) -> None:
    written = (DOCS / "data.md").read_text(encoding="utf-8")
    assert written == build(world), "run python -m docs.build_data"


def test_no_table_is_left_out() -> None:
    assert "{{" not in (DOCS / "data.md").read_text(encoding="utf-8")


def test_a_large_gap_without_a_reason_is_refused(world: World) -> None:
    with pytest.raises(LookupError, match=r"official\.2017\.census\.VOCs"):
        account(replace(world, why={}))


def test_a_value_outside_its_range_without_a_reason_is_refused(world: World) -> None:
    why = {name: text for name, text in world.why.items() if name != "bottom_up.NOx.rail"}
    with pytest.raises(LookupError, match=r"bottom_up\.NOx\.rail"):
        ranges(replace(world, why=why))


def test_every_reason_belongs_to_an_observation(world: World) -> None:
    assert set(world.why) <= set(observed(world, ".*").index)


def test_numbers_stand_to_the_right() -> None:
    table = markdown(("name", "value", "why"), [("a", "1.5", "x"), ("b", "", "")])
    assert table.splitlines() == [
        "| name | value | why |",
        "|---|---:|---|",
        "| a | 1.5 | x |",
        "| b |  |  |",
    ]
