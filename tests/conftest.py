"""One profile for property tests: the same examples every time, and no deadline on a busy machine; and one
run of each shipped scenario for all tests that ask what it says.
"""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from model.results.case import Case
    from model.results.results import Results

settings.register_profile("lantian", deadline=None, derandomize=True)
settings.load_profile("lantian")

ROOT = Path(__file__).parents[1]
MAIN = "inner_mongolia_2018_2020"


@dataclass(frozen=True)
class MainRun:
    """A shipped scenario as the command runs it: its folder, exit status, and what it was written from."""

    scenario: Path
    inputs: Path
    folder: Path
    status: int
    results: Results
    cases: dict[str, Case]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], MainRun]:
    """Runs a shipped scenario by name, once, whatever number of tests and workers asks for it.

    Tests that use it carry `@pytest.mark.xdist_group("main")`, so that one worker has them all. Some versions
    of pytest and xdist pass the group over together; then the second worker waits for the first and reads
    what that made.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    @cache
    def run(name: str) -> MainRun:
        made = shared / f"{name}.pickle"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                made.write_bytes(pickle.dumps(_run(name, shared / "shipped")))
            found: MainRun = pickle.loads(made.read_bytes())
        return found

    return run


@pytest.fixture(scope="session")
def main_run(shipped: Callable[[str], MainRun]) -> MainRun:
    """The scenario that `make run` runs."""
    return shipped(MAIN)


def _run(name: str, out: Path) -> MainRun:
    import model.pipeline.run as pipeline
    from model.__main__ import main

    path = ROOT / "scenarios" / f"{name}.yaml"
    made: list[tuple[Results, tuple[Case, ...]]] = []
    assemble = pipeline.assemble

    def keep(*arguments: Any) -> Results:
        results = assemble(*arguments)
        made.append((results, arguments[3:6]))
        return results

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "assemble", keep)
        status = main(["run", str(path), "--out", str(out)])
    ((results, cases),) = made
    named = {case.name: case for case in cases}
    return MainRun(path, ROOT / "inputs", out / name, status, results, named)
