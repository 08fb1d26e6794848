"""Writes docs/tables.md (python -m docs.build_tables): tables and columns as in model/tables/schema.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docs.markdown import markdown
from model.tables.schema import ColumnSpec, TableSpec, attributes, table_specs

DOCS = Path(__file__).parent

OPENING = """# Tables

Every table of `inputs/` and every column, made from `model/tables/schema.yaml`, by which tables are checked
when they are read. A table is CSV (UTF-8 or GB18030), Parquet or a sheet of Excel; empty: not known.
Key: columns whose values together stand in one row only. **Bold** columns must be filled. Ratings go from A,
measured, to E, guessed.
"""

FOLDERS = {
    "reference": "## inputs/reference/: the same for every region",
    "region": "## inputs/REGION/: of one region",
    "plans": "## inputs/plans/: the clauses of a plan",
}

ATTRIBUTES = """## What a selector may test

Attributes of a source, in `where` of a scenario and of `observations`: columns of `sources`, columns of its
class, and what is worked out.
"""


def cell(text: str) -> str:
    """Text that a table of Markdown can hold."""
    return text.replace("|", "\\|")


def bounds(spec: ColumnSpec) -> str:
    """What a number is between."""
    low, high = (None if value is None else f"{value:g}" for value in (spec.min, spec.max))
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    return "" if high is None else f"to {high}"


def allowed(spec: ColumnSpec) -> str:
    """What a cell may hold: words, a range, or what another table names; and what an empty one means."""
    parts = [", ".join(spec.choices), bounds(spec)]
    if spec.refers is not None:
        table, column = spec.refers
        parts.append(f"a `{column}` of [{table}](#{table})")
    if spec.default is not None:
        empty = {True: "yes", False: "no"}[spec.default] if spec.type == "bool" else f"{spec.default:g}"
        parts.append(f"empty: {empty}")
    return "; ".join(part for part in parts if part)


def column_row(spec: ColumnSpec) -> Sequence[str]:
    """Name, type, unit, what may stand there, what it is."""
    name = f"**{spec.name}**" if spec.required else spec.name
    return name, spec.type, cell(spec.unit or ""), cell(allowed(spec)), cell(spec.about)


def table_part(spec: TableSpec) -> str:
    """One table."""
    where = ", ".join(f"`{name}`" for name in spec.files)
    if spec.folder == "plans":
        where = "`PLAN`"
    key = ", ".join(f"`{name}`" for name in spec.key)
    rows = [column_row(column) for column in spec.columns.values()]
    head = ("column", "type", "unit", "may be", "what it is")
    return f"### {spec.name}\n\nFiles: {where}. Key: {key}.\n\n" + markdown(head, rows)


def build() -> str:
    """The whole page."""
    parts = [OPENING]
    for folder, title in FOLDERS.items():
        parts += [title, *(table_part(spec) for spec in table_specs().values() if spec.folder == folder)]
    rows = [
        (one.name, one.type, cell(one.unit or ""), cell(", ".join(one.choices)), cell(one.about))
        for one in attributes().values()
    ]
    parts += [ATTRIBUTES, markdown(("attribute", "type", "unit", "may be", "what it is"), rows)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    (DOCS / "tables.md").write_text(build(), encoding="utf-8")
