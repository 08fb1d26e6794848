"""Sentences with numbers: the chain link of each target, the price of each limit."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from model.report.messages import Messages, Scale, shown
from model.report.page.limits import (
    about,
    begun,
    bound_of,
    is_emission,
    parts,
    price_text,
    price_unit,
    unit_of,
)
from model.results.results import Results

MOST_LINES = 12
"""Sentences on prices; all limits that have one are in a table."""


LARGE_CNY = 1e8
"""Savings from here on are told in the scale of totals."""


def chain_lines(results: Results, m: Messages) -> list[str]:
    """The chain link of each target in one line."""
    out = []
    for row in results.links.to_dict("records"):
        scale = m.quantity_scale(str(row["unit"]), float(row["start_value"]))
        texts = {
            name: m.with_unit(shown(value, scale), scale.unit)
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
    unlinked = m.with_unit(shown(row["unlinked"], scale), scale.unit)
    return m("punctuation.space") + m(key, unlinked=unlinked)


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def price_lines(rows: pd.DataFrame, m: Messages, manifest: Mapping[str, Any]) -> list[str]:
    """What loosening each limit would save, in words, for a step that reads well: a sentence for the first
    limit of each entry and clause, and how many more of them have a price. rows: limits with a price.
    """
    if rows.empty:
        return [m(_without_prices(manifest))]
    entry = rows["limit"].map(lambda limit: parts(limit)[0])
    alike = list(rows.groupby([entry, rows["clause"]], sort=False))[:MOST_LINES]
    return [_price_line(str(key[0]), group, m) for key, group in alike]


def _price_line(entry: str, rows: pd.DataFrame, m: Messages) -> str:
    first = rows.to_dict("records")[0]
    price = float(first["price"])
    step, shown_step = _step(unit_of(first), float(first["bound"]), m)
    line = m(
        "price.at_least" if first["op"] in ("at_least", "above") else "price.at_most",
        limit=entry,
        what=begun(about(first, m)),
        bound=bound_of(first, m),
        step=shown_step,
        saved=_money(price * step, m),
        per=m("price.abatement", price=m.measured(price, "per_tonne")) if is_emission(first) else "",
    )
    others = rows["price"].iloc[1:]
    if others.empty:
        return line
    ends = dict.fromkeys((price_text(others.min()), price_text(others.max())))
    unit = m.unit(price_unit(str(first["unit"])))
    more = m("price.more", count=len(others), prices=m("price.to").join(ends), unit=unit)
    return line + m("punctuation.space") + more


def _money(cny: float, m: Messages) -> str:
    """An amount in the scale that suits it."""
    scale = m.scale("project_money")
    if cny < scale.by * 10.0**-scale.decimals:
        return m.with_unit(price_text(cny), m.unit("CNY"))
    return m.measured(cny, "money" if cny >= LARGE_CNY else "project_money")


def _without_prices(manifest: Mapping[str, Any]) -> str:
    """Why no limit has a price: key of a message."""
    if "minimised" in manifest or manifest.get("method") in ("greedy", "myopic", "evaluate"):
        return "intro.no_prices_unknown"
    return "intro.no_prices_missed" if manifest["status"] == "infeasible" else "intro.no_prices"


def _step(unit: str, bound: float, m: Messages) -> tuple[float, str]:
    """A round step of about 1 % of the bound, in the model's unit and as it is shown: a power of ten of the
    unit that the bound is shown in; one point for a share.
    """
    if unit == "%":
        return 1.0, m("price.point")
    scale = m.quantity_scale(unit, bound)
    size = abs(bound) / scale.by / 100.0
    step = 10.0 ** max(round(math.log10(size)) if size else -scale.decimals, -scale.decimals)
    return step * scale.by, m.with_unit(f"{step:,g}", scale.unit)
