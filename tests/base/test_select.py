"""Selectors against lists worked by hand; their algebra; the message of each fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.faults import InputError
from model.base.select import matches, parse_selector
from model.base.words import STANDARD_LEVELS


@dataclass(frozen=True)
class Attribute:
    type: str
    choices: tuple[str, ...] = ()


ATTRIBUTES = {
    "class": Attribute("id"),
    "zone": Attribute("choice", ("city_built_up", "rural")),
    "capacity_tph": Attribute("number"),
    "chp": Attribute("bool"),
    "controls": Attribute("list"),
    "city": Attribute("adcode"),
    "area": Attribute("adcode", ("key", "wuhai")),
    "meets": Attribute("choice", STANDARD_LEVELS),
}


def objects(*values: object) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


COLUMNS = {
    "class": np.array(["boiler", "boiler", "truck", "boiler"]),
    "zone": objects("city_built_up", "rural", None, float("nan")),
    "capacity_tph": np.array([10.0, 35.0, np.nan, 65.0]),
    "chp": objects(True, False, None, False),
    "controls": objects(("bag", "fgd_wet"), (), None, ("scr",)),
    "city": objects("150100", "150200", "", "150100"),
    "area": objects(*map(frozenset, (["150100", "key"], ["150200"], [], ["150100", "150102", "wuhai"]))),
    "meets": objects("none", "special_limits", None, "ultra_low"),
}


def select(node: object) -> list[int]:
    """Positions that a selector holds for."""
    return np.flatnonzero(matches(parse_selector(node, ATTRIBUTES, "where"), COLUMNS, 4)).tolist()


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"class": "boiler"}, [0, 1, 3]),
        ({"class": ["truck", "bus"]}, [2]),
        ({"zone": {"not": "rural"}}, [0, 2, 3]),
        ({"zone": {"not": ["rural", "city_built_up"]}}, [2, 3]),
        ({"capacity_tph": {"at_most": 35}}, [0, 1]),
        ({"capacity_tph": {"below": 35}}, [0]),
        ({"capacity_tph": {"at_least": 35}}, [1, 3]),
        ({"capacity_tph": {"above": 35}}, [3]),
        ({"capacity_tph": {"above": 10, "below": 65}}, [1]),
        ({"capacity_tph": [10, 65.0]}, [0, 3]),
        ({"capacity_tph": {"not": 10}}, [1, 2, 3]),
        ({"chp": True}, [0]),
        ({"chp": {"not": True}}, [1, 2, 3]),
        ({"controls": "fgd_wet"}, [0]),
        ({"controls": ["scr", "bag"]}, [0, 3]),
        ({"controls": {"not": "bag"}}, [1, 2, 3]),
        ({"city": 150100}, [0, 3]),
        ({"area": "key"}, [0]),
        ({"area": ["key", 150200]}, [0, 1]),
        ({"area": {"not": 150100}}, [1, 2]),
        ({"meets": "national_limits"}, [1, 3]),
        ({"meets": "ultra_low"}, [3]),
        ({"meets": ["ultra_low", "special_limits"]}, [1, 3]),
        ({"meets": "none"}, [0]),
        ({"meets": {"not": "special_limits"}}, [0, 2]),
        ({"class": "boiler", "chp": False}, [1, 3]),
        ([{"class": "truck"}, {"capacity_tph": {"at_most": 10}}], [0, 2]),
        ([[{"class": "truck"}], {"chp": True}], [0, 2]),
    ],
)
def test_by_hand(node: object, expected: list[int]) -> None:
    assert select(node) == expected


CONDITIONS = st.one_of(
    st.fixed_dictionaries({"class": st.sampled_from(["boiler", "truck", "bus"])}),
    st.fixed_dictionaries({"zone": st.sampled_from(["rural", "city_built_up"])}),
    st.fixed_dictionaries({"area": st.sampled_from(["key", "wuhai", "150100"])}),
    st.fixed_dictionaries({"meets": st.sampled_from(STANDARD_LEVELS)}),
    st.fixed_dictionaries({"controls": st.lists(st.sampled_from(["bag", "scr"]), min_size=1)}),
)


@given(CONDITIONS)
def test_not_is_the_complement(node: dict[str, Any]) -> None:
    negated = {name: {"not": value} for name, value in node.items()}
    assert sorted(select(node) + select(negated)) == [0, 1, 2, 3]


@given(st.lists(CONDITIONS, min_size=1, max_size=4))
def test_a_list_is_the_union(nodes: list[dict[str, Any]]) -> None:
    assert select(nodes) == sorted(set().union(*(select(node) for node in nodes)))


@given(st.lists(CONDITIONS, min_size=1, max_size=4))
def test_a_mapping_is_the_intersection(nodes: list[dict[str, Any]]) -> None:
    both: dict[str, Any] = {}
    for node in nodes:
        both |= node
    parts = [set(select({name: value})) for name, value in both.items()]
    assert select(both) == sorted(set.intersection(*parts))


@pytest.mark.parametrize("stricter", range(1, len(STANDARD_LEVELS) - 1))
def test_a_stricter_level_satisfies_a_weaker_clause(stricter: int) -> None:
    weak, strict = STANDARD_LEVELS[stricter], STANDARD_LEVELS[stricter + 1]
    assert set(select({"meets": strict})) <= set(select({"meets": weak}))


def test_the_attributes_that_are_tested() -> None:
    node = [{"class": "boiler"}, {"chp": True, "zone": "rural"}]
    one, same = (parse_selector(node, ATTRIBUTES, path) for path in "ab")
    assert one.attributes == {"class", "chp", "zone"}
    assert one == same
    assert hash(one) == hash(same)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"clas": "boiler"}, "w.clas: 'clas' is not an attribute; did you mean 'class'?"),
        ({"zone": "rurl"}, "w.zone: 'rurl' is not one of the choices; did you mean 'rural'?"),
        (
            {"zone": ["rural", "park"]},
            "w.zone.1: 'park' is not one of the choices; known: city_built_up, rural",
        ),
        ({"zone": {"not": "x"}}, "w.zone.not: 'x' is not one of the choices; known: city_built_up, rural"),
        (
            {"zone": {"below": 3}},
            "w.zone.below: '3' compares zone, which has no order of size; write a value or a list",
        ),
        (
            {"capacity_tph": {"atmost": 3}},
            "w.capacity_tph.atmost: 'atmost' is not a comparison; did you mean 'at_most'?",
        ),
        (
            {"capacity_tph": {"at_most": "3 t"}},
            "w.capacity_tph.at_most: '3 t' is not a number; write at_most: NUMBER",
        ),
        (
            {"capacity_tph": "big"},
            "w.capacity_tph: 'big' is not a number; write a number, or {at_most: number}",
        ),
        (
            {"capacity_tph": {"not": 3, "below": 9}},
            "w.capacity_tph.not: '3' 'not' stands alone; leave one out",
        ),
        (
            {"class": {}},
            "w.class: '{}' is not a condition; write a value, a list, {at_most: number} or {not: value}",
        ),
        ({"class": []}, "w.class: '[]' names no value; write at least one"),
        ({"class": None}, "w.class: 'null' is not a name; write a name or a list of names"),
        ({"chp": "yes"}, "w.chp: 'yes' is neither true nor false; write true or false"),
        ({"city": "Baotou"}, "w.city: 'Baotou' is not the six-digit code of an area; write six digits"),
        ({"area": "kez"}, "w.area: 'kez' is not the six-digit code of an area; did you mean 'key'?"),
        ([], "w: '[]' is not a selector; write {ATTRIBUTE: value}, or a list of such"),
        ("boiler", "w: 'boiler' is not a selector; write {ATTRIBUTE: value}, or a list of such"),
        (
            [{"class": "a"}, {"x": 1}],
            "w.1.x: 'x' is not an attribute; "
            "known: area, capacity_tph, chp, city, class, controls, meets, zone",
        ),
    ],
)
def test_fault(node: object, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_selector(node, ATTRIBUTES, "w")
    assert str(error.value) == f", {message}"


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as error:
        parse_selector({"clas": 1, "zone": "x", "chp": 1}, ATTRIBUTES, "w")
    assert [fault.column for fault in error.value.faults] == ["w.clas", "w.zone", "w.chp"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="zone"):
        matches(parse_selector({"zone": "rural"}, ATTRIBUTES, ""), {"class": COLUMNS["class"]}, 4)
