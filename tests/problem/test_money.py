"""Budgets, build rates, charges and objectives of a problem against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.plan import evaluate, frozen_plan, use
from model.problem.build import build_problem
from model.problem.objective import emission_terms, least_emission, with_most
from tests.options.catalogue import GAS, boiler_world, costs, options_of
from tests.problem.two_boilers import PIPES, SO2_2017, TWO, move_in_2019, problem_of


def test_each_and_build_rates(tmp_path: Path) -> None:
    text = (
        "limits: {R: {quantity: units_completed, where: {class: boiler}, each: county, year: 2019, "
        "at_most: 1}, "
        "I: {quantity: investment, year: 2019, at_most: 1 million CNY}}\n"
    ).replace("1 million CNY", "1000000 CNY")
    problem = problem_of(tmp_path, text)
    assert problem.limit.tolist() == ["R/2019/150102", "R/2019/150121", "I/2019"]
    plan = frozen_plan(problem)
    move = int(np.flatnonzero(problem.source_of_state[problem.move_from] == 0)[0])
    move_in_2019(problem, plan, move)
    found = evaluate(problem, plan)
    assert found.use[:2].tolist() == [1, 0]
    assert found.use[2] == pytest.approx(10 * 100_000)  # 10 t/h at 100 000 CNY


def test_cost_limit_counts_annuities_of_earlier_moves(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "limits: {C: {quantity: cost, year: 2020, at_most: 1000000 CNY}}\n")
    plan = frozen_plan(problem)
    move = int(np.flatnonzero(problem.source_of_state[problem.move_from] == 0)[0])
    move_in_2019(problem, plan, move)
    yearly = 1_000_000 * 0.05 / (1 - 1.05**-20)
    found = evaluate(problem, plan)
    assert found.use[0] == pytest.approx(problem.cost[problem.move_to[move], 2] + yearly, rel=1e-9)
    rest = 1.05**-2 + 1.05**-3
    assert problem.capital[move, 1] == pytest.approx(yearly, rel=1e-9)
    assert found.charged[1] * 1.05**-2 == pytest.approx(yearly * rest, rel=1e-9)


def test_charge_of_years_that_stand_for_several(tmp_path: Path) -> None:
    """2020 stands for 2019 too: what is built in 2018 is paid for three years, what in 2020 for two."""
    world = boiler_world(tmp_path, [GAS], [*costs("gas")], rows=TWO)
    world = replace(world, scenario=replace(world.scenario, years=(2018, 2020)))
    problem = build_problem(world.scenario, world.baseline("plan"), options_of(world, "plan"), {})
    rate = np.array([1.05**-1, 2 * 1.05**-3])
    assert problem.discount * problem.weight == pytest.approx(rate, rel=1e-12)
    assert rate * problem.charge == pytest.approx([rate.sum(), rate[1]], rel=1e-12)


def test_a_budget_counts_projects(tmp_path: Path) -> None:
    """A pipeline of 2 000 000 CNY and 100 000 CNY a year, built in 2019, in its city; of boilers it is no
    part.
    """
    text = (
        "limits: {I: {quantity: investment, year: 2019, at_most: 1000000 CNY}, "
        "C: {quantity: cost, year: 2020, at_most: 1000000 CNY}, "
        "B: {quantity: investment, where: {class: boiler}, year: 2019, at_most: 1000000 CNY}, "
        "E: {quantity: investment, each: city, year: 2019, at_most: 1000000 CNY}, "
        "GAS: {quantity: natural_gas, year: 2020, at_most: supply}}\n"
    )
    problem = problem_of(tmp_path, text, files=PIPES)
    plan = frozen_plan(problem)
    move_in_2019(problem, plan, -1)
    found = dict(zip(problem.limit.tolist(), evaluate(problem, plan).use, strict=True))
    assert found["I/2019"] == pytest.approx(2_000_000)
    assert found["C/2020"] == pytest.approx(100_000 + 2_000_000 * 0.05 / (1 - 1.05**-20))
    assert found["B/2019"] == 0
    assert found["E/2019/150100"] == pytest.approx(2_000_000)


def test_minimise_pollutants(tmp_path: Path) -> None:
    """The objective is then the weighted emission, moves are free, and the problem's own costs stay money."""
    text = "limits: {A: {quantity: NOx, at_most: {2020: 1 kt}}}\n"
    problem = problem_of(tmp_path, "minimise: {SO2: 2}\n" + text)
    aim = least_emission(problem)
    closed = problem.state_label.tolist().index("closed")
    zero = problem.state_start[problem.source_of_state[closed]]
    assert aim.cost[closed] == pytest.approx(np.zeros(3))
    assert aim.cost[zero] == pytest.approx(np.full(3, 2 * SO2_2017))
    assert (aim.capital[np.isfinite(aim.capital)] == 0).all()
    assert (aim.discount == 1).all()
    assert problem.cost[zero] == pytest.approx(np.zeros(3))
    assert problem.capital[np.isfinite(problem.capital)].max() > 0
    frozen = frozen_plan(problem)
    emitted = use(problem, frozen, problem.quantity.tolist().index("SO2")).sum(axis=0)
    total = 2 * float(problem.weight @ emitted)
    assert evaluate(aim, frozen).cost_cny == pytest.approx(total)
    held = with_most(problem, "SO2", emission_terms(problem), total)
    assert evaluate(held, frozen).use[-1] == pytest.approx(total)
