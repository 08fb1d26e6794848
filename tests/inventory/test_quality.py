"""What the miniature inventory rests on, by hand."""

# ruff: noqa: E501

from __future__ import annotations

import numpy as np
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.quality import SPREAD_OF_RATING, Quality, quality
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


def test_the_worse_of_factor_and_activity_counts(found: Quality) -> None:
    # VOCs: t1 2.5 t and c1 152 t, both with a factor that was seen (C) and an activity of our own (E, constructed)
    assert share(found, "VOCs", "access") == {"seen": 0, "derived": 0, "recalled": 0, "own": 1}
    assert share(found, "VOCs", "rating")["E"] == 1
    assert share(found, "VOCs", "evidence")["constructed"] == 1
    # SO2: only p1 has both seen (activity B, factor C); k1 has a made-up factor, the rest is constructed
    so2 = 27e6 * 25e-9 * 250 * 20.9 / 14.9
    total = 80 + 4.64 + 55.68 + 0.0099 + so2 + 360 + 108
    assert share(found, "SO2", "evidence") == pytest.approx(
        {
            "measured": 0,
            "published": so2 / total,
            "derived": 0,
            "recalled": 0,
            "own": 360 / total,
            "constructed": 1 - (so2 + 360) / total,
        }
    )
    assert share(found, "SO2", "rating")["C"] == pytest.approx(so2 / total)


def test_classes_without_factors_are_named(found: Quality) -> None:
    missing = set(zip(found.missing["class"], found.missing["pollutant"], strict=True))
    assert ("architectural_coating", "NOx") in missing
    assert ("architectural_coating", "VOCs") not in missing
    assert ("boiler", "VOCs") in missing
    assert all(("truck", p) in missing for p in POLLUTANTS if p not in ("NOx", "VOCs", "CO2"))
    assert found.missing.set_index(["class", "pollutant"]).at[("boiler", "VOCs"), "sources"] == 4


def test_range_is_as_one_within_a_row_and_independent_between_rows(found: Quality) -> None:
    # VOCs: c1 152 t with 300..500 about 400; t1 2.5 t rated C without a range
    c, t = SPREAD_OF_RATING["C"], 2.5
    low = np.hypot(152 * 0.25, t * (1 - 1 / (1 + c)))
    high = np.hypot(152 * 0.25, t * c)
    row = found.ranges.set_index("pollutant").loc["VOCs"]
    assert row["value"] == pytest.approx(154.5)
    assert row["low"] == pytest.approx(154.5 - low)
    assert row["high"] == pytest.approx(154.5 + high)
    assert "BC" not in set(found.ranges["pollutant"])
