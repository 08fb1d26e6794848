"""Elasticities against tables with other numbers, and by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.factors import state_effects
from model.inventory.uncertain.parameters import Parameters, elasticities, parameters
from model.tables.read import Tables
from tests.inventory.moved import moved


def of(found: Parameters, name: str) -> int:
    return int(np.flatnonzero(found.frame["parameter"] == name)[0])


def state(tables: Tables, name: str, **cells: object) -> pd.DataFrame:
    sources = build_inventory(tables, 2017, None, {}).sources
    one = sources.loc[[name]].copy()
    for column, cell in cells.items():
        one[column] = pd.Series([cell], index=one.index, dtype=one[column].dtype)
    return one


def factors(states: pd.DataFrame, tables: Tables) -> np.ndarray:
    return state_effects(states, tables)[list(POLLUTANTS)].to_numpy()


def check_against_differences(states: pd.DataFrame, tables: Tables, found: Parameters, step: float) -> None:
    """The elasticities along a random direction of all parameters against differences of log factors."""
    direction = np.random.default_rng(3).normal(size=len(found.frame))
    up, down = (factors(states, moved(tables, found, sign * step * direction)) for sign in (1, -1))
    known = up > 0
    difference = np.zeros(up.shape)
    difference[known] = np.log(up[known] / down[known]) / (2 * step)
    slope = (elasticities(states, tables, found) @ direction).reshape(up.shape)
    np.testing.assert_allclose(slope, difference, rtol=0, atol=2e-4)


def test_agree_with_differences(tables: Tables) -> None:
    inventory = build_inventory(tables, 2017, None, {})
    check_against_differences(inventory.sources, tables, parameters(inventory, tables), 1e-5)


def test_a_product_follows_each_of_its_numbers_once(tables: Tables) -> None:
    found = parameters(build_inventory(tables, 2017, None, {}), tables)
    got = elasticities(state(tables, "b2"), tables, found).toarray()[POLLUTANTS.index("SO2")]
    expected = {"factor/boiler/coal/-/-/SO2", "control/fgd_wet/-/-/SO2"}
    assert set(found.frame["parameter"][got != 0]) == expected
    assert set(got[got != 0]) == {1.0}


def test_an_outlet_that_binds_hides_what_is_upstream(tables: Tables) -> None:
    found = parameters(build_inventory(tables, 2017, None, {}), tables)
    got = elasticities(state(tables, "p1"), tables, found).toarray()[POLLUTANTS.index("SO2")]
    assert got[of(found, "control/fgd_ule/-/-/SO2")] == 1.0
    assert np.count_nonzero(got) == 1


def test_an_outlet_that_runs_at_times(tables: Tables, with_rows: Callable[..., Tables]) -> None:
    """p1, SO2 before control: 17 kg/t x 0.6 / 20 GJ/t x 9 GJ/MWh = 4.59 kg/MWh. Captured 0.9, running 0.8:
    outlet 25 mg/m3 x 250 x 20.9/14.9 x 9 = 78.9 g/MWh; left 0.8 (0.459 + 0.0789) + 0.2 x 4.59 = 1.3483."""
    more = {"control": "part", "slot": "SO2", "pollutant": "SO2", "capture": 0.9, "removal": 0.98}
    more |= {
        "running_share": 0.8,
        "outlet_mg_m3": 25,
        "outlet_o2_pct": 6,
        "citation": "MADE_UP",
        "rating": "E",
    }
    with_part = with_rows("controls", more)
    found = parameters(build_inventory(with_part, 2017, None, {}), with_part)
    got = elasticities(state(with_part, "p1", controls=("part",), efficiency=0.4), with_part, found)
    row = got.toarray()[POLLUTANTS.index("SO2")]
    outlet = 25e-6 * 250 * 20.9 / 14.9 * 9
    left = 0.8 * (0.459 + outlet) + 0.2 * 4.59
    assert row[of(found, "control/part/-/-/SO2")] == pytest.approx(0.8 * outlet / left)
    assert row[of(found, "factor/power_unit/coal/-/-/SO2")] == pytest.approx(1 - 0.8 * outlet / left)


def test_what_is_added_follows_its_own_control(tables: Tables) -> None:
    """b3 burns 1.2 GJ/GJ: 95 kg CO2 a GJ of coal, and 660 g of limestone."""
    found = parameters(build_inventory(tables, 2017, None, {}), tables)
    states = state(tables, "b3")
    rows = elasticities(states, tables, found).toarray()
    co2, nh3 = rows[POLLUTANTS.index("CO2")], rows[POLLUTANTS.index("NH3")]
    assert co2[of(found, "factor/coal/CO2")] == pytest.approx(95 / 95.66)
    assert co2[of(found, "control/fgd_wet/-/-/CO2")] == pytest.approx(0.66 / 95.66)
    assert nh3[of(found, "control/sncr/-/-/NH3")] == 1.0
    assert np.count_nonzero(nh3) == 1


def test_what_has_ended_follows_nothing(tables: Tables) -> None:
    found = parameters(build_inventory(tables, 2017, None, {}), tables)
    ended = state(tables, "b3", technology="closed")
    assert elasticities(ended, tables, found).nnz == 0
