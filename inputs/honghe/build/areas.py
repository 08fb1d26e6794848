"""Builds areas.csv: the prefecture and its thirteen counties.

Residents and urban residents of the counties (recalled, seventh census) are raked to the two totals of the
prefecture, which were seen.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.rake import rake
from inputs.honghe.build.counties import REGION

PREFECTURE = "532500"
HEAD = {"area": PREFECTURE, "level": "city", "name": "Honghe", "name_zh": "红河哈尼族彝族自治州"}


def build() -> pd.DataFrame:
    """The table: the prefecture, then its counties in official order."""
    towns = REGION.facts("facts_counties")
    everyone = REGION.control_total("population.2017")
    urban = REGION.control_total("urban_population.2017")
    parts = pd.concat(
        [
            pd.DataFrame({"area": towns["area"], "in_town": yes, "seed": towns["residents"] * share})
            for yes, share in (("yes", towns["urban_share"]), ("no", 1 - towns["urban_share"]))
        ],
        ignore_index=True,
    )
    parts["people"] = rake(parts["seed"], [(parts["in_town"], {"yes": urban, "no": everyone - urban})])
    by_area = parts.groupby("area")["people"].sum().round()
    in_town = parts[parts["in_town"] == "yes"].set_index("area")["people"].round()
    table = towns.assign(
        level="county",
        parent=PREFECTURE,
        population=towns["area"].map(by_area),
        urban_population=towns["area"].map(in_town),
        citation="RECALLED",
        rating="E",
    )
    seat = towns.set_index("area").loc["532503"]
    head = pd.DataFrame([HEAD | {"order": 1, "citation": "HONGHE_WIKI", "rating": "C"}])
    head = head.assign(lat=seat["lat"], lon=seat["lon"], altitude_m=seat["altitude_m"], gas_access="trunk")
    head = head.assign(population=everyone, urban_population=urban, january_c=seat["january_c"])
    return pd.concat([head, table], ignore_index=True)


def check(areas: pd.DataFrame) -> None:
    """The counties add up to the prefecture."""
    parts = areas[areas["level"] == "county"]
    whole = areas.set_index("area").loc[PREFECTURE]
    assert len(parts) == 13
    assert abs(parts["population"].sum() - whole["population"]) < 10
    assert abs(parts["urban_population"].sum() - whole["urban_population"]) < 10
    assert (parts["urban_population"] < parts["population"]).all()


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "areas")
