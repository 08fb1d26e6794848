"""Compares runs by the folders that they wrote (`compare`, and `run` with several scenarios)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model.base.faults import Fault, InputError
from model.results.compare import (
    Written,
    case_frame,
    comparison_frame,
    differing_actions,
    last_common_year,
    limit_frame,
    measure_frame,
)
from model.results.results import COLUMNS
from model.results.write import write_csv

READ = ("emissions", "costs", "plan", "limits")
"""Files of a run that are compared, without .csv."""

NUMBERS = {
    "emissions": ("year", "value"),
    "costs": ("year", "value"),
    "plan": ("year", "share", "investment_cny", "annual_cost_cny"),
    "limits": ("year", "bound", "frozen", "achieved", "slack", "price"),
}
"""Columns that are read as numbers, and the tonnes of plan.csv."""

SAID = ("scenario", "status", "cost_cny", "gap", "region", "start", "years", "price_year")
"""What manifest.json must say."""

MILLION = 1e6
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5")


def compare(folders: Sequence[Path], out: Path) -> int:
    """Compare the folders OUT/SCENARIO of runs, write the tables to `out` and say what differs; returns 0.

    Raises:
        InputError: fewer than two folders, one twice, or one that is no folder that `run` wrote.
    """
    sys.stdout.write("\n".join(write_comparison(folders, out)) + "\n")
    return 0


def write_comparison(folders: Sequence[Path], out: Path) -> list[str]:
    """OUT/comparison*.csv, each replaced whole, and lines that say the most of it.

    Raises:
        InputError: as `compare`.
    """
    runs = read_runs(folders, out)
    out.mkdir(parents=True, exist_ok=True)
    tables = {
        "comparison": comparison_frame(runs),
        "comparison_cases": case_frame(runs),
        "comparison_actions": differing_actions(runs),
        "comparison_measures": measure_frame(runs),
        "comparison_limits": limit_frame(runs),
    }
    for name, frame in tables.items():
        written = out / f".{name}.csv.new"
        write_csv(frame, written)
        written.replace(out / f"{name}.csv")
    return _lines(runs, tables, out)


def read_runs(folders: Sequence[Path], out: Path) -> list[Written]:
    """The runs of some folders, each by the name of its scenario; by its folder where names are the same.

    Raises:
        InputError: as `compare`.
    """
    faults = []
    if out.exists() and not out.is_dir():
        faults.append(Fault("--out", None, None, str(out), "is not a folder", "name another one"))
    if len(folders) < 2:
        faults.append(
            Fault("compare", None, None, str(folders[0]), "is one folder alone", "name two or more")
        )
    for place, path in enumerate(folders):
        if path.resolve() in [other.resolve() for other in folders[:place]]:
            faults.append(Fault("compare", None, None, str(path), "is named twice", "name each folder once"))
    manifests, frames = [], []
    for path in folders:
        manifest, wrong_manifest = _manifest(path)
        manifests.append(manifest)
        tables = {}
        if not wrong_manifest:
            for name in READ:
                tables[name], wrong_table = _table(path / f"{name}.csv", name)
                wrong_manifest += wrong_table
        frames.append(tables)
        faults += wrong_manifest
    if faults:
        raise InputError(dict.fromkeys(faults))
    labels = [str(manifest["scenario"]) for manifest in manifests]
    if len(set(labels)) < len(labels):
        labels = [path.as_posix() for path in folders]
    return [
        Written(label, manifest, **tables)
        for label, manifest, tables in zip(labels, manifests, frames, strict=True)
    ]


def _manifest(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """What manifest.json says, or why it says nothing."""
    file = path / "manifest.json"
    right = "give a folder DIR/SCENARIO that `run` wrote"
    if not path.is_dir():
        return {}, [Fault(str(path), None, None, None, "is no folder", right)]
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(str(path), None, None, None, "has no manifest.json", right)]
    except (OSError, ValueError) as error:
        return {}, [Fault(str(file), None, None, None, f"can not be read ({error})", right)]
    missing = [name for name in SAID if not isinstance(said, dict) or name not in said]
    if missing:
        wrong = f"does not say {', '.join(missing)}"
        return {}, [Fault(str(file), None, None, None, wrong, "run the scenario again with this version")]
    return said, []


def _table(file: Path, name: str) -> tuple[pd.DataFrame, list[Fault]]:
    """One file of a run, its numbers as numbers, and what is wrong with it."""
    right = "run the scenario again"
    try:
        frame = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        return pd.DataFrame(), [Fault(str(file), None, None, None, "is missing", right)]
    except (OSError, ValueError) as error:
        return pd.DataFrame(), [Fault(str(file), None, None, None, f"can not be read ({error})", right)]
    missing = [column for column in COLUMNS[name] if column not in frame]
    if missing:
        wrong = f"has no column {', '.join(missing)}"
        return frame, [Fault(str(file), 1, None, None, wrong, right)]
    faults = []
    numbers = [*NUMBERS[name], *(column for column in COLUMNS[name] if column.startswith("abated_"))]
    for column in numbers:
        values = pd.to_numeric(frame[column], errors="coerce")
        needed = column in ("year", "value", "share")
        bad = values.isna() & ((frame[column] != "") | needed)
        faults += [
            Fault(str(file), int(row) + 2, column, str(frame[column].iloc[row]), "is no number", right)
            for row in bad.to_numpy().nonzero()[0][:3]
        ]
        frame[column] = values.astype("int64") if column == "year" and not bad.any() else values
    return frame, faults


def _lines(runs: Sequence[Written], tables: dict[str, pd.DataFrame], out: Path) -> list[str]:
    """What a reader wants to see of a comparison first."""
    common = last_common_year(runs)
    lines = [f"comparison of {len(runs)} runs" + ("" if common is None else f", emission of {common}")]
    cases = tables["comparison_cases"]
    plans = cases[cases["case"] == "plan"].to_dict("records")
    for run, row in zip(runs, plans, strict=True):
        emitted = ", ".join(f"{name} {row[f'{name}_t']:,.0f} t" for name in SHOWN)
        lines.append(
            f"  {run.label}: {run.manifest['status']}, {run.manifest['cost_cny'] / MILLION:,.1f} M CNY, "
            f"{row['annual_cost_cny'] / MILLION:,.1f} M CNY a year in {row['year']}; {emitted}"
        )
    if len({run.manifest["price_year"] for run in runs}) > 1:
        lines.append("  money is of different price years: see price_year of comparison_cases.csv")
    if len({run.base for run in runs}) == len(runs):
        lines.append("  no two are of one region and start year: actions are compared by measure alone")
    else:
        lines.append(f"  actions differ at {tables['comparison_actions']['source'].nunique():,} sources")
    limits = tables["comparison_limits"]
    apart = limits[limits["runs_binding"] < len(runs)]["limit"].nunique()
    lines.append(f"  limits that bind in all: {limits['limit'].nunique() - apart}, in some: {apart}")
    lines.append(f"  tables: {out}/comparison*.csv")
    return lines
