"""What every source can become: states, moves, and what they cost. Here the physical world ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.options.blocks import Block, make_blocks
from model.options.costs import Catalogue, Money
from model.options.dominance import keep, more_is_asked, scores, spending_counted
from model.options.effects import (
    add_indirect,
    evaluate,
    marginal_power,
    quantities,
    state_rows,
    with_measures,
)
from model.options.moves import last_retrofit, make_moves
from model.options.packages import Measure, read_measures, slots_of_controls
from model.options.prices import Deflators, Prices
from model.options.projects import read_projects
from model.options.running import freight_cost, fuel_cost, pollutant_cost
from model.scenario.scenario import Scenario
from model.tables.read import Tables
from model.tables.rules import ENDED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Options:
    """States and moves of every source, K and M, Y decision years; money of the scenario's price year.

    states: source (position in the baseline's sources), label, fuel, technology, controls, measures (ids,
    none in state 0), ended, meets, low_nox, fuel_group; per unit of activity the pollutants (t, indirect ones
    included), activity (1, or 0 when ended) and uses.RESOURCES; per source, at its greatest activity,
    effects.LOADS. Sorted by source, state 0 first.

    indirect: the part of each pollutant that is emitted where power and heat used above state 0 are made.

    running is kinds["fuel"] + kinds["variable"], over and above state 0, and so is fixed.

    moves: from_state, to_state (rows of states), measures (those added), overnight CNY, annuity CNY/yr, payer
    (joined by + where measures differ), units, capacity, stock (what completing it counts as), book_lost (CNY
    of book value, where the source ends), first_year and last_year in which it can be made.

    outlays: source, measure, overnight, annuity, payer: what moves cost, measure by measure. projects: see
    read_projects. dropped: states left out since another one beats them. unused: measures that fit no source.
    """

    states: pd.DataFrame
    indirect: pd.DataFrame
    running: Floats  # [K, Y] CNY per unit of activity
    fixed: Floats  # [K] CNY/yr
    kinds: Mapping[str, Floats]  # fuel, variable [K, Y]; fixed [K]
    moves: pd.DataFrame
    outlays: pd.DataFrame
    projects: pd.DataFrame
    dropped: int
    unused: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """States of all blocks in one order: by source, then as in its block. at[block] is [n, K] -> row."""

    source: Ints
    first: Ints  # [K] row of state 0 of the same source
    at: tuple[Ints, ...]


def build_options(tables: Tables, baseline: Baseline, scenario: Scenario) -> Options:
    """Packages, their effects and costs, the moves between them, less the states that others beat.

    Raises:
        InputError: measures, measure_data, prices, deflators or projects are wrong or say too little; a
            measure that the scenario names is not in the catalogue or fits no source.
    """
    sources = _at_greatest(baseline)
    slot_of = slots_of_controls(tables)
    measures = _on_offer(tables, scenario)
    blocks = make_blocks(sources, measures, slot_of)
    unused = _unused(measures, blocks, scenario)
    layout = _lay_out(blocks, len(sources))
    states = _states(blocks, layout)
    money = _money(tables, scenario, sources, blocks)

    rows = state_rows(sources, states)
    power = _sum(blocks, layout, [m.electricity for m in money])
    effects = with_measures(evaluate(rows, tables), power, _saving(blocks, layout, money))
    states = states.assign(
        meets=effects["meets"].to_numpy(),
        low_nox=effects["low_nox"].to_numpy(),
        fuel_group=rows["fuel"].map(tables.frame["fuels"].set_index("fuel")["group"]).to_numpy(),
    )
    effects = effects.assign(fuel_group=states["fuel_group"].to_numpy())
    peak = sources["activity"].to_numpy(float)[layout.source]
    uses = dict(quantities(rows, effects, states["ended"].to_numpy(), peak, tables))
    power_lost = np.where(states["ended"] & (rows["service"] == "power"), 1.0, 0.0)
    indirect = add_indirect(
        uses, layout.first, power_lost, marginal_power(baseline.inventory, scenario.start)
    )
    emission = np.nan_to_num(effects[list(POLLUTANTS)].to_numpy(float)) + indirect

    prices = Prices(tables, scenario, Deflators(tables, scenario.price_year))
    years = scenario.years
    fuel = fuel_cost(rows, effects, layout.first, prices, years)
    variable = freight_cost(rows, layout.first, prices, years)
    variable += pollutant_cost(emission, layout.first, rows, prices, years)
    variable += _sum(blocks, layout, [m.variable for m in money])[:, None]
    fixed = _sum(blocks, layout, [m.fixed for m in money])

    uses |= {p: emission[:, at] for at, p in enumerate(POLLUTANTS)}
    annuity = _sum(blocks, layout, [m.annuity for m in money])
    overnight = _sum(blocks, layout, [m.overnight for m in money])
    reachable = _reachable(blocks, layout, scenario, sources, overnight)
    worse = [*(fuel + variable).T, fixed, annuity, *([overnight] if spending_counted(scenario) else [])]
    alive = _undominated(blocks, layout, scenario, sources, states, uses, worse, reachable)

    number = np.cumsum(alive) - 1
    states = pd.concat([states, pd.DataFrame(uses, index=states.index)], axis=1)
    moves, outlays = make_moves(blocks, layout.at, money, sources, alive, number, scenario)
    return Options(
        states=states[alive].reset_index(drop=True),
        indirect=pd.DataFrame(indirect[alive], columns=list(POLLUTANTS)),
        running=(fuel + variable)[alive],
        fixed=fixed[alive],
        kinds={"fuel": fuel[alive], "variable": variable[alive], "fixed": fixed[alive]},
        moves=moves,
        outlays=outlays,
        projects=read_projects(tables, scenario),
        dropped=int(reachable.sum() - alive.sum()),
        unused=unused,
    )


def _on_offer(tables: Tables, scenario: Scenario) -> list[Measure]:
    """The catalogue as the scenario has it."""
    catalogue = read_measures(tables)
    faults = [
        Fault(str(scenario.path), None, f"measures.{m}", m, "is not in measures.csv", nearest(m, catalogue))
        for m in scenario.measures
        if m not in catalogue
    ]
    if faults:
        raise InputError(faults)
    out = []
    for measure in catalogue.values():
        option = scenario.measures.get(measure.id)
        if option is None:
            out.append(measure)
        elif option.available:
            out.append(replace(measure, first_year=option.first_year or measure.first_year))
    return out


def _unused(measures: Sequence[Measure], blocks: Sequence[Block], scenario: Scenario) -> tuple[str, ...]:
    used = {m.id for block in blocks for m in block.measures}
    unused = tuple(m.id for m in measures if m.id not in used)
    faults = [
        Fault(str(scenario.path), None, f"measures.{m}", m, "fits no source of the region", "leave it out")
        for m in unused
        if m in scenario.measures
    ]
    if faults:
        raise InputError(faults)
    return unused


def _lay_out(blocks: Sequence[Block], sources: int) -> _Layout:
    counts = np.zeros(sources, dtype=np.int64)
    for block in blocks:
        counts[block.sources] = len(block.states)
    start = np.concatenate([[0], np.cumsum(counts)])
    source = np.repeat(np.arange(sources), counts)
    at = tuple(start[block.sources][:, None] + np.arange(len(block.states)) for block in blocks)
    return _Layout(source, start[source], at)


def _states(blocks: Sequence[Block], layout: _Layout) -> pd.DataFrame:
    """What each state is; labels that two states of a source share are told apart by their measures."""
    columns = {
        name: np.empty(len(layout.source), dtype=object)
        for name in ("label", "fuel", "technology", "controls", "measures")
    }
    for block, at in zip(blocks, layout.at, strict=True):
        labels = [s.label for s in block.states]
        for k, state in enumerate(block.states):
            label = state.label
            if labels.index(label) != k:
                label = f"{label} ({', '.join(state.measures)})"
            for name, value in (("label", label), ("controls", state.controls), ("measures", state.measures)):
                # A tuple is one cell, which numpy takes in only as a list of cells.
                columns[name][at[:, k]] = [value] * len(at)
            columns["fuel"][at[:, k]], columns["technology"][at[:, k]] = state.fuel, state.technology
    ended = np.isin(columns["technology"].astype(str), ENDED)
    return pd.DataFrame({"source": layout.source, **columns, "ended": ended})


def _at_greatest(baseline: Baseline) -> pd.DataFrame:
    """Sources with the activity of their greatest year, and the vehicles and homes that go with it."""
    sources = baseline.inventory.sources
    given = sources["activity"].to_numpy(float)
    greatest = baseline.inventory.activity.max("year").to_numpy()
    times = np.divide(greatest, given, out=np.ones_like(given), where=given > 0)
    return sources.assign(activity=greatest, stock=sources["stock"] * times)


def _money(tables: Tables, scenario: Scenario, sources: pd.DataFrame, blocks: Sequence[Block]) -> list[Money]:
    """Money of each block's measures, arrays [n, m]."""
    factors = {m: option.cost for m, option in scenario.measures.items()}
    catalogue = Catalogue(tables, scenario, Deflators(tables, scenario.price_year), factors)
    size = {c: sources[c].to_numpy(float) for c in ("capacity", "units", "stock", "activity")}
    return catalogue.lay_over(blocks, sources, size)


def _sum(blocks: Sequence[Block], layout: _Layout, by_measure: Sequence[Floats]) -> Floats:
    """Sum over the measures of each state's package, [K], of arrays [n, m]."""
    out = np.zeros(len(layout.source))
    for block, at, values in zip(blocks, layout.at, by_measure, strict=True):
        out[at] = values @ block.part.astype(float)
    return out


def _saving(blocks: Sequence[Block], layout: _Layout, money: Sequence[Money]) -> Floats:
    """Share of fuel, power and heat saved in each state, [K]; what measures leave multiplies."""
    out = np.zeros(len(layout.source))
    for block, at, values in zip(blocks, layout.at, money, strict=True):
        left = np.ones(at.shape)
        for m in np.flatnonzero(values.saving.any(axis=0)):
            left *= np.where(block.part[m], 1 - values.saving[:, [m]], 1.0)
        out[at] = 1 - left
    return out


def _reachable(
    blocks: Sequence[Block], layout: _Layout, scenario: Scenario, sources: pd.DataFrame, overnight: Floats
) -> Bools:
    """States [K] that a move can reach within the years of the scenario (retrofits: well before a known
    closure).
    """
    last = np.minimum(last_retrofit(sources)[layout.source], scenario.years[-1])
    last = np.where(overnight > 0, last, scenario.years[-1])
    out = np.zeros(len(layout.source), dtype=bool)
    for block, at in zip(blocks, layout.at, strict=True):
        out[at] = np.maximum(block.first_year, scenario.years[0]) <= last[at]
    out[layout.first] = True
    return out


def _undominated(
    blocks: Sequence[Block],
    layout: _Layout,
    scenario: Scenario,
    sources: pd.DataFrame,
    states: pd.DataFrame,
    uses: Mapping[str, Floats],
    money: Sequence[Floats],
    reachable: Bools,
) -> Bools:
    """States left when those that another one beats are gone, [K]."""
    if more_is_asked(scenario) or scenario.plan_file is not None:
        return reachable
    worse = [*money, *scores(scenario, sources, states, uses)]
    closing = sources["to_year"].notna().to_numpy()
    alive = reachable.copy()
    for block, at in zip(blocks, layout.at, strict=True):
        # Before a known closure retrofits end, and moves of one state may last longer than of another.
        rows = at[~closing[block.sources]]
        if len(rows) and len(block.states) > 1:
            own = [score[rows] for score in worse]
            alive[rows] = keep(alive[rows], own, block.first_year, block.arcs, spending_counted(scenario))
    return alive
