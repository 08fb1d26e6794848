"""What controls take out of a stream and what they add (architecture: section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.words import POLLUTANTS
from model.inventory.calibrate import control_factors
from model.inventory.fuel import Burning
from model.inventory.lookup import Floats, Groups, Ints, best_rows, take
from model.tables.read import Tables

Bools = NDArray[np.bool_]

T_PER_G = 1e-6
T_PER_MG = 1e-9


@dataclass(frozen=True)
class Acting:
    """One control on one pollutant: `at` positions of the states that have it, `rows` those of the table
    controls, the rest along them. remainder: what it lets through, 1 where an outlet concentration is given;
    outlet: mg/m3, most: what leaves at that concentration, t per unit of activity (NaN where there is none);
    added: t per unit of activity."""

    at: Ints
    rows: Ints
    captured: Floats
    removal: Floats
    running: Floats
    remainder: Floats
    outlet: Floats
    most: Floats
    added: Floats

    def limits(self, factor: Floats, fuel: Burning, tables: Tables) -> Bools:
        """Whether an outlet concentration holds down the factor [n] of each of its states; raises InputError
        where it would and the flue gas is not known."""
        limited = ~np.isnan(self.outlet) & ~np.isnan(factor[self.at]) & ~fuel.ended[self.at]
        unknown = limited & np.isnan(self.most)
        if unknown.any():
            _raise_no_flue_gas(tables.frame["controls"].iloc[int(self.rows[unknown][0])])
        return np.asarray(limited)


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
    inlet: Floats,
    states: pd.DataFrame,
    has: Mapping[str, Bools],
    groups: Groups,
    fuel: Burning,
    tables: Tables,
) -> tuple[Floats, Floats]:
    """Factors after controls, t per unit of activity [n, pollutant], and the NH3 that controls add, [n].

    states: as `state_effects` takes them; has: its `control_columns`.

    A control takes capture x removal x running_share of what reaches it; remainders multiply. Controls with
    an outlet concentration come last: while they run, what leaves of the captured stream is at most the
    concentration times the flue gas. What a control adds is added after all removal. A pollutant without a
    factor that a control adds has the added part as its factor.
    """
    factor = inlet.copy()
    nh3 = POLLUTANTS.index("NH3")
    added_nh3 = np.zeros(len(inlet))
    for i, controls in enumerate(acting_controls(states, has, groups, fuel, tables)):
        for control in controls:
            factor[control.at, i] *= control.remainder
        for control in controls:
            _hold_outlet(factor[:, i], control, control.limits(factor[:, i], fuel, tables))
        added = np.zeros(len(inlet))
        for control in controls:
            added[control.at] += control.added
        factor[:, i] = np.where(added > 0, np.nan_to_num(factor[:, i]) + added, factor[:, i])
        if i == nh3:
            added_nh3 = added
    return factor, added_nh3


def acting_controls(
    states: pd.DataFrame, has: Mapping[str, Bools], groups: Groups, fuel: Burning, tables: Tables
) -> Iterator[list[Acting]]:
    """For each pollutant the controls that act on it, by name, the order in which they are applied."""
    pairs = _pair(has, groups)
    for pollutant in POLLUTANTS:
        yield list(_acting(pollutant, states, pairs, fuel, tables))


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
    pollutant: str, states: pd.DataFrame, pairs: _Pairs, fuel: Burning, tables: Tables
) -> Iterator[Acting]:
    capacity = states["capacity"].fillna(0.0).to_numpy(dtype=np.float64)
    controls = tables.frame["controls"]
    of_pollutant = np.flatnonzero((controls["pollutant"] == pollutant).to_numpy(dtype=bool))
    table = controls.iloc[of_pollutant]
    found = best_rows(table, pairs.groups, ("control", "class"), "min_capacity", capacity[pairs.at])
    chosen = found >= 0
    calibrated = control_factors(states, pollutant, pairs.at, pairs.groups, capacity[pairs.at], tables)[
        chosen
    ]
    control, at, rows = pairs.control[chosen], pairs.at[chosen], found[chosen]
    per_gj = np.nan_to_num(take(table, "added_g_per_gj", rows)) * fuel.fuel_gj[at]
    running = take(table, "running_share", rows)
    per_activity = np.nan_to_num(take(table, "added_g_per_activity", rows))
    added = calibrated * running * (per_gj + per_activity) * T_PER_G
    captured, removal = take(table, "capture", rows), np.nan_to_num(take(table, "removal", rows))
    outlet, oxygen = take(table, "outlet_mg_m3", rows), take(table, "outlet_o2_pct", rows)
    remainder = _let_through(np.where(np.isnan(outlet), captured * removal * running, 0.0), calibrated)
    removal = 1.0 - _let_through(removal, calibrated)
    ends = np.searchsorted(control, np.arange(len(pairs.names) + 1))
    for start, end in pairwise(ends):
        if start < end:
            own = slice(start, end)
            yield Acting(
                at=at[own],
                rows=of_pollutant[rows[own]],
                captured=captured[own],
                removal=removal[own],
                running=running[own],
                remainder=remainder[own],
                outlet=outlet[own],
                most=_most(at[own], (calibrated * outlet)[own], oxygen[own], fuel),
                added=added[own],
            )


def _let_through(removed: Floats, calibrated: Floats) -> Floats:
    """1 less the share removed, times its calibration, at most 1; a control that removes nothing stays so."""
    return np.where(removed > 0, np.minimum((1.0 - removed) * calibrated, 1.0), 1.0)


def _most(at: Ints, outlet: Floats, oxygen: Floats, fuel: Burning) -> Floats:
    """What leaves at an outlet concentration, t per unit of activity, along the states `at`."""
    if np.isnan(outlet).all():
        return outlet
    o2 = np.full(len(fuel.fuel_gj), np.nan)
    o2[at] = oxygen
    return np.asarray(outlet * fuel.flue_gas(o2)[at] * T_PER_MG)


def _hold_outlet(factor: Floats, control: Acting, limited: Bools) -> None:
    """Apply a control with an outlet concentration to the factors of one pollutant, in place."""
    at = control.at[limited]
    before = factor[at]
    reached = before * control.captured[limited]
    held = np.minimum(reached * (1.0 - control.removal[limited]), control.most[limited])
    running = control.running[limited]
    factor[at] = running * (before - reached + held) + (1.0 - running) * before


def _raise_no_flue_gas(place: pd.Series[Any]) -> None:
    wrong = f"limits a concentration of '{place['control']}' on a source whose flue gas is not known"
    right = (
        "give outlet_o2_pct and flue_gas_nm3_per_gj of the fuel, or flue_gas_nm3_per_activity in technologies"
    )
    shown = f"{place['outlet_mg_m3']:g}"
    raise InputError([Fault(str(place["file"]), int(place["row"]), "outlet_mg_m3", shown, wrong, right)])
