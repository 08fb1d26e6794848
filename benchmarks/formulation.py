"""The solve of a synthetic province against its peer, plain Pyomo with its HiGHS interface, in one run.

    python -m benchmarks.formulation [--sources 1000] [--level tight] [--gap 5e-3]

Ours: equal sources merged, the model compiled to a matrix, sifting, cores. Peer: the same Pyomo formulation
of the unmerged problem, handed to HiGHS by `pyomo.contrib.solver`, which solves it whole. Both to the same
gap in money.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

from pyomo.contrib.solver.solvers.highs import Highs

from model.plan import evaluate, shortfall_scale
from model.problem.problem import Problem
from model.solve.formulation import Elastic, build_model, cost_scale
from model.solve.merge import build_network
from model.solve.solve import solve
from tests.solve.province import province


@dataclass(frozen=True)
class Options:
    """Solver options of a scenario."""

    gap: float
    method: str = "monolithic"
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0


def ours(problem: Problem, gap: float) -> tuple[float, float, float]:
    """Seconds, cost and proven gap."""
    began = time.monotonic()
    plan = solve(problem, Options(gap))
    found = evaluate(problem, plan)
    return time.monotonic() - began, found.cost_cny, found.gap(plan.bound_cny)


def peer(problem: Problem, absolute: float, limit: float) -> tuple[float, float, float]:
    """Seconds, cost and bound of plain Pyomo + HiGHS, stopped at a gap in money or at `limit` seconds."""
    began = time.monotonic()
    network = build_network(problem, merge=False)
    row = network.arcs.row
    model = build_model(network, Elastic(shortfall_scale(problem)[row], problem.strength[row]))
    model.e.fix(0)
    solver = Highs()
    solver.config.time_limit = limit
    solver.config.load_solutions = False
    solver.config.raise_exception_on_nonoptimal_result = False
    scale = cost_scale(network)
    solver.config.solver_options = {"mip_abs_gap": absolute / scale, "mip_rel_gap": 0.0, "threads": 1}
    result = solver.solve(model)
    cost = result.incumbent_objective * scale + network.constant.cost
    bound = result.objective_bound * scale + network.constant.cost
    return time.monotonic() - began, cost, bound


def main() -> None:
    """Print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--level", default="tight")
    parser.add_argument("--gap", type=float, default=5e-3)
    parser.add_argument("--limit", type=float, default=300.0)
    options = parser.parse_args()
    problem = province(options.sources, options.level, distinct=options.sources // 3)
    seconds, cost, gap = ours(problem, options.gap)
    gross = evaluate(problem, solve(problem, Options(options.gap))).gross_cny
    theirs, their_cost, their_bound = peer(problem, options.gap * gross, options.limit)
    print(f"ours  {seconds:7.1f} s  cost {cost / 1e9:.4f} bn CNY  gap {gap:.1e}")
    their_gap = (their_cost - their_bound) / gross
    print(f"peer  {theirs:7.1f} s  cost {their_cost / 1e9:.4f} bn CNY  gap {their_gap:.1e}")
    print(f"ratio {theirs / seconds:.1f}")


if __name__ == "__main__":
    main()
