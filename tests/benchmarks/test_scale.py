"""scale.py as a command, and its peers against each other."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import PEERS, Task, matrix_of, measure
from benchmarks.province import province
from model.plan import evaluate
from model.solve.merge import build_network
from model.solve.solve import solve
from tests.solve.toys import Options

ROOT = Path(__file__).parents[2]
KEYS = {
    "sources",
    "case",
    "binding",
    "wall_s",
    "peak_mb",
    "cost",
    "bound",
    "gap",
    "iterations",
    "route",
    "ratio",
}


def ask(name: str, relaxed: bool) -> Task:
    """A peer solves to the optimum."""
    return Task(name, {}, limit=60.0, relaxed=relaxed, gap_cny=1.0, gross_cny=1e8)


def test_command() -> None:
    command = "benchmarks/scale.py --sources 60 --years 2 --gap 0.1 --method monolithic --peer highs --json"
    done = subprocess.run(
        [sys.executable, *command.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row.keys() >= KEYS
    assert (row["sources"], row["case"], row["status"]) == (60, "easy", "optimal")
    assert 0 <= row["gap"] <= 0.1
    assert row["bound"] <= row["cost"]
    peer = row["peer"]
    assert peer["name"] == "highs"
    assert row["bound"] <= peer["cost"]
    assert peer["bound"] <= row["cost"]
    assert peer["gap"] <= 0.1001
    assert row["ratio"] == pytest.approx(peer["wall_s"] / row["wall_s"])
    assert 50 < peer["peak_mb"] < 1000


@pytest.mark.parametrize("name", PEERS)
def test_peers_agree(name: str) -> None:
    """Whole and relaxed: with the optimum of our solve, and with the relaxation of the matrix."""
    if name == "linopy" and find_spec("linopy") is None:
        pytest.skip("make setup-peers brings linopy")
    problem = province(14, "easy", years=2, projects=1)
    plan = solve(problem, Options(gap=1e-9))
    whole = measure(problem, ask(name, relaxed=False))
    assert whole["cost"] == pytest.approx(evaluate(problem, plan).cost_cny, abs=100)
    relaxed = measure(problem, ask(name, relaxed=True))
    assert relaxed["gap"] is None
    assert relaxed["bound"] == pytest.approx(measure(problem, ask("highs", relaxed=True))["bound"], rel=1e-9)
    assert relaxed["bound"] < whole["cost"]


def test_matrix_of_a_plan() -> None:
    """The frozen plan on the matrix: one arc a source and year, nothing flows over, costs as evaluated."""
    problem = province(10, years=3)
    network = build_network(problem, merge=False)
    matrix = matrix_of(network)
    frozen = network.arcs.head // 4 == problem.state_start[network.arcs.source]
    frozen &= network.arcs.move < 0
    left = matrix.matrix @ frozen
    assert left[:10] == pytest.approx(np.ones(10))
    assert left[10 : -len(problem.limit)] == pytest.approx(np.zeros(len(left) - 10 - len(problem.limit)))
    assert matrix.cost @ frozen == 0


def test_a_peer_that_fails_is_a_row() -> None:
    row = Task("highs", {"sources": 10, "states": 2}, 1.0, False, 1.0, 1.0).run()
    assert row["status"].startswith("failed (1): ValueError: 2 states")
    assert row["wall_s"] is None
