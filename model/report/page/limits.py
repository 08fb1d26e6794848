"""How the page speaks of a limit: its name, what it is about, its bound, the unit of its price."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from model.base.words import POLLUTANTS
from model.report.messages import Messages

COUNTED_AS = {"standard_vehicles": "vehicles", "units_completed": "units"}
"""Quantities that the model counts without a unit -> what is counted."""


def limit_name(limit: str, messages: Messages) -> str:
    """ENTRY/YEAR[/GROUP] with the group's name in place of its code."""
    entry, year, group = parts(limit)
    return " · ".join(part for part in (entry, year, _group_name(group, messages)) if part)


def parts(limit: str) -> tuple[str, str, str]:
    """Entry, year and group of a limit; those it does not have are empty."""
    entry, _, rest = limit.partition("/")
    year, _, group = rest.partition("/")
    return entry, year, group


def _group_name(group: str, messages: Messages) -> str:
    """Name of the place, network or corridor that a limit is of; else the word of an attribute's value."""
    for kind, ident in (("city", group.removeprefix("net.")), ("corridor", group)):
        if (kind, ident) in messages.names:
            return messages.name(kind, ident)
    return messages.word("stage", group)


def meaning(row: Mapping[Hashable, Any], m: Messages) -> str:
    """What a limit is about: the summary of its clause, else the note of its entry, else its quantity."""
    entry, clause = parts(str(row["limit"]))[0], str(row["clause"]).split("+")[0]
    for kind, ident in (("clause", clause), ("note", entry)):
        if (kind, ident) in m.names:
            return m.name(kind, ident)
    return m.word("quantity", row["quantity"])


def about(row: Mapping[Hashable, Any], m: Messages) -> str:
    """What a limit is about, with its year where that is not said, and its place."""
    said, (_, year, group) = meaning(row, m), parts(str(row["limit"]))
    return " · ".join(part for part in (said, "" if year in said else year, _group_name(group, m)) if part)


def named(limit: str, limits: pd.DataFrame, m: Messages) -> str:
    """What a limit or a mandate is about, with its entry; limits: rows of limits.csv."""
    rows = limits[limits["limit"] == limit].to_dict("records")
    entry = parts(limit)[0]
    row: Mapping[Hashable, Any] = rows[0] if rows else {"limit": limit, "clause": entry, "quantity": ""}
    return m("page.named", what=about(row, m), code=entry) if meaning(row, m) else limit_name(limit, m)


def bound_of(row: Mapping[Hashable, Any], m: Messages) -> str:
    """The bound of a limit with its direction: at most 690 kt."""
    bound = m.quantity(float(row["bound"]), unit_of(row))
    return m.word("op", row["op"]) + m("punctuation.space") + bound


def unit_of(row: Mapping[Hashable, Any]) -> str:
    """Unit of a limit; of what the model counts without one, its name."""
    return COUNTED_AS.get(str(row["quantity"]), str(row["unit"]))


def price_text(price: float) -> str:
    """A price in CNY: four digits, whole from 1000 on; a dash where there is none."""
    if not price > 0:
        return "–"
    return f"{price:,.4g}" if price < 1000 else f"{price:,.0f}"


def begun(text: str) -> str:
    """A text with a capital at its start."""
    return text[:1].upper() + text[1:]


def price_unit(unit: str) -> str:
    """The unit that a price is per: t/yr is a tonne, since both sides are a year's."""
    return unit.removesuffix("/yr") or "1"


def is_emission(row: Mapping[Hashable, Any]) -> bool:
    """Whether a limit is on tonnes of a pollutant, so that its price is a marginal cost of abatement."""
    return row["quantity"] in POLLUTANTS and price_unit(str(row["unit"])) == "t"
