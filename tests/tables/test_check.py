"""Decoding and typing of one file, whatever it holds."""

from __future__ import annotations

import csv
import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.base.faults import Fault
from model.tables.check import check_table
from model.tables.decode import decode
from model.tables.schema import table_specs

CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "nan", "-1", "1e999", "1_0", "１２", "yes", "150100", "2017", "boiler", "a+b", "a+a"]
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_a_fault(content: bytes) -> None:
    for suffix in (".csv", ".parquet", ".xlsx"):
        text, faults = decode("t" + suffix, "t", content)
        assert (text is None) == bool(faults)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_number_is_finite_and_in_its_bounds_or_a_fault(data: st.DataObject) -> None:
    spec = table_specs()["sources"]
    header = data.draw(st.permutations(list(spec.columns)))
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), min_size=1, max_size=2)
    )
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    text, faults = decode("sources.csv", "sources", stream.getvalue().encode())
    if text is None:
        assert faults
        return
    frame, faults = check_table(spec, text)
    assert all(isinstance(fault, Fault) and fault.row and str(fault) for fault in faults)
    faulty = {fault.column for fault in faults}
    for name, column in spec.columns.items():
        if column.type == "number":
            known = frame[name].dropna()
            assert np.isfinite(known).all()
            assert (known >= (-np.inf if column.min is None else column.min)).all()
        if column.required and name not in faulty:
            assert frame[name].notna().all()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_written(value: float) -> None:
    spec = table_specs()["areas"]
    text, _ = decode("areas.csv", "areas", f"altitude_m\n{value!r}\n".encode())
    assert text is not None
    assert check_table(spec, text)[0]["altitude_m"].tolist() == [value]
