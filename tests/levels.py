"""Which tests run: those that take minutes run where all are asked for (`make test TESTS=all`, .ci/run)."""

from __future__ import annotations

import os

import pytest

LONG = pytest.mark.skipif(
    os.environ.get("LANTIAN_TESTS") != "all", reason="takes minutes; runs with make test TESTS=all"
)
