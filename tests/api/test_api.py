"""The Python interface: every name is documented and typed, the steps lead where the command leads, types
show themselves, bad input is refused.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import model.api as api
from model.api import InputError

ROOT = Path(__file__).parents[2]
ERENHOT = ROOT / "scenarios" / "erenhot_2019.yaml"
VERBS = [name for name in api.__all__ if inspect.isfunction(getattr(api, name))]


@dataclass(frozen=True)
class Steps:
    """Erenhot, one step after the other."""

    tables: api.Tables
    scenario: api.Scenario
    inventory: api.Inventory
    baseline: api.Baseline
    options: api.Options
    problem: api.Problem
    plan: api.Plan


@pytest.fixture(scope="module")
def steps() -> Steps:
    scenario = api.load_scenario(str(ERENHOT))
    tables = api.load_tables("erenhot")
    inventory = api.build_inventory(tables, scenario)
    baseline = api.build_baseline(tables, scenario, inventory)
    options = api.build_options(tables, scenario, baseline)
    problem = api.build_problem(tables, scenario, baseline, options)
    return Steps(tables, scenario, inventory, baseline, options, problem, api.solve(problem, scenario.solver))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="module")
def results(steps: Steps, out: Path) -> api.Results:
    return api.run(steps.tables, steps.scenario, out)


def test_the_verbs_that_a_newcomer_expects() -> None:
    wanted = {"load_tables", "load_scenario", "build_inventory", "build_options", "build_problem"}
    assert wanted | {"solve", "curve", "calibrate", "run"} <= set(VERBS)
    assert api.__all__ == sorted(api.__all__)


@pytest.mark.parametrize("name", api.__all__)
def test_every_name_is_documented(name: str) -> None:
    about = inspect.getdoc(getattr(api, name)) or ""
    assert len(about.split()) > 4
    # What dataclass writes where nobody did.
    assert not about.startswith(f"{name}(")


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_typed(name: str) -> None:
    signature = inspect.signature(getattr(api, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty


def test_the_steps_lead_to_the_plan_of_a_run(steps: Steps, results: api.Results) -> None:
    found = api.evaluate(steps.problem, steps.plan)
    assert results.manifest["problem_sha256"] == steps.problem.sha256()
    assert found.cost_cny == pytest.approx(results.manifest["cost_cny"], rel=1e-12)
    assert steps.plan.bound_cny <= found.cost_cny
    assert steps.plan.status == results.manifest["status"] == "optimal"


def test_the_emission_of_the_inventory_is_that_of_the_results(steps: Steps, results: api.Results) -> None:
    sums = steps.inventory.emission().isel(year=0).sum("source", min_count=1).to_series()
    rows = results.emissions
    rows = rows[(rows["case"] == "plan") & (rows["year"] == results.start)]
    told = rows.groupby("pollutant")["value"].sum()
    pd.testing.assert_series_equal(
        told.sort_index(), sums.dropna().sort_index(), check_names=False, check_index_type=False, rtol=1e-9
    )


def test_a_case_without_decisions_needs_no_solver(steps: Steps) -> None:
    baseline = api.build_baseline(steps.tables, steps.scenario, steps.inventory, "frozen")
    options = api.build_options(steps.tables, steps.scenario, baseline)
    problem = api.build_problem(steps.tables, steps.scenario, baseline, options)
    plan = api.solve(problem)
    assert api.evaluate(problem, plan).cost_cny == 0
    assert (plan.state == problem.state_start[:-1, None]).all()


def test_settings_change_a_scenario() -> None:
    changed = api.load_scenario(ERENHOT, {"discount_rate": "8 %", "solver.gap": 0.02})
    assert changed.discount_rate == pytest.approx(0.08)
    assert changed.solver.gap == 0.02


def test_a_problem_that_minimises_emission_is_solved_for_it(steps: Steps) -> None:
    least = api.load_scenario(ERENHOT, {"minimise": "{SO2: 1}"})
    problem = api.build_problem(steps.tables, least, steps.baseline, steps.options)
    plan = api.solve(problem, replace(least.solver, gap=0.01))
    assert plan.route[0].startswith("least emission")
    assert api.evaluate(problem, plan).cost_cny > api.evaluate(steps.problem, steps.plan).cost_cny


def test_a_run_is_written_where_it_is_asked_for(results: api.Results, out: Path) -> None:
    folder = out / results.scenario
    assert (folder / "report.html").is_file()
    assert len(pd.read_csv(folder / "plan.csv")) == len(results.plan) > 0


def test_a_curve(steps: Steps) -> None:
    found = api.curve(steps.tables, steps.scenario, "SO2", points=3)
    points = found.curve
    assert 2 <= len(points) <= 3
    assert points["reduction_t"].is_monotonic_increasing
    assert points["total_cost_cny"].is_monotonic_increasing
    html = found._repr_html_()
    assert html.count("<tr>") == len(points) + 1
    assert f"{points['reduction_pct'].iloc[-1]:.3g}</td>" in html


def test_a_calibration_draws_the_inventory_to_what_was_observed(steps: Steps) -> None:
    found = api.calibrate(steps.tables, steps.scenario, ["bottom_up"], name="mine", draws=10)
    assert (found["calibration"]["calibration"] == "mine").all()
    moved = found["residuals"].dropna(subset=["residual_before", "residual_after"])
    assert len(moved) > 3
    assert np.square(moved["residual_after"]).sum() < np.square(moved["residual_before"]).sum()


def test_types_show_themselves(steps: Steps, results: api.Results) -> None:
    inventory = steps.inventory._repr_html_()
    total = float(steps.inventory.emission().sel(pollutant="SO2").sum())
    assert f">{total:,.0f}</td>" in inventory
    assert f">{len(steps.problem.source):,}</td>" in steps.problem._repr_html_()
    assert steps.plan.status in steps.plan._repr_html_()
    assert f"{steps.plan.bound_cny:,.0f}" in steps.plan._repr_html_()
    cost = results.manifest["cost_cny"] / 1e6
    assert f"present value {cost:,.1f} million CNY" in results._repr_html_()
    assert "<td" in steps.tables._repr_html_()
    assert steps.scenario.name in steps.scenario._repr_html_()


def test_what_is_shown_is_escaped(steps: Steps) -> None:
    html = replace(steps.problem, name="<script>")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_bad_input_is_refused_with_its_place(steps: Steps) -> None:
    tables, scenario = steps.tables, steps.scenario
    other = api.load_scenario(ROOT / "scenarios" / "honghe_2018_2020.yaml")
    with pytest.raises(
        InputError, match=r"honghe_2018_2020.yaml, row \d+, region: 'honghe' is not 'erenhot'"
    ):
        api.build_inventory(tables, other)
    with pytest.raises(InputError, match="calibration: 'none_such'"):
        api.build_inventory(tables, replace(scenario, calibration="none_such"))
    with pytest.raises(InputError, match=r"'law' is not known; known: current_law, frozen, plan"):
        api.build_baseline(tables, scenario, steps.inventory, "law")
    with pytest.raises(InputError, match="'SO3' is not known; did you mean 'SO2'"):
        api.curve(tables, scenario, "SO3")
    with pytest.raises(InputError, match="'1999' is no decision year"):
        api.curve(tables, scenario, "SO2", year=1999)
    with pytest.raises(InputError, match="'1' gives no range"):
        api.calibrate(tables, scenario, draws=1)
    with pytest.raises(InputError, match=r"solver\.gap: '-1' is not between"):
        api.load_scenario(ERENHOT, {"solver.gap": -1})
    with pytest.raises(ValueError, match="method evaluate is not known here"):
        api.solve(steps.problem, replace(scenario.solver, method="evaluate"))


def test_help_of_the_commands_stays_quick() -> None:
    """It imports neither frames nor solvers."""
    code = (
        "import sys\nfrom model.__main__ import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'pandas', 'numpy', 'pyomo', 'model.api'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
