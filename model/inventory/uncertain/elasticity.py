"""How strongly the factors of one pollutant follow the numbers they are made of: d log factor / d theta."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.inventory.controls import Acting, Bools
from model.inventory.fuel import Burning
from model.inventory.lookup import Floats, Ints
from model.tables.read import Tables

Entries = tuple[Ints, Ints, Floats]
"""Positions of states, parameters and elasticities, along each other."""


def pollutant_entries(
    inlet: Floats,
    of_factor: Ints,
    controls: Sequence[Acting],
    of_control: Ints,
    fuel: Burning,
    tables: Tables,
) -> Entries:
    """Elasticities of the factors of one pollutant at theta = 0; those that are 0 are left out.

    inlet: [n] before controls; of_factor: [n] parameter of it; controls: those that act on the pollutant;
    of_control: parameter of each row of the table controls; -1 = not uncertain. The formulas are the
    derivatives of `apply_controls`, in its order; raises as it does.
    """
    factor = inlet.copy()
    every = np.arange(len(inlet), dtype=np.int64)
    parts = [_part(every, of_factor, np.where(factor > 0, 1.0, 0.0))]
    for control in controls:
        factor[control.at] *= control.remainder
        follows = (control.remainder < 1) & (factor[control.at] > 0)
        parts.append(_part(control.at, of_control[control.rows], np.where(follows, 1.0, 0.0)))
    for control in controls:
        limited = control.limits(factor, fuel, tables)
        if limited.any():
            kept, own = _outlet(factor, control, limited)
            parts = [(at, j, value * kept[at]) for at, j, value in parts]
            parts.append(_part(control.at[limited], of_control[control.rows[limited]], own))
    added = np.zeros(len(inlet))
    for control in controls:
        added[control.at] += control.added
    left = np.nan_to_num(factor)
    share = np.divide(left, left + added, out=np.zeros_like(left), where=left > 0)
    parts = [(at, j, value * share[at]) for at, j, value in parts]
    for control in controls:
        at = control.at
        brings = (control.added > 0) & ~fuel.ended[at]
        total = np.where(brings, left[at] + added[at], 1.0)
        parts.append(_part(at, of_control[control.rows], np.where(brings, control.added / total, 0.0)))
    at, j, value = (np.concatenate(cells) for cells in zip(*parts, strict=True))
    counts = value != 0
    return at[counts], j[counts], value[counts]


def _part(at: Ints, j: Ints, value: Floats) -> Entries:
    known = (j >= 0) & (value != 0)
    return at[known], j[known], value[known]


def _outlet(factor: Floats, control: Acting, limited: Bools) -> tuple[Floats, Floats]:
    """Hold the factors [n] at an outlet concentration, in place; what is left of elasticities upstream [n],
    and the elasticity of the control's own parameter along the states it limits.

    The parameter multiplies the concentration and 1 - removal, that with no removal not at all.
    """
    at = control.at[limited]
    captured, removal, running = control.captured[limited], control.removal[limited], control.running[limited]
    before, most = factor[at], control.most[limited]
    passed = before * captured * (1.0 - removal)
    binds = passed > most
    held = np.where(binds, most, passed)
    after = running * (before * (1.0 - captured) + held) + (1.0 - running) * before
    slope = 1.0 - running * captured * np.where(binds, 1.0, removal)
    positive = after > 0
    kept = np.ones(len(factor))
    kept[at] = np.divide(before * slope, after, out=np.ones_like(after), where=positive)
    moves = positive & (binds | (removal > 0))
    own = np.divide(running * held, after, out=np.zeros_like(after), where=moves)
    factor[at] = after
    return kept, own
