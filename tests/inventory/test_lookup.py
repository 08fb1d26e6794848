"""best_rows against a plain search, row by row."""

# ruff: noqa: E501

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.faults import InputError
from model.inventory.lookup import best_rows, group_states

names = st.sampled_from(["a", "b"])
keys = st.one_of(st.none(), names)
levels = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 2.0, 5.0]))
tables = st.lists(st.tuples(keys, keys, levels), max_size=8, unique=True)
queries = st.lists(st.tuples(names, names, st.one_of(st.none(), st.floats(-3, 8))), min_size=1, max_size=6)


def plain_search(rows: list[tuple], one: str, other: str, value: float | None) -> int | None:
    """Position of the winning row, -1 for none, None for a tie."""
    fits = [
        (i, row)
        for i, row in enumerate(rows)
        if row[0] in (None, one)
        and row[1] in (None, other)
        and (row[2] is None or (value is not None and row[2] <= value))
    ]
    if not fits:
        return -1
    most = max(sum(cell is not None for cell in row) for _, row in fits)
    fits = [(i, row) for i, row in fits if sum(cell is not None for cell in row) == most]
    if len({tuple(cell is None for cell in row) for _, row in fits}) > 1:
        return None
    return max(fits, key=lambda fit: -np.inf if fit[1][2] is None else fit[1][2])[0]


@given(tables, queries)
def test_best_rows_equal_a_plain_search(rows: list[tuple], asked: list[tuple]) -> None:
    table = pd.DataFrame(rows, columns=["one", "other", "least"]).astype(
        {"one": "str", "other": "str", "least": float}
    )
    table = table.assign(file="t.csv", row=np.arange(len(rows)) + 2)
    states = pd.DataFrame(asked, columns=["one", "other", "value"]).astype({"value": float})
    expected = [plain_search(rows, *query) for query in asked]
    groups = group_states(states, ("one", "other"))
    value = states["value"].to_numpy(dtype=float)
    try:
        found = best_rows(table, groups, ("one", "other"), "least", value)
    except InputError:
        assert None in expected
    else:
        assert found.tolist() == expected


def test_every_tie_is_named_once() -> None:
    table = pd.DataFrame({"one": ["a", None], "other": [None, "b"], "file": "t.csv", "row": [2, 3]}).astype(
        {"one": "str", "other": "str"}
    )
    groups = group_states(pd.DataFrame({"one": ["a", "a", "b"], "other": ["b", "b", "b"]}), ("one", "other"))
    with pytest.raises(InputError) as caught:
        best_rows(table, groups, ("one", "other"))
    assert str(caught.value) == (
        "t.csv, row 3, one, other: fits 'a, b' as closely as row 2 does; fill one key more in the row that shall win"
    )
