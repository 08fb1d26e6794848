"""report.html: one page that opens with what a planner asks. It reads the results and computes nothing but
shares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from model.report import air, alternatives, answers, credit, data, explained, tables
from model.report.figures import write_figures
from model.report.fonts import page_font
from model.report.lines import chain_lines, price_lines
from model.report.messages import Messages, load_messages
from model.report.opening import tiles, verdicts, warning
from model.report.tables import Table
from model.results.results import Results

MOST_PRICES = 12
PIXELS_PER_POINT = 1.4
"""Figures are drawn in points; on the page one point is at most this many pixels."""


@dataclass(frozen=True)
class Section:
    """A part of the page: lines of text, then figures, then tables."""

    ident: str
    title: str
    intro: str
    lines: tuple[str, ...]
    figures: tuple[tuple[str, Markup], ...]
    tables: tuple[Table, ...]
    groups: tuple[tuple[str, Table], ...] = ()


def write_report(results: Results, lang: str, where: Path) -> None:
    """report.html and figures/*.svg, *.png of a run into the folder `where`."""
    messages = load_messages(lang, results.names, data.is_small(results))
    drawn = write_figures(results, messages, where / "figures")
    (where / "report.html").write_text(page(results, messages, drawn), encoding="utf-8")


def page(results: Results, m: Messages, drawn: dict[str, str]) -> str:
    """The page with the figures `drawn` (name -> SVG) in it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("template.html.j2")
    figures = {name: Markup(_embedded(name, svg)) for name, svg in drawn.items()}
    written = template.render(
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
        sections=sections(results, m, figures),
    )
    return written.replace("<style>", f"<style>{page_font(written)}", 1)


def _embedded(name: str, svg: str) -> str:
    """SVG with ids of its own, so that figures of one page do not share them, no wider than it was drawn."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    head, body = svg.split(">", 1)
    width = re.search(r'width="([\d.]+)pt"', head)
    pixels = float(width[1]) * PIXELS_PER_POINT if width else 0.0
    head = re.sub(r' (width|height)="[^"]*pt"', "", head)
    return f'{head} style="max-width:{pixels:.0f}px">{body}'


def sections(results: Results, m: Messages, figures: dict[str, Markup]) -> list[Section]:
    """The parts of the page in order."""

    def part(
        name: str, lines: Sequence[str], drawn: Sequence[str], shown_tables: Sequence[Table], **more: Any
    ) -> Section:
        titles = tuple((m(f"figure.{_caption(f)}", year=results.years[-1]), figures[f]) for f in drawn)
        filled = tuple(table for table in shown_tables if table.rows)
        intro = m(f"intro.{name}") if f"intro.{name}" in m.texts else ""
        return Section(name, m(f"section.{name}"), intro, tuple(lines), titles, filled, **more)

    limits = results.limits
    priced = data.prices(results, top=MOST_PRICES)
    rates = limits[
        limits["quantity"].str.endswith("_completed")
        | limits["limit"].str.contains("SUPPLY|NETWORK|PEAK|RATE")
    ]
    method = [
        _found(results, m),
        m("intro.method_year"),
        m("intro.method_cases"),
        m(
            "intro.method_hash",
            sha=str(results.manifest["scenario_sha256"])[:12],
            status=results.manifest["status"],
        ),
    ]
    money = [m("intro.transfers")] * bool(len(results.transfers)) + [m("intro.book")] * bool(
        len(results.book)
    )
    charged = results.manifest.get("emission_price_cny")
    money += [] if charged is None else [m("intro.emission_price", charged=m.measured(charged, "money"))]
    money += [m("intro.sensitivity")] * bool(len(results.sensitivity))
    others = []
    if "alternatives" in results.manifest:
        shown_tables = [alternatives.plans(results, m), alternatives.measures(results, m)]
        others = [part("alternatives", alternatives.lines(results, m), [], shown_tables)]
    why = []
    if len(results.explanation):
        why = [part("explained", explained.lines(results, m), [], [explained.reach(results, m)])]
    return [
        *why,
        part(
            "targets",
            chain_lines(results, m),
            ["emission_path", "emission_by_sector"],
            [tables.targets(results, m), air.concentrations(results, m)],
        ),
        part(
            "cost",
            money,
            ["cost_by_payer"],
            [tables.payers(results, m), tables.transfers(results, m), tables.sensitivity(results, m)]
            + ([tables.book(results, m)] if len(results.book) else []),
        ),
        part(
            "acts",
            [],
            ["reduction_by_measure", "actions_by_city"],
            [tables.measures(results, m), tables.cities(results, m), tables.units(results, m)],
        ),
        part(
            "binds",
            price_lines(priced, m, results.manifest),
            ["prices"] * bool(len(priced)),
            [answers.limits(results, m, limits[limits["price"] > 0], m("table.prices"), fold=True)],
        ),
        part(
            "data",
            [
                m("intro.recalled")
                if (results.citations["access"] == "recalled").any()
                else m("intro.recalled_none")
            ],
            [],
            [
                answers.quality(results, m, "evidence", m("table.quality")),
                answers.quality(results, m, "rating", m("table.ratings")),
                answers.recalled(results, m),
            ],
        ),
        *others,
        part(
            "clauses",
            [m("intro.credit")] * bool(len(results.credit)),
            [],
            [credit.worth(results, m)],
            groups=tuple(answers.clauses(results, m)),
        ),
        part(
            "rates",
            [],
            [],
            [
                answers.limits(results, m, rates, m("table.rates"), fold=len(rates) > 25),
                answers.limits(results, m, limits, m("table.limits"), fold=True),
            ],
        ),
        part("method", method, [], []),
    ]


def _found(results: Results, m: Messages) -> str:
    """How the plan was found and what is proven of it."""
    minimised = results.manifest.get("minimised")
    if minimised is not None:
        what = m("punctuation.list").join(m.word("quantity", name) for name in minimised["weights"])
        return m("intro.method_emission", what=what, emitted=_percent(minimised["gap"]), gap=_gap(results))
    if results.manifest.get("method") in ("greedy", "myopic", "evaluate"):
        return m(f"intro.method_{results.manifest['method']}", gap=_gap(results))
    return m("intro.method_cost", gap=_gap(results))


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _caption(figure: str) -> str:
    return "path" if figure == "emission_path" else figure


def _gap(results: Results) -> str:
    gap = results.manifest.get("gap")
    return "–" if gap is None else _percent(float(gap))
