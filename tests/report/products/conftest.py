"""The toy run, solved once for every test here."""

from __future__ import annotations

import pytest

from model.results.results import Results
from tests.results.toy_run import Run, toy_run


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toy_run(tmp_path_factory.mktemp("toy_products"))


@pytest.fixture(scope="session")
def results(toy: Run) -> Results:
    return toy.results
