"""plan.xlsx: the tables as sheets to filter, sort and paste from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.base.frames import records
from model.report.products.characters import clean
from model.report.products.design import DECIMALS, Filled

MADE = datetime(2020, 1, 1)
"""Date of making in the file, so that two runs give the same bytes."""

FORMATS = {"int": "#,##0", "year": "0", "no": "0", "wt": "#,##0.00", "yi": "#,##0.00", "pct": "#,##0.0"}
WHOLE = "#,##0"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is marked as text, so that it stays one when it is edited."""
LONGEST = 32767
"""Characters that a cell may have."""
HEAD_ROW = 3
WIDE = 240
"""Characters of all columns from which a sheet is printed on A3."""
LINE_PT, MOST_PT = 14.0, 409.0
"""Height of a line, and the greatest height that a row of a sheet may have."""
TITLE_PT = 24.0
SHADE, HEAD, USER_HEAD = "#EFEFEF", "#DCE6F1", "#D0D0D0"
RULED = {"border": 1, "border_color": "#B0B0B0"}
_NARROW = re.compile("[\0-\u2e7f]+")
"""Characters half as wide as a Chinese one."""
FONTS = {"zh": "宋体", "en": "Calibri"}


class Styles:
    """Formats of one workbook, made once for each combination of properties."""

    def __init__(self, book: xlsxwriter.Workbook, lang: str) -> None:
        self._book = book
        self._base = {"font_name": FONTS[lang], "font_size": 10, "valign": "top"}
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._cells: dict[tuple[bool, bool, bool, bool, str], Format] = {}

    def of(self, **more: Any) -> Format:
        """The format with these properties."""
        key = tuple(sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **more})
        return self._made[key]

    def cell(
        self, user: bool, bold: bool, text: bool = False, quoted: bool = False, form: str = ""
    ) -> Format:
        """The format of a cell: one that the user fills, of the row of totals, a text, a number."""
        key = (user, bold, text, quoted, form)
        if key not in self._cells:
            more: dict[str, Any] = {"bg_color": SHADE} if user else {}
            more |= {"bold": True} if bold else {}
            more |= {"text_wrap": True} if text else {}
            more |= {"quote_prefix": True} if quoted else {}
            more |= {"num_format": form} if form else {}
            self._cells[key] = self.of(**RULED, **more)
        return self._cells[key]


def write_workbook(
    tables: Iterable[Filled],
    about: Sequence[tuple[str, str]],
    lines: Sequence[str],
    footer: str,
    none: str,
    lang: str,
    path: Path,
) -> None:
    """One sheet a table, then what the workbook is. about: (what, text). lines: below each title. none: what
    a table without rows says.
    """
    settings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), settings) as book:
        book.set_properties({"created": MADE, "author": "", "comments": footer})
        styles = Styles(book, lang)
        for table in tables:
            _sheet(book, styles, table, lines, footer, none, lang)
        _about(book, styles, about, footer, lang)


def _sheet(
    book: xlsxwriter.Workbook,
    styles: Styles,
    table: Filled,
    lines: Sequence[str],
    footer: str,
    none: str,
    lang: str,
) -> None:
    design = table.design
    sheet = book.add_worksheet(design.sheet[lang])
    sheet.set_row(0, TITLE_PT)
    sheet.write_string(0, 0, design.title[lang], styles.of(bold=True, font_size=14))
    for row, line in enumerate(lines[: HEAD_ROW - 1], start=1):
        sheet.write_string(row, 0, line, styles.of(font_color="#9C0006"))
    for column, (field, head) in enumerate(zip(design.fields, table.heads(lang), strict=True)):
        fill = USER_HEAD if field.user else HEAD
        style = styles.of(bold=True, text_wrap=True, align="center", bg_color=fill, **RULED)
        sheet.write_string(HEAD_ROW, column, head, style)
        sheet.set_column(column, column, field.width)
    widths = [field.width for field in design.fields]
    sheet.set_row(HEAD_ROW, _height(table.heads(lang), widths))
    rows = records(table.rows)
    for row, record in enumerate(rows, start=HEAD_ROW + 1):
        cells = table.cells(record)
        sheet.set_row(row, _height(cells, widths))
        _row(sheet, styles, row, table, cells, decimals=record.get(DECIMALS))
    last = HEAD_ROW + max(len(rows), 1)
    sheet.autofilter(HEAD_ROW, 0, last, len(design.fields) - 1)
    if not rows:
        sheet.write_string(HEAD_ROW + 1, 0, none, styles.of(italic=True))
    if table.total is not None:
        _row(sheet, styles, last + 1, table, table.cells(table.total), bold=True)
    _paged(sheet, footer, wide=sum(widths) > WIDE)
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)


def _row(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    table: Filled,
    cells: Sequence[Any],
    bold: bool = False,
    decimals: int | None = None,
) -> None:
    for column, (field, value) in enumerate(zip(table.design.fields, cells, strict=True)):
        if value is None:
            sheet.write_blank(row, column, None, styles.cell(field.user, bold))
        elif isinstance(value, str):
            text = clean(value)[:LONGEST]
            quoted = text.startswith(FORMULA_SIGNS)
            sheet.write_string(row, column, text, styles.cell(field.user, bold, text=True, quoted=quoted))
        else:
            form = number_format(table.kind(field), float(value), decimals)
            sheet.write_number(row, column, value, styles.cell(field.user, bold, form=form))


def number_format(kind: str, value: float, decimals: int | None = None) -> str:
    """The format of a number: that of its kind; without one, with `decimals`; else as many as it needs, at
    most four.
    """
    if kind != "num":
        return FORMATS.get(kind, WHOLE)
    if decimals is not None:
        return WHOLE + ("." + "0" * decimals if decimals > 0 else "")
    text = f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    needed = len(text.partition(".")[2]) if "e" not in text else 4
    return WHOLE + ("." + "0" * min(needed, 4) if needed else "")


def _about(
    book: xlsxwriter.Workbook, styles: Styles, about: Sequence[tuple[str, str]], footer: str, lang: str
) -> None:
    sheet = book.add_worksheet("说明" if lang == "zh" else "About")
    widths = (24, 110)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for row, (what, text) in enumerate(about):
        sheet.set_row(row, _height((what, text), widths))
        sheet.write_string(row, 0, what, styles.of(bold=True))
        sheet.write_string(row, 1, clean(text)[:LONGEST], styles.of(text_wrap=True))
    _paged(sheet, footer)


def _height(cells: Sequence[Any], widths: Sequence[int]) -> float:
    """Height of a row in points, for as many lines as its longest text needs: programs fit rows unlike."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        if isinstance(cell, str) and 2 * len(cell) > width:
            size = len(cell) + (0 if cell.isascii() else len(_NARROW.sub("", cell)))
            lines = max(lines, -(-size // max(width - 1, 1)))
    return min(LINE_PT * lines + 2.0, MOST_PT)


def _paged(sheet: Worksheet, footer: str, wide: bool = False) -> None:
    """A4 across (A3 where `wide`), as wide as the page, with the mark and the page number on each."""
    sheet.set_paper(8 if wide else 9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L&8{footer}&R&8&P / &N")
