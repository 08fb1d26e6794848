"""Closures of the miniature inventory, each figure by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from model.base.faults import InputError
from model.inventory.emissions import build_inventory
from model.inventory.observed.closures import Closure, closures
from model.inventory.ratings import SPREAD_OF_RATING
from model.tables.read import Tables

Add = Callable[..., Tables]


def row(quantity: str, where: str | None, value: float, unit: str, **more: object) -> dict[str, object]:
    """A row of observations."""
    names = {"observation": f"{quantity} of {where}", "quantity": quantity, "where": where, "year": 2017}
    place = {"area": "150000", "account": "control_total", "citation": "MANUAL", "rating": "C"}
    return {**names, **place, "value": value, "unit": unit, **more}


def closed(with_rows: Add, *rows: dict[str, object]) -> tuple[Closure, ...]:
    tables = with_rows("observations", *rows)
    return closures(build_inventory(tables, 2017, None, {}), tables)


GJ_OF_BOILERS = 100e3 / 0.8 + 2000 * 25 + 400e3 * 1.2


@pytest.mark.parametrize(
    ("quantity", "where", "unit", "model"),
    [
        ("coal", "class=boiler", "t", 125e3 / 20 + 2000 + 480e3 / 20),
        ("coal", "class=boiler", "kt/yr", 32.25),
        ("coal", "class=boiler", "tce", GJ_OF_BOILERS / 29.3076),
        ("coal_energy", "class=boiler", "GJ", GJ_OF_BOILERS),
        ("raw_coal", None, "t", 60e3 * 2 / 20),
        ("coal", "class=residential_coal", "t", 6000),
        ("natural_gas", None, "m3", 30e3 * 1.1 / 0.036),
        ("oil", "outside_account=no", "t", 5e6 * 0.012 / 43),
        ("thermal_generation", None, "TWh", 3),
        ("heat", "duty=heating", "PJ", 0.17),
        ("heat", "class=residential_coal or class=boiler; duty=process", "GJ", 460e3),
        ("capacity", "class=boiler", "MW", 0.7 * 76),
        ("capacity", "class=boiler|power_unit", "tph", 76 + 600 / 0.7),
        ("stock", "class=truck", "1", 200),
        ("units", "class=boiler; capacity_tph at most 10", "1", 2),
        ("vehicle_km", None, "km", 13e6),
        ("activity", "class=cement_kiln", "Mt", 1.2),
        ("NOx", "class=cement_kiln", "t/yr", 1.5e-3 * 1.2e6 * (1 - 0.4 * 0.9)),
        ("stock_share", "technology=China IV of class=truck", "%", 50),
        ("heat_share", "fuel=natural_gas of class=boiler; duty=heating", "1", 30 / 170),
    ],
)
def test_figures(quantity: str, where: str | None, unit: str, model: float, with_rows: Add) -> None:
    (found,) = closed(with_rows, row(quantity, where, 2 * model, unit))
    assert found.model == pytest.approx(model)
    assert found.ratio == pytest.approx(0.5)
    assert found.why_not == ""


def test_areas_and_accounts_say_which_sources_count(with_rows: Add) -> None:
    trucks = "class=truck"
    rows = [
        row("NOx", trucks, 1, "t", account="census_2017"),  # t2 is outside the account
        row("NOx", trucks, 1, "t", account="bottom_up", observation="all"),
        row("NOx", "class=truck; outside_account=yes", 1, "t", account="census_2017"),
        row("heat", None, 1, "GJ", area="150121"),  # b3 and h1
        row("heat", None, 1, "GJ", area="150100", observation="city"),  # b1, b2 too
    ]
    # t1 stands at 1 600 m: x 1.2; load of 60 %: x 1.1
    t1, t2 = 5e6 * 8e-6 * 1.2 * 1.1, 8e6 * 5e-6
    assert [found.model for found in closed(with_rows, *rows)] == pytest.approx(
        [t1, t1 + t2, t2, 460e3, 600e3]
    )


def test_inside_is_inside_the_range_or_what_the_rating_implies(with_rows: Add) -> None:
    wide = 1 + SPREAD_OF_RATING["C"]
    rows = [
        row("stock", "class=truck", 190, "1", low=180, high=210),
        row("stock", "class=truck", 190, "1", low=180, high=199, observation="above"),
        row("stock", "class=truck", 200 * wide * 0.99, "1", observation="implied"),
        row("stock", "class=truck", 200 * wide * 1.01, "1", observation="far"),
    ]
    found = closed(with_rows, *rows)
    assert [one.inside for one in found] == [True, False, True, False]
    assert (found[0].low, found[0].high) == (180, 210)
    assert found[2].high == pytest.approx(found[2].value * wide)
    assert {one.access for one in found} == {"seen"}


@pytest.mark.parametrize(
    ("quantity", "where", "unit", "why"),
    [
        ("population", None, "1", "without a counterpart"),
        ("straw_used_share", None, "%", "without a counterpart"),
        ("capacity", None, "MW", "given in MW, and the sources count in t/yr"),
        ("coal", "class=boiler", "m3", "given in m3, and the sources count in t"),
        ("stock", "class=boiler", "1", "its sources do not give it"),
        ("NH3", "class=truck", "t", "its sources do not give it"),
        ("stock_share", "fuel=diesel of class=boiler", "%", "its sources do not give it"),
        ("stock_share", "class=truck", "%", "does not say of what it is a share"),
        ("units_share", "fuel=diesel of class=boiler; fuel=diesel", "%", "its whole has none of it"),
    ],
)
def test_what_is_not_compared_says_why(
    quantity: str, where: str | None, unit: str, why: str, with_rows: Add
) -> None:
    (found,) = closed(with_rows, row(quantity, where, 1, unit))
    assert (found.model, found.ratio, found.inside) == (None, None, None)
    assert why in found.why_not


def test_other_years_are_left_out(with_rows: Add) -> None:
    assert closed(with_rows, row("stock", None, 1, "1", year=2015)) == ()


def test_nothing_there_is_a_gap_and_not_a_reason(with_rows: Add) -> None:
    (found,) = closed(with_rows, row("coal", "class=boiler; fuel=diesel", 5, "t"))
    assert (found.model, found.ratio, found.inside) == (0, 0, False)


def test_faults_name_row_and_column(with_rows: Add) -> None:
    rows = [
        row("coal", "class=boilr", 1, "t"),
        row("stock_share", "fuel=diesel of class=truk", 1, "%"),
        row("coal", None, 1, "t", area="150199"),
    ]
    with pytest.raises(InputError) as error:
        closed(with_rows, *rows)
    text = str(error.value).splitlines()
    assert text[0] == (
        "reference/observations.csv, row 2, where: 'boilr' is no class of the tables; did you mean 'boiler'?"
    )
    assert text[1].startswith("reference/observations.csv, row 3, where: 'truk' is no class")
    assert text[2].startswith(
        "reference/observations.csv, row 4, area: '150199' is not an area of the region"
    )


def test_an_averaging_operator_says_how_much_of_each_source_is_seen(with_rows: Add) -> None:
    # t1 stands in 150100 with 52.8 t NOx, k1 in 150200 with 1152 t, of which a fifth is seen as a process.
    weights = (
        {"operator": "swath", "city": "150100", "weight": 0.5},
        {"operator": "swath", "city": "150200", "weight": 0.9},
        {"operator": "swath", "city": "150200", "sector": "process", "weight": 0.2},
        {"operator": "other", "weight": 1.0},
    )
    where = "class=truck; outside_account=no or class=cement_kiln"
    tables = with_rows("averaging", *weights)
    seen = with_rows("observations", row("NOx", where, 1, "t/yr", operator="swath")).frame["observations"]
    tables = replace(tables, frame={**tables.frame, "observations": seen})
    (found,) = closures(build_inventory(tables, 2017, None, {}), tables)
    assert found.model == pytest.approx(0.5 * 52.8 + 0.2 * 1152)


def test_what_the_tables_were_made_to_meet_is_said_or_follows_from_the_account(with_rows: Add) -> None:
    found = closed(
        with_rows,
        row("coal", "class=boiler", 1, "t"),
        row("coal", "class=boiler", 1, "t", built_on="no"),
        row("SO2", None, 1, "t", account="other"),
        row("SO2", None, 1, "t", account="other", built_on="yes"),
    )
    assert [one.built_on for one in found] == [True, False, False, True]


def test_a_share_is_not_seen_through_an_operator(with_rows: Add) -> None:
    with pytest.raises(InputError, match="operator: 'swath' is given, and the quantity is a share"):
        closed(with_rows, row("stock_share", "fuel=diesel of class=truck", 50, "%", operator="swath"))
