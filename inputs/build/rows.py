"""Rows of constructed tables, before they are written."""

from __future__ import annotations

GJ_PER_TPH_HOUR = 0.7 * 3.6
"""Heat of one steam tonne per hour (0.7 MW) in an hour."""
Value = str | float | int | None
Row = dict[str, Value]


def source(
    year: int, identifier: str, kind: str, area: str, zone: str, activity: float, unit: str, **more: Value
) -> Row:
    """A constructed row of `sources`: own estimate, rating E."""
    row: Row = {
        "source": identifier,
        "year": year,
        "class": kind,
        "area": area,
        "zone": zone,
        "activity": activity,
    }
    row |= {"activity_unit": unit, "fuel": "none", "technology": "standard"} | more
    return row | {"citation": "own_estimate", "rating": "E", "constructed": "yes"}
