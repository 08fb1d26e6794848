"""The miniature inputs, read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.tables.read import Tables, read_tables
from tests.small_inputs import REGION, write_small_inputs


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    root: Path = tmp_path_factory.mktemp("inputs")
    return read_tables(write_small_inputs(root), REGION)


@pytest.fixture
def with_rows(tables: Tables) -> Callable[..., Tables]:
    """The tables with further rows in one of them; columns that are not given are empty."""

    def add(name: str, *rows: dict[str, object]) -> Tables:
        frame = tables.frame[name]
        no = dict.fromkeys(frame.select_dtypes(bool).columns, False)
        more = pd.DataFrame([{**no, **row} for row in rows]).reindex(columns=frame.columns)
        more["file"] = f"reference/{name}.csv"
        more["row"] = range(len(frame) + 2, len(frame) + 2 + len(rows))
        joined = pd.concat([frame, more.astype(frame.dtypes.to_dict())], ignore_index=True)
        return replace(tables, frame={**tables.frame, name: joined})

    return add
