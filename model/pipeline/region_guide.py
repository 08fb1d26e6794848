"""README.md of a new region: what each file holds, what its absence means, every column it may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from model.tables.read import Tables
from model.tables.schema import ColumnSpec, TableSpec, table_specs

TYPES = {
    "id": "name",
    "adcode": "six digits",
    "list": "names joined by `+`",
    "bool": "yes or no",
    "choice": "word",
}

OPENING = """\
# Tables of {region}

`python -m model new {region}` wrote these files. Every row is an example: made up, rated E, `constructed`
where the table has that column. Replace the rows by your own, delete the files you have nothing for, and mark
what you make up yourself. docs/your_region.md of the checkout is the walk through them.

- A file is CSV (UTF-8 or GB18030), Excel (`boilers.xlsx`) or Parquet, never two of one name.
- The order of columns is free. A column that is not listed below is refused, with the nearest name that is.
- An empty cell is not known, never 0. Numbers have no thousands separators. Names have none of `+ ; , =`.
- `citation` names a row of reference/citations.csv: add your source there. `own_estimate` is for what nobody
  published; it, and what was recalled and not seen, is rated E.
- `python -m model check` names every fault, by file, row and column.
"""


def guide(region: str, document: Mapping[str, Any], tables: Tables) -> str:
    """The page, from the schema, new_region_tables.yaml and the classes of the reference tables."""
    examples, unwritten = document["tables"], document["unwritten"]
    specs = [spec for spec in table_specs().values() if spec.folder == "region"]
    parts = [OPENING.format(region=region)]
    for spec in specs:
        if spec.name == "sources":
            parts += _sources(spec, examples, tables)
        elif spec.name in examples:
            example = examples[spec.name]
            parts.append(f"## {spec.name}.csv\n\n{_said(example)}\n\n{_columns(spec)}")
        else:
            parts.append(
                f"## {spec.name}.csv (not written)\n\n{_said(unwritten[spec.name])}\n\n{_columns(spec)}"
            )
    return "\n".join(parts)


def _said(example: Mapping[str, Any]) -> str:
    return f"Holds {example['holds']}. Absent: {example['absent']}."


def _sources(spec: TableSpec, examples: Mapping[str, Any], tables: Tables) -> Iterator[str]:
    """The files of sources share their columns; which file a row stands in is for the reader alone."""
    written = [name for name in spec.files if name in examples]
    lines = ["| file | holds | absent |", "|---|---|---|"]
    lines += [f"| {name}.csv | {examples[name]['holds']} | {examples[name]['absent']} |" for name in written]
    yield (
        "## The files of sources\n\nThese files are read as one table and have the same columns; a row may "
        "stand in any of them, a file may end in its year (`boilers_2015.csv`), and one is enough.\n\n"
        + "\n".join(lines)
        + "\n"
    )
    yield f"### Their columns\n\n{_columns(spec)}"
    yield f"### Classes, their units, fuels and technologies\n\n{_classes(tables)}"


def _columns(spec: TableSpec) -> str:
    """A table of the columns, required ones first."""
    lines = [
        f"One row for each {', '.join(spec.key)}.\n",
        "| column | needed | type | unit | allowed | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for column in sorted(spec.columns.values(), key=lambda c: not c.required):
        kind = TYPES.get(column.type, column.type)
        cells = (
            f"`{column.name}`",
            "yes" if column.required else "",
            kind,
            column.unit or "",
            _allowed(column),
            column.about,
        )
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _allowed(column: ColumnSpec) -> str:
    said = [", ".join(column.choices)] if column.choices else []
    if column.refers:
        said.append(f"`{column.refers[1]}` of {column.refers[0]}.csv")
    if column.min is not None or column.max is not None:
        low = "" if column.min is None else f"from {column.min:g}"
        high = "" if column.max is None else f"to {column.max:g}"
        said.append(f"{low} {high}".strip())
    if column.default is not None:
        words = {True: "yes", False: "no"}
        shown = words[column.default] if isinstance(column.default, bool) else f"{column.default:g}"
        said.append(f"empty is {shown}")
    return "; ".join(said)


def _classes(tables: Tables) -> str:
    """What a row of each class counts, and the fuels and technologies that the reference knows of it."""
    factors = tables.frame["emission_factors"][["class", "fuel", "technology"]]
    known = pd.concat([factors, tables.frame["technologies"][["class", "fuel", "technology"]]])
    lines = [
        "| class | what | activity_unit | capacity_unit | fuels | technologies |",
        "|---|---|---|---|---|---|",
    ]
    for row in tables.frame["classes"].fillna("").itertuples():
        of_class = known[known["class"] == row[1]]
        fuels, technologies = (
            ", ".join(sorted(of_class[column].dropna().unique())) for column in ("fuel", "technology")
        )
        cells = (row[1], row.name, row.activity_unit, row.capacity_unit, fuels, technologies)
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"
