"""Prices that a scenario sets in per cent of those of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.options.prices import Deflators, Prices
from tests.options.catalogue import EVERY_POLLUTANT, FGD, boiler_world, costs


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("150 % of baseline", [600, 600, 600, 600]),
        ("{2019: 150 % of baseline}", [400, 400, 600, 600]),
        ("{2018: 50 % of baseline, 2020: 200 % of baseline}", [400, 200, 200, 800]),
        ("{2018: 500 CNY/t}", [500, 500, 500, 500]),
    ],
)
def test_percentages_hold_from_their_year_on(tmp_path: Path, written: str, expected: list[float]) -> None:
    """Coal costs 400 CNY/t of 20 GJ in every year of the table; a price of one's own replaces them all."""
    world = boiler_world(tmp_path, [FGD], costs("fgd"), f"{EVERY_POLLUTANT}prices: {{coal: {written}}}\n")
    prices = Prices(world.tables, world.scenario, Deflators(world.tables, 2017))
    found = prices.of("coal", np.array(["150100"], dtype=object), (2017, 2018, 2019, 2020))
    assert found[0] == pytest.approx(np.array(expected) / 20)
