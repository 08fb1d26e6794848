"""Costs per tonne carried: what is paid at both ends of a haul, whatever its length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.options.options import Options
from tests.options.catalogue import boiler_world, data, measure, options_of
from tests.small_inputs import CLASSES, DEFLATORS, PRICES, REGION, SOURCE_HEADER, TECHNOLOGIES

RAIL = measure(
    "rail",
    "fuel",
    fits_class="freight",
    fits_fuel="diesel",
    sets_fuel="electricity",
    sets_technology="rail",
)
NUMBERS = [
    data("rail", "capital", 20, "CNY*yr/t", "haul"),
    data("rail", "lifetime", 20, "yr"),
    data("rail", "fixed_om", 16, "CNY/t", "haul"),
    data("rail", "variable_om", 44, "CNY/t", "haul"),
]


def hauls(folder: Path, *distances: str) -> Options:
    """1 Mtkm by road over each distance, and rail with 60 CNY/t at its ends."""
    rows = [
        f"f{at},2017,freight,,150100,rural,,,,1000000,tkm,diesel,China IV,,,,,{km},no,,MADE_UP,E,yes"
        for at, km in enumerate(distances)
    ]
    files = {
        "reference/classes.csv": CLASSES
        + "freight,Freight,货运,mobile,freight,3.1,F_RoadTransport,1.A.3.b.iii,,transportation,"
        "tkm,,yes,0.5,no,transport\n",
        "reference/technologies.csv": TECHNOLOGIES
        + "freight,diesel,,,0.001,,,,,MADE_UP,E,no\nfreight,electricity,,,0.0001,,,,,MADE_UP,E,no\n",
        "reference/prices.csv": PRICES + "road_freight,,2017,2017,0.3,CNY/tkm,,,MADE_UP,E\n"
        "rail_freight,,2017,2017,0.14,CNY/tkm,,,MADE_UP,E\n",
        "reference/deflators.csv": DEFLATORS,
        f"{REGION}/freight.csv": "\n".join([SOURCE_HEADER.replace("duty,", "distance_km,").strip(), *rows]),
    }
    counted = "limits: {R: {quantity: rail_freight, at_least: {2020: 1 t}}}\n"
    return options_of(boiler_world(folder, [RAIL], NUMBERS, counted, files=files))


def test_the_ends_of_a_haul_cost_by_the_tonne(tmp_path: Path) -> None:
    options = hauls(tmp_path, "100", "500")
    rails = np.flatnonzero(options.states["label"] == "electricity/rail")
    # CNY/tkm: 0.14 - 0.30 and 60 CNY/t over 100 or 500 km
    assert options.running[rails, 0] == pytest.approx([0.44, -0.04])
    assert options.fixed[rails] == pytest.approx([0, 0])
    # 1 Mtkm over 100 km is 10 000 t a year, at 20 CNY each
    assert options.moves["overnight"].to_list() == pytest.approx([200_000, 40_000])


def test_a_haul_without_a_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no cost for source f0"):
        hauls(tmp_path, "")
