"""The miniature inventory beside others, by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from model.base.faults import InputError
from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.lookup import Floats
from model.inventory.observed.closures import Bools
from model.inventory.ratings import SPREAD_OF_RATING
from model.inventory.review.against import against
from model.tables.read import Tables

Add = Callable[..., Tables]

OWN = 0.2
"""Standard deviation of ln that the model's figures are given here."""
CEMENT = 1.5e-3 * 1.2e6 * (1 - 0.4 * 0.9)
"""t NOx of the cement kiln."""


def row(value: float, **more: object) -> dict[str, object]:
    """A row of other_inventories: NOx of cement of 2017, in t/yr."""
    names = {"inventory": "other", "year": 2017, "area": "150000", "part": "cement", "pollutant": "NOx"}
    rest = {"where": "class=cement_kiln", "unit": "t/yr", "citation": "MANUAL", "rating": "C"}
    return {**names, **rest, "value": value, **more}


def compared(with_rows: Add, *rows: dict[str, object]) -> pd.DataFrame:
    tables = with_rows("other_inventories", *rows)

    def spread(groups: Sequence[Bools]) -> Floats:
        return np.full((len(groups), len(POLLUTANTS)), OWN)

    inventory = build_inventory(tables, 2017, None, {})
    return against(inventory, tables, tables.frame["other_inventories"], spread)


def test_ratio_and_its_range(with_rows: Add) -> None:
    """Half of the other; of rating C: ln(1 + 1.25) / 1.96, beside 0.2 of our own."""
    (found,) = compared(with_rows, row(2 * CEMENT)).to_dict("records")
    wide = np.exp(1.96 * np.hypot(OWN, np.log(1 + SPREAD_OF_RATING["C"]) / 1.96))
    assert found["ratio"] == pytest.approx(0.5)
    assert (found["low"], found["high"]) == pytest.approx((0.5 / wide, 0.5 * wide))
    assert found["inside"] == "yes"
    assert (found["model"], found["other"]) == pytest.approx((CEMENT, 2 * CEMENT))
    assert found["model_high"] / found["model"] == pytest.approx(np.exp(1.96 * OWN))
    assert found["other_high"] / found["other"] == pytest.approx(2.25)
    assert found["why_not"] == ""


def test_a_range_that_is_given_counts(with_rows: Add) -> None:
    (found,) = compared(with_rows, row(2 * CEMENT, low=1.9 * CEMENT, high=2.1 * CEMENT)).to_dict("records")
    wide = np.exp(np.hypot(1.96 * OWN, np.log(2.1 / 1.9) / 2))
    assert found["high"] == pytest.approx(0.5 * wide)
    assert found["inside"] == "no"


def test_sectors_of_others_are_selectors(with_rows: Add) -> None:
    """By GNFR, by NFR and by the sectors of MEIC, in kt."""
    industry = [
        row(CEMENT / 1000, unit="kt/yr", where=where, part=where)
        for where in ("nfr=2.A.1", "gnfr=B_Industry; class!=boiler", "meic_sector=industry; sector=process")
    ]
    np.testing.assert_allclose(compared(with_rows, *industry)["ratio"], 1)


def test_the_nearest_year_is_compared_if_it_is_near(with_rows: Add) -> None:
    rows = [
        row(CEMENT, year=2016),
        row(CEMENT),
        row(CEMENT, year=2018),
        row(CEMENT, year=2018, part="late"),
        row(CEMENT, year=2016, part="late"),
        row(CEMENT, year=2015, part="early"),
    ]
    found = compared(with_rows, *rows)
    assert found["ratio"].notna().tolist() == [False, True, False, False, True, False]
    assert found["why_not"].iloc[[0, 5]].tolist() == [
        "of 2016, and the inventory is of 2017",
        "of 2015, and the inventory is of 2017",
    ]
    assert found["year"].tolist() == [2016, 2017, 2018, 2018, 2016, 2015]
    assert set(found["model_year"]) == {2017}


def test_what_can_not_be_compared_says_why(with_rows: Add) -> None:
    rows = [
        row(1, pollutant="BC"),
        row(0.0, part="nothing"),
        row(1, part="none", where="class=truck; fuel=coal"),
    ]
    found = compared(with_rows, *rows)
    assert found["why_not"].tolist() == [
        "its sources do not give it",
        "the other inventory has none",
        "no source of this inventory emits any",
    ]
    assert found["ratio"].isna().tolist() == [True, True, False]
    assert (found["inside"] == "").tolist() == [True, True, True]


def test_a_selector_that_can_not_be_read_names_its_cell(with_rows: Add) -> None:
    with pytest.raises(InputError) as error:
        compared(with_rows, row(1, where="class=cement_kilm"), row(1, part="x", where="nonsense"))
    assert [(fault.column, fault.value) for fault in error.value.faults] == [
        ("where", "cement_kilm"),
        ("where", "nonsense"),
    ]
    assert all(fault.file.endswith("other_inventories.csv") and fault.row for fault in error.value.faults)
