"""Growth beyond existing capacity: one divisible source per class, city, zone and label of new_build.csv."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError
from model.inventory.factors import state_effects
from model.tables.read import Tables

_OUTPUT_PER_HOUR = {("tph", "GJ"): 0.7 * 3.6, ("MW", "MWh"): 1.0, ("MW", "GJ"): 3.6, ("t/yr", "t"): 1 / 8760}
"""Activity of one unit of capacity in an hour of full load (1 t/h of steam is 0.7 MW)."""

_NOT_INHERITED = (
    *(
        "name",
        "name_zh",
        "county",
        "lat",
        "lon",
        "from_year",
        "to_year",
        "stock",
        "efficiency",
        "own_calibration",
        "owner",
        "park",
    ),
    *("book_cny", "controls_basis"),
)
"""Attributes that a new source does not take from the growing source it stands beside."""

PLANT = {
    "capital_cny_per_capacity": "plant_cny_per_capacity",
    "lifetime": "plant_lifetime",
    "price_year": "plant_price_year",
}
"""Columns of new_build.csv that say what the plant of state 0 costs, and what sources have them as."""

_ZONES_ZH = {
    "city_built_up": "城市建成区",
    "county_built_up": "县城建成区",
    "urban_fringe": "城乡结合部",
    "park": "园区",
    "rural": "农村",
}
_UNITS_ZH = {"tph": "蒸吨/小时", "MW": "兆瓦", "t/yr": "吨/年", "t": "吨", "m2": "平方米"}
"""Zones and units in the Chinese name of a new source."""

_FUEL_QUALITY = ("coal_type", "sulphur_pct", "ash_pct", "ncv_gj_per_t")


def split_growth(
    tables: Tables, sources: pd.DataFrame, start: NDArray[np.float64], wanted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], pd.DataFrame, NDArray[np.float64]]:
    """What existing sources carry [S, Y], the sources of vintage new, and their activity [N, Y].

    A source of a class with `new_build` carries at most its start-year activity `start` [S], or its capacity
    times full-load hours where both are known and that is more; the rest of `wanted` [S, Y] is built anew.

    Raises:
        InputError: a class grows and new_build.csv says nothing of it, shares that do not add up to 1, or one
            label under two duties.
    """
    per_hour = np.array(
        [
            _OUTPUT_PER_HOUR.get(pair, np.nan)
            for pair in zip(sources["capacity_unit"], sources["activity_unit"], strict=True)
        ]
    )
    full = sources["capacity"].to_numpy(float) * sources["full_load_hours"].to_numpy(float) * per_hour
    ceiling = np.fmax(start, full)
    ceiling[~sources["new_build"].to_numpy(dtype=bool)] = np.inf
    carried = np.minimum(wanted, ceiling[:, None])
    excess = wanted - carried
    # A millionth of the activity is rounding of a growth table, not a plant.
    growing = np.flatnonzero((excess > 1e-6 * np.maximum(wanted, 1e-12)).any(axis=1))
    if not len(growing):
        none = dict.fromkeys(("units", *PLANT.values()), np.empty(0))
        return carried, sources.iloc[:0].assign(**none), np.empty((0, wanted.shape[1]))
    new, activity = _build(tables, sources, growing, start, excess)
    return carried, new, activity


def _build(
    tables: Tables,
    sources: pd.DataFrame,
    growing: NDArray[np.int64],
    start: NDArray[np.float64],
    excess: NDArray[np.float64],
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    plan = tables.frame["new_build"]
    _check(plan)
    rows_of = _rows_by_class(plan)
    labels, zones, shares = _names(plan, "label"), _names(plan, "zone"), plan["share"].to_numpy(float)
    areas = sources["area"].to_numpy(dtype=object)
    built: dict[str, _New] = {}
    missing: dict[str, str] = {}
    for (name, city, zone, duty), members in _grown_together(sources, growing):
        options = rows_of.get((name, duty)) or rows_of.get((name, None))
        if options is None:
            missing[f"no row for class {name}" + ("" if duty is None else f" (duty {duty})")] = str(name)
            continue
        more = excess[members].sum(axis=0)
        most = int(members[excess[members].sum(axis=1).argmax()])
        # Areas that contain every growing source: a new one stands somewhere among them.
        area = frozenset.intersection(*areas[members])
        for option in options:
            place = str(zone if zones[option] is None else zones[option])
            source = f"new.{name}.{city}.{place}.{labels[option]}"
            one = built.get(source, _New(most, option, place, area, np.zeros_like(more)))
            activity = one.activity + shares[option] * more
            built[source] = replace(one, area=one.area & area, activity=activity)
    if missing:
        right = "say what would be built"
        raise InputError(
            sorted(
                Fault(_file(plan), None, "class", name, f"{wrong}, which grows", right)
                for wrong, name in missing.items()
            )
        )
    new = _called(_new_rows(sources, plan, built), tables)
    amounts = np.array([each.activity for each in built.values()])
    new["activity"] = amounts[:, 0]
    new["units"] = amounts.max(axis=1) / (new["capacity"].to_numpy(float) * _output(sources, start, new))
    dtypes = {c: t for c, t in sources.dtypes.items() if c not in ("area", "controls")}
    return new.astype(dtypes), amounts


@dataclass(frozen=True)
class _New:
    """A new source: the growing source it takes after, its row of new_build, zone, areas, activity [Y]."""

    like: int
    option: int
    zone: str
    area: frozenset[str]
    activity: NDArray[np.float64]


def _rows_by_class(plan: pd.DataFrame) -> dict[tuple[str | None, str | None], list[int]]:
    """Positions of the rows of each class and duty (None: any)."""
    out: dict[tuple[str | None, str | None], list[int]] = {}
    for at, key in enumerate(zip(_names(plan, "class"), _names(plan, "duty"), strict=True)):
        out.setdefault(key, []).append(at)
    return out


def _names(frame: pd.DataFrame, column: str) -> list[str | None]:
    """The names in a column, None where there is none."""
    return [None if pd.isna(name) else str(name) for name in frame[column]]


def _grown_together(
    sources: pd.DataFrame, growing: NDArray[np.int64]
) -> Iterable[tuple[tuple[str | None, ...], NDArray[np.int64]]]:
    """Class, city, zone and duty (None: not known), sorted, with the positions of the growing sources."""
    names = ["class", "city", "zone", "duty"]
    keys = sources[names].iloc[growing]
    number = keys.groupby(names, dropna=False, sort=True).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
    named = keys.iloc[[members[0] for members in groups]]
    described = zip(*(_names(named, name) for name in names), strict=True)
    return zip(described, (growing[members] for members in groups), strict=True)


def _new_rows(sources: pd.DataFrame, plan: pd.DataFrame, built: Mapping[str, _New]) -> pd.DataFrame:
    """The new sources: attributes of place from the source each takes after, the plant from its option."""
    rows = sources.iloc[[new.like for new in built.values()]].assign(units=np.nan)
    rows.index = pd.Index(list(built), name=sources.index.name)
    options = plan.iloc[[new.option for new in built.values()]].set_axis(rows.index)
    other_fuel = rows["fuel"] != options["fuel"]
    for column in (*_NOT_INHERITED, *_FUEL_QUALITY):
        if column in rows.columns:
            rows[column] = rows[column].mask(other_fuel | (column in _NOT_INHERITED))
    for column in ("capacity", "fuel", "technology", "controls", "citation", "rating", "file", "row"):
        rows[column] = options[column]
    for column, name in PLANT.items():
        rows[name] = options[column].astype(float)
    rows["area"] = pd.Series([new.area for new in built.values()], index=rows.index, dtype=object)
    rows["zone"] = [new.zone for new in built.values()]
    rows["divisible"], rows["constructed"], rows["vintage"] = True, True, "new"
    if "source" in rows.columns:
        rows["source"] = rows.index
    return rows


def _called(new: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """New sources with their names in English and Chinese: city, what is built, size, fuel and zone."""
    cities = tables.frame["areas"].set_index("area")[["name", "name_zh"]].to_dict("index")
    kinds = tables.frame["classes"].set_index("class")[["name", "name_zh"]].to_dict("index")
    fuels = tables.frame["fuels"].set_index("fuel")["name_zh"].to_dict()
    english, chinese = [], []
    for row in new[["city", "class", "capacity", "capacity_unit", "fuel", "zone"]].to_dict("records"):
        kind, city = kinds[row["class"]], cities.get(row["city"], {"name": "", "name_zh": ""})
        size, size_zh = _size(row["capacity"], row["capacity_unit"])
        fuel = "" if row["fuel"] == "none" else row["fuel"]
        what = f"{city['name']} new {kind['name'][:1].lower()}{kind['name'][1:]}".strip()
        english.append(", ".join(x for x in (what, size, fuel, row["zone"]) if x).replace("_", " "))
        parts = (size_zh, fuels[fuel] if fuel else "", _ZONES_ZH[row["zone"]])
        chinese.append(f"{city['name_zh']}新增{kind['name_zh']}（{'，'.join(x for x in parts if x)}）")
    return new.assign(name=english, name_zh=chinese)


def _size(capacity: float, unit: str) -> tuple[str, str]:
    """A capacity with its unit in English and Chinese, nothing where it is not known."""
    if math.isnan(capacity):
        return "", ""
    number = f"{capacity:.10g}"
    return f"{number} {unit}", f"{number}{_UNITS_ZH.get(unit, unit)}"


def with_derived(new: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """New sources with what follows from fuel, technology, controls and size, as `resolve_sources` has it."""
    effects = state_effects(new, tables)
    fuels = tables.frame["fuels"].set_index("fuel").reindex(new["fuel"]).set_index(new.index)
    return new.assign(
        **{column: new[column].fillna(fuels[column]) for column in ("sulphur_pct", "ash_pct")},
        ncv_gj_per_t=new["ncv_gj_per_t"].fillna(fuels["ncv_gj_per_unit"]),
        fuel_group=fuels["group"].astype("str"),
        fuel_gj_per_activity=effects["fuel_gj"],
        capacity_tph=new["capacity"].where(new["capacity_unit"] == "tph"),
        capacity_mw=new["capacity"].where(new["capacity_unit"] == "MW"),
        meets=effects["meets"],
        meets_start=effects["meets"],
        low_nox=effects["low_nox"],
    )


def _output(sources: pd.DataFrame, start: NDArray[np.float64], new: pd.DataFrame) -> NDArray[np.float64]:
    """Yearly activity per unit of capacity of existing sources of each new one's class and duty, [N]."""
    known = pd.DataFrame(
        {
            "class": sources["class"].to_numpy(dtype=object),
            "duty": sources["duty"].to_numpy(dtype=object),
            "capacity": sources["capacity"].to_numpy(float),
            "start": start,
        }
    )
    known = known[(known["capacity"] > 0) & (known["start"] > 0)]
    sums = known.groupby(["class", "duty"], dropna=False)[["start", "capacity"]].sum()
    mean = {
        (k[0], None if pd.isna(k[1]) else k[1]): a / c
        for k, a, c in zip(sums.index, sums["start"], sums["capacity"], strict=True)
    }
    keys = zip(new["class"], new["duty"], strict=True)
    return np.array([mean.get((c, None if pd.isna(d) else d), np.nan) for c, d in keys])


def _check(plan: pd.DataFrame) -> None:
    faults = []
    for key, rows in plan.groupby(["class", "duty"], dropna=False):
        total = float(rows["share"].sum())
        if abs(total - 1) > 1e-9:
            wrong = f"shares of class {key[0]} add up to {total:.6g}"
            faults.append(Fault(_file(plan), int(rows["row"].iloc[0]), "share", None, wrong, "make them 1"))
    for key, rows in plan.groupby(["class", "label"]):
        if rows["duty"].nunique(dropna=False) > 1:
            wrong = f"is used for two duties of class {key[0]}"
            faults.append(
                Fault(
                    _file(plan),
                    int(rows["row"].iloc[-1]),
                    "label",
                    str(key[1]),
                    wrong,
                    "give it another label",
                )
            )
    if faults:
        raise InputError(faults)


def _file(plan: pd.DataFrame) -> str:
    return str(plan["file"].iloc[0]) if len(plan) else "new_build.csv"
