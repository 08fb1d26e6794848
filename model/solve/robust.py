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
from model.solve.mixed import relax
from model.solve.solve import Options, solve_again
from model.solve.warm import Kept

MIXES = 15
"""Mixes of pathways looked for at one confidence at most, each with a tangent more."""

PLANS = 8
"""Plans of whole units looked for after that."""

SETTLED = 0.02
"""Standard deviations to which a mix keeps to its cone and z is that of its quantile."""


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
        return self._judged(plan, levels, (Margin(),) * len(self.spreads))

    def solve(self, levels: Sequence[float], begin: Robust) -> Robust:
        """The cheapest plan found that meets each limit in its level's share of the sample.

        levels: one for each spread. begin: a plan to begin with; it is the answer where it meets them.
        Tangents and margins are found with mixes, which need no whole units; plans of whole units that fall
        short of them move on from there. Where no plan meets all limits the plan is that of least shortfall,
        `met` is False and its status infeasible.
        """
        found = self._judged(begin.plan, levels, begin.margins)
        if found.met:
            return found
        margins = self._mixed(found, levels)
        for number in range(1, PLANS + 1):
            plan, self.kept = solve_again(self._problem(margins), self.options, self.kept)
            found = self._judged(self._own(plan, margins), levels, margins)
            if found.met or plan.status == "infeasible":
                break
            self._cut(found)
            margins = tuple(
                raised(margin, shown, number) for margin, shown in zip(margins, found.shown, strict=True)
            )
        return found

    def _mixed(self, found: Robust, levels: Sequence[float]) -> tuple[Margin, ...]:
        """The margins that the cheapest mix needs, its tangents kept; the last ones where there is no mix."""
        for _ in range(MIXES):
            margins = tuple(shown.margin for shown in found.shown)
            self._cut(found)
            mix = relax(self._problem(margins), self.options.threads, self.options.seed)
            if mix is None:
                break
            found = self._judged(mix.mixed.plan, levels, margins)
            if all(settled(margin, shown) for margin, shown in zip(margins, found.shown, strict=True)):
                break
        return margins

    def _cut(self, found: Robust) -> None:
        """Tangents at a plan, of limits that it does not meet with room to spare."""
        for at, (spread, shown) in enumerate(zip(self.spreads, found.shown, strict=True)):
            if shown.moments.sd > 0 and shown.quantile > -SETTLED * shown.moments.sd:
                _, tangent = spread.moments(self._standing(spread, found.plan))
                self.tangents.append((at, tangent))

    def _rows(self, margins: Sequence[Margin]) -> list[tuple[Spread, Row]]:
        """The rows of all tangents at some margins, each at most 0."""
        rows = [(self.spreads[at], _row(self.spreads[at], margins[at], row)) for at, row in self.tangents]
        return [(spread, row) for spread, row in rows if row is not None]

    def _problem(self, margins: Sequence[Margin]) -> Problem:
        """The problem with these rows behind its limits."""
        problem = self.problem
        for number, (spread, row) in enumerate(self._rows(margins)):
            name = f"{self.problem.limit[spread.limit]} confidence {number}"
            strength = int(problem.strength[spread.limit])
            problem = with_row(problem, name, row.state, spread.year, -row.constant, strength)
        return problem

    def _own(self, plan: Plan, margins: Sequence[Margin]) -> Plan:
        """A plan with the prices of these rows added to those of their limits: both loosen with the bound."""
        count = len(self.problem.limit)
        limits = np.array([spread.limit for spread, _ in self._rows(margins)], dtype=np.int64)
        price = plan.price[:count].copy()
        np.add.at(price, limits, np.nan_to_num(plan.price[count:]))
        return replace(plan, price=price)

    def _standing(self, spread: Spread, plan: Plan) -> Floats:
        return part_year_share(self.problem, plan.shares(self.problem))[:, spread.year]

    def _raised(self, level: float) -> float:
        """A level and one standard error of the sample, so that other draws bear it out."""
        return min(level + float(np.sqrt(level * (1 - level) / self.theta.shape[1])), 1.0)

    def _judged(self, plan: Plan, levels: Sequence[float], margins: tuple[Margin, ...]) -> Robust:
        shown = tuple(
            show(spread, self._standing(spread, plan), self.theta, self._raised(level), at)
            for at, (spread, level) in enumerate(zip(self.spreads, levels, strict=True))
        )
        met = plan.status != "infeasible" and all(each.quantile <= 0 for each in shown)
        return Robust(plan, evaluate(self.problem, plan).cost_cny, margins, shown, met)


def show(spread: Spread, standing: Floats, theta: Floats, level: float, seed: int) -> Shown:
    """What a plan with X `standing` [K] shows of one limit on a sample theta [J, D].

    level: of the quantile, which is less what solvers tolerate.
    """
    moments, _ = spread.moments(standing)
    drawn = spread.draws(standing, theta, seed) - tolerated(spread)
    quantile = float(np.quantile(drawn, level, method="higher"))
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


def settled(margin: Margin, shown: Shown) -> bool:
    """Whether a mix keeps to its cone, and its margin is the one that it needs."""
    near = SETTLED * shown.moments.sd
    return shown.quantile <= near and abs(shown.margin.z - margin.z) <= SETTLED


def raised(margin: Margin, shown: Shown, number: int) -> Margin:
    """The margin after a plan, the `number`-th, that falls short: above what it shows to be needed and what
    was asked of it, further each time, since whole units may not notice a little.
    """
    sd = shown.moments.sd
    if shown.quantile <= 0 or sd == 0:
        return margin
    more = max(shown.quantile / sd, number * SETTLED) / 2
    return Margin(max(margin.mean, shown.margin.mean), max(margin.z, shown.margin.z) + more)
