"""The three cases before any decision: frozen, law in force, plan (design: sections 2, 3 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.baseline.changes import change_exogenous, change_ratios
from model.baseline.exogenous import balance_rest
from model.baseline.growth import growth_factors
from model.baseline.new_build import PLANT, split_growth, with_derived
from model.baseline.receptors import Air, read_air
from model.baseline.uses import resource_uses, users_of
from model.inventory.columns import SourceColumns
from model.inventory.emissions import Inventory, in_service
from model.inventory.factors import state_effects
from model.scenario.scenario import Scenario
from model.tables.read import Tables


@dataclass(frozen=True)
class Baseline:
    """One case with every source in state 0.

    `inventory` covers the start year and the decision years. Its sources include those of vintage new and
    have more columns than those of the start year: units, the equal units that a row of vintage new stands
    for in its greatest year (changes included), 1 for others; and new_build.PLANT, what the plant of state 0
    of a new source costs, missing for others. `exogenous`: item, year, value in the unit of
    the quantity. What ends in `_unchanged` is that of the frozen case, before any change: what percentages of
    frozen, of the start year or of a decision year are taken of. `air`: how emission acts on concentrations.
    columns: attributes of the sources, which changes leave alone.
    """

    case: str
    inventory: Inventory
    columns: SourceColumns
    exogenous: pd.DataFrame
    response: xr.DataArray  # [source, year, pollutant] what changes multiply the factor of every state by
    activity_unchanged: xr.DataArray  # [source, year]
    exogenous_unchanged: pd.DataFrame
    air: Air


@dataclass(frozen=True)
class Grown:
    """What all cases have in common: sources with those that growth builds, [S], before any change."""

    years: tuple[int, ...]  # the start year and the decision years
    sources: pd.DataFrame
    columns: SourceColumns
    activity: NDArray[np.float64]  # [S, years]
    factor: NDArray[np.float64]  # [S, pollutant]
    exogenous: pd.DataFrame
    air: Air


def build_baseline(tables: Tables, inventory: Inventory, scenario: Scenario, case: str) -> Baseline:
    """Growth and turnover, new sources, then the changes in force in `case` (frozen: none).

    Raises:
        InputError: growth, new_build, responses, balance or the scenario's changes are wrong or say too
            little.
    """
    return with_changes(grow(tables, inventory, scenario), tables, scenario, case)


def grow(tables: Tables, inventory: Inventory, scenario: Scenario) -> Grown:
    """Growth and turnover, new sources, and the rest of the balance: the same in every case.

    Raises:
        InputError: growth, new_build or balance are wrong or say too little.
    """
    years = (scenario.start, *scenario.years)
    sources = inventory.sources
    # Of units that come into service later, too: growth is against what a row says of a year in service.
    start = sources["activity"].to_numpy(dtype=float)
    wanted = start[:, None] * growth_factors(tables, scenario, sources, years) * in_service(sources, years)
    carried, new, new_activity = split_growth(tables, sources, start, wanted)
    activity = np.concatenate([carried, new_activity])
    everyone = sources.assign(units=1.0, **dict.fromkeys(PLANT.values(), np.nan))
    if len(new):
        everyone = pd.concat([everyone, with_derived(new, tables)])
    effects = state_effects(everyone, tables)
    factor = np.concatenate(
        [
            inventory.factor.sel(year=scenario.start, pollutant=list(POLLUTANTS)).to_numpy(),
            effects.loc[new.index, list(POLLUTANTS)].to_numpy(float),
        ]
    )
    uses = resource_uses(users_of(everyone, tables), effects)
    growth = scenario.growth if isinstance(scenario.growth, str) else None
    exogenous = balance_rest(tables, growth, years, {item: use @ activity for item, use in uses.items()})
    return Grown(
        years, everyone, SourceColumns(everyone), activity, factor, exogenous, read_air(tables, scenario)
    )


def with_changes(grown: Grown, tables: Tables, scenario: Scenario, case: str) -> Baseline:
    """The baseline of one case: what has grown, with the changes in force.

    Raises:
        InputError: responses or the scenario's changes are wrong or say too little.
    """
    everyone, activity, years = grown.sources, grown.activity, grown.years
    ratios = change_ratios(tables, scenario, case, grown.columns, activity, years)
    coords = {"source": everyone.index.to_numpy(dtype=object), "year": list(years)}
    response = xr.DataArray(
        ratios.factor, dims=("source", "year", "pollutant"), coords={**coords, "pollutant": list(POLLUTANTS)}
    )
    unchanged = xr.DataArray(activity, dims=("source", "year"), coords=coords)
    changed = Inventory(
        sources=everyone.assign(units=_units(everyone, activity, activity * ratios.activity)),
        activity=unchanged * ratios.activity,
        factor=response * grown.factor[:, None, :],
    )
    rest = change_exogenous(scenario, case, grown.exogenous, years)
    return Baseline(case, changed, grown.columns, rest, response, unchanged, grown.exogenous, grown.air)


def _units(
    sources: pd.DataFrame, before: NDArray[np.float64], after: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Units of every source, [S]: of what growth builds as many more or fewer as changes make of its greatest
    activity.
    """
    units = sources["units"].to_numpy(dtype=float)
    most, now = before.max(axis=1), after.max(axis=1)
    ratio = np.divide(now, most, out=np.ones_like(most), where=most > 0)
    return np.where(sources["vintage"] == "new", units * ratio, units)
