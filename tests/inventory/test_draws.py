"""Draws against tables with the numbers of each draw, and what they must keep to."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.special import ndtr

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.factors import state_effects
from model.inventory.lookup import Floats
from model.inventory.uncertain.draws import draw_parameters, emission_draws, total_draws, used_parameters
from model.inventory.uncertain.parameters import Parameters, parameters
from model.tables.read import Tables
from tests.inventory.moved import moved

MEMORY = 10**7


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {})


@pytest.fixture(scope="module")
def found(inventory: Inventory, tables: Tables) -> Parameters:
    return parameters(inventory, tables)


def every(inventory: Inventory, tables: Tables, found: Parameters, theta: Floats, memory: int) -> Floats:
    out = np.full((len(inventory.sources), len(POLLUTANTS), theta.shape[1]), -1.0)
    for block, emission in emission_draws(inventory, tables, found, theta, memory):
        out[block] = emission
    return out


def many(inventory: Inventory, times: int) -> Inventory:
    """The inventory with every source repeated."""
    which = np.tile(np.arange(len(inventory.sources)), times)
    sources = inventory.sources.iloc[which]
    names = [f"{name}.{i}" for i, name in enumerate(sources.index)]

    def repeated(array: xr.DataArray) -> xr.DataArray:
        return array.isel(source=which).assign_coords(source=names)

    return Inventory(sources.set_axis(names), repeated(inventory.activity), repeated(inventory.factor))


def alone(found: Parameters, size: int, times: int = 1) -> Parameters:
    """Without own deviations, and for an inventory repeated so often."""
    return replace(found, of_activity=np.tile(found.of_activity, times), unit_log_sd=np.zeros(size * times))


def test_a_draw_is_what_the_tables_with_its_numbers_give(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    plain = alone(found, len(inventory.sources))
    theta = draw_parameters(plain, 5, seed=5)
    drawn = every(inventory, tables, plain, theta, MEMORY)
    activity = inventory.activity.to_numpy() * np.exp(theta[plain.of_activity])
    for d in range(theta.shape[1]):
        factors = state_effects(inventory.sources, moved(tables, plain, theta[:, d]))
        expected = factors[list(POLLUTANTS)].to_numpy() * activity[:, d, None]
        np.testing.assert_allclose(drawn[:, :, d], expected, rtol=1e-9)


def test_the_table_is_the_median_of_one_number(
    inventory: Inventory, tables: Tables, found: Parameters
) -> None:
    theta = np.zeros((len(found.frame), 1))
    plain = alone(found, len(inventory.sources))
    drawn = every(inventory, tables, plain, theta, MEMORY)[:, :, 0]
    np.testing.assert_allclose(drawn, inventory.emission().isel(year=0).to_numpy(), rtol=1e-12)


def test_own_deviations_keep_the_mean(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    """b1 alone of one statistic with t-number 0: mean 1, standard deviation sqrt(exp(s^2) - 1)."""
    theta = np.zeros((len(found.frame), 40_000))
    drawn = every(inventory, tables, found, theta, 50 * MEMORY)
    b1, b2 = (list(inventory.sources.index).index(name) for name in ("b1", "b2"))
    value = inventory.emission().isel(year=0).to_numpy()
    ratio = drawn[[b1, b2], 0] / value[[b1, b2], 0, None]
    spread = np.log(2) / 1.96
    np.testing.assert_allclose(ratio.mean(axis=1), 1, atol=5 * 0.365 / 200)
    np.testing.assert_allclose(ratio.std(axis=1), np.sqrt(np.expm1(spread**2)), rtol=0.03)
    assert abs(np.corrcoef(ratio)[0, 1]) < 0.02


def test_memory_changes_no_bit(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    theta = draw_parameters(found, 101, seed=1)
    least = 8 * 101 * 26
    few, plenty = (every(inventory, tables, found, theta, memory) for memory in (least, MEMORY))
    assert np.array_equal(few, plenty, equal_nan=True)
    groups = np.arange(len(inventory.sources)) % 3
    totals = [total_draws(inventory, tables, found, theta, memory, groups) for memory in (least, MEMORY)]
    assert np.array_equal(*totals)
    with pytest.raises(ValueError, match="draws of one source take"):
        every(inventory, tables, found, theta, least - 1)


def test_totals_are_the_sums(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    theta = draw_parameters(found, 50, seed=2)
    groups = np.where(np.arange(len(inventory.sources)) == 0, -1, np.arange(len(inventory.sources)) % 2)
    totals = total_draws(inventory, tables, found, theta, MEMORY, groups)
    drawn = np.nan_to_num(every(inventory, tables, found, theta, MEMORY))
    for group in (0, 1):
        np.testing.assert_allclose(totals[group], drawn[groups == group].sum(axis=0), rtol=1e-12)


def test_work_stays_within_its_memory(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    """400 sources x 10 pollutants x 2 000 draws are 64 MB; 6 MB are given."""
    size, times, memory = len(inventory.sources), 40, 6 * 10**6
    large, plain = many(inventory, times), alone(found, len(inventory.sources), times)
    assert len(large.sources) == size * times
    theta = draw_parameters(found, 2_000, seed=0)
    tracemalloc.start()
    try:
        peaks = [peak(large, tables, plain, part, memory) for part in (theta[:, :2], theta)]
    finally:
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < memory  # what tables and sources take is in both


def peak(inventory: Inventory, tables: Tables, found: Parameters, theta: Floats, memory: int) -> int:
    """Greatest memory while all draws are made, bytes over what there was."""
    tracemalloc.reset_peak()
    start = tracemalloc.get_traced_memory()[0]
    for _ in emission_draws(inventory, tables, found, theta, memory):
        pass
    return tracemalloc.get_traced_memory()[1] - start


def test_a_latin_hypercube_has_one_draw_in_every_part(found: Parameters) -> None:
    theta = draw_parameters(found, 40, seed=3)
    certain = found.log_sd == 0
    parts = np.floor(ndtr(theta[~certain] / found.log_sd[~certain, None]) * 40).astype(int)
    assert (np.sort(parts, axis=1) == np.arange(40)).all()
    assert (theta[certain] == 0).all()
    assert np.array_equal(theta, draw_parameters(found, 40, seed=3))
    assert not np.array_equal(theta, draw_parameters(found, 40, seed=4))


def test_independent_draws_are_normal(found: Parameters) -> None:
    theta = draw_parameters(found, 4_000, seed=3, method="random")
    np.testing.assert_allclose(theta.std(axis=1), found.log_sd, rtol=0.06)
    with pytest.raises(ValueError, match="'latin' or 'random'"):
        draw_parameters(found, 4, seed=0, method="sobol")


def test_only_used_parameters_are_needed(inventory: Inventory, tables: Tables, found: Parameters) -> None:
    kept = used_parameters(inventory, tables, found)
    fewer = found.narrowed(kept)
    assert set(fewer.frame["kind"]) == {"factor", "control", "activity"}
    theta = draw_parameters(found, 20, seed=0)
    whole = every(inventory, tables, found, theta, MEMORY)
    part = every(inventory, tables, fewer, theta[kept], MEMORY)
    assert np.array_equal(whole, part, equal_nan=True)
