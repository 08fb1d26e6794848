"""A region's cut of a pollutant shared out over its cities: the same percentage everywhere, or at least cost.

Both are solved, not read off curves, since cities share gas, heat and what can be built in a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.base.words import STRENGTHS
from model.plan import Evaluation, Plan, evaluate, part_year_share, steps
from model.problem.problem import Floats, Problem
from model.scenario.scenario import FrozenMap, Limit, Scenario
from model.solve.quick import quick
from model.solve.solve import Options, solve, solve_again
from model.solve.warm import Kept
from model.studies.curves.problem import OWN, curve_scenario, frozen_emission

EACH, WHOLE = "each-city-", "all-cities-"
"""How the ids of the limits by which a cut is asked of each city, or of all together, begin; a pollutant
follows.
"""

EXACT = 1e-6
"""A city falls short when it misses its percentage by more than this share of its frozen emission."""


@dataclass(frozen=True)
class Cuts:
    """A problem in which cuts can be asked for.

    row: (year, city code; "" for all together) -> place of the limit on the emission. frozen: the same ->
    t/yr of the frozen case. target: year -> per cent of it that the scenario's own targets ask of all.
    """

    problem: Problem
    row: Mapping[tuple[int, str], int]
    frozen: Mapping[tuple[int, str], float]
    target: Mapping[int, float]

    @property
    def cities(self) -> tuple[str, ...]:
        """City codes."""
        return tuple(dict.fromkeys(city for _, city in self.row if city))

    def asking(self, bounds: Mapping[tuple[int, str], float]) -> Problem:
        """The problem with these emissions at most, t/yr, and no other cut asked for."""
        bound, enforced = self.problem.bound.copy(), self.problem.enforced.copy()
        enforced[list(self.row.values())] = False
        for key, most in bounds.items():
            bound[self.row[key]], enforced[self.row[key]] = most, True
        return replace(self.problem, bound=bound, enforced=enforced)

    def short(self, found: Evaluation, asked: Mapping[tuple[int, str], float]) -> frozenset[tuple[int, str]]:
        """Years and cities that emit more than is asked of them."""
        return frozenset(
            key for key, most in asked.items() if found.use[self.row[key]] > most + EXACT * self.frozen[key]
        )


@dataclass(frozen=True)
class Share:
    """One way to share a cut out. rule: equal or least. problem: what was solved; found: the plan evaluated.
    short: years and cities that can not cut their percentage and do what they can.
    """

    rule: str
    problem: Problem
    plan: Plan
    found: Evaluation
    short: frozenset[tuple[int, str]] = frozenset()


def cut_scenario(scenario: Scenario, pollutants: Sequence[str], year: int, held: bool) -> Scenario:
    """The scenario of which case plan is a problem for `cuts_of`: what holds along curves (`curve_scenario`).

    The emission of each city, and of all, is a limit more in every year, with the frozen emission as its
    bound, which `cuts_of` does not impose. Targets on the whole emission are not imposed either.
    """
    eased = curve_scenario(scenario, (), year, False, held)
    limits = {name: limit for name, limit in eased.limits.items() if not name.startswith(OWN)}
    for limit in scenario.limits.values():
        if limit.quantity in pollutants and _is_target(limit):
            limits[limit.id] = replace(limit, enforce=False)
    for pollutant in pollutants:
        for start, each in ((EACH, "city"), (WHOLE, None)):
            # enforced so that states that emit less are on offer; `cuts_of` lifts it
            own = frozen_emission(start + pollutant, pollutant, each, "all", enforce=True)
            limits[own.id] = replace(own, strength=STRENGTHS[0])
    return replace(eased, limits=FrozenMap(limits))


def _is_target(limit: Limit) -> bool:
    """Whether a limit is a ceiling on an emission of the whole region."""
    parts = (limit.where, limit.states, limit.share_of, limit.each, limit.at)
    return parts == (None,) * 5 and limit.op in ("at_most", "below")


def cuts_of(problem: Problem, scenario: Scenario, pollutant: str) -> Cuts:
    """The cuts of a pollutant that can be asked for in a problem of a `cut_scenario`, all else that is asked
    of that pollutant being free.
    """
    row, target = dict[tuple[int, str], int](), dict[int, float]()
    enforced = problem.enforced.copy()
    for place, label in enumerate(problem.limit.tolist()):
        entry, _, rest = label.partition("/")
        year, _, city = rest.partition("/")
        limit = scenario.limits[entry]
        cut = entry.startswith((EACH, WHOLE))
        enforced[place] &= not cut and limit.quantity != pollutant
        if limit.quantity == pollutant:
            if cut:
                row[int(year), city] = place
            elif _is_target(limit) and np.isfinite(problem.bound[place]):
                target[int(year)] = min(float(problem.bound[place]), target.get(int(year), np.inf))
    frozen = {key: float(problem.bound[place]) for key, place in row.items()}
    percent = {year: 100 * (1 - most / frozen[year, ""]) for year, most in target.items() if frozen[year, ""]}
    return Cuts(replace(problem, enforced=enforced), row, frozen, percent)


def share_out(cuts: Cuts, year: int, percent: float, options: Options) -> tuple[Share, Share]:
    """Every city cuts `percent` of its frozen emission in the year; and all together cut as much at least
    cost.

    Where cities can not cut their percentage they cut what they can, and all together are asked for the sum
    of that.
    """
    asked = {(year, city): (1 - percent / 100) * cuts.frozen[year, city] for city in cuts.cities}
    equal, kept = _nearest(cuts, "equal", asked, options)
    reached = sum(max(equal.found.use[cuts.row[key]], most) for key, most in asked.items())
    problem = cuts.asking({(year, ""): reached})
    plan, _ = quick(problem, options, kept)
    if plan.status == "infeasible":  # equal percentages are one way to do it, so there is a plan
        plan, _ = solve_again(problem, options, kept)
    return equal, Share("least", problem, plan, evaluate(problem, plan))


def path_of_cuts(cuts: Cuts, percent: Mapping[int, float], options: Options) -> Share:
    """Every city cuts its percentage of each year, or what it can: the plan from which prices by city and
    year are taken.
    """
    asked = {
        (year, city): (1 - share / 100) * cuts.frozen[year, city]
        for year, share in percent.items()
        for city in cuts.cities
    }
    return _nearest(cuts, "path", asked, options)[0]


def _nearest(
    cuts: Cuts, rule: str, asked: Mapping[tuple[int, str], float], options: Options
) -> tuple[Share, Kept | None]:
    """A quick plan that meets what is asked; where there is none, of what the plan of least shortfall reaches
    where it falls short.
    """
    problem = cuts.asking(asked)
    plan, kept = quick(problem, options)
    found = evaluate(problem, plan)
    if plan.status != "infeasible":
        return Share(rule, problem, plan, found), kept
    plan = solve(problem, options)
    found = evaluate(problem, plan)
    short = cuts.short(found, asked)
    room = {key: found.use[cuts.row[key]] + EXACT * cuts.frozen[key] for key in short}
    nearer = cuts.asking({**asked, **room})
    again, kept = quick(nearer, options)
    if again.status == "infeasible":
        return Share(rule, problem, plan, found, short), kept
    return Share(rule, nearer, again, evaluate(nearer, again), short), kept


def cost_by_source(problem: Problem, plan: Plan) -> Floats:
    """What each source adds to the objective, CNY, discounted and weighted, [S]; it sums to the cost."""
    rate = problem.weight * problem.discount
    used = part_year_share(problem, plan.shares(problem))
    running = (used * problem.cost) @ rate
    out: Floats = np.bincount(problem.source_of_state, running, len(problem.source)).astype(np.float64)
    path, year, move = steps(problem, plan)
    charged = plan.share[path] * problem.capital[move, year] * (problem.charge * rate)[year]
    np.add.at(out, plan.source[path], charged)
    return out
