"""The `where` of a table against selectors written as a scenario writes them."""

from __future__ import annotations

from typing import Any

import pytest

from model.base.faults import InputError
from model.base.select import parse_selector
from model.inventory.observed.where import known_names, parse_share, parse_where
from model.tables.read import Tables
from model.tables.schema import attributes


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", {}),
        ("class=boiler|truck", {"class": ["boiler", "truck"]}),
        ("class=boiler; capacity_tph at most 10", {"class": ["boiler"], "capacity_tph": {"at_most": 10}}),
        ("capacity_tph above 10; capacity_tph below 35", {"capacity_tph": {"above": 10, "below": 35}}),
        ("class!=truck; outside_account=yes", {"class": {"not": ["truck"]}, "outside_account": [True]}),
        (
            "chp=no or fuel=coal; meets=ultra_low",
            [{"chp": [False]}, {"fuel": ["coal"], "meets": ["ultra_low"]}],
        ),
        ("technology=China III", {"technology": ["China III"]}),
        ("controls=bag|fgd_wet; area=150100", {"controls": ["bag", "fgd_wet"], "area": ["150100"]}),
    ],
)
def test_a_cell_reads_as_a_scenario_does(text: str, node: Any, tables: Tables) -> None:
    assert parse_where(text, known_names(tables)) == parse_selector(node, attributes(), "")


def test_a_share_has_a_part_and_a_whole(tables: Tables) -> None:
    known = known_names(tables)
    part, whole = parse_share("technology=China IV of class=truck; fuel=diesel", known)
    assert part == parse_where("technology=China IV", known)
    assert whole == parse_where("class=truck; fuel=diesel", known)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class=boilr", "'boilr' is no class of the tables; did you mean 'boiler'?"),
        ("colour=red", "'colour' is not an attribute"),
        ("class", "'class' is not a test; tests like class=boiler|power_unit"),
        ("capacity_tph at most ten", "'ten' is not a number"),
        ("zone at most 3", "'3' compares zone, which has no order of size"),
        ("class=boiler; class=truck", "'class' is tested twice in one group; join values by |"),
        ("chp=maybe", "'maybe' is neither true nor false"),
        ("class=truck of fuel=diesel", "'truck of fuel=diesel' names a whole, and the quantity is no share"),
        ("area=15010", "'15010' is no area of the tables"),
    ],
)
def test_what_can_not_be_read_is_named(text: str, message: str, tables: Tables) -> None:
    with pytest.raises(InputError) as error:
        parse_where(text, known_names(tables))
    assert message in str(error.value)


def test_every_fault_of_a_share_is_named(tables: Tables) -> None:
    with pytest.raises(InputError) as error:
        parse_share("fuel=cole of class=boilr", known_names(tables))
    assert [fault.value for fault in error.value.faults] == ["cole", "boilr"]
