"""Solve a problem anew after one limit has moved, from what was kept of it, next to solving it cold.

    python benchmarks/warm.py --sources 10000 --case hard --limits 12 --json
    python benchmarks/warm.py --problem plan.npz

One limit at a time is tightened by 1 % of its bound: at most comes down, at least goes up. Every solve is to
the same gap. Shares are of the cold solve of the same moved problem, in CPU seconds, which other work on the
machine disturbs less than wall seconds. The sample takes limits that bind first, evenly by their order, since
the others change nothing; medians are over the sample.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.boilers import CASES  # noqa: E402
from benchmarks.province import province  # noqa: E402
from model.plan import Plan, evaluate  # noqa: E402
from model.problem.problem import Problem  # noqa: E402
from model.scenario.scenario import SolverOptions  # noqa: E402
from model.solve.highs import Settings  # noqa: E402
from model.solve.price import price_limits  # noqa: E402
from model.solve.rows import imposed  # noqa: E402
from model.solve.solve import discounted, solve, solve_again  # noqa: E402
from model.solve.warm import Kept, warmed  # noqa: E402

T = TypeVar("T")
MOVED = 0.01


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--problem", type=Path, help="a problem saved as .npz, in the place of the province")
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--case", choices=sorted(CASES), default="hard")
    parser.add_argument("--limits", type=int, default=12, help="limits moved, one at a time")
    parser.add_argument("--gap", type=float, default=1e-3, help="share of gross spending")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(given)


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What comes of some work, its CPU seconds and its wall seconds."""
    wall, cpu = time.monotonic(), time.process_time()
    out = work()
    return out, time.process_time() - cpu, time.monotonic() - wall


def tightened(problem: Problem, limit: int) -> Problem:
    """The problem with one limit moved."""
    bound = problem.bound.copy()
    bound[limit] += problem.sense[limit] * MOVED * abs(bound[limit])
    return replace(problem, bound=bound)


def chosen(problem: Problem, plan: Plan, count: int) -> list[int]:
    """Limits to move: of those with a price first, evenly by their order."""
    imposed_here = np.flatnonzero(problem.enforced & np.isfinite(problem.bound) & (problem.bound != 0))
    priced = imposed_here[plan.price[imposed_here] > 0]
    rest = np.setdiff1d(imposed_here, priced)
    out: list[int] = []
    for group in (priced, rest):
        wanted = min(count - len(out), len(group))
        out += group[np.linspace(0, len(group) - 1, wanted).astype(int)].tolist() if wanted else []
    return out


def one(problem: Problem, limit: int, kept: Kept, options: SolverOptions) -> dict[str, Any]:
    """Cold solve, pricing alone and warm solve with one limit moved."""
    moved = tightened(problem, limit)
    rows = imposed(moved)
    settings = Settings(options.threads, options.seed, np.inf)
    cold, cold_cpu, cold_wall = timed(lambda: solve(moved, options))
    warm = warmed(moved, rows, discounted(moved), kept)
    priced, price_cpu, price_wall = timed(
        lambda: price_limits(moved, rows, settings, 0.1 * options.gap, warm)[1]
    )
    again, again_cpu, again_wall = timed(lambda: solve_again(moved, options, kept)[0])
    return {
        "limit": str(problem.limit[limit]),
        "cold_s": cold_wall,
        "price_s": price_wall,
        "again_s": again_wall,
        "price_share": price_cpu / cold_cpu,
        "again_share": again_cpu / cold_cpu,
        "cold_gap": evaluate(moved, cold).gap(cold.bound_cny),
        "again_gap": evaluate(moved, again).gap(again.bound_cny),
        "cold_status": cold.status,
        "again_status": again.status,
        "rounds": priced.rounds,
        "route": list(again.route),
    }


def main(given: list[str] | None = None) -> None:
    """Move limits, solve, print."""
    asked = arguments(given)
    options = SolverOptions(gap=asked.gap)
    # a first solve imports what solving imports late
    solve(province(24, years=2), options)
    if asked.problem is not None:
        problem = Problem.load(asked.problem)
    else:
        problem = province(asked.sources, case=asked.case)
    plan, kept = solve_again(problem, options)
    if kept is None:
        sys.exit("no plan meets every limit: nothing is kept")
    moved = [one(problem, limit, kept, options) for limit in chosen(problem, plan, asked.limits)]
    names = ("cold_s", "price_s", "again_s", "price_share", "again_share", "again_gap")
    median = {name: float(np.median([row[name] for row in moved])) for name in names}
    if asked.json:
        print(json.dumps({"sources": len(problem.source), "median": median, "moved": moved}))
        return
    for row in moved:
        print(
            f"{row['limit']:34} cold {row['cold_s']:6.2f} s, pricing {row['price_share']:4.0%} in "
            f"{row['rounds']} rounds, whole {row['again_share']:4.0%}, gaps {row['cold_gap']:.1e} "
            f"{row['again_gap']:.1e} {row['again_status']}; {'; '.join(row['route'][1:])}"
        )
    print(
        f"median of {len(moved)}: cold {median['cold_s']:.2f} s, pricing {median['price_share']:.0%}, "
        f"whole {median['again_share']:.0%}, gap {median['again_gap']:.1e}"
    )


if __name__ == "__main__":
    main()
