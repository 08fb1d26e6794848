"""The data pages say what the tables say, and every large gap in them is explained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from docs.build_data import DOCS, PLANS, index, region_page, region_world
from docs.markdown import markdown
from docs.region_page import World
from model.report.page.tiles import place


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {region: region_world(region) for region in PLANS}


@pytest.mark.parametrize("region", PLANS)
def test_region_page_is_what_the_script_gives(worlds: dict[str, World], region: str) -> None:
    written = (DOCS / "data" / f"{region}.md").read_text(encoding="utf-8")
    assert written == region_page(worlds[region]), "run python -m docs.build_data"
    assert "{{" not in written


def test_index_is_what_the_script_gives(worlds: dict[str, World]) -> None:
    written = (DOCS / "data.md").read_text(encoding="utf-8")
    assert written == index(list(worlds.values())), "run python -m docs.build_data"
    assert "{{" not in written


def test_a_large_gap_without_a_reason_is_refused(worlds: dict[str, World]) -> None:
    world = replace(worlds["inner_mongolia"], why={}, unexplained=[])
    with pytest.raises(LookupError, match=r"official\.2020\.NOx"):
        region_page(world)


@pytest.mark.parametrize("region", PLANS)
def test_every_reason_belongs_to_an_observation(worlds: dict[str, World], region: str) -> None:
    world = worlds[region]
    assert set(world.why) <= set(world.tables.frame["observations"]["observation"])


def test_numbers_stand_to_the_right() -> None:
    table = markdown(("name", "value", "why"), [("a", "1.5", "x"), ("b", "", "")])
    assert table.splitlines() == [
        "| name | value | why |",
        "|---|---:|---|",
        "| a | 1.5 | x |",
        "| b |  |  |",
    ]


def test_tiles_keep_the_order_of_places_and_share_no_cell() -> None:
    """Four corners of a square, and one place beside another that must give way."""
    lat, lon = np.array([44.0, 44.0, 40.0, 40.0, 40.1]), np.array([110.0, 115.0, 110.0, 115.0, 115.0])
    tiles = place(lat, lon)
    assert len({tuple(cell) for cell in tiles}) == 5
    assert tiles.min() == 0
    assert tiles[0, 0] < tiles[2, 0]  # north above south
    assert tiles[0, 1] < tiles[1, 1]  # west left of east
    assert tiles[4, 0] <= tiles[3, 0]
    assert (place(lat[:1], lon[:1]) == 0).all()
