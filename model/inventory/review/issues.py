"""What is worth a look in an inventory, a row each: what is missing, made up, far off or there twice."""

from __future__ import annotations

import pandas as pd

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.review.outliers import LIKE, city_outliers, duplicates, source_outliers
from model.inventory.review.published import published
from model.inventory.review.quality import made_up, quality
from model.tables.read import Tables

CHECKS = ("missing_factor", "constructed", "factor_range", "source_outlier", "city_outlier", "duplicate")
"""missing_factor: sources that emit and have no factor, with the reason that factor_gaps gives. constructed:
share of a city's emission of a sector that comes from constructed rows. factor_range: an effective factor
outside the range published for it. source_outlier, city_outlier, duplicate: outliers.py beside this."""

COLUMNS = (
    *("check", "city", "sector", "class", "fuel", "technology", "source", "pollutant"),
    *("value", "unit", "low", "high", "score", "about"),
)
UNEXPLAINED = "no factor, and factor_gaps gives no reason"
NOT_THERE = ("outside", "unknown")
"""Kinds of factor_gaps that leave out something real; the others are zero, small, or counted elsewhere."""


def issues(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    """All checks, COLUMNS; value, low and high are in `unit`, low to high being what would be expected."""
    parts = (
        _missing(inventory, tables),
        _constructed(inventory),
        _factor_ranges(inventory, tables),
        _source_outliers(inventory),
        _city_outliers(inventory, tables),
        _duplicates(inventory),
    )
    found = [part.assign(check=name) for name, part in zip(CHECKS, parts, strict=True) if len(part)]
    whole = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return whole.reindex(columns=list(COLUMNS))


def _missing(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    found = quality(inventory, tables)
    explained = found.explained[found.explained["kind"].isin(NOT_THERE)]
    why = explained["kind"] + ": " + explained["reason"]
    both = pd.concat([found.missing.assign(about=UNEXPLAINED), explained.assign(about=why)])
    sector = tables.frame["classes"].set_index("class")["sector"]
    return both.assign(sector=both["class"].map(sector), value=both["sources"], unit="sources")


def _constructed(inventory: Inventory) -> pd.DataFrame:
    """Per cent of emission by city, sector and pollutant."""
    sources = inventory.sources
    emission = pd.DataFrame(inventory.emission().isel(year=0).to_numpy(), columns=list(POLLUTANTS))
    keys = [sources[name].to_numpy(dtype=object) for name in ("city", "sector")]
    whole = emission.groupby(keys).sum().rename_axis(["city", "sector"])
    part = emission[made_up(sources)].groupby([key[made_up(sources)] for key in keys]).sum()
    part = part.rename_axis(["city", "sector"]).reindex(whole.index).fillna(0.0)
    share = (100 * part / whole.where(whole > 0)).clip(upper=100.0)  # rounding of sums may pass it
    long = share.reset_index().melt(["city", "sector"], list(POLLUTANTS), "pollutant", "value")
    return long.dropna(subset="value").assign(unit="%")


def _factor_ranges(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    outside = [one for one in published(tables, inventory) if not one.inside]
    names = ["class", "fuel", "technology", "pollutant", "unit", "low", "high"]
    rows = [
        {name: one.row[name] for name in names}
        | {"value": one.value, "about": f"{_of(one.row)}: {one.row['about']} ({one.row['citation']})"}
        for one in outside
    ]
    sector = tables.frame["classes"].set_index("class")["sector"]
    frame = pd.DataFrame(rows, columns=[*names, "value", "about"])
    return frame.assign(sector=frame["class"].map(sector))


def _of(row: pd.Series) -> str:
    return "all of the region" if row["of"] == "fleet" else "+".join(row["controls"]) or "no control"


def _source_outliers(inventory: Inventory) -> pd.DataFrame:
    sources, found = inventory.sources, source_outliers(inventory)
    of = sources.iloc[found["source"]]
    places = {name: of[name].to_numpy() for name in ("city", "sector", *LIKE)}
    per = found["per"].map({"activity": "activity_unit", "capacity": "capacity_unit"})
    units = [f"t/({row[name]})" for row, name in zip(of.to_dict("records"), per, strict=True)]
    controls = of["controls"].map("+".join).replace("", "no control").to_numpy()
    about = [
        f"per {one} against {count} of class, fuel and technology; {has}"
        for one, count, has in zip(found["per"], found["count"], controls, strict=True)
    ]
    return found.assign(**places, source=of.index.to_numpy(), unit=units, about=about)


def _city_outliers(inventory: Inventory, tables: Tables) -> pd.DataFrame:
    found = city_outliers(inventory, tables)
    about = [f"per resident against {count} cities" for count in found["count"]]
    return found.assign(unit="t/person", about=about)


def _duplicates(inventory: Inventory) -> pd.DataFrame:
    sources, found = inventory.sources, duplicates(inventory)
    of = sources.iloc[found["source"]]
    places = {name: of[name].to_numpy() for name in ("city", "sector", *LIKE)}
    other = sources.index.to_numpy()[found["of"]]
    about = [
        f"like {name}: but for the identifier, or but for amounts where it stands for many" for name in other
    ]
    return found.assign(**places, source=of.index.to_numpy(), about=about)
