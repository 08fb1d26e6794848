"""The attributes of sources as arrays, for selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.tables.schema import attributes

_NUMBERS = ("number", "integer", "year")


class SourceColumns(Mapping[str, NDArray[Any]]):
    """Every attribute of the schema as an array [S] (missing: nan, None) of an inventory's `sources`, made
    when it is first asked for.
    """

    def __init__(self, sources: pd.DataFrame) -> None:
        self._sources = sources
        self._made: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            self._made[name] = _column(self._sources[name], attributes()[name].type)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(attributes())

    def __len__(self) -> int:
        return len(attributes())


def _column(cells: pd.Series[Any], kind: str) -> NDArray[Any]:
    if kind in _NUMBERS:
        return cells.to_numpy(dtype=float, na_value=np.nan)
    missing = cells.isna().to_numpy()
    values = cells.to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values
