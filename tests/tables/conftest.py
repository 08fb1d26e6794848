"""The miniature inputs in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_inputs import write_small_inputs


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return write_small_inputs(tmp_path)
