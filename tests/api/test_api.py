"""The Python interface: every name is documented and typed, the steps lead where the command leads, types
show themselves, bad input is refused.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import model.api as api
from model.api import InputError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ERENHOT = ROOT / "scenarios" / "erenhot_2019.yaml"
VERBS = [name for name in api.__all__ if inspect.isfunction(getattr(api, name))]


@pytest.fixture(scope="module")
def said() -> io.StringIO:
    """What the examples of the page print."""
    return io.StringIO()


@pytest.fixture(scope="module")
def page(said: io.StringIO) -> SimpleNamespace:
    """The names that the examples of the page make, run from the top folder one after the other."""
    names: dict[str, Any] = {}
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(said):
        for number, part in enumerate(FENCE.findall(PAGE.read_text(encoding="utf-8"))):
            exec(compile(part, f"{PAGE.name}, example {number + 1}", "exec"), names)
    return SimpleNamespace(**names)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="module")
def results(page: SimpleNamespace, out: Path) -> api.Results:
    return api.run(page.tables, page.scenario, out)


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


def test_the_examples_of_the_page_say_what_it_says(page: SimpleNamespace, said: io.StringIO) -> None:
    assert "million CNY, proven to within 0." in said.getvalue()
    assert "solver.gap: '-1' is not between 0 and 1" in said.getvalue()
    # Gas for less makes what burns it cheaper, and no plan dearer.
    assert (page.others.running <= page.options.running).all()
    assert (page.others.running < page.options.running).any()
    assert page.other.bound_cny <= api.evaluate(page.problem, page.plan).cost_cny
    assert "SO2" in page.learnt["totals"]["pollutant"].to_numpy()


def test_the_steps_lead_to_the_plan_of_a_run(page: SimpleNamespace, results: api.Results) -> None:
    found = api.evaluate(page.problem, page.plan)
    assert results.manifest["problem_sha256"] == page.problem.sha256()
    assert found.cost_cny == pytest.approx(results.manifest["cost_cny"], rel=1e-12)
    assert page.plan.bound_cny <= found.cost_cny
    assert page.plan.status == results.manifest["status"] == "optimal"
    pd.testing.assert_frame_equal(page.results.plan, results.plan)


def test_the_emission_of_the_inventory_is_that_of_the_results(
    page: SimpleNamespace, results: api.Results
) -> None:
    sums = page.inventory.emission().isel(year=0).sum("source", min_count=1).to_series()
    rows = results.emissions
    rows = rows[(rows["case"] == "plan") & (rows["year"] == results.start)]
    told = rows.groupby("pollutant")["value"].sum()
    pd.testing.assert_series_equal(
        told.sort_index(), sums.dropna().sort_index(), check_names=False, check_index_type=False, rtol=1e-9
    )


def test_a_case_without_decisions_needs_no_solver(page: SimpleNamespace) -> None:
    baseline = api.build_baseline(page.tables, page.scenario, page.inventory, "frozen")
    options = api.build_options(page.tables, page.scenario, baseline)
    problem = api.build_problem(page.tables, page.scenario, baseline, options)
    plan = api.solve(problem)
    assert api.evaluate(problem, plan).cost_cny == 0
    assert (plan.state == problem.state_start[:-1, None]).all()


def test_settings_change_a_scenario() -> None:
    changed = api.load_scenario(ERENHOT, {"discount_rate": "8 %", "solver.gap": 0.02})
    assert changed.discount_rate == pytest.approx(0.08)
    assert changed.solver.gap == 0.02


def test_a_problem_that_minimises_emission_is_solved_for_it(page: SimpleNamespace) -> None:
    least = api.load_scenario(ERENHOT, {"minimise": "{SO2: 1}"})
    problem = api.build_problem(page.tables, least, page.baseline, page.options)
    plan = api.solve(problem, replace(least.solver, gap=0.01))
    assert plan.route[0].startswith("least emission")
    assert api.evaluate(problem, plan).cost_cny > api.evaluate(page.problem, page.plan).cost_cny


def test_a_run_is_written_where_it_is_asked_for(results: api.Results, out: Path) -> None:
    folder = out / results.scenario
    assert (folder / "report.html").is_file()
    assert len(pd.read_csv(folder / "plan.csv")) == len(results.plan) > 0


def test_a_curve_shows_its_points(page: SimpleNamespace) -> None:
    points = page.curves.curve
    assert 2 <= len(points) <= 4
    assert points["reduction_t"].is_monotonic_increasing
    assert points["total_cost_cny"].is_monotonic_increasing
    html = page.curves._repr_html_()
    assert html.count("<tr>") == len(points) + 1
    assert f"{points['reduction_pct'].iloc[-1]:.3g}</td>" in html


def test_a_calibration_draws_the_inventory_to_what_was_observed(page: SimpleNamespace) -> None:
    moved = page.learnt["residuals"].dropna(subset=["residual_before", "residual_after"])
    assert len(moved) > 3
    assert np.square(moved["residual_after"]).sum() < np.square(moved["residual_before"]).sum()


def test_types_show_themselves(page: SimpleNamespace, results: api.Results) -> None:
    inventory = page.inventory._repr_html_()
    total = float(page.inventory.emission().sel(pollutant="SO2").sum())
    assert f">{total:,.0f}</td>" in inventory
    assert f">{len(page.problem.source):,}</td>" in page.problem._repr_html_()
    assert page.plan.status in page.plan._repr_html_()
    assert f"{page.plan.bound_cny:,.0f}" in page.plan._repr_html_()
    cost = results.manifest["cost_cny"] / 1e6
    assert f"present value {cost:,.1f} million CNY" in results._repr_html_()
    assert "<td" in page.tables._repr_html_()
    assert page.scenario.name in page.scenario._repr_html_()


def test_what_is_shown_is_escaped(page: SimpleNamespace) -> None:
    html = replace(page.problem, name="<script>")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_bad_input_is_refused_with_its_place(page: SimpleNamespace) -> None:
    tables, scenario = page.tables, page.scenario
    other = api.load_scenario(ROOT / "scenarios" / "honghe_2018_2020.yaml")
    with pytest.raises(
        InputError, match=r"honghe_2018_2020.yaml, row \d+, region: 'honghe' is not 'erenhot'"
    ):
        api.build_inventory(tables, other)
    with pytest.raises(InputError, match="calibration: 'none_such'"):
        api.build_inventory(tables, replace(scenario, calibration="none_such"))
    with pytest.raises(InputError, match=r"'law' is not known; known: current_law, frozen, plan"):
        api.build_baseline(tables, scenario, page.inventory, "law")
    with pytest.raises(InputError, match="'SO3' is not known; did you mean 'SO2'"):
        api.curve(tables, scenario, "SO3")
    with pytest.raises(InputError, match="'1999' is no decision year"):
        api.curve(tables, scenario, "SO2", year=1999)
    with pytest.raises(InputError, match="'1' gives no range"):
        api.calibrate(tables, scenario, draws=1)
    with pytest.raises(InputError, match=r"solver\.gap: '-1' is not between"):
        api.load_scenario(ERENHOT, {"solver.gap": -1})
    with pytest.raises(ValueError, match="method evaluate is not known here"):
        api.solve(page.problem, replace(scenario.solver, method="evaluate"))


def test_help_of_the_commands_stays_quick() -> None:
    """It imports neither frames nor solvers."""
    code = (
        "import sys\nfrom model.__main__ import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'pandas', 'numpy', 'pyomo', 'model.api'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
