"""docs/hindcast.md says what the two runs and the tables say, and explains every difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from docs.build_hindcast import DOCS, DONE, HAPPENED, PLANNED, SEEN, World, build, read_world
from tests.levels import LONG

if TYPE_CHECKING:
    from tests.conftest import MainRun

pytestmark = [pytest.mark.xdist_group("main"), LONG]


@pytest.fixture(scope="module")
def world(shipped: Callable[[str], MainRun]) -> World:
    planned, happened = shipped(PLANNED), shipped(HAPPENED)
    assert planned.folder.parent == happened.folder.parent
    return read_world(planned.folder.parent, planned.inputs)


def test_page_is_what_the_script_gives(world: World) -> None:
    written = (DOCS / "hindcast.md").read_text(encoding="utf-8")
    assert written == build(world), "run both scenarios, then python -m docs.build_hindcast OUTPUTS"
    assert "{{" not in written


def test_a_difference_without_a_reason_is_refused(world: World) -> None:
    with pytest.raises(LookupError, match="small boilers of cities"):
        build(replace(world, why={}))


def test_every_reason_belongs_to_a_row(world: World) -> None:
    assert set(world.why) == {row.what for row in (*DONE, *SEEN)}


def test_energy_as_it_happened_misses_what_the_plan_demanded(world: World) -> None:
    """254.9 Mtce in 2019 already: no set of actions brings 2020 to 225 (NDRC summons)."""
    missed = set(world.clauses[HAPPENED].query("status == 'missed'")["clause"])
    assert "IM20-ENERGY-CAP" in missed
    assert "IM20-ENERGY-CAP" not in set(world.clauses[PLANNED].query("status == 'missed'")["clause"])
