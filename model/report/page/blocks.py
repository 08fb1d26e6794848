"""What a page is made of: sections of blocks, each of which the template knows how to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from model.report.page.tables import Table


@dataclass(frozen=True)
class Lines:
    """Sentences, one a line, under a head (empty: none)."""

    items: tuple[str, ...]
    head: str = ""
    kind: ClassVar[str] = "lines"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.items


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG with its caption."""

    caption: str
    svg: Markup
    kind: ClassVar[str] = "drawing"
    empty: ClassVar[bool] = False


@dataclass(frozen=True)
class Searchable:
    """A table to search on the screen: its rows as JSON for the script, columns one may choose from (place,
    head, words), the part of it that is printed, which is all that is seen without the script, and a note.
    """

    title: str
    data: Markup
    heads: tuple[tuple[str, str, bool], ...]
    choices: tuple[tuple[int, str, tuple[str, ...]], ...]
    printed: Table
    note: str = ""
    kind: ClassVar[str] = "searchable"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.printed.rows


@dataclass(frozen=True)
class Chapter:
    """A table under a heading of its own, wide when printed."""

    head: str
    table: Table
    kind: ClassVar[str] = "chapter"
    empty: ClassVar[bool] = False


Block = Lines | Drawing | Searchable | Chapter | Table


@dataclass(frozen=True)
class Section:
    """A part of the page: title, a sentence on what it is, blocks in order."""

    ident: str
    title: str
    intro: str
    blocks: tuple[Block, ...]
