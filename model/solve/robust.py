"""Least-cost plans that meet limits with a stated probability, the numbers behind them being uncertain.

A limit g <= 0 with confidence c is held as the cone row  mean(g) + z sd(g) <= 0  (below the mean:
nominal(g) + part (mean(g) - nominal(g)) <= 0), whose tangents are rows of the problem: every plan that meets
the cone meets them, so a bound proven with them is a bound on the cone's least cost. z is not that of the
normal distribution but what makes the row say that the c-quantile of g, on a fixed sample, is 0 at the plan
found; plan and z are found in turn. The row of the limit itself, at the values of the tables, stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.plan import TOLERANCE, Plan, evaluate, part_year_share
from model.problem.objective import with_row
from model.problem.problem import Floats, Problem
from model.problem.spread import Moments, Row, Spread
from model.solve.quick import quick
from model.solve.solve import Options, solve_again
from model.solve.warm import Kept

ROUNDS = 12
"""Plans looked for at one confidence at most."""

SETTLED = 0.02
"""Standard deviations by which a row may ask for more than its plan shows to be needed."""


@dataclass(frozen=True)
class Margin:
    """Where a row stands: `mean` of the way from the values of the tables to the mean, and `z` standard
    deviations beyond.
    """

    mean: float = 0.0
    z: float = 0.0


@dataclass(frozen=True)
class Shown:
    """What a plan shows of one limit: moments of g, its quantile on the sample, the margin that this is, and
    the share of the sample in which the limit is met.
    """

    moments: Moments
    quantile: float
    margin: Margin
    attained: float


@dataclass(frozen=True)
class Robust:
    """plan: of the problem, without the rows added: price [I] with theirs, bound_cny of the cone problem at
    margins. shown: one for each limit with a confidence. met: all of them on the sample.
    """

    plan: Plan
    cost_cny: float
    margins: tuple[Margin, ...]
    shown: tuple[Shown, ...]
    met: bool
    rounds: int


@dataclass
class Ground:
    """What is kept from one confidence to the next: tangents hold at any.

    theta [J, D]: the sample. tangents: (number of the spread, tangent of its standard deviation).
    """

    problem: Problem
    spreads: Sequence[Spread]
    theta: Floats
    options: Options
    tangents: list[tuple[int, Row]] = field(default_factory=list)
    kept: Kept | None = None

    def plain(self, levels: Sequence[float]) -> Robust:
        """The least-cost plan at the values of the tables, and what it shows at some levels."""
        plan, self.kept = solve_again(self.problem, self.options, self.kept)
        return self._judged(plan, levels, (Margin(),) * len(self.spreads), 0)

    def solve(self, levels: Sequence[float], begin: Robust) -> Robust:
        """The cheapest plan found that meets each limit in its level's share of the sample.

        levels: one for each spread. begin: a plan to begin with; it is the answer where it meets them.
        Where no plan meets all limits the plan is that of least shortfall, `met` is False and its status
        infeasible.
        """
        found, best, fine = self._judged(begin.plan, levels, begin.margins, 0), None, False
        for number in range(1, ROUNDS + 1):
            margins = tuple(self._next(at, found, levels) for at in range(len(self.spreads)))
            best = _cheaper(best, found)
            settled = found.met and found.rounds > 0 and _settled(found.margins, margins)
            if found.met and (found.rounds == 0 or (settled and fine)):
                return best or found
            fine = fine or settled
            self._cut(found)
            found = self._judged(self._solved(margins, fine), levels, margins, number)
            if found.plan.status == "infeasible" and not found.met and fine:
                return best or found
            fine = fine or found.plan.status == "infeasible"
        return _cheaper(best, found) or found

    def _next(self, at: int, found: Robust, levels: Sequence[float]) -> Margin:
        """The margin that a plan shows to be needed; never less than before in the late rounds."""
        margin = found.shown[at].margin
        if found.rounds <= ROUNDS // 2 or found.met:
            return margin
        return Margin(max(margin.mean, found.margins[at].mean), max(margin.z, found.margins[at].z) + SETTLED)

    def _cut(self, found: Robust) -> None:
        """Tangents at a plan, of limits that are spread at all."""
        for at, spread in enumerate(self.spreads):
            moments, tangent = spread.moments(self._standing(spread, found.plan))
            if moments.sd > 0:
                self.tangents.append((at, tangent))

    def _solved(self, margins: Sequence[Margin], fine: bool) -> Plan:
        """The plan with all tangents as rows at some margins; to the gap asked for where `fine`."""
        problem, owner = self.problem, [*range(len(self.problem.limit))]
        for number, (at, tangent) in enumerate(self.tangents):
            row = _row(self.spreads[at], margins[at], tangent)
            if row is not None:
                limit = self.spreads[at].limit
                name = f"{problem.limit[limit]} confidence {number}"
                year, strength = self.spreads[at].year, int(problem.strength[limit])
                problem = with_row(problem, name, row.state, year, -row.constant, strength)
                owner.append(limit)
        solver = solve_again if fine else quick
        plan, self.kept = solver(problem, self.options, self.kept)
        price = np.bincount(owner, np.nan_to_num(plan.price), len(self.problem.limit))
        imposed = np.isfinite(plan.price[: len(price)])
        return replace(plan, price=np.where(imposed, price, np.nan))

    def _standing(self, spread: Spread, plan: Plan) -> Floats:
        return part_year_share(self.problem, plan.shares(self.problem))[:, spread.year]

    def _judged(
        self, plan: Plan, levels: Sequence[float], margins: tuple[Margin, ...], number: int
    ) -> Robust:
        shown = tuple(
            show(spread, self._standing(spread, plan), self.theta, level, at)
            for at, (spread, level) in enumerate(zip(self.spreads, levels, strict=True))
        )
        met = plan.status != "infeasible" and all(each.quantile <= 0 for each in shown)
        return Robust(plan, evaluate(self.problem, plan).cost_cny, margins, shown, met, number)


def show(spread: Spread, standing: Floats, theta: Floats, level: float, seed: int) -> Shown:
    """What a plan with X `standing` [K] shows of one limit on a sample theta [J, D].

    The quantile is that of one standard error of the sample above the level, less what solvers tolerate.
    """
    moments, _ = spread.moments(standing)
    drawn = spread.draws(standing, theta, seed) - tolerated(spread)
    error = np.sqrt(level * (1 - level) / len(drawn))
    quantile = float(np.quantile(drawn, min(level + error, 1.0), method="higher"))
    return Shown(moments, quantile, needed(moments, quantile), float((drawn <= 0).mean()))


def tolerated(spread: Spread) -> float:
    """By how much a limit may be missed and count as met."""
    return TOLERANCE * max(abs(float(spread.problem.bound[spread.limit])), 1e-300)


def needed(moments: Moments, quantile: float) -> Margin:
    """The margin at which the row of a plan with these moments is its quantile; none below the plain row."""
    if quantile > moments.mean and moments.sd > 0:
        return Margin(1.0, (quantile - moments.mean) / moments.sd)
    ahead = moments.mean - moments.nominal
    if ahead <= 0:
        return Margin()
    return Margin(min(max((quantile - moments.nominal) / ahead, 0.0), 1.0))


def _row(spread: Spread, margin: Margin, tangent: Row) -> Row | None:
    """The row of one tangent at a margin, at most 0; None for the plain row, which the problem has."""
    if margin == Margin():
        return None
    parts = (
        (1 - margin.mean, spread.nominal),
        (margin.mean, spread.mean),
        (margin.z, tangent),
    )
    state = sum((share * row.state for share, row in parts), np.zeros(len(tangent.state)))
    return Row(state, float(sum(share * row.constant for share, row in parts)))


def _settled(now: Sequence[Margin], wanted: Sequence[Margin]) -> bool:
    """Whether no margin is much above what is wanted."""
    return all(a.z - b.z <= SETTLED and a.mean - b.mean <= SETTLED for a, b in zip(now, wanted, strict=True))


def _cheaper(best: Robust | None, found: Robust) -> Robust | None:
    """The cheaper of the plans that meet their levels."""
    if not found.met:
        return best
    return found if best is None or found.cost_cny < best.cost_cny else best
