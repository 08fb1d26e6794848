"""The look that all figures share, and how they are written: the same bytes every time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.report.fonts import chinese_family
from model.report.messages import Messages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

COLOURS = {
    "start": "#b8bdc4",
    "frozen": "#7f8792",
    "current_law": "#e0a030",
    "plan": "#0f6a8b",
    "target": "#b5362c",
}
"""Grey, ochre, blue-green and red, which also differ in lightness (checked for the three common colour
blindnesses).
"""

PAYER_COLOURS = ("#0f6a8b", "#e0a030", "#5aa9a3", "#b5362c", "#8c6bb1", "#7f8792", "#1d3557")
PNG_EFFORT = 3
"""zlib level: the usual 6 takes twice as long for an eighth less."""
DPI = 160
"""Dots per inch of a PNG; the layout is made at the same, so that widths of texts are measured once."""
INK = "#1f2a36"
FAINT = "#d9dee4"


@contextmanager
def style(messages: Messages) -> Iterator[Any]:
    """The look of every figure, and what makes its bytes repeatable; yields pyplot."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with _absent("scipy.stats", "scipy.cluster"):
        import seaborn as sns

    family = [chinese_family(), "DejaVu Sans"] if messages.lang == "zh" else ["DejaVu Sans"]
    look: dict[Any, Any] = {
        "font.family": family,
        "font.size": 9.0,
        "figure.dpi": DPI,
        "text.hinting": "none",  # at DPI nothing is seen of it, and fitting glyphs to dots takes long
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.titlesize": 10.5,
        "axes.titleweight": "bold" if messages.lang == "en" else "normal",
        "axes.titlelocation": "left",
        "axes.labelsize": 9.0,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "svg.hashsalt": "lantian",
        "svg.fonttype": "path",
        "axes.unicode_minus": False,
        "axes.titley": 1.0,  # given, so that it is not searched for at each drawing
    }
    with sns.axes_style("whitegrid"), matplotlib.rc_context(look):
        yield plt
    plt.close("all")


@contextmanager
def _absent(*modules: str) -> Iterator[None]:
    """Modules not loaded yet are not to be had in the block: seaborn does without these two unless it fits
    densities or clusters, which no figure here does, and they take longer to load than all else.
    """
    held = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(held))  # type: ignore[arg-type]  # None: importing it fails
    try:
        yield
    finally:
        for name in held:
            del sys.modules[name]


def save(figure: Figure, stem: Path, svg: bool = True) -> None:
    """Write STEM.png and, unless it is not asked for, STEM.svg; the axes are placed once for both, since a
    figure that keeps its layout engine does it twice for each.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    ConstrainedLayoutEngine().execute(figure)
    _placed(figure)
    if svg:
        figure.savefig(stem.with_name(f"{stem.name}.svg"), metadata={"Date": None}, transparent=True)
    figure.savefig(
        stem.with_name(f"{stem.name}.png"),
        dpi=DPI,
        metadata={"Software": None},
        pil_kwargs={"compress_level": PNG_EFFORT},
    )


def _placed(figure: Figure) -> None:
    """Numbers and names along an axis without a name need not be measured at each drawing: only the place of
    that name, of a power of ten, and of a title above names at the top depends on how large they are.
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            named = axis.get_label_text() or axis.get_offset_text().get_text()
            if not named and axis.get_ticks_position() != "top":
                for tick in axis.get_major_ticks():
                    tick.label1.set_in_layout(False)
                    tick.label2.set_in_layout(False)


def plain(axis: Axes, title: str, xlabel: str) -> None:
    """Title and name of the horizontal axis; no frame, no ticks, no lines across."""
    import seaborn as sns

    axis.set_title(title)
    axis.set(xlabel=xlabel)
    nameless(axis.yaxis)
    axis.grid(visible=False, axis="y")
    axis.set_axisbelow(True)
    axis.margins(x=0.16)
    sns.despine(ax=axis, left=True, bottom=True)
    axis.tick_params(length=0)


def nameless(axis: Axis) -> None:
    """An axis without a name, to which a place is given so that none is looked for at each drawing."""
    axis.set_label_text("")
    axis.set_label_coords(0.0, 0.0)


def inside(axis: Axes) -> None:
    """Texts within the axes, which need not be measured to place them."""
    for text in axis.texts:
        text.set_in_layout(False)


def key(figure: Figure, colours: list[str], labels: list[str]) -> None:
    """The key above the panels: colours (or names of COLOURS) and what they stand for."""
    from matplotlib.patches import Patch

    patches = [Patch(color=COLOURS.get(colour, colour)) for colour in colours]
    figure.legend(
        patches,
        labels,
        loc="outside upper left",
        ncols=len(labels),
        frameon=False,
        fontsize=8.5,
        handlelength=1.0,
        handleheight=1.0,
        columnspacing=1.4,
    )
