"""Amounts and dates: every form, its unit, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.units import convert
from model.scenario.amounts import (
    Amount,
    Wrong,
    in_unit,
    parse_amount,
    parse_date,
    parse_number,
    parse_share,
    parse_year,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (120, Amount(120.0)),
        (1e-4, Amount(1e-4)),
        ("5", Amount(5.0)),
        ("225 Mtce", Amount(225.0, "Mtce")),
        ("8.0bcm", Amount(8.0, "bcm")),
        ("3 10^4 t", Amount(3.0, "10^4 t")),
        ("3 万吨", Amount(3.0, "万吨")),
        ("1.5e3 CNY/t", Amount(1500.0, "CNY/t")),
        ("-4 degC", Amount(-4.0, "degC")),
        ("79 %", Amount(79.0, "%")),
        ("86.5 % of 2015", Amount(0.865, None, "2015", "percent_of")),
        ("110% of 2017", Amount(1.1, None, "2017", "percent_of")),
        ("85 % of frozen", Amount(0.85, None, "frozen", "percent_of")),
        ("90 % of baseline", Amount(0.9, None, "baseline", "percent_of")),
        ("70 % of supply", Amount(0.7, None, "supply", "percent_of")),
        ("supply", Amount(1.0, None, "supply", "supply")),
        ("20 points below 2020", Amount(0.2, None, "2020", "points_below")),
    ],
)
def test_forms(value: object, expected: Amount) -> None:
    assert parse_amount(value) == expected


FORMS = 'write NUMBER UNIT, or such as "85 % of 2015", "70 % of supply", "20 points below 2020"'


@pytest.mark.parametrize(
    ("value", "wrong", "right"),
    [
        (True, "is not an amount", FORMS),
        ([5], "is not an amount", FORMS),
        ("much", "is not an amount", FORMS),
        ("1,000 t", "is not an amount: ',000 t' is not a known unit", None),
        (float("inf"), "is not a finite number", FORMS),
        ("1e999 t", "is not a finite number", FORMS),
        ("5 Mtc", "is not an amount: 'Mtc' is not a known unit", "did you mean 'Mtce'?"),
        ("85 % of suply", "is not an amount: 'suply' is no base", "did you mean 'supply'?"),
        ("85 % of 215", "is not an amount: '215' is no base", None),
        ("-5 % of 2015", "is negative", "write a share of the base, such as 85 %"),
        ("20 points below frozen", "is not an amount: 'frozen' is no base", "known: a year, as 2015"),
    ],
)
def test_no_amount(value: object, wrong: str, right: str | None) -> None:
    with pytest.raises(Wrong) as error:
        parse_amount(value)
    assert error.value.wrong == wrong
    assert right is None or error.value.right == right


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("225 Mtce", "GJ/yr", 225e6 * 29.3076),
        ("225 Mtce/yr", "GJ/yr", 225e6 * 29.3076),
        ("8 bcm", "m3/yr", 8e9),
        ("3 kt", "t/yr", 3000.0),
        ("79 %", "1", 0.79),
        ("120", "1/yr", 120.0),
        ("0", "t/yr", 0.0),
        ("35 ug/m3", "ug/m3", 35.0),
        ("50 MW", "MW", 50.0),
        ("0.5 tce/10^4 CNY", "GJ/CNY", 0.5 * 29.3076 / 1e4),
    ],
)
def test_in_the_unit_of_the_quantity(text: str, unit: str, expected: float) -> None:
    amount = in_unit(parse_amount(text), unit, "it")
    assert amount.unit == unit
    assert amount.value == pytest.approx(expected, rel=1e-14)


def test_a_relation_has_no_unit() -> None:
    amount = parse_amount("85 % of 2015")
    assert in_unit(amount, "t/yr", "SO2") is amount


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("5 MW", "is not an amount of SO2, which is in t/yr", "write it in t"),
        ("5 %", "is not an amount of SO2, which is in t/yr", "write it in t"),
        ("5 t/h", "is not an amount of SO2, which is in t/yr", "write it in t"),
        ("5", "has no unit, and SO2 is in t/yr", "write 5 t"),
    ],
)
def test_wrong_dimension(text: str, wrong: str, right: str) -> None:
    with pytest.raises(Wrong) as error:
        in_unit(parse_amount(text), "t/yr", "SO2")
    assert (error.value.wrong, error.value.right) == (wrong, right)


@given(st.floats(1e-6, 1e6), st.sampled_from(["t", "kt", "Mt", "kg"]))
def test_writing_and_reading(value: float, unit: str) -> None:
    read = in_unit(parse_amount(f"{value!r} {unit}"), "t/yr", "SO2")
    assert read.value == pytest.approx(convert(value, unit, "t"), rel=1e-14)


def test_numbers_and_shares() -> None:
    assert parse_share("12 %") == pytest.approx(0.12)
    assert parse_share(1) == 1.0
    assert parse_number("5 min", "s") == pytest.approx(300)
    for bad in ("120 %", -0.1):
        with pytest.raises(Wrong, match="is not between 0 and 1"):
            parse_share(bad)
    with pytest.raises(Wrong, match="refers to something else"):
        parse_number("supply")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (2020, "by", date(2020, 12, 31)),
        ("2020", "from", date(2020, 1, 1)),
        ("2020-06-30", "by", date(2020, 6, 30)),
        ("2020-02-29", "from", date(2020, 2, 29)),
    ],
)
def test_dates(value: object, kind: Literal["by", "from"], expected: date) -> None:
    assert parse_date(value, kind) == expected


@pytest.mark.parametrize("value", ["2020-13-01", "2019-02-29", "30.6.2020", "20200630", None, "0020-01-01"])
def test_no_date(value: object) -> None:
    with pytest.raises(Wrong, match=r"is not a (date|year)"):
        parse_date(value, "by")


@pytest.mark.parametrize("value", [True, 20.5, "2O20", 1066, 22020, -2020])
def test_no_year(value: object) -> None:
    with pytest.raises(Wrong, match="is not a year"):
        parse_year(value)
