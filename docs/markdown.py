"""Tables of the pages made by script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns after the first that hold only numbers stand to the right."""
    body = [list(row) for row in rows]
    number = re.compile(r"[-+]?[\d, .]*( %)?")
    right = [all(number.fullmatch(row[i]) for row in body) for i in range(len(header))]
    lines = ["| " + " | ".join(row) + " |" for row in [list(header), *body]]
    rule = "|" + "|".join("---:" if flag and i else "---" for i, flag in enumerate(right)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
