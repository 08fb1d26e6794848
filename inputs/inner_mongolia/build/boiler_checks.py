"""Control totals and ranges of the boilers of each inventory year (planning practice 3.2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.years import of_year

RANGES = {
    "up to 1": (0, 1, (1200, 2200), (800, 1500), (0.1, 0.3)),
    "1 to 10": (1, 10, (3000, 4800), (13e3, 19e3), (2.5, 4.0)),
    "10 to 35": (10, 34.9, (550, 850), (11e3, 17e3), (2.5, 4.0)),
    "35 to 65": (34.9, 64.9, (250, 400), (10e3, 16e3), (3.0, 5.0)),
    "from 65": (64.9, np.inf, (280, 420), (27e3, 42e3), (9.0, 14.0)),
}
"""End of 2017: above, up to t/h; ranges of units, t/h, Mt coal."""


def check(boilers: pd.DataFrame) -> None:
    """What holds in every year, and what is known of each."""
    year = int(boilers["year"].iloc[0])
    coal = boilers[boilers["fuel"] == "coal"]
    coal = coal.assign(burnt=coal["activity"] / coal["efficiency"] / coal["ncv_gj_per_t"] / 1e6)
    for total, found in (("units", len(coal)), ("coal", coal["burnt"].sum())):
        row = REGION.observations.loc[f"boilers_{total}.{year}"]
        assert row["low"] <= found <= row["high"], (total, found)
    heating = boilers["duty"] == "heating"
    for prefix, rows in (
        ("boiler_heat", heating & (boilers["fuel"] == "coal") & (boilers["capacity"] > 10)),
        ("gas_heat", heating & (boilers["fuel"] == "natural_gas")),
    ):
        heat = boilers.loc[rows, "activity"].sum() / 1e6
        assert abs(heat / sum(REGION.by_area(of_year(prefix, year)).values()) - 1) < 0.01, (prefix, heat)
    assert 11 <= coal.loc[coal["duty"] == "heating", "burnt"].sum() <= 17
    assert boilers["source"].is_unique
    (check_2017 if year == START else check_later)(coal)


def check_2017(coal: pd.DataFrame) -> None:
    """Small units by zone, numbers by size."""
    small = coal[coal["capacity"] <= 10]
    assert (small["zone"] == "city_built_up").sum() == 127
    assert 1000 <= (small["zone"] == "county_built_up").sum() <= 1900
    assert 62e3 <= coal["capacity"].sum() <= 95e3
    for name, (above, upto, units, tph, mt) in RANGES.items():
        rows = coal[(coal["capacity"] > above) & (coal["capacity"] <= upto)]
        found = len(rows), rows["capacity"].sum(), rows["burnt"].sum()
        for value, (low, high) in zip(found, (units, tph, mt), strict=True):
            assert low <= value <= high, (name, found)


def check_later(coal: pd.DataFrame) -> None:
    """No small unit left in a built-up area, as the plan of 2018 wanted; Chengfa's retrofit of 22 units."""
    small = coal[(coal["capacity"] <= 10) & (coal["duty"] != "process")]
    assert not small["zone"].isin(["city_built_up", "county_built_up"]).any()
    chengfa = coal[coal["source"].str.startswith("boiler.chengfa.")]
    assert chengfa["controls"].str.contains("sncr").sum() == 22, chengfa["controls"].value_counts()
