"""Solve a sweep with one worker, with several, and on a local Dask cluster: seconds, and equal tables.

    python benchmarks/sweep.py
    python benchmarks/sweep.py --size 40 --workers 1 2 --json
    .venv-dask/bin/python benchmarks/sweep.py --size 40 --workers 2 --dask 2

200 cases of the scenario are `--size 158`: 158 draws, 41 cases of a path alone, and the base. Each takes a
folder of its own, so that nothing is found solved; then some cases are taken away, and it goes on from the
others. Wall seconds say how fast it is where the machine has nothing else to do; CPU seconds of a case
(building, solving, judging) are disturbed less by other work.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from model.base.garbage import collect_seldom  # noqa: E402
from model.pipeline.sweep import GAP, sweep  # noqa: E402

SCENARIO = ROOT / "scenarios" / "sweeps" / "inner_mongolia_2018_2020_what_if.yaml"
TABLES = ("sweep.csv", "sweep_prices.csv", "response.csv", "tornado.csv")


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenario", type=Path, default=SCENARIO)
    parser.add_argument("--inputs", type=Path, default=ROOT / "inputs")
    parser.add_argument("--size", type=int, help="draws, in the place of those of the scenario")
    parser.add_argument("--set", action="append", default=[], metavar="path=value")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--dask", type=int, help="workers of a local Dask cluster")
    parser.add_argument("--again", type=int, default=10, help="cases that are taken away and solved anew")
    parser.add_argument("--gap", type=float, default=GAP)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(given)


def one(asked: argparse.Namespace, workers: int, scheduler: str | None) -> tuple[dict[str, Any], list[bytes]]:
    """The manifest of one sweep from nothing, and its tables; `goes_on`: whether, after some finished cases
    were taken away, these alone were solved and the same tables came.
    """
    settings = [*asked.set, *([] if asked.size is None else [f"sweep.size={asked.size}"])]
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / asked.scenario.stem / "sweep"

        def done() -> tuple[dict[str, Any], list[bytes]]:
            sweep([asked.scenario], settings, asked.inputs, Path(folder), workers, scheduler, asked.gap)
            manifest: dict[str, Any] = json.loads((where / "manifest.json").read_text(encoding="utf-8"))
            return manifest, [(where / name).read_bytes() for name in TABLES]

        first, tables = done()
        gone = sorted((where / "cases").glob("*.json"))[: asked.again]
        for path in gone:
            path.unlink()
        again, same = done()
        return {**first, "goes_on": same == tables and again["solved"] == len(gone)}, tables


def main(given: list[str] | None = None) -> list[dict[str, Any]]:
    """Solve, compare, print."""
    asked = arguments(given)
    found = [(f"{workers} here", *one(asked, workers, None)) for workers in asked.workers]
    if asked.dask is not None:
        from distributed import LocalCluster

        with LocalCluster(n_workers=asked.dask, threads_per_worker=1, dashboard_address=None) as cluster:
            found.append((f"{asked.dask} of Dask", *one(asked, 1, cluster.scheduler_address)))
    first = found[0]
    rows = [
        {
            "workers": name,
            "cases": manifest["solved"],
            "wall_s": manifest["wall_s"],
            "cpu_s_per_case": manifest["cpu_s"] / max(manifest["solved"], 1),
            "times_as_fast": first[1]["wall_s"] / manifest["wall_s"],
            "greatest_gap": manifest["greatest_gap"],
            "statuses": manifest["statuses"],
            "same_tables": tables == first[2],
            "goes_on": manifest["goes_on"],
        }
        for name, manifest, tables in found
    ]
    if asked.json:
        print(json.dumps(rows))
        return rows
    for row in rows:
        print(
            f"{row['workers']:10} {row['cases']} cases in {row['wall_s']:.0f} s "
            f"({row['times_as_fast']:.2f} x), {row['cpu_s_per_case']:.2f} CPU s a case, "
            f"gaps up to {row['greatest_gap']:.1e}, tables {'equal' if row['same_tables'] else 'DIFFER'}, "
            f"{'goes on' if row['goes_on'] else 'DOES NOT GO ON'} where it was stopped; "
            f"{row['statuses']}"
        )
    return rows


if __name__ == "__main__":
    collect_seldom()  # as the commands do
    main()
