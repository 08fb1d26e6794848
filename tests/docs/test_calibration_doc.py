"""docs/calibration.md says what the command gives."""

from __future__ import annotations

import re

import pytest

from docs.build_calibration import DOCS, PARTS, RUNS, Page, build, read_page, used
from tests.levels import LONG


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page()


def test_every_part_of_the_template_is_made() -> None:
    text = (DOCS / "calibration.template.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\{(\w+)\}\}", text)) == set(PARTS)


@LONG
def test_page_is_what_the_script_gives(page: Page) -> None:
    written = (DOCS / "calibration.md").read_text(encoding="utf-8")
    assert written == build(page), "run python -m docs.build_calibration"


@LONG
def test_the_calibrated_inventory_has_what_was_fitted(page: Page) -> None:
    """The rows written give the fit back to two per cent, whatever controls cut."""
    for name in RUNS:
        of = used(page.made[name])
        assert (of["achieved"] / of["fitted"]).between(0.98, 1.02).all(), name


@LONG
def test_what_the_page_says_in_words(page: Page) -> None:
    census, later = page.made["census"], page.made["later"]
    assert (census["parameters"]["sds_moved"].abs() < 0.5).all()
    totals = census["totals"][census["totals"]["sector"] == ""].set_index("pollutant")
    ratio = (totals["high_after"] / totals["low_after"]) / (totals["high_before"] / totals["low_before"])
    assert ratio[["SO2", "NOx"]].max() < 0.75
    assert set(later["conflicts"]["observation"]) == {"official.2020.VOCs"}
    assert "co2.chemicals.2017" in set(page.made["co2"]["conflicts"]["observation"])
    official = set(page.made["official"]["conflicts"]["observation"])
    assert {"official.2017.first.SO2", "official.2017.first.NOx"} <= official
