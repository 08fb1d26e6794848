"""The benchmark of the inventory on a small one: the peers agree, and ours keeps its distance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.inventory import GROWTH, enlarged, grown, main, measure_region
from model.inventory.emissions import build_inventory
from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return read_tables(write_small_inputs(tmp_path_factory.mktemp("inputs")), REGION)


def test_the_enlarged_inventory_is_drawn_from_the_region(tables: Tables) -> None:
    sources = enlarged(tables, 2017, 5000).frame["sources"]
    assert len(sources) == 5000
    assert sources["source"].is_unique
    assert set(sources["class"]) == set(tables.frame["sources"]["class"])
    first = sources["class"].value_counts(normalize=True)
    assert first["boiler"] == pytest.approx(0.4, abs=0.03)


def test_years_grow_and_factors_fall(tables: Tables) -> None:
    start = build_inventory(tables, 2017, None, {})
    inventory = grown(start, 3)
    assert inventory.emission().shape == (10, 3, 10)
    np.testing.assert_allclose(
        inventory.activity.sel(year=2019), start.activity.isel(year=0) * (1 + GROWTH) ** 2
    )
    emission = inventory.emission()
    np.testing.assert_allclose(emission.isel(year=2), emission.isel(year=0))  # growth and decline balance


def test_emission_is_at_least_a_fifth_of_bare_numpy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = write_small_inputs(tmp_path)
    size = ["--sources", "50000", "--years", "8", "--repeat", "3"]
    main(["--region", REGION, "--inputs", str(inputs), *size, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["sources"], found["years"], found["pollutants"]) == (50000, 8, 10)
    assert found["of_numpy"] == pytest.approx(found["numpy_s"] / found["emission_s"])
    assert found["of_numpy"] > 0.2


def test_a_region_is_built_from_its_tables_in_below_3_s_of_cpu() -> None:
    found = measure_region(Path(__file__).parents[2] / "inputs", "inner_mongolia", 2017, 2)
    assert found["region_sources"] > 10000
    assert found["read_s"] + found["build_s"] < 3
