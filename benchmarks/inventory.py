"""Speed of the inventory: reading and building a region, and the emission of a million sources.

    python benchmarks/inventory.py --sources 1000000 --years 8 --json

A region is read from its tables and built as a run does it. The synthetic inventory takes its sources from
those of the region at random, with ids and activities of their own, and grows over the years. Its emission is
compared with the same product in bare numpy and in pandas (a frame of years for each pollutant, aligned on
the ids), in this run, on the same numbers. Seconds are the least CPU seconds of `--repeat` rounds; building
the large inventory is measured once.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.peers import peak_mb  # noqa: E402
from model.base.words import POLLUTANTS  # noqa: E402
from model.inventory.emissions import Inventory, build_inventory  # noqa: E402
from model.inventory.review.quality import quality  # noqa: E402
from model.tables.read import Tables, read_tables  # noqa: E402

GROWTH = 0.03
SEED = 1


def least(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """The least CPU seconds of some rounds, and what the last one gave."""
    found, value = np.inf, None
    for _ in range(repeat):
        value = None  # the last round's memory is given back first
        began = time.process_time()
        value = work()
        found = min(found, time.process_time() - began)
    return float(found), value


def enlarged(tables: Tables, year: int, sources: int) -> Tables:
    """The tables with `sources` rows of `sources`, drawn from those of the year, activity times a lognormal
    factor (median 1, 0.3)."""
    rng = np.random.default_rng(SEED)
    rows = tables.frame["sources"]
    rows = rows[rows["year"] == year]
    drawn = rows.iloc[rng.integers(0, len(rows), sources)].reset_index(drop=True)
    drawn["source"] = pd.Series(np.arange(sources)).astype("str")
    drawn["activity"] *= rng.lognormal(0.0, 0.3, sources)
    return replace(tables, frame={**tables.frame, "sources": drawn})


def grown(inventory: Inventory, years: int) -> Inventory:
    """The inventory over `years` years, activity growing and factors falling by GROWTH a year, with arrays of
    full size."""
    first = int(inventory.activity["year"][0])
    steps = xr.DataArray(
        (1 + GROWTH) ** np.arange(years), coords={"year": np.arange(first, first + years)}, dims="year"
    )
    activity = (inventory.activity.isel(year=0, drop=True) * steps).transpose("source", "year")
    factor = (inventory.factor.isel(year=0, drop=True) / steps).transpose("source", "year", "pollutant")
    in_order = factor.copy(data=np.ascontiguousarray(factor.to_numpy()))
    return Inventory(inventory.sources, activity, in_order)


def in_pandas(activity: pd.DataFrame, factors: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """t/yr by pollutant, a row a source and a column a year."""
    return {name: activity * factor for name, factor in factors.items()}


def measure_region(inputs: Path, region: str, year: int, repeat: int) -> dict[str, float]:
    """CPU seconds of reading a region, building its inventory, and saying what it rests on."""
    read, tables = least(lambda: read_tables(inputs, region), repeat)
    build, inventory = least(lambda: build_inventory(tables, year, None, {}), repeat)
    rests, _ = least(lambda: quality(inventory, tables), repeat)
    return {"region_sources": len(inventory.sources), "read_s": read, "build_s": build, "quality_s": rests}


def measure_emission(tables: Tables, year: int, sources: int, years: int, repeat: int) -> dict[str, float]:
    """CPU seconds of the emission of a synthetic inventory, and of the peers; raises ValueError where they
    differ."""
    large = enlarged(tables, year, sources)
    build, start = least(lambda: build_inventory(large, year, None, {}), 1)
    inventory = grown(start, years)
    activity, factor = inventory.activity.to_numpy(), inventory.factor.to_numpy()
    ours, emission = least(inventory.emission, repeat)
    total = np.nansum(emission.to_numpy(), axis=(0, 1))
    del emission
    plain, product = least(lambda: activity[:, :, None] * factor, repeat)
    _agree(total, np.nansum(product, axis=(0, 1)))
    del product
    labels, columns = inventory.sources.index, list(range(years))
    service = pd.DataFrame(activity, index=labels, columns=columns)
    factors = {
        name: pd.DataFrame(np.ascontiguousarray(factor[:, :, i]), index=labels.copy(), columns=columns)
        for i, name in enumerate(POLLUTANTS)
    }
    aligned, by_name = least(lambda: in_pandas(service, factors), repeat)
    _agree(total, np.array([np.nansum(by_name[name].to_numpy()) for name in POLLUTANTS]))
    return {
        "sources": sources,
        "years": years,
        "pollutants": len(POLLUTANTS),
        "build_large_s": build,
        "emission_s": ours,
        "numpy_s": plain,
        "pandas_s": aligned,
        "of_numpy": plain / ours,
        "of_pandas": aligned / ours,
    }


def _agree(ours: Any, peer: Any) -> None:
    if not np.allclose(ours, peer, rtol=1e-9):
        raise ValueError("ours and the peer differ")


def main(given: list[str] | None = None) -> None:
    """Measure and print a line, or one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--region", default="inner_mongolia")
    parser.add_argument("--year", type=int, default=2017)
    parser.add_argument("--inputs", type=Path, default=ROOT / "inputs")
    parser.add_argument("--sources", type=int, default=1_000_000, help="of the synthetic inventory")
    parser.add_argument("--years", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args(given)
    found = measure_region(asked.inputs, asked.region, asked.year, asked.repeat)
    tables = read_tables(asked.inputs, asked.region)
    found |= measure_emission(tables, asked.year, asked.sources, asked.years, asked.repeat)
    found["peak_mb"] = peak_mb()
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:16} {value:12,.3f}")


if __name__ == "__main__":
    main()
