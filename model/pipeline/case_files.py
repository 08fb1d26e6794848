"""Finished cases of a sweep on disk: one file each, so that a sweep that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from model.plan import Plan
from model.results.assemble import LIBRARIES
from model.solve.warm import Kept
from model.studies.sweeps.outcome import Outcome
from model.tables.read import Tables

CODE = Path(__file__).parents[1]
PAGES = CODE / "report"
PLAN = "plan."
"""Before the names of a plan's arrays."""


def footing(tables: Tables, gap: float) -> str:
    """Hash of what every case rests on: inputs, the code that solves, its libraries, the gap asked for."""
    digest = hashlib.sha256(f"{gap!r} {_code()}\n".encode())
    for name, sha256 in sorted(tables.files.items()):
        digest.update(f"{name} {sha256}\n".encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


@cache
def _code() -> str:
    """Hash of the package as this process met it, without what makes pages."""
    digest = hashlib.sha256()
    for path in sorted(path for path in CODE.rglob("*.py") if PAGES not in path.parents):
        digest.update(f"{path.relative_to(CODE).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


class CaseFiles:
    """The folder of finished cases. A file is named after the hash of all that its outcome depends on."""

    def __init__(self, where: Path, rests_on: str) -> None:
        self.where, self._rests_on = where, rests_on

    def name(self, scenario_sha256: str, begun_from: str) -> str:
        """Name of a case. begun_from: hash of the scenario whose plan it begins with, empty for none."""
        return hashlib.sha256(f"{self._rests_on} {scenario_sha256} {begun_from}".encode()).hexdigest()[:32]

    def read(self, name: str) -> Outcome | None:
        """What came of a case; None where it is not finished, or its file can not be read."""
        path = self.where / f"{name}.json"
        try:
            return Outcome.from_text(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def write(self, name: str, outcome: Outcome) -> None:
        """Keep what came of a case; the file is there whole or not at all."""
        self.where.mkdir(parents=True, exist_ok=True)
        new = self.where / f".{name}.new"
        new.write_text(outcome.to_text() + "\n", encoding="utf-8")
        new.replace(self.where / f"{name}.json")

    def has_kept(self, name: str) -> bool:
        """Whether there is what a case left to those that begin with it."""
        return (self.where / f"{name}.npz").is_file()

    def read_kept(self, name: str) -> Kept | None:
        """What a case left to those that begin with it; None where it left nothing."""
        if not self.has_kept(name):
            return None
        with np.load(self.where / f"{name}.npz", allow_pickle=False) as stored:
            if not stored.files:
                return None
            of_plan = {key.removeprefix(PLAN): stored[key] for key in stored.files if key.startswith(PLAN)}
            plan = Plan(**of_plan, bound_cny=-np.inf, status="", seconds={})
            return Kept(**{key: stored[key] for key in stored.files if not key.startswith(PLAN)}, plan=plan)

    def write_kept(self, name: str, kept: Kept | None) -> None:
        """Keep what a case leaves to others; bound and status of its plan are of no use to them."""
        self.where.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {}
        if kept is not None:
            arrays = {key: value for key, value in vars(kept).items() if key != "plan"}
            arrays |= {PLAN + key: getattr(kept.plan, key) for key in ("source", "share", "state", "price")}
        new = self.where / f".{name}.new"
        with new.open("wb") as stream:
            np.savez_compressed(stream, **arrays)
        new.replace(self.where / f"{name}.npz")

    def read_all(self, names: Mapping[str, str]) -> dict[str, Outcome]:
        """Outcomes of the finished ones among named cases, by key."""
        found = ((key, self.read(name)) for key, name in names.items())
        return {key: outcome for key, outcome in found if outcome is not None}
