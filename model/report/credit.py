"""The columns of the clause table that say what each clause is worth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from model.report.messages import Messages
from model.results.results import CREDITED, Results

LEAST_T = 0.5
"""Tonnes below which a change is shown as none."""

HEADS = ("lost", "saved", "named")


def credit_cells(results: Results, m: Messages) -> dict[str, tuple[str, str, str]]:
    """Clause -> what more is emitted without it, what is saved without it, what the actions that name it do;
    empty where credit was not asked for.
    """
    return {
        str(row["clause"]): (_lost(row, m), _saved(row, m), _named(row, m))
        for row in results.credit.to_dict("records")
    }


def _lost(row: Mapping[Hashable, Any], m: Messages) -> str:
    status = str(row["status"])
    if status not in ("solved", "no_solve"):
        return m.word("credit_status", status)
    parts = [
        f"{m.word('quantity', pollutant)} {'+' if row[f'loss_{pollutant}_t'] > 0 else '−'}"
        f"{m.number(abs(row[f'loss_{pollutant}_t']), 'tonnes')}"
        for pollutant in CREDITED
        if abs(row[f"loss_{pollutant}_t"]) >= LEAST_T
    ]
    text = m("credit.none")
    if parts:
        text = m("credit.lost", year=row["year"], lost=m("punctuation.list").join(parts))
    if row["together"]:
        text += m("credit.together", clauses=m("punctuation.list").join(str(row["together"]).split("+")))
    return text


def _saved(row: Mapping[Hashable, Any], m: Messages) -> str:
    if str(row["status"]) not in ("solved", "no_solve"):
        return "–"
    saved, most = (m.measured(row[name], "project_money") for name in ("saving_cny", "saving_at_most_cny"))
    return m("credit.saved", saved=saved, most=most)


def _named(row: Mapping[Hashable, Any], m: Messages) -> str:
    if not row["actions"]:
        return "–"
    parts = [
        f"{m.word('quantity', pollutant)} {m.number(row[f'action_{pollutant}_t'], 'tonnes')}"
        for pollutant in CREDITED
        if abs(row[f"action_{pollutant}_t"]) >= LEAST_T
    ]
    return m("credit.named", count=f"{int(row['actions']):,}", done=m("punctuation.list").join(parts) or "–")
