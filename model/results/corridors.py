"""Names of freight corridors, which the tables give to their sources alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

import pandas as pd

from model.results.results import COLUMNS

LEAST = 3
"""Signs from which what the names have in common is a name."""


def corridor_names(sources: pd.DataFrame) -> pd.DataFrame:
    """Rows of `names` (kind corridor): what the names of a corridor's sources have in common, before the
    stage of the trucks (`Ordos to Bohai ports, China II`, `鄂尔多斯至环渤海港口国二`). A corridor whose names
    share nothing has no row.
    """
    rows = []
    own = sources.dropna(subset=["corridor", "name"])
    for corridor, table in own.groupby("corridor", sort=False):
        english = _common(table["name"]).rpartition(",")[0].strip()
        chinese = _common(table["name_zh"].dropna()).removesuffix("国")
        if len(english) >= LEAST:
            rows.append(("corridor", corridor, english, chinese if len(chinese) >= LEAST else english))
    return pd.DataFrame(rows, columns=list(COLUMNS["names"]))


def _common(names: Iterable[str]) -> str:
    """What all names begin with: what the first and the last of them in order do."""
    ordered = sorted(names)
    pairs = zip(ordered[0], ordered[-1], strict=False) if ordered else ()
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
