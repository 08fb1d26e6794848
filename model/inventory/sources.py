"""The sources of one year with all that is known of them: class, place, fuel quality, activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.base.units import FUEL_UNITS
from model.inventory.calibrate import OWN, activity_factors, own_calibration
from model.inventory.corrections import KEYS
from model.inventory.fuel import burning
from model.inventory.lookup import Floats, group_states
from model.tables.read import Tables
from model.tables.rules import AREA_ATTRIBUTES
from model.tables.schema import CLASS_ATTRIBUTES

AREA_DEFAULTS = ("altitude_m", "gas_access")
"""Attributes of a source that are those of its area where its row has none."""


def resolve_sources(
    tables: Tables, year: int, calibration: str | None, areas: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """The rows of `sources` of one year, [S], index = source.

    Adds the attributes of the class, city, county (missing where only the city is known), area (frozenset
    of everything that contains the source, the named areas included), capacity_tph, capacity_mw, vintage,
    fuel_group, calibration, own_calibration and fuel_gj_per_activity; fills part_year, altitude_m and
    gas_access from class and area, and sulphur_pct, ash_pct and ncv_gj_per_t (GJ per physical unit of the
    fuel) from the fuel.
    Activity given as fuel is converted to the service, and calibrated.

    areas: named areas of the scenario, name -> area codes.

    Raises InputError for a year without sources, a named area with an unknown code, and a fuel without
    intensity.
    """
    every = tables.frame["sources"]
    sources = every[every["year"] == year]
    if sources.empty:
        known = ", ".join(str(y) for y in sorted(every["year"].unique())) or "none"
        where = Fault(tables.region, None, "year", str(year), "has no source", f"years with sources: {known}")
        raise InputError([where])
    sources = sources.set_index("source", drop=False).rename_axis(None)
    sources = _with_class(sources, tables)
    sources = _with_area(sources, tables, areas)
    sources["vintage"] = pd.Series("existing", index=sources.index, dtype="str")
    sources["calibration"] = pd.Series(calibration, index=sources.index, dtype="str")
    sources[OWN] = own_calibration(sources, tables)
    sources = _with_fuel(sources, tables)
    sources["activity"] *= activity_factors(sources, tables)
    return sources


def _with_class(sources: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    classes = tables.frame["classes"].set_index("class")[[*CLASS_ATTRIBUTES, "part_year", "capacity_unit"]]
    of_class = classes.reindex(sources["class"]).set_index(sources.index)
    sources = sources.assign(**{name: of_class[name] for name in CLASS_ATTRIBUTES})
    sources["part_year"] = sources["part_year"].fillna(of_class["part_year"])
    sources["capacity_unit"] = of_class["capacity_unit"]
    for unit, column in (("tph", "capacity_tph"), ("MW", "capacity_mw")):
        sources[column] = sources["capacity"].where(of_class["capacity_unit"] == unit)
    return sources


def _with_area(sources: pd.DataFrame, tables: Tables, named: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    areas = tables.frame["areas"].set_index("area")
    faults = [
        Fault(
            "scenario",
            None,
            f"areas.{name}",
            code,
            "is not an area of the region",
            nearest(code, areas.index),
        )
        for name, codes in named.items()
        for code in codes
        if code not in areas.index
    ]
    if faults:
        raise InputError(faults)
    of_area = areas[[*AREA_DEFAULTS, *AREA_ATTRIBUTES]].reindex(sources["area"]).set_index(sources.index)
    for column in AREA_DEFAULTS:
        sources[column] = sources[column].fillna(of_area[column])
    for column in AREA_ATTRIBUTES:
        sources[column] = of_area[column]
    at, codes = pd.factorize(sources["area"])
    above = nesting(areas)
    places = [place_of(code, above, named) for code in codes]
    for column, part in (("city", 0), ("county", 1)):
        names = pd.Series([place[part] for place in places], dtype="str")
        sources[column] = names.take(at).set_axis(sources.index)
    within = np.empty(len(places), dtype=object)
    within[:] = [place[2] for place in places]
    sources["area"] = pd.Series(within[at], index=sources.index, dtype=object)
    return sources


def nesting(areas: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Level and parent of each area, of `areas` indexed by code; "nan", no area, where there is no parent."""
    return dict(zip(areas.index, zip(areas["level"], areas["parent"].astype(str), strict=True), strict=True))


def place_of(
    code: str, above: Mapping[str, tuple[str, str]], named: Mapping[str, Sequence[str]]
) -> tuple[str | None, str | None, frozenset[str]]:
    """City, county and every area that contains an area, named ones included; above: of `nesting`."""
    chain = {}
    at = code
    while at in above:
        level, parent = above[at]
        chain[level] = at
        at = parent
    within = set(chain.values())
    within |= {name for name, codes in named.items() if within.intersection(codes)}
    return chain.get("city"), chain.get("county"), frozenset(within)


def _with_fuel(sources: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    fuel = burning(sources, group_states(sources, KEYS), tables)
    groups = tables.frame["fuels"].set_index("fuel")["group"]
    sources["fuel_group"] = sources["fuel"].map(groups).astype("str")
    sources["sulphur_pct"] = fuel.sulphur_pct
    sources["ash_pct"] = fuel.ash_pct
    sources["ncv_gj_per_t"] = fuel.ncv
    sources["fuel_gj_per_activity"] = fuel.fuel_gj
    sources["activity"] = _activity(sources, fuel.ncv)
    sources["activity_unit"] = sources["class"].map(
        tables.frame["classes"].set_index("class")["activity_unit"]
    )
    return sources


def _activity(sources: pd.DataFrame, ncv: Floats) -> Floats:
    """Activity in the unit of the class: fuel over intensity where the row gives fuel."""
    activity = sources["activity"].to_numpy(dtype=np.float64)
    unit = sources["activity_unit"].map(FUEL_UNITS)
    given_as_fuel = unit.notna().to_numpy(dtype=bool)
    energy = np.where(unit == "GJ", activity, activity * ncv)
    intensity = sources["fuel_gj_per_activity"].to_numpy(dtype=np.float64)
    bad = given_as_fuel & ~(intensity > 0)
    if bad.any():
        right = "give the activity, or an intensity above 0 in technologies"
        rows = sources.loc[bad, ["file", "row", "activity_unit"]].itertuples(index=False, name=None)
        wrong = "can not be converted to activity: the intensity is 0"
        raise InputError(Fault(file, row, "activity_unit", given, wrong, right) for file, row, given in rows)
    return np.where(given_as_fuel, energy / np.where(given_as_fuel, intensity, 1.0), activity)
