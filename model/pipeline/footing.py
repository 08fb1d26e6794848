"""What `check` says of an inventory: its totals, what they rest on, and whether they close."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from model.inventory.emissions import Inventory, build_inventory
from model.inventory.observed.closures import Closure, closures
from model.inventory.review.quality import Quality, quality, total_ranges
from model.pipeline.prepare import Prepared

SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")

PARTS = {
    "evidence": "the weakest part",
    "activity": "activity",
    "factor": "emission factor",
    "controls": "controls",
    "constructed": "constructed unit",
    "rating": "rating",
}
MEANING = {
    "split": "share of a published total",
    "own": "own estimate",
    "none": "none act",
}


def footing(prepared: Prepared, inventory: Inventory) -> list[str]:
    """Lines on the inventory of the start year; raises InputError for observations that can not be read."""
    sources = inventory.sources
    groups = sources["group"].value_counts().sort_index()
    found = quality(inventory, prepared.tables)
    ranges = total_ranges(inventory, prepared.tables)
    return [
        f"tables: {len(prepared.tables.files)} files",
        f"sources of {prepared.scenario.start}: {len(sources)} ("
        + ", ".join(f"{name} {count}" for name, count in groups.items())
        + ")",
        *_quality(found, ranges),
        *_missing(found),
        *_closed(_held(prepared, inventory)),
    ]


def _quality(found: Quality, ranges: pd.DataFrame) -> list[str]:
    """What the emission rests on, part by part, and its range; what no emission rests on is left out."""
    shares = found.shares
    emitted = [name for name in SHOWN if name in set(ranges["pollutant"])]
    what = [
        f"{PARTS[basis]}: {MEANING.get(label, label)}"
        for basis, label in zip(shares["basis"], shares["label"], strict=True)
    ]
    wide = shares.assign(what=what).pivot_table(
        index="what", columns="pollutant", values="share", aggfunc="sum", sort=False
    )[emitted]
    totals = ranges.set_index("pollutant").loc[emitted, ["low", "value", "high"]] / 1000
    return [
        "quality: share of emission by what it rests on, %",
        *_text((100 * wide[(wide > 0).any(axis=1)]).round(1)),
        "totals: kt/yr with their 95 % range",
        *_text(totals.round(1)),
    ]


def _missing(found: Quality) -> list[str]:
    lines = []
    if len(found.missing):
        lines += ["no factor: " + _by_pollutant(found.missing)]
    for kind in ("outside", "unknown"):
        left_out = found.explained[found.explained["kind"] == kind]
        if len(left_out):
            lines += [f"no factor ({kind}, see factor_gaps): {_by_pollutant(left_out)}"]
    return lines


def _by_pollutant(missing: pd.DataFrame) -> str:
    classes = missing.groupby("pollutant", sort=False)["class"].agg(
        lambda names: ", ".join(dict.fromkeys(names))
    )
    return "; ".join(f"{pollutant}: {names}" for pollutant, names in classes.items())


def _held(prepared: Prepared, inventory: Inventory) -> list[Closure]:
    """The closures: of the account that the inventory is calibrated to after it, of others before."""
    scenario, tables = prepared.scenario, prepared.tables
    fitted = tables.frame["calibration"]
    accounts = set(fitted.loc[fitted["calibration"] == scenario.calibration, "account"].explode())
    if not accounts:
        return list(closures(inventory, tables))
    plain = build_inventory(tables, scenario.start, None, scenario.areas)
    pairs = zip(closures(inventory, tables), closures(plain, tables), strict=True)
    return [after if after.account in accounts else before for after, before in pairs]


def _closed(found: Iterable[Closure]) -> list[str]:
    """How many control totals the inventory meets, those that it does not, those that it does not have."""
    frame = pd.DataFrame([vars(closure) for closure in found])
    if frame.empty:
        return ["control totals: the region has no observation of the start year"]
    compared = frame[frame["why_not"] == ""].astype({"inside": bool, "model": float, "ratio": float})
    outside = compared[~compared["inside"]].set_index("observation")
    counted = compared.groupby("account", sort=False)["inside"].agg(["sum", "size"])
    listed = ", ".join(f"{name} {inside} of {size}" for name, inside, size in counted.itertuples())
    lines = [
        f"control totals: {int(compared['inside'].sum())} of {len(compared)} inside their range ({listed})"
    ]
    if len(outside):
        shown = outside[["area", "account", "unit", "low", "value", "high", "model", "ratio", "access"]]
        figures = ["low", "value", "high", "model", "ratio"]
        lines += ["outside their range", *_text(shown.assign(**{f: shown[f].map(_figure) for f in figures}))]
    for reason, rows in frame[frame["why_not"] != ""].groupby("why_not", sort=False):
        lines.append(f"not compared ({reason}): {', '.join(rows['observation'])}")
    return lines


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _text(frame: pd.DataFrame) -> list[str]:
    return ["  " + line for line in frame.rename_axis(index=None, columns=None).to_string().splitlines()]
