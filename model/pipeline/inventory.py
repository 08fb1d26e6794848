"""The command `inventory`: totals with ranges, the inventories of others beside them, and what to look at."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from model.inventory.emissions import Inventory
from model.inventory.review.against import against
from model.inventory.review.issues import issues
from model.inventory.review.overlapping import log_sds_of_groups
from model.inventory.review.totals import ALL, totals
from model.inventory.uncertain.parameters import parameters
from model.pipeline.clock import Clock
from model.pipeline.names import names_of
from model.pipeline.prepare import Prepared, of_each, read_inputs, start_inventory
from model.report.studies.against import write_against_figures
from model.results.write import beside, write_csv
from model.tables.one import read_one

FIGURES = "inventory_figures"
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")


@dataclass(frozen=True)
class Asked:
    """A file of another inventory, and a year of sources other than the scenario's start."""

    file: Path | None = None
    year: int | None = None


@dataclass(frozen=True)
class Looked:
    """The tables of one scenario's inventory, each written as the file of the name."""

    inventory: pd.DataFrame
    inventory_comparison: pd.DataFrame
    inventory_quality: pd.DataFrame


def inventory(
    paths: Sequence[Path], settings: Sequence[str], inputs: Path, out: Path, asked: Asked, lang: str
) -> int:
    """Write OUT/SCENARIO/inventory*.csv and inventory_figures/ of each scenario. Solves nothing; returns 0.

    Raises:
        InputError: something in the input of any of them, or in the file, is wrong; nothing is written then.
    """
    read = of_each(paths, lambda path: _read(path, settings, inputs, asked))
    made = [_looked(*each) for each in read]
    for (prepared, _, _), looked in zip(read, made, strict=True):
        target = out / prepared.scenario.name
        with beside(target) as where:
            for name, frame in vars(looked).items():
                write_csv(frame, where / f"{name}.csv")
            names = names_of(prepared.tables)
            write_against_figures(looked.inventory_comparison, names, lang, where / FIGURES)
        sys.stdout.write("\n".join([*_said(prepared, looked), f"written to {target}", ""]))
    return 0


def _read(
    path: Path, settings: Sequence[str], inputs: Path, asked: Asked
) -> tuple[Prepared, Inventory, pd.DataFrame]:
    """What stands in the files, the inventory of the year, and those of others."""
    prepared = read_inputs(path, settings, inputs)
    if asked.year is not None:
        prepared = replace(prepared, scenario=replace(prepared.scenario, start=asked.year))
    return prepared, start_inventory(prepared), _others(prepared, asked.file)


def _others(prepared: Prepared, file: Path | None) -> pd.DataFrame:
    """The inventories of others that the region's tables hold, and those of the file."""
    own = prepared.tables.frame["other_inventories"]
    if file is None:
        return own
    return pd.concat([own, read_one(file, "other_inventories", prepared.tables)], ignore_index=True)


def _looked(prepared: Prepared, found: Inventory, others: pd.DataFrame) -> Looked:
    clock, tables = Clock(prepared.scenario.name), prepared.tables
    with clock.stage("ranges"):
        numbers = parameters(found, tables)
        spread = partial(log_sds_of_groups, found, tables, numbers)
        whole = totals(found, spread)
        compared = against(found, tables, others, spread)
    with clock.stage("quality"):
        return Looked(whole, compared, issues(found, tables))


def _said(prepared: Prepared, looked: Looked) -> list[str]:
    """What it comes to: totals, ratios by inventory, and how much there is to look at."""
    whole = looked.inventory
    lines = [f"{prepared.scenario.name}: inventory of {prepared.scenario.start}, kt/yr with 95 % ranges"]
    region = whole[(whole["city"] == ALL) & (whole["sector"] == ALL) & whole["pollutant"].isin(SHOWN)]
    for row in region.to_dict("records"):
        low, value, high = (_three(row[name] / 1000) for name in ("low", "value", "high"))
        lines.append(f"  {row['pollutant']}: {value} ({low} to {high})")
    rows = looked.inventory_comparison
    compared = rows[rows["ratio"].notna()]
    for (other, pollutant), part in compared.groupby(["inventory", "pollutant"], sort=False):
        ratio, holds = part["ratio"], int((part["inside"] == "yes").sum())
        lines.append(
            f"  {pollutant} over {other}: {ratio.min():.2f} to {ratio.max():.2f}, "
            f"median {ratio.median():.2f}; the range holds 1 in {holds} of {len(part)} rows"
        )
    if len(rows) > len(compared):
        lines.append(f"  {len(rows) - len(compared)} rows of other inventories are not compared: see why_not")
    counts = looked.inventory_quality["check"].value_counts(sort=False)
    lines.append("  to look at: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return lines


def _three(value: float) -> str:
    """Three digits: ranges are no better known."""
    return f"{float(f'{value:.3g}'):,.10g}"
