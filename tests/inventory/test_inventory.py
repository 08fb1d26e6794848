"""The inventory of the miniature inputs: joins, conversions, sums."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from model.base.faults import InputError
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, edit, write_small_inputs


@pytest.fixture(scope="module")
def inventory(tables: Tables) -> Inventory:
    return build_inventory(tables, 2017, None, {"core": ("150102",), "north": ("150100",)})


def emitted(inventory: Inventory, source: str, pollutant: str) -> float:
    return float(inventory.emission().sel(source=source, year=2017, pollutant=pollutant))


def test_emission_by_hand(inventory: Inventory) -> None:
    # b1: 100 000 GJ / 0.8 / 20 GJ/t = 6 250 t coal; SO2 16 x 0.8 kg/t; NOx 3 kg/t; PM10 1 x 20 kg/t, bag 0.99
    assert emitted(inventory, "b1", "SO2") == pytest.approx(80.0)
    assert emitted(inventory, "b1", "NOx") == pytest.approx(18.75)
    assert emitted(inventory, "b1", "PM10") == pytest.approx(1.25)
    # b2: 2 000 t coal of 1 % sulphur (the fuel's), FGD 0.9 in 0.95 of the hours; from 20 t/h on NOx 4 kg/t
    assert emitted(inventory, "b2", "SO2") == pytest.approx(2000 * 16e-3 * (1 - 0.855))
    assert emitted(inventory, "b2", "NOx") == pytest.approx(8.0)
    # p1: 3 TWh at 9 GJ/MWh; 45 mg/m3 in 250 x 20.9 / 14.9 m3/GJ
    assert emitted(inventory, "p1", "NOx") == pytest.approx(27e6 * 45e-9 * 250 * 20.9 / 14.9)
    # k1: 1.2 Mt clinker, 1.5 kg/t, SNCR 0.4 in 0.9 of the hours
    assert emitted(inventory, "k1", "NOx") == pytest.approx(1800 * 0.64)
    # t1: 5 M km of 8 g/km, county at 1 600 m (x 1.2), load 60 % (x 1.1)
    assert emitted(inventory, "t1", "NOx") == pytest.approx(40 * 1.2 * 1.1)
    # c1: 500 t of 400 kg/t, carbon 0.6 x 0.5 x 0.8
    assert emitted(inventory, "c1", "VOCs") == pytest.approx(200 * 0.76)


def test_fuel_is_converted_to_service(inventory: Inventory) -> None:
    row = inventory.sources.loc["b2"]
    assert row["activity"] == pytest.approx(2000 * 25 * 0.8)
    assert (row["activity_unit"], row["ncv_gj_per_t"]) == ("GJ", 25)
    assert inventory.activity.sel(source="b2", year=2017) == row["activity"]


def test_place_of_a_source(inventory: Inventory) -> None:
    sources = inventory.sources
    assert sources.at["b1", "area"] == {"150102", "150100", "150000", "core", "north"}
    assert sources.at["b3", "area"] == {"150121", "150100", "150000", "north"}
    assert (sources.at["b3", "city"], sources.at["b3", "county"]) == ("150100", "150121")
    assert sources.at["c1", "city"] == "150100"
    assert pd.isna(sources.at["c1", "county"])
    assert sources.at["b4", "gas_access"] == "lng"
    assert sources.at["t1", "altitude_m"] == 1600


def test_class_attributes_and_capacity(inventory: Inventory) -> None:
    sources = inventory.sources
    assert (sources.at["p1", "sector"], sources.at["p1", "capacity_mw"]) == ("fossil_fuel", 600)
    assert np.isnan(sources.at["p1", "capacity_tph"])
    assert (sources.at["b1", "capacity_tph"], sources.at["b1", "part_year"]) == (10, 0.4)
    assert sources.at["h1", "divisible"]
    assert sources.at["b4", "fuel_group"] == "gas"
    assert (sources["vintage"] == "existing").all()
    assert sources["meets_start"].to_dict()["p1"] == "ultra_low"


def test_missing_is_not_zero(inventory: Inventory) -> None:
    emission = inventory.emission().isel(year=0)
    assert np.isnan(emission.sel(source="c1", pollutant="NOx"))
    total = emission.sum("source", skipna=True, min_count=1).to_series()
    assert np.isnan(total["BC"])
    assert total["VOCs"] == pytest.approx(2.5 + 152)


def test_calibrated_inventory(tables: Tables, inventory: Inventory) -> None:
    calibrated = build_inventory(tables, 2017, "fitted", {})
    ratio = (calibrated.factor / inventory.factor).isel(year=0)
    assert ratio.sel(source="b1", pollutant="SO2") == pytest.approx(1.5)
    assert ratio.sel(source="b4", pollutant="SO2") == pytest.approx(1.1)
    assert ratio.sel(source="t1", pollutant="NOx") == pytest.approx(2)
    assert ratio.sel(source="t2", pollutant="NOx") == pytest.approx(1)  # outside the account


@pytest.mark.parametrize(
    ("year", "calibration", "areas", "message"),
    [
        (2016, None, {}, "toy: '2016' has no source; years with sources: 2017"),
        (
            2017,
            "fited",
            {},
            "toy/calibration.csv, calibration: 'fited' is not a calibration of the region; did you mean 'fitted'?",
        ),
        (
            2017,
            None,
            {"core": ("150103",)},
            "scenario, areas.core: '150103' is not an area of the region; did you mean '150102'?",
        ),
    ],
)
def test_what_can_not_be_built(
    tables: Tables, year: int, calibration: str | None, areas: Mapping[str, tuple[str, ...]], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        build_inventory(tables, year, calibration, areas)
    assert str(caught.value).replace(", year:", ":") == message


def test_fuel_can_not_be_converted_with_no_intensity(tmp_path: Path) -> None:
    root = write_small_inputs(tmp_path)
    edit(root, "toy/sources.csv", "1.2,Mt,coal", "200000,fuel_t,coal")
    edit(root, "reference/technologies.csv", "precalciner,,3.2", "precalciner,,0")
    with pytest.raises(InputError) as caught:
        build_inventory(read_tables(root, REGION), 2017, None, {})
    assert str(caught.value) == (
        "toy/sources.csv, row 3, activity_unit: 'fuel_t' can not be converted to activity: the intensity is 0; "
        "give the activity, or an intensity above 0 in technologies"
    )


def test_labels_must_agree(inventory: Inventory) -> None:
    shorter = replace(inventory, activity=inventory.activity.isel(source=slice(1, None)))
    with pytest.raises(ValueError, match="join='exact'"):
        shorter.emission()


scales = st.lists(st.floats(0, 1e3), min_size=10, max_size=10)


@settings(max_examples=10, deadline=None)
@given(scales)
def test_emission_is_linear_in_activity_and_never_negative(
    tables: Tables, inventory: Inventory, factors: list[float]
) -> None:
    sources = tables.frame["sources"]
    scaled = sources.assign(activity=sources["activity"] * factors)
    frames = {**tables.frame, "sources": scaled}
    one = inventory.emission()
    other = build_inventory(replace(tables, frame=frames), 2017, None, {}).emission()
    expected = one * xr.DataArray(factors, dims="source", coords={"source": one["source"]})
    xr.testing.assert_allclose(other, expected, rtol=1e-12)
    assert float(other.min()) >= 0


def test_the_total_is_the_sum_of_its_parts(inventory: Inventory) -> None:
    emission = inventory.emission().isel(year=0)
    total = emission.sum("source", skipna=True, min_count=1)
    by_city = emission.groupby(
        xr.DataArray(inventory.sources["city"].to_numpy(str), dims="source", name="city")
    )
    parts = by_city.sum(skipna=True, min_count=1)
    xr.testing.assert_allclose(parts.sum("city", skipna=True, min_count=1), total)
    assert list(parts["pollutant"].to_numpy()) == list(POLLUTANTS)


def test_the_order_of_sources_changes_nothing(tables: Tables, inventory: Inventory) -> None:
    shuffled = tables.frame["sources"].sample(frac=1, random_state=1).reset_index(drop=True)
    other = build_inventory(replace(tables, frame={**tables.frame, "sources": shuffled}), 2017, None, {})
    again = other.emission().sel(source=inventory.emission()["source"])
    xr.testing.assert_identical(again, inventory.emission())
