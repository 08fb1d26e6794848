"""Minimum cost against reduction: points found by solving again, never by sorting measures.

Between least cost without a target and the least emission that the limits allow, targets are set where the
curve is known least. Each point is a proven bound and a plan with its gap: prices that prove a bound at one
target prove one at all others (envelope), and a plan that meets a tighter target meets a looser one, so the
cost of plans never falls with the reduction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from model.plan import Plan, evaluate
from model.problem.objective import least_sum, summed, terms_of
from model.problem.problem import Floats, Problem
from model.scenario.scenario import SolverOptions
from model.solve.quick import Ready, quick, quick_again
from model.solve.warm import Kept
from model.studies.curves.envelope import Line, highest, spread

NARROW = 1e-6
"""Share of the curve's length between two targets below which no other is set between them."""


END = 1e-3
"""Share of the least emission to which it is looked for, and by which the last point is above it."""


FAR = 100.0
"""How far from the prices without a target those of the last point are looked for, in usual prices."""


class OutOfReach(Exception):
    """No plan meets the other limits, so there is no curve."""


@dataclass(frozen=True)
class Point:
    """One point of a curve.

    target: emission of at most so much, t/yr. plan, cost, gross spending (CNY) and emission: of the cheapest
    plan known to meet it. bound: proven lower bound on the cost of any plan that does, CNY, and slope: CNY of
    the objective (discounted) for one tonne less, both of the convexified curve. proven: lower bound on plans
    of whole units, where deciding them proved more.
    """

    target: float
    plan: Plan
    cost: float
    gross: float
    emission: float
    bound: float
    slope: float
    proven: float

    @property
    def gap(self) -> float:
        """(cost - proven bound) / gross spending; 0 where nothing is spent and nothing could be saved."""
        missing = max(self.cost - self.proven, 0.0)
        return missing / self.gross if self.gross > 0 else 0.0


@dataclass(frozen=True)
class Curve:
    """points: from the loosest target to the tightest. least: proven lower bound on the emission, t/yr."""

    points: tuple[Point, ...]
    least: float


def trace(
    problem: Problem, limit: int, options: SolverOptions, points: int, start: Plan | None = None
) -> Curve:
    """The least cost of emitting at most so much, at `points` targets of limit number `limit` at most.

    The ends are least cost with no target, at the emission that this leads to, and the least emission found
    (and END of it on top) at least cost. Fewer points where the curve is too short for as many.

    start: a plan that meets the other limits, if one is known.

    Raises:
        OutOfReach: no plan that meets the other limits was found.
    """
    tracer = _Tracer(problem, limit, options)
    least = tracer.ends(None if start is None else _plan_alone(problem, start))
    while len(tracer.solved) < points:
        target = tracer.next_target()
        if target is None:
            break
        tracer.solve(target)
    return Curve(tracer.carried(), least)


def _plan_alone(problem: Problem, plan: Plan) -> Kept:
    """Nothing but a plan, to begin with."""
    none = np.zeros(0, dtype=np.int64)
    path = np.zeros((0, len(problem.years)), dtype=np.int16)
    return Kept(np.zeros(0, dtype=np.str_), np.zeros(0), none, path, plan, problem.state_start)


@dataclass(frozen=True)
class _Solved:
    """What one target led to; plan None where none was found. proven: bound on plans of whole units."""

    target: float
    line: Line
    proven: float
    price: Floats
    plan: Plan | None
    kept: Kept | None


class _Tracer:
    """The points of one curve so far, tightest first."""

    def __init__(self, problem: Problem, limit: int, options: SolverOptions) -> None:
        enforced = problem.enforced.copy()
        enforced[limit] = True
        self.problem = replace(problem, enforced=enforced)
        self.limit, self.options = limit, options
        self.row = int(np.flatnonzero(np.flatnonzero(enforced & np.isfinite(problem.bound)) == limit)[0])
        self.solved: list[_Solved] = []
        self.ready: Ready | None = None

    def ends(self, kept: Kept | None) -> float:
        """Solve both ends; the least emission that is possible at all, t/yr, as far as it is proven."""
        terms, outside = terms_of(self.problem, self.limit), float(self.problem.exogenous[self.limit])
        most = np.maximum.reduceat(summed(self.problem, terms).sum(axis=1), self.problem.state_start[:-1])
        free = self.solve(outside + float(most.sum()), kept)
        if free.plan is None:
            raise OutOfReach
        enforced = self.problem.enforced.copy()
        enforced[self.limit] = False
        aim = least_sum(replace(self.problem, enforced=enforced), terms)
        exact = min(END, self.options.gap)
        plan = quick(aim, replace(self.options, gap=exact), _plan_alone(aim, free.plan))[0]
        found = float(evaluate(aim, plan).use[self.limit])
        self.solve(found + exact * (found - outside), _plan_alone(self.problem, plan))
        target = max(float(evaluate(self.problem, free.plan).use[self.limit]), self.solved[0].target)
        line = Line(target, free.line.value, free.line.slope)
        self.solved[-1] = replace(free, target=target, line=line)
        return min(plan.bound_cny + outside, found)

    def solve(self, target: float, kept: Kept | None = None) -> _Solved:
        """Solve one target, from what is known of its neighbours or else from `kept`."""
        at = next((n for n, each in enumerate(self.solved) if each.target >= target), len(self.solved))
        if kept is None and at:
            kept = self.solved[at - 1].kept
        ready = self.ready
        if ready is not None:
            price, width = self._prices(at, target, FAR * ready.priced.scale)
            ready = Ready(ready.walk, replace(ready.priced, price=price), width)
        problem = self._at(target)
        plan, kept, self.ready = quick_again(problem, self.options, kept, ready)
        priced = self.ready.priced
        line = Line(target, priced.bound, float(priced.price[self.row]))
        met = kept is not None and kept.plan is plan
        proven = plan.bound_cny if met else line.value
        out = _Solved(target, line, proven, priced.price, plan if met else None, kept)
        self.solved.insert(at, out)
        return out

    def _prices(self, at: int, target: float, far: Floats) -> tuple[Floats, Floats]:
        """Prices to begin with between the neighbours of place `at`, and how far these are apart; `far` where
        there is one alone.
        """
        near = self.solved[max(at - 1, 0) : at + 1]
        if len(near) == 1:
            return near[0].price, far
        tight, loose = near
        part = (target - tight.target) / (loose.target - tight.target)
        return part * loose.price + (1 - part) * tight.price, np.abs(loose.price - tight.price)

    def next_target(self) -> float | None:
        """Where the chord is farthest above the tangents and where neighbours are farthest apart, in turn;
        None where nothing is left between neighbours.
        """
        lines = [each.line for each in self.solved]
        known = []
        for each in self.solved:
            line = highest(lines, each.target)
            known.append(Line(each.target, line.bound(each.target), line.slope))
        least = NARROW * (known[-1].at - known[0].at)
        pairs = [(loose, tight) for tight, loose in pairwise(known) if loose.at - tight.at > least]
        apart = [(loose.at - tight.at, (loose.at + tight.at) / 2) for loose, tight in pairs]
        if len(self.solved) % 2 == 0:
            over, target = max((spread(*pair) for pair in pairs), default=(0.0, 0.0))
            if over > 0:
                return target
        return max(apart)[1] if apart else None

    def carried(self) -> tuple[Point, ...]:
        """The points from the loosest target to the tightest, each with the cheapest plan that is known to
        meet it, and what is proven of it or of a looser one.
        """
        out: list[Point] = []
        lines = [each.line for each in self.solved]
        proven = np.maximum.accumulate([each.proven for each in self.solved[::-1]])[::-1]
        best: Point | None = None
        for each, most in zip(self.solved, proven.tolist(), strict=True):
            line = highest(lines, each.target)
            if each.plan is not None:
                found = evaluate(self.problem, each.plan)
                emission = float(found.use[self.limit])
                if best is None or found.cost_cny < best.cost:
                    money = found.cost_cny, found.gross_cny
                    best = Point(each.target, each.plan, *money, emission, 0.0, 0.0, 0.0)
            if best is not None:
                bound = min(line.bound(each.target), best.cost)
                most = min(max(bound, most), best.cost)
                out.append(replace(best, target=each.target, bound=bound, slope=line.slope, proven=most))
        return tuple(out[::-1])

    def _at(self, target: float) -> Problem:
        bound = self.problem.bound.copy()
        bound[self.limit] = target
        return replace(self.problem, bound=bound)
