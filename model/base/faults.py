"""Bad input, said so that its writer can mend it: where it stands, what is wrong, what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one file.

    row is the line of the file (a CSV header is line 1); column is a column name, or a dotted path of a
    scenario.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        shown = "" if self.value is None else f" '{self.value}'"
        mend = f"; {self.right}" if self.right else ""
        return f"{place}:{shown} {self.wrong}{mend}"


class InputError(Exception):
    """Every fault found in the input, together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Whole when it comes back from another process."""
        return InputError, (self.faults,)


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that names the known word nearest to `word`, or lists the known ones."""
    from difflib import get_close_matches

    known = sorted(known)
    if not known:
        return "there are none"
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "known: " + ", ".join(known)
