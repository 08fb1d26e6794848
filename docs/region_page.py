"""The tables of a region's data page: totals, closures, calibration, classes, cities, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from docs.markdown import markdown
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.observed.closures import Closure, closures
from model.inventory.review.quality import Quality, quality, total_ranges
from model.tables.read import Tables, read_tables

GAP = 0.2
"""Relative gap of an emission total from which a difference must be explained."""
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")


@dataclass(frozen=True)
class Plan:
    """What a page shows: its years, the start year first, and the calibration of those that have one."""

    region: str
    name: str
    years: tuple[int, ...]
    calibration: Mapping[int, str]


@dataclass(frozen=True)
class World:
    """Tables, inventories by year before and after calibration, closures before, and reasons for gaps;
    `unexplained` gathers what needs a reason and has none."""

    plan: Plan
    tables: Tables
    plain: Mapping[int, Inventory]
    calibrated: Mapping[int, Inventory]
    closed: Mapping[int, tuple[Closure, ...]]
    why: Mapping[str, str]
    unexplained: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The first year shown."""
        return self.plan.years[0]


def read_world(plan: Plan, inputs: Path, gaps: Path) -> World:
    """Everything the tables of a page are made from; `gaps` has a reason by observation."""
    tables = read_tables(inputs, plan.region)
    plain = {year: build_inventory(tables, year, None, {}) for year in plan.years}
    named = plan.calibration.items()
    calibrated = plain | {year: build_inventory(tables, year, name, {}) for year, name in named}
    closed = {year: closures(inventory, tables) for year, inventory in plain.items()}
    reasons = pd.read_csv(gaps, dtype=str)
    why = dict(zip(reasons["observation"], reasons["why"], strict=True))
    return World(plan, tables, plain, calibrated, closed, why)


def emission(inventory: Inventory) -> pd.DataFrame:
    """kt/yr by source with kind, city and outside_account."""
    sources = inventory.sources
    frame = inventory.emission().isel(year=0).to_pandas() / 1000
    outside = sources["outside_account"].to_numpy(dtype=bool)
    return frame.assign(kind=sources["class"], city=sources["city"], outside=outside)


def kilo(value: float) -> str:
    """kt with one decimal, two below 1, empty for none."""
    if np.isnan(value):
        return ""
    return f"{value:,.2f}" if abs(value) < 1 else f"{value:,.1f}"


def number(value: float | None) -> str:
    """Four significant digits, empty for none."""
    if value is None or np.isnan(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _reason(world: World, name: str, what: str) -> str:
    if name not in world.why:
        world.unexplained.append(what)
    return world.why.get(name, "")


def pollutants(world: World) -> str:
    """Totals by pollutant and year, kt/yr, without sources outside the accounts; ranges of the start year."""
    spread = total_ranges(world.calibrated[world.start], world.tables).set_index("pollutant")
    frames = {
        year: (emission(world.plain[year]), emission(world.calibrated[year])) for year in world.plan.years
    }
    rows = []
    for name in POLLUTANTS:
        cells = []
        for year, pair in frames.items():
            inside = [frame.loc[~frame["outside"], name].sum(min_count=1) for frame in pair]
            cells += inside if world.plan.calibration else inside[:1]
            if year == world.start:
                cells.append(pair[1].loc[pair[1]["outside"], name].sum())
        low, high = spread.loc[name, "low"] / 1000, spread.loc[name, "high"] / 1000
        rows.append((name, *map(kilo, cells), f"{kilo(low)} to {kilo(high)}"))
    head = [""]
    for year in world.plan.years:
        head += [f"{year} before", f"{year} after"] if world.plan.calibration else [str(year)]
        head += ["outside the accounts"] if year == world.start else []
    return markdown([*head, f"95 % range of {world.start}, all sources"], rows)


def totals(world: World) -> str:
    """Observations that are not emission, held against the inventory: how many close, each that does not."""
    return _closed(world, lambda closure: closure.quantity not in POLLUTANTS)


def ranges(world: World) -> str:
    """Emission against the ranges and totals observed, before calibration."""
    rows = []
    for year in world.plan.years:
        for closure in world.closed[year]:
            if closure.quantity not in POLLUTANTS or closure.model is None or closure.ratio is None:
                continue
            if _meant(world, closure):
                continue
            far = not closure.inside or abs(closure.ratio - 1) > GAP
            what = f"{closure.observation}, {number(closure.model)} {closure.unit},"
            why = _reason(world, closure.observation, what) if far else ""
            span = f"{number(closure.low)} to {number(closure.high)}"
            cells = (number(closure.value), span, number(closure.model), "yes" if closure.inside else "no")
            rows.append((closure.observation, closure.account, *cells, f"{closure.ratio - 1:+.0%}", why))
    head = ("row", "account", "value", "range", "model", "inside", "gap", "why")
    return markdown(head, rows)


def _closed(world: World, kept: Callable[[Closure], bool]) -> str:
    lines, rows = [], []
    for year in world.plan.years:
        compared = [c for c in world.closed[year] if kept(c) and c.model is not None]
        inside = sum(bool(c.inside) for c in compared)
        lines.append(f"{year}: {inside} of {len(compared)} compared lie inside their range.")
        for closure in (c for c in compared if not c.inside):
            why = _reason(world, closure.observation, f"{closure.observation}, outside its range,")
            span = f"{number(closure.low)} to {number(closure.high)}"
            cells = (span, number(closure.model), closure.unit, closure.about)
            rows.append((closure.observation, *cells, why))
    head = ("row", "range", "model", "unit", "what", "why")
    return "\n".join(lines) + ("\n\n" + markdown(head, rows) if rows else "")


def account(world: World) -> str:
    """The accounts that the calibrations meet, by class, before and after them."""
    factors = world.tables.frame["calibration"]
    rows = []
    for year, name in world.plan.calibration.items():
        after = {c.observation: c for c in closures(world.calibrated[year], world.tables)}
        for closure in world.closed[year]:
            if not _meant(world, closure) or closure.ratio is None:
                continue
            first = closure.where.removeprefix("class=").split("|")[0].split(";")[0]
            kept = (factors["class"] == first) & (factors["pollutant"] == closure.quantity)
            kept &= factors["calibration"] == name
            factor = f"{factors.loc[kept, 'factor'].iloc[0]:.2f}" if kept.any() else ""
            far = abs(closure.ratio - 1) > GAP
            why = _reason(world, closure.observation, f"the gap of {closure.observation}") if far else ""
            cells = (number(closure.value), number(closure.model), f"{closure.ratio - 1:+.0%}", factor)
            rows.append((closure.observation, *cells, number(after[closure.observation].model), why))
    return markdown(("row", "account, kt", "before, kt", "gap", "factor", "after, kt", "why"), rows)


def _meant(world: World, closure: Closure) -> bool:
    """Whether an observation is of the account that the calibration of its year meets."""
    name = world.plan.calibration.get(closure.year)
    table = world.tables.frame["calibration"]
    met = table.loc[table["calibration"] == name, "account"].explode()
    return name is not None and closure.account in set(met)


def classes(world: World) -> str:
    """Totals by class of the start year."""
    order = list(world.tables.frame["classes"]["class"])
    return _sums(world, "kind", order, lambda name: name)


def cities(world: World) -> str:
    """Totals by city of the start year, in official order."""
    areas = world.tables.frame["areas"]
    listed = areas[areas["level"] == "city"].sort_values("order").set_index("area")["name"]
    return _sums(world, "city", list(listed.index), lambda code: str(listed[code]))


def _sums(world: World, by: str, order: Sequence[str], name: Callable[[str], str]) -> str:
    frames = [emission(world.plain[world.start]), emission(world.calibrated[world.start])]
    twice = ("SO2", "NOx", "VOCs") if world.plan.calibration else ()
    once = [
        pollutant
        for pollutant in ("SO2", "NOx", "VOCs", "PM10", "PM2.5", "NH3", "CO2")
        if pollutant not in twice
    ]
    sums = [frame.groupby(by).sum(numeric_only=True, min_count=1) for frame in frames]

    def cells(pick: Callable[[pd.DataFrame, str], float]) -> list[str]:
        pairs = [kilo(pick(frame, pollutant)) for pollutant in twice for frame in sums]
        return pairs + [kilo(pick(sums[1], pollutant)) for pollutant in once]

    rows = [
        (name(key), *cells(lambda frame, pollutant, key=key: float(frame.loc[key, pollutant])))  # type: ignore[misc]
        for key in order
        if key in sums[0].index
    ]
    rows.append(("all", *cells(lambda frame, pollutant: float(frame[pollutant].sum()))))
    head = [f"{pollutant} {when}" for pollutant in twice for when in ("before", "after")]
    return markdown(("", *head, *once), rows)


def sources(world: World) -> str:
    """What the region's tables hold by class in the start year, and what each rests on."""
    access = world.tables.frame["citations"].set_index("citation")["access"]
    about = world.tables.frame["classes"].set_index("class")
    inventory = world.plain[world.start]
    start = inventory.sources.assign(activity=inventory.activity.isel(year=0).to_numpy())
    rows = []
    for name, kept in start.groupby("class", sort=False):
        cited = sorted({f"{one} ({access[one]})" for one in kept["citation"]})
        files = sorted({Path(str(file)).stem for file in kept["file"]})
        total, unit = f"{kept['activity'].sum():.4g}", str(about.loc[name, "activity_unit"])
        rows.append((str(name), str(len(kept)), total, unit, ", ".join(files), ", ".join(cited)))
    return markdown(("class", "rows", "activity", "unit", "table", "cited"), sorted(rows))


def found(world: World) -> Quality:
    """The quality of the start year, calibrated."""
    return quality(world.calibrated[world.start], world.tables)


def evidence(world: World) -> str:
    """What the emission of the start year rests on, per cent."""
    shares = found(world).shares
    wide = shares.assign(what=shares["basis"] + ": " + shares["label"]).pivot_table(
        index="what", columns="pollutant", values="share", aggfunc="sum", sort=False
    )
    rows = [(str(what), *(f"{100 * row[name]:.1f}" for name in SHOWN)) for what, row in wide.iterrows()]
    return markdown(("per cent", *SHOWN), rows)


def breaks(world: World) -> str:
    """The breaks of official series."""
    rows = []
    for row in world.tables.frame["breaks"].to_dict("records"):
        factor = "" if pd.isna(row["factor"]) else f"{row['factor']:g}"
        rows.append((row["series"], str(row["year"]), factor, row["about"]))
    return markdown(("series", "from", "factor", "what"), rows)


PARTS: Mapping[str, Callable[[World], str]] = {
    "pollutants": pollutants,
    "totals": totals,
    "ranges": ranges,
    "account": account,
    "classes": classes,
    "cities": cities,
    "sources": sources,
    "evidence": evidence,
    "breaks": breaks,
}


def build(world: World, template: str) -> str:
    """A page: the template with each {{table}} filled.

    Raises LookupError with every gap that needs a reason and has none.
    """
    for name, part in PARTS.items():
        if "{{" + name + "}}" in template:
            template = template.replace("{{" + name + "}}", part(world))
    if world.unexplained:
        raise LookupError(f"not explained in {world.plan.region}_gaps.csv: " + "; ".join(world.unexplained))
    return template
