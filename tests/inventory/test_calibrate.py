"""Rows of a calibration: what each multiplies, which wins, and that options and other years have it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.base.faults import InputError
from model.inventory.emissions import Inventory, build_inventory
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs

Add = Callable[..., Tables]


def row(
    pollutant: str, factor: float, account: tuple[str, ...] = ("other",), **keys: object
) -> dict[str, object]:
    """A row of the calibration `post`."""
    return {"calibration": "post", "account": account, "pollutant": pollutant, "factor": factor, **keys}


def built(tables: Tables, calibration: str | None = "post") -> Inventory:
    return build_inventory(tables, 2017, calibration, {})


def factors(with_rows: Add, tables: Tables, pollutant: str, *rows: dict[str, object]) -> dict[str, float]:
    """By source, factor with the rows over factor without."""
    after, before = built(with_rows("calibration", *rows)), built(tables, None)
    ratio = (after.factor / before.factor).isel(year=0).sel(pollutant=pollutant)
    return {str(name): float(value) for name, value in zip(ratio["source"].values, ratio.values, strict=True)}


def test_technology_and_size_make_a_row_more_specific(with_rows: Add, tables: Tables) -> None:
    rows = (
        row("NOx", 2, **{"class": "truck"}),
        row("NOx", 3, **{"class": "truck", "technology": "China IV"}),
        row("SO2", 5, **{"class": "boiler"}),
        row("SO2", 7, **{"class": "boiler", "min_capacity": 35.0}),
    )
    found = factors(with_rows, tables, "NOx", *rows)
    assert (found["t1"], found["t2"], found["h1"]) == pytest.approx((2, 3, 1))
    capacity = built(tables, None).sources["capacity"]
    found = factors(with_rows, tables, "SO2", *rows)
    for name in ("b1", "b2", "b3", "b4"):
        assert found[name] == pytest.approx(7 if capacity[name] >= 35 else 5), name


def test_a_row_of_a_class_comes_before_one_of_any_class(with_rows: Add, tables: Tables) -> None:
    # one key each: a tie by count, and the class decides
    found = factors(
        with_rows, tables, "CO2", row("CO2", 1.2, fuel="diesel"), row("CO2", 1.5, **{"class": "truck"})
    )
    assert found["t1"] == pytest.approx(1.5)
    found = factors(with_rows, tables, "CO2", row("CO2", 1.2, fuel="diesel"))
    assert (found["t1"], found["b1"]) == pytest.approx((1.2, 1))


def test_a_row_of_one_source_multiplies_beside_that_of_its_class(with_rows: Add, tables: Tables) -> None:
    found = factors(
        with_rows, tables, "NOx", row("NOx", 2, **{"class": "truck"}), row("NOx", 0.8, source="t2")
    )
    assert (found["t1"], found["t2"]) == pytest.approx((2, 1.6))


def test_official_accounts_leave_alone_what_is_outside_them(with_rows: Add, tables: Tables) -> None:
    only = row("NOx", 2, ("census_2017",), **{"class": "truck"})
    assert factors(with_rows, tables, "NOx", only)["t2"] == pytest.approx(1)  # t2 is outside
    both = row("NOx", 2, ("census_2017", "other"), **{"class": "truck"})
    assert factors(with_rows, tables, "NOx", both)["t2"] == pytest.approx(2)


def test_activity_by_class_fuel_statistic_and_source(with_rows: Add, tables: Tables) -> None:
    rows = (
        row("activity", 1.1, **{"class": "truck", "fuel": "diesel"}),
        row("activity", 1.3, **{"class": "power_unit", "statistic": "MANUAL"}),
        row("activity", 1.7, **{"class": "cement_kiln", "statistic": "MADE_UP"}),  # its row cites MANUAL
        row("activity", 0.5, source="t2"),
    )
    after, before = built(with_rows("calibration", *rows)), built(tables, None)
    ratio = (after.activity / before.activity).isel(year=0)
    wanted = {"t1": 1.1, "t2": 0.55, "p1": 1.3, "k1": 1, "h1": 1}
    assert {name: float(ratio.sel(source=name)) for name in wanted} == pytest.approx(wanted)
    assert after.sources.loc["t1", "activity"] == pytest.approx(1.1 * before.sources.loc["t1", "activity"])
    assert (after.factor / before.factor).sel(source="t1", pollutant="NOx").item() == pytest.approx(1)


def test_a_control_lets_more_through_in_every_state_that_has_it(with_rows: Add, tables: Tables) -> None:
    # sncr of the kiln: 1 - 0.4 x 0.9 = 0.64 of NOx is let through; x 1.5 is 0.96, and x 2 is all of it
    for factor, wanted in ((1.5, 1.5), (2.0, 1 / 0.64)):
        found = factors(with_rows, tables, "NOx", row("NOx", factor, control="sncr"))
        assert found["k1"] == pytest.approx(wanted)
        assert found["t1"] == pytest.approx(1)


def test_a_control_with_an_outlet_concentration_has_another_concentration(
    with_rows: Add, tables: Tables
) -> None:
    # p1 is held at the concentration of fgd_ule: three quarters of it are three quarters of the emission
    found = factors(with_rows, tables, "SO2", row("SO2", 0.75, control="fgd_ule"))
    assert found["p1"] == pytest.approx(0.75)
    official = row("SO2", 0.75, ("census_2017",), control="fgd_ule", **{"class": "power_unit"})
    assert factors(with_rows, tables, "SO2", official)["p1"] == pytest.approx(0.75)


def test_any_file_that_begins_with_calibration_holds_rows(tmp_path: Path) -> None:
    root = write_small_inputs(tmp_path)
    text = (
        "calibration,account,class,pollutant,factor,low,high,citation,rating\n"
        "mine,census_2017+other,truck,NOx,1.5,1.2,1.9,MADE_UP,E\n"
    )
    (root / REGION / "calibration_mine.csv").write_text(text)
    inventory = build_inventory(read_tables(root, REGION), 2017, "mine", {})
    plain = build_inventory(read_tables(root, REGION), 2017, None, {})
    assert (inventory.factor / plain.factor).sel(source="t1", pollutant="NOx").item() == pytest.approx(1.5)


def test_rows_that_mean_nothing_are_refused_all_at_once(tmp_path: Path) -> None:
    root = write_small_inputs(tmp_path)
    text = (
        "calibration,account,class,fuel,city,control,statistic,pollutant,factor,low,high,citation,rating\n"
        "m,census,truck,,,,,NOx,1.5,,,MADE_UP,E\n"
        "m,other,,,150100,,,NOx,1.5,,,MADE_UP,E\n"
        "m,other,,coal,,bag,,PM10,1.5,,,MADE_UP,E\n"
        "m,other,,,,bag,,activity,1.5,,,MADE_UP,E\n"
        "m,other,truck,,,,MADE_UP,NOx,1.5,1.6,1.4,MADE_UP,E\n"
    )
    (root / REGION / "calibration_mine.csv").write_text(text)
    with pytest.raises(InputError) as caught:
        read_tables(root, REGION)
    said = [(fault.row, fault.column, fault.wrong) for fault in caught.value.faults]
    assert said == [
        (2, "account", "is not in the accounts"),
        (3, "class", "is empty, and so are fuel, control and source"),
        (4, "control", "is given beside fuel, technology, city or source"),
        (5, "control", "is given, and it is activity that is multiplied"),
        (6, "high", "is below the factor"),
        (6, "low", "is above the factor"),
        (6, "statistic", "is given, and the row is not of activity"),
    ]
