"""Formulas of the pages as pictures within the page: TeX between dollars, drawn by matplotlib's mathtext.

So the site needs no script and no network. Each picture says its TeX to who does not see it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from html import escape
from io import BytesIO

CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE = re.compile(r"\$(?! )([^$]+?)(?<! )\$")

POINTS = 10.0
"""Size at which formulas are drawn."""
EDGE = 1.0
"""Points around what is drawn."""
LARGE = 1.1
"""Size on the page, over that of the text: the letters of formulas are smaller ones."""

SAME = {r"\Big(": r"\left(", r"\Big)": r"\right)", r"\Big[": r"\left[", r"\Big]": r"\right]"}
"""What mathtext knows by another name."""


def with_formulas(page: str) -> str:
    """The Markdown of a page with a picture in the place of each formula; code is left alone.

    Raises:
        ValueError: TeX that mathtext does not know.
    """
    parts = CODE.split(page)
    for at in range(0, len(parts), 2):
        shown = BLOCK.sub(lambda m: f'\n<p class="formula">{picture(m[1])}</p>\n', parts[at])
        parts[at] = INLINE.sub(lambda m: picture(m[1]), shown)
    return "".join(parts)


@cache
def picture(tex: str) -> str:
    """An image element of a formula, on the line of the text around it."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser, math_to_image

    tex = " ".join(tex.split())
    known = re.sub(r"\\([lg]e)\b", r"\\\1q", tex)
    for name, other in SAME.items():
        known = known.replace(name, other)
    font = FontProperties(size=POINTS, math_fontfamily="stix")
    out = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "lantian", "svg.fonttype": "path"}):
        math_to_image(f"${known}$", out, prop=font, format="svg")
        width, height, depth, _, _ = MathTextParser("path").parse(f"${known}$", 72, font)
    svg = re.sub(rb"<metadata>.*?</metadata>", b"", out.getvalue(), flags=re.DOTALL)
    # Slanted letters reach out of the box that they are said to fill.
    view = f'viewBox="{-EDGE} {-EDGE} {width + 2 * EDGE:.3f} {height + 2 * EDGE:.3f}"'
    svg = re.sub(rb'width="\S+pt" height="\S+pt" viewBox="[^"]*"', view.encode(), svg, count=1)
    sizes = (width + 2 * EDGE, height + 2 * EDGE, -depth - EDGE, -EDGE)
    wide, high, low, aside = (LARGE * size / POINTS for size in sizes)
    place = f"width:{wide:.3f}em;height:{high:.3f}em;vertical-align:{low:.3f}em;margin:0 {aside:.3f}em"
    data = b64encode(svg).decode()
    return f'<img class="tex" alt="{escape(tex)}" style="{place}" src="data:image/svg+xml;base64,{data}">'
