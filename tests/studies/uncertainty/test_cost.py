"""Cost of a plan of the miniature inputs against rows of the tables worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.base.finance import annuity
from model.pipeline.run import Built, build_cases
from model.plan import frozen_plan
from model.results.assemble import city_frame
from model.results.case import Case
from model.studies.uncertainty.cost import Costs, annuity_elasticity, cost_frame, plan_costs
from model.studies.uncertainty.given import Given


@pytest.fixture(scope="module")
def costs(built: Built, given: Given) -> Costs:
    assert built.ground is not None
    return plan_costs(given, built.ground.space.catalogue, city_frame(given.tables, given.plan))


def test_nothing_moved_is_the_cost_of_the_plan(given: Given, costs: Costs) -> None:
    still = costs.draws(np.zeros((len(costs.numbers.frame), 1)))[:, 0]
    assert still[0] == pytest.approx(given.plan.found.cost_cny)
    years = len(given.plan.problem.years)
    assert still[1 + 2 * years :] == pytest.approx(given.plan.found.running)
    rate = given.plan.problem.weight * given.plan.problem.discount
    assert rate @ (given.plan.found.running + given.plan.found.charged) == pytest.approx(still[0])


def test_moved_rows_are_the_cost_built_anew(built: Built, given: Given, costs: Costs) -> None:
    """Capital, yearly items and prices moved in the tables, and everything built again: the same cost."""
    frame = costs.numbers.frame
    theta = np.random.default_rng(2).normal(0, 0.3, len(frame))
    data, prices = given.tables.frame["measure_data"], given.tables.frame["prices"]
    item = data["item"].isin(["capital", "fixed_om", "variable_om", "value_lost"]).to_numpy()
    free = np.append(theta, 0.0)
    of_data, of_prices = costs.numbers.of_rows(data), costs.numbers.of_rows(prices)
    theta[np.setdiff1d(of_data[~item], [-1])] = 0.0
    free = np.append(theta, 0.0)
    tables = replace(
        given.tables,
        frame={
            **given.tables.frame,
            "measure_data": data.assign(value=data["value"] * np.exp(free[of_data])),
            "prices": prices.assign(value=prices["value"] * np.exp(free[of_prices])),
        },
    )
    again = build_cases(replace(built.prepared, tables=tables)).cases["plan"]
    assert np.array_equal(again[2].state_label, given.plan.problem.state_label)
    anew = Case(*again, given.plan.plan).found
    drawn = costs.draws(theta[:, None])[:, 0]
    assert abs(anew.cost_cny / given.plan.found.cost_cny - 1) > 0.01
    certain = costs.value[0] - costs.amount[0].sum()
    assert drawn[0] == pytest.approx(anew.cost_cny, abs=1e-6 * abs(anew.cost_cny) + abs(certain))


def test_a_plan_that_does_nothing_costs_nothing(built: Built, given: Given) -> None:
    assert built.ground is not None
    still = replace(given, plan=Case(*built.cases["plan"], frozen_plan(built.cases["plan"][2])))
    none = plan_costs(still, built.ground.space.catalogue, city_frame(given.tables, given.plan))
    assert (none.draws(none.theta(50, 0)) == 0).all()


def test_elasticity_of_the_annuity_is_its_slope() -> None:
    years, step = 12.0, 1e-6
    slope = np.log(annuity(0.05, years * (1 + step)) / annuity(0.05, years * (1 - step))) / (2 * step)
    assert annuity_elasticity(0.05, np.array([years])) == pytest.approx([slope], rel=1e-5)
    assert annuity_elasticity(0.0, np.array([years])) == pytest.approx([-1.0])


def test_one_row_has_the_quantiles_of_its_lognormal(costs: Costs) -> None:
    """A cost of one capital row alone: median the value, 97.5 % the value times exp(1.96 log sd)."""
    row = int(np.argmax(np.abs(costs.amount[0])))
    amount = np.zeros_like(costs.amount)
    amount[:, row] = 100.0
    one = replace(costs, amount=amount, value=np.full(len(costs.value), 100.0))
    log_sd = np.sqrt((costs.profiles[[row]].toarray()[0] ** 2) @ costs.numbers.log_sd**2)
    found = cost_frame(one, one.draws(one.theta(4000, 0))).iloc[0]
    assert found["median"] == pytest.approx(100.0, rel=0.05)
    assert found["high"] == pytest.approx(100.0 * np.exp(1.96 * log_sd), rel=0.1)
    assert found["certain"] == pytest.approx(0.0, abs=1e-9)
