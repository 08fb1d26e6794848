"""Rows of a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.base.frames import records


def test_records_are_those_of_pandas() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None, "c"],
            "number": [1.5, np.nan, -0.0],
            "count": [1, 2, 3],
            "yes": [True, False, True],
            "any": [np.float64(2.0), "x", None],
        },
        index=[7, 7, 9],
    )
    made, usual = records(frame), frame.to_dict("records")
    assert repr(made) == repr(usual)
    assert [[type(cell) for cell in row.values()] for row in made] == [
        [type(cell) for cell in row.values()] for row in usual
    ]
    assert records(frame.iloc[:0]) == []
