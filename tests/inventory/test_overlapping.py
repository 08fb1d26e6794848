"""Ranges of groups that overlap are those of each group alone."""

from __future__ import annotations

import numpy as np

from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.review.overlapping import log_sds_of_groups
from model.inventory.uncertain.parameters import parameters
from model.inventory.uncertain.propagate import propagate
from model.tables.read import Tables


def test_groups_that_overlap_are_as_each_alone(tables: Tables) -> None:
    inventory = build_inventory(tables, 2017, None, {})
    numbers = parameters(inventory, tables)
    kind, size = inventory.sources["class"].to_numpy(), len(inventory.sources)
    groups = [
        np.full(size, True),
        np.asarray(kind == "boiler"),
        np.full(size, False),
        np.isin(kind, ["boiler", "truck"]),
        np.asarray(kind == "cement_kiln"),
        np.asarray(kind == "boiler"),
    ]
    found = log_sds_of_groups(inventory, tables, numbers, groups)
    assert np.isnan(found[2]).all()
    np.testing.assert_array_equal(found[1], found[5])
    for group, sds in zip(groups, found, strict=True):
        if group.any():
            alone = propagate(inventory, tables, numbers, np.where(group, 0, -1))
            known = alone.value[0] > 0
            np.testing.assert_array_equal(np.isnan(sds), ~known)
            wide = alone.high[0][known] / alone.value[0][known]
            np.testing.assert_allclose(np.exp(1.96 * sds[known]), wide)


def test_one_number_gives_its_own_range(tables: Tables) -> None:
    """The kiln's CO2 is one factor (rated E) times one activity: squares of ln add up nearly."""
    inventory = build_inventory(tables, 2017, None, {})
    numbers = parameters(inventory, tables)
    kiln = (inventory.sources["class"] == "cement_kiln").to_numpy(dtype=bool)
    at = int(np.flatnonzero(kiln)[0])
    sd = log_sds_of_groups(inventory, tables, numbers, [kiln])[0, POLLUTANTS.index("CO2")]
    activity = numbers.log_sd[numbers.of_activity[at]]
    own = numbers.unit_log_sd[at]
    factor = float(np.log(10) / 1.96)
    squares = sum(np.expm1(one**2) for one in (activity, own, factor))
    np.testing.assert_allclose(sd, np.sqrt(np.log1p(squares)))
