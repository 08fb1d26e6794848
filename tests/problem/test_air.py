"""Concentrations as limits: two cities and precursors by hand, what is refused, least cost by trying all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.plan import evaluate, frozen_plan
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.scenario.scenario import SolverOptions
from model.solve.solve import solve
from tests.baseline.world import World, coal_boiler
from tests.options.catalogue import FGD, GAS, boiler_world, costs, data, options_of
from tests.small_inputs import REGION, SOURCES
from tests.solve.brute import best_units

AIR = "area,pollutant,year,value,unit,low,high,citation,rating\n"
OBSERVED = AIR + (
    "150100,PM2.5,2015,50,ug/m3,,,MADE_UP,E\n"
    "150200,PM2.5,2015,30,ug/m3,,,MADE_UP,E\n"
    "150100,PM2.5,2017,40,ug/m3,,,MADE_UP,E\n"
    "150200,PM2.5,2016,20,ug/m3,,,MADE_UP,E\n"
    "150200,PM2.5,2018,22,ug/m3,,,MADE_UP,E\n"
)
HEAD = "area,pollutant,precursor,source_area,value,unit,low,high,citation,rating\n"
SHARES = HEAD + (
    ",PM2.5,SO2,,30,%,10,50,MADE_UP,E\n"
    ",PM2.5,NOx,,20,%,10,30,MADE_UP,E\n"
    ",PM2.5,background,,50,%,30,70,MADE_UP,E\n"
    "150200,PM2.5,SO2,150100,25,%,,,MADE_UP,E\n"
    "150200,PM2.5,background,,75,%,,,MADE_UP,E\n"
)
BETA = coal_boiler("b2", area="150200", zone="rural", capacity=40, activity=300_000)
MEASURES = [GAS, FGD]
NUMBERS = [
    *costs("gas", 200_000),
    *costs("fgd"),
    data("fgd", "variable_om", 2, "CNY/GJ", "activity"),
]


def world_of(folder: Path, limits: str, shares: str | None = SHARES, observed: str = OBSERVED) -> World:
    """A boiler in each of two cities, nothing else, and these limits."""
    header = SOURCES.splitlines()[0]
    files = {f"{REGION}/air_quality.csv": observed}
    files[f"{REGION}/sources.csv"] = f"{header}\n"
    if shares is not None:
        files[f"{REGION}/receptors.csv"] = shares
    rows = (coal_boiler(), BETA)
    return boiler_world(folder, MEASURES, NUMBERS, f"limits: {{{limits}}}\n", rows, files=files)


def problem_of(world: World) -> Problem:
    return build_problem(world.scenario, world.baseline("plan"), options_of(world), {})


def used(problem: Problem, states: dict[str, str]) -> dict[str, float]:
    """Use of every limit with these sources in these states from the first year on."""
    plan = frozen_plan(problem)
    for name, label in states.items():
        at = problem.source.tolist().index(name)
        span = slice(*problem.state_start[at : at + 2])
        plan.state[at] = problem.state_start[at] + problem.state_label[span].tolist().index(label)
    return dict(zip(problem.limit.tolist(), evaluate(problem, plan).use.tolist(), strict=True))


def test_two_cities_by_hand(tmp_path: Path) -> None:
    """b1 is all that burns in Alpha; phi is 0.4. Beta's air follows Alpha's SO2
    alone; its 2017 is that of 2016, the earlier of two years as near.
    """
    limits = (
        "A: {quantity: PM2.5_concentration, at_most: {2018: 35 ug/m3, 2020: 90 % of 2015}}, "
        "E: {quantity: PM2.5_concentration, each: city, year: 2020, enforce: false}"
    )
    problem = problem_of(world_of(tmp_path, limits))
    frozen = used(problem, {})
    assert frozen["A/2018"] == pytest.approx((40 + 20) / 2)
    assert problem.bound[problem.limit.tolist().index("A/2020")] == pytest.approx(0.9 * (50 + 30) / 2)
    gas = used(problem, {"b1": "natural_gas/gas_boiler"})
    nox = (1.8e-6 * 1.1 / 0.036) / (3e-3 * 1.25 / 20)
    so2 = (0.3e-6 * 1.1) / (16e-3 * 0.8 * 1.25 / 20)
    alpha, beta = 40 * (0.5 + 0.3 * so2 + 0.2 * nox), 20 * (0.75 + 0.25 * so2)
    assert gas["E/2020/150100"] == pytest.approx(alpha)
    assert gas["E/2020/150200"] == pytest.approx(beta)
    assert gas["A/2020"] == pytest.approx((alpha + beta) / 2)
    assert gas["A/2018"] == pytest.approx(30 - 0.4 * (30 - (alpha + beta) / 2))


def test_the_optimiser_meets_it_at_least_cost(tmp_path: Path) -> None:
    limits = "A: {quantity: PM2.5_concentration, at_most: {2020: 88 % of 2017}}"
    problem = problem_of(world_of(tmp_path, limits))
    plan = solve(problem, SolverOptions(gap=1e-9))
    found = evaluate(problem, plan)
    assert found.use[0] <= problem.bound[0] < evaluate(problem, frozen_plan(problem)).use[0]
    assert found.cost_cny == pytest.approx(best_units(problem), rel=1e-7)


def test_what_can_not_be_judged_says_why(tmp_path: Path) -> None:
    limits = (
        "A: {quantity: PM2.5_concentration, at_most: {2020: 35 ug/m3}}, "
        "P: {quantity: PM10_concentration, at: {area: 150100}, at_most: {2020: 35 ug/m3}}, "
        "B: {quantity: PM2.5_concentration, at: {area: 150200}, at_most: {2020: 90 % of 2014}}"
    )
    without = problem_of(world_of(tmp_path, limits, shares=None))
    assert set(without.notes["not_imposed"]) == {"A/2020", "P/2020", "B/2020"}
    assert not without.enforced.any()
    assert np.isnan(without.bound).all()
    reasons = problem_of(world_of(tmp_path, limits)).notes["not_imposed"]
    assert reasons == {
        "P/2020": "receptors.csv has no PM10 of 150100",
        "B/2020": "air_quality.csv has no PM2.5 of 150200 in 2014",
    }
    unseen = SHARES.replace("NOx", "NH3")
    reason = problem_of(world_of(tmp_path, limits, unseen)).notes["not_imposed"]["A/2020"]
    assert reason == "the inventory of the start year has no NH3 in 150100"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (",PM2.5,SO2,,30,%", ",PM2.5,SO2,,35,%", "row 2, area: has shares of PM2.5 that add up to 105 %"),
        ("75,%,,", "0.75,%,,", "row 5, area: '150200' has shares of PM2.5 that add up to 25.75 %"),
        ("background,,50", "background,150100,50", "row 4, source_area: '150100' is given, and background"),
        (",PM2.5,NOx,,20,%", ",PM2.5,NOx,,20,t", "row 3, unit: 't' is of the wrong dimension"),
    ],
)
def test_shares_that_are_wrong(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        world_of(tmp_path, "", SHARES.replace(old, new))
    assert wrong in str(caught.value)


def test_limits_that_have_no_meaning(tmp_path: Path) -> None:
    for key in ("where: {class: boiler}", "share_of: all", "each: county"):
        with pytest.raises(InputError, match="_concentration is of"):
            world_of(tmp_path, f"A: {{quantity: PM2.5_concentration, year: 2020, {key}}}")
    with pytest.raises(InputError, match="no project supplies"):
        world_of(tmp_path, "A: {quantity: PM2.5_concentration, at_most: supply, year: 2020}")
    with pytest.raises(InputError, match="points"):
        world_of(tmp_path, "A: {quantity: PM2.5_concentration, at_most: 5 points below 2017, year: 2020}")
