"""The attributes of sources as arrays, for selectors."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.select import Selector, matches, texts
from model.tables.schema import attributes

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_NUMBERS = ("number", "integer", "year")


class Columns(Mapping[str, NDArray[Any]]):
    """Every attribute of the schema as an array [n] (missing: nan, None), made when it is first asked for.

    So is what selectors mean: many entries of a scenario, and all cases of a sweep, ask for the same. The
    arrays are read-only.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._made: dict[str, NDArray[Any]] = {}
        self._chosen: dict[Selector, Bools] = {}
        self._coded: dict[str, tuple[tuple[str, ...], Ints]] = {}

    @abstractmethod
    def _make(self, name: str) -> NDArray[Any]:
        """The column of an attribute, [n]."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            self._made[name] = _fixed(self._make(name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(attributes())

    def __len__(self) -> int:
        return len(attributes())

    def chosen(self, selector: Selector | None) -> Bools:
        """Which rows a selector means, [n]; None: all."""
        if selector is None:
            return np.ones(self.size, dtype=bool)
        if selector not in self._chosen:
            self._chosen[selector] = _fixed(matches(selector, self, self.size))
        return self._chosen[selector]

    def coded(self, name: str) -> tuple[tuple[str, ...], Ints]:
        """Values of an attribute as tables write them, rising, and which one each row has, [n]; -1: none."""
        if name not in self._coded:
            written = texts(self[name]).tolist()
            found = tuple(sorted({value for value in written if value is not None}))
            place = {**{value: at for at, value in enumerate(found)}, None: -1}
            codes = np.fromiter(map(place.__getitem__, written), np.int64, len(written))
            self._coded[name] = found, _fixed(codes)
        return self._coded[name]


class SourceColumns(Columns):
    """The attributes of an inventory's `sources`, [S]."""

    def __init__(self, sources: pd.DataFrame) -> None:
        super().__init__(len(sources))
        self._sources = sources

    def _make(self, name: str) -> NDArray[Any]:
        return _column(self._sources[name], attributes()[name].type)


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself or a view of it, which nobody can write to."""
    array = array.view()
    array.setflags(write=False)
    return array


def _column(cells: pd.Series[Any], kind: str) -> NDArray[Any]:
    if kind in _NUMBERS:
        return cells.to_numpy(dtype=float, na_value=np.nan)
    missing = cells.isna().to_numpy()
    values = cells.to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values
