"""Writes docs/data.md (python -m docs.build_data): data.template.md with its tables filled from inputs/.

A comparison whose gap is above 20 % must be explained in data_gaps.csv; otherwise nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from docs.markdown import markdown
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.quality import quality
from model.tables.read import Tables, read_tables

DOCS = Path(__file__).parent
REGION, START, CALIBRATION = "inner_mongolia", 2017, "census_2017"
GAP = 0.2
"""Relative gap from which a difference must be explained."""
OUTSIDE_TOO = {"bottom_up.NOx.road", "bottom_up.NOx.nonroad", "bottom_up.NOx.all"}
"""Ranges that hold sources outside the official accounts as well."""


@dataclass(frozen=True)
class World:
    """Tables, and the emission by source, kt/yr, of 2017 before and after calibration and of 2015 before."""

    tables: Tables
    inventory: Inventory
    before: pd.DataFrame
    after: pd.DataFrame
    before_2015: pd.DataFrame
    after_2015: pd.DataFrame
    why: dict[str, str]


def read_world(inputs: Path) -> World:
    """Everything the tables of the page are made from."""
    tables = read_tables(inputs, REGION)
    inventory = build_inventory(tables, START, CALIBRATION, {})
    gaps = pd.read_csv(DOCS / "data_gaps.csv", dtype=str)
    return World(
        tables,
        inventory,
        _emission(build_inventory(tables, START, None, {})),
        _emission(inventory),
        _emission(build_inventory(tables, 2015, None, {})),
        _emission(build_inventory(tables, 2015, CALIBRATION, {})),
        dict(zip(gaps["observation"], gaps["why"], strict=True)),
    )


def _emission(inventory: Inventory) -> pd.DataFrame:
    """kt/yr by source with class, city and outside_account."""
    sources = inventory.sources
    frame = inventory.emission().isel(year=0).to_pandas() / 1000
    outside = sources["outside_account"].to_numpy(dtype=bool)
    return frame.assign(kind=sources["class"], city=sources["city"], outside=outside)


def kilo(value: float) -> str:
    """kt with one decimal, two below 1, empty for none."""
    if np.isnan(value):
        return ""
    return f"{value:,.2f}" if abs(value) < 1 else f"{value:,.1f}"


def _part(world: World, row: pd.Series) -> tuple[float, float]:
    """Emission that an observation speaks of, kt/yr, before and after calibration."""
    frames = (world.before, world.after) if row["year"] == START else (world.before_2015, world.after_2015)
    found = []
    for frame in frames:
        kept = np.ones(len(frame), dtype=bool) if row.name in OUTSIDE_TOO else ~frame["outside"].to_numpy()
        if isinstance(row["where"], str):
            kept &= frame["kind"].isin(row["where"].removeprefix("class=").split("|")).to_numpy()
        found.append(float(frame.loc[kept, row["quantity"]].sum()))
    return found[0], found[1]


def observed(world: World, pattern: str) -> pd.DataFrame:
    """Observations of pollutants whose name fits the pattern, by name."""
    frame = world.tables.frame["observations"].set_index("observation")
    return frame[frame.index.str.fullmatch(pattern) & frame["quantity"].isin(POLLUTANTS)]


def _explained(world: World, name: str, gap: float) -> str:
    if abs(gap) <= GAP:
        return ""
    return _why(world, name, f"the gap of {name}, {gap:+.0%},")


def _why(world: World, name: str, what: str) -> str:
    if name not in world.why:
        raise LookupError(f"{what} is not explained in data_gaps.csv")
    return world.why[name]


def ranges(world: World) -> str:
    """Bottom-up totals against the ranges of planning practice."""
    rows = []
    for name, row in observed(world, r"bottom_up(_2015)?\..*").iterrows():
        before, _ = _part(world, row)
        gap = before / row["value"] - 1
        where = "yes" if row["low"] <= before <= row["high"] else "no"
        span = f"{kilo(row['low'])} to {kilo(row['high'])}"
        far = f"{name}, outside its range," if where == "no" else ""
        why = _why(world, str(name), far) if far else _explained(world, str(name), gap)
        rows.append((str(name), str(row["year"]), span, kilo(before), where, f"{100 * gap:+.0f} %", why))
    return markdown(("row", "year", "range, kt", "model, kt", "inside", "to the middle", "why"), rows)


def account(world: World) -> str:
    """The account of the census by class, before and after calibration."""
    factors = world.tables.frame["calibration"]
    rows = []
    for name, row in observed(world, r"(census_share|official\.2017\.census)\..*").iterrows():
        before, after = _part(world, row)
        gap = before / row["value"] - 1
        factor = ""
        if isinstance(row["where"], str):
            first = row["where"].removeprefix("class=").split("|")[0]
            kept = (factors["class"] == first) & (factors["pollutant"] == row["quantity"])
            factor = f"{factors.loc[kept, 'factor'].iloc[0]:.2f}"
        cells = (kilo(row["value"]), kilo(before), f"{100 * gap:+.0f} %", factor, kilo(after))
        rows.append((str(name), *cells, _explained(world, str(name), gap)))
    return markdown(("row", "account, kt", "before, kt", "gap", "factor", "after, kt", "why"), rows)


def other_accounts(world: World) -> str:
    """Official totals of other accounts, to which nothing is calibrated."""
    pattern = r"official\.(2015|2017\.(first|revised))\.(SO2|NOx)"
    rows = []
    for name, row in observed(world, pattern).iterrows():
        before, after = _part(world, row)
        gap = before / row["value"] - 1
        cells = (str(row["account"]), kilo(row["value"]), kilo(before), kilo(after), f"{100 * gap:+.0f} %")
        rows.append((str(name), *cells, _explained(world, str(name), gap)))
    head = ("row", "account", "official, kt", "before, kt", "calibrated, kt", "gap before", "why")
    return markdown(head, rows)


def pollutants(world: World) -> str:
    """Totals by pollutant, before and after, inside and outside the accounts."""
    outside = world.after["outside"].to_numpy()
    spread = quality(world.inventory, world.tables).ranges.set_index("pollutant")
    rows = []
    for name in POLLUTANTS:
        low, high = spread.loc[name, "low"] / 1000, spread.loc[name, "high"] / 1000
        inside = [frame.loc[~outside, name].sum() for frame in (world.before, world.after)]
        cells = (*inside, world.after.loc[outside, name].sum())
        rows.append((name, *(kilo(value) for value in cells), f"{kilo(low)} to {kilo(high)}"))
    head = ("", "before", "after", "outside the accounts", "95 % range of after, all sources")
    return markdown(head, rows)


def classes(world: World) -> str:
    """Totals by class."""
    return _totals(world, "kind", list(world.tables.frame["classes"]["class"]), lambda name: name)


def cities(world: World) -> str:
    """Totals by city, in official order."""
    areas = world.tables.frame["areas"]
    listed = areas[areas["level"] == "city"].sort_values("order").set_index("area")["name"]
    return _totals(world, "city", list(listed.index), lambda code: str(listed[code]))


def _totals(world: World, by: str, order: Sequence[str], name: Callable[[str], str]) -> str:
    calibrated, plain = ("SO2", "NOx", "VOCs"), ("PM10", "PM2.5", "NH3", "CO2")
    sums = [frame.groupby(by).sum(numeric_only=True, min_count=1) for frame in (world.before, world.after)]
    rows = []
    for key in order:
        if key not in sums[0].index:
            continue
        cells = [kilo(frame.loc[key, pollutant]) for pollutant in calibrated for frame in sums]
        rows.append((name(key), *cells, *(kilo(sums[1].loc[key, pollutant]) for pollutant in plain)))
    totals = [kilo(frame[pollutant].sum()) for pollutant in calibrated for frame in sums]
    rows.append(("all", *totals, *(kilo(sums[1][pollutant].sum()) for pollutant in plain)))
    head = [f"{pollutant} {when}" for pollutant in calibrated for when in ("before", "after")]
    return markdown(("", *head, *plain), rows)


def sources(world: World) -> str:
    """What the region's tables hold by class, and what each rests on."""
    access = world.tables.frame["citations"].set_index("citation")["access"]
    classes = world.tables.frame["classes"].set_index("class")
    rows = []
    start = world.inventory.sources.assign(activity=world.inventory.activity.isel(year=0).to_numpy())
    for name in classes.index:
        kept = start[start["class"] == name]
        if kept.empty:
            continue
        cited = sorted({f"{one} ({access[one]})" for one in kept["citation"]})
        files = sorted({Path(str(file)).stem for file in kept["file"]})
        total = f"{kept['activity'].sum():.4g}"
        unit = str(classes.loc[name, "activity_unit"])
        rows.append((name, str(len(kept)), total, unit, ", ".join(files), ", ".join(cited)))
    return markdown(("class", "rows", "activity", "unit", "table", "cited"), rows)


def evidence(world: World) -> str:
    """The quality table: what the emission of the start year rests on, per cent."""
    shares = quality(world.inventory, world.tables).shares
    shown = ["SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2"]
    wide = shares.assign(what=shares["basis"] + ": " + shares["label"]).pivot_table(
        index="what", columns="pollutant", values="share", aggfunc="sum", sort=False
    )
    rows = [(str(what), *(f"{100 * row[name]:.1f}" for name in shown)) for what, row in wide.iterrows()]
    return markdown(("per cent", *shown), rows)


def missing(world: World) -> str:
    """Classes without a factor, by pollutant."""
    found = quality(world.inventory, world.tables).missing
    named = found[found["pollutant"].isin(["SO2", "NOx", "VOCs", "PM2.5", "NH3"])]
    listed = named.groupby("pollutant", sort=False)["class"].agg(", ".join)
    return "\n".join(f"* {pollutant}: {names}." for pollutant, names in listed.items())


def breaks(world: World) -> str:
    """The breaks of official series."""
    rows = []
    for row in world.tables.frame["breaks"].to_dict("records"):
        factor = "" if pd.isna(row["factor"]) else f"{row['factor']:g}"
        rows.append((row["series"], str(row["year"]), factor, row["about"]))
    return markdown(("series", "from", "factor", "what"), rows)


def citations(world: World) -> str:
    """Every work cited, with its terms and whether it was seen."""
    frame = world.tables.frame["citations"].fillna("")
    columns = ["citation", "title", "year", "where", "licence", "access"]
    return markdown(columns, (tuple(str(cell) for cell in row) for row in frame[columns].to_numpy()))


PARTS = {
    "sources": sources,
    "pollutants": pollutants,
    "classes": classes,
    "cities": cities,
    "ranges": ranges,
    "account": account,
    "other_accounts": other_accounts,
    "evidence": evidence,
    "missing": missing,
    "breaks": breaks,
    "citations": citations,
}


def build(world: World) -> str:
    """The whole page."""
    text = (DOCS / "data.template.md").read_text(encoding="utf-8")
    for name, part in PARTS.items():
        text = text.replace("{{" + name + "}}", part(world))
    return text


if __name__ == "__main__":
    (DOCS / "data.md").write_text(build(read_world(DOCS.parent / "inputs")), encoding="utf-8")
