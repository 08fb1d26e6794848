"""The IAMC export: totals, sectors, regions and units."""

from __future__ import annotations

import pandas as pd
import pytest

from model.base.words import POLLUTANTS, SECTORS
from model.results import iamc


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    heads = ["case", "year", "city", "sector", "pollutant", "value", "unit"]
    emissions = pd.DataFrame(
        [
            ("plan", 2020, "Wuhai", "process", "SO2", 3000.0, "t/yr"),
            ("plan", 2020, "Wuhai", "solvent", "SO2", 500.0, "t/yr"),
            ("plan", 2020, "Ordos", "process", "SO2", 7000.0, "t/yr"),
            ("frozen", 2020, "Ordos", "process", "PM2.5", 40.0, "t/yr"),
        ],
        columns=heads,
    )
    costs = pd.DataFrame(
        [
            ("plan", 2020, "Wuhai", "process", "city", "investment", 5e6, "CNY"),
            ("plan", 2020, "Wuhai", "process", "city", "annuity", 5e5, "CNY/yr"),
            ("plan", 2020, "Ordos", "process", "city", "fuel", -2e5, "CNY/yr"),
        ],
        columns=["case", "year", "city", "sector", "payer", "kind", "value", "unit"],
    )
    return emissions, costs


def test_totals_sectors_and_regions_add_up() -> None:
    out = iamc.iamc_frame(*frames(), "s", "Inner Mongolia").set_index(["scenario", "region", "variable"])
    assert out.at[("s|plan", "Wuhai", "Emissions|Sulfur"), "value"] == pytest.approx(3.5)
    assert out.at[("s|plan", "Inner Mongolia", "Emissions|Sulfur"), "value"] == pytest.approx(10.5)
    assert out.at[
        ("s|plan", "Inner Mongolia", "Emissions|Sulfur|Industrial Processes"), "value"
    ] == pytest.approx(10.0)
    assert out.at[("s|plan", "Wuhai", "Emissions|Sulfur"), "unit"] == "kt SO2/yr"
    assert out.at[("s|frozen", "Ordos", "Emissions|PM2.5"), "value"] == pytest.approx(0.04)
    assert out.at[("s|plan", "Inner Mongolia", "Investment|Air Pollution Control"), "value"] == pytest.approx(
        5.0
    )
    assert out.at[
        ("s|plan", "Inner Mongolia", "Policy Cost|Air Pollution Control"), "value"
    ] == pytest.approx(0.3)


def test_every_pollutant_and_sector_has_a_variable() -> None:
    assert set(iamc.VARIABLES) == set(POLLUTANTS)
    assert set(iamc.SECTORS) == set(SECTORS)
    assert len({variable for variable, _ in iamc.VARIABLES.values()}) == len(POLLUTANTS)
    assert len(set(iamc.SECTORS.values())) == len(SECTORS)


def test_a_row_is_one_series_and_year() -> None:
    out = iamc.iamc_frame(*frames(), "s", "Inner Mongolia")
    assert not out.duplicated(["model", "scenario", "region", "variable", "unit", "year"]).any()
    assert set(out["model"]) == {"Lantian"}
