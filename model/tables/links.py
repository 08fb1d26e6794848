"""What ties rows together: keys, references between tables, ranges, ratings against citations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from model.base.faults import Fault, nearest
from model.tables.check import also, place
from model.tables.schema import ColumnSpec, TableSpec

Frames = Mapping[str, pd.DataFrame]


def key_faults(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Fault]:
    """Rows whose key an earlier row has."""
    if not frame.duplicated(list(spec.key)).any():
        return
    key = pd.Series("", index=frame.index, dtype=object)
    for name in spec.key:
        cells = frame[name].astype(object).where(frame[name].notna(), "")
        key = key + cells.map(lambda cell: f"{cell:g}" if isinstance(cell, float) else str(cell)) + ", "
    first = {cell: i for i, cell in reversed(list(key.items()))}
    for i in frame.index[key.duplicated()]:
        file, row = place(frame, first[key[i]])
        shown = str(key[i]).removesuffix(", ")
        yield Fault(
            *place(frame, i), ", ".join(spec.key), shown, f"is already in {file}, row {row}", "keep one"
        )


def reference_faults(spec: TableSpec, frame: pd.DataFrame, frames: Frames) -> Iterator[Fault]:
    """Values that the table they refer to does not hold. A table that could not be read is not asked."""
    for column in spec.columns.values():
        if column.refers and column.refers[0] in frames:
            table, field = column.refers
            yield from missing_names(frame, column, table, set(frames[table][field].dropna()))


def missing_names(
    frame: pd.DataFrame, column: ColumnSpec, table: str, names: Collection[str]
) -> Iterator[Fault]:
    """One fault for each distinct value of the column (or member of a list) that is not among the names."""
    cells = frame[column.name]
    if column.type == "list":
        cells = cells.explode()
    cells = cells.dropna()
    bad = cells[~cells.isin(names)]
    for value, rows in bad.groupby(bad, sort=False).groups.items():
        wrong = f"is not in {table}" + also(len(rows) - 1)
        yield Fault(*place(frame, rows[0]), column.name, str(value), wrong, _known_names(str(value), names))


def _known_names(value: str, names: Collection[str]) -> str:
    """The nearest name, or the known ones where they are few enough to read."""
    said = nearest(value, names)
    few = len(names) <= 30 or not said.startswith("known")
    return said if few else f"add it there, or use one of its {len(names)}"


def range_faults(frame: pd.DataFrame) -> Iterator[Fault]:
    """low <= value <= high."""
    for column, is_bad, wrong in (
        ("low", frame["low"] > frame["value"], "is above the value"),
        ("high", frame["high"] < frame["value"], "is below the value"),
    ):
        for i in frame.index[is_bad]:
            right = f"low <= value <= high; the value is {frame['value'].loc[i]:g}"
            yield Fault(*place(frame, i), column, f"{frame[column].loc[i]:g}", wrong, right)


def rating_faults(frame: pd.DataFrame, citations: pd.DataFrame) -> Iterator[Fault]:
    """What was recalled or is our own estimate is rated E, whatever the publication."""
    access = frame["citation"].map(citations.set_index("citation")["access"])
    bad = frame[access.isin(["recalled", "own"]) & frame["rating"].notna() & (frame["rating"] != "E")]
    pairs = bad["citation"] + " " + bad["rating"]
    for i in bad.index[~pairs.duplicated()]:
        citation, rating = str(bad["citation"].loc[i]), str(bad["rating"].loc[i])
        wrong = f"is too good for citation '{citation}' ({access[i]})" + also(
            int((pairs == pairs[i]).sum()) - 1
        )
        yield Fault(*place(bad, i), "rating", rating, wrong, "rate it E")
