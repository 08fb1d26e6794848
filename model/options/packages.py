"""Which states a source can reach: packages of measures, put together once for all sources that are alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.base.words import SLOTS
from model.tables.read import Tables
from model.tables.rules import ENDED
from model.tables.schema import attributes

MOST_MEASURES = 3


@dataclass(frozen=True)
class Measure:
    """A row of measures.csv. `where`: attribute -> values of which one must hold, None = any value that is
    known.
    """

    id: str
    slot: str
    classes: frozenset[str]
    fuels: frozenset[str]
    technologies: frozenset[str]
    one_of: frozenset[str]
    none_of: frozenset[str]
    min_capacity: float
    below_capacity: float
    where: Mapping[str, frozenset[str] | None]
    sets_fuel: str | None
    sets_technology: str | None
    adds: tuple[str, ...]
    drops_controls: bool
    saves_heat: bool
    first_year: int
    payer: str


@dataclass(frozen=True)
class State:
    """Fuel x technology x controls, and the measures that lead there from state 0 in slot order."""

    fuel: str
    technology: str
    controls: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """True where the source is closed or scrapped."""
        return self.technology in ENDED

    @property
    def label(self) -> str:
        """`fuel/technology/controls`, controls by slot, if there are any; an ended source has only its
        end.
        """
        if self.ended:
            return self.technology
        return "/".join(part for part in (self.fuel, self.technology, "+".join(self.controls)) if part)


def read_measures(tables: Tables) -> dict[str, Measure]:
    """The catalogue, in the order of its slots and rows.

    Raises:
        InputError: fits_where can not be read.
    """
    frame = tables.frame["measures"]
    data = tables.frame["measure_data"]
    saving = set(data.loc[(data["item"] == "heat_saving") & (data["value"] > 0), "measure"])
    faults: list[Fault] = []
    found = [_measure(row, row["measure"] in saving, faults) for row in frame.to_dict("records")]
    if faults:
        raise InputError(faults)
    return {m.id: m for m in sorted(found, key=lambda m: SLOTS.index(m.slot))}


def _measure(row: Mapping[Any, Any], saves_heat: bool, faults: list[Fault]) -> Measure:
    return Measure(
        id=row["measure"],
        slot=row["slot"],
        classes=frozenset(_several(row["fits_class"])),
        fuels=frozenset(_several(row["fits_fuel"])),
        technologies=frozenset(_several(row["fits_technology"])),
        one_of=frozenset(_several(row["fits_control"])),
        none_of=frozenset(_several(row["fits_no_control"])),
        min_capacity=_number(row["min_capacity"], -math.inf),
        below_capacity=_number(row["below_capacity"], math.inf),
        where=_read_where(row, faults),
        sets_fuel=_text(row["sets_fuel"]),
        sets_technology=_text(row["sets_technology"]),
        adds=_several(row["adds_controls"]),
        drops_controls=bool(row["drops_controls"]),
        saves_heat=saves_heat,
        first_year=int(_number(row["first_year"], 0)),
        payer=row["payer"],
    )


def _read_where(row: Mapping[Any, Any], faults: list[Fault]) -> dict[str, frozenset[str] | None]:
    """ATTRIBUTE=VALUE|VALUE joined by `;`, `*` for any known value."""
    text = _text(row["fits_where"])
    out: dict[str, frozenset[str] | None] = {}
    for part in (text or "").split(";"):
        if not part.strip():
            continue
        name, sign, values = (piece.strip() for piece in part.partition("="))
        if not sign or not values:
            right = "write ATTRIBUTE=VALUE|VALUE, joined by ;"
            faults.append(
                Fault(row["file"], row["row"], "fits_where", part.strip(), "can not be read", right)
            )
        elif name not in attributes():
            right = nearest(name, attributes())
            faults.append(Fault(row["file"], row["row"], "fits_where", name, "is not an attribute", right))
        else:
            out[name] = None if values == "*" else frozenset(v.strip() for v in values.split("|"))
    return out


def _several(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _number(value: Any, missing: float) -> float:
    return missing if pd.isna(value) else float(value)


def packages(first: State, measures: Sequence[Measure], slot_of: Mapping[str, str]) -> list[State]:
    """Every state within reach of state 0, which comes first.

    A package has at most three measures, at most one of a slot, none of which adds a control to a slot that
    another has filled; they are taken in slot order, and each must fit the state that the ones before it have
    reached.

    Args:
        measures: those that fit the source's class, capacity and attributes, in slot order.
        slot_of: control -> slot.
    """
    reached = [first]

    def go_on(state: State, after: int, filled: frozenset[str]) -> None:
        if state.ended or len(state.measures) == MOST_MEASURES:
            return
        for at in range(after, len(measures)):
            measure = measures[at]
            if (state.measures and measure.slot == last_slot(state)) or not _fits(measure, state):
                continue
            adds = frozenset(slot_of[c] for c in measure.adds)
            if adds & filled:
                continue
            following = _apply(measure, state, slot_of)
            unchanged = (following.fuel, following.technology, following.controls) == (
                state.fuel,
                state.technology,
                state.controls,
            )
            if unchanged and not measure.saves_heat:
                continue
            reached.append(following)
            go_on(following, at + 1, filled | adds)

    slots = {m.id: m.slot for m in measures}

    def last_slot(state: State) -> str:
        return slots[state.measures[-1]]

    go_on(first, 0, frozenset())
    return reached


def _fits(measure: Measure, state: State) -> bool:
    if measure.fuels and state.fuel not in measure.fuels:
        return False
    if measure.technologies and state.technology not in measure.technologies:
        return False
    if measure.one_of and measure.one_of.isdisjoint(state.controls):
        return False
    return measure.none_of.isdisjoint(state.controls)


def _apply(measure: Measure, state: State, slot_of: Mapping[str, str]) -> State:
    technology = measure.sets_technology or state.technology
    if technology in ENDED:
        return State("none", technology, (), (*state.measures, measure.id))
    taken = {slot_of[c] for c in measure.adds}
    kept = () if measure.drops_controls else state.controls
    controls = sort_controls((*(c for c in kept if slot_of[c] not in taken), *measure.adds), slot_of)
    return State(measure.sets_fuel or state.fuel, technology, controls, (*state.measures, measure.id))


def sort_controls(controls: Iterable[str], slot_of: Mapping[str, str]) -> tuple[str, ...]:
    """Controls by slot, then by name."""
    return tuple(sorted(controls, key=lambda c: (SLOTS.index(slot_of[c]), c)))


def slots_of_controls(tables: Tables) -> dict[str, str]:
    """Control -> slot, from controls.csv."""
    frame = tables.frame["controls"]
    return dict(zip(frame["control"], frame["slot"], strict=True))
