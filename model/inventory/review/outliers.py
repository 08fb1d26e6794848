"""Sources, cities and rows that stand out: nothing is wrong with them for certain, all are worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints, group_states
from model.tables.read import Tables
from model.tables.schema import table_specs

LIKE = ("class", "fuel", "technology")
"""Sources that agree in these are held against each other."""
FAR = 3.5
"""Robust z-score from which a value stands out (Iglewicz and Hoaglin 1993, as recalled)."""
FEWEST = 8
"""Values that a group has at least."""
FEWEST_CITIES = 5
RARE = 0.25
"""Share of a group above which values that are FAR are a second kind of it, and none stands out."""

NORMAL_MAD, NORMAL_MEAN = 1.4826, 1.2533
"""What makes a median or a mean of absolute deviations the standard deviation of a normal distribution:
1 / 0.6745, and the root of pi / 2."""
NARROW = float(np.log(1.4) / 1.96)
"""Least spread of logarithms: sources no two of which differ by more than a factor of rating B is uncertain
are alike, and none of them stands out."""
MATTERS = 1e-3
"""Share of a pollutant's total that a source emits at least; what emits less is not worth a look."""

NAMES = ("source", "name", "name_zh", "citation", "rating", "constructed", "file", "row")
AMOUNTS = ("activity", "stock", "capacity", "district_heat_gj", "full_load_hours", "book_cny")


def robust(values: Floats, group: Ints) -> tuple[Floats, Floats, Floats]:
    """Median, spread and z-score of positive values within their group, [n] each; of logarithms, so that a
    value is as far above as its inverse is below.

    The spread is the median absolute deviation, or the mean one where more than half are equal (the former
    is then 0), scaled to a standard deviation, and at least NARROW. z is nan where the value is not positive.
    The median is returned as a value, the spread as that of ln.
    """
    log = pd.Series(np.log(values, out=np.full(len(values), np.nan), where=values > 0))
    by = log.groupby(group)
    middle = by.transform("median")
    off = (log - middle).abs()
    away = off.groupby(group)
    median, mean = (away.transform(how).to_numpy(dtype=np.float64) for how in ("median", "mean"))
    spread = np.maximum(np.where(median > 0, NORMAL_MAD * median, NORMAL_MEAN * mean), NARROW)
    z = (log - middle).to_numpy(dtype=np.float64) / spread
    return np.exp(middle.to_numpy(dtype=np.float64)), spread, z


def source_outliers(inventory: Inventory) -> pd.DataFrame:
    """Sources whose emission per unit of activity, or per unit of capacity, is FAR from that of sources of
    the same class, fuel and technology, and that emit MATTERS of the pollutant.

    Columns: source (position), pollutant, per (activity, capacity), value, low, high (t per unit; what FAR
    allows), score (z), count (of the group). Sources out of service are left out.
    """
    sources = inventory.sources
    group = group_states(sources, LIKE).of_state
    activity = inventory.activity.isel(year=0).to_numpy()
    emission: Floats = inventory.emission().isel(year=0).to_numpy()
    capacity = sources["capacity"].to_numpy(dtype=np.float64, na_value=np.nan)
    parts = []
    for per, size in (("activity", activity), ("capacity", capacity)):
        known = (size > 0) & (activity > 0)
        for i, pollutant in enumerate(POLLUTANTS):
            at = np.flatnonzero(known & (emission[:, i] > 0))
            found = _far(emission[at, i] / size[at], group[at], FEWEST)
            found = found.assign(source=at[found["at"]], pollutant=pollutant, per=per)
            least = MATTERS * np.nansum(emission[:, i])
            parts.append(found[emission[found["source"], i] >= least])
    return pd.concat(parts, ignore_index=True).drop(columns="at")


def city_outliers(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    """Cities whose emission per resident is FAR from that of the region's cities.

    Columns: city, pollutant, value, low, high (t per resident), score, count. No rows for a region of fewer
    than FEWEST_CITIES cities.
    """
    areas = tables.frame["areas"].set_index("area")
    heads = areas.loc[areas["level"] == "city", "population"].dropna()
    emission = pd.DataFrame(inventory.emission().isel(year=0).to_numpy(), columns=list(POLLUTANTS))
    sums = emission.groupby(inventory.sources["city"].to_numpy()).sum().reindex(heads.index).fillna(0.0)
    one = np.zeros(len(heads), dtype=np.int64)
    parts = []
    for pollutant in POLLUTANTS:
        found = _far(sums[pollutant].to_numpy(dtype=np.float64) / heads.to_numpy(), one, FEWEST_CITIES)
        parts.append(found.assign(city=heads.index.to_numpy()[found["at"]], pollutant=pollutant))
    return pd.concat(parts, ignore_index=True).drop(columns="at")


def _far(values: Floats, group: Ints, fewest: int) -> pd.DataFrame:
    """The values that are FAR from those of their group, with what would not be."""
    middle, spread, z = robust(values, group)
    count = np.bincount(group, weights=values > 0, minlength=1)[group]
    far = np.abs(z) > FAR
    number = np.bincount(group, weights=far, minlength=1)[group]
    at = np.flatnonzero(far & (count >= fewest) & (number <= RARE * count))
    room = np.exp(FAR * spread[at])
    columns: dict[str, NDArray[Any]] = {
        "at": at,
        "value": values[at],
        "low": middle[at] / room,
        "high": middle[at] * room,
        "score": z[at],
        "count": count[at].astype(np.int64),
    }
    return pd.DataFrame(columns)


def duplicates(inventory: Inventory) -> pd.DataFrame:
    """Rows that may be one source booked twice: source and `of`, the first that is like it (positions).

    Two rows are alike when all columns of the table but the identifier, the citation and the rating are the
    same, names included; rows of a divisible class, which stand for many, also when only names and amounts
    differ.
    """
    sources = inventory.sources
    columns = [name for name in table_specs()["sources"].columns if name in sources]
    whole = [name for name in columns if name not in NAMES or name in ("name", "name_zh")]
    kind = [name for name in columns if name not in (*NAMES, *AMOUNTS)]
    found: dict[int, int] = {}
    many = np.flatnonzero(sources["divisible"].to_numpy(dtype=bool))
    named = np.flatnonzero(sources["name"].notna().to_numpy())
    for at, names in ((many, kind), (named, whole)):
        found |= {int(at[i]): int(at[j]) for i, j in _twice(sources.iloc[at], names)}
    pairs = sorted(found.items())
    return pd.DataFrame(pairs, columns=["source", "of"], dtype=np.int64)


def _twice(frame: pd.DataFrame, names: Sequence[str]) -> list[tuple[int, int]]:
    """Position of each row that repeats an earlier one in the columns named, and of the first such."""
    number = group_states(frame.assign(controls=frame["controls"].map("+".join)), names).of_state
    first = pd.Series(np.arange(len(frame))).groupby(number).transform("first").to_numpy(dtype=np.int64)
    return [(i, int(first[i])) for i in np.flatnonzero(first != np.arange(len(frame))).tolist()]
