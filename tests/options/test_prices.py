"""Prices that a scenario sets in per cent of those of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.options.prices import Deflators, Prices, places_of
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


def test_a_county_pays_its_own_price_before_that_of_its_city_and_region(tmp_path: Path) -> None:
    """Coal of 20 GJ/t at 400 CNY/t anywhere, 300 in the city, 200 in one of its counties, bought in 2017."""
    world = boiler_world(tmp_path, [FGD], costs("fgd"), EVERY_POLLUTANT)
    tables = world.tables
    coal = tables.frame["prices"].query("item == 'coal'").head(1)
    own = [coal.assign(region=place, value=value) for place, value in (("150102", 200.0), ("150100", 300.0))]
    tables.frame["prices"] = pd.concat([*own, tables.frame["prices"]], ignore_index=True)
    areas = tables.frame["areas"]
    row = areas.head(1)
    counties = [row.assign(area=code, level="county", parent="150100") for code in ("150102", "150103")]
    tables.frame["areas"] = pd.concat([areas[areas["level"] != "county"], *counties], ignore_index=True)
    prices = Prices(tables, world.scenario, Deflators(tables, 2017))
    rows = pd.DataFrame({"city": ["150100"] * 3 + ["150200"], "county": ["150102", "150103", None, None]})
    found = prices.of("coal", places_of(rows), (2017,))
    assert found[:, 0] == pytest.approx([10.0, 15.0, 15.0, 20.0])
