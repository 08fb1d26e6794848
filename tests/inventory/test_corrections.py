"""Corrections by attributes of the source, against numbers worked by hand from the miniature inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.inventory.factors import state_effects
from model.tables.read import Tables

Add = Callable[..., Tables]

PUMP = {
    "class": "residential_coal",
    "fuel": "electricity",
    "technology": "heat_pump",
    "controls": (),
    **dict.fromkeys(("capacity", "sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency"), np.nan),
    **dict.fromkeys(("altitude_m", "load_pct"), np.nan),
}
COLD = {
    "class": "residential_coal",
    "fuel": "electricity",
    "technology": "heat_pump",
    "pollutant": "fuel",
    "attribute": "heating_season_c",
    "citation": "MADE_UP",
    "rating": "E",
}


def power(tables: Tables, *rows: dict[str, Any]) -> list[float]:
    """MWh per GJ of heat."""
    effects = state_effects(pd.DataFrame([{**PUMP, **row} for row in rows]), tables)
    return effects["electricity_mwh"].to_list()


@pytest.fixture
def cold(with_rows: Add) -> Tables:
    """Heat pumps of COP 2.5, of 2.0 where the heating season is below -10 degrees on the mean."""
    return with_rows(
        "factor_corrections",
        {**COLD, "at_least": -40, "multiply": 1.25},
        {**COLD, "at_least": -10, "multiply": 1},
    )


def test_cold_makes_heat_pumps_use_more(cold: Tables) -> None:
    used = power(cold, *({"heating_season_c": c} for c in (-14.0, -10.0, -4.0)))
    assert used == pytest.approx([0.5 / 3.6, 0.4 / 3.6, 0.4 / 3.6])


def test_an_efficiency_of_its_own_is_not_corrected(cold: Tables) -> None:
    assert power(cold, {"heating_season_c": -14.0, "efficiency": 2.2}) == pytest.approx([1 / 2.2 / 3.6])


def test_what_is_not_known_corrects_nothing(cold: Tables) -> None:
    assert power(cold, {"heating_season_c": np.nan}) == pytest.approx([0.4 / 3.6])
    assert power(cold, {}) == pytest.approx([0.4 / 3.6])
