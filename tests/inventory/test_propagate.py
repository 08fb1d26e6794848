"""The closed form by hand, and against draws where deviations are small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.uncertain.draws import draw_parameters, total_draws
from model.inventory.uncertain.parameters import Parameters, parameters
from model.inventory.uncertain.propagate import propagate
from model.tables.read import Tables


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {})


@pytest.fixture(scope="module")
def found(inventory: Inventory, tables: Tables) -> Parameters:
    return parameters(inventory, tables)


def test_one_number_has_its_own_range(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    """Factors alone: SO2 of b1 rests on 16 kg/t, 14 to 18: 80 t times sqrt(18 / 14)."""
    groups = np.where(inventory.sources.index == "b1", 0, -1)
    got = propagate(inventory, tables, found, groups, kinds=("factor",))
    assert got.value[0, 0] == pytest.approx(80)
    assert got.high[0, 0] == pytest.approx(80 * np.sqrt(18 / 14))
    assert got.low[0, 0] == pytest.approx(80 / np.sqrt(18 / 14))


def test_what_is_shared_adds_up_and_the_rest_does_not(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    """SO2 of b1 (80 t) and b2 (4.64 t, behind fgd_wet) share factor and activity; own deviations and the
    control do not."""
    groups = np.where(inventory.sources.index.isin(["b1", "b2"]), 0, -1)
    got = propagate(inventory, tables, found, groups)
    factor, rated_e, unit = np.log(18 / 14) / 3.92, np.log(10) / 1.96, np.log(2) / 1.96
    total = 80 + 4.64
    parts = [total * np.sqrt(np.expm1(factor**2)), total * np.sqrt(np.expm1(rated_e**2))]
    parts += [4.64 * np.sqrt(np.expm1(rated_e**2))]  # the control
    parts += [80 * np.sqrt(np.expm1(unit**2)), 4.64 * np.sqrt(np.expm1(unit**2))]
    assert got.value[0, 0] == pytest.approx(total)
    assert got.relative_sd[0, 0] == pytest.approx(np.sqrt(np.square(parts).sum()) / total)


def test_agrees_with_draws_of_small_deviations(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    narrow = replace(
        found,
        frame=found.frame.assign(log_sd=found.frame["log_sd"] / 30),
        unit_log_sd=found.unit_log_sd / 30,
    )
    draws = 20_000
    groups = np.arange(len(inventory.sources)) % 2
    closed = propagate(inventory, tables, narrow, groups)
    theta = draw_parameters(narrow, draws, seed=9)
    totals = total_draws(inventory, tables, narrow, theta, 10**8, groups)
    known = closed.value > 0
    assert known[:, POLLUTANTS.index("SO2")].all()
    relative = totals.std(axis=2)[known] / totals.mean(axis=2)[known]
    # standard error of a standard deviation: 1 / sqrt(2 draws) = 0.5 %, and what is not linear
    np.testing.assert_allclose(relative, closed.relative_sd[known], rtol=0.025)
    for quantile, bound in ((0.025, closed.low), (0.975, closed.high)):
        np.testing.assert_allclose(np.quantile(totals, quantile, axis=2)[known], bound[known], rtol=0.01)


def test_a_group_without_emission_has_no_range(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    groups = np.where(inventory.sources.index == "c1", 0, -1)  # coating: VOCs alone
    got = propagate(inventory, tables, found, groups)
    assert got.value[0, 0] == got.low[0, 0] == got.high[0, 0] == got.relative_sd[0, 0] == 0
