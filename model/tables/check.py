"""The columns of one file against the schema: text to typed values, with every fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.base.faults import Fault, nearest
from model.tables.decode import TextTable
from model.tables.schema import ColumnSpec, TableSpec

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
NOT_VALUES = {"nan", "n/a", "na", "null", "none", "inf", "+inf", "-inf", "#n/a", "#div/0!", "#value!", "-"}
BOOLS = {"yes": True, "true": True, "no": False, "false": False}
FORBIDDEN_IN_ID = set("+;,=|")


class _BadCellError(Exception):
    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right


def _number(text: str, spec: ColumnSpec) -> float:
    if text.lower() in NOT_VALUES:
        raise _BadCellError("is not a number", "leave the cell empty where the value is not known")
    if not NUMBER.fullmatch(text):
        raise _BadCellError("is not a number", "digits with a decimal point, no unit, no thousands separator")
    value = float(text)
    if spec.min is not None and value < spec.min:
        raise _BadCellError(f"is less than {spec.min:g}", f"give {spec.min:g} or more")
    if spec.max is not None and value > spec.max:
        raise _BadCellError(f"is more than {spec.max:g}", f"give {spec.max:g} or less")
    if not np.isfinite(value):
        raise _BadCellError("is too large", "give a finite number")
    return value


def _integer(text: str, spec: ColumnSpec) -> float:
    value = _number(text, spec)
    if not value.is_integer():
        raise _BadCellError("is not a whole number", "give a whole number")
    return value


def _year(text: str, spec: ColumnSpec) -> float:
    value = _integer(text, spec)
    if not 1900 <= value <= 2100:
        raise _BadCellError("is not a year", "give a year from 1900 to 2100")
    return value


def _bool(text: str, spec: ColumnSpec) -> bool:
    if text.lower() not in BOOLS:
        raise _BadCellError("is neither yes nor no", "give yes or no")
    return BOOLS[text.lower()]


def _text(text: str, spec: ColumnSpec) -> str:
    if text.lower() in {"nan", "#n/a", "#value!", "#div/0!"}:
        raise _BadCellError("is no value", "leave the cell empty where the value is not known")
    return text


def _id(text: str, spec: ColumnSpec) -> str:
    held = FORBIDDEN_IN_ID.intersection(_text(text, spec))
    if held:
        raise _BadCellError(f"holds {' '.join(sorted(held))}", "a name has none of + ; , = |")
    return text


def _choice(text: str, spec: ColumnSpec) -> str:
    if text not in spec.choices:
        raise _BadCellError("is not one of the choices", nearest(text, spec.choices))
    return text


def _adcode(text: str, spec: ColumnSpec) -> str:
    if not re.fullmatch(r"\d{6}", text):
        raise _BadCellError("is not a six-digit area code", "give a code like 150100")
    return text


def _list(text: str, spec: ColumnSpec) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split("+"))
    for item in items:
        if not item:
            raise _BadCellError("has an empty name", "join names by one +")
        _id(item, spec)
    if len(set(items)) < len(items):
        raise _BadCellError("names one thing twice", "name each once")
    return items


PARSERS: Mapping[str, Callable[[str, ColumnSpec], Any]] = {
    "id": _id,
    "text": _text,
    "number": _number,
    "integer": _integer,
    "year": _year,
    "bool": _bool,
    "choice": _choice,
    "adcode": _adcode,
    "unit": _text,
    "list": _list,
}


def check_table(spec: TableSpec, text: TextTable) -> tuple[pd.DataFrame, list[Fault]]:
    """The typed frame of one file, columns in schema order plus `file` and `row`, and what is wrong with it.

    A bad cell is missing in the frame. Numbers are float64 (required years int64), bool is bool (missing =
    default or False), lists are tuples of str (missing = empty), all else str.
    """
    wrong = f"is not a column of {spec.name}"
    faults = [
        Fault(text.file, 1, name or "(no name)", None, wrong, nearest(name, spec.columns))
        for name in text.cells
        if name not in spec.columns
    ]
    columns: dict[str, Any] = {}
    for name, column in spec.columns.items():
        if name in text.cells:
            values, bad = _parse_column(column, text)
            faults += bad
        else:
            values = [None] * len(text.lines)
            if column.required:
                faults.append(Fault(text.file, 1, name, None, "is missing, a required column", column.about))
        columns[name] = _typed(column, values)
    columns["file"] = pd.Series([text.file] * len(text.lines), dtype="str")
    columns["row"] = np.asarray(text.lines, dtype=np.int64)
    return pd.DataFrame(columns), faults


def _parse_column(spec: ColumnSpec, text: TextTable) -> tuple[list[Any], list[Fault]]:
    """Each distinct cell is parsed once, and a fault names its first row and how many more have it."""
    parsed: dict[str, Any] = {"": None}
    bad: dict[str, tuple[str, str]] = {}
    parse = PARSERS[spec.type]
    cells = text.cells[spec.name]
    for cell in dict.fromkeys(cells):
        if cell == "":
            if spec.required:
                bad[cell] = ("is empty", spec.about)
            continue
        try:
            parsed[cell] = parse(cell, spec)
        except _BadCellError as error:
            parsed[cell] = None
            bad[cell] = (error.wrong, error.right)
    faults = []
    for cell, (wrong, right) in bad.items():
        lines = [line for line, other in zip(text.lines, cells, strict=True) if other == cell]
        wrong += also(len(lines) - 1)
        faults.append(Fault(text.file, lines[0], spec.name, cell or None, wrong, right))
    return [parsed[cell] for cell in cells], faults


def also(more: int) -> str:
    """How a fault says that further rows have it."""
    return "" if more == 0 else f" (and in {more} more row{'s' if more > 1 else ''})"


def _typed(spec: ColumnSpec, values: Sequence[Any]) -> Any:
    if spec.default is not None:
        values = [spec.default if value is None else value for value in values]
    if spec.type == "bool":
        return np.array([bool(value) for value in values], dtype=bool)
    if spec.type in ("number", "integer", "year"):
        numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        whole = spec.type != "number" and spec.required and not np.isnan(numbers).any()
        return numbers.astype(np.int64) if whole else numbers
    if spec.type == "list":
        return pd.Series([() if value is None else value for value in values], dtype=object)
    return pd.Series(list(values), dtype="str")


def place(frame: pd.DataFrame, index: Any) -> tuple[str, int]:
    """File and line of a row of a checked frame."""
    return str(frame["file"].loc[index]), int(frame["row"].loc[index])


def empty_frame(spec: TableSpec) -> pd.DataFrame:
    """The frame of a table that the region does not have."""
    return check_table(spec, TextTable("", dict.fromkeys(spec.columns, ()), ()))[0]
