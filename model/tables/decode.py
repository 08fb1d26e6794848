"""A table file (CSV, Parquet, Excel sheet) to columns of stripped text, each row with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.base.faults import Fault

SUFFIXES = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True)
class TextTable:
    """Cells as written, without outer blanks; `lines[i]` is the line of the file where row i begins."""

    file: str
    cells: Mapping[str, Sequence[str]]
    lines: Sequence[int]


def decode(file: str, table: str, content: bytes) -> tuple[TextTable | None, list[Fault]]:
    """The text of one file, or None and what is wrong with the file as a whole.

    A CSV is UTF-8 with or without byte-order mark, or GB18030. Rows without any cell filled are passed over.
    """
    if not content.strip():
        return None, [Fault(file, None, None, None, "is empty", "a header line and rows")]
    if file.endswith(".csv"):
        return _decode_csv(file, content)
    return _decode_binary(file, table, content)


def _decode_text(file: str, content: bytes) -> tuple[str, list[Fault]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", [Fault(file, None, None, None, "is UTF-16", "save it as CSV UTF-8")]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), []
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    return "", [Fault(file, line, None, None, "is neither UTF-8 nor GB18030", "save it as CSV UTF-8")]


def _decode_csv(file: str, content: bytes) -> tuple[TextTable | None, list[Fault]]:
    text, faults = _decode_text(file, content)
    if faults:
        return None, faults
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    try:
        for record in reader:
            if any(record):
                records.append((begin, [cell.strip() for cell in record]))
            begin = reader.line_num + 1
    except csv.Error as error:
        return None, [Fault(file, begin, None, None, f"can not be read: {error}", "close every quote")]
    return _assemble(file, records)


def _decode_binary(file: str, table: str, content: bytes) -> tuple[TextTable | None, list[Fault]]:
    """Parquet, or the sheet named as the table (else the only sheet); its header counts as line 1."""
    try:
        if file.endswith(".parquet"):
            frame = pd.read_parquet(io.BytesIO(content))
        else:
            with pd.ExcelFile(io.BytesIO(content)) as book:
                names = book.sheet_names
                if table not in names and len(names) > 1:
                    wrong = f"has the sheets {', '.join(map(str, names))}"
                    return None, [Fault(file, None, None, None, wrong, f"name the table's sheet '{table}'")]
                sheet = table if table in names else names[0]
                frame = pd.read_excel(book, sheet_name=sheet, dtype=object, keep_default_na=False)
    except Exception as error:  # the readers raise whatever their parsers raise
        kind = "a Parquet file" if file.endswith(".parquet") else "an Excel workbook"
        return None, [Fault(file, None, None, None, f"can not be read as {kind}: {error}", "write it again")]
    header = [str(name).strip() for name in frame.columns]
    columns = [[_as_text(value) for value in frame.iloc[:, i].tolist()] for i in range(len(header))]
    records = [(i + 2, list(row)) for i, row in enumerate(zip(*columns, strict=True)) if any(row)]
    return _assemble(file, [(1, header), *records])


def _as_text(value: Any) -> str:
    """A typed cell as a CSV would hold it: 2017.0 is 2017, a missing value is empty."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _count(row: list[str], header: list[str]) -> str:
    return f"has {len(row)} cells, the header has {len(header)}"


def _assemble(file: str, records: list[tuple[int, list[str]]]) -> tuple[TextTable | None, list[Fault]]:
    if not records:
        return None, [Fault(file, None, None, None, "is empty", "a header line and rows")]
    (line, header), rows = records[0], records[1:]
    if len(header) == 1:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header[0]:
                wrong = f"has its cells parted by {name}"
                return None, [Fault(file, line, None, None, wrong, "part them by commas")]
    doubled = sorted({name for name in header if header.count(name) > 1})
    wrong = "is in the header twice"
    faults = [Fault(file, line, name or "(no name)", None, wrong, "keep one") for name in doubled]
    faults += [
        Fault(file, at, None, None, _count(row, header), "quote cells with commas")
        for at, row in rows
        if len(row) != len(header)
    ]
    if faults:
        return None, faults
    columns = list(zip(*(row for _, row in rows), strict=True)) if rows else [()] * len(header)
    return TextTable(file, dict(zip(header, columns, strict=True)), [at for at, _ in rows]), []
