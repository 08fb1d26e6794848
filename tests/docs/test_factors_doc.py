"""docs/factors.md says what the tables say, and no effective factor leaves its published range in silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from docs.build_factors import DOCS, Page, build, read_page
from docs.factor_ranges import KEPT, compare
from model.inventory.review.published import of_fleet, of_states
from model.tables.read import Tables


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page()


def test_page_is_what_the_script_gives(page: Page) -> None:
    written = (DOCS / "factors.md").read_text(encoding="utf-8")
    assert written == build(page), "run python -m docs.build_factors"


def test_no_table_is_left_out() -> None:
    assert "{{" not in (DOCS / "factors.md").read_text(encoding="utf-8")


def test_every_factor_control_and_standard_stands_on_the_page(page: Page) -> None:
    text = (DOCS / "factors.md").read_text(encoding="utf-8")
    frame = page.tables.frame
    listed = text.split("## 8. All factors by class")[1]
    lines = [line for line in listed.splitlines() if line.startswith("| ") and not line.startswith("| fuel")]
    assert len(lines) == len(frame["emission_factors"])
    for control in frame["controls"]["control"].unique():
        assert f"| {control} |" in text
    assert text.count("| ultra_low |") == (frame["standards"]["standard"] == "ultra_low").sum()


def ranges(page: Page, **cells: object) -> pd.Series:
    """A published range of the page, with other cells."""
    row = page.tables.frame["published_ranges"].iloc[0].copy()
    for name, cell in cells.items():
        row[name] = cell
    return row


def of_state(row: pd.Series, page: Page) -> float:
    """What the tables give for one state."""
    (value,) = of_states(pd.DataFrame([row]).infer_objects(), page.tables)
    return value


def test_a_state_by_hand(page: Page) -> None:
    """16 S kg/t, 0.65 % and 17 GJ/t of the default coal, whatever the boiler's efficiency."""
    own = {"class": "boiler", "fuel": "coal", "technology": "grate", "controls": (), "capacity": 10.0}
    row = ranges(page, **own, pollutant="SO2", unit="g/GJ", of="state")
    assert of_state(row, page) == pytest.approx(16 * 0.65 / 17 * 1000)
    assert of_state(ranges(page, **{**row, "unit": "kg/t"}), page) == pytest.approx(16 * 0.65)


def test_a_concentration_by_hand(page: Page) -> None:
    """160 g/GJ over 250 m3/GJ of stoichiometric flue gas at 9 % oxygen."""
    own = {"class": "boiler", "fuel": "coal", "technology": "grate", "controls": (), "capacity": 10.0}
    row = ranges(page, **own, pollutant="NOx", unit="mg/m3", of="state")
    assert of_state(row, page) == pytest.approx(160e3 / (250 * 20.9 / (20.9 - 9)))


def test_a_fleet_is_emission_over_activity(page: Page) -> None:
    row = ranges(page, **{"class": "steel_plant", "fuel": "coal", "technology": "bf_bof"}, of="fleet")
    row["pollutant"], row["unit"] = "NOx", "kg/t"
    sources = page.inventory.sources
    kept = ((sources["class"] == "steel_plant") & (sources["technology"] == "bf_bof")).to_numpy()
    emission = page.inventory.emission().isel(year=0).sel(pollutant="NOx").to_numpy()[kept].sum()
    steel = page.inventory.activity.isel(year=0).to_numpy()[kept].sum()
    assert of_fleet(row, page.tables, page.inventory) == pytest.approx(1000 * emission / steel)


def test_a_figure_outside_without_a_reason_is_refused(page: Page) -> None:
    frame = page.tables.frame
    narrow = frame["published_ranges"].copy()
    narrow["about"] = narrow["about"].str.split(KEPT).str[0]
    tables = replace(page.tables, frame={**frame, "published_ranges": narrow.assign(low=0.0, high=1e-9)})
    with pytest.raises(LookupError, match="power_unit coal fleet SO2"):
        compare(tables, page.inventory)


def test_published_ranges_are_wide_enough_to_judge_by(page: Page) -> None:
    """More than half of the classes that carry SO2, NOx and VOCs have one, and most factors lie inside."""
    found = compare(page.tables, page.inventory)
    inside = [one.inside for one in found]
    assert len(found) > 40
    assert np.mean(inside) > 0.85
    low, high = page.tables.frame["published_ranges"][["low", "high"]].to_numpy().T
    assert (low <= high).all()


def test_emission_of_most_sulphur_and_nitrogen_is_published(page: Page) -> None:
    """Of SO2 7 in 10 t, of NOx 7 in 10 t rest on factors that were seen or derived from what was seen."""
    table = page.access().splitlines()[2:]
    published = next(line for line in table if line.startswith("| published")).split("|")[2:4]
    assert all(float(cell) > 70 for cell in published)


def test_tables_are_of_one_region(page: Page) -> None:
    assert isinstance(page.tables, Tables)
    assert page.region() == "Inner Mongolia"
