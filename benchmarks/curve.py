"""Cost curves of a scenario next to solving their points one by one, cold.

    python benchmarks/curve.py --points 50                                     one curve of the region
    python benchmarks/curve.py --cities --points 25 --workers 2 \
        --pollutant SO2 --pollutant NOx --pollutant VOCs                       one of each city

Reading and building are told apart. Cold solves are `solve` to the gap of the curve, at targets spread over
the first curve; the ratio is of CPU seconds, which other work on the machine disturbs less than wall seconds:
those of all curves, over those of one cold solve.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from model.base.garbage import collect_seldom  # noqa: E402
from model.pipeline.curve import GAP, Wish, asked_curves  # noqa: E402
from model.pipeline.prepare import INPUTS, read_inputs  # noqa: E402
from model.plan import evaluate  # noqa: E402
from model.scenario.scenario import SolverOptions  # noqa: E402
from model.solve.solve import solve  # noqa: E402
from model.studies.curves.curve import Curve, trace  # noqa: E402
from model.studies.curves.frames import Asked  # noqa: E402

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What comes of some work, its CPU seconds (of finished workers too) and its wall seconds."""
    wall, cpu = time.monotonic(), _cpu()
    out = work()
    return out, _cpu() - cpu, time.monotonic() - wall


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def one(asked: Asked, solver: SolverOptions, points: int) -> Curve:
    """One curve."""
    return trace(asked.problem, asked.limit[asked.pollutant], solver, points, asked.start)


def every(asked: list[Asked], solver: SolverOptions, points: int, workers: int) -> list[Curve]:
    """All curves."""
    count = len(asked)
    if workers == 1:
        return [one(each, solver, points) for each in asked]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(one, asked, [solver] * count, [points] * count))


def cold(asked: Asked, curve: Curve, solver: SolverOptions, count: int) -> list[dict[str, float]]:
    """Cold solves at some targets of a curve, next to its points."""
    problem, limit, out = asked.problem, asked.limit[asked.pollutant], []
    for number in range(1, count + 1):
        point = curve.points[number * (len(curve.points) - 1) // (count + 1)]
        bound, enforced = problem.bound.copy(), problem.enforced.copy()
        bound[limit], enforced[limit] = point.target, True
        held = replace(problem, bound=bound, enforced=enforced)
        plan, cpu, wall = timed(lambda held=held: solve(held, solver))  # type: ignore[misc]
        found = evaluate(held, plan)
        row = {"cut_pct": 100 * (1 - point.target / asked.frozen(asked.pollutant)), "cpu": cpu, "wall": wall}
        costs = {"cost": found.cost_cny, "gap": found.gap(plan.bound_cny)}
        out.append({**row, **costs, "curve_cost": point.cost, "curve_bound": point.bound})
    return out


def main(given: list[str] | None = None) -> None:
    """Build, trace, solve cold, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    scenario = ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml"
    parser.add_argument("scenario", nargs="?", type=Path, default=scenario)
    parser.add_argument("--pollutant", action="append", help="SO2 without it")
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--cities", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--cold", type=int, default=2, help="cold solves")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(given)
    prepared = read_inputs(options.scenario, [], INPUTS)
    solver = replace(prepared.scenario.solver, gap=GAP)
    wish = Wish(tuple(options.pollutant or ["SO2"]), None, options.cities, options.points)
    asked, build_cpu, build_wall = timed(lambda: asked_curves(prepared, wish, solver))
    curves, cpu, wall = timed(lambda: every(asked, solver, options.points, options.workers))
    singles = cold(asked[0], curves[0], solver, options.cold)
    gaps = [point.gap for curve in curves for point in curve.points]
    facts = {
        "curves": len(curves),
        "points": len(gaps),
        "build_cpu": build_cpu,
        "build_wall": build_wall,
        "cpu": cpu,
        "wall": wall,
        "gap_median": median(gaps),
        "gap_most": max(gaps),
        "gap_within": mean(gap <= GAP for gap in gaps),
    }
    if singles:
        facts["ratio"] = cpu / median(row["cpu"] for row in singles)
    if options.json:
        print(json.dumps({**facts, "cold": singles}))
        return
    for name, value in facts.items():
        print(f"{name:12} {value:10.4g}")
    for row in singles:
        print("cold: " + ", ".join(f"{name} {value:.6g}" for name, value in row.items()))


if __name__ == "__main__":
    collect_seldom()  # as the commands do
    main()
