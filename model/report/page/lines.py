"""Sentences with numbers: the chain link of each target, the price of each limit."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from model.report.messages import Messages, Scale, shown
from model.report.page.figures import limit_name, price_unit
from model.results.results import Results


def chain_lines(results: Results, m: Messages) -> list[str]:
    """The chain link of each target in one line."""
    out = []
    for row in results.links.to_dict("records"):
        scale = m.quantity_scale(str(row["unit"]), float(row["start_value"]))
        texts = {
            name: f"{shown(value, scale)} {scale.unit}"
            for name, value in (
                ("start_value", row["start_value"]),
                ("bound", row["bound"]),
                ("frozen", row["frozen"]),
                ("law", row["current_law"]),
                ("achieved", row["achieved"]),
            )
        }
        text = _unlinked(row, m, scale)
        out.append(
            m(
                "chain.line",
                name=m.word("quantity", row["quantity"]),
                year=row["year"],
                start_year=row["start_year"],
                cut=_percent(row["cut"]),
                progress=_percent(row["progress"]),
                **texts,
            )
            + text
        )
    return out


def _unlinked(row: Mapping[Hashable, Any], m: Messages, scale: Scale) -> str:
    """The other reading of the target, where the base year has an inventory of its own."""
    if math.isnan(row["unlinked"]):
        return ""
    key = "chain.unlinked_met" if row["frozen"] <= row["unlinked"] else "chain.unlinked"
    return " " + m(key, unlinked=f"{shown(row['unlinked'], scale)} {scale.unit}")


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def price_lines(rows: pd.DataFrame, m: Messages, manifest: Mapping[str, Any]) -> list[str]:
    """What loosening each limit would save, in words, for a step that reads well."""
    if rows.empty:
        return [m(_without_prices(manifest))]
    out = []
    for row in rows.to_dict("records"):
        unit = price_unit(str(row["unit"]))
        step = _step(str(row["unit"]), float(row["bound"]))
        shown_step = m.quantity(step, str(row["unit"])) if unit != "%" else f"{step:g}%"
        key = "price.at_least" if row["op"] in ("at_least", "above") else "price.at_most"
        out.append(
            m(
                key,
                limit=limit_name(str(row["limit"]), m),
                what=meaning(row, m),
                bound=bound_of(row, m),
                step=shown_step,
                saved=m.measured(row["price"] * step, "project_money"),
            )
        )
    return out


def meaning(row: Mapping[Hashable, Any], m: Messages) -> str:
    """What a limit is about: the summary of its clause, else the note of its entry, else its quantity."""
    entry, clause = str(row["limit"]).split("/")[0], str(row["clause"]).split("+")[0]
    for kind, ident in (("clause", clause), ("note", entry)):
        if (kind, ident) in m.names:
            return m.name(kind, ident)
    return m.word("quantity", row["quantity"])


def bound_of(row: Mapping[Hashable, Any], m: Messages) -> str:
    """The bound of a limit with its direction: at most 690 kt."""
    return f"{m.word('op', row['op'])} {m.quantity(float(row['bound']), str(row['unit']))}"


def _without_prices(manifest: Mapping[str, Any]) -> str:
    """Why no limit has a price: key of a message."""
    if "minimised" in manifest or manifest.get("method") in ("greedy", "myopic", "evaluate"):
        return "intro.no_prices_unknown"
    return "intro.no_prices_missed" if manifest["status"] == "infeasible" else "intro.no_prices"


def _step(unit: str, bound: float) -> float:
    """A round step of about 1 % of the bound: a power of ten in the model's unit; one point for a share."""
    if unit == "%":
        return 1.0
    size = abs(bound) / 100.0 if bound else 1.0
    return float(10.0 ** max(round(math.log10(size)), 0))
