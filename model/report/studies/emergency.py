"""emergency.html: the emergency lists as a page to print, A4 across, place by place. It computes nothing but
what does not fit on it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from model.base.frames import records
from model.report.fonts import page_font
from model.report.messages import Messages, load_messages
from model.studies.emergency.day import POLLUTANTS
from model.studies.emergency.lists import EmergencyResults

MOST_ROWS = 25
"""Orders of a place that are printed; the others are in emergency.csv."""

LEVELS = ("yellow", "orange", "red")
LEVELS_WIDE, NARROW = 23.5, 3.2
"""Per cent of the page for the columns of the levels together, and for one that is empty."""


@dataclass(frozen=True)
class Row:
    """A source under one or more orders. cells: name, industry, process, one a level, kg a day of each
    pollutant, per cent of the day, value lost, proof.
    """

    cells: tuple[str, ...]
    constructed: bool


@dataclass(frozen=True)
class Place:
    """One place: title, what is reached (a line a level), rows, how many more there are, what is held."""

    title: str
    reached: tuple[tuple[str, bool], ...]
    rows: tuple[Row, ...]
    more: int
    held: str


def write_emergency(results: EmergencyResults, lang: str, where: Path) -> None:
    """emergency.html into a folder."""
    coded = dict.fromkeys(("id", "en", "zh"), results.summary["group"])
    m = load_messages(lang, pd.DataFrame({"kind": "city", **coded}))  # words of the province of the codes
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    written = environment.get_template("emergency.html.j2").render(
        m=m,
        title=results.titles.get(lang, results.scenario),
        subtitle=m("emergency.subtitle", scenario=results.scenario, start=results.start),
        notes=[m(f"emergency.note_{name}") for name in ("day", "nest", "grade", "cost", "shared")],
        levels=_widths(results),
        pollutants=POLLUTANTS,
        sets=[_set(results, ids, m) for ids in results.sets],
        price_year=results.price_year,
    )
    page = written.replace("<style>", f"<style>{page_font(written)}", 1)
    (where / "emergency.html").write_text(page, encoding="utf-8")


def _widths(results: EmergencyResults) -> dict[str, float]:
    """Width in per cent of the column of each level: those that no alert has are narrow."""
    asked = set(results.summary["level"])
    used = [level for level in LEVELS if level in asked] or list(LEVELS)
    wide = (LEVELS_WIDE - NARROW * (len(LEVELS) - len(used))) / len(used)
    return {level: wide if level in used else NARROW for level in LEVELS}


def _set(results: EmergencyResults, ids: tuple[str, ...], m: Messages) -> tuple[str, list[Place]]:
    """The places of the alerts of one nest."""
    listed = results.listed[results.listed["alert"].isin(ids)]
    summary = results.summary[results.summary["alert"].isin(ids)]
    months = m("punctuation.list").join(str(month) for month in results.months[ids[0]])
    groups = dict(iter(listed.groupby("group", sort=False)))
    none = listed.iloc[:0]
    places = [
        _place(str(label), groups.get(label, none), asked, m)
        for label, asked in summary.groupby("group", sort=False)
    ]
    between = m("punctuation.list")
    levels = between.join(m.word("emergency", level) for level in LEVELS if level in set(summary["level"]))
    return m("emergency.set", levels=levels, alerts=between.join(ids), months=months), places


def _place(label: str, listed: pd.DataFrame, summary: pd.DataFrame, m: Messages) -> Place:
    ordered = listed[listed["share_stopped"] > 0]
    held = listed[listed["kind"] == "protected"]
    reason = "reason" + _end(m)
    counts = held.groupby(reason, sort=False).size()
    rows = sorted(_rows(ordered, m), key=lambda found: (-found[0], found[1].cells))
    return Place(
        _title(label, summary, m),
        tuple(_reached(summary, m)),
        tuple(row for _, row in rows[:MOST_ROWS]),
        max(len(rows) - MOST_ROWS, 0),
        m("punctuation.between").join(
            m("emergency.held", what=what, count=int(n)) for what, n in counts.items()
        ),
    )


def _end(m: Messages) -> str:
    return "_zh" if m.lang == "zh" else ""


def _title(label: str, summary: pd.DataFrame, m: Messages) -> str:
    first, end = summary.iloc[0], _end(m)
    names = [name for name in (first[f"city{end}"], first[f"county{end}"]) if name]
    return " · ".join(names) or m.word("emergency", label)


def _reached(summary: pd.DataFrame, m: Messages) -> Iterator[tuple[str, bool]]:
    """A line a level: what is asked, what is reached, what is short and what it costs; and whether any is."""
    for level, rows in summary.groupby("level", sort=False):
        parts = [
            m(
                "emergency.short" if row["status"] == "short" else "emergency.reached",
                pollutant=row["pollutant"],
                reached=f"{row['reached_pct']:.1f}",
                asked=f"{row['asked_pct']:.0f}",
            )
            for row in rows.to_dict("records")
            if row["status"] != "reported"
        ]
        lost = m.measured(float(rows["lost_value_cny_per_day"].iloc[0]), "project_money")
        line = m(
            "emergency.line",
            level=m.word("emergency", level),
            parts=m("punctuation.between").join(parts),
            lost=lost,
        )
        yield line, bool((rows["status"] == "short").any())


def _rows(ordered: pd.DataFrame, m: Messages) -> Iterator[tuple[float, Row]]:
    """A row a source, with the largest share of the day that it cuts, by which rows are sorted. Amounts are
    of the highest level.
    """
    end = _end(m)
    by_source: dict[str, list[dict[Hashable, Any]]] = {}
    for order in records(ordered):
        by_source.setdefault(order["source"], []).append(order)
    for orders in by_source.values():
        top = [order for order in orders if order["alert"] == orders[-1]["alert"]]
        first = top[0]
        percent = [sum(order[f"pct_of_day_{name}"] for order in top) for name in POLLUTANTS]
        lost = sum(order["lost_value_cny_per_day"] for order in top)
        cells = (
            str(first[f"name{end}"]),
            str(first[f"industry{end}"]),
            m.word("emergency", f"kind_{first['kind']}"),
            *(_orders([order for order in orders if order["level"] == level], m) for level in LEVELS),
            *(f"{sum(order[f'abated_{name}_kg'] for order in top):,.0f}" for name in POLLUTANTS),
            " / ".join(f"{value:.2f}" for value in percent),
            m.number(lost, "project_money"),
            m.word("emergency", f"proof_{first['proof']}") + m("punctuation.of") + str(first[f"checks{end}"]),
        )
        yield max(percent), Row(cells, bool(first["constructed"]))


def _orders(orders: list[dict[Hashable, Any]], m: Messages) -> str:
    """What is ordered of a source at one level: the words and the share of its activity."""
    return m("punctuation.between").join(
        str(order["order" + _end(m)])
        if order["kind"] == "control"
        else m("emergency.order", order=order["order" + _end(m)], share=f"{100 * order['share_stopped']:.0f}")
        for order in orders
    )
