"""Emission by case, year, city, sector and pollutant, from states, activity and factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.base.words import CASES, POLLUTANTS, SECTORS
from model.problem.problem import Floats
from model.results.case import Case
from model.results.results import ordered

PROJECT_SECTOR = {
    **dict.fromkeys(("network_heat", "natural_gas", "peak_electricity"), "fossil_fuel"),
    **dict.fromkeys(("rail_freight", "belt_freight"), "mobile"),
}
"""Sector that an enabling project is booked to, by what it supplies."""


def emission_by_source(case: Case) -> Floats:
    """Emission t/yr of each source and, behind them, each optional project, [S, 1 + Y, pollutant], the start
    year first; nan where a source has no factor, or a project changes nothing.

    start: activity x factor. Later: activity x sum over states of share of the year x (own factor of the
    state x response + indirect factor). A project that is built emits what its supply differs by from what
    users carry.
    """
    inventory = case.baseline.inventory
    start = inventory.emission().transpose("source", "year", "pollutant").sel(pollutant=list(POLLUTANTS))
    states = case.options.states
    owner = states["source"].to_numpy()
    used = case.used[: len(states)]
    factors = states[list(POLLUTANTS)].to_numpy(dtype=float)
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    indirect = case.options.indirect[list(POLLUTANTS)].to_numpy(dtype=float)
    own, made = (np.empty((len(case.sources), used.shape[1], len(POLLUTANTS))) for _ in range(2))
    for year in range(used.shape[1]):
        own[:, year] = np.add.reduceat(used[:, [year]] * (factors - indirect), first, axis=0)
        made[:, year] = np.add.reduceat(used[:, [year]] * indirect, first, axis=0)
    # Options write 0 where a state has no factor: what the inventory does not know and no state adds is not
    # 0.
    known = np.isfinite(inventory.factor.isel(year=0).sel(pollutant=list(POLLUTANTS)).to_numpy())
    later = (own * case.response + made) * case.activity[:, :, None]
    later[~known[:, None, :] & (later == 0)] = np.nan
    of_sources = np.concatenate([start.to_numpy()[:, :1], later], axis=1)
    return np.concatenate([of_sources, _of_projects(case)])


def _of_projects(case: Case) -> Floats:
    """[P, 1 + Y, pollutant]."""
    built = case.used[len(case.options.states) + 1 :: 2]
    changed = built[:, :, None] * case.projects[list(POLLUTANTS)].to_numpy(dtype=float)[:, None, :]
    changed = np.where(changed == 0, np.nan, changed)
    return np.concatenate([np.full((len(changed), 1, len(POLLUTANTS)), np.nan), changed], axis=1)


def emission_frame(cases: Sequence[tuple[Case, Floats]], cities: pd.DataFrame) -> pd.DataFrame:
    """The rows of emissions.csv. A sum over sources none of which has a factor has no row; it is not 0.

    cases: each with its `emission_by_source`.
    """
    parts = []
    names = city_names(cities)
    for case, values in cases:
        years = _years(case)
        projects = case.projects
        codes = pd.concat([city_codes(case.sources, cities), city_codes(projects, cities)])
        sectors = pd.concat([case.sources["sector"], projects["supplies"].map(PROJECT_SECTOR)])
        keys = [codes.map(names).to_numpy(), sectors.to_numpy(dtype=object)]
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
        outside = case.sources["outside_account"].fillna(False).to_numpy(dtype=bool)
        total = np.nansum(np.delete(values, np.flatnonzero(outside), axis=0), axis=0)
        wide = pd.DataFrame(total, columns=list(POLLUTANTS)).assign(year=_years(case))
        parts.append(wide.melt(["year"], var_name="pollutant").assign(case=case.name))
    return ordered(pd.concat(parts, ignore_index=True).assign(unit="t/yr"), "account")


def city_codes(sources: pd.DataFrame, cities: pd.DataFrame) -> pd.Series:
    """adcode of the city of each source or project; where only the region is known, the area of `cities` that
    contains it.
    """
    known = set(cities["adcode"])
    codes = sources["city"].astype(object)
    elsewhere = ~codes.isin(known)
    if elsewhere.any():
        within = sources["within" if "within" in sources else "area"][elsewhere]
        codes[elsewhere] = [next(iter(known.intersection(area)), "") for area in within]
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
