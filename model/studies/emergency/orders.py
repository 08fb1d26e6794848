"""What can be ordered of each source on a day of alert, and why nothing can where that is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.base.units import UnitError, convert
from model.inventory.columns import SourceColumns
from model.inventory.observed.where import known_names, parse_where
from model.options.prices import Deflators
from model.studies.emergency.day import POLLUTANTS, Floats
from model.tables.read import Tables

Bools = NDArray[np.bool_]

PROTECTED = "protected"
SLACK = 1e-9
"""What rounding may add to a share."""


@dataclass(frozen=True)
class Orders:
    """rows: emergency_options, N of them. cost [N]: CNY of the price year per unit of activity taken hold of.
    line [N]: activity of a line in a year, nan where none is given. most, cuts [N, P], whole (in units or
    lines, not in parts), levels: as in the table. open: source -> rows that may be ordered. held: source ->
    the row that protects it.
    """

    rows: pd.DataFrame
    cost: Floats
    line: Floats
    most: Floats
    cuts: Floats
    whole: Bools
    levels: tuple[frozenset[str], ...]
    open: Mapping[int, tuple[int, ...]]
    held: Mapping[int, int]


def match_orders(sources: pd.DataFrame, tables: Tables, price_year: int) -> Orders:
    """The rows that fit each source; a source that a protected row fits has no other.

    Raises:
        InputError: a `where` that can not be read, a unit that is not the class's, a row that takes hold of
            more than may go, or lines without a size.
    """
    rows = tables.frame["emergency_options"]
    unit = tables.frame["classes"].set_index("class")["activity_unit"]
    columns, known, faults = SourceColumns(sources), known_names(tables), list[Fault]()
    deflators = Deflators(tables, price_year)
    cost, line = np.zeros(len(rows)), np.full(len(rows), np.nan)
    fits = np.zeros((len(rows), len(sources)), dtype=bool)
    for n, row in enumerate(rows.to_dict("records")):
        try:
            fits[n] = _fits(row, sources, columns, known)
            cost[n], line[n] = _numbers(row, str(unit[row["class"]]))
            cost[n] *= deflators.factor(row, "gdp_deflator")
        except InputError as error:
            faults += error.faults
        faults += _row_faults(row)
    if not faults:
        faults += _grain_faults(rows, fits)
    if faults:
        raise InputError(faults)
    held = {}
    protects = (rows["kind"] == PROTECTED).to_numpy(dtype=bool)
    for at in np.flatnonzero(protects).tolist():
        held.update(dict.fromkeys(np.flatnonzero(fits[at]).tolist(), at))
    fits[:, list(held)] = False
    offered: dict[int, list[int]] = {}
    for at, source in np.argwhere(fits).tolist():
        offered.setdefault(source, []).append(at)
    cuts = rows[[f"cuts_{pollutant}" for pollutant in POLLUTANTS]].to_numpy(dtype=float)
    return Orders(
        rows,
        cost,
        np.where(rows["grain"] == "line", line, np.nan),
        rows["most"].to_numpy(dtype=float),
        cuts,
        (rows["grain"] != "share").to_numpy(dtype=bool),
        tuple(map(frozenset, rows["levels"])),
        {source: tuple(found) for source, found in offered.items()},
        held,
    )


def _fits(
    row: Mapping[Any, Any], sources: pd.DataFrame, columns: SourceColumns, known: Mapping[str, Any]
) -> Bools:
    """Sources of the class that meet the row's `where`, [S]."""
    chosen: Bools = (sources["class"] == row["class"]).to_numpy(dtype=bool)
    if pd.isna(row["where"]):
        return chosen
    try:
        selector = parse_where(row["where"], known)
    except InputError as error:
        found = [Fault(row["file"], row["row"], "where", f.value, f.wrong, f.right) for f in error.faults]
        raise InputError(found) from None
    return np.logical_and(chosen, columns.chosen(selector))


def _numbers(row: Mapping[Any, Any], unit: str) -> tuple[float, float]:
    """Value lost per unit of activity, and activity of a line in a year."""
    column, given = "unit", row["unit"]
    try:
        cost = convert(float(row["value"]), str(given), f"CNY/{unit}")
        if pd.isna(row["line_size"]):
            return cost, np.nan
        column, given = "line_unit", row["line_unit"]
        return cost, convert(float(row["line_size"]), unit if pd.isna(given) else str(given), unit)
    except UnitError as error:
        raise InputError(
            [Fault(row["file"], row["row"], column, str(given), error.wrong, error.right)]
        ) from None


def _row_faults(row: Mapping[Any, Any]) -> list[Fault]:
    found = []
    if row["kind"] != PROTECTED:
        found += [
            Fault(row["file"], row["row"], name, None, "is needed for an order", "say what is checked")
            for name in ("checks", "checks_zh")
            if pd.isna(row[name])
        ]
    if row["kind"] not in ("control", PROTECTED) and row["most"] + row["keeps"] > 1 + SLACK:
        wrong = f"takes hold of more than may go: {row['keeps']:g} of the day goes on"
        found.append(
            Fault(row["file"], row["row"], "most", f"{row['most']:g}", wrong, "most + keeps at most 1")
        )
    if row["grain"] == "line" and not row["line_size"] > 0:
        wrong = "is needed for whole lines"
        found.append(Fault(row["file"], row["row"], "line_size", None, wrong, "give the activity of a line"))
    return found


def _grain_faults(rows: pd.DataFrame, fits: Bools) -> list[Fault]:
    """A source is stopped in parts or in whole pieces; rows of both kinds for one source can not be mixed."""
    live = (rows["kind"] != PROTECTED).to_numpy(dtype=bool)
    shares = live & (rows["grain"] == "share").to_numpy(dtype=bool)
    both = fits[shares].any(axis=0) & fits[live & ~shares].any(axis=0)
    bad = live & ~shares & fits[:, both].any(axis=1)
    return [
        Fault(
            rows["file"].iloc[n],
            rows["row"].iloc[n],
            "grain",
            rows["grain"].iloc[n],
            "fits a source that another row stops by shares",
            "give both rows the grain share, or neither",
        )
        for n in np.flatnonzero(bad)
    ]
