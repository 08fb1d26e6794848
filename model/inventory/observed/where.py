"""The `where` of a table as a selector: the grammar of base/select in one cell of text.

    WHERE = GROUP { or GROUP }                                     any holds; empty: every source
    GROUP = TEST { ; TEST }                                        all hold
    TEST  = ATTRIBUTE = VALUE { | VALUE } | ATTRIBUTE != VALUE { | VALUE }
          | ATTRIBUTE at most | below | at least | above NUMBER

A share has two: WHERE of WHERE, the part (which lies inside the whole) and the whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from model.base.faults import Fault, InputError, nearest
from model.base.select import Selector, parse_selector
from model.tables.read import Tables
from model.tables.schema import attributes, table_specs

_NUMBERS = ("number", "integer", "year")
_TEST = re.compile(r"(\w+)\s*(!=|=|\bat most\b|\bat least\b|\bbelow\b|\babove\b)\s*(.+)")
_SHAPE = "tests like class=boiler|power_unit; capacity_tph at most 10, with ; for and, ` or ` between groups"
FEW = 60
"""Names that are listed where none is near."""
_BOOLS = {"yes": True, "no": False}


def known_names(tables: Tables) -> Mapping[str, Collection[str]]:
    """Names that an attribute may have: of sources themselves, and of attributes whose column of `sources`
    refers to a table."""
    columns = table_specs()["sources"].columns.values()
    known = {c.name: set(tables.frame[c.refers[0]][c.refers[1]]) for c in columns if c.refers}
    return {**known, "source": set(tables.frame["sources"]["source"])}


def parse_share(text: str, known: Mapping[str, Collection[str]]) -> tuple[Selector, Selector]:
    """Part and whole of a share, `PART of WHOLE`; raises InputError as `parse_where` does, of both."""
    part, _, whole = text.partition(" of ")
    found, faults = [], list[Fault]()
    for side in (part, whole):
        try:
            found.append(parse_where(side, known))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found[0], found[1]


def parse_where(text: str, known: Mapping[str, Collection[str]]) -> Selector:
    """The selector that a cell holds.

    known: as `known_names` gives it.

    Raises InputError with every fault in the cell; file, row and column are left to the caller.
    """
    faults: list[Fault] = []
    groups = re.split(r"\s+or\s+", text.strip()) if text.strip() else []
    node = [_group(group, known, faults) for group in groups]
    if faults:
        raise InputError(faults)
    return parse_selector(node or {}, attributes(), "where")


def _group(text: str, known: Mapping[str, Collection[str]], faults: list[Fault]) -> dict[str, Any]:
    """One alternative as the mapping that parse_selector reads."""
    node: dict[str, Any] = {}
    for test in text.split(";"):
        found = _TEST.fullmatch(test.strip())
        if not found:
            faults.append(_fault(test.strip(), "is not a test", _SHAPE))
            continue
        name, compare, right = found.groups()
        faults += _name_faults(name, right, known)
        values = [_typed(name, value.strip()) for value in right.split("|")]
        if compare == "=":
            condition: Any = values
        elif compare == "!=":
            condition = {"not": values}
        else:
            condition = {compare.replace(" ", "_"): values[0]}
            if isinstance(node.get(name), dict):
                condition = {**node.pop(name), **condition}
        if name in node:
            faults.append(_fault(name, "is tested twice in one group", "join values by |"))
        node[name] = condition
    return node


def _name_faults(name: str, right: str, known: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    if " of " in right:
        yield _fault(right, "names a whole, and the quantity is no share", "leave out ` of `")
    elif name in known:
        unknown = [value for value in map(str.strip, right.split("|")) if value not in known[name]]
        yield from (
            _fault(value, f"is no {name} of the tables", _alike(value, known[name])) for value in unknown
        )


def _alike(value: str, known: Collection[str]) -> str:
    """The nearest name, or the known ones where they are few enough to read."""
    said = nearest(value, known)
    return said if len(known) <= FEW or not said.startswith("known") else f"use one of its {len(known)}"


def _typed(name: str, text: str) -> str | float | bool:
    """A value as the attribute has it; what can not be read stays text, which parse_selector refuses."""
    kind = attributes()[name].type if name in attributes() else "text"
    if kind == "bool":
        return _BOOLS.get(text, text)
    if kind in _NUMBERS:
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _fault(value: str, wrong: str, right: str) -> Fault:
    return Fault("", None, "where", value, wrong, right)
