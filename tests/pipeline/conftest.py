"""The miniature run in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_inputs import write_small_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_small_run(tmp_path)
    return tmp_path
