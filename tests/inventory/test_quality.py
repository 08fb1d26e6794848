"""What the miniature inventory rests on, by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.ratings import SPREAD_OF_RATING
from model.inventory.review.quality import Quality, quality, total_ranges
from model.tables.read import Tables


@pytest.fixture(scope="module")
def found(tables: Tables) -> Quality:
    return quality(build_inventory(tables, 2017, None, {}), tables)


def share(found: Quality, pollutant: str, basis: str) -> dict[str, float]:
    rows = found.shares[(found.shares["pollutant"] == pollutant) & (found.shares["basis"] == basis)]
    return dict(zip(rows["label"], rows["share"], strict=True))


def test_shares_of_every_basis_add_up(found: Quality) -> None:
    known = found.shares.dropna()
    sums = known.groupby(["pollutant", "basis"])["share"].sum()
    np.testing.assert_allclose(sums, 1)
    assert set(known["pollutant"]) == {"SO2", "NOx", "VOCs", "PM10", "NH3", "CO2"}


SO2 = {
    "p1": 27e6 * 25e-9 * 250 * 20.9 / 14.9,  # held at 25 mg/m3
    "k1": 360,
    "h1": 108,
    "b1": 80,
    "b2": 4.64,
    "b3": 55.68,
    "b4": 0.0099,
}
ALL_SO2 = sum(SO2.values())
"""t/yr of the miniature sources."""


def part(*names: str) -> float:
    return sum(SO2[name] for name in names) / ALL_SO2


def test_activity_factor_and_controls_are_told_apart(found: Quality) -> None:
    # p1 and k1 stand for themselves (MANUAL, seen, B); all others are constructed, and nothing covers them
    activity = share(found, "SO2", "activity")
    assert activity == pytest.approx(
        {"measured": 0, "published": part("p1", "k1"), "split": 0, "recalled": 0, "own": 1 - part("p1", "k1")}
    )
    factor = share(found, "SO2", "factor")  # h1 and k1 have made-up ones
    assert factor["published"] == pytest.approx(1 - part("h1", "k1"))
    assert factor["own"] == pytest.approx(part("h1", "k1"))
    controls = share(found, "SO2", "controls")  # all are made up; a bag takes no SO2
    assert controls["none"] == pytest.approx(part("k1", "h1", "b1", "b4"))
    assert controls["own"] == pytest.approx(part("p1", "b2", "b3"))


def test_the_weakest_part_counts(found: Quality) -> None:
    assert share(found, "SO2", "evidence")["own"] == pytest.approx(1)
    # VOCs: t1 2.5 t and c1 152 t, both with a factor that was seen (C) and an activity of our own (E)
    assert share(found, "VOCs", "factor")["published"] == pytest.approx(1)
    assert share(found, "VOCs", "evidence")["own"] == pytest.approx(1)
    assert share(found, "SO2", "rating")["C"] == pytest.approx(part("p1"))
    assert share(found, "SO2", "constructed") == pytest.approx(
        {"no": part("p1", "k1"), "yes": 1 - part("p1", "k1")}
    )


def total(quantity: str, where: str, value: float, unit: str, **more: object) -> dict[str, object]:
    """A row of observations that was seen."""
    names = {"observation": f"{quantity} {where} {value}", "quantity": quantity, "where": where, "year": 2017}
    place = {"area": "150000", "account": "control_total", "citation": "MANUAL", "rating": "C"}
    return {**names, **place, "value": value, "unit": unit, **more}


@pytest.mark.parametrize(
    ("row", "label"),
    [
        (total("heat", "class=residential_coal", 60, "TJ"), "split"),
        (total("heat", "class=residential_coal", 55, "TJ"), "split"),  # met within 10 %
        (total("heat", "class=residential_coal", 54, "TJ"), "own"),  # not met
        (total("raw_coal", "zone=rural", 6, "kt"), "split"),  # its fuel
        (total("stock", "class=residential_coal", 1000, "1"), "own"),  # says nothing of its activity
        (total("SO2", "class=residential_coal", 108, "t"), "own"),  # nor does its emission
        (total("heat", "class=residential_coal", 60, "TJ", account="bottom_up"), "own"),
        (total("heat_share", "zone=rural of class=residential_coal", 100, "%"), "own"),  # of what total?
        (total("heat", "class=residential_coal", 60, "TJ", citation="MADE_UP", rating="E"), "own"),
    ],
)
def test_a_constructed_row_is_a_share_of_a_total_that_it_meets(
    row: dict[str, object], label: str, with_rows: Callable[..., Tables]
) -> None:
    tables = with_rows("observations", row)
    shares = share(quality(build_inventory(tables, 2017, None, {}), tables), "SO2", "activity")
    own = 1 - part("p1", "k1")
    expected = (
        {"split": part("h1"), "own": own - part("h1")} if label == "split" else {"split": 0, "own": own}
    )
    assert {name: shares[name] for name in expected} == pytest.approx(expected)


def test_what_a_control_adds_decides_where_there_is_no_factor(found: Quality) -> None:
    # NH3 comes from SNCR alone; CO2 of limestone is small beside that of the fuel
    assert share(found, "NH3", "controls")["own"] == pytest.approx(1)
    assert share(found, "CO2", "controls")["none"] == pytest.approx(1)


def test_classes_without_factors_are_named(found: Quality) -> None:
    missing = set(zip(found.missing["class"], found.missing["pollutant"], strict=True))
    assert ("architectural_coating", "NOx") in missing
    assert ("architectural_coating", "VOCs") not in missing
    assert ("boiler", "VOCs") in missing
    assert all(("truck", p) in missing for p in POLLUTANTS if p not in ("NOx", "VOCs", "CO2"))
    assert found.missing.set_index(["class", "pollutant"]).at[("boiler", "VOCs"), "sources"] == 4


def test_range_has_all_that_is_uncertain(tables: Tables) -> None:
    """VOCs of c1 152 t, of t1 2.5 t. c1: factor 300..500, control, activity, own deviation; t1: factor rated
    C, activity, own deviation; each independent."""
    rating = {name: np.log1p(spread) / 1.96 for name, spread in SPREAD_OF_RATING.items()}
    unit = np.log(2) / 1.96
    c1 = [np.log(500 / 300) / 3.92, rating["E"], rating["E"], unit]
    t1 = [rating["C"], rating["E"], unit]
    variance = 152**2 * np.expm1(np.square(c1)).sum() + 2.5**2 * np.expm1(np.square(t1)).sum()
    times = np.exp(1.96 * np.sqrt(np.log1p(variance / 154.5**2)))
    ranges = total_ranges(build_inventory(tables, 2017, None, {}), tables).set_index("pollutant")
    row = ranges.loc["VOCs"]
    assert row["value"] == pytest.approx(154.5)
    assert row["low"] == pytest.approx(154.5 / times)
    assert row["high"] == pytest.approx(154.5 * times)
    assert "BC" not in ranges.index
