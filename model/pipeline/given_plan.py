"""A plan that the user brings: a plan.csv as `run` writes it, held against a problem (method evaluate)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.base.faults import Fault, InputError, nearest
from model.plan import Plan, verify
from model.problem.problem import Problem
from model.scenario.scenario import Scenario
from model.tables.decode import TextTable, decode
from model.tables.read import Tables

COLUMNS = ("source", "year", "from_state", "to_state", "share")
"""What is read of plan.csv; its other columns follow from these."""

ROUNDING = 1e-9
"""Shares are written with ten digits: what adds up to this is whole."""


@dataclass(frozen=True)
class _Step:
    """One row: line of the file, indices of the problem (source, year, states, move) and the share."""

    line: int
    source: int
    year: int
    leave: int
    enter: int
    share: float


@dataclass(frozen=True)
class _Part:
    """A part of a source and the state it is in at the end of each year."""

    share: float
    state: tuple[int, ...]


def with_file(tables: Tables, path: Path) -> Tables:
    """The tables with a plan that was read among their files."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(tables, files={**tables.files, path.name: digest})


def given_plan(scenario: Scenario, problem: Problem) -> Plan | None:
    """The plan that a scenario asks to evaluate, None where it asks for another method.

    Raises:
        InputError: as `read_given_plan`.
    """
    if scenario.solver.method != "evaluate" or scenario.plan_file is None:
        return None
    return read_given_plan(scenario.plan_file, problem)


def read_given_plan(path: Path, problem: Problem) -> Plan:
    """The plan that a file of actions describes; every source that no row names stays in state 0.

    Rows are taken year by year; a row moves its share of the source out of what stood in `from_state` at the
    end of the year before. A plan.csv that was written for this problem gives its cost and its limits again.
    Nothing is known of a bound or of prices.

    Raises:
        InputError: every fault of the file: a source or state that is not known, a year in which nothing is
            decided, no such move, a state that the source is not in, a share that is none or, of a unit, not
            1.
    """
    file = str(path)
    if not path.is_file():
        raise InputError([Fault(file, None, None, None, "is missing", "name a plan.csv that a run wrote")])
    table, faults = decode(file, "plan", path.read_bytes())
    if table is None:
        raise InputError(faults)
    absent = [name for name in COLUMNS if name not in table.cells]
    if absent:
        right = f"columns needed: {', '.join(COLUMNS)}"
        raise InputError(Fault(file, 1, name, None, "is not in the header", right) for name in absent)
    reader = _Reader(file, problem)
    steps = reader.steps(table)
    parts = reader.follow(steps)
    if reader.faults:
        raise InputError(sorted(reader.faults, key=lambda fault: fault.row or 0))
    rows = [(source, part) for source in range(len(problem.source)) for part in parts[source]]
    plan = Plan(
        source=np.array([source for source, _ in rows], dtype=np.int64),
        share=np.array([part.share for _, part in rows]),
        state=np.array([part.state for _, part in rows], dtype=np.int64).reshape(-1, len(problem.years)),
        price=np.full(len(problem.limit), np.nan),
        bound_cny=-np.inf,
        status="feasible",
        seconds={},
        route=("given",),
    )
    return plan if verify(problem, plan).met else replace(plan, status="infeasible")


class _Reader:
    """The rows of a file against a problem, with the faults found."""

    def __init__(self, file: str, problem: Problem) -> None:
        self.file, self.problem = file, problem
        self.faults: list[Fault] = []
        self.wrong: set[int] = set()
        self.place = {str(label): index for index, label in enumerate(problem.source)}
        self.years = problem.years.tolist()

    def fault(self, line: int, column: str, value: str, wrong: str, right: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(self.file, line, column, value, wrong, right))

    def steps(self, table: TextTable) -> list[_Step]:
        """The rows that make sense by themselves."""
        out = []
        columns = (table.cells[name] for name in COLUMNS)
        for line, *cells in zip(table.lines, *columns, strict=True):
            before = len(self.faults)
            step = self._step(line, *cells)
            if step is not None:
                out.append(step)
            elif len(self.faults) > before and cells[0] in self.place:
                self.wrong.add(self.place[cells[0]])
        return out

    def _step(self, line: int, source: str, year: str, leave: str, enter: str, share: str) -> _Step | None:
        problem, before = self.problem, len(self.faults)
        if year not in map(str, self.years):
            right = "decision years: " + ", ".join(map(str, self.years))
            self.fault(line, "year", year, "is not a decision year", right)
        if source not in self.place:
            right = "sources are named as in the inputs, projects project.ID"
            self.fault(line, "source", source, "is no source of this scenario", right)
            return None
        index = self.place[source]
        first = int(problem.state_start[index])
        labels = problem.state_label[first : problem.state_start[index + 1]].tolist()
        for column, label in (("from_state", leave), ("to_state", enter)):
            if label not in labels:
                self.fault(line, column, label, f"is no state of {source}", nearest(label, labels))
        part = self._share(line, share, bool(problem.divisible[index]))
        if len(self.faults) > before:
            return None
        at = self.years.index(int(year))
        step = _Step(line, index, at, first + labels.index(leave), first + labels.index(enter), part)
        self._check_move(step, leave, enter)
        return step if len(self.faults) == before else None

    def _share(self, line: int, share: str, divisible: bool) -> float:
        """Share of a source that moves, nan where it is wrong."""
        try:
            value = float(share)
        except ValueError:
            value = np.nan
        if not 0 < value <= 1 + ROUNDING:
            self.fault(line, "share", share, "is no share", "a number above 0, at most 1")
        elif not divisible and abs(value - 1) > ROUNDING:
            self.fault(line, "share", share, "is not 1", "a unit moves as a whole")
        return value

    def _check_move(self, step: _Step, leave: str, enter: str) -> None:
        """Fault a move that the source does not have, or not in that year."""
        problem = self.problem
        move = int(problem.find_moves(np.array([step.leave]), np.array([step.enter]))[0])
        if move < 0:
            own = slice(*problem.move_start[step.source : step.source + 2])
            ways = problem.state_label[problem.move_to[own][problem.move_from[own] == step.leave]]
            right = f"from there it can move to: {', '.join(ways)}" if len(ways) else "no move leaves it"
            self.fault(step.line, "to_state", enter, f"can not be reached from {leave} in one move", right)
        elif not np.isfinite(problem.capital[move, step.year]):
            offered = problem.years[np.isfinite(problem.capital[move])]
            right = f"on offer in: {', '.join(map(str, offered))}" if len(offered) else "it never is"
            self.fault(
                step.line, "year", str(self.years[step.year]), "does not have this move on offer", right
            )

    def follow(self, steps: Sequence[_Step]) -> dict[int, list[_Part]]:
        """Where the parts of each source go, year by year; sources with a fault are passed over."""
        zero = self.problem.state_start
        parts = defaultdict[int, list[_Part]](list)
        for source in range(len(self.problem.source)):
            parts[source] = [_Part(1.0, (int(zero[source]),) * len(self.years))]
        for step in sorted(steps, key=lambda each: each.year):
            if step.source not in self.wrong:
                parts[step.source] = self._moved(parts[step.source], step)
        return parts

    def _moved(self, parts: Sequence[_Part], step: _Step) -> list[_Part]:
        """The parts of a source after one row: the parts in its state that have not moved in that year give
        way in turn.
        """
        start = int(self.problem.state_start[step.source])
        left, out = step.share, []
        for part in parts:
            before = part.state[step.year - 1] if step.year else start
            here = before == step.leave and part.state[step.year] == step.leave
            taken = min(left, part.share) if here else 0.0
            if part.share - taken <= ROUNDING and here and taken > 0:
                taken = part.share
            if taken > 0:
                ahead = (step.enter,) * (len(self.years) - step.year)
                out.append(_Part(taken, (*part.state[: step.year], *ahead)))
            if taken < part.share:
                out.append(_Part(part.share - taken, part.state))
            left = max(left - taken, 0.0)
        if left > ROUNDING:
            self._absent(parts, step, left)
        return out

    def _absent(self, parts: Sequence[_Part], step: _Step, left: float) -> None:
        """Fault a row that moves more than stands in its state."""
        self.wrong.add(step.source)
        problem, start = self.problem, int(self.problem.state_start[step.source])
        stands = [
            f"{part.share:g} in {problem.state_label[part.state[step.year - 1] if step.year else start]}"
            for part in parts
        ]
        label = str(problem.state_label[step.leave])
        wrong = (
            f"is not where {problem.source[step.source]} is when {self.years[step.year]} begins"
            if left > step.share - ROUNDING
            else f"holds only {step.share - left:g} of {problem.source[step.source]} that can still move"
        )
        self.fault(step.line, "from_state", label, wrong, "it stands: " + ", ".join(stands))
