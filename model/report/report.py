"""report.html: one page that opens with what a planner asks. It reads the results and computes nothing but shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from model.report import data, tables
from model.report.figures import limit_name, price_unit, write_figures
from model.report.messages import Messages, Scale, load_messages, shown
from model.report.tables import Table
from model.results.results import Results

OBSERVED = ("measured", "published", "derived")
MOST_PRICES = 12
PIXELS_PER_POINT = 1.4
"""Figures are drawn in points; on the page one point is at most this many pixels."""


@dataclass(frozen=True)
class Tile:
    """One answer on the first page: question, the figure, and lines below it."""

    question: str
    figure: str
    lines: tuple[str, ...]
    status: str = ""


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
    """report.html and figures/*.svg, *.png of a run into the folder `where`.

    Raises:
        FontError: lang is zh and no font with Chinese characters is found.
    """
    messages = load_messages(lang, results.names)
    drawn = write_figures(results, messages, where / "figures")
    (where / "report.html").write_text(page(results, messages, drawn), encoding="utf-8")


def page(results: Results, m: Messages, drawn: dict[str, str]) -> str:
    """The page with the figures `drawn` (name -> SVG) in it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    template = environment.get_template("template.html.j2")
    figures = {name: Markup(_embedded(name, svg)) for name, svg in drawn.items()}
    return template.render(
        m=m,
        title=results.titles[m.lang],
        subtitle=m("page.subtitle", scenario=results.scenario, first=results.years[0], last=results.years[-1],
                   start=results.start, price_year=results.price_year),
        verdicts=verdicts(results, m),
        warning=warning(results, m),
        tiles=tiles(results, m),
        sections=sections(results, m, figures),
    )


def _embedded(name: str, svg: str) -> str:
    """SVG with ids of its own, so that figures of one page do not share them, no wider than it was drawn."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    head, body = svg.split(">", 1)
    width = re.search(r'width="([\d.]+)pt"', head)
    pixels = float(width[1]) * PIXELS_PER_POINT if width else 0.0
    head = re.sub(r' (width|height)="[^"]*pt"', "", head)
    return f'{head} style="max-width:{pixels:.0f}px">{body}'


def verdicts(results: Results, m: Messages) -> list[tuple[str, str]]:
    """The opening sentences with their status."""
    held = results.limits[results.limits["status"].isin(["binding", "slack", "missed"])]
    missed = int((held["status"] == "missed").sum())
    first = (
        (m("verdict.missed", missed=missed, count=len(held)), "missed") if missed
        else (m("verdict.met", count=len(held)), "met")
    )
    out = [first]
    if results.manifest["status"] == "infeasible":
        out.append((m("verdict.infeasible"), "missed"))
    counts = results.clauses["status"].value_counts()
    if len(results.clauses):
        names = ("met", "met_by_baseline", "missed", "reported", "not_in_model")
        out.append((m("verdict.clauses", all=len(results.clauses), **{n: int(counts.get(n, 0)) for n in names}), ""))
    else:
        out.append((m("verdict.no_clauses"), ""))
    baseline = baseline_targets(results, m)
    text = m("verdict.baseline") + m("punctuation.of") + m("punctuation.list").join(baseline) if baseline else m("verdict.baseline_none")
    return [*out, (text, "met_by_baseline" if baseline else "")]


def baseline_targets(results: Results, m: Messages) -> list[str]:
    """Emission targets that the frozen or the current_law case keeps by itself."""
    table = tables.targets(results, m)
    return [row[0] for row, status in zip(table.rows, table.marks, strict=True) if status == "met_by_baseline"]


def warning(results: Results, m: Messages) -> str:
    """The mark that outputs on constructed controls carry; empty where none is constructed."""
    share = results.quality[(results.quality["basis"] == "evidence") & (results.quality["label"] == "constructed")]
    worst = share.sort_values("share", ascending=False).head(1)
    if worst.empty or float(worst["share"].iloc[0]) == 0.0:
        return ""
    percent = shown(float(worst["share"].iloc[0]), Scale(0.01, 0, "%")) + "%"
    return m("page.not_for_enforcement_why", share=percent, pollutant=m.word("quantity", worst["pollutant"].iloc[0]))


def tiles(results: Results, m: Messages) -> list[Tile]:
    """Is it met, what does it cost, who pays, who acts, what binds, how good is the data."""
    return [_met(results, m), _cost(results, m), _pays(results, m), _acts(results, m), _binds(results, m), _data(results, m)]


def _met(results: Results, m: Messages) -> Tile:
    held = results.limits["status"].isin(["binding", "slack", "missed"])
    missed = results.limits.loc[results.limits["status"] == "missed", "limit"]
    judged = results.clauses[results.clauses["status"].isin(["met", "met_by_baseline", "missed"])]
    lines: list[str] = [limit_name(str(name), m) for name in missed[:3]]
    figure = f"{int(held.sum()) - len(missed)} / {int(held.sum())}"
    if len(judged):
        figure = f"{int((judged['status'] != 'missed').sum())} / {len(judged)}"
        lines.insert(0, m("tile.share_of_clauses", count=len(judged)))
    return Tile(m("tile.met"), figure, tuple(lines), "missed" if len(missed) else "met")


def _more(results: Results, column: str) -> pd.Series:
    """Plan less current law by payer."""
    frame = results.payers.pivot_table(index="payer", columns="case", values=column, aggfunc="sum", fill_value=0.0)
    frame = frame.reindex(columns=["plan", "current_law"], fill_value=0.0)
    return (frame["plan"] - frame["current_law"]).sort_values(ascending=False, kind="stable")


def _cost(results: Results, m: Messages) -> Tile:
    law = results.payers[results.payers["case"] == "current_law"]
    return Tile(
        m("tile.cost"), m.measured(_more(results, "investment_cny").sum(), "money"),
        (
            m("tile.investment"),
            f"{m('tile.running')}{m('punctuation.of')}{m.measured(_more(results, 'running_cny_per_yr').sum(), 'money')}",
            f"{m('tile.annual', year=results.years[-1])}{m('punctuation.of')}{m.measured(_more(results, 'annual_cost_cny').sum(), 'money')}",
            m("tile.law", investment=m.measured(law["investment_cny"].sum(), "money"),
              running=m.measured(law["running_cny_per_yr"].sum(), "money")),
        ),
    )


def _pays(results: Results, m: Messages) -> Tile:
    more = _more(results, "investment_cny")
    if more.empty or more.iloc[0] == 0:
        return Tile(m("tile.pays"), "–", ())
    total = more.sum()
    lines = tuple(
        m("tile.largest_payer", payer=m.word("payer", payer), investment=m.measured(value, "money"))
        for payer, value in more.items() if value != 0
    )
    percent = f" {more.iloc[0] / total:.0%}" if total > 0 else ""
    return Tile(m("tile.pays"), m.word("payer", more.index[0]) + percent, lines)


def _acts(results: Results, m: Messages) -> Tile:
    plan = results.plan
    lines = [m("tile.actions", count=f"{len(plan):,}", sources=f"{plan['source'].nunique():,}")]
    for pollutant in data.TARGETED:
        sums = plan.groupby("measures")[f"abated_{pollutant}_t"].sum()
        if len(sums) and sums.max() > 0:
            lines.append(m("tile.top_measure", pollutant=m.word("quantity", pollutant),
                           measure=m.joined("measure", sums.idxmax())))
    return Tile(m("tile.acts"), f"{len(plan):,}", tuple(lines))


def _binds(results: Results, m: Messages) -> Tile:
    rows = data.prices(results)
    if rows.empty:
        return Tile(m("tile.binds"), "0", (m("tile.none_binds"),))
    names = list(dict.fromkeys(str(name).split("/")[0] for name in rows["limit"]))
    count = int((results.limits["price"] > 0).sum())
    return Tile(m("tile.binds"), f"{count:,}", (m("tile.binding", count=f"{count:,}"), *names[:4]))


def _data(results: Results, m: Messages) -> Tile:
    rows = results.quality[results.quality["basis"] == "evidence"]
    observed = rows[rows["label"].isin(OBSERVED)].groupby("pollutant", sort=False)["share"].sum()
    shares = observed.reindex([p for p in data.TARGETED if p in set(rows["pollutant"])], fill_value=0.0)
    if shares.empty:
        return Tile(m("tile.data"), "–", ())
    lines = [f"{m.word('quantity', p)} {share:.0%}" for p, share in shares.items()]
    head = m("tile.observed", pollutant=m.word("quantity", shares.index[0]))
    return Tile(m("tile.data"), f"{shares.iloc[0]:.0%}", (head, *lines[1:]))


def sections(results: Results, m: Messages, figures: dict[str, Markup]) -> list[Section]:
    """The parts of the page in order."""

    def part(name: str, lines: Sequence[str], drawn: Sequence[str], shown_tables: Sequence[Table], **more: Any) -> Section:
        titles = tuple((m(f"figure.{_caption(f)}", year=results.years[-1]), figures[f]) for f in drawn)
        filled = tuple(table for table in shown_tables if table.rows)
        intro = m(f"intro.{name}") if f"intro.{name}" in m.texts else ""
        return Section(name, m(f"section.{name}"), intro, tuple(lines), titles, filled, **more)

    limits = results.limits
    priced = data.prices(results, top=MOST_PRICES)
    rates = limits[limits["quantity"].str.endswith("_completed") | limits["limit"].str.contains("SUPPLY|NETWORK|PEAK|RATE")]
    method = [m("intro.method_cost", gap=_gap(results)), m("intro.method_year"), m("intro.method_cases"),
              m("intro.method_hash", sha=str(results.manifest["scenario_sha256"])[:12], status=results.manifest["status"])]
    money = [m("intro.transfers")] * bool(len(results.transfers)) + [m("intro.book")] * bool(len(results.book))
    money += [m("intro.sensitivity")] * bool(len(results.sensitivity))
    return [
        part("targets", chain_lines(results, m), ["emission_path", "emission_by_sector"], [tables.targets(results, m)]),
        part("cost", money, ["cost_by_payer"],
             [tables.payers(results, m), tables.transfers(results, m), tables.sensitivity(results, m)]
             + ([tables.book(results, m)] if len(results.book) else [])),
        part("acts", [], ["reduction_by_measure", "actions_by_city"],
             [tables.measures(results, m), tables.cities(results, m), tables.units(results, m)]),
        part("binds", price_lines(priced, m), ["prices"],
             [tables.limits(results, m, limits[limits["price"] > 0], m("table.prices"), fold=True)]),
        part("data", [m("intro.recalled") if (results.citations["access"] == "recalled").any() else m("intro.recalled_none")],
             [], [tables.quality(results, m, "evidence", m("table.quality")),
                  tables.quality(results, m, "rating", m("table.ratings")), tables.recalled(results, m)]),
        part("clauses", [], [], [], groups=tuple(tables.clauses(results, m))),
        part("rates", [], [], [tables.limits(results, m, rates, m("table.rates"), fold=len(rates) > 25),
                               tables.limits(results, m, limits, m("table.limits"), fold=True)]),
        part("method", method, [], []),
    ]


def _caption(figure: str) -> str:
    return "path" if figure == "emission_path" else figure


def _gap(results: Results) -> str:
    gap = results.manifest.get("gap")
    return "–" if gap is None else f"{100 * float(gap):.3g}%"


def chain_lines(results: Results, m: Messages) -> list[str]:
    """The chain link of each target in one line."""
    out = []
    for row in results.links.itertuples():
        scale = m.quantity_scale(str(row.unit), float(row.start_value))
        texts = {
            name: f"{shown(value, scale)} {scale.unit}"
            for name, value in (("start_value", row.start_value), ("bound", row.bound), ("frozen", row.frozen),
                                ("law", row.current_law), ("achieved", row.achieved), ("unlinked", row.unlinked_bound))
        }
        key = "chain.line_short" if row.unlinked_bound != row.unlinked_bound else "chain.line"
        out.append(m(key, name=m.word("quantity", row.quantity), year=row.year, start_year=row.start_year, base=row.base,
                     cut=_percent(row.cut), progress=_percent(row.progress), **texts))
    return out


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def price_lines(rows: pd.DataFrame, m: Messages) -> list[str]:
    """What loosening each limit would save, in words, for a step that reads well."""
    if rows.empty:
        return [m("intro.no_prices")]
    out = []
    for row in rows.itertuples():
        unit = price_unit(str(row.unit))
        step = _step(str(row.unit), float(row.bound))
        shown_step = m.quantity(step, str(row.unit)) if unit != "%" else f"{step:g}%"
        key = "price.at_least" if row.op in ("at_least", "above") else "price.at_most"
        out.append(m(key, limit=limit_name(str(row.limit), m), what=m.word("quantity", row.quantity), step=shown_step,
                     saved=m.measured(row.price * step, "project_money")))
    return out


def _step(unit: str, bound: float) -> float:
    """A round step of about 1 % of the bound: a power of ten in the model's unit; one point for a share."""
    if unit == "%":
        return 1.0
    size = abs(bound) / 100.0 if bound else 1.0
    return 10.0 ** max(round(_log10(size)), 0)


def _log10(value: float) -> float:
    import math

    return math.log10(value) if value > 0 else 0.0
