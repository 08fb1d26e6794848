"""Units: one registry, small on purpose, so that a misspelt unit is an error and not a surprise.

By decree numbers inside the model are in t, GJ (heat, fuel), MWh (electricity), m3, km, tkm, CNY, MW, h, and
emissions in t/yr. A year is a dimension of its own: t/yr and t/h, or GJ/yr and MW, do not convert into each
other, because that takes hours of operation and not arithmetic.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.base.faults import nearest

Value = TypeVar("Value", float, NDArray[np.float64])

_DEFINITIONS = """
k- = 1e3
M- = 1e6
G- = 1e9
T- = 1e12
P- = 1e15
m- = 1e-3
u- = 1e-6
g = [mass]
t = 1e6 * g
J = [energy]
h = [time]
min = h / 60
s = h / 3600
day = 24 * h = d
yr = [year] = year = a
W = 3600 * J / h
Wh = 3600 * J
tce = 29.3076e9 * J
toe = 41.868e9 * J
tph = 0.7e6 * W
m = [length]
m2 = m ** 2
m3 = m ** 3 = Nm3
km2 = 1e6 * m ** 2
bcm = 1e9 * m ** 3
L = 1e-3 * m ** 3
ha = 1e4 * m ** 2
亩 = ha / 15
小时 = h
天 = day
tkm = 1e9 * g * m
pkm = 1e3 * m
CNY = [money] = yuan = 元
degC = [temperature]
deg = [angle]
fuel = [fuel]
fuel_t = t * fuel
fuel_GJ = 1e9 * J * fuel
fuel_m3 = m ** 3 * fuel
percent = 0.01
points = 0.01 = point
ppm = 1e-6
head = 1 = person = people = vehicle = household = unit = set = LTO = 辆 = 台 = 户 = 套 = 人 = 头
吨 = t
吨标准煤 = tce
立方米 = m3
公里 = 1e3 * m
千瓦时 = 1e3 * Wh
千瓦 = 1e3 * W
兆瓦 = 1e6 * W
蒸吨 = tph
年 = yr
"""
"""tce: 7000 kcal/kg at 4.1868 J/cal. toe: 10 Gcal. tph: a boiler's tonne of steam an hour, taken as 0.7 MW
as Chinese boiler standards do. Nm3: gas is counted at its reference state. fuel_t, fuel_GJ, fuel_m3: a source
row may give its fuel in place of its activity; that never converts into a t, GJ or m3 of activity."""

FUEL_UNITS = {"fuel_t": "t", "fuel_GJ": "GJ", "fuel_m3": "m3"}
"""What may stand in place of an activity unit, and the physical unit of the fuel it counts."""


_POWER_OF_TEN = re.compile(r"10\^(\d+) *([^\W\d]\w*)")
_AMBIGUOUS = re.compile(r"/ *\w+ +[\w(]")
_PLAIN = re.compile(r"(?:[\w ./*^()]|(?<=[*^])-)+")
_SPELLINGS = {"%": " percent ", "·": "*", "µ": "u", "μ": "u", "万": "10^4 ", "亿": "10^8 "}


class UnitError(ValueError):
    """A unit that is not known, or not of the dimension asked for; `right` says what would be."""

    def __init__(self, wrong: str, right: str = "") -> None:
        self.wrong = wrong
        self.right = right
        super().__init__(f"{wrong}; {right}" if right else wrong)


@cache
def _registry() -> Any:
    import pint  # 0.3 s, so only where a unit is met

    registry = pint.UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


@lru_cache(maxsize=4096)
def _parse(unit: str) -> tuple[float, Any]:
    """Factor to base units and dimensionality of a unit.

    Raises:
        UnitError: not a unit.
    """
    text = unit.strip()
    for written, read in _SPELLINGS.items():
        text = text.replace(written, read)
    text = _POWER_OF_TEN.sub(r"(1e\1 * \2)", text)
    if _AMBIGUOUS.search(text):
        raise UnitError(f"'{unit}' can be read in two ways", "put what is below the stroke in brackets")
    try:
        if not text or not _PLAIN.fullmatch(text):
            raise ValueError(unit)
        quantity = _registry().parse_expression(text)
        if isinstance(quantity, int | float):
            quantity = quantity * _registry().dimensionless
        base = quantity.to_base_units()
        factor = float(base.magnitude)
        if not (np.isfinite(factor) and factor > 0):
            raise ValueError(unit)
    except Exception:  # pint lets AssertionError, TokenError, TypeError and its own errors through
        raise UnitError(f"'{unit}' is not a known unit", _advice(unit.strip())) from None
    return factor, base.dimensionality


_COMMON = (
    *("t", "kt", "Mt", "kg", "g", "GJ", "PJ", "kWh", "MWh", "GWh", "MW", "tph", "tce", "Mtce", "m3", "bcm"),
    *("km", "tkm", "m2", "h", "day", "yr", "CNY", "kCNY", "%", "points", "ppm", "head", "1"),
    *("t/yr", "GJ/yr", "m3/yr", "CNY/t", "CNY/m3", "CNY/GJ", "g/GJ", "kg/t", "mg/m3", *FUEL_UNITS),
)  # fmt: skip


def _advice(unit: str) -> str:
    """What the writer of an unknown unit may have meant."""
    advice = nearest(unit, _COMMON)
    return advice if advice.startswith("did") else "write one such as t, GJ, MWh, m3, km, tkm, CNY, MW, h, %"


def known(unit: str) -> bool:
    """True for a unit that can be read."""
    try:
        _parse(unit)
    except UnitError:
        return False
    return True


def check_dimension(unit: str, like: str) -> bool:
    """True if both units are of one dimension.

    Raises:
        UnitError: one of the two is not a unit.
    """
    return bool(_parse(unit)[1] == _parse(like)[1])


def convert(value: Value, unit: str, to: str) -> Value:
    """A number, or an array of numbers, given in `unit`, in the unit `to`.

    Raises:
        UnitError: a unit is not known, or the two are not of one dimension.
    """
    factor, dimension = _parse(unit)
    wanted, wanted_dimension = _parse(to)
    if dimension != wanted_dimension:
        raise UnitError(f"'{unit}' does not convert to {to}", f"write it in {to}")
    if factor == wanted:
        return value
    # multiplied or divided so that the ratio is at least 1: 70 % is 0.7 and not 0.7000000000000001
    return value / (wanted / factor) if wanted > factor else value * (factor / wanted)
