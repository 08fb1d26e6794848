"""Uncertain numbers of the shipped inventory, against its tables with other numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.factors import state_effects
from model.inventory.uncertain.draws import draw_parameters, emission_draws, used_parameters
from model.inventory.uncertain.parameters import Parameters, parameters
from model.inventory.uncertain.propagate import propagate
from model.tables.read import Tables
from tests.data.shipped import tables_of
from tests.inventory.moved import moved
from tests.inventory.test_elasticities import check_against_differences

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of("inner_mongolia")


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {})


@pytest.fixture(scope="module")
def found(inventory: Inventory, tables: Tables) -> Parameters:
    every = parameters(inventory, tables)
    return every.narrowed(used_parameters(inventory, tables, every))


def test_elasticities_agree_with_differences(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    """Products, outlets that bind or not, running shares, additions: all that the region has."""
    check_against_differences(inventory.sources, tables, found, 1e-6)


def test_a_draw_is_what_the_tables_with_its_numbers_give(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    theta = draw_parameters(found, 2, seed=7)
    alone = Parameters(found.frame, found.of_activity, np.zeros(len(inventory.sources)))
    factors = state_effects(inventory.sources, moved(tables, found, theta[:, 1]))[list(POLLUTANTS)].to_numpy()
    activity = inventory.activity.isel(year=0).to_numpy() * np.exp(theta[found.of_activity, 1])
    for block, emission in emission_draws(inventory, tables, alone, theta, 10**7):
        np.testing.assert_allclose(emission[:, :, 1], factors[block] * activity[block, None], rtol=1e-7)


def test_every_statistic_has_a_spread_and_totals_a_range(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    log_sd = found.frame.set_index("parameter")["log_sd"]
    # generation is published within 20 %, coal for power 238 to 264 Mt: ln(264 / 238) / 3.92
    assert log_sd["activity/power_unit/coal/GEM_GCPT"] == pytest.approx(0.0265, abs=0.001)
    assert (log_sd[found.frame["kind"].eq("activity").to_numpy()] > 0).all()
    ranges = propagate(inventory, tables, found, np.zeros(len(inventory.sources), dtype=np.int64))
    relative = dict(zip(POLLUTANTS, ranges.relative_sd[0], strict=True))
    assert relative["CO2"] < relative["SO2"] < relative["VOCs"]
