"""What every source can become: states, moves, and what they cost. Here the physical world ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.options.avoided import avoided_plants, less_avoided
from model.options.blocks import Block
from model.options.costs import Money
from model.options.dominance import counted_quantities, keep, more_is_asked, scores, spending_counted
from model.options.effects import add_indirect, marginal_power, quantities, with_measures
from model.options.moves import last_retrofit, make_moves
from model.options.running import freight_cost, fuel_cost, pollutant_cost
from model.options.space import Layout, Space, make_space
from model.options.state_columns import StateColumns
from model.options.supply import heat_of_networks, supply_rates, with_effects
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Options:
    """States and moves of every source, K and M, Y decision years; money of the scenario's price year.

    states: source (position in the baseline's sources), label, fuel, technology, controls, measures (ids,
    none in state 0), ended, meets, low_nox, fuel_group; per unit of activity the pollutants (t, indirect ones
    included), activity (1, or 0 when ended) and uses.RESOURCES; per source, at its greatest activity,
    effects.LOADS. Sorted by source, state 0 first. columns: attributes of the states before any was left out,
    [K0]; left: which of them `states` are.

    indirect: the part of each pollutant that is emitted where power and heat used above state 0 are made.

    running is kinds["fuel"] + kinds["variable"] + kinds["emission_price"], over and above state 0, and so is
    fixed. emission_price: what the scenario's prices of pollutants charge, which is paid and not used up.

    moves: from_state, to_state (rows of states), measures (those added), overnight CNY, annuity CNY/yr, payer
    (joined by + where measures differ), units, capacity, stock (what completing it counts as), book_lost (CNY
    of book value, where the source ends), first_year and last_year in which it can be made.

    outlays: source, measure, overnight, annuity, payer: what moves cost, measure by measure. projects: see
    read_projects and supply.with_effects; project_running and project_priced: what a built one costs a year
    over and above what its users pay, and what prices of pollutants charge it. dropped: states left out since
    another one beats them. unused: measures that fit no source.
    """

    states: pd.DataFrame
    columns: StateColumns
    left: Bools
    indirect: pd.DataFrame
    running: Floats  # [K, Y] CNY per unit of activity
    fixed: Floats  # [K] CNY/yr
    kinds: Mapping[str, Floats]  # fuel, variable, emission_price [K, Y]; fixed [K]
    moves: pd.DataFrame
    outlays: pd.DataFrame
    projects: pd.DataFrame
    project_running: Floats  # [P, Y] CNY/yr
    project_priced: Floats  # [P, Y] CNY/yr
    dropped: int
    unused: tuple[str, ...]


def build_options(tables: Tables, baseline: Baseline, scenario: Scenario) -> Options:
    """The options of one case by itself.

    Raises:
        InputError: as `make_space` and `size_options`.
    """
    return size_options(make_space(tables, baseline.inventory.sources, scenario), tables, baseline, scenario)


def size_options(
    space: Space, tables: Tables, baseline: Baseline, scenario: Scenario, every: bool = False
) -> Options:
    """Uses, loads, costs and moves of every state at the amounts of one case, less the states that others
    beat.

    every: keep those too, so that cases with other prices and limits have the same states.

    Raises:
        InputError: a measure fits a source without the size that its cost is per, or a state uses what has
            no price.
    """
    sources = at_greatest(baseline)
    layout, blocks, states = space.layout, space.blocks, space.states
    size = {c: sources[c].to_numpy(float) for c in ("capacity", "units", "stock", "activity")}
    rows = space.rows.assign(**{name: values[layout.source] for name, values in size.items()})
    money = space.catalogue.lay_over(sources, size)
    money = less_avoided(money, blocks, avoided_plants(baseline, tables, scenario))
    power = _sum(blocks, layout, [m.electricity for m in money])
    ended = states["ended"].to_numpy(dtype=bool)
    missed = np.where(ended, space.rows["heat_given"].to_numpy(float), 0.0)
    effects = with_measures(space.effects, power, _saving(blocks, layout, money), missed)
    uses = dict(quantities(rows, space.users, effects, ended))
    power_lost = np.where(ended & (rows["service"] == "power").to_numpy(), 1.0, 0.0)
    prices, years = space.prices, scenario.years
    marginal = marginal_power(baseline.inventory, scenario.start)
    rates = supply_rates(space.projects, space.plants, prices, years, marginal)
    networks = heat_of_networks(space.projects, rates, marginal)
    indirect = add_indirect(uses, layout.first, power_lost, marginal, networks, space.network)
    emission = np.nan_to_num(effects[list(POLLUTANTS)].to_numpy(float)) + indirect
    projects, project_running, project_priced = with_effects(space.projects, rates, networks, prices, years)

    fuel = fuel_cost(space.bought, effects, prices, years)
    variable = freight_cost(space.bought, prices, years)
    variable += _sum(blocks, layout, [m.variable for m in money])[:, None]
    fixed = _sum(blocks, layout, [m.fixed for m in money])
    priced = pollutant_cost(emission, space.bought, prices, years)
    running = fuel + variable + priced

    uses |= {p: emission[:, at] for at, p in enumerate(POLLUTANTS)}
    overnight = _sum(blocks, layout, [m.overnight for m in money])
    alive = reachable = _reachable(blocks, layout, scenario, sources, overnight, ended)
    if not every:
        annuity = _sum(blocks, layout, [m.annuity for m in money])
        worse = [*running.T, fixed, annuity, *([overnight] if spending_counted(scenario) else [])]
        # What changes scale is the source's own: where they do, own and indirect emission are judged apart.
        for at, scaled in _responding(baseline, scenario):
            here = scaled[layout.source]
            worse += [np.where(here, part[:, at], 0.0) for part in (emission - indirect, indirect)]
        alive = _undominated(space, baseline, scenario, uses, worse, reachable)
    moves, outlays = make_moves(space.arcs, blocks, money, sources, alive, scenario)
    return Options(
        states=pd.concat(
            [
                states[alive].reset_index(drop=True),
                pd.DataFrame({name: use[alive] for name, use in uses.items()}, copy=False),
            ],
            axis=1,
        ),
        columns=space.columns,
        left=alive,
        indirect=pd.DataFrame(indirect[alive], columns=list(POLLUTANTS)),
        running=running[alive],
        fixed=fixed[alive],
        kinds={
            "fuel": fuel[alive],
            "variable": variable[alive],
            "fixed": fixed[alive],
            "emission_price": priced[alive],
        },
        moves=moves,
        outlays=outlays,
        projects=projects,
        project_running=project_running,
        project_priced=project_priced,
        dropped=int(reachable.sum() - alive.sum()),
        unused=space.unused,
    )


def _responding(baseline: Baseline, scenario: Scenario) -> list[tuple[int, Bools]]:
    """Pollutants that count and whose factors changes scale, each with the sources where they do, [S]."""
    counted = {counted.quantity for counted in counted_quantities(scenario)} | set(scenario.prices)
    changed = (baseline.response != 1).any("year")
    scaled = [
        (at, changed.sel(pollutant=name).to_numpy()) for at, name in enumerate(POLLUTANTS) if name in counted
    ]
    return [(at, here) for at, here in scaled if here.any()]


def at_greatest(baseline: Baseline) -> pd.DataFrame:
    """Sources with the activity of their greatest year, and the vehicles and homes that go with it."""
    sources = baseline.inventory.sources
    given = sources["activity"].to_numpy(float)
    greatest = baseline.inventory.activity.max("year").to_numpy()
    times = np.divide(greatest, given, out=np.ones_like(given), where=given > 0)
    return sources.assign(activity=greatest, stock=sources["stock"] * times)


def _sum(blocks: Sequence[Block], layout: Layout, by_measure: Sequence[Floats]) -> Floats:
    """Sum over the measures of each state's package, [K], of arrays [n, m]."""
    out = np.zeros(len(layout.source))
    for block, at, values in zip(blocks, layout.at, by_measure, strict=True):
        out[at] = values @ block.part.astype(float)
    return out


def _saving(blocks: Sequence[Block], layout: Layout, money: Sequence[Money]) -> Floats:
    """Share of fuel, power and heat saved in each state, [K]; what measures leave multiplies."""
    out = np.zeros(len(layout.source))
    for block, at, values in zip(blocks, layout.at, money, strict=True):
        left = np.ones(at.shape)
        for m in np.flatnonzero(values.saving.any(axis=0)):
            left *= np.where(block.part[m], 1 - values.saving[:, [m]], 1.0)
        out[at] = 1 - left
    return out


def _reachable(
    blocks: Sequence[Block],
    layout: Layout,
    scenario: Scenario,
    sources: pd.DataFrame,
    overnight: Floats,
    ended: Bools,
) -> Bools:
    """States [K] that a move can reach within the years of the scenario (retrofits: well before a known
    closure).
    """
    last = np.minimum(last_retrofit(sources)[layout.source], scenario.years[-1])
    last = np.where((overnight > 0) & ~ended, last, scenario.years[-1])
    out = np.zeros(len(layout.source), dtype=bool)
    for block, at in zip(blocks, layout.at, strict=True):
        out[at] = np.maximum(block.first_year, scenario.years[0]) <= last[at]
    out[layout.first] = True
    return out


def _undominated(
    space: Space,
    baseline: Baseline,
    scenario: Scenario,
    uses: Mapping[str, Floats],
    money: Sequence[Floats],
    reachable: Bools,
) -> Bools:
    """States left when those that another one beats are gone, [K]."""
    if more_is_asked(scenario) or scenario.plan_file is not None:
        return reachable
    worse = np.array([*money, *scores(scenario, baseline.columns, space.states, space.columns, uses)])
    closing = baseline.inventory.sources["to_year"].notna().to_numpy()
    strict = spending_counted(scenario)
    alive = reachable.copy()
    for block, at in zip(space.blocks, space.layout.at, strict=True):
        # Before a known closure retrofits end, and moves of one state may last longer than of another.
        rows = at[~closing[block.sources]]
        if len(rows) and len(block.states) > 1:
            alive[rows] = keep(alive[rows], worse[:, rows], block.first_year, block.arcs, strict)
    return alive
