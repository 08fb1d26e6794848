"""The uncertain numbers of the miniature tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from model.inventory.emissions import Inventory, build_inventory
from model.inventory.ratings import log_sds
from model.inventory.uncertain.parameters import COLUMNS, Parameters, parameters
from model.tables.read import Tables


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {})


@pytest.fixture(scope="module")
def found(inventory: Inventory, tables: Tables) -> Parameters:
    return parameters(inventory, tables)


def test_the_range_gives_the_spread() -> None:
    table = pd.DataFrame(
        [
            (10.0, 5.0, 20.0, "E"),  # ln 4 / 3.92
            (10.0, np.nan, np.nan, "B"),  # ln 1.4 / 1.96
            (10.0, 0.0, 20.0, "B"),  # ln 2 / 1.96
            (-10.0, -20.0, -5.0, "E"),  # sizes count
            (-10.0, -20.0, 5.0, "E"),
        ],
        columns=["value", "low", "high", "rating"],
    )
    expected = np.array([0.35365, 0.17167, 0.35365, 0.35365, 0.35365])
    np.testing.assert_allclose(log_sds(table), expected, atol=1e-5)


def test_every_parameter_has_a_name_of_its_own(found: Parameters) -> None:
    assert tuple(found.frame.columns) == COLUMNS
    assert found.frame["parameter"].is_unique
    assert set(found.frame["kind"]) == {"factor", "control", "activity", "growth", "cost"}
    assert (found.frame["log_sd"] >= 0).all()
    assert found.frame["value"].ne(0).all()


def test_rows_find_their_parameters(found: Parameters, tables: Tables) -> None:
    for name in ("emission_factors", "fuels", "controls", "growth", "measure_data", "prices"):
        table = tables.frame[name]
        number = found.of_rows(table)
        known = number >= 0
        lines = found.frame["row"].to_numpy()[number[known]]
        assert list(lines) == list(table["row"].to_numpy()[known])
        assert known.any()
    electricity = (tables.frame["fuels"]["fuel"] == "electricity").to_numpy()
    assert (found.of_rows(tables.frame["fuels"])[electricity] == -1).all()  # it has no CO2 of its own


def test_sources_of_one_statistic_share_it(found: Parameters, inventory: Inventory) -> None:
    number = dict(zip(inventory.sources.index, found.of_activity, strict=True))
    assert number["b1"] == number["b2"] == number["b3"] != number["b4"]
    name = found.frame["parameter"][number["b1"]]
    assert name == "activity/boiler/coal/MADE_UP"
    own = dict(zip(inventory.sources.index, found.unit_log_sd, strict=True))
    assert own["p1"] == own["k1"] == 0.0  # stand for themselves
    assert own["b1"] == pytest.approx(np.log(2) / 1.96)


def test_a_total_that_covers_a_statistic_bounds_it(tables: Tables, with_rows: Callable[..., Tables]) -> None:
    """Coal of b1, b2, b3: 125 000 + 50 000 + 480 000 = 655 000 GJ, known within 10 %: ln 1.1 / 1.96. One that
    covers h1 too (60 000 GJ x 2): ln 1.1 / 1.96 and (1 - 655 / 775) x ln 10 / 1.96."""
    row = {"observation": "coal", "year": 2017, "area": "150000", "quantity": "coal_energy", "unit": "GJ"}
    row |= {"value": 655e3, "low": 655e3 / 1.1, "high": 655e3 * 1.1, "citation": "MANUAL", "rating": "B"}
    row |= {"account": "control_total", "where": "class=boiler; fuel=coal"}
    wide = row | {"value": 775e3, "low": 775e3 / 1.1, "high": 775e3 * 1.1}
    wide |= {"where": "class=boiler|residential_coal; fuel=coal|raw_coal"}
    spreads = []
    for given in (row, wide):
        held = with_rows("observations", given)
        found = parameters(build_inventory(held, 2017, None, {}), held).frame.set_index("parameter")
        spreads.append(found.at["activity/boiler/coal/MADE_UP", "log_sd"])
    total = np.log(1.1) / 1.96
    assert spreads[0] == pytest.approx(total, abs=1e-4)
    assert spreads[1] == pytest.approx(np.hypot(total, 120 / 775 * np.log(10) / 1.96), abs=1e-4)


def test_a_statistic_under_two_totals_has_independent_parts(
    tables: Tables, with_rows: Callable[..., Tables]
) -> None:
    """Heat of b1 and b2 (140 000 GJ) and of b3 (400 000 GJ), each known within 10 %: together the root of the
    squares of 140 / 540 and 400 / 540 of ln 1.1 / 1.96."""
    row = {"year": 2017, "quantity": "heat", "unit": "GJ", "account": "control_total", "citation": "MANUAL"}
    rows = []
    for name, duty, value in (("heating", "heating", 140e3), ("process", "process", 400e3)):
        ends = {"value": value, "low": value / 1.1, "high": value * 1.1, "rating": "B", "area": "150000"}
        where = f"class=boiler; fuel=coal; duty={duty}"
        rows.append(row | ends | {"observation": name, "where": where})
    held = with_rows("observations", *rows)
    found = parameters(build_inventory(held, 2017, None, {}), held).frame.set_index("parameter")
    expected = np.hypot(140, 400) / 540 * np.log(1.1) / 1.96
    assert found.at["activity/boiler/coal/MADE_UP", "log_sd"] == pytest.approx(expected, rel=1e-4)


def test_a_growth_is_uncertain_by_its_change(tables: Tables, found: Parameters) -> None:
    growth = found.frame[found.frame["kind"] == "growth"]
    rows = tables.frame["growth"].set_index("row").loc[growth["row"].astype(int)]
    years = (rows["year"] - rows["base_year"]).to_numpy()
    change = np.clip(np.abs(np.log(growth["value"].to_numpy())), 0.01 * years, 1.0)
    np.testing.assert_allclose(growth["log_sd"], change * np.log(10) / 1.96)
    assert set(rows["rating"]) == {"E"}


def test_narrowed_keeps_the_numbers_together(found: Parameters) -> None:
    kept = (found.frame["kind"] == "activity").to_numpy()
    fewer = found.narrowed(kept)
    names = found.frame["parameter"].to_numpy()
    assert list(fewer.frame["parameter"].to_numpy()[fewer.of_activity]) == list(names[found.of_activity])
