"""Runs by other methods and objectives, on the miniature inputs: what they write and what they promise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.__main__ import main
from tests.small_inputs import write_small_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("methods")
    write_small_run(folder)
    return folder


def run(root: Path, name: str, *settings: str) -> tuple[int, Path, dict[str, Any]]:
    """Status, folder and manifest of a run with settings."""
    arguments = [part for setting in settings for part in ("--set", setting)]
    out = root / name
    status = main(
        ["run", str(root / "toy.yaml"), "--inputs", str(root / "inputs"), "--out", str(out), *arguments]
    )
    return status, out / "toy", json.loads((out / "toy" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def least(root: Path) -> tuple[int, Path, dict[str, Any]]:
    """The run as it is, with alternatives."""
    return run(root, "least", "solver.alternatives=3", "solver.within=20 %")


def test_the_default_is_pricing_and_says_how_it_went(least: tuple[int, Path, dict[str, Any]]) -> None:
    status, _, manifest = least
    assert (status, manifest["status"], manifest["method"]) == (0, "optimal", "pricing")
    assert manifest["route"]
    assert manifest["gap"] <= 1e-6


def test_cheapest_first_is_never_below(root: Path, least: tuple[int, Path, dict[str, Any]]) -> None:
    status, folder, greedy = run(root, "greedy", "solver.method=greedy")
    best = least[2]
    assert (status, greedy["method"]) == (0, "greedy")
    assert greedy["bound_cny"] <= best["cost_cny"] + 1 <= greedy["cost_cny"] + 2
    assert "alternatives" not in greedy
    assert not (folder / "alternatives.csv").exists()
    assert 'id="alternatives"' not in (folder / "report.html").read_text(encoding="utf-8")


def test_least_emission(root: Path, least: tuple[int, Path, dict[str, Any]]) -> None:
    """No plan emits less, cost stays money, and what the law asks for is still met at least cost."""
    status, folder, manifest = run(root, "emission", "minimise={SO2: 1}")
    assert (status, manifest["status"]) == (0, "optimal")
    emitted = {at: so2(at) for at in (folder, least[1])}
    assert manifest["minimised"]["value"] == pytest.approx(emitted[folder]["plan"], rel=1e-9)
    assert manifest["minimised"]["weights"] == {"SO2": 1.0}
    assert manifest["minimised"]["bound"] <= manifest["minimised"]["value"]
    assert emitted[folder]["plan"] < emitted[least[1]]["plan"]
    assert emitted[folder]["current_law"] == pytest.approx(emitted[least[1]]["current_law"], rel=1e-9)
    assert manifest["cost_cny"] == pytest.approx(present_value(folder), rel=1e-9)
    assert manifest["cost_cny"] > least[2]["cost_cny"]
    assert pd.read_csv(folder / "limits.csv")["price"].isna().all()
    assert "within" in (folder / "report.html").read_text(encoding="utf-8")


def so2(folder: Path) -> pd.Series:
    """t of the decision years by case, of sources in the account."""
    rows = pd.read_csv(folder / "emissions.csv")
    rows = rows[(rows["pollutant"] == "SO2") & (rows["year"] > 2017)]
    return rows.groupby("case")["value"].sum()


def present_value(folder: Path) -> float:
    """Annuity and the yearly kinds of costs.csv at 5 %."""
    rows = pd.read_csv(folder / "costs.csv")
    rows = rows[(rows["case"] == "plan") & (rows["kind"] != "investment")]
    return float((rows["value"] * 1.05 ** -(rows["year"] - 2017.0)).sum())


def test_a_carbon_price_is_in_the_objective_and_no_social_cost(
    root: Path, least: tuple[int, Path, dict[str, Any]]
) -> None:
    """50 CNY/t on the CO2 of every year over and above the frozen case; a part of its own in costs.csv."""
    _, folder, manifest = run(root, "priced", "prices={CO2: 50 CNY/t}")
    costs = pd.read_csv(folder / "costs.csv")
    charged = costs[(costs["kind"] == "emission_price") & (costs["case"] == "plan")]
    charged = charged.groupby("year")["value"].sum()
    emissions = pd.read_csv(folder / "emissions.csv")
    emissions = emissions[(emissions["pollutant"] == "CO2") & (emissions["year"] > 2017)]
    by_case = emissions.pivot_table(index="year", columns="case", values="value", aggfunc="sum")
    more = (by_case["plan"] - by_case["frozen"]).to_numpy()
    assert charged.to_numpy() == pytest.approx(50 * more, rel=1e-6)
    discounted = float((charged * 1.05 ** -(charged.index - 2017.0)).sum())
    assert manifest["emission_price_cny"] == pytest.approx(discounted, rel=1e-9)
    assert manifest["cost_cny"] == pytest.approx(present_value(folder), rel=1e-9)
    plan, policy = pd.read_csv(folder / "plan.csv"), pd.read_csv(folder / "iamc.csv")
    payers = pd.read_csv(folder / "payers.csv").set_index("case").loc["plan", "running_cny_per_yr"].sum()
    assert payers == pytest.approx(plan["running_cny_per_yr"].sum(), rel=1e-9)
    social = costs[(costs["case"] == "plan") & ~costs["kind"].isin(["investment", "emission_price"])]
    told = policy[(policy["variable"] == "Policy Cost|Air Pollution Control") & (policy["region"] == "Toy")]
    told = told[told["scenario"] == "toy|plan"].set_index("year")["value"] * 1e6
    assert told.to_numpy() == pytest.approx(social.groupby("year")["value"].sum().to_numpy(), rel=1e-8)


def test_a_budget_binds_what_it_names(root: Path, least: tuple[int, Path, dict[str, Any]]) -> None:
    """A budget on the investment of both years, a tenth below what the cheapest plan spends."""
    costs = pd.read_csv(least[1] / "costs.csv")
    spent = costs[(costs["case"] == "plan") & (costs["kind"] == "investment")].groupby("year")["value"].sum()
    year, most = int(spent.idxmax()), 0.9 * float(spent.max())
    budget = f"limits.BUDGET={{quantity: investment, at_most: {{{year}: {most:.0f} CNY}}}}"
    _, folder, manifest = run(root, "budget", budget)
    limit = pd.read_csv(folder / "limits.csv", index_col="limit").loc[f"BUDGET/{year}"]
    assert limit["achieved"] <= most * (1 + 1e-6)
    assert manifest["cost_cny"] >= least[2]["cost_cny"] - 1


def test_alternatives_and_what_all_of_them_need(least: tuple[int, Path, dict[str, Any]]) -> None:
    """Worked by hand from the files: counts, needs, the slack; plan 1 is the plan."""
    _, folder, manifest = least
    about = manifest["alternatives"]
    rows, measures = pd.read_csv(folder / "alternatives.csv"), pd.read_csv(folder / "measures.csv")
    plans = rows["plan"].unique().tolist()
    assert plans == [row["plan"] for row in about["plans"]] == list(range(1, len(plans) + 1))
    assert 1 < len(plans) <= 4
    assert about["plans"][0]["cost_cny"] == manifest["cost_cny"]
    assert all(row["cost_cny"] <= about["most_cny"] + 1 for row in about["plans"])
    assert all(row["repeated"] < 1 for row in about["plans"][1:])
    own = pd.read_csv(folder / "plan.csv")
    first = rows[rows["plan"] == 1].reset_index(drop=True)
    shared = [c for c in rows.columns if c in own.columns]
    pd.testing.assert_frame_equal(first[shared], own[shared])
    acted = rows.groupby(["source", "to_state"])["plan"].nunique()
    for row in rows.itertuples():
        needed = acted[row.source, row.to_state] == len(plans)
        assert row.need == ("must_have" if needed else "choice")
    region = measures[measures["city"].isna()].set_index("measure")
    for measure, row in region.iterrows():
        by_plan = rows[rows["measures"].str.split("+").map(lambda m, one=measure: one in m)]
        counts = by_plan.groupby("plan")["share"].sum().reindex(plans, fill_value=0.0)
        assert (row["fewest"], row["most"]) == pytest.approx((counts.min(), counts.max()))
        some = int((counts > 0).sum())
        assert row["need"] == ("must_have" if some == len(plans) else "choice" if some else "never")
    assert set(measures["need"]) >= {"must_have", "never"}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="alternatives"' in page


def test_beside_a_plan_that_misses_limits_nothing_is_looked_for(root: Path) -> None:
    unmet = "limits.T-SO2.at_most={2019: 1 % of 2015}"
    status, folder, manifest = run(root, "missed", "solver.alternatives=2", unmet)
    assert status == 1
    assert [row["plan"] for row in manifest["alternatives"]["plans"]] == [1]
    assert "meet every limit" in manifest["alternatives"]["ended"]
    assert pd.read_csv(folder / "measures.csv").empty
    assert pd.read_csv(folder / "alternatives.csv").empty
