"""The miniature inputs, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    root: Path = tmp_path_factory.mktemp("inputs")
    return read_tables(write_small_inputs(root), REGION)
