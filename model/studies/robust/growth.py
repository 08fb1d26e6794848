"""How activity follows the rows of growth: d log activity / d theta."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from model.baseline.growth import KEYS
from model.inventory.lookup import best_rows, group_states
from model.inventory.uncertain.parameters import Parameters
from model.problem.problem import Places
from model.scenario.scenario import Scenario
from model.tables.read import Tables


def growth_elasticities(
    tables: Tables, scenario: Scenario, sources: pd.DataFrame, years: Sequence[int], parameters: Parameters
) -> list[csr_array]:
    """For each year, [S, J]: 1 for the row of that year, and shares where it lies between two rows.

    What growth adds to existing sources and what it builds anew are alike: their sum follows the row. The
    start year, and growth that a scenario writes itself, follow none.
    """
    none = csr_array((len(sources), len(parameters.frame)))
    if not isinstance(scenario.growth, str):
        return [none] * len(years)
    frame = tables.frame["growth"]
    rows = frame[(frame["growth"] == scenario.growth) & (frame["base_year"] == scenario.start)]
    keys = ["class", *KEYS]
    series = rows.drop_duplicates(keys).reset_index(drop=True)
    chosen = best_rows(series, group_states(sources, keys), keys)
    grown = np.flatnonzero(chosen >= 0)
    of_series = rows.groupby(keys, dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
    out = []
    for year in years:
        entries = _at_year(rows, of_series, year, scenario.start, parameters)
        by_series = csr_array(entries, shape=(len(series), len(parameters.frame)))
        pick = csr_array((np.ones(len(grown)), (grown, chosen[grown])), shape=(len(sources), len(series)))
        out.append(pick @ by_series if year != scenario.start else none)
    return out


def _at_year(
    rows: pd.DataFrame, of_series: Places, year: int, start: int, parameters: Parameters
) -> tuple[list[float], tuple[list[int], list[int]]]:
    """Elasticities of the factor of a year: value, (series, parameter)."""
    parameter = parameters.of_rows(rows)
    values: list[float] = []
    at: tuple[list[int], list[int]] = ([], [])
    for number in np.unique(of_series):
        mine = np.flatnonzero(of_series == number)
        mine = mine[np.argsort(rows["year"].to_numpy()[mine])]
        known = [start, *rows["year"].to_numpy()[mine].tolist()]
        factor = np.array([1.0, *rows["factor"].to_numpy(float)[mine]])
        weight = np.array([np.interp(year, known, unit) for unit in np.eye(len(known))]) * factor
        for row, share in zip(mine, weight[1:] / max(weight.sum(), 1e-300), strict=True):
            if share and parameter[row] >= 0:
                values.append(float(share))
                at[0].append(int(number))
                at[1].append(int(parameter[row]))
    return values, at
