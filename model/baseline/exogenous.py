"""The part of the regional balance that no source of the model carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.units import convert
from model.base.words import QUANTITIES
from model.tables.read import Tables


def balance_rest(
    tables: Tables, growth: str | None, years: Sequence[int], carried: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """item, year, value: balance in the quantity's unit less what the frozen case's sources carry.

    Rows of the balance that name `growth` go before rows that name none. Between given years the balance is
    interpolated, outside them it is not known.

    Args:
        carried: item -> use of all sources by year [Y], frozen case.
    """
    rows = tables.frame["balance"]
    rows = rows[rows["growth"].isna() | (rows["growth"] == growth)]
    rows = rows.sort_values("growth", na_position="first", kind="stable")
    points: dict[str, dict[int, float]] = {}
    for row in rows.to_dict("records"):
        if row["item"] not in QUANTITIES:
            # Other statistics may stand in the balance for the reader; no limit can ask for them.
            continue
        value = _in_unit(float(row["value"]), row["unit"], QUANTITIES[row["item"]].unit)
        points.setdefault(row["item"], {})[int(row["year"])] = value
    out = []
    for item, known in points.items():
        given = sorted(known)
        for at, year in enumerate(years):
            if given[0] <= year <= given[-1]:
                total = float(np.interp(year, given, [known[y] for y in given]))
                own = carried[item][at] if item in carried else 0.0
                out.append((item, int(year), total - float(own)))
    return pd.DataFrame(out, columns=["item", "year", "value"])


def _in_unit(value: float, unit: str, wanted: str) -> float:
    """A yearly total may be written with or without its `/yr`."""
    plain = wanted.removesuffix("/yr")
    if plain != wanted and not unit.endswith(("/yr", "/a", "/year")):
        return convert(value, unit, plain)
    return convert(value, unit, wanted)
