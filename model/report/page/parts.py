"""The sections of the page in order: what each opens with, and its sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from model.report.messages import Messages
from model.report.page import (
    actions,
    air,
    alternatives,
    answers,
    credit,
    data,
    explained,
    sureness,
    swings,
    tables,
)
from model.report.page.blocks import Block, Chapter, Drawing, Lines, Section
from model.report.page.lines import chain_lines, price_lines
from model.results.results import Results

MANY = 25
"""Rows from which the table of rates and supply is folded."""
Figures = Mapping[str, Markup]


def sections(results: Results, m: Messages, figures: Figures) -> list[Section]:
    """The parts of the page in order; one without anything to say is left out.

    figures: name -> SVG, of the figures that were drawn.
    """
    parts: tuple[tuple[str, Callable[[Results, Messages, Figures], Sequence[Block]]], ...] = (
        ("explained", _explained),
        ("targets", _targets),
        ("acts", _acts),
        ("cost", _cost),
        ("binds", _binds),
        ("clauses", _clauses),
        ("alternatives", _alternatives),
        ("swings", _swings),
        ("confidence", _confidence),
        ("data", _data),
        ("method", _method),
        ("sources", _sources),
    )
    made = [(name, tuple(b for b in part(results, m, figures) if not b.empty)) for name, part in parts]
    return [
        Section(name, m(f"section.{name}"), m(f"intro.{name}"), blocks) for name, blocks in made if blocks
    ]


def _drawings(results: Results, m: Messages, figures: Figures, *names: str) -> list[Block]:
    drawn = [name for name in names if name in figures]
    return [Drawing(m(f"figure.{name}", year=results.years[-1]), figures[name]) for name in drawn]


def _explained(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    if results.explanation.empty:
        return ()
    return Lines(tuple(explained.lines(results, m))), explained.reach(results, m)


def _targets(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    return (
        tables.targets(results, m),
        Lines(tuple(chain_lines(results, m)), m("chain.head")),
        *_drawings(results, m, figures, "emission_path"),
        tables.by_account(results, m),
        *_drawings(results, m, figures, "emission_by_sector"),
        air.concentrations(results, m),
    )


def _acts(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    return (
        tables.cities(results, m),
        *_drawings(results, m, figures, "map", "reduction_by_measure"),
        actions.searchable(results, m),
        tables.measures(results, m),
        *_drawings(results, m, figures, "actions_by_city"),
    )


def _cost(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    charged = results.manifest.get("emission_price_cny")
    money = [m("intro.transfers")] * bool(len(results.transfers))
    money += [m("intro.book")] * bool(len(results.book))
    money += [] if charged is None else [m("intro.emission_price", charged=m.measured(charged, "money"))]
    return (
        tables.payers(results, m),
        *_drawings(results, m, figures, "cost_by_payer"),
        tables.transfers(results, m),
        *([tables.book(results, m)] if len(results.book) else []),
        Lines(tuple(money)),
    )


def _binds(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    limits = results.limits
    priced = data.prices(results, top=len(limits))
    rates = limits[
        limits["quantity"].str.endswith("_completed")
        | limits["limit"].str.contains("SUPPLY|NETWORK|PEAK|RATE")
    ]
    return (
        Lines(tuple(price_lines(priced, m, results.manifest))),
        *(_drawings(results, m, figures, "prices") if len(priced) else ()),
        answers.limits(results, m, limits[limits["price"] > 0], m("table.prices"), fold=True),
        answers.limits(results, m, rates, m("table.rates"), fold=len(rates) > MANY),
        answers.limits(results, m, limits, m("table.limits"), fold=True),
    )


def _clauses(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    articles = [
        Chapter(f"{m('col.article')} {article}", table) for article, table in answers.clauses(results, m)
    ]
    told = (m("intro.credit"),) * bool(len(results.credit))
    return (*articles, credit.worth(results, m), Lines(told))


def _alternatives(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    if "alternatives" not in results.manifest:
        return ()
    found = (alternatives.plans(results, m), alternatives.measures(results, m))
    return (Lines(tuple(alternatives.lines(results, m))), *found)


def _swings(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    return Lines(tuple(swings.lines(results, m))), tables.sensitivity(results, m)


def _confidence(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    return Lines(tuple(sureness.lines(results, m))), sureness.spread(results, m)


def _data(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    recalled = (results.citations["access"] == "recalled").any()
    return (
        answers.quality(results, m, "evidence", m("table.quality")),
        answers.quality(results, m, "rating", m("table.ratings")),
        answers.quality(results, m, "constructed", m("table.constructed")),
        Lines((m("intro.recalled") if recalled else m("intro.recalled_none"),)),
    )


def _method(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    manifest = results.manifest
    told = [
        m(f"method.{name}") for name in ("account", "states", "cases", "year", "chain", "money", "prices")
    ]
    rest = [m(f"method.{name}") for name in ("air", "not")]
    ident = m(
        "method.hash", sha=str(manifest["scenario_sha256"])[:12], status=m.word("solved", manifest["status"])
    )
    return (Lines((found(results, m), *told, *rest, ident)),)


def found(results: Results, m: Messages) -> str:
    """How the plan was found and what is proven of it."""
    gap = results.manifest.get("gap")
    proven = "–" if gap is None else percent(float(gap))
    minimised = results.manifest.get("minimised")
    if minimised is not None:
        what = m("punctuation.list").join(m.word("quantity", name) for name in minimised["weights"])
        return m("intro.method_emission", what=what, emitted=percent(minimised["gap"]), gap=proven)
    method = results.manifest.get("method")
    return m(f"intro.method_{method if method in ('greedy', 'myopic', 'evaluate') else 'cost'}", gap=proven)


def percent(share: float) -> str:
    """A share as a percentage of three digits."""
    return f"{100 * share:.3g}%"


def _sources(results: Results, m: Messages, figures: Figures) -> Sequence[Block]:
    return (answers.works(results, m),)
