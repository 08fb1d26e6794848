"""What controls take out of a stream and what they add (architecture: section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.inventory.fuel import Burning
from model.inventory.lookup import Floats, Groups, Ints, best_rows, take
from model.tables.read import Tables

Bools = NDArray[np.bool_]

T_PER_G = 1e-6
T_PER_MG = 1e-9


@dataclass(frozen=True)
class _Acting:
    """One control on one pollutant: `at` positions of the states that have it, the rest along them."""

    name: str
    at: Ints
    rows: Ints
    table: pd.DataFrame
    captured: Floats
    removal: Floats
    running: Floats
    outlet: Floats
    outlet_o2: Floats
    added: Floats


@dataclass(frozen=True)
class _Pairs:
    """States with their controls, a pair each, sorted by control; `control` is a position in `names`."""

    names: NDArray[np.object_]
    control: Ints
    at: Ints
    groups: Groups  # of the pairs, by control and class


def control_columns(controls: pd.Series) -> dict[str, Bools]:
    """For each control named in any state, which states have it, [n]; names in alphabetical order."""
    codes, distinct = pd.factorize(controls.to_numpy())
    names = sorted({name for names in distinct for name in names})
    return {name: np.array([name in names for names in distinct], dtype=bool)[codes] for name in names}


def apply_controls(
    inlet: Floats, has: Mapping[str, Bools], groups: Groups, capacity: Floats, fuel: Burning, tables: Tables
) -> tuple[Floats, Floats]:
    """Factors after controls, t per unit of activity [n, pollutant], and the NH3 that controls add, [n].

    A control takes capture x removal x running_share of what reaches it; remainders multiply. Controls with
    an outlet concentration come last: while they run, what leaves of the captured stream is at most the
    concentration times the flue gas. What a control adds is added after all removal. A pollutant without a
    factor that a control adds has the added part as its factor.
    """
    factor = inlet.copy()
    nh3 = POLLUTANTS.index("NH3")
    added_nh3 = np.zeros(len(inlet))
    pairs = _pair(has, groups)
    for i, pollutant in enumerate(POLLUTANTS):
        acting = list(_acting(pollutant, pairs, capacity, fuel, tables))
        for control in acting:
            plain = np.where(
                np.isnan(control.outlet), control.captured * control.removal * control.running, 0.0
            )
            factor[control.at, i] *= 1.0 - plain
        for control in acting:
            _hold_outlet(factor[:, i], control, fuel)
        added = np.zeros(len(inlet))
        for control in acting:
            added[control.at] += control.added
        factor[:, i] = np.where(added > 0, np.nan_to_num(factor[:, i]) + added, factor[:, i])
        if i == nh3:
            added_nh3 = added
    return factor, added_nh3


def _pair(has: Mapping[str, Bools], groups: Groups) -> _Pairs:
    """Every control of every state, control by control."""
    names = np.array(list(has), dtype=object)
    members = np.array(list(has.values()), dtype=bool).reshape(len(names), len(groups.of_state))
    control, at = np.nonzero(members)
    class_of_group, classes = pd.factorize(groups.keys["class"])
    keys = pd.DataFrame({"control": np.repeat(names, len(classes)), "class": np.tile(classes, len(names))})
    number = control * len(classes) + class_of_group[groups.of_state[at]]
    return _Pairs(names, control, at, Groups(keys, number))


def _acting(
    pollutant: str, pairs: _Pairs, capacity: Floats, fuel: Burning, tables: Tables
) -> Iterator[_Acting]:
    controls = tables.frame["controls"]
    table = controls[controls["pollutant"] == pollutant]
    found = best_rows(table, pairs.groups, ("control", "class"), "min_capacity", capacity[pairs.at])
    chosen = found >= 0
    control, at, rows = pairs.control[chosen], pairs.at[chosen], found[chosen]
    per_gj = np.nan_to_num(take(table, "added_g_per_gj", rows)) * fuel.fuel_gj[at]
    running = take(table, "running_share", rows)
    added = per_gj + np.nan_to_num(take(table, "added_g_per_activity", rows))
    captured, removal = take(table, "capture", rows), np.nan_to_num(take(table, "removal", rows))
    outlet, oxygen = take(table, "outlet_mg_m3", rows), take(table, "outlet_o2_pct", rows)
    ends = np.searchsorted(control, np.arange(len(pairs.names) + 1))
    for name, start, end in zip(pairs.names, ends[:-1], ends[1:], strict=True):
        if start < end:
            own = slice(start, end)
            yield _Acting(
                name=name,
                at=at[own],
                rows=rows[own],
                table=table,
                captured=captured[own],
                removal=removal[own],
                running=running[own],
                outlet=outlet[own],
                outlet_o2=oxygen[own],
                added=running[own] * added[own] * T_PER_G,
            )


def _hold_outlet(factor: Floats, control: _Acting, fuel: Burning) -> None:
    """Apply a control with an outlet concentration to the factors of one pollutant, in place."""
    limited = ~np.isnan(control.outlet) & ~np.isnan(factor[control.at]) & ~fuel.ended[control.at]
    if not limited.any():
        return
    at = control.at[limited]
    o2 = np.full(factor.shape, np.nan)
    o2[at] = control.outlet_o2[limited]
    most = control.outlet[limited] * fuel.flue_gas(o2)[at] * T_PER_MG
    if np.isnan(most).any():
        row = int(control.rows[limited][np.isnan(most)][0])
        _raise_no_flue_gas(control, row)
    before = factor[at]
    captured, removal, running = control.captured[limited], control.removal[limited], control.running[limited]
    reached = before * captured
    left = before - reached + np.minimum(reached * (1.0 - removal), most)
    factor[at] = running * left + (1.0 - running) * before


def _raise_no_flue_gas(control: _Acting, row: int) -> None:
    place = control.table.iloc[row]
    wrong = f"limits a concentration of '{control.name}' on a source whose flue gas is not known"
    right = (
        "give outlet_o2_pct and flue_gas_nm3_per_gj of the fuel, or flue_gas_nm3_per_activity in technologies"
    )
    shown = f"{place['outlet_mg_m3']:g}"
    raise InputError([Fault(str(place["file"]), int(place["row"]), "outlet_mg_m3", shown, wrong, right)])
