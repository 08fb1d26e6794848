"""Conversions against hand-worked numbers; what is no unit or no conversion is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base import units
from model.base.words import QUANTITIES

FAMILIES = (
    ("t", "kg", "kt", "万吨", "10^4 t", "Mt"),
    ("GJ", "MWh", "kWh", "tce", "Mtce", "toe", "PJ"),
    ("MW", "tph", "kW", "蒸吨"),
    ("m3", "bcm", "亿立方米", "Nm3"),
    ("CNY", "kCNY", "万元", "10^4 CNY"),
    ("t/yr", "kt/yr", "万吨/年", "t/a"),
    ("1", "%", "points", "ppm", "head", "person"),
    ("CNY/t", "CNY/kg"),
    ("CNY/tkm", "CNY/(t km)"),
    ("GJ/CNY", "tce/10^4 CNY"),
)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "tph", "MW", 0.7),
        (1, "tce", "GJ", 29.3076),
        (225, "Mtce", "GJ", 225e6 * 29.3076),
        (8, "bcm", "m3", 8e9),
        (1, "MWh", "GJ", 3.6),
        (1, "亿kWh", "MWh", 1e5),
        (3, "万吨", "t", 3e4),
        (3, "10^4 t", "t", 3e4),
        (0.5, "tce/10^4 CNY", "GJ/CNY", 0.5 * 29.3076 / 1e4),
        (2, "CNY/10^4 t", "CNY/t", 2e-4),
        (12, "%", "1", 0.12),
        (20, "points", "%", 20),
        (10, "ppm", "1", 1e-5),
        (35, "ug/m3", "mg/m3", 0.035),
        (35, "µg/m3", "mg/m3", 0.035),
        (1, "g/GJ", "kg/GJ", 1e-3),
        (5, "km", "m", 5000),
        (1, "tkm", "t*km", 1),
        (1, "CNY/tkm", "CNY/(t km)", 1),
        (1, "day", "h", 24),
        (2, "fuel_t", "fuel_t", 2),
    ],
)
def test_by_hand(value: float, unit: str, to: str, expected: float) -> None:
    assert units.convert(float(value), unit, to) == pytest.approx(expected, rel=1e-14)


@given(st.data(), st.sampled_from(FAMILIES), st.floats(-1e9, 1e9))
def test_round_trip(data: st.DataObject, family: tuple[str, ...], value: float) -> None:
    there, back = data.draw(st.sampled_from(family)), data.draw(st.sampled_from(family))
    assert units.convert(units.convert(value, there, back), back, there) == pytest.approx(value, rel=1e-13)


@given(st.sampled_from(FAMILIES), st.sampled_from(FAMILIES))
def test_families_do_not_mix(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert units.check_dimension(one[0], other[-1]) == (one == other)


def test_arrays() -> None:
    assert units.convert(np.array([1.0, 20.0]), "tph", "MW").tolist() == pytest.approx([0.7, 14.0])


def test_every_quantity_has_a_unit() -> None:
    assert [q.name for q in QUANTITIES.values() if not units.known(q.unit)] == []


def test_degrees_stay_apart() -> None:
    assert units.convert(-12.0, "degC", "degC") == -12.0
    assert not units.check_dimension("degC", "1")


@pytest.mark.parametrize("text", ["", "tt", "t + t", "t - g", "t/0", "(t", "t/", "0", "-1", "t,", "nan"])
def test_no_unit(text: str) -> None:
    assert not units.known(text)


@pytest.mark.parametrize(
    ("value", "unit", "to", "message"),
    [
        (1, "MW", "t", "'MW' does not convert to t; write it in t"),
        (1, "Mtc", "t", "'Mtc' is not a known unit; did you mean 'Mtce'?"),
        (1, "t/m3 h", "t", "'t/m3 h' can be read in two ways; put what is below the stroke in brackets"),
        (1, "GJ/yr", "MW", "'GJ/yr' does not convert to MW; write it in MW"),
        (1, "t/h", "tph", "'t/h' does not convert to tph; write it in tph"),
        (1, "fuel_t", "t", "'fuel_t' does not convert to t; write it in t"),
        (1, "z", "t", "'z' is not a known unit; write one such as t, GJ, MWh, m3, km, tkm, CNY, MW, h, %"),
    ],
)
def test_message(value: float, unit: str, to: str, message: str) -> None:
    with pytest.raises(units.UnitError) as error:
        units.convert(float(value), unit, to)
    assert str(error.value) == message
