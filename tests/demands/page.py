"""The fragments of docs/demands.md, and those of a region together as one scenario."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "demands.md"
HEADS = {
    "honghe": "region: honghe\nstart: 2017\nyears: [2018, 2019, 2020]\nprice_year: 2017\n"
    "growth: as_planned_2018\nsolver: {gap: 5e-3}\n",
    "erenhot": "region: erenhot\nstart: 2018\nyears: [2019, 2020]\nprice_year: 2018\n"
    "growth: as_planned_2018\nsolver: {gap: 1e-3}\n",
    "toy": "region: toy\nstart: 2017\nyears: [2018, 2019]\nprice_year: 2017\n"
    "growth: as_planned_2018\nsolver: {gap: 1e-6}\n",
}
"""What a scenario of each region says before it asks for anything."""


def fragments() -> list[tuple[str, str, str]]:
    """Heading, region and text of every fragment."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(
        r"^## (.+?)\n(?:(?!^## ).)*?```yaml\n# (\w+)\n(.*?)```", text, re.MULTILINE | re.DOTALL
    )
    return [(heading, region, body) for heading, region, body in found]


def together(region: str) -> str:
    """All fragments of a region as one scenario; entries are told apart by their ids."""
    sections: dict[str, list[str]] = {}
    section = ""
    for _, where, body in fragments():
        for line in body.splitlines() if where == region else ():
            if line.startswith(" "):
                sections[section].append(line)
            else:
                section = line
                sections.setdefault(section, [])
    return HEADS[region] + "".join("\n".join([name, *lines]) + "\n" for name, lines in sections.items())
