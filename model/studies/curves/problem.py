"""What cost curves are of: the limits and mandates that hold along them, for the region or for each city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from model.base.words import POLLUTANTS
from model.plan import Plan, evaluate
from model.problem.limits import in_force
from model.problem.problem import Problem
from model.scenario.amounts import Amount
from model.scenario.scenario import FrozenMap, Limit, Scenario
from model.studies.curves.frames import Asked
from model.studies.curves.part import part_of, sources_of

OWN = "curve-"
"""How the ids of the limits that a curve moves begin."""


def curve_scenario(
    scenario: Scenario, pollutants: Sequence[str], year: int, cities: bool, held: bool
) -> Scenario:
    """The scenario of which case plan is the problem of curves, least cost being its aim.

    held False: of the plan only what is in force anyway stays: limits on supply and build rates, and mandates
    and changes that are already law. True: all its enforced limits, mandates and changes stay, and `freed`
    lifts those on the pollutant of the curve. Emission of every pollutant in the year is a limit more, of the
    region or of each city, whose bound is the frozen emission.
    """
    limits = {
        limit.id: limit
        for limit in scenario.limits.values()
        if (limit.enforce and limit.op is not None if held else in_force(limit, "current_law"))
    }
    for pollutant in POLLUTANTS:
        each = "city" if cities else None
        limit = frozen_emission(OWN + pollutant, pollutant, each, (year,), pollutant in pollutants)
        limits[limit.id] = limit
    mandates, changes = scenario.mandates, scenario.changes
    if not held:
        mandates = FrozenMap({name: entry for name, entry in mandates.items() if entry.already_law})
        changes = FrozenMap({name: entry for name, entry in changes.items() if entry.already_law})
    return replace(
        scenario,
        limits=FrozenMap(limits),
        mandates=mandates,
        changes=changes,
        minimise="cost",
        alerts=FrozenMap(),
    )


def frozen_emission(
    ident: str, pollutant: str, each: str | None, years: tuple[int, ...] | Literal["all"], enforce: bool
) -> Limit:
    """Emission at most that of case frozen: a limit to be moved, of the region or of each city.

    enforce: also where it is lifted later, so that states that emit less are on offer.
    """
    return Limit(
        id=ident,
        where=None,
        clauses=(ident,),
        stated=False,
        strength=None,
        note=None,
        file="",
        line=None,
        quantity=pollutant,
        states=None,
        share_of=None,
        at=None,
        each=each,
        years=years,
        progress=None,
        link="chain",
        op="at_most",
        bounds=Amount(1.0, base="frozen", relation="percent_of"),
        enforce=enforce,
        confidence=None,
    )


@dataclass(frozen=True)
class Whole:
    """Case plan of a `curve_scenario`; measures [K]: those of each of its states."""

    scenario: Scenario
    problem: Problem
    measures: Sequence[tuple[str, ...]]
    year: int

    def freed(self, pollutant: str) -> Problem:
        """The problem with no limit on a pollutant, its own curve's included; they stay as rows."""
        entry = [label.split("/")[0] for label in self.problem.limit.tolist()]
        quantity = {limit.id: limit.quantity for limit in self.scenario.limits.values()}
        own = np.array([name.startswith(OWN) or quantity[name] == pollutant for name in entry], dtype=bool)
        return replace(self.problem, enforced=self.problem.enforced & ~own)

    def region_curve(self, name: str, pollutant: str) -> Asked:
        """The curve of the whole region, whose name is given."""
        problem = self.freed(pollutant)
        return Asked(name, pollutant, self.year, problem, _numbers(problem, self.year, ""), self.measures)

    def city_curves(self, names: Mapping[str, str], pollutant: str, free: Plan) -> Iterator[Asked]:
        """The curve of each city: of its own sources, all others as in a plan.

        names: city -> name. free: the least-cost plan of `freed`.
        """
        problem = self.freed(pollutant)
        use = evaluate(problem, free).use
        first = f"{OWN}{pollutant}/{self.year}/"
        for city in [label[len(first) :] for label in problem.limit.tolist() if label.startswith(first)]:
            limit = _numbers(problem, self.year, f"/{city}")[pollutant]
            sources = sources_of(problem, limit)
            part, start = part_of(problem, free, use, sources)
            number = _numbers(part, self.year, f"/{city}")
            states = [range(*problem.state_start[s : s + 2].tolist()) for s in sources.tolist()]
            measures = [self.measures[k] for each in states for k in each]
            yield Asked(names[city], pollutant, self.year, part, number, measures, start)


def _numbers(problem: Problem, year: int, group: str) -> dict[str, int]:
    """Pollutant -> number of the limit on its emission of the region or a city."""
    place = {label: number for number, label in enumerate(problem.limit.tolist())}
    wanted = {pollutant: f"{OWN}{pollutant}/{year}{group}" for pollutant in POLLUTANTS}
    return {pollutant: place[label] for pollutant, label in wanted.items() if label in place}
