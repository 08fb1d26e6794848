"""One answer for each region of docs/demands.md: all fragments of a region asked together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.ask import INPUTS, Answer, ask
from tests.demands.made_up import write_made_up
from tests.demands.page import together


def answer(folder: Path, region: str, inputs: Path = INPUTS) -> Answer:
    path = folder / f"{region}.yaml"
    path.write_text(together(region), encoding="utf-8")
    found = ask(path, inputs)
    assert found.met
    return found


@pytest.fixture(scope="session")
def honghe(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return answer(tmp_path_factory.mktemp("honghe"), "honghe")


@pytest.fixture(scope="session")
def erenhot(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return answer(tmp_path_factory.mktemp("erenhot"), "erenhot")


@pytest.fixture(scope="session")
def made_up_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_up(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory, made_up_inputs: Path) -> Answer:
    return answer(tmp_path_factory.mktemp("made_up"), "toy", made_up_inputs)
