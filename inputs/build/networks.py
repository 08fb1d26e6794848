"""Heat networks: one for the seat of each league, one for each larger county town."""

from __future__ import annotations

import pandas as pd

TOWN = 80_000
"""Urban residents from which a county town has a heat network in these tables (own estimate)."""
REACHED = {"city_built_up", "county_built_up", "urban_fringe"}


def network_of(area: pd.Series, zone: pd.Series, areas: pd.DataFrame) -> pd.Series:
    """Network that reaches a source, or missing: `net.CITY` in a league seat, else `net.COUNTY`."""
    town = areas["urban_population"] >= TOWN
    serves = pd.Series(areas.index, index=areas.index).where(town & ~areas["city"], None)
    serves = serves.mask(areas["city"], areas["parent"])
    return ("net." + area.map(serves)).where(zone.isin(REACHED))
