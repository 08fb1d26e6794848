"""Builds residential.csv: coal, gas and dung in homes, and the stoves of shops, bath houses and yards.

Households on coal and tonnes each follow facts_homes.csv: old town and urban fringe (shanty quarters that the
plan rebuilds) and the pastoral sumu. Surveys of the region give 2.5 to 4 t a household (planning practice).
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import QUALITY, coal_quality
from inputs.erenhot.build.region import CITY, REGION, START


def build() -> pd.DataFrame:
    """The table: a row per class and zone."""
    homes = REGION.facts("facts_homes")
    raw = homes["fuel"] == "raw_coal"
    quality = coal_quality(REGION, pd.Series(CITY, homes.index), pd.Series("home", homes.index))
    homes = homes.join(quality[QUALITY].where(raw))
    place, place_zh = REGION.places[CITY]
    return homes.assign(
        source=homes["class"] + "." + homes["label"],
        year=START,
        area=CITY,
        name=place + " " + homes["name"],
        name_zh=place_zh + homes["name_zh"],
        activity=(homes["stock"] * homes["each"]).round(1),
        part_year=pd.Series(0.4, homes.index).where(homes["class"] != "residential_gas"),
        constructed=True,
    )


def check(homes: pd.DataFrame) -> None:
    """Households and bulk coal against the control totals."""
    coal = homes[homes["class"] == "residential_coal"]
    each = coal["activity"] / coal["stock"]
    assert each.between(2.5, 4).all(), each
    burnt = homes.loc[homes["fuel"] == "raw_coal", "activity"].sum() / 1000
    REGION.check_range("bulk_coal.2018", burnt)


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "residential")
