"""A plan.csv read back: the same cost and limits, and everything that can be wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from model.base.faults import InputError
from model.pipeline.given_plan import COLUMNS, read_given_plan
from model.plan import Plan, evaluate, frozen_plan, verify
from model.problem.problem import Problem
from model.results.write import write_csv
from model.solve.solve import solve
from tests.results.toy_run import toy_run
from tests.small_inputs import write_small_run
from tests.solve.toys import Options, Sketch, toy_problem

HEADER = ",".join(COLUMNS)


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "plan.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def rows_of(problem: Problem, plan: Plan) -> list[str]:
    """The rows that a run writes of a plan."""
    moved, label = plan.moves(problem), problem.state_label
    owner = problem.source[problem.source_of_state]
    return [
        f"{owner[a]},{problem.years[y]},{label[a]},{label[b]},{moved[m, y]:.10g}"
        for y in range(len(problem.years))
        for m, (a, b) in enumerate(zip(problem.move_from, problem.move_to, strict=True))
        if moved[m, y] > 1e-6
    ]


def assert_same(problem: Problem, one: Plan, two: Plan) -> None:
    first, second = evaluate(problem, one), evaluate(problem, two)
    assert second.cost_cny == pytest.approx(first.cost_cny, rel=1e-9, abs=1e-9 * (1 + first.gross_cny))
    scale = 1e-9 * (1 + np.abs(first.use).max(initial=0.0))
    assert second.use == pytest.approx(first.use, rel=1e-9, abs=scale)
    assert second.achieved == pytest.approx(first.achieved, rel=1e-9, abs=scale, nan_ok=True)
    assert verify(problem, two).limits.tolist() == verify(problem, one).limits.tolist()
    assert verify(problem, two).mandates == verify(problem, one).mandates
    assert verify(problem, two).broken == ()


@pytest.mark.parametrize("kind", ["none", "mixed", "all"])
def test_a_plan_written_and_read_is_the_same_plan(kind: str, tmp_path: Path) -> None:
    steps = parts = 0
    for seed in range(25):
        problem = toy_problem(seed, kind)
        plan = solve(problem, Options())
        rows = rows_of(problem, plan)
        given = read_given_plan(written(tmp_path, *rows), problem)
        assert_same(problem, plan, given)
        steps += len(rows)
        parts += len(given.source) > len(problem.source)
    assert steps > 25
    assert parts > 0 or kind == "none"


def test_the_plan_of_a_run(tmp_path: Path) -> None:
    """From inputs to plan.csv and back: cost, limits and what stands where."""
    run = toy_run(tmp_path)
    write_csv(run.results.plan, tmp_path / "plan.csv")
    problem = run.plan.problem
    given = read_given_plan(tmp_path / "plan.csv", problem)
    assert len(run.results.plan) >= 4
    assert_same(problem, run.plan.plan, given)
    assert given.shares(problem) == pytest.approx(run.plan.share, abs=1e-9)
    assert evaluate(problem, given).cost_cny == pytest.approx(run.results.manifest["cost_cny"], rel=1e-9)


def evaluated(folder: Path, plan: str, command: str = "run") -> int:
    """Status of a run of the small scenario with a plan of one's own, into out/again."""
    text = f"extends: toy.yaml\nplan: {plan}\nsolver: {{method: evaluate}}\n"
    (folder / "again.yaml").write_text(text, encoding="utf-8")
    out = ["--out", str(folder / "out")] if command == "run" else []
    return main([command, str(folder / "again.yaml"), "--inputs", str(folder / "inputs"), *out])


def test_evaluating_the_plan_of_a_run(tmp_path: Path) -> None:
    """The same tables come out again, but for what only a solver knows: prices, and which action is for
    which limit.
    """
    inputs, scenario = write_small_run(tmp_path)
    assert main(["run", str(scenario), "--inputs", str(inputs), "--out", str(tmp_path / "out")]) == 0
    assert evaluated(tmp_path, "out/toy/plan.csv") == 0
    one, two = (json.loads((tmp_path / "out" / n / "manifest.json").read_text()) for n in ("toy", "again"))
    assert two["cost_cny"] == pytest.approx(one["cost_cny"], rel=1e-9)
    assert set(two["inputs"]) - set(one["inputs"]) == {"plan.csv"}
    assert (two["status"], two["bound_cny"], two["gap"]) == ("feasible", None, None)
    for name, drop in (("limits", ["price", "status"]), ("plan", ["clause"]), ("costs", []), ("clauses", [])):
        first, second = (pd.read_csv(tmp_path / "out" / n / f"{name}.csv") for n in ("toy", "again"))
        unlike = [*drop, "plan"] if name == "clauses" else drop
        pd.testing.assert_frame_equal(
            first.drop(columns=unlike), second.drop(columns=unlike), rtol=1e-9, atol=1e-6
        )


def test_a_plan_that_misses_its_limits_is_written_and_says_so(tmp_path: Path) -> None:
    write_small_run(tmp_path)
    written(tmp_path)
    assert evaluated(tmp_path, "plan.csv") == 1
    assert json.loads((tmp_path / "out" / "again" / "manifest.json").read_text())["status"] == "infeasible"
    limits = pd.read_csv(tmp_path / "out" / "again" / "limits.csv").set_index("limit")
    assert limits.loc["T-SO2/2019", "status"] == "missed"
    assert limits.loc["T-SO2/2019", "achieved"] == limits.loc["T-SO2/2019", "frozen"]


@pytest.mark.parametrize("command", ["run", "check"])
def test_faults_of_a_plan_stop_a_run(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small_run(tmp_path)
    path = written(tmp_path, "b1,2018,coal,gas,1", "b99,2018,coal,gas,1")
    assert evaluated(tmp_path, "plan.csv", command) == 2
    said = capsys.readouterr().err
    assert f"{path}, row 2, from_state: 'coal' is no state of b1" in said
    assert f"{path}, row 3, source: 'b99' is no source of this scenario" in said
    assert not (tmp_path / "out").exists()


def test_no_rows_is_nothing_done(tmp_path: Path) -> None:
    problem = toy_problem(0)
    assert np.array_equal(read_given_plan(written(tmp_path), problem).state, frozen_plan(problem).state)


def three_years() -> Problem:
    """A unit s0 with the states 0, 1, 2 and a divisible s1 with 0, 1; s0 can go 0-1, 0-2, 1-2, not in 2018 to
    2.
    """
    capital = np.ones((4, 3))
    capital[1, 0] = capital[2, :] = np.inf
    capital[2, 2] = 1.0
    return Sketch(
        states=[3, 2],
        moves=[(0, 0, 1), (0, 0, 2), (0, 1, 2), (1, 0, 1)],
        cost=np.zeros((5, 3)),
        capital=capital,
        factor=np.zeros((1, 5)),
        move_factor=np.zeros((1, 4)),
        limits=[],
        forbid=[],
        sets=np.ones((1, 2)),
        cell=[0, 0],
        divisible=[False, True],
        part_year=[0.5, 0.5],
        stock=[False],
        years=3,
    ).problem()


def test_rows_in_any_order_and_parts_that_follow_each_other(tmp_path: Path) -> None:
    """0-1 in 2018, 1-2 in 2020 of the unit; a third and two thirds of the other, written with ten digits."""
    rows = [
        "s0,2020,s0.1,s0.2,1",
        "s1,2020,s1.0,s1.1,0.6666666667",
        "s1,2018,s1.0,s1.1,0.3333333333",
        "s0,2018,s0.0,s0.1,1",
    ]
    plan = read_given_plan(written(tmp_path, *rows), three_years())
    assert plan.source.tolist() == [0, 1, 1]
    assert plan.state.tolist() == [[1, 1, 2], [4, 4, 4], [3, 3, 4]]
    assert plan.share == pytest.approx([1, 1 / 3, 2 / 3], abs=1e-9)
    assert verify(three_years(), plan).broken == ()


FAULTS = {
    "a source that is none": (
        ["x9,2018,s0.0,s0.1,1"],
        "row 2, source: 'x9' is no source of this scenario; "
        "sources are named as in the inputs, projects project.ID",
    ),
    "a state that is none": (
        ["s0,2018,s0.0,s0.9,1"],
        "row 2, to_state: 's0.9' is no state of s0; did you mean 's0.2'?",
    ),
    "a state of another source": (
        ["s0,2018,s1.0,s0.1,1"],
        "row 2, from_state: 's1.0' is no state of s0; did you mean 's0.0'?",
    ),
    "no decision year": (
        ["s0,2017,s0.0,s0.1,1"],
        "row 2, year: '2017' is not a decision year; decision years: 2018, 2019, 2020",
    ),
    "no year": (
        ["s0,soon,s0.0,s0.1,1"],
        "row 2, year: 'soon' is not a decision year; decision years: 2018, 2019, 2020",
    ),
    "no such move": (
        ["s0,2018,s0.2,s0.1,1"],
        "row 2, to_state: 's0.1' can not be reached from s0.2 in one move; no move leaves it",
    ),
    "another move": (
        ["s0,2018,s0.0,s0.0,1"],
        "row 2, to_state: 's0.0' can not be reached from s0.0 in one move; "
        "from there it can move to: s0.1, s0.2",
    ),
    "not on offer": (
        ["s0,2018,s0.0,s0.2,1"],
        "row 2, year: '2018' does not have this move on offer; on offer in: 2019, 2020",
    ),
    "a unit in part": (["s0,2018,s0.0,s0.1,0.5"], "row 2, share: '0.5' is not 1; a unit moves as a whole"),
    "more than all": (
        ["s1,2018,s1.0,s1.1,1.5"],
        "row 2, share: '1.5' is no share; a number above 0, at most 1",
    ),
    "nothing": (["s1,2018,s1.0,s1.1,"], "row 2, share: '' is no share; a number above 0, at most 1"),
    "not there": (
        ["s0,2020,s0.1,s0.2,1"],
        "row 2, from_state: 's0.1' is not where s0 is when 2020 begins; it stands: 1 in s0.0",
    ),
    "twice": (
        ["s0,2018,s0.0,s0.1,1", "s0,2019,s0.0,s0.1,1"],
        "row 3, from_state: 's0.0' is not where s0 is when 2019 begins; it stands: 1 in s0.1",
    ),
    "two in one year": (
        ["s0,2020,s0.0,s0.1,1", "s0,2020,s0.1,s0.2,1"],
        "row 3, from_state: 's0.1' is not where s0 is when 2020 begins; it stands: 1 in s0.0",
    ),
    "more than is left": (
        ["s1,2018,s1.0,s1.1,0.75", "s1,2019,s1.0,s1.1,0.5"],
        "row 3, from_state: 's1.0' holds only 0.25 of s1 that can still move; "
        "it stands: 0.75 in s1.1, 0.25 in s1.0",
    ),
}


@pytest.mark.parametrize(("rows", "message"), FAULTS.values(), ids=FAULTS)
def test_faults(rows: list[str], message: str, tmp_path: Path) -> None:
    path = written(tmp_path, *rows)
    with pytest.raises(InputError) as caught:
        read_given_plan(path, three_years())
    assert str(caught.value) == f"{path}, {message}"


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Several of one row too; a source whose row is wrong is not followed any further."""
    rows = ["s0,2018,s0.9,s0.1,2", "s0,2019,s0.1,s0.2,1", "s1,2019,s1.1,s1.0,1", "x,1999,,,"]
    with pytest.raises(InputError) as caught:
        read_given_plan(written(tmp_path, *rows), three_years())
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "from_state"),
        (2, "share"),
        (3, "year"),
        (4, "to_state"),
        (5, "year"),
        (5, "source"),
    ]


def test_faults_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is missing; name a plan.csv that a run wrote"):
        read_given_plan(tmp_path / "none.csv", three_years())
    with pytest.raises(InputError) as caught:
        read_given_plan(written(tmp_path, "s0,2018", header="source,year"), three_years())
    assert [fault.column for fault in caught.value.faults] == ["from_state", "to_state", "share"]
    (tmp_path / "plan.csv").write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        read_given_plan(tmp_path / "plan.csv", three_years())
