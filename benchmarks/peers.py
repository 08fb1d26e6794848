"""Peers of our solve on the same problem, equal sources not merged: what a modeller would reach for first.

    python benchmarks/peers.py '{"name": "highs", "limit": 200, ...}'

Runs in a process of its own, started by scale.py, and prints one JSON object on its last line. highs: the
matrix of our formulation, made by numpy, straight to HiGHS. pyomo: the Pyomo model of our formulation and
Pyomo's own HiGHS interface. linopy: the same rows in linopy, handed to HiGHS in memory (`make setup-peers`).
Wall time is from the problem to the answer; imports and the generation of the problem do not count.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.province import province  # noqa: E402
from model.problem.problem import Floats, Ints, Problem  # noqa: E402
from model.solve.formulation import build_model, cost_scale, right_sides, row_scale  # noqa: E402
from model.solve.highs import Matrix, Settings, solve_lp, solve_mip  # noqa: E402
from model.solve.merge import Network, build_network  # noqa: E402


@dataclass(frozen=True)
class Task:
    """What a peer is asked. province: arguments of `province`. limit: seconds its solver may take. relaxed:
    without whole numbers. gap_cny: where to stop; gross_cny: gross spending of our plan, which gaps are of.
    """

    name: str
    province: dict[str, Any]
    limit: float
    relaxed: bool
    gap_cny: float
    gross_cny: float

    def run(self) -> dict[str, Any]:
        """The answer of a child process: name, wall_s, build_s, peak_mb, status, cost, bound, gap."""
        command = [sys.executable, str(Path(__file__).resolve()), json.dumps(asdict(self))]
        # What HiGHS does between two looks at its clock can take long.
        patience = 2 * self.limit + 300
        nothing = dict.fromkeys(("wall_s", "build_s", "peak_mb", "cost", "bound", "gap"))
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
        except subprocess.TimeoutExpired:
            return {"name": self.name, "status": "stopped", **nothing, "wall_s": patience}
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
            return {"name": self.name, "status": f"failed ({done.returncode}): {said}", **nothing}
        return dict(json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Answer:
    """In units of the scaled cost; nan where there is none. built: time.monotonic() when the model stood."""

    status: str
    cost: float
    bound: float
    built: float


def peak_mb() -> float:
    """Greatest resident memory of this process, MB (1e6 bytes).

    From the kernel's high-water mark: `ru_maxrss` of a child begins at what its parent had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def matrix_of(network: Network) -> Matrix:
    """The rows of the formulation without a loop over arcs: columns are the arcs."""
    arcs, count = network.arcs, len(network.arcs.cost)
    entry, node, sign = balance(network)
    names, row = np.unique(node, return_inverse=True)
    first = np.flatnonzero(arcs.year == 0)
    blocks = len(network.count)
    start = sparse.csr_array((np.ones(len(first)), (network.block[first], first)), shape=(blocks, count))
    flow = sparse.csr_array((sign, (row, entry)), shape=(len(names), count))
    scale, right = row_scale(network), right_sides(network)
    limit = sparse.csr_array(arcs.use.T.multiply(1 / scale[:, None]))
    sense = network.problem.sense[arcs.row]
    none = np.zeros(len(names))
    upper = np.where(sense < 0, right / scale, np.inf)
    lower = np.where(sense > 0, right / scale, -np.inf)
    return Matrix(
        cost=arcs.cost / cost_scale(network),
        matrix=sparse.csc_array(sparse.vstack([start, flow, limit])),
        row_lower=np.concatenate([network.count, none, lower]),
        row_upper=np.concatenate([network.count, none, upper]),
        lower=np.zeros(count),
        upper=network.count[network.block],
        whole=~network.divisible[network.block],
        family=(),
        label=(),
    )


def balance(network: Network) -> tuple[Ints, Ints, Floats]:
    """Arcs into a node before the last year (-1) and out of one after the start (+1): arc, node, sign."""
    arcs = network.arcs
    into = np.flatnonzero(arcs.year < arcs.year.max(initial=0))
    out = np.flatnonzero(arcs.year > 0)
    sign = np.concatenate([np.full(len(into), -1.0), np.ones(len(out))])
    return np.concatenate([into, out]), np.concatenate([arcs.head[into], arcs.tail[out]]), sign


def by_highs(network: Network, task: Task) -> Answer:
    """The matrix straight to HiGHS."""
    matrix = matrix_of(network)
    built = time.monotonic()
    settings = Settings(threads=1, seed=0, stop_at=built + task.limit)
    if task.relaxed:
        outcome = solve_lp(matrix, settings)
    else:
        outcome = solve_mip(matrix, settings, task.gap_cny / cost_scale(network))
    cost = np.nan if outcome.value is None else float(matrix.cost @ outcome.value)
    return Answer(outcome.status, cost, outcome.bound, built)


def by_pyomo(network: Network, task: Task) -> Answer:
    """A plain concrete model and the HiGHS interface of Pyomo."""
    import pyomo.environ as pyo
    from pyomo.contrib.solver.solvers.highs import Highs

    model = build_model(network)
    if task.relaxed:
        for column in model.z.values():
            column.domain = pyo.NonNegativeReals
    built = time.monotonic()
    solver = Highs()
    solver.config.time_limit = task.limit
    solver.config.load_solutions = False
    solver.config.raise_exception_on_nonoptimal_result = False
    stop = {"mip_abs_gap": task.gap_cny / cost_scale(network), "mip_rel_gap": 0.0}
    solver.config.solver_options = {**({} if task.relaxed else stop), "threads": 1}
    result = solver.solve(model)
    cost, bound = (
        np.nan if v is None else float(v) for v in (result.incumbent_objective, result.objective_bound)
    )
    return Answer(result.termination_condition.name, cost, bound, built)


def by_linopy(network: Network, task: Task) -> Answer:
    """linopy's arrays, its rows made by group, handed over in memory. Takes whole sources only."""
    import highspy
    import linopy
    import pandas as pd
    import xarray as xr

    if network.divisible.any() and not task.relaxed:
        raise ValueError("the linopy peer takes no divisible sources")
    arcs = network.arcs
    model = linopy.Model()
    index = pd.RangeIndex(len(arcs.cost), name="arc")
    z = model.add_variables(lower=0, upper=1, coords=[index], name="z", integer=not task.relaxed)

    def grouped(arc: Ints, group: Ints, coef: Floats) -> linopy.LinearExpression:
        """Sum of coef x z by group, as linopy keeps it: a row a group, a column a term, -1 where none is."""
        order = np.argsort(group, kind="stable")
        _, start, number = np.unique(group[order], return_index=True, return_counts=True)
        row = np.repeat(np.arange(len(number)), number)
        at = row, np.arange(len(arc)) - start[row]
        coefs, columns = np.full((2, len(number), number.max()), np.nan)
        coefs[at], columns[at] = coef[order], z.labels.values[arc[order]]
        columns = np.nan_to_num(columns, nan=-1).astype(np.int64)
        terms = xr.Dataset(
            {"coeffs": (("row", "_term"), coefs), "vars": (("row", "_term"), columns)},
            coords={"row": np.arange(len(number))},
        )
        return linopy.LinearExpression(terms, model)

    first = np.flatnonzero(arcs.year == 0)
    model.add_constraints(grouped(first, network.block[first], np.ones(len(first))) == 1, name="start")
    entry, node, sign = balance(network)
    if len(entry):
        model.add_constraints(grouped(entry, node, sign) == 0, name="flow")
    scale, right = row_scale(network), right_sides(network)
    sense = -network.problem.sense[arcs.row] / scale
    use = sparse.coo_array(arcs.use)
    length = np.bincount(use.col, minlength=len(scale))
    for size in np.unique(np.frexp(length[length > 0])[1]).tolist():
        alike = (np.frexp(length)[1] == size) & (length > 0)
        part = np.flatnonzero(alike[use.col])
        row = use.col[part]
        body = grouped(use.row[part], row, use.data[part] * sense[row])
        model.add_constraints(body <= (right * sense)[alike], name=f"limits_{size}")
    model.add_objective(z @ xr.DataArray(arcs.cost / cost_scale(network), coords=[index]))
    built = time.monotonic()
    stop = {"mip_abs_gap": task.gap_cny / cost_scale(network), "mip_rel_gap": 0.0}
    options = {**({} if task.relaxed else stop), "time_limit": task.limit, "threads": 1, "output_flag": False}
    _, condition = model.solve("highs", io_api="direct", **options)
    info = model.solver_model.getInfo()
    # What HiGHS holds when time runs out before a solution is no cost, and of an LP no bound.
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    found &= condition == "optimal" or not task.relaxed
    cost = float(info.objective_function_value) if found else np.nan
    bound = cost if task.relaxed else float(info.mip_dual_bound)
    return Answer(str(condition), cost, bound if np.isfinite(bound) else np.nan, built)


PEERS: dict[str, Callable[[Network, Task], Answer]] = {
    "highs": by_highs,
    "linopy": by_linopy,
    "pyomo": by_pyomo,
}


def measure(problem: Problem, task: Task) -> dict[str, Any]:
    """What `Task.run` returns, worked out in this process. gap: (its cost - its bound) / our gross spending;
    none for a relaxation, which has no plan, or where we have no spending.
    """
    began = time.monotonic()
    network = build_network(problem, merge=False)
    answer = PEERS[task.name](network, task)
    wall = time.monotonic() - began
    scale, constant = cost_scale(network), network.constant.cost
    numbers = {"cost": answer.cost * scale + constant, "bound": answer.bound * scale + constant}
    proven = task.gross_cny > 0 and not task.relaxed
    missing = np.maximum(numbers["cost"] - numbers["bound"], 0.0)
    numbers["gap"] = missing / task.gross_cny if proven else np.nan
    return {
        "name": task.name,
        "wall_s": round(wall, 3),
        "build_s": round(answer.built - began, 3),
        "peak_mb": round(peak_mb(), 1),
        "status": ("relaxation, " if task.relaxed else "") + answer.status,
        **{key: float(value) if np.isfinite(value) else None for key, value in numbers.items()},
    }


def main() -> None:
    """Solve what the argument asks and print the answer."""
    task = Task(**json.loads(sys.argv[1]))
    problem = province(**task.province)
    # A first model imports what is imported late.
    measure(province(24, years=2), replace(task, limit=1.0))
    print(json.dumps(measure(problem, task)))


if __name__ == "__main__":
    main()
