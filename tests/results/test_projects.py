"""A project that is built, with the emission and cost of its own supply, in the tables of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.plan import evaluate
from model.results.assemble import assemble
from tests.baseline.world import coal_boiler
from tests.options.catalogue import boiler_world, costs
from tests.options.supplies import BUILT, boilers_on_networks, on_network, project, projects_file
from tests.problem.test_supply import HOUSE, JOIN
from tests.results.toy_run import make_case, register
from tests.small_inputs import REGION, SOURCES

TEXT = """
register: toy_plan
limits:
  NOX: {quantity: NOx, year: all, at_most: 1 Mt}
  CITY: {quantity: NOx, each: city, year: all, at_most: 1 Mt}
  JOIN: {quantity: network_heat, at_least: {2020: 80 TJ/yr}}
  HEAT: {quantity: network_heat, each: network, year: all, at_most: supply}
prices: {CO2: 10 CNY/t}
solver: {gap: 1e-9}
"""


def test_a_built_boiler_house_is_in_every_table(tmp_path: Path) -> None:
    """100 TJ of a coal boiler house for b1; nothing else can supply its network."""
    header, unit, *_ = SOURCES.splitlines()
    rows = [project("HOUSE", 100, unit="TJ/yr", **BUILT, **HOUSE, variable_cny_per_unit=8)]
    files = {
        **boilers_on_networks(on_network(coal_boiler())),
        **projects_file(*rows),
        f"{REGION}/sources.csv": f"{header}\n{unit}\n",
    }
    world = boiler_world(tmp_path, [JOIN], costs("join"), TEXT, files=files)
    frozen, law, plan = (make_case(world, case) for case in ("frozen", "current_law", "plan"))
    results = assemble(world.tables, register(tmp_path), world.scenario, frozen, law, plan, {"solve": 1.0})

    account = results.account.set_index(["case", "year", "pollutant"])["value"]
    limits = results.limits.set_index("limit")
    emitted = results.emissions.query("case == 'plan' and pollutant == 'NOx'")
    for year in (2018, 2019, 2020):
        whole = limits.loc[f"NOX/{year}", "achieved"]
        assert account["plan", year, "NOx"] == pytest.approx(whole, rel=1e-12)
        assert limits.loc[f"CITY/{year}/150100", "achieved"] == pytest.approx(whole, rel=1e-12)
        assert emitted.loc[emitted["year"] == year, "value"].sum() == pytest.approx(whole, rel=1e-12)
    # In 2020 the boiler is gone and the house, grate boilers of 4 kg/t, makes the heat it was built for.
    p1 = float(world.inventory.emission().sel(source="p1", year=2017, pollutant="NOx"))
    assert account["plan", 2020, "NOx"] == pytest.approx(p1 + 1e5 * 4e-3 * 1.25 / 20, rel=1e-9)

    built = results.plan[results.plan["source"] == "project.HOUSE"].iloc[0]
    base = float(plan.options.projects["NOx"].iloc[0])
    assert built["abated_NOx_t"] == pytest.approx(-base)
    assert built["running_cny_per_yr"] == pytest.approx(1000 + 1e5 * (25 + 8 - 30))
    costs_of = results.costs.query("case == 'plan' and year == 2020 and kind != 'investment'")
    year = 2
    problem, answer = plan.problem, plan.plan
    running = (plan.used[:, year] * problem.cost[:, year]).sum()
    annuities = costs_of.loc[costs_of["kind"] == "annuity", "value"].sum()
    assert costs_of["value"].sum() - annuities == pytest.approx(running, rel=1e-9)
    assert evaluate(problem, answer).slack.min() >= -1e-6
