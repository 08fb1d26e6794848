"""docs/uncertainty.md says what the kept rows say; those are of the plan that the shipped scenario has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from docs.build_uncertainty import ALL, DOCS, Page, build, read_page

if TYPE_CHECKING:
    from tests.conftest import MainRun


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page()


def test_page_is_what_the_script_gives(page: Page) -> None:
    text = (DOCS / "uncertainty.md").read_text(encoding="utf-8")
    assert build(page) == text, "run python -m docs.build_uncertainty"
    assert "{{" not in text


def test_conclusions_hold(page: Page) -> None:
    """The sentences of the template that are words, not numbers."""
    met = page.limits.set_index("limit")["probability"]
    so2, nox = (met[[f"{name}/{year}" for year in (2018, 2019, 2020)]] for name in ("IM20-SO2", "IM20-NOX"))
    assert met[["IM20-SO2/2018", "IM20-NOX/2018", "IM20-VOC-2020/2020"]].max() < 0.5
    assert so2.is_monotonic_increasing
    assert nox.is_monotonic_decreasing
    assert met.drop(ALL).idxmin() == "IM20-NOX/2020"
    total = page.emissions.query("sector == 'all'")
    assert (total["median"] > total["value"]).all()
    assert (total["closed_high"] < total["high"]).all()
    money, tonnes = page.costs.query("item == 'total'").iloc[0], total.set_index("pollutant").loc["SO2"]
    assert money["high"] / money["low"] < tonnes["high"] / tonnes["low"]


@pytest.mark.xdist_group("main")
def test_rows_are_of_the_shipped_plan(page: Page, main_run: MainRun) -> None:
    run = pd.read_csv(main_run.folder / "emissions.csv")
    last = run[(run["case"] == "plan") & (run["year"] == run["year"].max())]
    for row in page.emissions.to_dict("records"):
        of = last if row["sector"] == "all" else last[last["sector"] == row["sector"]]
        mine = of.loc[of["pollutant"] == row["pollutant"], "value"].sum()
        assert row["value"] == pytest.approx(mine, rel=1e-6), row["pollutant"]
    limits = pd.read_csv(main_run.folder / "limits.csv").set_index("limit")
    rows = page.limits[page.limits["bound"] > 0]  # a share is drawn as an amount above 0
    assert len(rows) > 7
    for row in rows.to_dict("records"):
        assert row["bound"] == pytest.approx(limits.loc[row["limit"], "bound"], rel=1e-6), row["limit"]
        assert row["planned"] == pytest.approx(limits.loc[row["limit"], "achieved"], rel=1e-6), row["limit"]
