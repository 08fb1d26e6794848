"""docs/measures.md says what the tables say, and what is out of order in it has a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from docs.build_measures import DOCS, PARTS, Page, build
from docs.measure_costs import World, read_world, single_moves, unit_costs
from docs.measure_words import number
from docs.measures_plan import extract
from tests.options.catalogue import FGD, GAS, boiler_world, costs, data, options_of

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def world() -> World:
    return read_world(INPUTS)


@pytest.fixture
def page(world: World) -> Page:
    return Page(world)


def test_page_is_what_the_script_gives(page: Page) -> None:
    written = (DOCS / "measures.md").read_text(encoding="utf-8")
    assert written == build(page), "run python -m docs.build_measures"


def test_no_table_is_left_out(page: Page) -> None:
    template = (DOCS / "measures.template.md").read_text(encoding="utf-8")
    assert all("{{" + name + "}}" in template for name in PARTS)
    written = (DOCS / "measures.md").read_text(encoding="utf-8")
    assert "{{" not in written
    assert all(f"| {measure} |" in written for measure in page.measures.index)


@pytest.mark.parametrize(
    ("key", "part"),
    [("cement SCR, NOx", "expected"), ("power_fgd_wet", "nowhere"), ("tanker_vru", "negative")],
)
def test_what_is_out_of_order_without_a_reason_is_refused(page: Page, key: str, part: str) -> None:
    del page.reasons[key]
    with pytest.raises(LookupError, match=key.split(",", maxsplit=1)[0]):
        getattr(page, part)()


def test_a_number_without_a_measure_or_a_reason_is_refused(page: Page) -> None:
    page.practice = page.practice.assign(why=None)
    with pytest.raises(LookupError, match="number 5 of"):
        page.eighty_one()


def test_reasons_are_of_measures_and_orders_that_exist(page: Page) -> None:
    orders = {f"{o}, {p}" for o, p in zip(page.orders["order"], page.orders["pollutants"], strict=True)}
    assert set(page.reasons) <= {*page.measures.index, *orders}
    listed = page.orders["measures"].str.split("+").explode()
    assert set(listed) <= set(page.measures.index)


def test_the_catalogue_goes_with_size_in_what_was_seen(page: Page) -> None:
    steel = page.data[(page.data["measure"] == "steel_ule") & (page.data["item"] == "capital")]["value"].iloc[
        0
    ]
    check = {"measure": "steel_ule", "item": "capital", "capacity": 6e6}
    assert page._says(check) == pytest.approx(steel * 2**-0.3)
    small = {"measure": "gas_boiler_uln", "item": "capital", "capacity": 10}
    assert page._says(small) == 22000  # the row from 4 t/h on


def test_cost_per_tonne_by_hand(tmp_path: Path) -> None:
    """b1: 10 t/h, 100 000 GJ, 0.0625 t of coal per GJ with 0.8 % sulphur, 12.8 kg SO2 per t of coal."""
    numbers = [*costs("fgd"), data("fgd", "variable_om", 0.5, "CNY/GJ", "activity"), *costs("gas")]
    options = options_of(boiler_world(tmp_path, [GAS, FGD], numbers))
    every = single_moves(options, np.array([100_000.0]))
    moves = every.set_index("measure")
    emitted = 16e-3 * 0.8 * 0.0625 * 100_000
    assert moves.at["fgd", "start_SO2"] == pytest.approx(emitted)
    assert moves.at["fgd", "cut_SO2"] == pytest.approx(0.9 * 0.95 * emitted)
    yearly = 100_000 * 10 * 0.05 / (1 - 1.05**-20) + 0.5 * 100_000
    assert moves.at["fgd", "cost"] == pytest.approx(yearly)
    cost = unit_costs(every, ("SO2",)).loc["fgd"]
    assert cost["mean"] == cost["low"] == cost["high"] == pytest.approx(yearly / (0.9 * 0.95 * emitted))
    assert "fgd" not in unit_costs(every, ("NOx",)).index, "it cuts none"
    assert moves.at["gas", "more_natural_gas"] == pytest.approx(1.1 / 0.036 * 100_000)


def test_extract_of_a_plan_by_hand() -> None:
    plan = pd.DataFrame(
        {
            "measures": ["a", "a", "a+b"],
            "investment_cny": [100.0, 300.0, 50.0],
            "annual_cost_cny": [1000.0, 9000.0, 70.0],
            "abated_SO2_t": [10.0, 30.0, 0.5],
            "abated_NOx_t": [0.0, 10.0, 7.0],
            "abated_VOCs_t": 0.0,
            "abated_PM2.5_t": 0.0,
        }
    )
    found = extract(plan).set_index(["measures", "pollutant"])
    a = found.loc[("a", "SO2")]
    assert (a["actions"], a["abated_t"], a["mean"]) == (2, 40, 250)
    assert (a["low"], a["high"]) == pytest.approx((120, 280))  # of 100 and 300, a tenth from either end
    assert found.loc[("a", "SO2+NOx"), "mean"] == pytest.approx(200)
    assert ("a+b", "SO2") not in found.index, "half a tonne says nothing"
    assert found.loc[("a+b", "NOx"), "mean"] == pytest.approx(10)


def test_numbers_have_three_figures() -> None:
    told = [number(v) for v in (0, 1234567.0, 41519.3, 254.26, 29.54, 0.115, 0.0036, -7.5, np.nan)]
    assert told == ["0", "1 234 567", "41 519", "254", "29.5", "0.115", "0.0036", "-7.5", ""]
