"""Counties with what spreading needs: which hold a prefecture-level city, cold, distance to large CHP."""

from __future__ import annotations

import pandas as pd

from inputs.build.geography import km_to_large_chp
from inputs.inner_mongolia.build.region import REGION, START

NO_CITY = ("1522", "1525", "1529")
"""Leagues: their seats are banners or county-level cities, not districts."""
SEATS = {"152201", "152502", "152921"}


def seats() -> pd.DataFrame:
    """Counties by code; `city` marks those that hold a prefecture-level city or the seat of a league.

    `season`: length of the heating season against 183 days; `cold`: that times the mean degrees below 18 C.
    """
    out = REGION.table("areas")
    out = out[out["level"] == "county"].set_index("area")
    days = REGION.facts("facts_leagues").set_index("area")["season_days"]
    code = out.index.str[4:].astype(int)
    district = (code < 20) & out.index.str[:4].isin(
        ["1501", "1502", "1503", "1504", "1505", "1506", "1508", "1509"]
    )
    out["city"] = district | out.index.isin(SEATS | {"150702"})
    out["season"] = out["parent"].map(days) / 183.0
    out["cold"] = (18 - out["heating_season_c"]) * out["season"]
    return out


def counties(year: int = START) -> pd.DataFrame:
    """`seats` with `km_to_chp_300mw`, to the CHP units of that year."""
    out = seats()
    return out.assign(km_to_chp_300mw=km_to_large_chp(out, REGION.table("power_units"), year))
