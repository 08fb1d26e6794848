"""The sentences of clauses.csv, by what was found. A translation has the same keys
(model/report/messages_zh.yaml).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

EVIDENCE: dict[str, str] = {
    "limit": "{limit}: {achieved} against {op} {bound} in the plan; {frozen} in the frozen case",
    "limit_others": "{limit}: {achieved} against {op} {bound} in the plan; {frozen} in the frozen case; "
    "it costs nothing more, since other demands of the plan lead there",
    "limit_reported": "{limit}: {achieved} in the plan, {frozen} in the frozen case; the clause has no "
    "number that binds",
    "limit_judged": "{limit}: {achieved} against {op} {bound} in the plan; judged only; {frozen} frozen",
    "limit_not_judged": "{limit}: not judged: {reason}",
    "limit_none": "{entry} gave no limit in the years and places of this scenario",
    "mandate": "{entry}: {achieved} of {count} {counted} concerned comply {when}, {frozen} in the "
    "frozen case",
    "mandate_none": "{entry}: no source of the inventory is concerned",
    "change": "{entry}: assumed in the plan case, at no cost: {what}; {achieved} against {frozen} in the "
    "frozen case",
    "change_idle": "{entry}: the baseline has it already: {what}; {frozen} in the frozen case",
    "change_none": "{entry}: no source of the inventory is concerned: {what}",
    "change_law": "{entry}: in force before the plan: {what}",
    "alert": "{entry}: a rule of the emergency plan, answered by the emergency list",
    "alert_list": "{entry}: the {level} lists cut the share of the day's emission asked for in {done} of "
    "{places} cases (a pollutant in a place); least {achieved} against {bound}, {pollutant}",
    "not_modelled": "not modelled: {reason}",
    "no_entry": "no entry of the scenario answers this clause",
    "by_baseline": "met without any action of the plan",
    "screening": "a screening estimate by rollback (air.csv has its range)",
    "partly": "{met} of {all} limits met",
    "largest": "the largest of {groups}",
    "counted_sources": "sources",
    "counted_vehicles": "vehicles",
    "counted_machines": "machines",
    "counted_households": "households",
    "when_by": "by {date}",
    "when_from": "from {date} on",
}


def evidence_text(
    answers: Iterable[Mapping[Any, Any]],
    texts: Mapping[str, str],
    op_word: Callable[[str], str],
    between: str,
    number: Callable[[float, str], str],
) -> str:
    """The evidence of a clause in the words of `texts`: a sentence for each of its rows of `entries`, joined
    by `between`.
    """
    return between.join(_sentence(row, texts, op_word, between, number) for row in answers)


def _sentence(
    row: Any,
    texts: Mapping[str, str],
    op_word: Callable[[str], str],
    between: str,
    number: Callable[[float, str], str],
) -> str:
    values = json.loads(row["values"])
    unit = values.get("unit", "")
    shown = {
        key: number(value, unit) if key in ("achieved", "bound", "frozen", "count") else value
        for key, value in values.items()
    }
    if "op" in shown:
        shown["op"] = op_word(shown["op"])
    if "counted" in shown:
        shown["counted"] = texts[f"counted_{shown['counted']}"]
        shown["when"] = texts[f"when_{shown['kind']}"].format(**shown)
    parts: Sequence[str] = [texts[row["message"]].format(**shown)]
    if "groups" in shown:
        parts = [*parts, texts["largest"].format(**shown)]
    if "all" in shown:
        parts = [*parts, texts["partly"].format(**shown)]
    if "screening" in shown:
        parts = [*parts, texts["screening"]]
    if row["status"] == "met_by_baseline" and not row["message"].startswith("change"):
        parts = [*parts, texts["by_baseline"]]
    return between.join(parts)


def op_words(op: str) -> str:
    """at_most as at most."""
    return op.replace("_", " ")


def plain_number(value: float, unit: str) -> str:
    """A number with its unit: whole from 100 000 on, else six digits."""
    if not math.isfinite(value):
        return "unknown"
    shown = f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.6g}"
    return shown if unit in ("", "1") else f"{shown} {unit}"
