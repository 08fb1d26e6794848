"""Writes docs/plans/PLAN.md (python -m docs.build_plans): each clause, how it was read, what answers it.

The words are PLAN.template.md and readings.csv; entries are those of the scenario, clauses of its register.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.markdown import markdown

DOCS = Path(__file__).parent / "plans"
ROOT = DOCS.parents[1]
KINDS = ("limits", "mandates", "changes", "alerts")
PLANS = tuple(sorted(path.name.removesuffix(".template.md") for path in DOCS.glob("*.template.md")))


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flat(value: Any) -> str:
    """A value of the scenario as it is written there, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flat(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flat, value)) + "]"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def bare(value: Any) -> str:
    """As `flat`, a mapping without its outer braces."""
    return flat(value)[1:-1] if isinstance(value, dict) else flat(value)


def words(kind: str, entry: Mapping[str, Any]) -> str:
    """What an entry says, without where it applies."""
    if kind == "limits":
        return _limit(entry)
    law = ", already law" if entry.get("already_law") else ""
    if kind == "mandates":
        rule = "not_in" if "not_in" in entry else "only_in"
        date = "by" if "by" in entry else "from"
        return f"mandate: {rule.replace('_', ' ')} {flat(entry[rule])}, {date} {entry[date]}{law}"
    if kind == "changes":
        by = f", by {entry['by']}" if "by" in entry else ""
        return f"change: {bare(entry['set'])}{by}{law}"
    return f"alert: {entry['level']}, reduce {entry['reduce']}"


def _limit(entry: Mapping[str, Any]) -> str:
    text = f"limit: {entry['quantity']}"
    text += f" in states {flat(entry['states'])}" if "states" in entry else ""
    text += f", share of {flat(entry['share_of'])}" if "share_of" in entry else ""
    text += f", each {entry['each']}" if "each" in entry else ""
    bound = next((word for word in ("at_most", "at_least", "below", "above") if word in entry), None)
    if bound is None:
        return text + ", reported"
    text += f", {bound.replace('_', ' ')} {bare(entry[bound])}"
    text += ", judged only" if entry.get("enforce") is False else ""
    text += f", progress {entry['progress']}" if "progress" in entry else ""
    return text + (", not linked" if entry.get("link") == "none" else "")


def entries(scenario: Mapping[str, Any]) -> Iterator[tuple[str, list[str], str]]:
    """Each entry: its id, the clauses it answers, what it says."""
    for kind in KINDS:
        for name, entry in scenario.get(kind, {}).items():
            clause = entry.get("clause", name)
            yield name, clause if isinstance(clause, list) else [clause], words(kind, entry)
    for name, reason in scenario.get("not_modelled", {}).items():
        yield name, [name], f"not in the model: {reason}"


def build(plan: str) -> str:
    """The page of a plan. Raises KeyError for a clause without entry or reading."""
    scenario = YAML(typ="safe").load(ROOT / "scenarios" / f"{plan}.yaml")
    register = rows(ROOT / "inputs" / "plans" / f"{plan}.csv")
    readings = {row["clause"]: row["reading"] for row in rows(DOCS / "readings.csv")}
    clauses = {row["clause"] for row in register}
    found = list(entries(scenario))
    answer = {clause: (name, text) for name, answered, text in found for clause in answered}
    lines = []
    for row in sorted(register, key=lambda row: [int(part) for part in re.findall(r"\d+", row["article"])]):
        name, text = answer[row["clause"]]
        shown = text if name == row["clause"] else f"`{name}`, {text}"
        asked = f"{row['summary']} ({', '.join(filter(None, (row['strength'], row['by'])))})"
        lines.append((row["article"], row["clause"], asked, readings[row["clause"]], shown))
    others = [(name, text) for name, answered, text in found if not clauses.intersection(answered)]
    page = (DOCS / f"{plan}.template.md").read_text(encoding="utf-8")
    page = page.replace("{{clauses}}", markdown(("article", "clause", "asked", "reading", "entry"), lines))
    return page.replace("{{others}}", markdown(("entry", "what"), others))


if __name__ == "__main__":
    for each in PLANS:
        (DOCS / f"{each}.md").write_text(build(each), encoding="utf-8")
