"""What the build scripts of the region share: places, control totals, distances, how a table is written."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BUILD = Path(__file__).parent
REGION = BUILD.parent
GJ_PER_TPH_HOUR = 0.7 * 3.6
"""Heat of one steam tonne per hour (0.7 MW) in an hour."""


def facts(name: str) -> pd.DataFrame:
    """A committed table of facts of this folder; codes stay text, empty cells are missing."""
    text = {"area", "seat", "city", "county", "parent"}
    return pd.read_csv(BUILD / f"{name}.csv", dtype=dict.fromkeys(text, str))


def table(name: str) -> pd.DataFrame:
    """A table of the region as it is committed; codes stay text."""
    return pd.read_csv(REGION / f"{name}.csv", dtype={"area": str, "parent": str})


def control_total(observation: str) -> float:
    """Value of a control total, in its unit in observations.csv; KeyError when there is no such row."""
    rows = table("observations").set_index("observation")
    return float(rows.loc[observation, "value"])


def by_league(prefix: str) -> dict[str, float]:
    """Control totals `PREFIX.ADCODE` of observations.csv by league."""
    rows = table("observations")
    rows = rows[rows["observation"].str.startswith(prefix + ".")]
    return dict(zip(rows["area"], rows["value"].astype(float), strict=True))


def km_between(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distance of every point to every target, km [points, targets] (haversine, R = 6371 km)."""
    a, b = np.radians(lat)[:, None], np.radians(to_lat)[None, :]
    half = np.sin((a - b) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon[:, None] - to_lon[None, :]) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(half)))


def _cell(value: object) -> str:
    """One cell: yes or no, whole numbers without a point, six significant digits, missing as empty."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value == round(value) or abs(value) >= 1e5:
            return str(round(value))
        return f"{value:.6g}"
    return "" if value is None or value is pd.NA else str(value)


def write(frame: pd.DataFrame, name: str, columns: list[str], folder: Path = REGION) -> None:
    """Write `columns` of a table as UTF-8 CSV with LF; columns that are empty throughout are left out."""
    kept = [column for column in columns if column in frame and frame[column].notna().any()]
    shown = frame[kept].map(_cell)
    shown.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


SOURCE_COLUMNS = [
    "source",
    "year",
    "class",
    "name",
    "name_zh",
    "area",
    "zone",
    "lat",
    "lon",
    "from_year",
    "to_year",
    "capacity",
    "capacity_unit",
    "stock",
    "activity",
    "activity_unit",
    "fuel",
    "technology",
    "controls",
    "controls_basis",
    "sulphur_pct",
    "ash_pct",
    "ncv_gj_per_t",
    "efficiency",
    "part_year",
    "duty",
    "owner",
    "park",
    "furnace",
    "coal_type",
    "chp",
    "captive",
    "captive_industry",
    "district_heat_gj",
    "full_load_hours",
    "network",
    "gas_access",
    "km_to_chp_300mw",
    "book_cny",
    "citation",
    "rating",
    "constructed",
]
"""Columns of `sources` that these tables use, in the order of schema.yaml."""
