"""Writes the rows of a constructed table, so that a rebuild gives the same bytes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

REGION = Path(__file__).resolve().parents[1]
Value = str | float | int | None
Row = dict[str, Value]

SOURCES = [
    "source",
    "year",
    "class",
    "name",
    "name_zh",
    "area",
    "zone",
    "capacity",
    "capacity_unit",
    "stock",
    "activity",
    "activity_unit",
    "fuel",
    "technology",
    "controls",
    "sulphur_pct",
    "ash_pct",
    "ncv_gj_per_t",
    "efficiency",
    "outside_account",
    "duty",
    "furnace",
    "captive_industry",
    "full_load_hours",
    "size",
    "machine",
    "commodity",
    "corridor",
    "tranche",
    "direction",
    "distance_km",
    "sweeping_share",
    "straw_used_share",
    "fuel_sulphur_ppm",
    "site_control_share",
    "nitrogen_use",
    "yellow_label",
    "citation",
    "rating",
    "constructed",
]


def text(value: Value) -> str:
    """A cell: numbers with six significant digits and no exponent below 1e12; None is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f'"{value.replace(chr(34), chr(34) * 2)}"' if any(c in value for c in ',"\n') else value
    return format(float(f"{value:.6g}"), ".12g")


def render(rows: Iterable[Mapping[str, Value]], columns: Iterable[str]) -> str:
    """The CSV text of `rows`; columns that no row fills are left out; raises KeyError for an unlisted key."""
    rows = list(rows)
    columns = list(columns)
    for row in rows:
        for key in row:
            if key not in columns:
                raise KeyError(key)
    kept = [c for c in columns if any(row.get(c) is not None for row in rows)]
    lines = [",".join(kept)]
    lines += [",".join(text(row.get(column)) for column in kept) for row in rows]
    return "\n".join(lines) + "\n"


def table(name: str) -> list[dict[str, str]]:
    """A table of the region as it is committed, cells as text."""
    with (REGION / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, rows: Iterable[Mapping[str, Value]], columns: Iterable[str] = SOURCES) -> None:
    """Write REGION/name."""
    (REGION / name).write_text(render(rows, columns), encoding="utf-8", newline="\n")


def source(
    identifier: str, kind: str, area: str, zone: str, activity: float, unit: str, **more: Value
) -> Row:
    """A constructed row of `sources` for 2017: own estimate, rating E."""
    row: Row = {
        "source": identifier,
        "year": 2017,
        "class": kind,
        "area": area,
        "zone": zone,
        "activity": activity,
    }
    row |= {"activity_unit": unit, "fuel": "none", "technology": "standard"} | more
    return row | {"citation": "own_estimate", "rating": "E", "constructed": "yes"}
