"""What stands out, by hand: robust scores, sources, cities, rows that are there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.inventory.emissions import Inventory, build_inventory
from model.inventory.review.outliers import FAR, NARROW, city_outliers, duplicates, robust, source_outliers
from model.tables.read import Tables

Add = Callable[..., Tables]


def test_scores_are_of_logarithms_around_the_median() -> None:
    """1, 2, 4, 8, 64: median 4; of ln the deviations are 2, 1, 0, 1, 4 times ln 2, their median ln 2."""
    values, group = np.array([1.0, 2.0, 4.0, 8.0, 64.0]), np.zeros(5, dtype=np.int64)
    middle, spread, z = robust(values, group)
    np.testing.assert_allclose(middle, 4)
    np.testing.assert_allclose(spread, 1.4826 * np.log(2))
    np.testing.assert_allclose(z, np.array([-2, -1, 0, 1, 4]) / 1.4826)


def test_where_most_are_equal_the_mean_deviation_counts() -> None:
    """Seven times 1 and one e^8: the median deviation is 0, the mean one 1."""
    values = np.array([1.0] * 7 + [np.exp(8.0)])
    _, spread, z = robust(values, np.zeros(8, dtype=np.int64))
    np.testing.assert_allclose(spread, 1.2533)
    assert z[-1] == pytest.approx(8 / 1.2533)


def test_what_is_nearly_alike_does_not_stand_out() -> None:
    values = np.array([1.0, 1.001, 1.002, 1.003, 1.1])
    _, spread, z = robust(values, np.zeros(5, dtype=np.int64))
    np.testing.assert_allclose(spread, NARROW)
    assert np.abs(z).max() < FAR


def test_groups_are_apart_and_nothing_is_no_value() -> None:
    values, group = np.array([1.0, 1.0, 100.0, 100.0, 0.0]), np.array([0, 0, 1, 1, 1])
    middle, _, z = robust(values, group)
    np.testing.assert_allclose(middle[:4], values[:4])
    np.testing.assert_allclose(z[:4], 0)
    assert np.isnan(z[4])


def many(tables: Tables, count: int, **other: object) -> Inventory:
    """The miniature inventory with `count` boilers like b1 in the place of its own, the last with other
    cells."""
    sources = tables.frame["sources"]
    one = sources[sources["source"] == "b1"].iloc[0]
    rows = [one.to_dict() | {"source": f"n{i}", "name": f"Boiler {i}"} for i in range(count)]
    rows[-1] |= other
    more = pd.DataFrame(rows).astype(sources.dtypes.to_dict())
    frame = pd.concat([sources[sources["class"] != "boiler"], more], ignore_index=True)
    return build_inventory(replace(tables, frame={**tables.frame, "sources": frame}), 2017, None, {})


def test_a_boiler_of_six_times_the_sulphur_is_found(tables: Tables) -> None:
    """SO2 goes with sulphur: 6 x. Eight are alike, so the mean deviation counts, ln 6 / 9. Ten times the
    activity shows in what it emits per capacity alone."""
    plain = many(tables, 9)
    assert source_outliers(plain).empty
    sulphur = float(plain.sources.at["n0", "sulphur_pct"])
    found = source_outliers(many(tables, 9, sulphur_pct=6 * sulphur))
    assert set(found["per"]) == {"activity", "capacity"}
    assert set(found["pollutant"]) == {"SO2"}
    room = np.exp(FAR * 1.2533 * np.log(6) / 9)
    np.testing.assert_allclose(found["value"] / (found["high"] / room), 6)
    np.testing.assert_allclose(found["low"] * room, found["high"] / room)
    np.testing.assert_allclose(found["score"], 9 / 1.2533)

    busy = source_outliers(many(tables, 9, activity=10 * float(plain.sources.at["n0", "activity"])))
    assert set(busy["per"]) == {"capacity"}
    assert set(busy["pollutant"]) >= {"SO2", "NOx", "CO2"}


@pytest.mark.parametrize(("odd", "found"), [(3, 3), (4, 0)])
def test_what_a_third_of_a_group_does_is_a_second_kind(tables: Tables, odd: int, found: int) -> None:
    """Twelve boilers a hundredth apart, some of which emit a thousand times as much."""
    plain = many(tables, 12)
    boilers = plain.sources.index[plain.sources["class"] == "boiler"]
    times = np.array([1000.0] * odd + [1.0] * (12 - odd)) * (1 + 0.01 * np.arange(12))
    factor = plain.factor.copy()
    factor.loc[{"source": boilers}] = factor.loc[{"source": boilers}] * times[:, None, None]
    rows = source_outliers(replace(plain, factor=factor)).query("pollutant == 'SO2' and per == 'activity'")
    assert len(rows) == found


def test_few_sources_have_no_outlier(tables: Tables) -> None:
    assert source_outliers(many(tables, 5, sulphur_pct=6.0)).empty


def test_a_city_of_high_emission_per_resident(tables: Tables) -> None:
    """Six cities of a million that emit 1 to 6 kt each, and one of 60 kt."""
    kt = {f"99{i}00": float(i) for i in range(10, 16)} | {"999900": 6000.0}
    areas = pd.DataFrame({"area": list(kt), "level": "city", "population": 1e6})
    shared = replace(tables, frame={**tables.frame, "areas": areas})
    sources = pd.DataFrame({"city": list(kt)})
    factor = np.full((len(kt), 1, 10), np.nan)
    factor[:, 0, 0] = list(kt.values())
    base = build_inventory(tables, 2017, None, {})
    labels = np.arange(len(kt)).astype(str)
    activity = base.activity.isel(source=[0] * len(kt)).assign_coords(source=labels) * 0 + 1
    coords = {"source": labels, "year": [2017], "pollutant": base.factor["pollutant"]}
    values = base.factor.isel(source=[0] * len(kt)).assign_coords(coords).copy(data=factor)
    found = city_outliers(Inventory(sources, activity, values), shared)
    assert found[["city", "pollutant", "count"]].to_numpy().tolist() == [["999900", "SO2", 7]]
    assert found["value"].item() == pytest.approx(6000 / 1e6)
    assert found["score"].item() > FAR


def test_a_row_written_twice_is_found(tables: Tables) -> None:
    none = duplicates(many(tables, 3))
    assert none.empty
    twice = many(tables, 3, name="Boiler 0")
    index = twice.sources.index
    assert [(index[a], index[b]) for a, b in duplicates(twice).to_numpy()] == [("n2", "n0")]


def test_rows_that_stand_for_many_are_found_by_kind(tables: Tables) -> None:
    """A second row of one fleet in one place, with another number of vehicles and another name."""
    sources = tables.frame["sources"]
    again = sources[sources["source"] == "t1"].assign(
        source="t9", name="The same again", activity=1.0, stock=1.0
    )
    frame = pd.concat([sources, again], ignore_index=True)
    inventory = build_inventory(replace(tables, frame={**tables.frame, "sources": frame}), 2017, None, {})
    index = inventory.sources.index
    assert [(index[a], index[b]) for a, b in duplicates(inventory).to_numpy()] == [("t9", "t1")]
