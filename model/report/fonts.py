"""The Chinese font of the figures and pages: Noto Sans SC, which the set-up installs with the packages."""

from __future__ import annotations

import base64
import io
from functools import cache, lru_cache

from pylopdf_fonts_zh_cn import sans_path

FAMILY = "Noto Sans SC"
FIRST_IDEOGRAPH = 0x2E80
"""Characters from here on are in no Latin font."""


@cache
def chinese_family() -> str:
    """Make the font known to matplotlib and return the name of its family."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(sans_path())
    return FAMILY


def page_font(text: str) -> str:
    """A CSS @font-face with the Chinese characters of `text`, so that the page needs no font of its reader.

    Empty where the text has none. The same text gives the same bytes.
    """
    wanted = sorted({character for character in set(text) if ord(character) >= FIRST_IDEOGRAPH})
    return _face("".join(wanted)) if wanted else ""


@lru_cache(maxsize=4)
def _face(characters: str) -> str:
    """The @font-face with some characters, kept for pages of the same ones."""
    from fontTools import subset

    # Taking hints out would take half as long again, for a sixth of the size.
    options = subset.Options(layout_features=[], hinting=True, desubroutinize=True, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    file = io.BytesIO()
    with subset.load_font(str(sans_path()), options) as font:
        cutter.subset(font)
        font.flavor = "woff"
        font.save(file)
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'@font-face{{font-family:"{FAMILY}";src:url(data:font/woff;base64,{data}) format("woff")}}'
