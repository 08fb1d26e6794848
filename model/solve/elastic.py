"""When no plan meets every limit: the least shortfall, the strongest words last to give way, then the least
cost at it (design: section 5).

Missing a limit is one more divisible source with two states (solve.relaxed), so that the same solve does
everything: tier by tier, strongest first, the sum of scaled shortfalls is minimised and then held; at last
the cost is minimised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.base.words import STRENGTHS
from model.plan import evaluate, shortfall_scale
from model.problem.problem import Floats, Ints, Problem
from model.solve.highs import Settings
from model.solve.least_cost import Answer, least_cost
from model.solve.price import Priced, price_limits, usual_prices
from model.solve.relaxed import greatest_shortfall, last_years, misses_alone, own_plan, relaxed
from model.solve.rows import imposed

LARGE = 20_000
"""States times years up to which shortfalls are ranked; above it they are priced."""

DEAR, STRONGER = 100.0, 10.0
"""What missing a whole limit of the weakest word costs, in the usual cost of meeting one; and how many times
more each stronger word.
"""

NODES = 100
"""Nodes of a large problem's trees: where limits give way, a plan soon is worth more than its last gap."""

LOOSENED = 1e-4
"""Share of a limit by which it is loosened beyond the relaxation's shortfall, so that whole units fit."""

MISS_EXACT = 1e-7
"""Share of the cost to which that relaxation is solved."""

NOTHING, BARELY = 1e-9, 1e-6
"""Sum of shortfalls up to which the limits of a tier can all be met, and by which they may be missed where
rounding alone keeps plans from meeting them.
"""


@dataclass(frozen=True)
class _Held:
    """Limits [N] of one strength whose scaled shortfalls add to `total` at most."""

    limits: Ints
    total: float


def least_miss(problem: Problem, settings: Settings, gap: float, method: str) -> Answer:
    """The plan of least cost among those of least shortfall, each as a fraction of its `shortfall_scale`.

    The sum over the limits of the strongest word is least, to `gap` of itself, then that of the next one at
    it, and so on. The answer's bound is on the least cost at these sums, its prices are of that last stage.

    Words whose limits shares of units could meet are first taken to be met by whole units too; where no plan
    does that, whole units decide the sum of every word.

    Large problems (LARGE) go by prices of misses instead, see `_by_price`.
    """
    if method == "pricing" and problem.cost.size > LARGE:
        return _by_price(problem, replace(settings, nodes=NODES), gap)
    search = _Search(problem, settings, gap, method)
    if method == "pricing":
        answer = search.run(whole=False)
        if answer.plan is not None:
            return answer
    return search.run(whole=True)


class _Search:
    """Tier by tier, then the least cost."""

    def __init__(self, problem: Problem, settings: Settings, gap: float, method: str) -> None:
        self.problem, self.settings, self.gap, self.method = problem, settings, gap, method
        self.binding = problem.enforced & np.isfinite(problem.bound)
        self.scale, self.most = shortfall_scale(problem), greatest_shortfall(problem)
        self.route: tuple[str, ...] = ()
        self.rounds = 0

    def run(self, whole: bool) -> Answer:
        """Word by word until the weaker limits can all be met; `whole`: also where shares of units could."""
        problem, open_limits = self.problem, self.binding & (self.most > 0)
        held: list[_Held] = []
        lost = np.zeros(int(self.binding.sum()))
        answer = Answer(None, -np.inf, lost, "none", self.route, self.rounds)
        for strength in np.unique(problem.strength[open_limits])[::-1].tolist():
            tier = np.flatnonzero(open_limits & (problem.strength == strength))
            total = self._least(held, tier, strength, whole)
            if total is None:
                return replace(answer, route=self.route, rounds=self.rounds)
            if total <= NOTHING:
                continue
            held.append(_Held(tier, total * (1 + self.gap)))
            answer = self._at_least_cost(held)
            if answer.status != "infeasible":
                break
        if not held:  # a bound just at what can be reached: each sum is nothing, and yet no plan was found
            answer = self._at_least_cost([_Held(np.flatnonzero(open_limits), BARELY)])
        return answer

    def _least(self, held: list[_Held], tier: Ints, strength: int, whole: bool) -> float | None:
        """Least sum of scaled shortfalls of a tier [N], stronger ones held; None without a verdict."""
        problem = self.problem
        part = replace(problem, enforced=self.binding & (problem.strength >= strength))
        stage = _held_problem(part, self.most, self.scale, held, tier)
        stage = misses_alone(stage, last_years(problem)[tier], self.most[tier] / self.scale[tier])
        rows, word = imposed(stage), STRENGTHS[strength]
        if not whole:
            priced = price_limits(stage, rows, self.settings, 0.1 * self.gap)[1]
            self.rounds += priced.rounds
            if priced.status != "optimal":
                return None
            if priced.bound <= NOTHING:
                self.route += (f"{word} limits: shares of units could meet them",)
                return 0.0
        answer = least_cost(stage, rows, self.settings, self.gap, self.method)
        self.rounds += answer.rounds
        self.route += answer.route
        if answer.plan is None:
            return None
        plan = own_plan(problem, answer.plan)
        total = float((evaluate(problem, plan).shortfall[tier] / self.scale[tier]).sum())
        self.route += (_told(word, total, answer.bound),)
        return total

    def _at_least_cost(self, held: list[_Held]) -> Answer:
        """The least-cost plan at the sums held, all other limits met."""
        stage = _held_problem(self.problem, self.most, self.scale, held, np.zeros(0, dtype=np.int64))
        answer = least_cost(stage, imposed(stage), self.settings, self.gap, self.method)
        self.rounds += answer.rounds
        self.route += answer.route
        return replace(
            answer,
            plan=None if answer.plan is None else own_plan(self.problem, answer.plan),
            price=answer.price[: int(self.binding.sum())],
            route=self.route,
            rounds=self.rounds,
        )


def _told(word: str, total: float, proven: float) -> str:
    """What a tier found, in words; the bound where it falls short of it."""
    told = f"least shortfall of {word} limits {total:.6g} of their bounds"
    if total - proven > 1e-6 * max(total, 1.0):
        told += f" (at least {max(proven, 0.0):.6g})"
    return told


def _held_problem(problem: Problem, most: Floats, scale: Floats, held: list[_Held], tier: Ints) -> Problem:
    """The problem in which limits that are held and those of a tier [N] may be missed, the sums held by rows
    of their own after those of the problem; the sources of the tier come last.
    """
    limits = np.concatenate([*(each.limits for each in held), tier]).astype(np.int64)
    stage = relaxed(problem, limits, most[limits])
    rows, place = len(held), np.cumsum([0, *(len(each.limits) for each in held)])
    number = int(place[-1])
    return replace(
        stage,
        limit=np.concatenate([stage.limit, [f"shortfall/{row}" for row in range(rows)]]),
        sense=np.concatenate([stage.sense, np.full(rows, -1)]),
        bound=np.concatenate([stage.bound, [each.total for each in held]]),
        exogenous=np.concatenate([stage.exogenous, np.zeros(rows)]),
        enforced=np.concatenate([stage.enforced, np.ones(rows, dtype=bool)]),
        strength=np.concatenate([stage.strength, np.full(rows, len(STRENGTHS) - 1)]),
        term_ptr=np.concatenate([stage.term_ptr, stage.term_ptr[-1] + place[1:]]),
        term_quantity=np.concatenate([stage.term_quantity, np.full(number, len(problem.quantity))]),
        term_year=np.concatenate([stage.term_year, last_years(problem)[limits[:number]]]),
        term_coef=np.concatenate([stage.term_coef, (most / scale)[limits[:number]]]),
        term_set=np.concatenate([stage.term_set, len(problem.cell_set) + np.arange(number)]),
    )


@dataclass(frozen=True)
class Loosened:
    """A problem whose limits are loosened to what a relaxation has to miss of them.

    limits [N]: those that could be missed; worth [N]: what a unit of each costs, CNY of the objective;
    rounds: of pricing; said: which limits give way, in words.
    """

    problem: Problem
    limits: Ints
    worth: Floats
    rounds: int
    said: str


def loosened(problem: Problem, settings: Settings) -> Loosened | None:
    """The limits loosened until shares of units can meet them: misses are priced, each word STRONGER times as
    dear as the next weaker one, and the relaxed optimum says which limits give way and by how much. None
    without a verdict in time.
    """
    most = greatest_shortfall(problem)
    limits = np.flatnonzero(problem.enforced & np.isfinite(problem.bound) & (most > 0))
    scale, rows = shortfall_scale(problem), imposed(problem)
    dear = DEAR * float(np.median(usual_prices(problem, rows) * scale[rows.row]))
    rank = np.unique(problem.strength[limits], return_inverse=True)[1]
    worth = dear * STRONGER**rank / scale[limits]
    stage = _missing_at(problem, limits, worth, most[limits])
    priced = price_limits(stage, imposed(stage), settings, MISS_EXACT)[1]
    if priced.status != "optimal":
        return None
    missed = np.zeros(len(problem.limit))
    missed[limits] = _shares(priced, len(problem.source)) * most[limits]
    room = np.where(missed > 0, missed + LOOSENED * scale, 0.0)
    names = ", ".join(problem.limit[limits[missed[limits] > LOOSENED * scale[limits]]].tolist())
    said = f"misses priced at {dear:.3g} CNY a whole limit; relaxed, these give way: {names}"
    loose = replace(problem, bound=problem.bound - problem.sense * room)
    return Loosened(loose, limits, worth, priced.rounds, said)


def _by_price(problem: Problem, settings: Settings, gap: float) -> Answer:
    """Large problems: misses are priced instead of ranked. Once the limits are loosened to what the
    relaxation misses of them, the plan of least cost is found in which whole units may still miss a little,
    at the same prices.
    """
    loose = loosened(problem, settings)
    if loose is None:
        lost = np.zeros(len(imposed(problem).row))
        return Answer(None, -np.inf, lost, "none", ("misses not priced in time",))
    stage = with_priced_misses(loose.problem, loose.limits, loose.worth)
    answer = least_cost(stage, imposed(stage), settings, gap, "pricing")
    answer = replace(answer, route=(loose.said, *answer.route), rounds=answer.rounds + loose.rounds)
    if answer.plan is None:
        return answer
    paid = evaluate(stage, answer.plan).cost_cny
    plan = own_plan(problem, answer.plan)
    paid -= evaluate(problem, plan).cost_cny
    return replace(answer, plan=plan, bound=answer.bound - paid, status="feasible")


def with_priced_misses(problem: Problem, limits: Ints, worth: Floats) -> Problem:
    """The problem in which limits [N] may be missed at `worth` CNY of the objective a unit, [N]."""
    return _missing_at(problem, limits, worth, greatest_shortfall(problem)[limits])


def _missing_at(problem: Problem, limits: Ints, worth: Floats, most: Floats) -> Problem:
    """`with_priced_misses`, each limit being missed by `most` [N] at most."""
    stage = relaxed(problem, limits, most)
    rate = np.cumsum((stage.discount * stage.weight)[::-1])[::-1]
    cost = np.array(stage.cost)
    cost[len(problem.state_label) + 1 :: 2] = (worth * most / rate[last_years(problem)[limits]])[:, None]
    return replace(stage, cost=cost)


def _shares(priced: Priced, first: int) -> Floats:
    """Part of the greatest shortfall that the relaxed optimum misses, of the sources from `first` on."""
    column = priced.mix.column
    own = priced.pool.source[column] >= first
    source = priced.pool.source[column[own]] - first
    late = priced.pool.state[column[own], -1]
    base = priced.base[first:, -1].astype(float)
    moved = np.bincount(source, priced.mix.share[own], len(base))
    missed = np.bincount(source, priced.mix.share[own] * late, len(base))
    return np.asarray(base * (1 - moved) + missed)
