"""Fitting a calibration: the multipliers that bring classes of sources to the totals of one account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError
from model.base.units import convert
from model.base.words import OFFICIAL_ACCOUNTS, POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.lookup import Floats
from model.tables.read import Tables

ROUNDS = 30
TOLERANCE = 1e-4
"""Relative distance to a total at which a group is fitted."""


@dataclass(frozen=True)
class Fitted:
    """One observed total and what came of it, t/yr. `factor` is at an end of the bounds where the total is
    out of reach, or where controls with an outlet concentration hold the emission whatever enters them."""

    observation: str
    pollutant: str
    classes: tuple[str, ...]
    observed: float
    uncalibrated: float
    calibrated: float
    factor: float


def fit_calibration(
    tables: Tables, year: int, account: str, least: float = 0.4, greatest: float = 1.6
) -> list[Fitted]:
    """Multipliers for every observation of the account and year, of a pollutant, with classes or groups.

    Factors act before controls, and an outlet concentration does not follow them in proportion; so they are
    found by repeated proportional steps, all groups at once, kept inside least..greatest. Sources outside the
    official accounts are left out, and so is an observation of exactly the classes that others of its
    pollutant hold together: it is their sum.

    Raises InputError for an account without such observations, a `where` that is not `class=A|B` or
    `group=A|B`, and a class that two observations of a pollutant name.
    """
    groups = list(_groups(tables, year, account))
    factor = np.ones(len(groups))
    observed = np.array([group.observed for group in groups])
    first = emitted = _emitted(tables, year, groups, factor)
    for _ in range(ROUNDS):
        step = np.divide(observed, emitted, out=np.ones_like(observed), where=emitted > 0)
        wanted = np.clip(factor * step, least, greatest)
        moved = np.abs(wanted / factor - 1) > TOLERANCE / 10
        factor = wanted
        emitted = _emitted(tables, year, groups, factor)
        if not (moved & (np.abs(emitted / observed - 1) > TOLERANCE)).any():
            break
    return [
        replace(group, factor=float(f), uncalibrated=float(before), calibrated=float(after))
        for group, f, before, after in zip(groups, factor, first, emitted, strict=True)
    ]


def _groups(tables: Tables, year: int, account: str) -> Iterator[Fitted]:
    observations = tables.frame["observations"]
    areas = tables.frame["areas"]
    top = "region" if "region" in set(areas["level"]) else "city"  # a folder may hold one city alone
    regions = set(areas.loc[areas["level"] == top, "area"])
    faults: list[Fault] = []
    taken: dict[tuple[str, str], str] = {}
    kept = observations["quantity"].isin(POLLUTANTS) & observations["where"].notna()
    kept &= (observations["account"] == account) & (observations["year"] == year)
    rows = observations[kept].to_dict("records")
    named = [_classes(str(row["where"]), tables) for row in rows]
    for row, classes in zip(rows, named, strict=True):
        place = (str(row["file"]), int(row["row"]), "where", str(row["where"]))
        if not classes:
            faults.append(Fault(*place, "does not name classes", "class=A|B or group=A|B"))
        if row["area"] not in regions:
            faults.append(
                Fault(*place[:2], "area", str(row["area"]), "is not the region", "totals of the region")
            )
        others = [set(c) for r, c in zip(rows, named, strict=True) if r["quantity"] == row["quantity"]]
        parts = [other for other in others if other < set(classes)]
        if parts and set.union(*parts) == set(classes):
            continue
        for name in classes:
            other = taken.setdefault((str(row["quantity"]), name), row["observation"])
            if other != row["observation"]:
                faults.append(Fault(*place, f"has {name}, as '{other}' has", "a class stands in one total"))
        unit = str(row["unit"])
        tonnes = convert(float(row["value"]), unit, "t/yr" if unit.endswith("yr") else "t")
        yield Fitted(row["observation"], row["quantity"], classes, tonnes, np.nan, np.nan, np.nan)
    if not rows:
        file = f"{tables.region}/observations.csv"
        right = "rows of pollutants with where = class=A|B or group=A|B"
        faults.append(Fault(file, None, "account", account, f"has no total by class of {year}", right))
    if faults:
        raise InputError(faults)


def _classes(where: str, tables: Tables) -> tuple[str, ...]:
    """Classes that `class=A|B` or `group=A|B` names; none for anything else and for names not known."""
    classes = tables.frame["classes"]
    key, _, names = (part.strip() for part in where.partition("="))
    wanted = [name.strip() for name in names.split("|")]
    if key not in ("class", "group") or not set(classes[key]).issuperset(wanted):
        return ()
    return tuple(wanted) if key == "class" else tuple(classes.loc[classes["group"].isin(wanted), "class"])


def _emitted(tables: Tables, year: int, groups: list[Fitted], factor: Floats) -> Floats:
    """Emission of each group with these multipliers in place of any calibration, t/yr."""
    rows = [
        {
            "calibration": "fit",
            "account": OFFICIAL_ACCOUNTS,
            "class": name,
            "pollutant": group.pollutant,
            "factor": f,
        }
        for group, f in zip(groups, factor, strict=True)
        for name in group.classes
    ]
    table = tables.frame["calibration"]
    texts = {name: "str" for name in table.columns if isinstance(table[name].dtype, pd.StringDtype)}
    fit = pd.DataFrame(rows).reindex(columns=table.columns).astype(texts)
    frames = {**tables.frame, "calibration": fit}
    inventory = build_inventory(replace(tables, frame=frames), year, "fit", {})
    sources = inventory.sources
    values = inventory.emission().isel(year=0).to_numpy()
    emission = pd.DataFrame(values, index=sources.index, columns=list(POLLUTANTS))
    inside = ~sources["outside_account"].to_numpy(dtype=bool)
    totals = emission[inside].groupby(sources["class"][inside]).sum(min_count=1)
    return np.array([totals[group.pollutant].reindex(list(group.classes)).sum() for group in groups])
