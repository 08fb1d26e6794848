"""Solve the synthetic province of docs/performance.md, next to a peer if asked.

    python benchmarks/scale.py --sources 10000 --case easy --peer pyomo --json

wall_s is of solving alone: imports and the generation of the province do not count. peak_mb is of this
process as a whole; a peer runs in one of its own. Cost and gap are recomputed from the problem.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.boilers import CASES  # noqa: E402
from benchmarks.peers import PEERS, Task, peak_mb  # noqa: E402
from benchmarks.province import province  # noqa: E402
from model.plan import Plan, evaluate  # noqa: E402
from model.problem.problem import Floats, Problem  # noqa: E402
from model.scenario.scenario import SolverOptions  # noqa: E402
from model.solve.solve import solve  # noqa: E402


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, required=True)
    parser.add_argument("--case", choices=sorted(CASES), default="easy")
    parser.add_argument("--states", type=int, default=6, help="states of each source, 3 to 36")
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--projects", type=int, default=0, help="pipelines that bring gas to cities")
    parser.add_argument("--seed", type=int, default=1, help="of the province")
    parser.add_argument("--method", default="pricing", help="pricing or monolithic")
    parser.add_argument("--gap", type=float, default=1e-4, help="share of gross spending")
    parser.add_argument("--time-limit", type=float, help="seconds, of our solve")
    parser.add_argument("--peer", choices=[*PEERS, "none"], default="none")
    parser.add_argument("--peer-limit", type=float, default=200.0, help="seconds that its solver may take")
    parser.add_argument("--relaxed", action="store_true", help="the peer solves the LP relaxation alone")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(given)


def iterations(plan: Plan) -> int | None:
    """Iterations of pricing, where the route had any."""
    found = plan.seconds.get("iterations")
    return None if found is None else int(found)


def binding(problem: Problem, plan: Plan, slack: Floats) -> int:
    """Limits with a price, or with less room than a thousandth of their bound (units leave a little)."""
    return int(((plan.price > 0) | (slack <= 1e-3 * np.abs(problem.bound))).sum())


def ours(drawn: dict[str, Any], options: SolverOptions) -> tuple[dict[str, Any], float]:
    """What our solve took and reached, and the gross spending of its plan."""
    # A first solve imports what solving imports late.
    solve(province(24, years=2), options)
    problem = province(**drawn)
    began = time.monotonic()
    plan = solve(problem, options)
    wall = time.monotonic() - began
    found = evaluate(problem, plan)
    gap = found.gap(plan.bound_cny)
    return {
        "method": options.method,
        "status": plan.status,
        "binding": binding(problem, plan, found.slack),
        "limits": len(problem.limit),
        "wall_s": round(wall, 3),
        "peak_mb": round(peak_mb(), 1),
        "cost": found.cost_cny,
        "bound": plan.bound_cny if np.isfinite(plan.bound_cny) else None,
        "gap": gap if np.isfinite(gap) else None,
        "iterations": iterations(plan),
        "route": list(plan.route),
    }, found.gross_cny


def line(row: dict[str, Any]) -> str:
    """A row for a reader."""
    gap = "none proven" if row["gap"] is None else f"{row['gap']:.1e}"
    text = (
        f"{row['sources']} sources, {row['case']}: {row['wall_s']:.1f} s, {row['peak_mb']:.0f} MB, "
        f"{row['status']}, cost {row['cost'] / 1e9:.4f} bn CNY, gap {gap}, "
        f"{row['binding']} of {row['limits']} limits bind"
    )
    if row["route"]:
        text += "\n  " + "; ".join(row["route"])
    if row["peer"] is not None:
        peer = {key: value for key, value in row["peer"].items() if value is not None}
        text += "\n  peer " + ", ".join(f"{key} {value}" for key, value in peer.items())
        text += "" if row["ratio"] is None else f"; ratio {row['ratio']:.1f}"
    return text


def main(given: list[str] | None = None) -> None:
    """Solve, let the peer solve, print."""
    asked = arguments(given)
    drawn = {key: getattr(asked, key) for key in ("sources", "case", "years", "states", "seed", "projects")}
    options = SolverOptions(method=asked.method, gap=asked.gap, time_limit=asked.time_limit)
    row, gross = ours(drawn, options)
    peer = None
    if asked.peer != "none":
        peer = Task(asked.peer, drawn, asked.peer_limit, asked.relaxed, asked.gap * gross, gross).run()
    wall = None if peer is None else peer["wall_s"]
    row = {**drawn, **row, "peer": peer, "ratio": None if wall is None else wall / row["wall_s"]}
    print(json.dumps(row) if asked.json else line(row))


if __name__ == "__main__":
    main()
