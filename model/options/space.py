"""What sources can become whatever their amounts: states, effects and prices, the same in every case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.baseline.uses import Users, users_of
from model.inventory.columns import SourceColumns
from model.options.blocks import Block, make_blocks
from model.options.costs import Catalogue
from model.options.effects import evaluate, state_rows
from model.options.moves import Arcs, make_arcs
from model.options.packages import Measure, read_measures, slots_of_controls
from model.options.prices import Deflators, Prices
from model.options.projects import discounted, read_projects
from model.options.running import Bought, bought_by
from model.options.state_columns import StateColumns
from model.options.supply import Plants, plants_of
from model.scenario.scenario import Scenario
from model.tables.read import Tables
from model.tables.rules import ENDED

Ints = NDArray[np.int64]

COSTED = frozenset({"measures", "price_year"})
PRICED = frozenset({"prices", "price_year"})
PLANNED = frozenset({"projects"})
"""What of a scenario the catalogue, the prices and the projects follow beside the discount rate, where states
are the same.
"""


@dataclass(frozen=True)
class Layout:
    """States of all blocks in one order: by source, then as in its block. at[block] is [n, K] -> row."""

    source: Ints
    first: Ints  # [K] row of state 0 of the same source
    at: tuple[Ints, ...]


@dataclass(frozen=True)
class Space:
    """Blocks of sources and their states, [K], before any is left out.

    states: source, label, fuel, technology, controls, measures, ended, meets, low_nox, fuel_group as Options
    has them. columns: their attributes. rows: of `state_rows`. effects: `state_effects` of them, without what
    measures use and save; users and bought: what they use and pay for; arcs: the moves between them; network:
    that of the source, as place in the list of all. plants: the boilers of projects.
    """

    blocks: tuple[Block, ...]
    layout: Layout
    arcs: Arcs
    states: pd.DataFrame
    columns: StateColumns
    rows: pd.DataFrame
    effects: pd.DataFrame
    users: Users
    bought: Bought
    network: tuple[Ints, NDArray[np.object_]]
    plants: Plants
    catalogue: Catalogue
    prices: Prices
    projects: pd.DataFrame
    unused: tuple[str, ...]


def make_space(tables: Tables, sources: pd.DataFrame, scenario: Scenario) -> Space:
    """Packages, their effects, and what prices them.

    sources: those of a baseline, of whatever case.

    Raises:
        InputError: measures, measure_data, prices, deflators or projects are wrong or say too little; a
            measure that the scenario names is not in the catalogue or fits no source.
    """
    measures = _on_offer(tables, scenario)
    projects = read_projects(tables, scenario)
    blocks = tuple(make_blocks(_reached(sources, projects), measures, slots_of_controls(tables)))
    unused = _unused(measures, blocks, scenario)
    layout = _lay_out(blocks, len(sources))
    states = _states(blocks, layout)
    rows = state_rows(sources, states, tables)
    effects = evaluate(rows, tables)
    states = states.assign(
        meets=effects["meets"].to_numpy(),
        low_nox=effects["low_nox"].to_numpy(),
        fuel_group=rows["fuel"].map(tables.frame["fuels"].set_index("fuel")["group"]).to_numpy(),
    )
    network, names = pd.factorize(rows["network"].to_numpy(dtype=object), use_na_sentinel=False)
    return Space(
        blocks=blocks,
        layout=layout,
        arcs=make_arcs(blocks, layout.at, sources),
        states=states,
        columns=StateColumns(states, SourceColumns(sources)),
        rows=rows,
        effects=effects,
        users=users_of(rows, tables),
        bought=bought_by(rows, states["fuel_group"], layout.first),
        network=(network, np.asarray(names, dtype=object)),
        plants=plants_of(projects, tables),
        catalogue=Catalogue(tables, scenario, blocks),
        prices=Prices(tables, scenario, Deflators(tables, scenario.price_year)),
        projects=projects,
        unused=unused,
    )


def repriced(space: Space, tables: Tables, scenario: Scenario, touched: Collection[str]) -> Space:
    """The same states with the money and the projects of a scenario that offers the same measures.

    touched: names of what is not as in the scenario that the space was made for.

    Raises:
        InputError: as `make_space`.
    """
    catalogue, prices, projects = space.catalogue, space.prices, space.projects
    if not COSTED.isdisjoint(touched):
        catalogue = Catalogue(tables, scenario, space.blocks)
    if not PRICED.isdisjoint(touched):
        prices = Prices(tables, scenario, Deflators(tables, scenario.price_year))
    if not PLANNED.isdisjoint(touched):
        projects = read_projects(tables, scenario)
    rate = scenario.discount_rate
    return replace(
        space, catalogue=catalogue.discounted(rate), prices=prices, projects=discounted(projects, rate)
    )


def _reached(sources: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Sources with the gas that projects bring to their county: by LNG station to its towns.

    A limit `at_most: supply` by county keeps what is burnt there to what the stations supply.
    """
    served = set(projects.loc[projects["supplies"] == "natural_gas", "serves"])
    town = sources["zone"] != "rural"
    brought = town & (sources["gas_access"] == "none") & sources["county"].isin(served)
    return sources.assign(gas_access=sources["gas_access"].mask(brought, "lng"))


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


def _lay_out(blocks: Sequence[Block], sources: int) -> Layout:
    counts = np.zeros(sources, dtype=np.int64)
    for block in blocks:
        counts[block.sources] = len(block.states)
    start = np.concatenate([[0], np.cumsum(counts)])
    source = np.repeat(np.arange(sources), counts)
    at = tuple(start[block.sources][:, None] + np.arange(len(block.states)) for block in blocks)
    return Layout(source, start[source], at)


def _states(blocks: Sequence[Block], layout: Layout) -> pd.DataFrame:
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
