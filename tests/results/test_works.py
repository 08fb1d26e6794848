"""What each action is, routes of the largest emitters, and the assumptions, of the toy run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.base.words import PAYERS
from model.results.assumptions import assumption_frame
from tests.results.toy_run import Run, toy_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toy_run(tmp_path_factory.mktemp("toy"))


def work(run: Run, source: str) -> pd.Series:
    rows = run.results.works[run.results.works["source"] == source]
    assert len(rows) == 1
    return rows.iloc[0]


def test_works_stand_beside_the_plan(run: Run) -> None:
    for column in ("source", "year"):
        assert run.results.works[column].tolist() == run.results.plan[column].tolist()
    paid = run.results.works[[f"investment_{payer}_cny" for payer in PAYERS]].sum(axis=1)
    np.testing.assert_allclose(paid, run.results.plan["investment_cny"], rtol=1e-12)


def test_work_of_a_boiler(run: Run) -> None:
    # 10 t/h of coal to gas in 2019; 1.25 GJ of coal of 20 GJ/t a GJ of heat; 0.4 of the year counts.
    row, action = work(run, "b1"), run.results.plan.set_index("source").loc["b1"]
    heat = float(run.plan.baseline.inventory.activity.sel(source="b1", year=int(action["year"])))
    assert (row["class"], row["action"], row["capacity"], row["capacity_unit"]) == (
        "boiler",
        "structural",
        10,
        "tph",
    )
    assert (row["fuel_from"], row["fuel_to"], row["technology_to"]) == ("coal", "natural_gas", "gas_boiler")
    assert row["coal_t"] == pytest.approx(heat * 1.25 / 20)
    assert row["counted_SO2_t"] == pytest.approx(0.4 * action["abated_SO2_t"])
    assert row["investment_enterprise_cny"] == pytest.approx(3e6)


def test_work_of_a_project(run: Run) -> None:
    row = work(run, "project.GAS-150100-1")
    assert (row["class"], row["action"], row["capacity"], row["capacity_unit"]) == (
        "project",
        "structural",
        5e6,
        "m3/yr",
    )
    assert np.isnan(row["coal_t"])
    assert row["manual_code"] == ""


def test_standards_are_those_that_the_new_state_meets(run: Run) -> None:
    works = run.results.works
    standards = run.world.tables.frame["standards"]
    known = set(standards.loc[standards["pollutant"] == "SO2", "limit_mg_m3"].dropna())
    named = works["limit_SO2"].dropna()
    assert set(named) <= known
    assert works.loc[works["meets_to"].isin(["", "none", "closed"]), "limit_SO2"].isna().all()


def test_routes_begin_with_what_the_plan_does(run: Run) -> None:
    routes, plan = run.results.routes, run.results.plan
    chosen = routes[routes["route"] == 0].set_index("source")
    assert len(chosen)
    for source, row in chosen.iterrows():
        action = plan[plan["source"] == source].iloc[-1]
        assert row["to_state"] == action["to_state"]
    others = routes[routes["route"] > 0]
    for row in others.to_dict("records"):
        mine = chosen.loc[row["source"]]
        most = max(("SO2", "NOx", "VOCs", "PM10"), key=lambda p: float(mine[f"abated_{p}_t"]))
        assert row[f"abated_{most}_t"] >= 0.5 * mine[f"abated_{most}_t"]
        assert row["to_state"] != mine["to_state"]
    assert routes.groupby("source").size().max() <= 3


def test_routes_are_of_the_largest_first(run: Run) -> None:
    emitted = run.results.routes[[f"emits_{p}_t" for p in ("SO2", "NOx", "VOCs", "PM10")]].sum(axis=1)
    assert emitted.is_monotonic_decreasing


def test_assumptions_are_rows_of_the_tables(run: Run) -> None:
    found = run.results.assumptions
    tables = run.world.tables.frame
    prices = found[found["kind"] == "price"]
    assert set(prices["year"]) == {2017}  # the nearest earlier year that the table has
    gas = prices[prices["subject"] == "natural_gas"].iloc[0]
    assert gas["value"] in set(tables["prices"].loc[tables["prices"]["item"] == "natural_gas", "value"])
    used = set("+".join(run.results.plan["measures"]).split("+"))
    assert set(found.loc[found["kind"] == "measure", "subject"]) <= used
    assert {"capital", "lifetime"} <= set(found["item"])


def test_a_price_of_the_scenario_takes_the_place_of_the_tables(run: Run, tmp_path: Path) -> None:
    scenario = run.world.under("prices: {natural_gas: 3 CNY/m3}\n").scenario
    found = assumption_frame(run.world.tables, scenario, run.results.plan)
    gas = found[found["subject"] == "natural_gas"]
    assert (gas["value"].tolist(), gas["citation"].tolist()) == ([3.0], ["scenario"])
