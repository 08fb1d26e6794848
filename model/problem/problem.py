"""The problem: plain arrays and labels, everything a solver needs and nothing else (design: section 5).

Index letters: s source, k state (global index over all sources), m move (global), y decision year, q
quantity, g cell, i limit, t term of a limit.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.base.display import html_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.signedinteger[Any]]
"""Whole numbers of any width, where narrow ones save memory."""

MOVES = 1_000_000
"""Moves looked at together, so that little memory is needed beside those of a large problem; up to so many
are sorted once and found sooner.
"""


@dataclass(frozen=True)
class Problem:
    """One case of one scenario, ready to be solved.

    Shapes: S sources, K states, M moves, Y decision years, Q quantities, G cells, I limits, T terms, A
    mandates.

    Sources and states. States of source s are `state_start[s] : state_start[s + 1]`; its first state is
    state 0. Moves run between two different states of one source; staying is always allowed unless a
    mandate forbids the state, and costs nothing.

    Cost of state k in year y, CNY/yr over and above state 0 of its source: `cost[k, y]`, already times the
    activity. Annuity of move m made in year y, CNY/yr: `capital[m, y]`; inf where the move is not on offer in
    that year. It is charged `charge[y]` times: the discounted annuities from y to the horizon's end divided
    by `discount[y] * weight[y]`. Moves are sorted by their source. Arrays over years that do not change with
    the year may be views of one column, so that a million sources fit.

    Use of quantity q by state k in year y: `driver[quantity_driver[q], s, y] * state_factor[q, k]`; of move
    m: `driver[quantity_driver[q], s, y] * move_factor[q, m]`. Both factor arrays are stored in compressed
    rows (`*_ptr`, `*_idx`, `*_val`) since most are zero. A quantity with `quantity_stock[q]` is what stands
    at the end of the year (no part-year rule).

    Limit i: sum over its terms t of `term_coef[t] * cell_weight(t, g(s)) * use(term_quantity[t], s,
    term_year[t])` plus `exogenous[i]` is <= (`sense` -1) or >= (`sense` +1) `bound[i]`. Cells of term t are
    the set `cell_set[term_set[t]]`, a row of the boolean matrix [sets, G]. A limit with `enforced[i]` False
    is computed and judged, never imposed; `bound` is nan where a limit is only reported. For a share N / D
    the limit is the row N - p D against 0, and `notes["shares"][limit]` has `numerator` and `denominator`,
    lists of [quantity, year, coef, set], and `numerator_exogenous`, `denominator_exogenous`.

    Mandate a forbids state k from the decision year `forbid_from[j]` on (index into years): rows
    (`forbid_mandate[j]`, `forbid_state[j]`, `forbid_from[j]`). Forbidden states stay in the problem.
    """

    name: str
    case: str
    years: Ints  # [Y]
    weight: Floats  # [Y] years that a decision year stands for
    discount: Floats  # [Y]
    # sources
    source: NDArray[np.str_]  # [S] labels
    divisible: Bools  # [S]
    part_year: Floats  # [S] phi
    cell: Ints  # [S]
    state_start: Ints  # [S + 1]
    # states and moves
    state_label: NDArray[np.str_]  # [K]
    cost: Floats  # [K, Y]
    move_from: Ints  # [M] global state
    move_to: Ints  # [M]
    capital: Floats  # [M, Y]
    charge: Floats  # [Y]
    # quantities
    quantity: NDArray[np.str_]  # [Q]
    quantity_stock: Bools  # [Q]
    quantity_driver: Ints  # [Q]
    driver: Floats  # [D, S, Y]
    state_factor_ptr: Ints  # [Q + 1]
    state_factor_idx: Ints
    state_factor_val: Floats
    move_factor_ptr: Ints  # [Q + 1]
    move_factor_idx: Ints
    move_factor_val: Floats
    # limits
    limit: NDArray[np.str_]  # [I] ENTRY/YEAR[/GROUP]
    sense: Ints  # [I] -1 at most, +1 at least
    bound: Floats  # [I]
    exogenous: Floats  # [I]
    enforced: Bools  # [I]
    strength: Ints  # [I] index into words.STRENGTHS
    term_ptr: Ints  # [I + 1]
    term_quantity: Ints  # [T]
    term_year: Ints  # [T] index into years
    term_coef: Floats  # [T]
    term_set: Ints  # [T]
    cell_set: Bools  # [sets, G]
    # mandates
    mandate: NDArray[np.str_]  # [A]
    forbid_mandate: Ints
    forbid_state: Ints
    forbid_from: Ints
    # what readers of the results need and solving ignores: units, shares, clauses by limit
    notes: dict[str, Any] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        """Its size, for notebooks."""
        rows = [
            ("decision years", ", ".join(map(str, self.years.tolist()))),
            ("sources", len(self.source)),
            ("states", len(self.state_label)),
            ("moves", len(self.move_from)),
            ("limits enforced", int(self.enforced.sum())),
            ("limits only judged", int((~self.enforced).sum())),
            ("mandates", len(self.mandate)),
        ]
        return html_table(f"Problem {self.name}, case {self.case}", ("", ""), rows)

    @property
    def source_of_state(self) -> Ints:
        """Source of each state, [K]."""
        return np.repeat(np.arange(len(self.source)), np.diff(self.state_start))

    @cached_property
    def move_start(self) -> Ints:
        """Moves of source s are `move_start[s] : move_start[s + 1]`, [S + 1]."""
        counts = np.zeros(len(self.source) + 1, dtype=np.int64)
        last = 0
        for begin in range(0, len(self.move_from), MOVES):
            part = self.move_from[begin : begin + MOVES]
            owner = np.searchsorted(self.state_start, part, side="right") - 1
            if owner[0] < last or (np.diff(owner) < 0).any():
                raise ValueError("the moves of a problem are sorted by source")
            last = owner[-1]
            counts[1:] += np.bincount(owner, minlength=len(self.source))
        return np.cumsum(counts)

    @cached_property
    def _sorted_moves(self) -> tuple[Ints, Ints]:
        """A number for the two states of each move, ascending, and the moves in that order, [M]."""
        key = self.move_from.astype(np.int64) * len(self.state_label) + self.move_to
        order = np.argsort(key, kind="stable")
        return key[order], order

    def find_moves(self, leave: Ints, enter: Ints) -> Ints:
        """The move between two states of one source, -1 where there is none, [N] each."""
        if 0 < len(self.move_from) <= MOVES:
            key, move = self._sorted_moves
            wanted = leave.astype(np.int64) * len(self.state_label) + enter
            at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            return np.where(key[at] == wanted, move[at], -1)
        source = np.searchsorted(self.state_start, leave.astype(self.state_start.dtype), side="right") - 1
        at, end = self.move_start[source], self.move_start[source + 1]
        out = np.full(len(leave), -1)
        for ahead in range(int((end - at).max(initial=0))):
            here = np.flatnonzero((out < 0) & (at + ahead < end))
            move = at[here] + ahead
            hit = (self.move_from[move] == leave[here]) & (self.move_to[move] == enter[here])
            out[here[hit]] = move[hit]
        return out

    def state_factor(self, quantity: int) -> Floats:
        """Factor of each state, [K]."""
        out = np.zeros(len(self.state_label))
        part = slice(*self.state_factor_ptr[quantity : quantity + 2])
        out[self.state_factor_idx[part]] = self.state_factor_val[part]
        return out

    def move_factor(self, quantity: int) -> Floats:
        """Factor of each move, [M]."""
        out = np.zeros(len(self.move_from))
        part = slice(*self.move_factor_ptr[quantity : quantity + 2])
        out[self.move_factor_idx[part]] = self.move_factor_val[part]
        return out

    def allowed(self) -> Bools:
        """True where no mandate forbids state k in year y, [K, Y]."""
        out = np.ones((len(self.state_label), len(self.years)), dtype=bool)
        for state, start in zip(self.forbid_state, self.forbid_from, strict=True):
            out[state, start:] = False
        return out

    def sha256(self) -> str:
        """Hash of every array and label; two problems with the same hash are the same problem."""
        digest = hashlib.sha256()
        for spec in fields(self):
            value = getattr(self, spec.name)
            digest.update(spec.name.encode())
            if isinstance(value, np.ndarray):
                digest.update(f"{value.dtype.kind}{value.shape}".encode())
                text = value.dtype.kind == "U"
                digest.update("\x1f".join(value.tolist()).encode() if text else value.tobytes())
            else:
                digest.update(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
        return digest.hexdigest()

    def save(self, path: Path) -> None:
        """Write to one .npz file; `load` reads it back equal."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self)}
        texts = {k: v for k, v in arrays.items() if not isinstance(v, np.ndarray)}
        for key in texts:
            del arrays[key]
        with path.open("wb") as stream:
            np.savez_compressed(stream, texts=np.array(json.dumps(texts, sort_keys=True)), **arrays)

    @classmethod
    def load(cls, path: Path) -> Problem:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            texts = json.loads(str(stored["texts"]))
            return cls(**{name: stored[name] for name in stored.files if name != "texts"}, **texts)
