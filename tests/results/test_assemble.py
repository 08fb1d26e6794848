"""The results of a run solved for real, each number checked by hand or by a second route."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.base.finance import annuity
from model.base.words import CASES
from model.plan import evaluate, use
from model.report.page import report
from model.results.case import share_in
from model.results.emissions import emission_by_source
from model.results.write import folder, write_tables
from tests.results.toy_run import Run, toy_run

YEARS = (2018, 2019, 2020)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toy_run(tmp_path_factory.mktemp("toy"))


def row(frame: pd.DataFrame, **keys: object) -> pd.Series:
    chosen = frame
    for column, value in keys.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1, keys
    return chosen.iloc[0]


# ---- emission ----


def test_emission_of_a_case_is_what_its_limits_count(run: Run) -> None:
    total = run.results.emissions.groupby(["case", "year", "pollutant"])["value"].sum()
    for limit, pollutant, year in (
        ("T-SO2/2019", "SO2", 2019),
        ("T-SO2/2020", "SO2", 2020),
        ("T-VOC/2020", "VOCs", 2020),
    ):
        found = row(run.results.limits, limit=limit)
        assert total["plan", year, pollutant] == pytest.approx(found["achieved"], rel=1e-12)
        assert total["frozen", year, pollutant] == pytest.approx(found["frozen"], rel=1e-12)


def test_account_is_what_limits_count(run: Run) -> None:
    account = run.results.account.set_index(["case", "year", "pollutant"])["value"]
    found = row(run.results.limits, limit="T-SO2/2020")
    for case, column in (("plan", "achieved"), ("frozen", "frozen")):
        assert account[case, 2020, "SO2"] == pytest.approx(found[column], rel=1e-12)
    assert account["plan", 2017, "SO2"] == pytest.approx(run.results.links["start_value"].iloc[0], rel=1e-12)


def test_frozen_emission_is_activity_times_factor(run: Run) -> None:
    found = emission_by_source(run.frozen)[: len(run.frozen.sources)]  # projects are behind
    inventory = run.frozen.baseline.inventory.emission().transpose("source", "year", "pollutant").to_numpy()
    np.testing.assert_allclose(found, inventory, rtol=1e-12)


def test_start_year_is_the_same_in_every_case(run: Run) -> None:
    start = run.results.emissions[run.results.emissions["year"] == 2017]
    table = start.pivot_table(index=["city", "sector", "pollutant"], columns="case", values="value")
    assert set(table.columns) == set(CASES)
    assert (table.max(axis=1) == table.min(axis=1)).all()


def test_part_year_rule_of_one_boiler(run: Run) -> None:
    # b1 moves from coal to gas in 2019; a boiler emits 0.4 of the year in the new state and 0.6 in the old.
    place = run.plan.sources.index.get_loc("b1")
    coal, gas = (
        run.plan.options.states.query(f"source == {place} and label == @label")["SO2"].iloc[0]
        for label in ("coal/grate/bag", "natural_gas/gas_boiler/"[:-1])
    )
    heat = float(run.plan.baseline.inventory.activity.sel(source="b1", year=2019))
    found = emission_by_source(run.plan)[place, :, 0]
    assert found[1] == pytest.approx(heat * coal)
    assert found[2] == pytest.approx(heat * (0.4 * gas + 0.6 * coal))
    assert found[3] == pytest.approx(heat * gas)


def test_abatement_of_actions_is_the_emission_difference_when_none_is_under_way(run: Run) -> None:
    # The last actions are of 2019, so 2020 is a full year of all of them; activity does not change.
    plan = run.results.plan
    assert plan["year"].max() == 2019
    total = run.results.emissions.groupby(["case", "year", "pollutant"])["value"].sum()
    for pollutant in ("SO2", "NOx", "PM10", "CO2"):
        gone = total["frozen", 2020, pollutant] - total["plan", 2020, pollutant]
        assert plan[f"abated_{pollutant}_t"].sum() == pytest.approx(gone, rel=1e-9, abs=1e-9)


# ---- actions ----


def test_action_of_the_boiler_by_hand(run: Run) -> None:
    # 10 t/h at 300 000 CNY per t/h, 20 years at 5 %. Per GJ of heat 1.1 GJ gas at 2.5/0.036 CNY/GJ instead of
    # 1.25 GJ coal at 400/20 CNY/GJ, and 0.01 MWh less power at 500 CNY/MWh.
    action = row(run.results.plan, source="b1")
    heat = float(run.plan.baseline.inventory.activity.sel(source="b1", year=2020))
    running = heat * (1.1 * 2.5 / 0.036 - 1.25 * 400 / 20 - 0.01 * 500)
    assert action["investment_cny"] == pytest.approx(3e6)
    assert action["running_cny_per_yr"] == pytest.approx(running)
    assert action["annual_cost_cny"] == pytest.approx(running + 3e6 * annuity(0.05, 20))
    assert action["cny_per_t_SO2"] == pytest.approx(action["annual_cost_cny"] / action["abated_SO2_t"])
    assert (action["measures"], action["payer"], action["clause"]) == ("boiler_gas", "enterprise", "T-SMALL")
    assert (action["city"], action["county"], action["zone"]) == ("Alpha", "Alpha Centre", "city_built_up")


def test_action_without_a_mandate_names_the_clause_of_the_limit_it_relieves(run: Run) -> None:
    assert row(run.results.plan, source="h1")["clause"] == "T-SO2-2020"
    assert row(run.results.plan, source="t1")["clause"] == ""


def test_project_is_an_action(run: Run) -> None:
    action = row(run.results.plan, source="project.GAS-150100-1")
    assert (action["from_state"], action["to_state"]) == ("not_built", "built")
    assert action["investment_cny"] == pytest.approx(2e6)
    assert action["running_cny_per_yr"] == pytest.approx(1e5)
    assert np.isnan(action["cny_per_t_SO2"])


def test_states_of_the_plan_follow_from_its_actions(run: Run) -> None:
    moved = run.results.plan.groupby("source")["share"].sum()
    stays = {
        s: run.plan.share[run.plan.problem.state_start[i], -1] for i, s in enumerate(run.plan.problem.source)
    }
    for source, share in moved.items():
        assert stays[source] == pytest.approx(1 - share)


# ---- money ----


@pytest.mark.parametrize("case", ["law", "plan"])
def test_costs_discounted_are_the_cost_of_the_problem(run: Run, case: str) -> None:
    of = getattr(run, case)
    rows = run.results.costs[
        (run.results.costs["case"] == of.name) & (run.results.costs["kind"] != "investment")
    ]
    yearly = rows.groupby("year")["value"].sum().reindex(YEARS, fill_value=0.0)
    rate = np.array([1.05 ** -(year - 2017) for year in YEARS])
    assert rate @ yearly.to_numpy() == pytest.approx(evaluate(of.problem, of.plan).cost_cny, rel=1e-9)


def test_manifest_gives_cost_bound_and_gap(run: Run) -> None:
    manifest = run.results.manifest
    assert manifest["cost_cny"] == pytest.approx(evaluate(run.plan.problem, run.plan.plan).cost_cny)
    assert manifest["bound_cny"] <= manifest["cost_cny"] + 1e-6 * abs(manifest["cost_cny"])
    assert 0 <= manifest["gap"] <= 1e-6
    assert manifest["scenario_sha256"] == run.world.scenario.sha256
    assert all(len(sha) == 64 for sha in manifest["inputs"].values())


def test_payers_add_up_to_actions_and_costs(run: Run) -> None:
    results = run.results
    payers = results.payers[results.payers["case"] == "plan"]
    for column in ("investment_cny", "running_cny_per_yr", "annual_cost_cny"):
        assert payers[column].sum() == pytest.approx(results.plan[column].sum())
    invested = results.costs.query("case == 'plan' and kind == 'investment'").groupby("payer")["value"].sum()
    pd.testing.assert_series_equal(
        payers.set_index("payer")["investment_cny"].sort_index(), invested.sort_index(), check_names=False
    )
    # All actions are complete in 2020, so its annual cost is that of the first full year.
    last = results.costs.query("case == 'plan' and kind != 'investment' and year == 2020")["value"].sum()
    assert payers["annual_cost_cny"].sum() == pytest.approx(last)


def test_transfers_by_hand(run: Run) -> None:
    transfers, plan = run.results.transfers, run.results.plan
    share = row(plan, source="h1")["share"]
    home = row(transfers, measure="home_heat_pump")
    assert home["value"] == pytest.approx(0.3 * 20_000 * 1000 * share)
    assert (home["from_payer"], home["to_payer"], home["unit"]) == ("state", "city", "CNY")
    assert row(transfers, from_payer="city")["value"] == pytest.approx(5_000 * 10)
    running = row(transfers, from_payer="region")
    assert running["value"] == pytest.approx(0.1 * row(plan, source="b1")["running_cny_per_yr"])
    assert running["unit"] == "CNY/yr"


def test_gas_price_sensitivity_is_the_gas_more_that_is_burnt(run: Run) -> None:
    rows = run.results.sensitivity
    heat = float(run.plan.baseline.inventory.activity.sel(source="b1", year=2020))
    high = row(rows, item="natural_gas", level="high")
    assert (high["planned"], high["price"], high["unit"]) == (
        pytest.approx(2.5),
        pytest.approx(3.0),
        "CNY/m3",
    )
    assert high["change_cny_per_yr"] == pytest.approx(heat * 1.1 / 0.036 * 0.5)
    # Rated E without a range: the high end is ten times the value; less coal is burnt, so it saves.
    assert row(rows, item="coal", level="high")["price"] == pytest.approx(4000)
    assert row(rows, item="coal", level="high")["change_cny_per_yr"] < 0


# ---- limits ----


def test_chain_link_by_hand(run: Run) -> None:
    link = row(run.results.links, limit="T-SO2/2020")
    start = run.results.emissions.query("case == 'plan' and year == 2017 and pollutant == 'SO2'")[
        "value"
    ].sum()
    assert link["start_value"] == pytest.approx(start, rel=1e-12)
    assert link["bound"] == pytest.approx(start * 0.72 / 0.9, rel=1e-12)
    assert (link["cut"], link["progress"], link["base"]) == (pytest.approx(0.28), pytest.approx(0.1), "2015")
    assert link["bound"] == row(run.results.limits, limit="T-SO2/2020")["bound"]


def test_share_is_in_per_cent(run: Run) -> None:
    limit = row(run.results.limits, limit="GAS-SHARE/2020")
    states, plan = run.plan.options.states, run.plan
    boilers = (plan.sources["class"] == "boiler").to_numpy()[states["source"].to_numpy()]
    heat = plan.activity[states["source"].to_numpy(), -1] * plan.share[: len(states), -1] * boilers
    ratio = 100 * (heat @ states["gas_energy"].to_numpy()) / (heat @ states["coal_energy"].to_numpy())
    assert limit["achieved"] == pytest.approx(ratio)
    assert (limit["bound"], limit["unit"]) == (pytest.approx(30.0), "%")
    assert limit["slack"] == pytest.approx(30.0 - ratio)


def test_supply_shows_use_against_supply(run: Run) -> None:
    # 1e6 m3 stand; the new pipe of 5e6 is built in 2019 and supplies half of that year.
    gas = [row(run.results.limits, limit=f"GAS/{year}/150100") for year in YEARS]
    assert [limit["bound"] for limit in gas] == pytest.approx([1e6, 3.5e6, 6e6])
    labels = run.plan.problem.quantity.tolist()
    used = use(run.plan.problem, run.plan.plan, labels.index("natural_gas"))
    alpha = (run.plan.sources["city"] == "150100").to_numpy()
    for at, limit in enumerate(gas):
        assert limit["achieved"] == pytest.approx(used[: len(alpha)][alpha, at].sum())
        assert limit["slack"] == pytest.approx(limit["bound"] - limit["achieved"])
        assert limit["where"] == ""


def test_status_of_limits(run: Run) -> None:
    status = run.results.limits.set_index("limit")["status"]
    assert status["T-SO2/2020"] == "binding"
    assert status["T-SO2/2019"] == "slack"
    assert status["T-TOO-MUCH/2020"] == "missed"
    assert status["T-KILN/2020"] == "reported"
    assert row(run.results.limits, limit="T-SO2/2020")["price"] > 0
    assert row(run.results.limits, limit="T-KILN/2020")["where"] == "class=cement_kiln"


# ---- clauses ----


def test_every_clause_has_its_answer(run: Run) -> None:
    clauses = run.results.clauses.set_index("clause")
    assert list(clauses.index) == list(run.register["clause"])
    expected = {
        "T-SO2-2019": ("limit", "met"),
        "T-SO2-2020": ("limit", "met"),
        "T-VOC": ("limit", "met_by_baseline"),
        "T-TOO-MUCH": ("limit", "missed"),
        "T-SMALL": ("mandate", "met"),
        "T-NEW": ("mandate", "met_by_baseline"),
        "T-KILN": ("reported", "reported"),
        "T-GREEN": ("change", "met"),
        "T-ALARM": ("alert", "reported"),
        "T-TREES": ("not_modelled", "not_in_model"),
        "T-FORGOTTEN": ("not_modelled", "not_in_model"),
    }
    found = {clause: (answer["treatment"], answer["status"]) for clause, answer in clauses.iterrows()}
    assert found == expected
    assert clauses.at["T-SMALL", "evidence"] == (
        "T-SMALL: 1 of 1 sources concerned comply by 2020-12-31, 0 in the frozen case"
    )
    assert clauses.at["T-TREES", "evidence"] == "not modelled: trees are no source"
    assert clauses.at["T-VOC", "evidence"].endswith("; met without any action of the plan")
    assert set(clauses["plan"]) == {"toy_plan"}


def test_pathway_of_another_case_is_read_by_label(run: Run) -> None:
    problem = run.plan.problem
    np.testing.assert_array_equal(share_in(problem, problem, run.plan.share), run.plan.share)
    law = share_in(problem, run.law.problem, run.law.share)
    for start, end in zip(problem.state_start[:-1], problem.state_start[1:], strict=True):
        np.testing.assert_allclose(law[start:end].sum(axis=0), 1.0)


# ---- files ----


def test_two_runs_write_the_same_bytes_but_for_the_manifest(run: Run, tmp_path: Path) -> None:
    again = toy_run(tmp_path / "inputs_again")
    for name, results in (("one", run.results), ("two", again.results)):
        with folder(tmp_path / name) as work:
            write_tables(results, work)
    for path in (tmp_path / "one").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_report_of_the_run_renders(run: Run, tmp_path: Path) -> None:
    report.write_report(run.results, "en", tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "judged and not imposed it misses 1" in text  # T-TOO-MUCH; T-KILN holds
    assert "Coal to gas" in text
    assert "T-FORGOTTEN" in text
