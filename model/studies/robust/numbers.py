"""The uncertain numbers behind the problem of a case: how states and sources follow the parameters."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import sparse

from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.parameters import Parameters, elasticities
from model.options.effects import distinct_rows, state_rows
from model.options.options import Options
from model.problem.problem import Problem
from model.problem.spread import Numbers
from model.problem.world import INDIRECT
from model.scenario.scenario import Scenario
from model.studies.robust.growth import growth_elasticities
from model.tables.read import Tables

STANDS_FOR = ("class", "city")
"""What a new source has in common with those whose statistics it follows."""


def uncertain_numbers(
    tables: Tables,
    scenario: Scenario,
    inventory: Inventory,
    parameters: Parameters,
    case: tuple[Baseline, Options, Problem],
    pollutants: Collection[str],
) -> tuple[Numbers, Parameters]:
    """How the problem of a case follows the parameters that it has to do with, and those parameters.

    inventory, parameters: of the start year. Emission of power and heat drawn elsewhere (`indirect`) follows
    the numbers of the region's coal units. Optional projects, what measures save, and responses to changes
    are taken as certain. Raises InputError as `state_effects` does.
    """
    baseline, options, problem = case
    projects = len(problem.source) - len(baseline.inventory.sources)
    factor = _factors(tables, parameters, case, pollutants)
    activity = [
        own + grown
        for own, grown in zip(
            [_statistics(inventory, baseline, parameters)] * (1 + len(scenario.years)),
            growth_elasticities(
                tables, scenario, baseline.inventory.sources, (scenario.start, *scenario.years), parameters
            ),
            strict=True,
        )
    ]
    used = np.zeros(len(parameters.frame), dtype=bool)
    used[parameters.of_activity] = True
    for each in (*factor.values(), *activity):
        used[each.indices] = True
    kept = np.flatnonzero(used)
    own = np.zeros(len(problem.source))
    own[: len(inventory.sources)] = parameters.unit_log_sd
    narrowed = parameters.narrowed(used)
    numbers = Numbers(
        log_sd=narrowed.log_sd,
        known=np.zeros((len(kept), 0)),
        own=own,
        factor={name: _padded(each[:, kept], 2 * projects) for name, each in factor.items()},
        activity=tuple(_padded(each[:, kept], projects) for each in activity),
    )
    return numbers, narrowed


def _padded(rows: sparse.csr_array, count: int) -> sparse.csr_array:
    """The rows, and `count` empty ones for projects."""
    return sparse.csr_array(sparse.vstack([rows, sparse.csr_array((count, rows.shape[1]))], format="csr"))


def _factors(
    tables: Tables,
    parameters: Parameters,
    case: tuple[Baseline, Options, Problem],
    pollutants: Collection[str],
) -> dict[str, sparse.csr_array]:
    """Elasticities of the factor of each state, [K, J], by quantity: of its own and indirect emission
    together, weighted by what each is of the factor, or apart where the problem has them apart.
    """
    baseline, options, problem = case
    sources = baseline.inventory.sources
    rows = state_rows(sources, options.states, tables)
    first, code = distinct_rows(rows, tables)
    every = elasticities(first, tables, parameters)
    apart = {str(name).partition("@")[0] for name in problem.quantity}
    start = np.searchsorted(options.states["source"].to_numpy(), np.arange(len(sources)))
    out = {}
    for name in pollutants:
        at = POLLUTANTS.index(name)
        own = every[at :: len(POLLUTANTS)][code]
        marginal = _of_coal_power(sources, baseline.inventory, own[start], at)
        indirect = options.indirect[name].to_numpy(float)
        if INDIRECT + name in apart:
            out[name] = own
            out[INDIRECT + name] = _outer((indirect > 0).astype(float), marginal)
            continue
        total = options.states[name].to_numpy(float)
        share = np.divide(indirect, total, out=np.zeros_like(total), where=total > 0)
        out[name] = own.multiply((1 - share)[:, None]).tocsr() + _outer(share, marginal)
    return out


def _outer(weight: Floats, row: Floats) -> sparse.csr_array:
    """A row [J] times each weight [K]."""
    return sparse.csr_array(sparse.csr_array(weight[:, None]) @ sparse.csr_array(row[None, :]))


def _of_coal_power(
    sources: pd.DataFrame, inventory: Inventory, own: sparse.csr_array, pollutant: int
) -> Floats:
    """Elasticities of the mean factor of coal units, [J]; own: of the first state of each source, [S, J]."""
    coal = ((sources["class"] == "power_unit") & (sources["fuel"] == "coal")).to_numpy(dtype=bool)
    emitted = inventory.activity.isel(year=0) * inventory.factor.isel(year=0, pollutant=pollutant)
    weight = np.where(coal, np.nan_to_num(emitted.to_numpy()), 0.0)
    total = weight.sum()
    return np.asarray(own.T @ weight / total if total > 0 else np.zeros(own.shape[1]))


def _statistics(inventory: Inventory, baseline: Baseline, parameters: Parameters) -> sparse.csr_array:
    """Elasticities of activity on the statistics it rests on, [S, J]: 1 on its own for what stands, and for
    what growth builds those of the sources of its class and city, by their activity.
    """
    standing, sources = len(inventory.sources), baseline.inventory.sources
    size = len(parameters.frame)
    own = sparse.csr_array(
        (np.ones(standing), (np.arange(standing), parameters.of_activity)), shape=(standing, size)
    )
    if len(sources) == standing:
        return own
    activity = inventory.activity.isel(year=0).to_numpy()
    kind = sources.groupby(list(STANDS_FOR), dropna=False, sort=False).ngroup().to_numpy()
    return sparse.csr_array(
        sparse.vstack([own, _shares(kind[:standing], activity, kind[standing:]) @ own], format="csr")
    )


def _shares(kind: Ints, activity: Floats, wanted: Ints) -> sparse.csr_array:
    """Share of each source in the activity of its kind, a row for each kind wanted."""
    total = np.bincount(kind, activity, max(int(kind.max()), int(wanted.max())) + 1)
    row, column = np.nonzero(wanted[:, None] == kind)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.nan_to_num(activity[column] / total[kind[column]])
    return sparse.csr_array((share, (row, column)), shape=(len(wanted), len(kind)))
