"""Use of a year before the start, against numbers worked by hand."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest

from model.base.select import parse_selector
from model.baseline.reference import ReferenceUse
from model.tables.schema import attributes
from tests.baseline.world import boilers, coal_boiler, make_world
from tests.small_inputs import REGION

BALANCE = f"{REGION}/balance.csv"
HEADER = "item,year,growth,value,unit,low,high,citation,rating\n"


def _reference(folder: Path) -> ReferenceUse:
    """One boiler, of 300 000 GJ in 2015 and 100 000 GJ at the start; 9 PJ of coal in the balance of 2015."""
    before = coal_boiler("b1", activity=300_000).replace("b1,2017,", "b1,2015,")
    files = {
        **boilers(before, coal_boiler("b1")),
        BALANCE: HEADER + "coal_energy,2015,,9,PJ,,,MADE_UP,E\n",
    }
    world = make_world(folder, "", files)
    return ReferenceUse(world.tables, world.scenario)


def test_sources_of_that_year(tmp_path: Path) -> None:
    """300 000 GJ x 0.0625 t coal/GJ; SO2: 16 kg/t per cent of sulphur, 0.8 %."""
    use = _reference(tmp_path)
    boiler = parse_selector({"class": "boiler"}, attributes(), "where")
    coal = 300_000 * 0.0625
    assert use(2015, "coal", boiler) == pytest.approx(coal)
    assert use(2015, "coal_energy", boiler) == pytest.approx(300_000 * 1.25)
    assert use(2015, "SO2", boiler) == pytest.approx(coal * 16 * 0.8 / 1000)
    assert use(2015, "SO2", None) == pytest.approx(coal * 16 * 0.8 / 1000)
    assert isnan(use(2015, "gdp", boiler))
    assert isnan(use(2014, "SO2", None))


def test_the_whole_is_that_of_the_balance(tmp_path: Path) -> None:
    use = _reference(tmp_path)
    assert use(2015, "coal_energy", None) == pytest.approx(9e6)
    assert isnan(use(2016, "coal_energy", None))
