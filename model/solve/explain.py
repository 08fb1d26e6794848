"""Why no plan meets every limit: which limits and mandates are in each other's way, how far each missed limit
could go, and which resource would mend it (design: section 5).

Every question is one pricing run of the relaxation in which misses are all that costs anything: the sum of
scaled shortfalls is then zero just when the other rows can all be met.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from model.plan import Plan, evaluate, shortfall_scale, verify
from model.problem.problem import Bools, Ints, Problem
from model.problem.reach import best_reach
from model.solve.conflict import Conflicts, by_themselves
from model.solve.highs import Settings
from model.solve.least_cost import least_cost
from model.solve.price import Priced, price_limits
from model.solve.relaxed import greatest_shortfall, last_years, misses_alone, own_plan, relaxed
from model.solve.rows import imposed

RESOURCES = (
    *("natural_gas", "gas_energy", "peak_gas", "rail_freight", "belt_freight", "heat", "network_heat"),
    *("peak_heat", "secured_heat", "peak_electricity"),
    *("units_completed", "capacity_completed", "stock_completed", "investment"),
)
"""Quantities of which there could be more: supplies, build rates and budgets."""

MISSED = 1e-6
"""Sum of scaled shortfalls above which limits can not all be met, as plans are judged."""

EXACT = 1e-4
WHOLE = 20_000
"""States times years up to which every question is decided; above it there are fewer."""


@dataclass(frozen=True)
class Reach:
    """Best a missed limit can reach, in its own words (N / D for a share): alone, under the mandates and the
    limits on resources (nan where these can not all be met), and in the plan, together with all others.
    """

    limit: int
    alone: float
    together: float


@dataclass(frozen=True)
class Mend:
    """What alone would let every limit be met: a limit on a resource wider by `extra` in its unit, or, where
    `later` (extra is nan), the limit holding a year later.
    """

    limit: int
    extra: float
    later: bool


@dataclass(frozen=True)
class Explanation:
    """limits [N], mandates [N]: irreducible, so that without any one of them the rest can be met; none where
    nothing was found. whole: shares of units could meet them, whole units can not. reach, mends: of every
    missed limit, and all that mends.

    Large problems: alone [N] are limits that no plan meets whatever becomes of the others (limits is then of
    the rest; mandates are not asked about); narrowed: whether limits is irreducible; reach.alone is
    only a bound that no plan passes; mends are not looked for.
    """

    limits: Ints
    mandates: Ints
    whole: bool
    reach: tuple[Reach, ...]
    mends: tuple[Mend, ...]
    alone: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    large: bool = False
    narrowed: bool = True


class Limits(Protocol):
    """What explaining needs of a scenario's `solver` entry."""

    @property
    def time_limit(self) -> float | None:
        """Seconds."""

    @property
    def threads(self) -> int:
        """Threads of HiGHS."""

    @property
    def seed(self) -> int:
        """Seed of HiGHS."""


def explain(problem: Problem, plan: Plan, options: Limits) -> Explanation:
    """Why `plan`, the one of least shortfall, misses limits."""
    stop = np.inf if options.time_limit is None else time.monotonic() + options.time_limit
    settings = Settings(options.threads, options.seed, stop)
    verdict = verify(problem, plan)
    if problem.cost.size > WHOLE:
        return _explain_large(problem, plan, settings, np.flatnonzero(verdict.limits))
    question = _Question(problem, settings)
    binding = problem.enforced & np.isfinite(problem.bound)
    everyone = np.arange(len(problem.mandate))
    whole = not question.conflict(np.flatnonzero(binding), everyone)
    question.whole = whole
    limits, mandates = _filtered(question, np.flatnonzero(binding), everyone)
    reach = tuple(question.reach(int(limit), plan) for limit in np.flatnonzero(verdict.limits))
    mends = () if whole else tuple(question.mends(limits))
    return Explanation(limits, mandates, whole, reach, mends)


def _explain_large(problem: Problem, plan: Plan, settings: Settings, missed: Ints) -> Explanation:
    """What can be told of a large problem soon: limits that no plan meets by itself, a conflict of the others
    from few checks, and bounds on what the missed limits can reach.
    """
    alone = by_themselves(problem)
    binding = np.flatnonzero(problem.enforced & np.isfinite(problem.bound))
    limits, narrowed = Conflicts(problem, settings).irreducible(np.setdiff1d(binding, alone))
    among = np.isin(np.arange(len(problem.limit)), missed)
    best, found = best_reach(problem, among), evaluate(problem, plan)
    # in the words of a share the bound on its left side says nothing
    same = ~np.isin(problem.limit, list(problem.notes.get("shares", {})))
    reach = tuple(
        Reach(limit, float(best[limit]) if same[limit] else np.nan, float(found.achieved[limit]))
        for limit in missed.tolist()
    )
    whole = narrowed and not len(alone) and not len(limits)
    return Explanation(limits, limits[:0], whole, reach, (), alone, True, narrowed)


def without_mandates(problem: Problem, kept: Ints) -> Problem:
    """The problem with the mandates `kept` alone."""
    inside = np.isin(problem.forbid_mandate, kept)
    return replace(
        problem,
        forbid_mandate=problem.forbid_mandate[inside],
        forbid_state=problem.forbid_state[inside],
        forbid_from=problem.forbid_from[inside],
    )


def _filtered(question: _Question, limits: Ints, mandates: Ints) -> tuple[Ints, Ints]:
    """An irreducible part of limits and mandates that can not all be met: a deletion filter that keeps, at
    every step, only what the prices of the last conflict name.
    """
    limits = question.named(limits, mandates)
    if question.conflict(limits, mandates[:0]):
        mandates = mandates[:0]
    for mandate in mandates.tolist():
        rest = mandates[mandates != mandate]
        if question.conflict(limits, rest):
            mandates = rest
    limits = question.named(limits, mandates)
    for limit in limits.tolist():
        rest = limits[limits != limit]
        if limit in limits and question.conflict(rest, mandates):
            limits = question.named(rest, mandates)
    return limits, mandates


class _Question:
    """Questions to one problem. whole: whole units count, not shares of them."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings, self.whole = problem, settings, False
        self.scale, self.most = shortfall_scale(problem), greatest_shortfall(problem)

    def conflict(self, limits: Ints, mandates: Ints) -> bool:
        """Whether these limits can not all be met under these mandates."""
        if not self.whole:
            return self._phase_one(limits, mandates)[1].bound > MISSED
        part = self._part(limits, mandates)
        return least_cost(part, imposed(part), self.settings, 1.0, "pricing").status == "infeasible"

    def named(self, limits: Ints, mandates: Ints) -> Ints:
        """Those of limits in conflict whose prices prove it; all of them where whole units count."""
        if self.whole:
            return limits
        stage, priced = self._phase_one(limits, mandates)
        row = imposed(stage).row
        wanted = priced.price * self.scale[row] > 1e-7
        kept = np.intersect1d(row[wanted], limits)
        return kept if len(kept) < len(limits) and self.conflict(kept, mandates) else limits

    def reach(self, limit: int, plan: Plan) -> Reach:
        """How far a limit can go."""
        problem = self.problem
        together = float(evaluate(problem, plan).achieved[limit])
        every = np.arange(len(problem.mandate))
        part = self._part(np.append(self._resources(), limit), every)
        bound = problem.bound.copy()
        bound[limit] = best_reach(problem)[limit]
        part = replace(part, bound=bound)
        most = greatest_shortfall(part)[[limit]]
        if most[0] <= 0:
            return Reach(limit, together, together)
        stage = relaxed(part, np.array([limit]), most)
        stage = misses_alone(stage, last_years(part)[[limit]], most / self.scale[[limit]])
        priced = self._priced(stage)
        if priced.status != "optimal":
            return Reach(limit, np.nan, together)
        mixed = own_plan(problem, _mixed(stage, priced))
        return Reach(limit, float(evaluate(problem, mixed).achieved[limit]), together)

    def mends(self, limits: Ints) -> Iterable[Mend]:
        """What alone mends a conflict: it must be one of its limits."""
        problem = self.problem
        binding = np.flatnonzero(problem.enforced & np.isfinite(problem.bound))
        every = np.arange(len(problem.mandate))
        resources = set(self._resources().tolist())
        for limit in limits.tolist():
            others = binding[binding != limit]
            if limit in resources:
                if self.conflict(others, every):
                    continue
                stage = relaxed(problem, np.array([limit]), self.most[[limit]])
                worth = self.most[[limit]] / self.scale[[limit]]
                priced = self._priced(misses_alone(stage, last_years(problem)[[limit]], worth))
                if priced.status == "optimal":
                    yield Mend(limit, priced.bound * float(self.scale[limit]), False)
            elif self._later(limit):
                yield Mend(limit, np.nan, True)

    def _later(self, limit: int) -> bool:
        """Whether all could be met if one limit held a year later."""
        problem = self.problem
        terms = slice(problem.term_ptr[limit], problem.term_ptr[limit + 1])
        year = problem.term_year[terms]
        if problem.exogenous[limit] or not len(year) or year.max() + 1 >= len(problem.years):
            return False
        moved = problem.term_year.copy()
        moved[terms] += 1
        later = _Question(replace(problem, term_year=moved), self.settings)
        binding = np.flatnonzero(problem.enforced & np.isfinite(problem.bound))
        return not later.conflict(binding, np.arange(len(problem.mandate)))

    def _resources(self) -> Ints:
        """Imposed limits on supplies, build rates and budgets, [N]."""
        problem = self.problem
        known = np.isin(problem.quantity, RESOURCES)[problem.term_quantity]
        owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
        has = np.bincount(owner[known], minlength=len(problem.limit)) > 0
        upper = problem.enforced & np.isfinite(problem.bound) & (problem.sense < 0)
        return np.flatnonzero(has & upper)

    def _part(self, limits: Ints, mandates: Ints) -> Problem:
        """The problem with these limits and mandates alone."""
        wanted: Bools = np.zeros(len(self.problem.limit), dtype=bool)
        wanted[limits] = True
        return without_mandates(replace(self.problem, enforced=wanted), mandates)

    def _phase_one(self, limits: Ints, mandates: Ints) -> tuple[Problem, Priced]:
        """The least sum of scaled shortfalls of some limits, relaxed."""
        part = self._part(limits, mandates)
        most = greatest_shortfall(part)
        open_limits = limits[most[limits] > 0]
        stage = relaxed(part, open_limits, most[open_limits])
        worth = most[open_limits] / self.scale[open_limits]
        stage = misses_alone(stage, last_years(part)[open_limits], worth)
        return stage, self._priced(stage)

    def _priced(self, stage: Problem) -> Priced:
        return price_limits(stage, imposed(stage), self.settings, EXACT)[1]


def _mixed(problem: Problem, priced: Priced) -> Plan:
    """The relaxed optimum as pathways, units shared too."""
    column, share = priced.mix.column, priced.mix.share
    source = priced.pool.source[column]
    stays = 1 - np.bincount(source, share, len(problem.source))
    every = np.arange(len(problem.source))
    kept = stays > 1e-12
    owner = np.concatenate([every[kept], source])
    state = (
        np.concatenate([priced.base[kept], priced.pool.state[column]]) + problem.state_start[owner][:, None]
    )
    order = np.argsort(owner, kind="stable")
    none = np.full(len(problem.limit), np.nan)
    shares = np.concatenate([stays[kept], share])[order]
    return Plan(owner[order], shares, state[order].astype(np.int64), none, priced.bound, "feasible", {})
