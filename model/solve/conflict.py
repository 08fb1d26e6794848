"""Which limits of a large problem can not all be met, by the sign of one dual function.

The least sum of scaled shortfalls is the greatest value, over prices between 0 and one over the scale of each
limit, of the sum of the cheapest pathways less what the limits allow, with nothing else at a cost. Prices of
a positive value prove a conflict of the limits that have one; a mix of pathways without misses proves that
there is none. One pool of pathways serves all questions: a limit that is left out has no price.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from model.plan import shortfall_scale
from model.problem.problem import Floats, Ints, Problem
from model.problem.reach import unreachable
from model.solve.columns import empty_pool, keys, make_pool
from model.solve.flat import make_walk
from model.solve.highs import Settings
from model.solve.master import Corner, solve_master
from model.solve.price import MARGIN
from model.solve.rows import imposed
from model.solve.walk import Steps

CHECKS = 25
"""Questions whether some limits can all be met, at most."""

ROUNDS = 60
"""LPs solved for one question, at most."""

INWARD = 0.5
"""How far the next prices lie from those of the LP towards the best ones so far."""

MISSED = 1e-6
"""Sum of scaled shortfalls above which limits can not all be met, as plans are judged."""


class Conflicts:
    """Questions to one problem under its mandates."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings = problem, settings
        self.rows = imposed(problem)
        self.walk = make_walk(problem, self.rows)
        self.right = self.rows.bound * self.rows.sign
        self.top = 1 / shortfall_scale(problem)[self.rows.row]
        self.base: Steps = self.walk.best(np.zeros(len(self.top)), money=False, sums=False).state
        self.room = self.right - self.walk.total(self.base)[1] * self.rows.sign
        self.pool = empty_pool(self.rows)
        self.corner: Corner | None = None
        self.proofs: list[Floats] = []
        self.checks, self.undecided = 0, 0

    def proof(self, limits: Ints) -> Ints | None:
        """Those of some limits [N] that the prices found to prove a conflict name; None where none is,
        or where that stays `undecided`.
        """
        wanted = np.isin(self.rows.row, limits)
        for known in self.proofs:
            if not known[~wanted].any():
                return self.rows.row[known > 0]
        self.checks += 1
        best, bound = np.zeros(len(self.top)), 0.0
        high = np.where(wanted, self.top, 0.0)
        weight, zero = self.walk.weight, np.zeros(len(self.top))
        for _ in range(ROUNDS):
            if time.monotonic() > self.settings.stop_at:
                break
            box = (zero, high)
            step = solve_master(self.pool, weight, 0.0, self.room, box, self.top, self.settings, self.corner)
            if step is None:
                break
            self.corner = step.corner
            if step.promised <= MISSED:
                return None
            for price in (INWARD * best + (1 - INWARD) * step.price, step.price):
                value, fresh = self._tried(price)
                if value > MISSED:
                    self.proofs.append(price)
                    return self.rows.row[price > 0]
                if value > bound:
                    best, bound = price, value
                if fresh:
                    break
            if not fresh:
                break
        self.undecided += 1
        return None

    def irreducible(self, limits: Ints) -> tuple[Ints, bool]:
        """Limits in conflict without which the others of them can be met, and whether that was carried to its
        end within CHECKS, every one decided; no limits where no conflict is found.
        """
        found = self.proof(limits)
        if found is None:
            return limits[:0], not self.undecided
        for limit in found.tolist():
            if limit not in found:
                continue
            if self.checks >= CHECKS:
                return found, False
            fewer = self.proof(found[found != limit])
            found = found if fewer is None else fewer
        return found, not self.undecided

    def _tried(self, price: Floats) -> tuple[float, bool]:
        """The dual function less a margin for rounding, and whether pathways came that the pool has not."""
        best = self.walk.best(price, money=False, sums=False)
        paid = price * self.right
        rounding = MARGIN * (np.abs(best.value).sum() + np.abs(paid).sum())
        source = np.flatnonzero((best.state != self.base).any(axis=1))
        state = best.state[source]
        new = ~np.isin(keys(source, state), keys(self.pool.source, self.pool.state))
        if new.any():
            more = make_pool(self.walk.worth, self.rows, self.base, source[new], state[new])
            self.pool = self.pool.join(replace(more, cost=np.zeros(len(more.source))))
        return float(best.value.sum() - paid.sum() - rounding), bool(new.any())


def by_themselves(problem: Problem) -> Ints:
    """Limits that no plan can meet under the mandates, whatever becomes of the other limits."""
    return np.flatnonzero(unreachable(problem) & np.isfinite(problem.bound))
