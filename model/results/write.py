"""Writes a run's files so that they are all there or none is, and the same bytes every time."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from model.base.faults import Fault
from model.base.words import CASES, POLLUTANTS, SECTORS
from model.results.results import ASKED, FILES, TABLES, Results

DIGITS = "%.10g"
"""Ten significant digits."""


BESIDE = (
    *("curve.csv", "curve_measures.csv", "curve_others.csv", "curve_figures", "emergency", "sweep"),
    *("confidence_curve.csv", "confidence_figures"),
    *("calibration", "uncertainty"),
    *("inventory.csv", "inventory_comparison.csv", "inventory_quality.csv", "inventory_figures"),
)
"""What other commands write into the folder of a run, which a new run leaves where it is."""


def out_faults(out: Path) -> list[Fault]:
    """A folder of results that is a file, or would stand in one."""
    there = next((each for each in (out, *out.parents) if each.exists()), None)
    if there is None or there.is_dir():
        return []
    wrong = "is not a folder" if there == out else f"can not be made, {there} is not a folder"
    return [Fault("--out", None, None, str(out), wrong, "name another one")]


@contextmanager
def folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that takes its place when the block ends, and is gone if it fails.

    An older `target` is moved aside first and put back if the rename fails, so that a reader sees the old
    result or the new one, never a mixture.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield work
        work.chmod(0o755)
        _replace(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A temporary folder whose files and folders are moved into `target` when the block ends, in the place of
    those of the same name; other files of `target` stay.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as new:
        yield Path(new)
        target.mkdir(exist_ok=True)
        for each in sorted(Path(new).iterdir()):
            if each.is_dir():
                shutil.rmtree(target / each.name, ignore_errors=True)
            each.replace(target / each.name)


def _replace(work: Path, target: Path) -> None:
    if not target.exists():
        work.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(old / "old")
    try:
        work.rename(target)
        for name in BESIDE:
            if (old / "old" / name).exists() and not (target / name).exists():
                (old / "old" / name).rename(target / name)
    except OSError:
        if not target.exists():
            (old / "old").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_tables(results: Results, where: Path) -> None:
    """Every CSV, emissions.nc and manifest.json into the folder `where`."""
    asked = ASKED if "alternatives" in results.manifest else ()
    for name in (*FILES, *TABLES, *asked):
        write_csv(getattr(results, name), where / f"{name}.csv")
    if len(results.credit):
        write_csv(results.credit, where / "credit.csv")
    if len(results.explanation):
        write_csv(results.explanation, where / "explain.csv")
    write_netcdf(results, where / "emissions.nc")
    text = json.dumps(results.manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (where / "manifest.json").write_text(text + "\n", encoding="utf-8")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """One frame as UTF-8 CSV, numbers with ten significant digits, yes and no for truth, missing as empty.

    -0 is written 0, so that the sign of nothing does not tell runs apart.
    """
    columns = [_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(frame.columns)
        out.writerows(zip(*columns, strict=True))


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Cells of a column as they are written; made as a whole, in two thirds of the time pandas takes."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return ["yes" if cell else "no" for cell in column.to_numpy(dtype=bool)]
    if pd.api.types.is_float_dtype(column.dtype):
        # + 0.0: -0 is written 0
        values = (column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0).tolist()
        return [DIGITS % value if value == value else "" for value in values]
    cells = column.to_numpy(dtype=object)
    return list(np.where(column.isna(), "", cells))


def write_netcdf(results: Results, path: Path) -> None:
    """emissions.nc: emission[case, year, city, sector, pollutant] in t/yr, city also with adcode and
    city_zh.
    """
    emission_array(results).to_netcdf(path, engine="netcdf4", format="NETCDF4")


def emission_array(results: Results) -> xr.Dataset:
    """The long emission frame as a Dataset; what no source emits is missing, not 0."""
    cities = results.cities
    frame = results.emissions
    dims: dict[str, list[str] | list[int]] = {
        "case": list(CASES),
        "year": [results.start, *results.years],
        "city": cities["city"].tolist(),
        "sector": list(SECTORS),
        "pollutant": list(POLLUTANTS),
    }
    values = np.full([len(labels) for labels in dims.values()], np.nan)
    where = tuple(pd.Index(labels).get_indexer(pd.Index(frame[dim])) for dim, labels in dims.items())
    values[where] = frame["value"].to_numpy()
    return xr.Dataset(
        {"emission": (tuple(dims), values, {"units": "t/yr", "long_name": "emission"})},
        coords={
            **{
                dim: np.array(labels, dtype=object if dim != "year" else np.int64)
                for dim, labels in dims.items()
            },
            "adcode": ("city", cities["adcode"].to_numpy(dtype=object)),
            "city_zh": ("city", cities["city_zh"].to_numpy(dtype=object)),
        },
        attrs={
            "title": results.titles["en"],
            "scenario": results.scenario,
            "Conventions": "CF-1.8",
            "comment": "NOx as NO2; VOCs as NMVOC mass; a year's emission under the part-year rule",
        },
    )
