"""The shipped tables, read once by each worker."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from model.tables.read import Tables, read_tables

INPUTS = Path(__file__).parents[2] / "inputs"


@cache
def tables_of(region: str) -> Tables:
    """The tables of a region of inputs/."""
    return read_tables(INPUTS, region)
