"""The `where` of a table as a selector: the grammar of base/select in one cell of text.

WHERE = GROUP { or GROUP }                                     any holds; empty: every source
GROUP = TEST { ; TEST }                                        all hold
TEST  = ATTRIBUTE = VALUE { | VALUE } | ATTRIBUTE != VALUE { | VALUE }
      | ATTRIBUTE at most | below | at least | above NUMBER
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from model.base.faults import Fault, InputError, nearest
from model.base.select import Selector, parse_selector
from model.tables.read import Tables
from model.tables.schema import attributes, table_specs

_NUMBERS = ("number", "integer", "year")
_TEST = re.compile(r"(\w+)\s*(!=|=|\bat most\b|\bat least\b|\bbelow\b|\babove\b)\s*(.+)")
_SHAPE = "tests like class=boiler|power_unit; capacity_tph at most 10, with ; for and, ` or ` between groups"
_BOOLS = {"yes": True, "no": False}


def known_names(tables: Tables) -> Mapping[str, Collection[str]]:
    """Names that an attribute may have, for the attributes whose column of `sources` refers to a table."""
    columns = table_specs()["sources"].columns.values()
    return {c.name: set(tables.frame[c.refers[0]][c.refers[1]]) for c in columns if c.refers}


def parse_share(text: str, known: Mapping[str, Collection[str]]) -> tuple[Selector, Selector]:
    """Part and whole of a share, `PART of WHOLE`.

    Raises InputError as `parse_where` does, of both, and where ` of ` is missing.
    """
    part, of, whole = text.partition(" of ")
    if not of:
        raise InputError([Fault("", None, "", text, "does not say of what it is a share", "PART of WHOLE")])
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
    node = [_group(group, known, faults) for group in re.split(r"\s+or\s+", text.strip())] if text else {}
    if faults:
        raise InputError(faults)
    return parse_selector(node, attributes(), "")


def _group(text: str, known: Mapping[str, Collection[str]], faults: list[Fault]) -> dict[str, Any]:
    """One alternative as the mapping that parse_selector reads."""
    node: dict[str, Any] = {}
    for test in text.split(";"):
        found = _TEST.fullmatch(test.strip())
        if not found:
            faults.append(Fault("", None, "", test.strip(), "is not a test", _SHAPE))
            continue
        name, compare, right = found.groups()
        values = [value.strip() for value in right.split("|")]
        for value in values:
            if name in known and value not in known[name]:
                faults.append(Fault("", None, "", value, f"is no {name} here", nearest(value, known[name])))
        if " of " in right:
            faults.append(
                Fault("", None, "", test.strip(), "has a whole, and is no share", "leave out ` of `")
            )
        typed = [_typed(name, value) for value in values]
        key = compare.replace(" ", "_")
        condition = typed if key == "=" else {"not": typed} if key == "!=" else {key: typed[0]}
        bounds = isinstance(condition, dict) and isinstance(node.get(name), dict)
        if name in node and not bounds:
            faults.append(Fault("", None, "", name, "is tested twice in one group", "join values by |"))
        node[name] = {**node[name], **condition} if bounds else condition
    return node


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
