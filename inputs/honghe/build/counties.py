"""Counties of Honghe with the weights by which totals are spread over them."""

from __future__ import annotations

from functools import cache

import pandas as pd

from inputs.build.region import Region

START = 2017
REGION = Region("honghe")
SEAT = "532503"
"""Mengzi, seat of the prefecture: its built-up area is `city_built_up`, others are `county_built_up`."""
CARS_RURAL, MOTORCYCLES_URBAN, SITES_RURAL = 0.35, 0.45, 0.25
"""Cars, motorcycles and building sites of a resident outside (inside) towns against one inside (outside)."""


def built_up(area: str) -> str:
    """Zone of the built-up area of a county's town."""
    return "city_built_up" if area == SEAT else "county_built_up"


@cache
def counties() -> pd.DataFrame:
    """Counties by code: areas.csv with the facts of facts_counties.csv."""
    areas = REGION.table("areas")
    areas = areas[areas["level"] == "county"].set_index("area")
    facts = REGION.facts("facts_counties").set_index("area")
    return areas.join(facts[["industry", "cropland", "tobacco", "cane", "home_coal", "paddy"]])


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weight of every county by name of the weight."""
    table = counties()
    residents, urban = table["population"], table["urban_population"]
    rural = residents - urban
    made = pd.DataFrame(
        {
            "residents": residents,
            "urban": urban,
            "rural": rural,
            "brick": residents,
            "cars": urban + CARS_RURAL * rural,
            "motorcycles": rural + MOTORCYCLES_URBAN * urban,
            "building": urban + SITES_RURAL * rural,
            "home_coal": table["home_coal"] * (rural + 0.3 * urban),
            "firewood": (1 - table["home_coal"]) * rural,
            "seat_town": urban.where(urban.index == SEAT, 0.0),
            "other_towns": urban.where(urban.index != SEAT, 0.0),
            "food": table["cane"] * 3 + table["industry"] + table["cropland"],
            **{name: table[name] for name in ("industry", "cropland", "tobacco", "paddy")},
        }
    )
    listed = REGION.facts("facts_weights").set_index("weight").drop(columns=["citation", "about"]).T
    both = made.join(listed)
    return {str(name): {str(a): float(w) for a, w in column.items()} for name, column in both.items()}
