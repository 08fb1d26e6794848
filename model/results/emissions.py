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


def emission_frame(cases: Sequence[tuple[Case, Floats]], cities: pd.DataFrame) -> pd.DataFrame:
    """The rows of emissions.csv. A sum over sources none of which has a factor has no row; it is not 0.

    cases: each with its `emission_by_source`.
    """
    parts = []
    names = city_names(cities)
    for case, values in cases:
        years = _years(case)
        keys = [
            city_codes(case.sources, cities).map(names).to_numpy(),
            case.sources["sector"].to_numpy(dtype=object),
        ]
        sums = pd.DataFrame(values.reshape(len(values), -1)).groupby(keys).sum(min_count=1)
        cells = pd.DataFrame(list(sums.index), columns=["city", "sector"])
        parts.append(
            cells.loc[np.repeat(cells.index, sums.shape[1])].assign(
                case=case.name,
                year=np.tile(np.repeat(years, len(POLLUTANTS)), len(cells)),
                pollutant=np.tile(POLLUTANTS, len(years) * len(cells)),
                value=sums.to_numpy().ravel(),
            )
        )
    rows = pd.concat(parts, ignore_index=True).assign(unit="t/yr")
    return ordered(sort_by_words(rows.dropna(subset=["value"]), cities), "emissions")


def _years(case: Case) -> list[int]:
    """The start year and the decision years."""
    return [int(case.baseline.inventory.activity["year"][0]), *case.problem.years.tolist()]


def account_frame(cases: Sequence[tuple[Case, Floats]]) -> pd.DataFrame:
    """Emission of the region by case, year and pollutant, t/yr, without the sources outside official
    accounts. cases: each with its `emission_by_source`.
    """
    parts = []
    for case, values in cases:
        inside = ~case.sources["outside_account"].fillna(False).to_numpy(dtype=bool)
        total = np.nansum(values[inside], axis=0)
        wide = pd.DataFrame(total, columns=list(POLLUTANTS)).assign(year=_years(case))
        parts.append(wide.melt(["year"], var_name="pollutant").assign(case=case.name))
    return ordered(pd.concat(parts, ignore_index=True).assign(unit="t/yr"), "account")


def city_codes(sources: pd.DataFrame, cities: pd.DataFrame) -> pd.Series:
    """adcode of the city of each source; where only the region is known, the area of `cities` that contains
    it.
    """
    known = set(cities["adcode"])
    codes = sources["city"].astype(object)
    elsewhere = ~codes.isin(known)
    if elsewhere.any():
        codes[elsewhere] = [next(iter(known.intersection(area)), "") for area in sources["area"][elsewhere]]
    return codes


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
