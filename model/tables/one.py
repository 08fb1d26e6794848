"""A file that a user brings, with the columns of a table, checked as if it stood among the region's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from model.base.faults import Fault, InputError
from model.tables.check import check_table
from model.tables.decode import SUFFIXES, decode
from model.tables.dimensions import unit_faults
from model.tables.links import key_faults, range_faults, rating_faults, reference_faults
from model.tables.read import Tables
from model.tables.schema import TableSpec, table_specs


def read_one(path: Path, name: str, tables: Tables) -> pd.DataFrame:
    """The rows of a file, in the columns of a long table; the table's own rows are not asked.

    path: CSV, Parquet or Excel. name: a table with `value, unit, low, high`.

    Raises InputError with every fault of the file: unreadable or ragged, unknown and missing columns, wrong
    types and bounds, keys given twice, areas and citations that the region's tables do not hold, units of the
    wrong dimension, ranges in disorder, ratings better than E for what was recalled.
    """
    spec, file = table_specs()[name], str(path)
    if path.suffix not in SUFFIXES:
        raise InputError([Fault(file, None, None, None, "is no table", f"a file {', '.join(SUFFIXES)}")])
    try:
        content = path.read_bytes()
    except OSError as error:
        wrong, right = f"can not be read ({error.strerror})", f"a file with the columns of {name}"
        raise InputError([Fault(file, None, None, None, wrong, right)]) from None
    text, faults = decode(file, name, content)
    if text is None:
        raise InputError(faults)
    frame, faults = check_table(spec, text)
    if all(column in text.cells for column in spec.columns if spec.columns[column].required):
        faults += _link_faults(spec, frame, tables)
    if faults:
        raise InputError(sorted(dict.fromkeys(faults), key=lambda f: (f.row or 0, f.column or "")))
    return frame


def _link_faults(spec: TableSpec, frame: pd.DataFrame, tables: Tables) -> Iterator[Fault]:
    """Checks across rows, and against the tables of the region."""
    frames = {**tables.frame, spec.name: frame}
    yield from key_faults(spec, frame)
    yield from reference_faults(spec, frame, frames)
    yield from unit_faults(spec, frames)
    yield from range_faults(frame)
    yield from rating_faults(frame, frames["citations"])
