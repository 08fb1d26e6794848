"""emergency.csv and emergency_summary.csv: the lists as frames."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.results.clauses import AlertFigure
from model.results.write import write_csv
from model.scenario.scenario import Scenario
from model.studies.emergency.day import POLLUTANTS, Floats
from model.studies.emergency.emergency import Listed, Lists, nests
from model.studies.emergency.pieces import Piece, cut_of
from model.tables.read import Tables

LIST_COLUMNS = (
    *("alert", "level", "group", "city", "city_zh", "county", "county_zh"),
    *("source", "name", "name_zh", "industry", "industry_zh"),
    *("option", "order", "order_zh", "kind", "share_stopped", "share_of_source"),
    *(f"abated_{pollutant}_kg" for pollutant in POLLUTANTS),
    *(f"pct_of_day_{pollutant}" for pollutant in POLLUTANTS),
    *(
        "lost_value_cny_per_day",
        "payer",
        "proof",
        "checks",
        "checks_zh",
        "constructed",
        "reason",
        "reason_zh",
    ),
)
"""share_stopped: of the source's activity of the day, what the order takes hold of. share_of_source: the part
of the source that is of this place (below 1 where a city's source is shared out over its counties).
"""

SUMMARY_COLUMNS = (
    *("alert", "level", "group", "city", "city_zh", "county", "county_zh", "pollutant"),
    *("day", "asked_pct", "asked", "reached"),
    *("reached_pct", "short", "unit", "status", "lost_value_cny_per_day", "gap"),
)

REASONS = {
    "not_needed": ("not needed: the share is cut at less cost elsewhere", "无需采取：其他来源以更低损失完成"),
    "level": ("ordered at a higher level only", "仅在更高级别预警时采取"),
    "no_option": ("no order is known for it", "无适用措施"),
    "idle": ("emits nothing on the day", "当日无排放"),
}
"""Why nothing is ordered of a source that is not protected, in English and Chinese."""


class Words:
    """Names of places and industries for the frames."""

    def __init__(self, tables: Tables) -> None:
        areas = tables.frame["areas"].set_index("area")
        classes = tables.frame["classes"].set_index("class")
        self.area = dict(zip(areas.index, areas["name"], strict=True))
        self.area_zh = dict(zip(areas.index, areas["name_zh"], strict=True))
        self.industry = dict(zip(classes.index, classes["name"], strict=True))
        self.industry_zh = dict(zip(classes.index, classes["name_zh"], strict=True))

    def place(self, listed: Listed) -> dict[str, str]:
        """The columns that say where and at what level a list applies."""
        group = listed.group
        return {
            "alert": listed.alert.id,
            "level": listed.alert.level,
            "group": group.label,
            **self.names(group.city, group.county),
        }

    def names(self, city: object, county: object) -> dict[str, str]:
        """Names of a city and a county; empty where the code is not known."""
        named = {}
        for kind, code in (("city", city), ("county", county)):
            named[kind] = self.area.get(str(code), "")
            named[f"{kind}_zh"] = self.area_zh.get(str(code), "")
        return named


def list_frame(lists: Lists, tables: Tables) -> pd.DataFrame:
    """One row an order, by alert, place and source; and at the highest level asked for, a row with the reason
    for each source wholly of the place of which nothing is ordered.
    """
    words = Words(tables)
    options = lists.ready.orders.rows.to_dict("records")
    rows = [row for listed in lists.listed for row in _rows(listed, lists, options, words)]
    return pd.DataFrame(rows, columns=list(LIST_COLUMNS))


def _rows(
    listed: Listed, lists: Lists, options: list[dict[Hashable, Any]], words: Words
) -> Iterator[dict[str, Any]]:
    place = words.place(listed)
    sources = lists.ready.day(listed.alert).sources
    about = sources.iloc[listed.group.member]
    columns = {name: about[name].to_numpy() for name in ("class", "name", "name_zh", "city", "county")}
    constructed = about["constructed"].fillna(False).to_numpy(dtype=bool)
    total = listed.day.total
    ordered: dict[int, dict[int, list[Piece]]] = {}
    for piece in listed.pieces:
        if piece.row >= 0:
            ordered.setdefault(piece.member, {}).setdefault(piece.row, []).append(piece)
    for member, source in enumerate(about.index):
        shared = listed.group.weight[member] < 1.0
        if member not in ordered and (shared or not listed.top):
            continue
        row = {
            **place,
            **(place if shared else words.names(columns["city"][member], columns["county"][member])),
            "source": source,
            "name": columns["name"][member],
            "name_zh": columns["name_zh"][member],
            "industry": words.industry[columns["class"][member]],
            "industry_zh": words.industry_zh[columns["class"][member]],
            "share_of_source": listed.group.weight[member],
            "constructed": constructed[member],
        }
        if member not in ordered:
            yield {
                **row,
                **_nothing(listed, lists, member),
                **_amounts(np.zeros(len(POLLUTANTS)), total, 0.0, 0.0),
            }
            continue
        for option, parts in sorted(ordered[member].items()):
            yield {**row, **_order(listed, options[option], tuple(parts), total)}


def _order(
    listed: Listed, about: Mapping[Hashable, Any], parts: tuple[Piece, ...], total: Floats
) -> dict[str, Any]:
    """What one option does to one source: its parts under this option together."""
    lost = sum(p.share * listed.day.lost(p.member, p.row, p.taken) for p in parts)
    cut = cut_of(listed.day, parts)
    return {
        "option": about["option"],
        "order": about["name"],
        "order_zh": about["name_zh"],
        **{name: about[name] for name in ("kind", "payer", "proof", "checks", "checks_zh")},
        **_amounts(cut, total, sum(p.share * p.taken for p in parts), lost),
        "reason": "",
        "reason_zh": "",
    }


def _amounts(cut: Floats, total: Floats, stopped: float, lost: float) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(total > 0, 100 * cut / total, 0.0)
    return {
        "share_stopped": stopped,
        **{f"abated_{name}_kg": float(cut[n]) for n, name in enumerate(POLLUTANTS)},
        **{f"pct_of_day_{name}": float(percent[n]) for n, name in enumerate(POLLUTANTS)},
        "lost_value_cny_per_day": lost,
    }


def _nothing(listed: Listed, lists: Lists, member: int) -> dict[str, Any]:
    """Why nothing is ordered of a source."""
    source = int(listed.group.member[member])
    orders = lists.ready.orders
    blank = dict.fromkeys(("order", "order_zh", "payer", "proof", "checks", "checks_zh"), "")
    if source in orders.held:
        about = orders.rows.iloc[orders.held[source]]
        return {
            **blank,
            "option": about["option"],
            "kind": about["kind"],
            "reason": about["name"],
            "reason_zh": about["name_zh"],
        }
    if not listed.day.emission[member].any():
        why = "idle"
    elif source not in orders.open:
        why = "no_option"
    elif not any(listed.alert.level in orders.levels[row] for row in orders.open[source]):
        why = "level"
    else:
        why = "not_needed"
    return {**blank, "option": "", "kind": "", "reason": REASONS[why][0], "reason_zh": REASONS[why][1]}


def summary_frame(lists: Lists, tables: Tables) -> pd.DataFrame:
    """One row a place, alert and demand; status reached, short, or reported where nothing is asked: no
    emission, or a pollutant that trades. day, asked, reached and short are kg of the day; of the sum of
    pollutants that trade, per cent of the day added up.
    """
    words = Words(tables)
    rows = []
    for listed in lists.listed:
        for answer in listed.answers:
            trade = "+" in answer.label
            scale = 100.0 if trade else 1.0
            day = answer.day * scale
            share = 1.0 if trade else 100.0 / day if day else 0.0
            status = "short" if answer.short else "reached" if answer.asked else "reported"
            rows.append(
                {
                    **words.place(listed),
                    "pollutant": answer.label,
                    "day": day,
                    "asked_pct": answer.asked * scale * share,
                    "asked": answer.asked * scale,
                    "reached": answer.reached * scale,
                    "reached_pct": answer.reached * scale * share,
                    "short": answer.short * scale,
                    "unit": "%" if trade else "kg",
                    "status": status,
                    "lost_value_cny_per_day": listed.lost,
                    "gap": listed.gap,
                }
            )
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


@dataclass(frozen=True)
class EmergencyResults:
    """What readers of the lists read. listed, summary: the frames of the two files. sets: ids of the alerts
    of each nest, smallest cut first. months: of each alert.
    """

    scenario: str
    titles: Mapping[str, str]
    start: int
    price_year: int
    listed: pd.DataFrame
    summary: pd.DataFrame
    sets: tuple[tuple[str, ...], ...]
    months: Mapping[str, tuple[int, ...]]


def emergency_results(scenario: Scenario, tables: Tables, lists: Lists) -> EmergencyResults:
    """The lists of a scenario as readers read them."""
    alerts = lists.ready.alerts
    return EmergencyResults(
        scenario.name,
        dict(scenario.title),
        scenario.start,
        scenario.price_year,
        list_frame(lists, tables),
        summary_frame(lists, tables),
        tuple(tuple(alert.id for alert in nest) for nest in nests(alerts)),
        {alert.id: alert.months for alert in alerts},
    )


def alert_figures(results: EmergencyResults) -> dict[str, AlertFigure]:
    """What each alert comes to over its places and pollutants, for the clauses that it answers."""
    found = {}
    judged = results.summary[results.summary["status"] != "reported"]
    for alert, rows in judged.groupby("alert", sort=False):
        worst = rows.iloc[int((rows["reached_pct"] - rows["asked_pct"]).to_numpy().argmin())]
        found[str(alert)] = AlertFigure(
            str(worst["level"]),
            float(worst["asked_pct"]),
            float(worst["reached_pct"]),
            str(worst["pollutant"]),
            int((rows["status"] == "reached").sum()),
            len(rows),
        )
    return found


def write_lists(results: EmergencyResults, where: Path) -> None:
    """emergency.csv and emergency_summary.csv into a folder."""
    write_csv(results.listed, where / "emergency.csv")
    write_csv(results.summary, where / "emergency_summary.csv")
