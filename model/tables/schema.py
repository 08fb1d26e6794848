"""Typed access to schema.yaml: the tables, their columns, and the attributes that a selector may test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from model.base.words import RATINGS

SCHEMA = Path(__file__).with_name("schema.yaml")

CLASS_ATTRIBUTES = (
    "sector",
    "group",
    "manual_code",
    "gnfr",
    "nfr",
    "scc",
    "meic_sector",
    "divisible",
    "new_build",
    "service",
)
"""Columns of `classes` that every source of the class has as attributes."""


@dataclass(frozen=True)
class ColumnSpec:
    """A column: `refers` is (table, column) that must hold the value, `unit` what a wide number is in."""

    name: str
    type: str
    about: str
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    refers: tuple[str, str] | None = None
    unit: str | None = None
    default: float | bool | None = None


@dataclass(frozen=True)
class TableSpec:
    """A table: `folder` is reference, region or plans; `files` the names it may be split into."""

    name: str
    folder: str
    files: tuple[str, ...]
    key: tuple[str, ...]
    provenance: str | None
    columns: Mapping[str, ColumnSpec]


@dataclass(frozen=True)
class Attribute:
    """Something that a selector may test."""

    name: str
    type: str
    choices: tuple[str, ...]
    unit: str | None
    about: str


_CITATION = (
    ColumnSpec(
        "citation", "id", "where the numbers are from", required=True, refers=("citations", "citation")
    ),
    ColumnSpec("rating", "choice", "A measured .. E guessed", required=True, choices=RATINGS),
)
_PROVENANCE: Mapping[str | None, tuple[ColumnSpec, ...]] = {
    None: (),
    "wide": (*_CITATION, ColumnSpec("constructed", "bool", "yes: made up to fit totals", default=False)),
    "long": (
        ColumnSpec("value", "number", "best estimate", required=True),
        ColumnSpec("unit", "unit", "unit of value, low and high", required=True),
        ColumnSpec("low", "number", "2.5 % quantile, empty = what the rating implies"),
        ColumnSpec("high", "number", "97.5 % quantile, empty = what the rating implies"),
        *_CITATION,
    ),
}


def _column(name: str, node: Mapping[str, Any]) -> ColumnSpec:
    node = dict(node)
    if "refers" in node:
        table, column = node["refers"].split(".")
        node["refers"] = (table, column)
    node["choices"] = tuple(str(choice) for choice in node.get("choices", ()))
    return ColumnSpec(name=name, **node)


def _table(name: str, node: Mapping[str, Any]) -> TableSpec:
    provenance = node.get("provenance")
    columns = [_column(column, spec) for column, spec in node["columns"].items()]
    columns += _PROVENANCE[provenance]
    if "value_min" in node:
        columns = [
            ColumnSpec(**{**vars(c), "min": float(node["value_min"])}) if c.name == "value" else c
            for c in columns
        ]
    return TableSpec(
        name=name,
        folder=node["folder"],
        files=tuple(node.get("files", (name,))),
        key=tuple(node["key"]),
        provenance=provenance,
        columns=MappingProxyType({c.name: c for c in columns}),
    )


@cache
def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = YAML(typ="safe", pure=True).load(SCHEMA.read_text(encoding="utf-8"))
    return document


@cache
def table_specs() -> Mapping[str, TableSpec]:
    """Every table of the schema by name, provenance columns included."""
    return MappingProxyType({name: _table(name, node) for name, node in _document()["tables"].items()})


@cache
def attributes() -> Mapping[str, Attribute]:
    """Everything a selector may test: columns of `sources`, of its class, and the derived attributes."""
    specs = table_specs()
    columns = list(specs["sources"].columns.values())
    columns += [specs["classes"].columns[name] for name in CLASS_ATTRIBUTES]
    columns += [_column(name, node) for name, node in _document()["derived_attributes"].items()]
    return MappingProxyType({c.name: Attribute(c.name, c.type, c.choices, c.unit, c.about) for c in columns})
