"""The selector grammar: which sources, or which of their states, an entry of a scenario is about.

    SELECTOR  = {ATTRIBUTE: CONDITION, ..} (all hold) | [SELECTOR, ..] (any holds)
    CONDITION = value | [value, ..] | {at_most | below | at_least | above: number} | {not: value or list}

A missing value (None, nan, empty text) matches no value and no range, and `not` matches it.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.base.words import STANDARD_LEVELS

Bools = NDArray[np.bool_]
Kind = Literal["text", "bool", "number", "list", "area"]
Scalar = str | float | bool

COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "at_most": operator.le,
    "below": operator.lt,
    "at_least": operator.ge,
    "above": operator.gt,
}
_NUMBERS = ("number", "integer", "year")


class Attribute(Protocol):
    """What parsing needs to know of an attribute; model.tables.schema.Attribute is one."""

    @property
    def type(self) -> str: ...

    @property
    def choices(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Condition:
    """One test of one attribute: one of `values` (not one of them, with `negated`), or inside every bound.

    kind says how a column is compared: `list` and `area` columns hold collections, one member of which must
    match. Levels of an ordered attribute (`meets`) are already written out: special_limits stands as
    special_limits, ultra_low, closed; `none` is no level and stands alone.
    """

    attribute: str
    kind: Kind
    values: tuple[Scalar, ...] = ()
    negated: bool = False
    bounds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Selector:
    """Any alternative holds; an alternative holds when all its conditions do. No conditions: everything."""

    alternatives: tuple[tuple[Condition, ...], ...]

    @property
    def attributes(self) -> frozenset[str]:
        """The attributes that are tested."""
        return frozenset(condition.attribute for group in self.alternatives for condition in group)


class _Wrong(Exception):
    """A value that can not be read, found below the path of the selector."""

    def __init__(self, value: object, wrong: str, right: str = "", below: str = "") -> None:
        self.value, self.wrong, self.right, self.below = value, wrong, right, below
        super().__init__(wrong)


def parse_selector(node: object, attributes: Mapping[str, Attribute], path: str) -> Selector:
    """Read a selector written as plain mappings, lists and scalars.

    Args:
        node: what the scenario holds.
        attributes: every attribute that may be tested. The choices of an attribute of type adcode are the
            names (of areas) that it takes beside six digits.
        path: dotted path of the node, the column of a fault.

    Raises:
        InputError: every fault in it, each with its dotted path, without file or line.
    """
    faults: list[Fault] = []
    alternatives = _alternatives(node, attributes, path, faults)
    if faults:
        raise InputError(faults)
    return Selector(tuple(alternatives))


def matches(selector: Selector, columns: Mapping[str, NDArray[Any]], size: int) -> Bools:
    """True where the selector holds, [n].

    Args:
        selector: as parse_selector gives it.
        columns: attribute -> array [n]. Text: str or object, missing as None, nan or "". Numbers: nan. Yes or
            no: bool, or object with None. List attributes: object array of tuples. area: object array of
            frozensets, every area that contains the source, named areas of the scenario included.
        size: n.

    Raises:
        KeyError: an attribute that is tested has no column.
    """
    out = np.zeros(size, dtype=bool)
    for group in selector.alternatives:
        holds = np.ones(size, dtype=bool)
        for condition in group:
            holds &= _test(condition, columns[condition.attribute])
        out |= holds
    return out


def texts(column: NDArray[Any]) -> NDArray[np.object_]:
    """Values of an attribute as the tables write them (years whole), None where they are missing, [n]."""
    return np.array([None if v is None or v != v else _whole(v) for v in column.tolist()], dtype=object)


def _whole(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _test(condition: Condition, column: NDArray[Any]) -> Bools:
    if condition.bounds:
        holds = np.ones(len(column), dtype=bool)
        numbers = column.astype(float)
        for name, bound in condition.bounds:
            holds &= COMPARE[name](numbers, bound)
        return holds
    if condition.kind in ("list", "area"):
        wanted = frozenset(condition.values)
        cells = column.tolist()
        found = {c: isinstance(c, tuple | frozenset) and not wanted.isdisjoint(c) for c in set(cells)}
        holds = np.fromiter(map(found.__getitem__, cells), bool, len(cells))
    else:
        holds = np.zeros(len(column), dtype=bool)
        for value in condition.values:
            holds |= np.asarray(column == value, dtype=bool)
    return ~holds if condition.negated else holds


def _alternatives(
    node: object, attributes: Mapping[str, Attribute], path: str, faults: list[Fault]
) -> list[tuple[Condition, ...]]:
    if isinstance(node, list | tuple) and node:
        groups = []
        for place, part in enumerate(node):
            groups += _alternatives(part, attributes, f"{path}.{place}", faults)
        return groups
    if not isinstance(node, Mapping):
        shown = "[]" if isinstance(node, list | tuple) else _shown(node)
        faults.append(_fault(path, shown, "is not a selector", "write {ATTRIBUTE: value}, or a list of such"))
        return []
    group = []
    for name, condition in node.items():
        where = f"{path}.{name}"
        if name not in attributes:
            faults.append(_fault(where, str(name), "is not an attribute", nearest(str(name), attributes)))
            continue
        try:
            group.append(_condition(str(name), condition, attributes[name]))
        except _Wrong as problem:
            faults.append(_fault(where + problem.below, _shown(problem.value), problem.wrong, problem.right))
    return [tuple(group)]


def _condition(name: str, node: object, attribute: Attribute) -> Condition:
    kind = _kind(name, attribute)
    if not isinstance(node, Mapping):
        return Condition(name, kind, _values(node, kind, attribute))
    if set(node) == {"not"}:
        try:
            return Condition(name, kind, _values(node["not"], kind, attribute), negated=True)
        except _Wrong as problem:
            raise _Wrong(problem.value, problem.wrong, problem.right, ".not" + problem.below) from None
    for key in node:
        if key not in COMPARE:
            if key == "not":
                raise _Wrong(node["not"], "'not' stands alone", "leave one out", ".not")
            raise _Wrong(key, "is not a comparison", nearest(str(key), [*COMPARE, "not"]), f".{key}")
    if not node:
        raise _Wrong("{}", "is not a condition", "write a value, a list, {at_most: number} or {not: value}")
    if kind != "number":
        first = next(iter(node))
        wrong = f"compares {name}, which has no order of size"
        raise _Wrong(node[first], wrong, "write a value or a list", f".{first}")
    bounds = []
    for key, bound in node.items():
        if isinstance(bound, bool) or not isinstance(bound, int | float) or not math.isfinite(bound):
            raise _Wrong(bound, "is not a number", f"write {key}: NUMBER", f".{key}")
        bounds.append((str(key), float(bound)))
    return Condition(name, kind, bounds=tuple(bounds))


def _values(node: object, kind: Kind, attribute: Attribute) -> tuple[Scalar, ...]:
    """Values of a condition; levels of an ordered attribute are replaced by it and the stricter ones."""
    listed = isinstance(node, list | tuple)
    if listed and not node:
        raise _Wrong("[]", "names no value", "write at least one")
    values: list[Scalar] = []
    for place, value in enumerate(node if isinstance(node, list | tuple) else (node,)):
        try:
            values += _levels(_value(value, kind, attribute), attribute)
        except _Wrong as problem:
            raise _Wrong(problem.value, problem.wrong, problem.right, f".{place}" if listed else "") from None
    return tuple(dict.fromkeys(values))


def _value(value: object, kind: Kind, attribute: Attribute) -> Scalar:
    if kind == "bool":
        if not isinstance(value, bool):
            raise _Wrong(value, "is neither true nor false", "write true or false")
        return value
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Wrong(value, "is not a number", "write a number, or {at_most: number}")
        return float(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Wrong(value, "is not a name", "write a name or a list of names")
    text = str(value)
    if attribute.type == "adcode":
        if not re.fullmatch(r"\d{6}", text) and text not in attribute.choices:
            advice = nearest(text, attribute.choices) if attribute.choices else "write six digits"
            raise _Wrong(value, "is not the six-digit code of an area", advice)
    elif attribute.choices and text not in attribute.choices:
        raise _Wrong(value, "is not one of the choices", nearest(text, attribute.choices))
    return text


def _levels(value: Scalar, attribute: Attribute) -> tuple[Scalar, ...]:
    if attribute.choices != STANDARD_LEVELS or value == STANDARD_LEVELS[0]:
        return (value,)
    return STANDARD_LEVELS[STANDARD_LEVELS.index(str(value)) :]


def _kind(name: str, attribute: Attribute) -> Kind:
    if name == "area":
        return "area"
    if attribute.type == "bool":
        return "bool"
    if attribute.type in _NUMBERS:
        return "number"
    return "list" if attribute.type == "list" else "text"


def _fault(path: str, value: str, wrong: str, right: str) -> Fault:
    return Fault("", None, path, value, wrong, right)


def _shown(value: object) -> str:
    """A value as YAML would write it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
