"""Tables on paper: cells as text, the largest rows of long tables, wide tables in parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from model.base.frames import records
from model.report.products.design import DECIMALS, KINDS, Field, Filled
from model.report.products.gbt9704 import Paper

LANG = "zh"
KEYS, MARK = ("number", "facility"), "rating"
"""Columns that every part of a table in parts has: those a row is known by, and whether it is constructed."""
WIDEST, UPRIGHT = 200, 125
"""Characters that a turned and an upright page hold side by side, with lines broken in two."""
RANKED = ("SO2", "NOx", "PM10", "VOCs")
ELSE_RANKED = ("coal", "count", "investment")


def cell_text(kind: str, value: Any, places: int | None = None) -> str:
    """A cell as it is printed. places: decimals of a number without a kind, in a row that says so."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    decimals = places if kind == "num" else KINDS[kind]
    if kind in ("year", "no"):
        return f"{value:.0f}"
    if decimals is not None:
        return f"{value:,.{max(decimals, 0)}f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(f'{value:.4g}'):g}"


def largest(table: Filled, count: int) -> pd.DataFrame:
    """The `count` rows that abate most, or of which there is most, in the order of the table; plants, of
    which each has several rows, are the largest first as they are.
    """
    if table.design.ident == "plants":
        return table.rows.head(count)
    columns = [key for key in RANKED if key in table.rows] or [k for k in ELSE_RANKED if k in table.rows][:1]
    size = table.rows[columns].fillna(0.0).sum(axis=1)
    return table.rows.loc[sorted(size.sort_values(ascending=False, kind="stable").index[:count])]


def parts(fields: Sequence[Field], widest: int) -> list[list[Field]]:
    """The columns of a table in parts that fit the page, each with the columns by which a row is known."""
    if sum(field.width for field in fields) <= widest * 1.25:
        return [list(fields)]
    known = [field for field in fields if field.key in KEYS]
    mark = [field for field in fields if field.key == MARK]
    rest = [field for field in fields if field.key not in (*KEYS, MARK)]
    room = widest - sum(field.width for field in known + mark)
    # As many parts as are needed, of about the same width.
    even = sum(field.width for field in rest) / math.ceil(sum(field.width for field in rest) / room)
    out: list[list[Field]] = [[]]
    used = 0
    for field in rest:
        if used >= even or used + field.width > room:
            out.append([])
            used = 0
        out[-1].append(field)
        used += field.width
    return [known + part + mark for part in out]


def print_table(paper: Paper, table: Filled, caption: str, rows: pd.DataFrame | None = None) -> None:
    """A table, or some `rows` of it; the page is turned where it is wide, in parts where it is wider."""
    fields = table.design.fields
    across = sum(field.width for field in fields) > UPRIGHT
    paper.across(across)
    chosen = table.rows if rows is None else rows
    heads = {field.key: head for field, head in zip(fields, table.heads(LANG), strict=True)}
    lines: list[Any] = records(chosen)
    total = rows is None and table.total is not None
    lines += [table.total] if total else []
    split = parts(fields, WIDEST) if across else [list(fields)]
    for place, part in enumerate(split, start=1):
        names = f"{caption}（续{place - 1}）" if place > 1 else caption
        cells = [
            [cell_text(table.kind(field), _value(record, field), record.get(DECIMALS)) for field in part]
            for record in lines
        ]
        texts = [at for at, field in enumerate(part) if field.kind == "text"]
        if total and texts and not any(cells[-1][at] for at in texts):
            cells[-1][texts[0]] = _label(table)
        paper.table(
            names,
            [heads[field.key] for field in part],
            cells,
            [field.width for field in part],
            [KINDS[field.kind] is not None or field.kind == "num" for field in part],
            [field.user for field in part],
            total,
            place > 1,
        )


def _label(table: Filled) -> str:
    """What stands before the totals of a table."""
    return next(value for value in (table.total or {}).values() if isinstance(value, str))


def _value(record: Any, field: Field) -> Any:
    value = record.get(field.key)
    return None if value is None or value != value else value
