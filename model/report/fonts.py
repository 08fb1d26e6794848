"""The Chinese font of the figures and pages: Noto Sans SC, which the set-up installs with the packages."""

from __future__ import annotations

from pylopdf_fonts_zh_cn import sans_path


def chinese_family() -> str:
    """Make the font known to matplotlib and return the name of its family."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(sans_path())
    return str(font_manager.FontProperties(fname=sans_path()).get_name())
