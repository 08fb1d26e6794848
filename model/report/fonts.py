"""Finds a Chinese font for the figures: under the environment the set-up made, then on the system."""

from __future__ import annotations

import sys
from pathlib import Path

from model.base.faults import Fault, InputError

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
)
"""Sans-serif families with simplified characters, best first. The first that is found is used."""

SUFFIXES = (".ttf", ".otf", ".ttc")


class FontError(InputError):
    """No font with Chinese characters was found."""


def register(root: Path) -> None:
    """Make every font file below `root`/share/fonts known to matplotlib."""
    from matplotlib import font_manager

    for path in sorted((root / "share" / "fonts").rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            font_manager.fontManager.addfont(path)


def chinese_family(root: Path | None = None) -> str:
    """Name of the best Chinese family found; raises FontError that says how to mend it."""
    from matplotlib import font_manager

    register(Path(sys.prefix) if root is None else root)
    known = {font.name for font in font_manager.fontManager.ttflist}
    for family in FAMILIES:
        if family in known:
            return family
    wrong = "needs a font with Chinese characters for the figures, and none was found"
    right = f"run `make setup`, or install one of: {', '.join(FAMILIES)}"
    raise FontError([Fault("--lang", None, None, "zh", wrong, right)])
