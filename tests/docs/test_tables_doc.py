"""docs/tables.md says what schema.yaml says."""

from __future__ import annotations

import pytest

from docs.build_tables import DOCS, allowed, build
from model.tables.schema import ColumnSpec, attributes, table_specs


def test_page_is_what_the_script_gives() -> None:
    assert (DOCS / "tables.md").read_text(encoding="utf-8") == build(), "run python -m docs.build_tables"


def test_every_table_and_column_stands_on_it() -> None:
    text = build()
    for name, spec in table_specs().items():
        part = text.split(f"\n### {name}\n")[1].split("\n##")[0]
        columns = [line.split(" | ")[0].strip("|* ") for line in part.splitlines() if line.startswith("| ")]
        assert columns[1:] == list(spec.columns)
    assert len(text.split("## What a selector may test")[1].splitlines()) > len(attributes())


def column(**about: object) -> ColumnSpec:
    """A column with what a test needs."""
    return ColumnSpec(**{"name": "x", "type": "number", "about": "x", **about})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (column(min=0.0), "from 0"),
        (column(min=0.0, max=1.0, default=0.5), "0 to 1; empty: 0.5"),
        (column(max=10.0), "to 10"),
        (column(type="bool", default=False), "empty: no"),
        (column(type="choice", choices=("a", "b")), "a, b"),
        (column(type="id", refers=("fuels", "fuel")), "a `fuel` of [fuels](#fuels)"),
    ],
)
def test_what_a_cell_may_hold(spec: ColumnSpec, says: str) -> None:
    assert allowed(spec) == says
