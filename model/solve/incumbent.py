"""The best plan found so far, and what is proven of it: what all stages of the finish have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.plan import Evaluation, Plan, evaluate, verify
from model.problem.problem import Floats, Ints
from model.solve.columns import keys, make_pool
from model.solve.highs import Settings
from model.solve.master import solve_master
from model.solve.price import ENDLESS, Priced
from model.solve.rounding import FULL
from model.solve.walk import Near, Steps, Walk
from model.solve.warm import Warm


@dataclass(frozen=True)
class Found:
    """The best plan, if any, with its evaluation; bound: proven, CNY."""

    plan: Plan | None
    evaluation: Evaluation | None
    bound: float
    priced: Priced
    status: str
    route: tuple[str, ...]


class Incumbent:
    """The best plan of a problem so far.

    best, found: the plan and its evaluation, None while there is none; bound: proven, CNY. shared: pathways
    of divisible sources, which follow what units do. short: rows that no choice of these met, the last time.
    """

    def __init__(
        self, walk: Walk, priced: Priced, settings: Settings, gap: float, route: tuple[str, ...]
    ) -> None:
        self.walk, self.priced, self.settings, self.gap = walk, priced, settings, gap
        self.problem, self.rows = walk.problem, walk.rows
        self.bound, self.route = priced.bound, list(route)
        self.best: Plan | None = None
        self.found: Evaluation | None = None
        self.short = np.zeros(0, dtype=np.int64)
        self.cheapest = walk.best(priced.price)
        self.shared = Near(np.zeros(0, dtype=np.int64), self.cheapest.state[:0], np.zeros(0))

    def share(self, near: Near) -> None:
        """Let divisible sources use the pathways of the pool, those of `near` and their cheapest ones."""
        pool, divisible = self.priced.pool, self.problem.divisible
        every = np.flatnonzero(divisible)
        source = np.concatenate([pool.source, near.source, every])
        state = np.concatenate([pool.state, near.state, self.cheapest.state[every]])
        kept = np.flatnonzero(divisible[source])
        kept = kept[np.unique(keys(source[kept], state[kept]), return_index=True)[1]]
        self.shared = Near(source[kept], state[kept], np.zeros(len(kept)))

    def keep(self, warm: Warm) -> None:
        """Keep the plan of a related problem if it is one of this problem."""
        if warm.whole.all():
            self.take(warm.plan.source, warm.plan.share, warm.plan.state)

    def result(self) -> Found:
        """What there is so far."""
        status = "optimal" if self.reached() else "feasible"
        if self.best is None:
            status = "infeasible" if np.isposinf(self.bound) else "none"
        return Found(self.best, self.found, self.bound, self.priced, status, tuple(self.route))

    def reached(self, times: float = 1.0) -> bool:
        """Whether the best plan is within the gap, or so many times the gap, of the bound."""
        if self.found is None:
            return False
        return self.found.cost_cny - self.bound <= times * self.wanted()

    def wanted(self) -> float:
        """The gap in CNY."""
        gross = 0.0 if self.found is None else self.found.gross_cny
        return max(self.gap * gross, self.settings.enough, 1e-6)

    def take(self, source: Ints, share: Floats, state: Ints) -> None:
        """Keep pathways, in global states, if they are a plan that meets all limits at less cost."""
        none = np.full(len(self.problem.limit), np.nan)
        plan = Plan(source, share, state, none, self.bound, "feasible", {})
        evaluation = evaluate(self.problem, plan)
        if self.found is not None and evaluation.cost_cny >= self.found.cost_cny:
            return
        verdict = verify(self.problem, plan, found=evaluation)
        if not verdict.limits.any() and not verdict.broken:
            self.best, self.found = plan, evaluation

    def offer(self, state: Steps) -> None:
        """Let divisible sources follow units in local states [S, Y], and keep the plan if it is the best."""
        divisible = np.flatnonzero(self.problem.divisible)
        every = np.arange(len(state))
        first = self.problem.state_start[:-1, None]
        if not len(divisible):
            self.take(every, np.ones(len(state)), first + state)
            return
        near = self.shared
        pool = make_pool(self.walk.worth, self.rows, state, near.source, near.state)
        cost, used = self.walk.total(state)
        room = (self.rows.bound - used) * self.rows.sign
        room -= 1e-9 * np.abs(self.rows.bound)
        top = np.maximum(ENDLESS * self.priced.scale, 10 * self.priced.price)
        box = (np.zeros(len(room)), top)
        step = solve_master(pool, self.walk.weight, cost, room, box, self.priced.scale, self.settings)
        if step is None:
            return
        if float(step.missed @ top) > 1e-9 * abs(step.promised) + 1e-6:
            used = used + pool.use[step.mix.column].T @ step.mix.share
            over = (used - self.rows.bound) * self.rows.sign
            self.short = np.flatnonzero(over > FULL * np.maximum(np.abs(self.rows.bound), 1.0))
            return
        used_columns = step.mix.share > 1e-12
        column, share = step.mix.column[used_columns], step.mix.share[used_columns]
        left = 1 - np.bincount(pool.source[column], share, len(state))
        stays = every[left > 1e-12]
        source = np.concatenate([stays, pool.source[column]])
        order = np.argsort(source, kind="stable")
        shares = np.concatenate([left[stays], share])
        states = np.concatenate([state[stays], pool.state[column]]) + first[source]
        self.take(source[order], shares[order], states[order])
