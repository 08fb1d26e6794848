"""The jobs of a sweep: in which order its cases depend on each other, and solving what is not yet on disk."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from typing import Any

from model.pipeline.case_files import CaseFiles
from model.pipeline.workers import executor, handed
from model.scenario.scenario import FrozenMap
from model.solve.warm import Kept
from model.studies.sweeps.common import Ground, structure_of
from model.studies.sweeps.outcome import Outcome
from model.studies.sweeps.solve_case import WORKSHOP, Solved

LINES = 20
"""Lines about progress."""


@dataclass(frozen=True)
class Job:
    """One case to be solved. sha256: of its scenario. begins: sha256 of the scenario whose plan it begins
    with, empty for the first. leads: others begin with it.
    """

    values: FrozenMap[str, str]
    sha256: str
    begins: str = ""
    leads: bool = False


@dataclass(frozen=True)
class Order:
    """Jobs as they depend on each other: the base, one for each structure that several cases have, the rest.

    What a case begins with follows from the cases alone, never from what happened to be ready first.
    """

    base: Job
    structures: tuple[Job, ...]
    rest: tuple[Job, ...]

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All of them."""
        return (self.base, *self.structures, *self.rest)


def ordered(ground: Ground, cases: Iterable[tuple[FrozenMap[str, str], str]]) -> Order:
    """The jobs of the cases, each with the sha256 of its scenario; cases of one scenario are one job."""
    distinct = {sha256: values for values, sha256 in reversed(list(cases))}
    base = Job(FrozenMap(), ground.scenario({}).sha256, leads=True)
    structures = Counter(structure_of(values) for values in distinct.values())
    shared = {
        structure: ground.scenario(structure).sha256
        for structure, times in structures.items()
        if structure and times > 1
    }
    leading = [Job(structure, sha256, base.sha256, leads=True) for structure, sha256 in shared.items()]
    led = {base.sha256, *shared.values()}
    rest = [
        Job(values, sha256, shared.get(structure_of(values), base.sha256))
        for sha256, values in reversed(distinct.items())
        if sha256 not in led
    ]
    return Order(base, tuple(sorted(leading, key=_by_text)), tuple(sorted(rest, key=_by_structure)))


def _by_text(job: Job) -> str:
    return repr(sorted(job.values.items()))


def _by_structure(job: Job) -> str:
    """Cases of one structure behind each other, so that a process builds what they share once."""
    return repr(sorted(structure_of(job.values).items()))


class Runner:
    """Solves what is missing of an order and keeps each outcome on disk as it comes."""

    def __init__(self, name: str, ground: Ground, files: CaseFiles, gap: float) -> None:
        self.name, self.ground, self.files, self.gap = name, ground, files, gap
        self.cpu_s = 0.0
        self.solved = 0

    def run(self, order: Order, workers: int, scheduler: str | None) -> dict[str, Outcome]:
        """Outcome of every job by the sha256 of its scenario."""
        names = {job.sha256: self.files.name(job.sha256, job.begins) for job in order.jobs}
        found = self.files.read_all(names)
        wanted = {job.begins for job in order.jobs if job.sha256 not in found}
        wanted |= {job.begins for job in order.structures if job.sha256 in wanted}
        missing = {job for job in order.jobs if job.sha256 not in found or self._lacks(job, wanted, names)}
        if not missing:
            return found
        began, total = time.monotonic(), len(missing)
        sys.stderr.write(f"{self.name}: {total} cases to solve, {len(order.jobs) - total} on disk\n")
        kept: dict[str, Kept | None] = {"": None}
        with executor(workers, scheduler, self.ground) as (pool, shared):
            for stage in ([order.base], order.structures, order.rest):
                todo = [job for job in stage if job in missing]
                kept |= {job.sha256: self.files.read_kept(names[job.sha256]) for job in stage if job.leads}
                for job, solved in self._all(pool, shared, todo, kept):
                    found[job.sha256] = solved.outcome
                    if job.leads:
                        kept[job.sha256] = solved.kept
                        self.files.write_kept(names[job.sha256], solved.kept)
                    self.files.write(names[job.sha256], solved.outcome)
                    self._count(solved, total, began)
        return found

    def _lacks(self, job: Job, wanted: set[str], names: dict[str, str]) -> bool:
        """Whether others wait for what a finished job left, and it is no longer there."""
        return job.sha256 in wanted and not self.files.has_kept(names[job.sha256])

    def _all(
        self, pool: Executor | None, shared: Any, jobs: Sequence[Job], kept: dict[str, Kept | None]
    ) -> Iterable[tuple[Job, Solved]]:
        """The jobs as they are done."""
        given = {job: (shared, job.values, self.gap, kept[job.begins], job.leads) for job in jobs}
        if pool is None:
            for job in jobs:
                yield job, solve_job(*given[job])
            return
        waiting = {pool.submit(solve_job, *given[job]): job for job in jobs}
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    def _count(self, solved: Solved, total: int, began: float) -> None:
        self.solved += 1
        self.cpu_s += solved.cpu_s
        if self.solved % -(-total // LINES) == 0 or self.solved == total:
            spent = time.monotonic() - began
            sys.stderr.write(f"{self.name}: {self.solved} of {total} cases, {spent:.0f} s\n")


def solve_job(shared: Any, values: FrozenMap[str, str], gap: float, kept: Kept | None, first: bool) -> Solved:
    """One case, in whatever process."""
    ground: Ground = handed(shared)
    return WORKSHOP.solve(ground, values, gap, kept, first)
