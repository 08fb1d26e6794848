"""Units of the tables: every unit known, and of the dimension that its row needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from model.base.faults import Fault
from model.base.units import FUEL_UNITS, UnitError, check_dimension, convert
from model.base.words import QUANTITIES, SUPPLIES
from model.tables.check import also, place
from model.tables.schema import TableSpec

Frames = Mapping[str, pd.DataFrame]
Expected = tuple[str, ...]


def unit_faults(spec: TableSpec, frames: Frames) -> list[Fault]:
    """Units of one table that are unknown or of the wrong dimension."""
    frame = frames[spec.name]
    expected: Mapping[str, list[Expected] | None] = (
        _source_units(frames) if spec.name == "sources" else {"unit": _expected_units(spec.name, frames)}
    )
    faults: list[Fault] = []
    for column in (c.name for c in spec.columns.values() if c.type == "unit"):
        likes = expected.get(column) or [()] * len(frame)
        faults += _column_faults(frame, column, likes)
    return faults


def _column_faults(frame: pd.DataFrame, column: str, expected: Iterable[Expected]) -> Iterator[Fault]:
    """One fault for each distinct unit and need, at its first row."""
    rows: dict[tuple[str, Expected], list[int]] = {}
    for i, (unit, likes) in enumerate(zip(frame[column].fillna(""), expected, strict=True)):
        if unit:
            rows.setdefault((unit, likes), []).append(i)
    for (unit, likes), where in rows.items():
        wrong, right = _unit_fault(unit, likes)
        if wrong:
            first = place(frame, frame.index[where[0]])
            yield Fault(*first, column, unit, wrong + also(len(where) - 1), right)


def _unit_fault(unit: str, likes: Expected) -> tuple[str, str]:
    try:
        if not likes:
            check_dimension(unit, unit)
        if not likes or any(check_dimension(unit, like) for like in likes):
            return "", ""
    except UnitError as error:
        return "is not a unit that can be used here", f"{error.wrong}; {error.right}".rstrip("; ")
    return "is of the wrong dimension", "a unit like " + " or ".join(likes)


def _per(top: str, bottom: str) -> str:
    return top if bottom == "1" else f"{top}/({bottom})"


def _yearly(unit: str) -> Expected:
    """A yearly amount may be written with or without `/yr`."""
    return (unit, unit.removesuffix("/yr")) if unit.endswith("/yr") else (unit, f"{unit}/yr")


def _column_of(frames: Frames, table: str, column: str) -> dict[str, str]:
    """Filled values of a column by the table's first key."""
    if table not in frames:
        return {}
    frame = frames[table].dropna(subset=[column])
    return dict(zip(frame.iloc[:, 0], frame[column], strict=True))


def _expected_units(table: str, frames: Frames) -> list[Expected] | None:
    """For each row the units whose dimension `unit` may have; () = any known unit."""
    frame = frames[table]
    if table == "emission_factors":
        return _factor_units(frame, _column_of(frames, "classes", "activity_unit"), frames)
    if table == "measure_data":
        return _measure_units(frame, frames)
    if table == "prices":
        fuels = _column_of(frames, "fuels", "physical_unit")
        return [("CNY/GJ", _per("CNY", fuels[item])) if item in fuels else () for item in frame["item"]]
    if table in ("balance", "observations"):
        names = frame["item" if table == "balance" else "quantity"]
        # activity, capacity and stock are in the unit of whatever class they are of
        given = {q.name: _yearly(q.unit) for q in QUANTITIES.values() if not q.unit.startswith("1")}
        return [given.get(name, ()) for name in names]
    if table == "projects":
        units = {name: QUANTITIES[name].unit for name in SUPPLIES}
        yearly = {name: _yearly(unit) if unit.endswith("/yr") else (unit,) for name, unit in units.items()}
        return [yearly.get(name, ()) for name in frame["supplies"]]
    if table == "other_inventories":
        return [_yearly("t/yr")] * len(frame)
    if table == "air_quality":
        return [("ug/m3",)] * len(frame)
    if table == "receptors":
        return [("%",)] * len(frame)
    return None


def _factor_units(frame: pd.DataFrame, activity: Mapping[str, str], frames: Frames) -> list[Expected]:
    """Per fuel: mass over energy or over the physical unit of the fuel. Per activity: mass over that."""
    physical = _column_of(frames, "fuels", "physical_unit")
    known = "fuels" in frames  # without its table nothing can be said against the unit of a fuel
    out: list[Expected] = []
    for name, fuel, per in zip(frame["class"], frame["fuel"], frame["per"], strict=True):
        if per == "fuel" and not known:
            out.append(())
        elif per == "fuel":
            out.append(("g/GJ", _per("t", physical[fuel])) if fuel in physical else ("g/GJ",))
        elif name in activity:
            out.append((_per("t", activity[name]),))
        else:
            out.append(())
    return out


def _measure_units(frame: pd.DataFrame, frames: Frames) -> list[Expected]:
    """Units of the data of a measure; where the row names no class, that of the measure's only class."""
    classes = frames.get("classes")
    measures = frames.get("measures")
    if classes is None or measures is None:
        return [()] * len(frame)
    activity = _column_of(frames, "classes", "activity_unit")
    capacity = _column_of(frames, "classes", "capacity_unit")
    only = {
        name: fits[0]
        for name, fits in zip(measures["measure"], measures["fits_class"], strict=True)
        if len({(activity.get(c), capacity.get(c)) for c in fits}) == 1
    }
    out: list[Expected] = []
    columns = (frame[column] for column in ("item", "per", "class", "measure"))
    for item, per, name, measure in zip(*columns, strict=True):
        name = only.get(measure, "") if pd.isna(name) else name
        units = {"activity": activity.get(name), "capacity": capacity.get(name), "source": "1", "stock": "1"}
        out.append(_measure_unit(item, per, units.get(per), capacity.get(name)))
    return out


def _measure_unit(item: str, per: str, over: str | None, capacity: str | None) -> Expected:
    """Money a year may be written with or without `/yr`, and capital per activity as per yearly activity."""
    if item == "lifetime":
        return ("yr",)
    if item in ("size_exponent", "heat_saving"):
        return ("1",)
    if item == "reference_capacity":
        return (capacity,) if capacity else ()
    if per == "capital":
        return ("1", "1/yr")
    if over is None:
        return ()
    top = "MWh" if item == "electricity" else "CNY"
    return (_per(top, over), _per(f"{top}/yr", over), _per(f"{top}*yr", over))


def _source_units(frames: Frames) -> dict[str, list[Expected]]:
    """Activity: unit of the class, or energy or physical unit of the fuel. Capacity: that of the class."""
    sources = frames["sources"]
    activity = _column_of(frames, "classes", "activity_unit")
    capacity = _column_of(frames, "classes", "capacity_unit")
    physical = _column_of(frames, "fuels", "physical_unit")
    pairs = list(zip(sources["class"].fillna(""), sources["fuel"].fillna(""), strict=True))
    of_activity: dict[tuple[str, str], Expected] = {}
    for name, fuel in set(pairs):
        fuels = [unit for unit, of in FUEL_UNITS.items() if of in ("GJ", physical.get(fuel))]
        known = name in activity and "fuels" in frames
        of_activity[name, fuel] = (activity[name], *fuels) if known else ()
    return {
        "activity_unit": [of_activity[pair] for pair in pairs],
        "capacity_unit": [(capacity[name],) if name in capacity else () for name, _ in pairs],
    }


def fuel_unit(unit: str) -> str | None:
    """The unit of fuel (fuel_t ...) that a known unit has the dimension of, None for a service."""
    return next((fuel for fuel in FUEL_UNITS if check_dimension(unit, fuel)), None)


def convert_sources(frames: Frames) -> pd.DataFrame:
    """`sources` with capacity and activity in the units of their class.

    Activity given as fuel stays as it is: converting it takes intensities, which the inventory knows.
    """
    sources = frames["sources"].copy()
    classes = frames["classes"].set_index("class")
    for column in ("activity", "capacity"):
        unit = f"{column}_unit"
        target = sources["class"].map(classes[unit]).astype("str")
        if column == "activity":
            of_fuel = {name: fuel_unit(name) for name in sources[unit].unique()}
            target = sources[unit].map(of_fuel).astype("str").fillna(target)
        given = sources[column].to_numpy(copy=True)
        pairs = sources[unit] + " to " + target
        for pair in pairs.dropna().unique():
            old, new = pair.split(" to ")
            rows = (pairs == pair).to_numpy(dtype=bool)
            given[rows] = convert(given[rows], old, new)
        sources[column] = np.asarray(given, dtype=np.float64)
        sources[unit] = target
    return sources
