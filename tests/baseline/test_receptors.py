"""The range of a concentration against the linear programme that it is the optimum of; which rows count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from model.baseline.receptors import Part, Receptor
from tests.baseline.world import make_world
from tests.small_inputs import REGION

HEAD = "area,pollutant,precursor,source_area,value,unit,low,high,citation,rating\n"


def test_range_is_the_optimum_over_all_shares() -> None:
    random = np.random.default_rng(3)
    for _ in range(40):
        share = random.dirichlet(np.ones(4))
        low, high = share * random.random(4), share + random.random(4) * (1 - share)
        parts = tuple(Part("SO2", "x", *map(float, ends)) for ends in zip(share, low, high, strict=True))
        receptor = Receptor("c", "PM2.5", 40.0, 2017, {2017: 40.0}, parts)
        emitted = random.uniform(0.3, 1.5, 4)
        found = [
            linprog(sign * emitted, A_eq=np.ones((1, 4)), b_eq=[1], bounds=list(zip(low, high, strict=True)))
            for sign in (1, -1)
        ]
        expected = (40 * found[0].fun, -40 * found[1].fun)
        assert receptor.spread(emitted.tolist()) == pytest.approx(expected)
        assert expected[0] - 1e-9 <= receptor.value(emitted.tolist()) <= expected[1] + 1e-9


def test_rows_of_a_city_take_the_place_of_the_general_ones(tmp_path: Path) -> None:
    shares = (
        ",PM2.5,SO2,,30,%,20,35,MADE_UP,E\n,PM2.5,background,,70,%,65,,MADE_UP,E\n"
        "150200,PM2.5,NOx,150100,0.4,1,,,MADE_UP,E\n150200,PM2.5,background,,60,%,,,MADE_UP,E\n"
    )
    observed = "area,pollutant,year,value,unit,low,high,citation,rating\n" + "".join(
        f"{city},PM2.5,{year},{value},ug/m3,,,MADE_UP,E\n"
        for city, year, value in (("150100", 2015, 50), ("150100", 2019, 45), ("150200", 2018, 30))
    )
    files = {f"{REGION}/receptors.csv": HEAD + shares, f"{REGION}/air_quality.csv": observed}
    text = (
        "areas: {north: [150200]}\n"
        "limits: {A: {quantity: PM2.5_concentration, at: {area: north}, year: 2020}}\n"
    )
    world = make_world(tmp_path, text, files)
    air = world.baseline().air
    alpha, beta = air.receptors["150100", "PM2.5"], air.receptors["150200", "PM2.5"]
    assert (alpha.start, alpha.year, beta.start, beta.year) == (50, 2015, 30, 2018)
    assert alpha.parts[0] == Part("SO2", "150100", 0.3, 0.2, 0.35)
    assert alpha.parts[1] == Part("background", "", 0.7, 0.65, 0.7)
    assert beta.parts[0] == Part("NOx", "150100", 0.4, 0.4, 0.4)
    assert air.gaps["150100", "PM10"] == "receptors.csv has no PM10 of 150100"
    assert air.among(world.scenario.limits["A"].at) == ("150200",)
    assert air.among(None) == ("150100", "150200")
