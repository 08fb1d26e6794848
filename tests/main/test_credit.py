"""What must hold of credit.csv of the shipped scenario, whatever its numbers are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests.main.outsider_tables import read

if TYPE_CHECKING:
    from tests.conftest import MainRun

pytestmark = pytest.mark.xdist_group("main")

WORDS = {"solved", "no_solve", "no_plan", "already_law", "physical", "not_imposed", "not_in_model"}
POLLUTANTS = ("SO2", "NOx", "VOCs", "PM2.5", "CO2")


@pytest.fixture(scope="module")
def scenario(main_run: MainRun) -> Mapping[str, Any]:
    return YAML(typ="safe").load(main_run.scenario)


@pytest.fixture(scope="module")
def credit(main_run: MainRun) -> pd.DataFrame:
    return read(main_run.folder / "credit.csv").set_index("clause")


def test_every_clause_once_in_the_order_of_the_register(main_run: MainRun, credit: pd.DataFrame) -> None:
    assert credit.index.tolist() == read(main_run.folder / "clauses.csv")["clause"].tolist()
    assert set(credit["status"]) <= WORDS
    assert (credit["status"] == "solved").sum() >= 5
    assert (credit["status"] == "no_solve").sum() >= 5


def test_what_is_law_and_what_is_not_modelled(credit: pd.DataFrame, scenario: Mapping[str, Any]) -> None:
    law = {
        name
        for part in ("mandates", "changes")
        for name, entry in scenario[part].items()
        if entry.get("already_law")
    }
    assert set(credit.index[credit["status"] == "already_law"]) == law & set(credit.index)
    assert set(credit.index[credit["status"] == "not_in_model"]) >= set(scenario["not_modelled"])


def test_no_limit_or_mandate_makes_a_plan_cheaper(
    main_run: MainRun, credit: pd.DataFrame, scenario: Mapping[str, Any]
) -> None:
    """And none saves more than what is proven; where nothing is saved that is the plan's gap or less."""
    manifest = json.loads((main_run.folder / "manifest.json").read_text(encoding="utf-8"))
    answered = credit[credit["status"].isin(["solved", "no_solve"])]
    without = answered[~answered.index.isin(scenario["changes"])]
    assert (without["saving_cny"] >= -1e-5 * abs(manifest["cost_cny"])).all()
    assert (answered["saving_cny"] <= answered["saving_at_most_cny"] + 1.0).all()
    still = answered[answered["status"] == "no_solve"]
    assert (still["saving_cny"] == 0).all()
    # The bound of the plan also has what groups of narrow limits add to that of the relaxation.
    assert (still["saving_at_most_cny"] >= manifest["cost_cny"] - manifest["bound_cny"] - 1.0).all()
    changeless = still[~still.index.isin(scenario["changes"])]
    assert (changeless[[f"loss_{pollutant}_t" for pollutant in POLLUTANTS]] == 0).all(axis=None)


def test_a_limit_saves_no_more_than_its_price_by_what_it_lets_go(
    main_run: MainRun, credit: pd.DataFrame, scenario: Mapping[str, Any]
) -> None:
    """The least cost is convex in a bound: the first tonne given back saves the most."""
    limits = read(main_run.folder / "limits.csv")
    tested = 0
    for row in limits[(limits["price"] > 0) & limits["quantity"].isin(POLLUTANTS)].to_dict("records"):
        if row["clause"] not in credit.index or isinstance(row["where"], str):
            continue
        found = credit.loc[row["clause"]]
        worth = row["price"] * 1.05 ** (scenario["start"] - row["year"])
        assert found["status"] == "solved"
        assert found["year"] == row["year"]
        assert 0 < found["saving_cny"] <= 1.01 * worth * found[f"loss_{row['quantity']}_t"]
        tested += 1
    assert tested >= 2


def test_actions_are_those_that_name_the_clause(main_run: MainRun, credit: pd.DataFrame) -> None:
    plan = read(main_run.folder / "plan.csv")
    named = plan["clause"].fillna("").str.split("+")
    for clause, row in credit.iterrows():
        own = plan[[clause in clauses for clauses in named]]
        assert row["actions"] == len(own)
        if len(own):
            assert row["action_SO2_t"] == pytest.approx(own["abated_SO2_t"].sum(), rel=1e-8, abs=1e-6)
            assert row["action_annual_cost_cny"] == pytest.approx(
                own["annual_cost_cny"].sum(), rel=1e-8, abs=0.1
            )
