"""One profile for property tests: the same examples every time, and no deadline on a busy machine; and one
run of the shipped scenario for all tests that ask what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """The shipped scenario as the command runs it: its folder, exit status, and what it was written from."""

    scenario: Path
    inputs: Path
    folder: Path
    status: int
    results: Results
    cases: dict[str, Case]


@pytest.fixture(scope="session")
def main_run(tmp_path_factory: pytest.TempPathFactory) -> MainRun:
    """Runs inner_mongolia_2018_2020 once, in about a minute.

    Tests that use it carry `@pytest.mark.xdist_group("main")`: one worker runs them all, and the scenario
    once.
    """
    import model.pipeline.run as pipeline
    from model.__main__ import main

    out = tmp_path_factory.mktemp("main")
    path = ROOT / "scenarios" / f"{MAIN}.yaml"
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
    return MainRun(path, ROOT / "inputs", out / MAIN, status, results, named)
