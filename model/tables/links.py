"""What ties rows together: keys, references between tables, ranges, and ratings against how a citation was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from model.base.faults import Fault, nearest
from model.tables.check import also
from model.tables.schema import ColumnSpec, TableSpec

Frames = Mapping[str, pd.DataFrame]


def key_faults(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Fault]:
    """Rows whose key an earlier row has."""
    key = pd.Series("", index=frame.index, dtype=object)
    for name in spec.key:
        cells = frame[name].astype(object).where(frame[name].notna(), "")
        key = key + cells.map(lambda cell: f"{cell:g}" if isinstance(cell, float) else str(cell)) + ", "
    first = frame.assign(key=key).drop_duplicates("key").set_index("key")[["file", "row"]]
    for i in frame.index[key.duplicated()]:
        file, row = first.loc[key[i], "file"], first.loc[key[i], "row"]
        wrong = f"is already in {file}, row {row}"
        where = ", ".join(spec.key)
        yield Fault(frame.at[i, "file"], int(frame.at[i, "row"]), where, key[i].removesuffix(", "), wrong, "keep one")


def reference_faults(spec: TableSpec, frame: pd.DataFrame, frames: Frames) -> Iterator[Fault]:
    """Values that the table they refer to does not hold. A table that could not be read is not asked."""
    for column in spec.columns.values():
        if column.refers and column.refers[0] in frames:
            table, field = column.refers
            yield from missing_names(frame, column, table, set(frames[table][field].dropna()))


def missing_names(frame: pd.DataFrame, column: ColumnSpec, table: str, names: Collection[str]) -> Iterator[Fault]:
    """One fault for each distinct value of the column (or member of a list) that is not among the names."""
    cells = frame[column.name]
    if column.type == "list":
        cells = cells.explode()
    cells = cells.dropna()
    bad = cells[~cells.isin(names)]
    for value, rows in bad.groupby(bad, sort=False).groups.items():
        place = frame.loc[rows[0]]
        wrong = f"is not in {table}" + also(len(rows) - 1)
        yield Fault(place["file"], int(place["row"]), column.name, str(value), wrong, _known_names(str(value), names))


def _known_names(value: str, names: Collection[str]) -> str:
    """The nearest name, or the known ones where they are few enough to read."""
    said = nearest(value, names)
    return said if len(names) <= 30 or not said.startswith("known") else f"add it there, or use one of its {len(names)}"


def range_faults(frame: pd.DataFrame) -> Iterator[Fault]:
    """low <= value <= high."""
    for column, is_bad, wrong in (
        ("low", frame["low"] > frame["value"], "is above the value"),
        ("high", frame["high"] < frame["value"], "is below the value"),
    ):
        for i in frame.index[is_bad]:
            place = frame.loc[i]
            right = f"low <= value <= high; the value is {place['value']:g}"
            yield Fault(place["file"], int(place["row"]), column, f"{place[column]:g}", wrong, right)


def rating_faults(frame: pd.DataFrame, citations: pd.DataFrame) -> Iterator[Fault]:
    """What was recalled or is our own estimate is rated E, whatever the publication."""
    access = frame["citation"].map(citations.set_index("citation")["access"])
    bad = frame[access.isin(["recalled", "own"]) & frame["rating"].notna() & (frame["rating"] != "E")]
    for (citation, rating), rows in bad.groupby(["citation", "rating"], sort=False).groups.items():
        place = bad.loc[rows[0]]
        wrong = f"is better than the access of citation '{citation}' allows ({access[rows[0]]})" + also(len(rows) - 1)
        yield Fault(place["file"], int(place["row"]), "rating", str(rating), wrong, "rate it E")
