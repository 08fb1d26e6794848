"""The miniature run of a folder: calls of its commands, and what they say and leave there."""

from __future__ import annotations

import re
from pathlib import Path

from model.__main__ import main

BOILERS = "inputs/toy/boilers.csv"


TOY = "toy.yaml"


def call(folder: Path, command: str, *arguments: str, scenarios: tuple[str, ...] = (TOY,)) -> int:
    """Status of a command on scenarios of the folder."""
    paths = [str(folder / name) for name in scenarios]
    out = ["--out", str(folder / "out")] if command == "run" else []
    return main([command, *paths, "--inputs", str(folder / "inputs"), *out, *arguments])


def said(text: str, folder: Path) -> list[str]:
    """Lines, without the folder they happened in and without the stages passed."""
    lines = text.replace(f"{folder.as_posix()}/", "").splitlines()
    return [line for line in lines if not re.fullmatch(r"\w+: [\w: ]+ \d+\.\d s", line)]


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
