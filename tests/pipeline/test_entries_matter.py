"""No entry of a shipped scenario is idle: dropping or moving any one of them gives another problem.

A limit is a row of its own, a mandate forbids states of its own, so each is built alone upon the baseline and
the options of the whole scenario. A change is built on sources that it concerns. Labels say nothing here:
what is hashed has its notes taken out, and an entry that is moved keeps its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from model.base.select import matches
from model.base.words import QUANTITIES
from model.baseline import Baseline, build_baseline
from model.baseline.reference import ReferenceUse
from model.inventory.columns import SourceColumns
from model.inventory.emissions import Inventory
from model.options.options import Options, build_options
from model.pipeline.prepare import Prepared, read_inputs, start_inventory, years_of_sources
from model.problem.build import build_problem
from model.problem.limits import NOT_A_SUM
from model.problem.problem import Bools, Problem
from model.scenario.amounts import Amount
from model.scenario.scenario import Change, FrozenMap, Limit, Mandate, Scenario
from tests.levels import LONG

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))

OF_NOTHING = {"ER19-CAP": "no steel, cement, aluminium or glass works stands or grows in Erenhot"}
"""Changes that concern no source of their region."""

AS_IT_STANDS = {
    "ER19-GREENBUILD": "the share of 2018 is not known and taken as 30 %, which the plan asks for",
    "IM25-CEMENT-STAGGER": "kilns rest in winter already, and the plan keeps it so",
}
"""Changes to what the start has already."""

AS_IT_HAPPENED = {"inner_mongolia_2018_2020_hindcast": ("IM20-FERTILISER",)}
"""Changes to what happened by itself, by scenario."""

NEVER_ON_OFFER = {"IM25-BIOMASS": "what turns to biomass gets a furnace of its own and a bag filter"}
"""Mandates against states that nothing leads to."""

MANY = 200
"""Sources on which a change is tried."""

pytestmark = LONG


@dataclass(frozen=True)
class World:
    """One scenario up to its options in case plan."""

    prepared: Prepared
    inventory: Inventory
    baseline: Baseline
    options: Options
    reference: ReferenceUse

    @property
    def scenario(self) -> Scenario:
        return self.prepared.scenario

    def hash(
        self, limits: Mapping[str, Limit] | None = None, mandates: Mapping[str, Mandate] | None = None
    ) -> str:
        """Hash of the problem that has these limits and mandates only."""
        return replace(self.problem(limits, mandates), notes={}).sha256()

    def problem(
        self, limits: Mapping[str, Limit] | None = None, mandates: Mapping[str, Mandate] | None = None
    ) -> Problem:
        """The problem that has these limits and mandates only."""
        asked = replace(self.scenario, limits=FrozenMap(limits or {}), mandates=FrozenMap(mandates or {}))
        return build_problem(asked, self.baseline, self.options, self.prepared.strengths, self.reference)


def build(prepared: Prepared, inventory: Inventory) -> World:
    scenario, tables = prepared.scenario, prepared.tables
    baseline = build_baseline(tables, inventory, scenario, "plan")
    options = build_options(tables, baseline, scenario)
    return World(prepared, inventory, baseline, options, ReferenceUse(tables, scenario))


@cache
def world_of(path: Path) -> World | str:
    """The world of a scenario, or why there is none."""
    prepared = read_inputs(path, ())
    start, years = prepared.scenario.start, years_of_sources(prepared.tables)
    if start not in years:
        return f"{prepared.scenario.region} has no sources of {start} yet"
    return build(prepared, start_inventory(prepared))


@pytest.fixture(params=SCENARIOS, ids=lambda path: path.stem)
def world(request: pytest.FixtureRequest) -> World:
    found = world_of(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


def loosened(limit: Limit) -> Limit:
    """The bound a hundredth further out."""
    factor = 1.01 if limit.op in ("at_most", "below") else 0.99

    def wider(amount: Amount) -> Amount:
        outward = 2 - factor if amount.relation == "points_below" else factor
        return replace(amount, value=amount.value * outward)

    if isinstance(limit.bounds, Amount):
        return replace(limit, bounds=wider(limit.bounds))
    assert limit.bounds is not None
    return replace(limit, bounds=FrozenMap({year: wider(amount) for year, amount in limit.bounds.items()}))


def moved(change: Change) -> Change:
    """What it sets a hundredth away."""

    def other(attribute: str, amount: Amount) -> Amount:
        if amount.value == 0:
            return Amount(0.01, None, "baseline", "percent_of") if attribute == "activity" else Amount(0.01)
        return replace(amount, value=amount.value * 0.99)

    return replace(
        change,
        set=FrozenMap(
            {
                name: other(name, amounts)
                if isinstance(amounts, Amount)
                else FrozenMap({year: other(name, amount) for year, amount in amounts.items()})
                for name, amounts in change.set.items()
            }
        ),
    )


def test_every_limit_matters(world: World) -> None:
    without = world.hash()
    bounded = {name: limit for name, limit in world.scenario.limits.items() if limit.bounds is not None}
    assert bounded
    idle = []
    for name, limit in bounded.items():
        alone = world.hash({name: limit})
        if alone == without:
            idle.append(f"{name}: dropping it changes nothing")
        elif alone == world.hash({name: loosened(limit)}):
            idle.append(f"{name}: loosening it changes nothing")
    beyond = [name for name, limit in bounded.items() if beyond_computing(world, limit)]
    assert idle == [f"{name}: loosening it changes nothing" for name in beyond]


def beyond_computing(world: World, limit: Limit) -> bool:
    """Whether the problem itself says of a limit, row by row, why it has no value: a concentration of which
    nothing was observed, or a greatest value over sources.
    """
    if QUANTITIES[limit.quantity].kind != "response" and limit.quantity not in NOT_A_SUM:
        return False
    problem = world.problem({limit.id: limit})
    reasons = problem.notes["not_imposed"]
    return all(reasons.get(label) for label in problem.limit.tolist())


def test_every_mandate_matters(world: World) -> None:
    without = world.hash()
    assert world.scenario.mandates
    idle = []
    apart = max(np.diff([world.scenario.start, *world.scenario.years]))  # decision years may be years apart
    for name, mandate in world.scenario.mandates.items():
        alone = world.hash(mandates={name: mandate})
        later = replace(mandate, date=mandate.date.replace(year=mandate.date.year + int(apart)))
        if alone == without:
            idle.append(f"{name}: dropping it changes nothing")
        elif (alone == world.hash(mandates={name: later})) != (name in NEVER_ON_OFFER):
            idle.append(f"{name}: later it is the same")
    assert idle == []


def test_every_change_matters(world: World) -> None:
    scenario = world.scenario
    assert scenario.changes
    asked = {limit.quantity: limit for limit in scenario.limits.values()}
    reports = {
        name: replace(
            limit, id=name, where=None, states=None, share_of=None, each=None, op=None, bounds=None,
            progress=None,
        )
        for name, limit in asked.items()
    }  # fmt: skip
    parts: dict[bytes, World] = {}
    idle = []
    for name, change in scenario.changes.items():
        hit = concerned(world, change)
        assert hit.any() == (name not in OF_NOTHING), name
        if not hit.any():
            continue
        part = part_of(world, hit, parts)
        given = part.hash(reports)
        for what, other in (("dropping", None), ("moving", moved(change))):
            left = {key: value for key, value in scenario.changes.items() if key != name}
            changes = FrozenMap(left if other is None else {**left, name: other})
            altered = replace(part.prepared, scenario=replace(scenario, changes=changes))
            baseline = build_baseline(altered.tables, part.inventory, altered.scenario, "plan")
            if replace(part, prepared=altered, baseline=baseline).hash(reports) == given:
                idle.append(f"{name}: {what} it changes nothing")
    known = {*AS_IT_STANDS, *AS_IT_HAPPENED.get(scenario.name, ())}
    assert idle == [f"{name}: dropping it changes nothing" for name in scenario.changes if name in known]


def concerned(world: World, change: Change) -> Bools:
    """The sources that a change concerns, what growth builds among them, [S]."""
    sources = world.baseline.inventory.sources
    if change.where is None:
        return np.ones(len(sources), dtype=bool)
    return matches(change.where, SourceColumns(sources), len(sources))


def part_of(world: World, hit: Bools, parts: dict[bytes, World]) -> World:
    """The world of some of the sources `hit`, or of those beside which they grow.

    What differs among these differs among all. `parts` has the worlds made before.
    """
    sources, start = world.baseline.inventory.sources, world.inventory
    inside = hit[: len(start.sources)]
    if not inside.any():
        inside = start.sources["class"].isin(set(sources["class"][hit])).to_numpy(dtype=bool)
    some = np.flatnonzero(inside)
    some = some[:: max(1, len(some) // MANY)]
    if some.tobytes() not in parts:
        # What the scenario says of measures need not fit these few, and a change does not ask for it.
        scenario = replace(world.scenario, measures=FrozenMap({}))
        parts[some.tobytes()] = build(
            replace(world.prepared, scenario=scenario),
            Inventory(
                start.sources.iloc[some], start.activity.isel(source=some), start.factor.isel(source=some)
            ),
        )
    return parts[some.tobytes()]
