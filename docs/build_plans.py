"""Writes docs/plans/PLAN.md (python -m docs.build_plans): each clause, how it was read, what answers it.

The words are PLAN.template.md and readings.csv; entries are those of the scenario, clauses of its register.
Answers are those of answers.csv, which `python -m docs.build_plans OUT` takes from the runs in OUT first.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.markdown import markdown

DOCS = Path(__file__).parent / "plans"
ROOT = DOCS.parents[1]
KINDS = ("limits", "mandates", "changes", "alerts")
STATUSES = ("met", "met_by_baseline", "missed", "reported", "not_in_model")
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
        english = reason["en"] if isinstance(reason, Mapping) else reason
        yield name, [name], f"not in the model: {english}"


def take_answers(out: Path, path: Path) -> None:
    """Write `path` (answers.csv) from the clauses.csv of the runs of all plans in `out`.

    A clause has a figure where its answer has a number with a unit.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(("clause", "status", "figure"))
        for plan in PLANS:
            for row in rows(out / plan / "clauses.csv"):
                write.writerow((row["clause"], row["status"], figure(row)))


def figure(row: Mapping[str, str]) -> str:
    """yes where the answer of a row of clauses.csv has a number with a unit, else no."""
    return "yes" if row["achieved"] and row["unit"] else "no"


def counts(clauses: Iterable[str], answers: Mapping[str, Mapping[str, str]]) -> str:
    """How many demands have which status, and how many of them a figure."""
    found = [answers[clause] for clause in clauses]
    lines = []
    for status in STATUSES:
        of = [answer for answer in found if answer["status"] == status]
        numbers = sum(answer["figure"] == "yes" for answer in of)
        lines.append((status.replace("_", " "), str(len(of)), str(numbers)))
    numbers = sum(answer["figure"] == "yes" for answer in found)
    return markdown(("answer", "demands", "with a figure"), [*lines, ("all", str(len(found)), str(numbers))])


def build(plan: str) -> str:
    """The page of a plan. Raises KeyError for a clause without entry, reading or answer."""
    scenario = YAML(typ="safe").load(ROOT / "scenarios" / f"{plan}.yaml")
    register = rows(ROOT / "inputs" / "plans" / f"{plan}.csv")
    readings = {row["clause"]: row["reading"] for row in rows(DOCS / "readings.csv")}
    answers = {row["clause"]: row for row in rows(DOCS / "answers.csv")}
    clauses = {row["clause"] for row in register}
    found = list(entries(scenario))
    answer = {clause: (name, text) for name, answered, text in found for clause in answered}
    lines = []
    for row in sorted(register, key=lambda row: [int(part) for part in re.findall(r"\d+", row["article"])]):
        name, text = answer[row["clause"]]
        shown = text if name == row["clause"] else f"`{name}`, {text}"
        asked = f"{row['summary']} ({', '.join(filter(None, (row['strength'], row['by'])))})"
        status = answers[row["clause"]]["status"].replace("_", " ")
        lines.append((row["article"], row["clause"], asked, readings[row["clause"]], shown, status))
    others = [(name, text) for name, answered, text in found if not clauses.intersection(answered)]
    page = (DOCS / f"{plan}.template.md").read_text(encoding="utf-8")
    heads = ("article", "clause", "asked", "reading", "entry", "answer")
    page = page.replace("{{clauses}}", markdown(heads, lines))
    page = page.replace("{{counts}}", counts((row["clause"] for row in register), answers))
    return page.replace("{{others}}", markdown(("entry", "what"), others))


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        take_answers(Path(folder), DOCS / "answers.csv")
    for each in PLANS:
        (DOCS / f"{each}.md").write_text(build(each), encoding="utf-8")
