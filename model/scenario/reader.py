"""Reads a mapping of a scenario key by key; a key that is not asked for is unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal, TypeVar

from model.base.faults import Fault, InputError, nearest
from model.base.select import Attribute, Selector, parse_selector
from model.scenario.amounts import Amount, Wrong, parse_amount, parse_year
from model.scenario.scenario import FrozenMap, Text

T = TypeVar("T")
Default = TypeVar("Default")


class Reader:
    """A mapping being read. A faulty value is remembered as a fault and its default goes on in its place."""

    def __init__(self, data: Mapping[str, Any], path: str, faults: list[Fault]) -> None:
        self.data = data
        self.path = path
        self.faults = faults
        self.asked: list[str] = []

    def below(self, key: str) -> str:
        """The dotted path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, value: object, wrong: str, right: str = "") -> None:
        """Remember a fault at a key; the empty key is the mapping itself."""
        where = self.below(key) if key else self.path
        self.faults.append(Fault("", None, where, None if value is None else shown(value), wrong, right))

    def has(self, key: str) -> bool:
        """True if the key is written; it counts as asked for."""
        self.asked.append(key)
        return key in self.data

    def get(self, key: str, parse: Callable[[Any], T], default: Default) -> T | Default:
        """The value of a key as `parse` reads it, `default` if it is not written or wrong."""
        if not self.has(key):
            return default
        try:
            return parse(self.data[key])
        except Wrong as problem:
            value = self.data[key] if problem.value is ... else problem.value
            self.fault(key + problem.path, value, problem.wrong, problem.right)
            return default

    def need(self, key: str, parse: Callable[[Any], T], stand_in: Default, right: str = "") -> T | Default:
        """As `get`, of a key that must be written; stand_in is what reading goes on with after a fault."""
        if not self.has(key):
            self.fault("", None, f"has no '{key}'", right)
        return self.get(key, parse, stand_in)

    def section(self, key: str) -> Reader:
        """The mapping below a key; empty if it is not written."""
        value = self.data[key] if self.has(key) else {}
        if not isinstance(value, Mapping):
            self.fault(key, value, "is not a mapping", "write {key: value, ..}")
            value = {}
        return Reader(value, self.below(key), self.faults)

    def items(self) -> Iterator[tuple[str, Reader]]:
        """Sections below every key."""
        for key in self.data:
            yield key, self.section(key)

    def each(self, parse: Callable[[Any], T]) -> FrozenMap[str, T]:
        """Every key's value as `parse` reads it, faulty ones left out."""
        found = ((key, self.get(key, parse, None)) for key in self.data)
        return FrozenMap({key: value for key, value in found if value is not None})

    def selector(self, key: str, attributes: Mapping[str, Attribute]) -> Selector | None:
        """The selector of a key, None if it is not written."""
        if not self.has(key):
            return None
        try:
            return parse_selector(self.data[key], attributes, self.below(key))
        except InputError as error:
            self.faults.extend(error.faults)
            return None

    def one_of(self, keys: Collection[str], needed: bool) -> str | None:
        """Which one of several keys is written; two, or none where one is needed, are a fault."""
        written = [key for key in keys if self.has(key)]
        if len(written) > 1:
            names = " and ".join(f"'{key}'" for key in written)
            self.fault(written[1], None, f"{names} exclude each other", f"remove one, as {written[0]}: null")
        elif needed and not written:
            names = " nor ".join(f"'{key}'" for key in keys)
            self.fault("", None, f"has neither {names}", "write one of them")
        return written[0] if written else None

    def close(self) -> None:
        """Every key that was not asked for is a fault."""
        for key in self.data:
            if key not in self.asked:
                self.fault(key, None, "is not a key of the grammar", nearest(key, set(self.asked)))


def shown(value: object) -> str:
    """A value as YAML would write it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def text(value: object) -> str:
    """A text that is not empty; a number is taken as written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or not str(value).strip():
        raise Wrong("is not a text", "write a text")
    return str(value).strip()


def told(value: object) -> Text:
    """Reads TEXT | {en: TEXT, zh: TEXT}; English is needed, since files are in English."""
    if not isinstance(value, Mapping):
        return Text(text(value))
    for key, item in value.items():
        if key not in ("en", "zh"):
            raise Wrong("is not a language of the reports", "write en or zh", f".{key}", item)
        if not isinstance(item, str) or not item.strip():
            raise Wrong("is not a text", "write a text", f".{key}", item)
    if "en" not in value:
        raise Wrong("has no English text", "write {en: TEXT, zh: TEXT}", value=None)
    return Text(value["en"].strip(), value["zh"].strip() if "zh" in value else None)


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Wrong("is neither true nor false", "write true or false")
    return value


def integer(least: int) -> Callable[[object], int]:
    """Reads a whole number of at least `least`."""

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise Wrong("is not a whole number", f"write one of at least {least}")
        return value

    return parse


def choice(choices: Collection[str]) -> Callable[[object], Any]:
    """Reads one of several words."""

    def parse(value: object) -> str:
        word = shown(value)
        if word not in choices:
            raise Wrong("is not one of the choices", nearest(word, choices))
        return word

    return parse


def many(parse: Callable[[Any], T]) -> Callable[[object], tuple[T, ...]]:
    """Reads a value, or a list of different values that is not empty."""

    def parse_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            return (parse(value),)
        found: list[T] = []
        for place, item in enumerate(value):
            try:
                found.append(parse(item))
            except Wrong as problem:
                raise Wrong(problem.wrong, problem.right, f".{place}{problem.path}", item) from None
            if found[-1] in found[:-1]:
                raise Wrong("stands twice", "write it once", f".{place}", item)
        if not found:
            raise Wrong("is empty", "write at least one value, or leave the key out")
        return tuple(found)

    return parse_all


def by_year(parse: Callable[[Any], T]) -> Callable[[object], FrozenMap[int, T]]:
    """Reads {YEAR: value, ..}."""

    def parse_all(value: object) -> FrozenMap[int, T]:
        if not isinstance(value, Mapping) or not value:
            raise Wrong("has no years", "write {YEAR: value, ..}")
        found: dict[int, T] = {}
        for key, item in value.items():
            wrote: object = key
            try:
                year = parse_year(key)
                wrote = item
                found[year] = parse(item)
            except Wrong as problem:
                raise Wrong(problem.wrong, problem.right, f".{key}{problem.path}", wrote) from None
        return FrozenMap(dict(sorted(found.items())))

    return parse_all


def amounts(check: Callable[[Amount], Amount]) -> Callable[[object], FrozenMap[int, Amount] | Amount]:
    """Reads AMOUNT | {YEAR: AMOUNT}, each put through `check`."""

    def parse(value: object) -> Amount:
        return check(parse_amount(value))

    def parse_all(value: object) -> FrozenMap[int, Amount] | Amount:
        return by_year(parse)(value) if isinstance(value, Mapping) else parse(value)

    return parse_all


def word_or(word: Literal["all"], parse: Callable[[Any], T]) -> Callable[[object], T | Literal["all"]]:
    """Reads one word, or else what `parse` reads."""

    def parse_all(value: object) -> T | Literal["all"]:
        return word if value == word else parse(value)

    return parse_all
