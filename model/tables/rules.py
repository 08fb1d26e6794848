"""What a single column can not say: rules on areas, sources and controls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from model.base.faults import Fault
from model.base.units import check_dimension, convert, known
from model.base.words import ENDED as ENDED
from model.base.words import POLLUTANTS
from model.tables.check import also, place
from model.tables.dimensions import fuel_unit
from model.tables.links import missing_names
from model.tables.schema import ColumnSpec, table_specs

Frames = Mapping[str, pd.DataFrame]

FREIGHT_PRICES = ("rail_freight", "road_freight", "belt_freight")
"""Items of `prices` beside the fuels."""

AREA_ATTRIBUTES = ("january_c", "heating_season_c")
"""Numbers of its area that a source has as attributes."""

SHARE_ROOM = 0.1
"""Per cent by which the shares of a receptor may miss the whole."""

_PARENT_LEVELS = {"county": ("city", "region"), "city": ("region",)}


def rule_faults(frames: Frames) -> Iterator[Fault]:
    """Every fault of these rules in the tables that could be read."""
    if "areas" in frames:
        yield from _area_faults(frames["areas"])
    if "controls" in frames:
        yield from _slot_faults(frames["controls"])
    if frames.keys() >= {"sources", "classes", "fuels"}:
        yield from _source_faults(frames["sources"], frames["classes"], frames["fuels"])
    if frames.keys() >= {"technologies", "emission_factors", "measures"}:
        yield from _technology_faults(frames)
    numeric = {c.name for c in table_specs()["sources"].columns.values() if c.type == "number"}
    for table, names in (("factor_corrections", numeric | set(AREA_ATTRIBUTES)), ("responses", numeric)):
        if table in frames:
            attribute = table_specs()[table].columns["attribute"]
            yield from missing_names(frames[table], attribute, "the numeric attributes", names)
    if frames.keys() >= {"prices", "fuels"}:
        items = {*frames["fuels"]["fuel"], *FREIGHT_PRICES}
        item = table_specs()["prices"].columns["item"]
        yield from missing_names(frames["prices"], item, "fuels, nor a freight price", items)
    if "factor_gaps" in frames:
        pollutants = table_specs()["factor_gaps"].columns["pollutants"]
        yield from missing_names(frames["factor_gaps"], pollutants, "the pollutants", POLLUTANTS)
    if "profiles" in frames:
        yield from _profile_faults(frames["profiles"])
    if "receptors" in frames:
        yield from _receptor_faults(frames["receptors"])
    if "calibration" in frames:
        yield from _calibration_faults(frames["calibration"])
    if "controls" in frames:
        for table in ("sources", "new_build"):
            if table in frames:
                yield from _one_of_a_slot(frames[table], frames["controls"])


def _rows(frame: pd.DataFrame, bad: pd.Series, column: str, wrong: str, right: str) -> Iterator[Fault]:
    """One fault for each distinct value of the column among the bad rows, at its first row."""
    shown = frame.loc[bad, column].map(_shown)
    for value, rows in shown.groupby(shown, sort=False).groups.items():
        yield Fault(*place(frame, rows[0]), column, str(value) or None, wrong + also(len(rows) - 1), right)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "+".join(value)
    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return str(value)


def _area_faults(areas: pd.DataFrame) -> Iterator[Fault]:
    """A county belongs to a city or the region, a city to the region where the folder holds one, and there is
    at most one region.
    """
    level = dict(zip(areas["area"], areas["level"], strict=True))
    above = areas["parent"].map(level)
    for below, levels in _PARENT_LEVELS.items():
        bad = (areas["level"] == below) & ~above.isin(levels)
        if below == "city" and "region" not in set(areas["level"]):
            bad &= areas["parent"].notna()
        wrong = f"is not the {' or '.join(levels)} of a {below}"
        yield from _rows(areas, bad, "parent", wrong, "an area of this table")
    doubled = (areas["level"] == "region") & areas["level"].duplicated()
    yield from _rows(areas, doubled, "area", "is a second region", "a folder holds one region")


def _slot_faults(controls: pd.DataFrame) -> Iterator[Fault]:
    slots = controls.groupby("control")["slot"].transform("first")
    bad = controls["slot"].notna() & (controls["slot"] != slots)
    wrong = "is not the slot of the control's other rows"
    yield from _rows(controls, bad, "slot", wrong, "a control has one slot")


def _profile_faults(profiles: pd.DataFrame) -> Iterator[Fault]:
    """The twelve shares of a year are the year, to half a per cent."""
    months = [c.name for c in table_specs()["profiles"].columns.values() if c.type == "number"]
    total = profiles[months].sum(axis=1, skipna=False)
    for i in profiles.index[(total - 1).abs() > 0.005]:
        wrong = f"has months that add up to {total[i]:g}"
        yield Fault(
            *place(profiles, i), "profile", str(profiles["profile"].loc[i]), wrong, "they add up to 1"
        )


def _receptor_faults(receptors: pd.DataFrame) -> Iterator[Fault]:
    """The shares of a receptor are the whole concentration, to a tenth of a per cent; background has no
    place.
    """
    units = receptors["unit"].fillna("")
    if not all(known(unit) and check_dimension(unit, "%") for unit in units.unique()):
        return  # said of the unit
    pairs = zip(receptors["value"], units, strict=True)
    shares = pd.Series([convert(value, unit, "%") for value, unit in pairs], index=receptors.index)
    whole = shares.groupby([receptors["area"].fillna(""), receptors["pollutant"]]).transform("sum")
    first = ~receptors.duplicated(["area", "pollutant"])
    for i in receptors.index[first & ((whole - 100).abs() > SHARE_ROOM)]:
        wrong = f"has shares of {receptors['pollutant'].loc[i]} that add up to {whole[i]:g} %"
        area = str(receptors["area"].fillna("").loc[i]) or None
        yield Fault(*place(receptors, i), "area", area, wrong, "they add up to 100 %")
    placed = (receptors["precursor"] == "background") & receptors["source_area"].notna()
    yield from _rows(
        receptors, placed, "source_area", "is given, and background has no place", "leave it empty"
    )


def _calibration_faults(table: pd.DataFrame) -> Iterator[Fault]:
    """What a row of the calibration multiplies is one thing, and its interval holds it."""
    account = table_specs()["calibration"].columns["account"]
    yield from missing_names(
        table, account, "the accounts", table_specs()["observations"].columns["account"].choices
    )
    filled = {name: table[name].notna() for name in ("class", "fuel", "control", "source", "statistic")}
    other = filled["fuel"] | table["technology"].notna() | table["city"].notna() | filled["source"]
    activity = table["pollutant"] == "activity"
    nothing = ~(filled["class"] | filled["fuel"] | filled["control"] | filled["source"])
    beside = "is given beside fuel, technology, city or source"
    checks = (
        (nothing, "class", "is empty, and so are fuel, control and source", "name what the row multiplies"),
        (filled["control"] & other, "control", beside, "a control has class and min_capacity only"),
        (
            filled["control"] & activity,
            "control",
            "is given, and it is activity that is multiplied",
            "leave it empty",
        ),
        (
            filled["statistic"] & ~activity,
            "statistic",
            "is given, and the row is not of activity",
            "leave it empty",
        ),
        (table["low"] > table["factor"], "low", "is above the factor", "low <= factor <= high"),
        (table["high"] < table["factor"], "high", "is below the factor", "low <= factor <= high"),
    )
    for bad, column, wrong, right in checks:
        yield from _rows(table, bad, column, wrong, right)


def _source_faults(sources: pd.DataFrame, classes: pd.DataFrame, fuels: pd.DataFrame) -> Iterator[Fault]:
    by_class, by_fuel = classes.set_index("class"), fuels.set_index("fuel")
    service = sources["class"].map(by_class["service"])
    capacity_unit = sources["class"].map(by_class["capacity_unit"])
    bought = sources["fuel"].map(by_fuel["physical_unit"])
    units = [unit for unit in sources["activity_unit"].dropna().unique() if known(unit) and fuel_unit(unit)]
    as_fuel = sources["activity_unit"].isin(units)
    has_capacity = sources["capacity"].notna()
    of_class = sources["class"].isin(by_class.index)
    checks = (
        (
            as_fuel & (sources["fuel"] == "none"),
            "activity_unit",
            "is fuel, and the row burns none",
            "name the fuel, or give the service",
        ),
        (has_capacity & sources["capacity_unit"].isna(), "capacity", "has no capacity_unit", "name its unit"),
        (
            has_capacity & of_class & capacity_unit.isna(),
            "capacity",
            "is given, and the class has no capacity",
            "leave it empty",
        ),
        (
            sources["efficiency"].notna() & of_class & ~service.isin(["heat", "power"]),
            "efficiency",
            "is given, and the class gives neither heat nor power",
            "leave it empty; technologies has the intensity",
        ),
        (
            sources["ncv_gj_per_t"].notna() & bought.notna() & (bought != "t"),
            "ncv_gj_per_t",
            "is given, and the fuel is not bought by the tonne",
            "leave it empty; fuels has its calorific value",
        ),
        (
            sources["to_year"] < sources["from_year"],
            "to_year",
            "is before from_year",
            "the last year of service",
        ),
    )
    for bad, column, wrong, right in checks:
        yield from _rows(sources, bad, column, wrong, right)


def _technology_faults(frames: Frames) -> Iterator[Fault]:
    """A technology that no reference table names: misspelt, it would fall back to general factors."""
    names: set[str] = {*ENDED, "standard"}
    named = (
        ("technologies", "technology"),
        ("emission_factors", "technology"),
        ("measures", "sets_technology"),
    )
    for table, column in named:
        names.update(frames[table][column].dropna())
    names.update(frames["measures"]["fits_technology"].explode().dropna())
    for table in ("sources", "growth", "new_build", "factor_gaps", "published_ranges"):
        if table in frames:
            spec = ColumnSpec("technology", "id", "")
            yield from missing_names(frames[table], spec, "technologies, emission_factors or measures", names)


def _one_of_a_slot(frame: pd.DataFrame, controls: pd.DataFrame) -> Iterator[Fault]:
    slot = dict(zip(controls["control"], controls["slot"], strict=True))
    lists: Iterable[tuple[str, ...]] = frame["controls"].drop_duplicates()
    for names in lists:
        slots = [slot[name] for name in names if name in slot]
        if len(set(slots)) < len(slots):
            twice = next(s for s in slots if slots.count(s) > 1)
            bad = frame["controls"].map(lambda other, names=names: other == names)
            yield from _rows(
                frame, bad, "controls", f"has two controls of slot {twice}", "at most one of a slot"
            )
