"""Tables of the pages made by script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns after the first that hold only numbers stand to the right."""
    body = [list(row) for row in rows]
    number = re.compile(r"[-+]?[\d, .]*( %)?")
    right = [all(number.fullmatch(row[i]) for row in body) for i in range(len(header))]
    lines = ["| " + " | ".join(row) + " |" for row in [list(header), *body]]
    rule = "|" + "|".join("---:" if flag and i else "---" for i, flag in enumerate(right)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def filled(template: str, page: object, numbers: Mapping[str, float]) -> str:
    """A page from its template: {{name}} is a table, made by the page's method of that name, and
    {{name:FORMAT}} a number."""

    def put(found: re.Match[str]) -> str:
        name, _, form = found.group(1).partition(":")
        if form:
            return format(numbers[name], form)
        table: Callable[[], str] = getattr(page, name)
        return table()

    return re.sub(r"\{\{([^}]+)\}\}", put, template)
