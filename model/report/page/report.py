"""report.html: one page that opens with what a planner asks. It reads the results and computes nothing but
shares.
"""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from model.report.fonts import page_font
from model.report.messages import Messages, load_messages
from model.report.page import data
from model.report.page.blocks import Block
from model.report.page.boundaries import Boundaries
from model.report.page.figures import write_figures
from model.report.page.library import datatables
from model.report.page.opening import tiles, verdicts, warning
from model.report.page.parts import sections
from model.report.page.tables import Table
from model.results.results import Results

HERE = Path(__file__).parent
MOST_PRINTED = 60
"""Rows of a folded table that is opened when the page is printed; longer ones stay on the screen, where they
can be searched."""
LEAVES = ("targets", "acts", "clauses", "data")
"""Sections that begin a new sheet when printed."""
ACROSS = ("clauses",)
"""Those of them whose sheets lie across."""
LEAST_PIXELS = 640
"""A figure is no narrower than that, unless it was drawn so, and moves sideways on a phone."""
PIXELS_PER_POINT = 1.4
"""Figures are drawn in points; on the page one point is at most this many pixels."""


def write_report(results: Results, lang: str, where: Path, boundaries: Boundaries | None = None) -> None:
    """report.html and figures/*.svg, *.png of a run into the folder `where`.

    boundaries: outlines of the areas for the maps; without them areas are tiles.
    """
    messages = load_messages(lang, results.names, data.is_small(results))
    drawn = write_figures(results, messages, where / "figures", boundaries)
    (where / "report.html").write_text(page(results, messages, drawn), encoding="utf-8")


def page(results: Results, m: Messages, drawn: dict[str, str]) -> str:
    """The page with the figures `drawn` (name -> SVG) in it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    captions = {name: m(f"figure.{name}", year=results.years[-1]) for name in drawn}
    figures = {name: Markup(_embedded(name, svg, captions[name])) for name, svg in drawn.items()}
    parts = sections(results, m, figures)
    library, style = datatables() if len(results.plan) else ("", "")
    script = [library, _own("page.js")] if library else []
    script += [_own("sift.js")] if any(_is_long(block) for each in parts for block in each.blocks) else []
    written = environment.get_template("template.html.j2").render(
        m=m,
        title=results.titles[m.lang],
        subtitle=m(
            "page.subtitle",
            scenario=results.scenario,
            first=results.years[0],
            last=results.years[-1],
            start=results.start,
            price_year=results.price_year,
        ),
        verdicts=verdicts(results, m),
        warning=warning(results, m),
        tiles=tiles(results, m),
        sections=parts,
        leaves=LEAVES,
        across=ACROSS,
        most_printed=MOST_PRINTED,
        style=Markup(f"{style}\n{_own('page.css')}"),
        script=Markup("\n".join(script)),
    )
    return written.replace("<style>", f"<style>{page_font(written)}", 1)


def _is_long(block: Block) -> bool:
    return isinstance(block, Table) and len(block.rows) > MOST_PRINTED


def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _embedded(name: str, svg: str, caption: str) -> str:
    """SVG with ids of its own, so that figures of one page do not share them, no wider than it was drawn, and
    one picture with a name to a screen reader.
    """
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    head, body = svg.split(">", 1)
    width = re.search(r'width="([\d.]+)pt"', head)
    pixels = float(width[1]) * PIXELS_PER_POINT if width else 0.0
    head = re.sub(r' (width|height)="[^"]*pt"', "", head)
    size = f"min-width:{min(pixels, LEAST_PIXELS):.0f}px;max-width:{pixels:.0f}px"
    return f'{head} role="img" aria-label="{escape(caption)}" style="{size}">{body}'
