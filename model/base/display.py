"""Small HTML tables, by which types show themselves in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape


def html_table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a caption; numbers stand to the right, NaN is empty, all else is text and escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    top = f'<caption style="text-align:left"><b>{escape(caption)}</b></caption>'
    return f"<table>{top}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td style="text-align:right">{_shown(value)}</td>'
    return f'<td style="text-align:left">{escape(str(value))}</td>'


def _shown(value: float) -> str:
    """Whole numbers and amounts from 100 on without decimals, others with three figures."""
    if math.isnan(value):
        return ""
    if math.isinf(value) or isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
