"""Speed and memory of draws of an inventory, next to bare numpy multiplication.

    python benchmarks/draws.py --draws 10000 --memory 100 --json

Every source of a region, pollutant and draw, once as `emission_draws` makes them (all numbers moved), once
as the product of two arrays of a block's size into a third that is there already: as many elements, and no
fresh memory, which is the fastest that numpy multiplies. Both are measured in turn, in this run; seconds are
the least of `--repeat` rounds. Drawing the numbers themselves is a line of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.peers import peak_mb  # noqa: E402
from model.base.words import POLLUTANTS  # noqa: E402
from model.inventory.emissions import build_inventory  # noqa: E402
from model.inventory.uncertain.draws import draw_parameters, emission_draws, total_draws, used_parameters  # noqa: E402
from model.inventory.uncertain.parameters import parameters  # noqa: E402
from model.tables.read import read_tables  # noqa: E402

MEGABYTE = 10**6


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of some work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def bare(sources: int, draws: int, memory: int) -> None:
    """Multiply two arrays into a third, block by block, as many elements as there are emissions."""
    at_once = max(memory // (3 * 8 * len(POLLUTANTS) * draws), 1)
    shape = (min(at_once, sources), len(POLLUTANTS), draws)
    one, other, out = np.full(shape, 1.1), np.full(shape, 0.9), np.empty(shape)
    for start in range(0, sources, at_once):
        count = min(at_once, sources - start)
        np.multiply(one[:count], other[:count], out=out[:count])


def measure(inputs: Path, region: str, year: int, draws: int, memory: int, repeat: int) -> dict[str, float]:
    """Seconds of draws and of bare multiplication, their ratio, and memory in MB."""
    tables = read_tables(inputs, region)
    inventory = build_inventory(tables, year, None, {})
    every = parameters(inventory, tables)
    found = every.narrowed(used_parameters(inventory, tables, every))
    began = time.process_time()
    theta = draw_parameters(found, draws, seed=0)
    drawing = time.process_time() - began
    groups = np.zeros(len(inventory.sources), dtype=np.int64)
    before = peak_mb()

    def ours() -> None:
        for _ in emission_draws(inventory, tables, found, theta, memory):
            pass

    works = {
        "draws": ours,
        "totals": lambda: total_draws(inventory, tables, found, theta, memory, groups),
        "numpy": lambda: bare(len(inventory.sources), draws, memory),
    }
    least = dict.fromkeys(works, (np.inf, np.inf))
    for _ in range(repeat):
        for name, work in works.items():
            cpu, wall = seconds(work)
            least[name] = (min(cpu, least[name][0]), min(wall, least[name][1]))
    return {
        "sources": len(inventory.sources),
        "pollutants": len(POLLUTANTS),
        "draws": draws,
        "parameters": len(found.frame),
        "memory_mb": memory / MEGABYTE,
        "parameters_s": drawing,
        **{f"{name}_cpu_s": cpu for name, (cpu, _) in least.items()},
        **{f"{name}_wall_s": wall for name, (_, wall) in least.items()},
        "of_numpy_cpu": least["numpy"][0] / least["draws"][0],
        "of_numpy_wall": least["numpy"][1] / least["draws"][1],
        "before_mb": before,
        "peak_mb": peak_mb(),
    }


def main(given: list[str] | None = None) -> None:
    """Measure and print a line for each figure, or one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--region", default="inner_mongolia")
    parser.add_argument("--year", type=int, default=2017)
    parser.add_argument("--inputs", type=Path, default=ROOT / "inputs")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--memory", type=int, default=100, help="MB that the work may take")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args(given)
    memory = asked.memory * MEGABYTE
    found = measure(asked.inputs, asked.region, asked.year, asked.draws, memory, asked.repeat)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:16} {value:.4g}")


if __name__ == "__main__":
    main()
