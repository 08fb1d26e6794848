"""Emission by case, year, city, sector and pollutant, from states, activity and factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.base.words import CASES, POLLUTANTS, SECTORS
from model.problem.problem import Floats
from model.results.case import Case
from model.results.results import ordered


def emission_by_source(case: Case) -> Floats:
    """Emission t/yr of each source, [S, 1 + Y, pollutant], the start year first; nan where a source has no
    factor.

    start: activity x factor. Later: activity x response x sum over states of share of the year x factor of
    the state.
    """
    inventory = case.baseline.inventory
    start = inventory.emission().transpose("source", "year", "pollutant").sel(pollutant=list(POLLUTANTS))
    states = case.options.states
    owner = states["source"].to_numpy()
    used = case.used[: len(states)]
    factors = states[list(POLLUTANTS)].to_numpy(dtype=float)
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    later = np.empty((len(case.sources), used.shape[1], len(POLLUTANTS)))
    for year in range(used.shape[1]):
        later[:, year] = np.add.reduceat(used[:, [year]] * factors, first, axis=0)
    # Options write 0 where a state has no factor: what the inventory does not know and no state adds is not
    # 0.
    known = np.isfinite(inventory.factor.isel(year=0).sel(pollutant=list(POLLUTANTS)).to_numpy())
    later = later * case.response * case.activity[:, :, None]
    later[~known[:, None, :] & (later == 0)] = np.nan
    return np.concatenate([start.to_numpy()[:, :1], later], axis=1)


def emission_frame(cases: Sequence[Case], cities: pd.DataFrame) -> pd.DataFrame:
    """The rows of emissions.csv. A sum over sources none of which has a factor has no row; it is not 0."""
    parts = []
    names = city_names(cities)
    for case in cases:
        values = emission_by_source(case)
        years = [int(case.baseline.inventory.activity["year"][0]), *case.problem.years.tolist()]
        keys = pd.DataFrame(
            {
                "city": city_codes(case.sources, cities).map(names).to_numpy(),
                "sector": case.sources["sector"].to_numpy(),
            }
        )
        for place, year in enumerate(years):
            wide = keys.assign(**{p: values[:, place, j] for j, p in enumerate(POLLUTANTS)})
            sums = wide.groupby(["city", "sector"])[list(POLLUTANTS)].sum(min_count=1)
            long = sums.reset_index().melt(["city", "sector"], var_name="pollutant")
            parts.append(long.assign(case=case.name, year=year))
    rows = pd.concat(parts, ignore_index=True).assign(unit="t/yr")
    return ordered(sort_by_words(rows.dropna(subset=["value"]), cities), "emissions")


def account_frame(cases: Sequence[Case]) -> pd.DataFrame:
    """Emission of the region by case, year and pollutant, t/yr, without the sources outside official
    accounts.
    """
    parts = []
    for case in cases:
        inside = ~case.sources["outside_account"].fillna(False).to_numpy(dtype=bool)
        total = np.nansum(emission_by_source(case)[inside], axis=0)
        years = [int(case.baseline.inventory.activity["year"][0]), *case.problem.years.tolist()]
        wide = pd.DataFrame(total, columns=list(POLLUTANTS)).assign(year=years)
        parts.append(wide.melt(["year"], var_name="pollutant").assign(case=case.name))
    return ordered(pd.concat(parts, ignore_index=True).assign(unit="t/yr"), "account")


def city_codes(sources: pd.DataFrame, cities: pd.DataFrame) -> pd.Series:
    """adcode of the city of each source; where only the region is known, the area of `cities` that contains
    it.
    """
    known = set(cities["adcode"])
    codes = [
        city if city in known else next(iter(known.intersection(area)), "")
        for city, area in zip(sources["city"], sources["area"], strict=True)
    ]
    return pd.Series(codes, index=sources.index, dtype=object)


def city_names(cities: pd.DataFrame) -> dict[str, str]:
    """adcode -> English name of the city."""
    return dict(zip(cities["adcode"], cities["city"], strict=True))


def sort_by_words(rows: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of words: case, year, city as in official tables, sector of the manual, pollutant,
    rest.
    """
    orders = {"case": CASES, "city": tuple(cities["city"]), "sector": SECTORS, "pollutant": POLLUTANTS}
    by = [
        column
        for column in ("case", "year", "city", "sector", "pollutant", "payer", "kind")
        if column in rows
    ]

    def rank(values: pd.Series) -> pd.Series:
        order = orders.get(str(values.name))
        return values if order is None else values.map({word: place for place, word in enumerate(order)})

    return rows.sort_values(by, key=rank, kind="stable", ignore_index=True)
