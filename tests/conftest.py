"""One profile for property tests: the same examples every time, and no deadline on a busy machine; which
worker has which tests; and one run of each shipped scenario for all tests that ask what it says.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from model.base.garbage import OFTEN

if TYPE_CHECKING:
    from model.results.case import Case
    from model.results.results import Results

settings.register_profile("lantian", deadline=None, derandomize=True)
settings.load_profile("lantian")

ROOT = Path(__file__).parents[1]
MAIN = "inner_mongolia_2018_2020"


@cache
def group(file: str) -> str:
    """The xdist_group that a file of tests names, "main" for one; else the file itself."""
    found = re.search(r'xdist_group\("(\w+)"\)', (ROOT / file).read_text(encoding="utf-8"))
    return found.group(1) if found else file


class ByFile(LoadScopeScheduling):
    """A worker has all tests of a file, and of all files of one xdist_group: what a module or session fixture
    makes is made once. xdist's own loadgroup does nothing with pytest 9.2, and knows no files.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.partition("::")[0])


def pytest_collection_finish() -> None:
    """What is loaded stays, and rings of objects are looked for seldom: a quarter of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OFTEN, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Files in the order of pytest_collection_modifyitems, not by their number of tests."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs long goes first, so that no worker is left with it at the end."""

    @cache
    def rank(path: Path) -> int:
        if group(str(path)) == "main":
            return 0
        return 1 if "LONG" in path.read_text(encoding="utf-8") else 2

    items.sort(key=lambda item: rank(item.path))


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
    """Runs a shipped scenario by name, once. Tests that use it carry `@pytest.mark.xdist_group("main")`."""
    out = tmp_path_factory.mktemp("shipped")
    return cache(lambda name: _run(name, out))


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
