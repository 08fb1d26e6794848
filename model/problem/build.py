"""From baseline, options and scenario to the arrays of a problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from model.base.finance import discount
from model.base.words import POLLUTANTS
from model.problem.bounds import Bounds, ReferenceUse
from model.problem.class_units import OWN_UNIT, ratio_unit, units_of
from model.problem.limits import Rows, make_rows
from model.problem.mandates import forbidden
from model.problem.problem import Bools, Floats, Ints, Problem
from model.problem.world import INDIRECT, Quantities, World, make_world
from model.scenario.scenario import Mandate, Scenario, ShareOf

if TYPE_CHECKING:
    from model.baseline import Baseline
    from model.options.options import Options

PROJECT_PART_YEAR = 0.5
"""Share of the year in which a project supplies in its first year; `part_year: {project: ..}` of a scenario
replaces it.
"""


def build_problem(
    scenario: Scenario,
    baseline: Baseline,
    options: Options,
    strengths: Mapping[str, str],
    reference_use: ReferenceUse | None = None,
) -> Problem:
    """The problem of the case that `baseline` is of.

    Sources are those of the inventory, then the optional projects; states and moves those of the options,
    then not_built, built and the move between them of each project. Limits are all in every case, enforced
    in `plan`; in `current_law` supply and build rates are enforced and mandates already in law, in `frozen`
    nothing.

    notes: shares, links (the arithmetic of bounds that refer to a year), given (bounds as written),
    not_imposed (rows that are neither imposed nor computed, and why), greatest (rows of a greatest value,
    which add up what is above the bound: quantity, year, set, bound), units (entry -> unit, of quantities
    in the unit of their class), minimise ([quantity, weight, set] of each pollutant that case plan minimises
    in the place of cost; none elsewhere). Costs are money whatever is minimised (see objective.py).

    Args:
        strengths: clause -> strength, of the register; for entries that state none.
        reference_use: use of a year before the start, for bounds with `link: none`.

    Raises:
        InputError: a limit that matches no source, or whose bound can not be found.
    """
    world = make_world(baseline, options, scenario.start)
    quantities = Quantities(world)
    rows = make_rows(scenario, Bounds(quantities, reference_use), baseline.case, strengths)
    names, mandate, state, first = forbidden(world, _in_force(scenario, baseline.case))
    weight, rate = _time(scenario)
    minimise = _minimise(scenario, baseline.case, quantities, rows)
    cell, cell_set = _cells(rows.sets, len(world.source))
    driver_names = sorted(set(quantities.driver)) or ["ones"]
    factor, moved = _compressed(quantities.factor), _compressed(quantities.move_factor)
    return Problem(
        name=scenario.name,
        case=baseline.case,
        years=np.array(world.years, dtype=np.int64),
        weight=weight,
        discount=rate,
        source=world.source,
        divisible=_divisible(baseline, world),
        part_year=_part_year(scenario, world),
        cell=cell,
        state_start=world.state_start,
        state_label=_labels(options, world),
        cost=world.cost,
        move_from=_move_from(options, world),
        move_to=world.move_to,
        capital=_capital(options, world),
        charge=np.cumsum((rate * weight)[::-1])[::-1] / (rate * weight),
        quantity=np.array(quantities.label, dtype=np.str_),
        quantity_stock=np.array(quantities.stock, dtype=bool),
        quantity_driver=np.array([driver_names.index(d) for d in quantities.driver], dtype=np.int64),
        driver=np.array([world.driver[d][:, 1:] for d in driver_names], dtype=float),
        state_factor_ptr=factor[0],
        state_factor_idx=factor[1],
        state_factor_val=factor[2],
        move_factor_ptr=moved[0],
        move_factor_idx=moved[1],
        move_factor_val=moved[2],
        **_limit_arrays(rows),
        cell_set=cell_set,
        mandate=np.array(names, dtype=np.str_),
        forbid_mandate=mandate,
        forbid_state=state,
        forbid_from=first,
        notes={
            "shares": rows.shares,
            "links": rows.links,
            "given": rows.given,
            "not_imposed": rows.not_imposed,
            "greatest": rows.greatest,
            "units": _units(scenario, world),
            "minimise": minimise,
        },
    )


def _in_force(scenario: Scenario, case: str) -> list[Mandate]:
    """Mandates that a case imposes."""
    every = scenario.mandates.values()
    return [m for m in every if case == "plan" or (case == "current_law" and m.already_law)]


def _time(scenario: Scenario) -> tuple[Floats, Floats]:
    """Years that each decision year stands for (back to the one before), and its discount factor, [Y]."""
    years = np.array(scenario.years)
    weight = np.diff(np.concatenate([[scenario.start], years])).astype(float)
    rate = np.array([discount(scenario.discount_rate, int(year) - scenario.start) for year in years])
    return weight, rate


def _minimise(
    scenario: Scenario, case: str, quantities: Quantities, rows: Rows
) -> list[tuple[int, float, int]]:
    """What case plan minimises in the place of cost: emission of the sources that limits on it count."""
    if isinstance(scenario.minimise, str) or case != "plan":
        return []
    chosen = rows.set_of(quantities.world.among(None, POLLUTANTS[0]))
    return [
        (quantities.index(part, None, "minimise"), weight, chosen)
        for name, weight in scenario.minimise.items()
        for part in (name, INDIRECT + name)
        if part in quantities.world.factor
    ]


def _capital(options: Options, world: World) -> Floats:
    """Annuity of moves [M, Y], inf when the move is not on offer."""
    capital = np.repeat(world.move_factor["annuity"][:, None], len(world.years), axis=1)
    years = np.array(world.years)
    count = len(options.moves)
    first = options.moves["first_year"].to_numpy(float)[:, None]
    last = options.moves["last_year"].to_numpy(float)[:, None]
    optional = options.projects[options.projects["status"] == "optional"]
    capital[:count][(years < first) | (years > last)] = np.inf
    capital[count:][years < optional["first_year"].to_numpy(float)[:, None]] = np.inf
    return capital


def _cells(sets: list[Bools], count: int) -> tuple[Ints, Bools]:
    """Cell of each source, [S], and which cells each set holds, [sets, G]: equal membership in all sets is
    one cell.
    """
    member = np.array(sets, dtype=bool).reshape(len(sets), count)
    packed = np.packbits(np.concatenate([np.zeros((1, count), dtype=bool), member]), axis=0)
    words = np.ascontiguousarray(packed.T).view(f"S{len(packed)}").ravel()  # one word for each source
    _, first, cell = np.unique(words, return_index=True, return_inverse=True)
    return cell.astype(np.int64), member[:, first]


def _compressed(dense: list[Floats]) -> tuple[Ints, Ints, Floats]:
    """Rows with their zeros left out: pointer, index, value."""
    index = [np.flatnonzero(row) for row in dense]
    pointer = np.cumsum([0, *(len(row) for row in index)]).astype(np.int64)
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    value = [row[at] for row, at in zip(dense, index, strict=True)]
    return pointer, np.concatenate([none, *index]), np.concatenate([nothing, *value])


def _divisible(baseline: Baseline, world: World) -> Bools:
    """Sources of a divisible class and what growth builds, [S]; projects are built or not."""
    sources = baseline.inventory.sources
    own = sources["divisible"].to_numpy(dtype=bool) | (world.columns["vintage"] == "new")
    return np.concatenate([own, np.zeros(len(world.projects), dtype=bool)])


def _part_year(scenario: Scenario, world: World) -> Floats:
    """phi, [S]: of the scenario for the class, else of the source (which has that of its class)."""
    own = world.columns["part_year"].astype(float)
    classes, class_of = world.columns.coded("class")
    written = np.array([scenario.part_year.get(name, np.nan) for name in classes])[class_of]
    project = scenario.part_year.get("project", PROJECT_PART_YEAR)
    behind = np.full(len(world.projects), project)
    return np.concatenate([np.where(np.isnan(written), own, written), behind])


def _labels(options: Options, world: World) -> Any:
    """Labels of states, [K]."""
    code, labels = options.states["label"].factorize()  # many states have one label
    behind = np.array(["not_built", "built"] * len(world.projects), dtype=np.str_)
    return np.concatenate([np.array(labels, dtype=np.str_)[code], behind])


def _move_from(options: Options, world: World) -> Ints:
    """State that each move leaves, [M]."""
    built = world.state_start[world.existing : -1]
    return np.concatenate([options.moves["from_state"].to_numpy(), built]).astype(np.int64)


def _limit_arrays(rows: Rows) -> dict[str, Any]:
    """The arrays of the limits and their terms."""
    terms = [term for row in rows.terms for term in row]
    columns = list(zip(*terms, strict=True)) if terms else [(), (), (), ()]
    return {
        "limit": np.array(rows.label, dtype=np.str_),
        "sense": np.array(rows.sense, dtype=np.int64),
        "bound": np.array(rows.bound, dtype=float),
        "exogenous": np.array(rows.exogenous, dtype=float),
        "enforced": np.array(rows.enforced, dtype=bool),
        "strength": np.array(rows.strength, dtype=np.int64),
        "term_ptr": np.cumsum([0, *(len(row) for row in rows.terms)]).astype(np.int64),
        "term_quantity": np.array(columns[0], dtype=np.int64),
        "term_year": np.array(columns[1], dtype=np.int64),
        "term_coef": np.array(columns[2], dtype=float),
        "term_set": np.array(columns[3], dtype=np.int64),
    }


def _units(scenario: Scenario, world: World) -> dict[str, str]:
    """Unit of limits on what is in the unit of a class, or on a share of or in such, where their sources
    have one.
    """
    out = {}
    for limit in scenario.limits.values():
        base = limit.share_of if isinstance(limit.share_of, ShareOf) else None
        sums = [limit.quantity, *([base.quantity] if base is not None else [])]
        if limit.share_of == "all" or OWN_UNIT.keys().isdisjoint(sums):
            continue
        where = [limit.where, *([base.where] if base is not None else [])]
        chosen = [world.among(selector, None) for selector in where]
        units = [units_of(*each, world.columns) for each in zip(sums, chosen, strict=True)]
        if all(len(found) == 1 for found in units):
            own = [found[0] for found in units]
            out[limit.id] = own[0] if base is None else ratio_unit(*own)
    return out
