"""The attributes of states as arrays, for selectors of what sources have become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.inventory.columns import Columns

OWN = ("fuel", "technology", "controls", "meets", "low_nox", "fuel_group")
"""Attributes that a state has of its own; all others are those of its source."""


class StateColumns(Columns):
    """The attributes of states, [K], as selectors of states test them."""

    def __init__(self, states: pd.DataFrame, sources: Mapping[str, NDArray[Any]]) -> None:
        """states: with the columns of OWN and `source`; sources: attributes of the sources, [S] each."""
        super().__init__(len(states))
        self._states = states
        self._source = states["source"].to_numpy()
        self._sources = sources

    def _make(self, name: str) -> NDArray[Any]:
        if name in OWN:
            return np.asarray(self._states[name].to_numpy(dtype=object))
        return np.asarray(self._sources[name][self._source])
