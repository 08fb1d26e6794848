"""The attributes of sources as arrays, for selectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.tables.schema import attributes

_NUMBERS = ("number", "integer", "year")


def source_columns(sources: pd.DataFrame) -> Mapping[str, NDArray[Any]]:
    """Every attribute of the schema as an array [S] (missing: nan, None) of an inventory's `sources`."""
    return {name: _column(sources, name, spec.type) for name, spec in attributes().items()}


def _column(sources: pd.DataFrame, name: str, kind: str) -> NDArray[Any]:
    if kind in _NUMBERS:
        return sources[name].to_numpy(dtype=float, na_value=np.nan)
    values = sources[name].to_numpy(dtype=object)
    if name in ("area", "controls"):
        return values
    values = values.copy()
    values[pd.isna(values)] = None
    return values
