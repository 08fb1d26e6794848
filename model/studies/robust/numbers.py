"""The uncertain numbers behind the problem of a case: how states and sources follow the parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.inventory.emissions import Inventory
from model.inventory.factors import state_effects
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.chains import Chain, chains_of
from model.inventory.uncertain.parameters import Parameters, elasticities
from model.options.effects import distinct_rows, state_rows
from model.options.options import Options
from model.problem.problem import Bools, Places, Problem
from model.problem.spread import Numbers, Part
from model.problem.world import INDIRECT
from model.scenario.scenario import Scenario
from model.studies.robust.growth import growth_elasticities
from model.tables.read import Tables

STANDS_FOR = ["class", "city"]
"""What a new source has in common with those whose statistics it follows."""


@dataclass(frozen=True)
class ChainTimes:
    """`Numbers.times` of the chains of an inventory's states."""

    chains: tuple[Chain, ...]

    def __call__(self, chains: Ints, theta: Floats) -> Floats:
        """Factors over those at theta = 0, [n, D]."""
        return np.array([np.broadcast_to(self.chains[at].times(theta), theta.shape[1]) for at in chains])


@dataclass(frozen=True)
class _States:
    """The states of a case that differ in what factors follow, and which of them each state is, [K]."""

    distinct: pd.DataFrame
    factor: Floats
    of: Ints

    def chains(self, tables: Tables, parameters: Parameters) -> tuple[tuple[Chain, ...], Ints]:
        """The chains, and that of each state and pollutant, [K, pollutant]."""
        found = chains_of(self.distinct, self.factor, tables, parameters)
        return found.chains, found.of[self.of]


def uncertain_numbers(
    tables: Tables,
    scenario: Scenario,
    inventory: Inventory,
    parameters: Parameters,
    case: tuple[Baseline, Options, Problem],
    pollutants: Collection[str],
) -> tuple[Numbers, Ints]:
    """How the problem of a case follows the parameters that it has to do with, and which of all those are.

    inventory, parameters: of the start year. Emission of power and heat drawn elsewhere (`indirect`) follows
    the numbers of the region's coal units. Optional projects, what measures save, and responses to changes
    are taken as certain. Raises InputError as `state_effects` does.
    """
    baseline, options, problem = case
    sources = baseline.inventory.sources
    projects = len(problem.source) - len(sources)
    first, code = distinct_rows(state_rows(sources, options.states, tables), tables)
    factor = state_effects(first, tables)[list(POLLUTANTS)].to_numpy(float)
    states = _States(first, factor, code)
    years = (scenario.start, *scenario.years)
    statistics = _statistics(inventory, sources, parameters)
    grown = growth_elasticities(tables, scenario, sources, years, parameters)
    activity = [csr_array(statistics + each) for each in grown]

    columns = [POLLUTANTS.index(name) for name in pollutants]
    chains, chain = states.chains(tables, parameters)
    used = _used([chains[at] for at in np.unique(chain[:, columns]) if at >= 0], activity, parameters)
    kept, narrowed = np.flatnonzero(used), parameters.narrowed(used)
    chains, chain = states.chains(tables, narrowed)
    own = elasticities(first, tables, narrowed)
    own_sd = np.zeros(len(problem.source))
    own_sd[: len(inventory.sources)] = parameters.unit_log_sd
    parts: dict[str, tuple[Part, ...]] = {}
    for name, at in zip(pollutants, columns, strict=True):
        rows = csr_array(own[at :: len(POLLUTANTS)])[code]
        parts |= _parts(name, rows, chain[:, at], case, 2 * projects)
    numbers = Numbers(
        log_sd=narrowed.log_sd,
        own=own_sd,
        factor=parts,
        activity=tuple(_padded(each[:, kept], projects) for each in activity),
        times=ChainTimes(chains),
    )
    return numbers, kept


def _used(chains: Collection[Chain], activity: Collection[csr_array], parameters: Parameters) -> Bools:
    """Which parameters chains and activity follow, [J]."""
    used = np.zeros(len(parameters.frame), dtype=bool)
    used[parameters.of_activity] = True
    for each in activity:
        used[each.indices] = True
    for chain in chains:
        others = (*chain.passing, *chain.added, *((outlet.parameter, 0.0) for outlet in chain.outlets))
        numbers = np.array([chain.factor, *(number for number, _ in others)])
        used[numbers[numbers >= 0]] = True
    return used


def _padded(rows: csr_array, count: int) -> csr_array:
    """The rows, and `count` empty ones for projects."""
    return csr_array(vstack([rows, csr_array((count, rows.shape[1]))], format="csr"))


def _parts(
    pollutant: str, own: csr_array, chain: Ints, case: tuple[Baseline, Options, Problem], projects: int
) -> dict[str, tuple[Part, ...]]:
    """A pollutant's own and indirect parts, by quantity: two quantities where the problem has them apart.

    own, chain [K]: of the states without projects.
    """
    baseline, options, problem = case
    count, at = len(options.states), POLLUTANTS.index(pollutant)
    first = np.searchsorted(options.states["source"].to_numpy(), np.arange(len(baseline.inventory.sources)))
    marginal = _of_coal_power(baseline.inventory, csr_array(own[first]), at)
    chains = np.append(chain, np.full(projects, -1))
    certain = np.append(np.ones(count), np.ones(projects))
    elsewhere = csr_array(np.ones((count, 1))) @ csr_array(marginal[None, :])
    alone = Part(certain, _padded(own, projects), chains)
    other = Part(certain, _padded(csr_array(elsewhere), projects), np.full(count + projects, -1))
    if any(str(name).startswith(INDIRECT + pollutant) for name in problem.quantity):
        return {pollutant: (alone,), INDIRECT + pollutant: (other,)}
    indirect = options.indirect[pollutant].to_numpy(float)
    total = options.states[pollutant].to_numpy(float)
    share = np.divide(indirect, total, out=np.zeros_like(total), where=total > 0)
    share = np.append(share, np.zeros(projects))
    return {
        pollutant: (
            Part(1 - share, alone.elasticity, alone.chain),
            Part(share, other.elasticity, other.chain),
        )
    }


def _of_coal_power(inventory: Inventory, own: csr_array, pollutant: int) -> Floats:
    """Elasticities of the mean factor of coal units, [J]; own: of the first state of each source, [S, J]."""
    sources = inventory.sources
    coal = ((sources["class"] == "power_unit") & (sources["fuel"] == "coal")).to_numpy(dtype=bool)
    emitted = inventory.activity.isel(year=0) * inventory.factor.isel(year=0, pollutant=pollutant)
    weight = np.where(coal, np.nan_to_num(emitted.to_numpy()), 0.0)
    total = weight.sum()
    return np.asarray(own.T @ weight / total if total > 0 else np.zeros(own.shape[1]))


def _statistics(inventory: Inventory, sources: pd.DataFrame, parameters: Parameters) -> csr_array:
    """Elasticities of activity on the statistics it rests on, [S, J]: 1 on its own for what stands, and for
    what growth builds (the rows behind) those of the sources of its class and city, by their activity.
    """
    standing = len(inventory.sources)
    entries = (np.ones(standing), (np.arange(standing), parameters.of_activity))
    own = csr_array(entries, shape=(standing, len(parameters.frame)))
    if len(sources) == standing:
        return own
    activity = inventory.activity.isel(year=0).to_numpy()
    kind = sources.groupby(STANDS_FOR, dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
    alike = _shares(kind[:standing], activity, kind[standing:])
    return csr_array(vstack([own, alike @ own], format="csr"))


def _shares(kind: Places, activity: Floats, wanted: Places) -> csr_array:
    """Share of each source in the activity of its kind, a row for each kind wanted."""
    total = np.bincount(kind, activity, int(max(kind.max(), wanted.max())) + 1)
    row, column = np.nonzero(wanted[:, None] == kind)
    under = total[kind[column]]
    share = np.divide(activity[column], under, out=np.zeros(len(column)), where=under > 0)
    return csr_array((share, (row, column)), shape=(len(wanted), len(kind)))
