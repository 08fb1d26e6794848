"""The places that an alert is answered for: who belongs to each, and with what part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.inventory.columns import SourceColumns
from model.scenario.scenario import Alert
from model.tables.read import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """label: adcode, value of the attribute, or "region". member: positions of sources; weight: the part of
    each that belongs here, 1 but for sources known by city alone, which are shared out over its counties.
    """

    label: str
    city: str
    county: str
    member: Ints
    weight: Floats


def make_groups(sources: pd.DataFrame, tables: Tables, alert: Alert) -> list[Group]:
    """The groups of an alert in the order of areas.csv (of other attributes: sorted).

    Sources outside the official accounts belong to none unless `where` names that attribute, as for limits.
    With `each: county` a source whose row names only the city is shared out over the counties of that city by
    residents (by equal parts where no residents are known).
    """
    columns = SourceColumns(sources)
    chosen = columns.chosen(alert.where)
    if alert.where is None or "outside_account" not in alert.where.attributes:
        chosen = chosen & ~sources["outside_account"].fillna(False).to_numpy(dtype=bool)
    if alert.each is None:
        return [_group("region", "", "", np.flatnonzero(chosen))]
    if alert.each == "county":
        return _counties(sources, tables, chosen)
    values = columns[alert.each]
    order = _order(tables) if alert.each == "city" else sorted({str(v) for v in values if v is not None})
    found = []
    for label in order:
        member = np.flatnonzero(chosen & (values == label))
        if len(member):
            found.append(_group(label, label if alert.each == "city" else "", "", member))
    return found


def _group(label: str, city: str, county: str, member: Ints) -> Group:
    return Group(label, city, county, member, np.ones(len(member)))


def _order(tables: Tables) -> list[str]:
    areas = tables.frame["areas"]
    return [str(area) for area in areas.sort_values("order", kind="stable")["area"]]


def _counties(sources: pd.DataFrame, tables: Tables, chosen: NDArray[np.bool_]) -> list[Group]:
    areas = tables.frame["areas"].set_index("area")
    counties = [area for area in _order(tables) if areas.at[area, "level"] == "county"]
    parent = areas.loc[counties, "parent"]
    people = areas.loc[counties, "population"].astype(float).fillna(0.0)
    total = people.groupby(parent).transform("sum")
    equal = 1.0 / parent.groupby(parent).transform("size")
    share = (people / total.where(total > 0)).fillna(equal)
    county, city = sources["county"].fillna("").to_numpy(str), sources["city"].fillna("").to_numpy(str)
    found = []
    for area in counties:
        above = str(parent[area])
        own = chosen & (county == area)
        shared = chosen & (county == "") & (city == above)
        member = np.flatnonzero(own | shared)
        if len(member):
            weight = np.where(own[member], 1.0, float(share[area]))
            found.append(Group(area, above, area, member, weight))
    # a city that has no counties in areas.csv answers by itself
    for above in sorted(set(city[chosen]) - set(parent)):
        member = np.flatnonzero(chosen & (city == above))
        found.append(_group(above, above, "", member))
    return found
