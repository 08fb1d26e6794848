"""Build areas.csv: the region, 12 leagues in official order, 103 counties, banners and districts.

Population is raked to the league totals and these to the published total of the region; the urban share is
shifted alike everywhere to the published urbanisation rate.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.rake import rake
from inputs.inner_mongolia.build.region import REGION


def urban_population(population: pd.Series, share: pd.Series, total: float) -> pd.Series:
    """Urban residents: the odds of each urban share times one factor, so that the sum is `total`."""
    odds = share / (1 - share)
    low, high = 1e-3, 1e3
    for _ in range(100):
        factor = np.sqrt(low * high)
        urban = population * odds * factor / (1 + odds * factor)
        low, high = (factor, high) if urban.sum() < total else (low, factor)
    return urban


def build() -> pd.DataFrame:
    """The table, a row an area: region, leagues in official order, counties in the order of their codes."""
    counties, leagues = REGION.facts("facts_areas"), REGION.facts("facts_leagues")
    total = REGION.control_total("population.2017")
    counties["parent"] = counties["area"].str[:4] + "00"
    wanted = leagues.set_index("area")["population_1e4"]
    wanted = wanted * (total / wanted.sum())
    counties["population"] = rake(
        counties["population_1e4"], [(counties["parent"], wanted.to_dict())]
    ).round()
    urban = total * REGION.control_total("urban_share.2017") / 100
    counties["urban_population"] = urban_population(
        counties["population"], counties["urban_share"], urban
    ).round()
    counties["level"] = "county"
    counties = counties.sort_values(["area"], ignore_index=True)
    counties["order"] = counties.groupby("parent").cumcount() + 1
    sums = counties.groupby("parent")[["population", "urban_population"]].sum()

    seats = counties.set_index("area")
    leagues["level"], leagues["parent"] = "city", "150000"
    at_seat = ["lat", "lon", "altitude_m", "january_c", "heating_season_c", "gas_access"]
    for column in at_seat:
        leagues[column] = seats.loc[leagues["seat"], column].to_numpy()
    for column in ("population", "urban_population"):
        leagues[column] = sums.loc[leagues["area"], column].to_numpy()
    leagues = leagues.sort_values("order")

    region = leagues.head(1).assign(
        area="150000",
        level="region",
        name="Inner Mongolia",
        name_zh="内蒙古自治区",
        parent=None,
        order=0,
        population=sums["population"].sum(),
        urban_population=sums["urban_population"].sum(),
    )
    out = pd.concat([region, leagues, counties], ignore_index=True)
    return out.assign(citation="own_estimate", rating="E")


def check(areas: pd.DataFrame) -> None:
    """Counts and totals the table must have."""
    assert areas["level"].value_counts().to_dict() == {"county": 103, "city": 12, "region": 1}
    assert areas["area"].is_unique
    counties = areas[areas["level"] == "county"]
    assert abs(counties["population"].sum() - REGION.control_total("population.2017")) < 200
    assert (counties["urban_population"] < counties["population"]).all()


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "areas")
