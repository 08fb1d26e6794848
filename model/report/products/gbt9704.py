"""A Word document in the layout of GB/T 9704-2012: page, fonts, headings, captions, tables, footer.

The standard asks for A4 with margins of 37, 35, 28 and 26 mm, 22 lines a page, the title in 小标宋 of size
二号, the text in 仿宋 of size 三号, headings in 黑体 and 楷体. The font table of the file names what takes
the place of one that a machine does not have.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from model.report.products.characters import clean

TITLE, BODY, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
FALLBACK = {TITLE: "华文中宋", BODY: "仿宋", HEI: "Noto Sans CJK SC", KAI: "楷体", SONG: "Noto Serif CJK SC"}
LATIN = "Times New Roman"
SIZE_TITLE, SIZE_BODY, SIZE_CAPTION, SIZE_FOOT = 22.0, 16.0, 12.0, 9.0
LINE = 28.0
PORTRAIT_MM, LANDSCAPE_MM = 156.0, 225.0
"""Width between the margins."""
KEPT_ROWS, KEPT_ACROSS = 16, 5
"""A table of no more rows stays on one page, upright and turned."""
TALLEST_MM, TALLEST_ACROSS_MM = 190.0, 135.0
"""Height above which a figure is made smaller, so that its caption stands with it."""
LONGEST_TITLE = 255
"""Characters that the title in the properties of a file may have."""
MADE = datetime(2020, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
LONG = 400
"""Characters of a cell from which its row may go over pages."""


class Paper:
    """A document that grows at its end."""

    def __init__(self) -> None:
        self._doc = docx.Document()
        self._tables = self._figures = 0
        self._series = "表"
        self._across = self._fresh = False
        _styles(self._doc)
        _fallbacks(self._doc)
        self._ids = {style.name: style.style_id for style in self._doc.styles}
        _margins(self._doc.sections[0], across=False)

    def title(self, text: str) -> None:
        """The title of the document."""
        self._paragraph(text, "Title")

    def heading(self, text: str, level: int) -> None:
        """A heading: 1 in 黑体, 2 in 楷体, 3 in bold 仿宋."""
        paragraph = self._paragraph(text, f"Heading {level}")
        if self._fresh:
            paragraph.paragraph_format.page_break_before = True
        self._fresh = False

    def text(self, text: str) -> None:
        """A paragraph of the text."""
        self._paragraph(text, "Normal")

    def small(self, text: str) -> None:
        """A paragraph of figures, in smaller type."""
        self._paragraph(text, "Small Text")

    def note(self, text: str) -> None:
        """A line in small type, below a table."""
        self._paragraph(text, "Table Note")

    def figure(self, path: Path, caption: str) -> None:
        """A picture as wide as the text, its caption below."""
        paragraph = self._paragraph("", "Figure")
        paragraph.paragraph_format.keep_with_next = True
        wide, tallest = (LANDSCAPE_MM, TALLEST_ACROSS_MM) if self._across else (PORTRAIT_MM, TALLEST_MM)
        picture = paragraph.add_run().add_picture(str(path), width=Mm(wide))
        if picture.height > Mm(tallest):
            picture.width = Emu(picture.width * Mm(tallest) // picture.height)
            picture.height = Mm(tallest)
        self._figures += 1
        self._paragraph(f"图{self._figures}　{caption}", "Caption")

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        numbers: Sequence[bool],
        shaded: Sequence[bool],
        total: bool = False,
        again: bool = False,
    ) -> None:
        """A table, its caption above, the head repeated on each page.

        widths: in any unit, made to fill the text. numbers: columns set to the right. shaded: columns that
        the user fills. total: the last row is set in bold. again: it has the number of the table before.
        """
        self._tables += not again
        above = self._paragraph(f"{self._series}{self._tables}　{caption}", "Caption")
        above.paragraph_format.keep_with_next = True
        wide = LANDSCAPE_MM if self._across else PORTRAIT_MM
        body = self._doc.element.body
        sizes = [wide * width / sum(widths) for width in widths]
        kept = len(rows) <= (KEPT_ACROSS if self._across else KEPT_ROWS)
        xml = table_xml(heads, rows, sizes, numbers, shaded, total, kept)
        body.insert(len(body) - 1, parse_xml(xml))

    def annex(self) -> None:
        """Number the tables from here on as annexed ones."""
        self._series, self._tables = "附表", 0

    def _paragraph(self, text: str, style: str) -> Paragraph:
        """A paragraph at the end; its style is set by id, which python-docx would look for at each."""
        paragraph = self._doc.add_paragraph(clean(text))
        paragraph._p.style = None if style == "Normal" else self._ids[style]
        return paragraph

    def across(self, across: bool) -> None:
        """Turn the page from here on, where it does not stand so already."""
        if across != self._across:
            _margins(self._doc.add_section(WD_SECTION.NEW_PAGE), across)
            self._across, self._fresh = across, False

    def new_page(self) -> None:
        """Begin the next heading at the top of a page."""
        self._fresh = True

    def save(self, path: Path, title: str, footer: str) -> None:
        """Write the file with the footer on each page; the same contents give the same bytes."""
        _footer(self._doc.sections[0], footer)
        about = self._doc.core_properties
        about.title, about.author, about.comments = clean(title)[:LONGEST_TITLE], "", footer
        about.created = about.modified = MADE
        about.last_modified_by, about.revision = "", 1
        raw = io.BytesIO()
        self._doc.save(raw)
        with zipfile.ZipFile(raw) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name in sorted(packed.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
                entry = zipfile.ZipInfo(name, _ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, packed.read(name))


def table_xml(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_mm: Sequence[float],
    numbers: Sequence[bool],
    shaded: Sequence[bool],
    total: bool,
    kept: bool,
) -> str:
    """A table as WordprocessingML; as text, since python-docx is slow at large tables. kept: on one page."""
    twips = [round(width * 56.7) for width in widths_mm]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>' for side in sides)
    small = "".join(f'<w:{side} w:w="40" w:type="dxa"/>' for side in ("left", "right"))
    parts = [
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{small}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    ]
    head = [
        _cell(text, width, "center", True, "D9E2EC", kept) for text, width in zip(heads, twips, strict=True)
    ]
    parts.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(head)}</w:tr>")
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        bold, stays = total and last, kept and not last
        cells = [
            _cell(text, width, "right" if number else "left", bold, "EFEFEF" if shade else "", stays)
            for text, width, number, shade in zip(row, twips, numbers, shaded, strict=True)
        ]
        whole = "<w:cantSplit/>" * (max(map(len, row), default=0) <= LONG)
        parts.append(f"<w:tr><w:trPr>{whole}</w:trPr>{''.join(cells)}</w:tr>")
    return "".join(parts) + "</w:tbl>"


def _cell(text: str, width: int, side: str, bold: bool, fill: str, stays: bool) -> str:
    """A cell; stays: on the page of the row below."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    lines = escape(clean(text)).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    run = f'<w:r><w:rPr>{"<w:b/>" * bold}</w:rPr><w:t xml:space="preserve">{lines}</w:t></w:r>'
    style = f'<w:pStyle w:val="TableText"/>{"<w:keepNext/>" * stays}<w:jc w:val="{side}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f"<w:p><w:pPr>{style}</w:pPr>{run if text else ''}</w:p></w:tc>"
    )


def _margins(section: Any, across: bool) -> None:
    width, height = (297, 210) if across else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    # Turned, the binding edge is at the top of the page.
    sides = (28, 26, 37, 35) if across else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, sides)
    section.footer_distance = Mm(18 if across else 25)


def _styles(doc: Any) -> None:
    normal = doc.styles["Normal"]
    _set(normal, BODY, SIZE_BODY, indent=2)
    title = doc.styles["Title"]
    _set(title, TITLE, SIZE_TITLE, centred=True, after=LINE / 2, line=36.0)
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    for level, font in ((1, HEI), (2, KAI), (3, BODY)):
        _set(doc.styles[f"Heading {level}"], font, SIZE_BODY, indent=2, bold=level == 3)
    _set(doc.styles["Caption"], HEI, SIZE_CAPTION, centred=True, line=22.0)
    for name, font, size, line in (
        ("Table Text", SONG, 9.0, 12.0),
        ("Table Note", BODY, SIZE_FOOT, 14.0),
        ("Small Text", BODY, SIZE_CAPTION, 20.0),
        ("Figure", BODY, SIZE_BODY, 0.0),
    ):
        _set(
            doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH),
            font,
            size,
            line=line,
            centred=name == "Figure",
            indent=2 * (name == "Small Text"),
        )


def _set(
    style: ParagraphStyle,
    font: str,
    size: float,
    indent: int = 0,
    bold: bool = False,
    centred: bool = False,
    after: float = 0.0,
    line: float = LINE,
) -> None:
    """Font, size and paragraph of a style; indent in characters; line 0 for as high as its contents."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), bold, False
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>'))
    for colour in properties.findall(qn("w:color")):
        properties.remove(colour)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(after)
    form.first_line_indent = Pt(indent * size)
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    if line:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    else:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _fallbacks(doc: Any) -> None:
    """Name in the font table what takes the place of a font that a machine does not have."""
    for part in doc.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in FALLBACK.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _footer(section: Any, text: str) -> None:
    """The sentence and the page number, — 1 —, at the foot of every page; later sections follow the first."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    runs = [paragraph.add_run(f"{text}　　— ")]
    for kind, instruction in (("begin", None), (None, "PAGE"), ("end", None)):
        tag = f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
        if instruction:
            tag = f'<w:instrText {nsdecls("w")} xml:space="preserve">{instruction}</w:instrText>'
        runs.append(paragraph.add_run())
        runs[-1]._r.append(parse_xml(tag))
    runs.append(paragraph.add_run(" —"))
    for run in runs:
        run.font.size = Pt(SIZE_FOOT)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
