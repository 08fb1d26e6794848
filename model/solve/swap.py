"""Whole-number plans by exchange: one or two units at a time change to another pathway near their best.

Under prices p with dual value L a plan costs L + sum of excess of its pathways + sum of p times what it
leaves unused of each row. So what is looked for is a choice of pathways of little excess that fills the
rows; a row that is missed counts several times. Units of one kind (that touch the same binding rows) are
searched together, all pairs of the best single changes at once; then at random a few are changed and
repaired.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.problem.problem import Floats, Ints
from model.solve.dive import Menu, State, dive
from model.solve.highs import Settings

WIDTH = 60
"""Best single changes of a kind that are paired with each other."""

CHANGES = 40
"""Changes of a kind in a row."""

DEARER, TIMES = 3.0, 14
"""How much dearer a miss becomes when no change mends it, and how often."""

PASSES = 30

FIRST_MISS = 20.0
"""What a miss costs at first, in prices of the row."""


@dataclass(frozen=True)
class _Kind:
    """Pathways of one kind of units: rows that they touch, and dense use of these."""

    path: Ints
    owner: Ints
    rows: Ints
    use: Floats


class Exchange:
    """The search over one menu. price [R]: value of a unit of each row left unused, 1 or 0."""

    def __init__(self, menu: Menu, price: Floats, tolerance: Floats) -> None:
        self.menu, self.price, self.tolerance = menu, price, tolerance
        self.miss = np.full(len(price), FIRST_MISS)
        self.kinds = []
        self.kind_ids = np.unique(menu.kind)
        for kind in self.kind_ids:
            path = np.flatnonzero(menu.kind[menu.owner] == kind)
            part = sparse.csc_array(menu.use[path])
            rows = np.flatnonzero(np.diff(part.indptr) > 0)
            self.kinds.append(_Kind(path, menu.owner[path], rows, part[:, rows].toarray()))

    def value(self, state: State) -> float:
        """Excess and value of what is left or missed."""
        return float(self.menu.excess[state.chosen].sum() + self._cost(state.left, slice(None)))

    def meets(self, state: State) -> bool:
        """Whether no row is missed."""
        return bool((state.left >= -self.tolerance).all())

    def settle(self, state: State) -> bool:
        """Change `state` until no pair of changes of one kind betters it; whether it then meets all rows.

        Misses become dearer while some are left.
        """
        for _ in range(TIMES):
            for _ in range(PASSES):
                gained = sum(self._improve(kind, state) for kind in self.kinds)
                if gained > -1e-6:
                    break
            missed = state.left < -self.tolerance
            if not missed.any():
                return True
            self.miss[missed] *= DEARER
        return False

    def refine(self, state: State, steps: int, goal: float, seed: int, stop_at: float = np.inf) -> State:
        """The best of `steps` random changes of a few units of one kind, each settled again; the state must
        meet all rows, and so does what comes back. Ends when its value is down to `goal`, or at
        time.monotonic() = `stop_at`.
        """
        rng = np.random.default_rng(seed)
        self.miss = np.maximum(self.miss, 10 * FIRST_MISS)
        best, value = state, self.value(state)
        for _ in range(steps):
            if value <= goal or time.monotonic() >= stop_at:
                break
            kind = self.kinds[int(rng.integers(len(self.kinds)))]
            trial = State(best.chosen.copy(), best.left.copy())
            number = min(int(rng.integers(2, 5)), len(kind.path))
            for path in rng.choice(len(kind.path), size=number, replace=False):
                self._change(kind, trial, int(path))
            self._improve(kind, trial)
            found = self.value(trial)
            if found < value and self.meets(trial):
                best, value = trial, found
        return best

    def redive(self, state: State, steps: int, goal: float, seed: int, settings: Settings) -> State:
        """The best of `steps` new dives over a random half of the units of a few kinds, the others as they
        are; the state must meet all rows, and so does what comes back.
        """
        rng = np.random.default_rng(seed)
        best, value = state, self.value(state)
        for _ in range(steps):
            if value <= goal or time.monotonic() >= settings.stop_at:
                break
            among = np.isin(
                self.menu.kind, rng.choice(self.kind_ids, size=min(3, len(self.kind_ids)), replace=False)
            )
            among &= rng.random(len(among)) < 0.5
            trial = dive(self.menu, self.price, best, settings, among)
            if not self.settle(trial):
                continue
            found = self.value(trial)
            if found < value:
                best, value = trial, found
        return best

    def _cost(self, left: Floats, rows: Ints | slice) -> Floats:
        """Value of what is left of some rows [.., rows], summed over the rows."""
        price = self.price[rows]
        return np.asarray(left @ price + np.maximum(-left, 0.0) @ (price + self.miss[rows]))

    def _change(self, kind: _Kind, state: State, position: int) -> None:
        """Put a pathway of a kind in the place of that of its owner."""
        owner = kind.owner[position]
        before = np.searchsorted(kind.path, state.chosen[owner])
        state.left[kind.rows] -= kind.use[position] - kind.use[before]
        state.chosen[owner] = kind.path[position]

    def _improve(self, kind: _Kind, state: State) -> float:
        """Make the best change of one or two units of a kind as long as it helps; what that gained (< 0)."""
        total = 0.0
        for _ in range(CHANGES):
            before = np.searchsorted(kind.path, state.chosen[kind.owner])
            more = kind.use - kind.use[before]
            dearer = self.menu.excess[kind.path] - self.menu.excess[state.chosen[kind.owner]]
            left = state.left[kind.rows]
            now = float(self._cost(left, kind.rows))
            after = left - more
            single = dearer + self._cost(after, kind.rows) - now
            single[before == np.arange(len(before))] = np.inf
            top = np.argpartition(single, min(WIDTH, len(single) - 1))[:WIDTH]
            top = top[np.argsort(single[top], kind="stable")]
            top = top[np.isfinite(single[top])]
            if len(top) == 0:
                break
            both = self._cost(after[top][:, None, :] - more[top][None], kind.rows)
            both += dearer[top][:, None] + dearer[top][None] - now
            both[kind.owner[top][:, None] == kind.owner[top][None]] = np.inf
            first, second = divmod(int(both.argmin()), len(top))
            gain, changes = float(both[first, second]), [top[first], top[second]]
            if single[top[0]] <= gain:
                gain, changes = float(single[top[0]]), [top[0]]
            if gain >= -LEAST_GAIN:
                break
            for position in changes:
                self._change(kind, state, int(position))
            total += gain
        return total


LEAST_GAIN = 1e-12
"""Gain, as a share of the spending of the plan, that is not worth a change."""
