"""The command `sweep`: every case of a scenario's sweep, side by side, going on where it was stopped."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from model.base.faults import Fault, InputError
from model.pipeline.case_files import CaseFiles, footing
from model.pipeline.prepare import Prepared, known_names, of_each, read_inputs, start_inventory
from model.pipeline.sweep_jobs import Order, Runner, ordered
from model.report.studies.sweeps import write_sweep_figures
from model.results.assemble import LIBRARIES
from model.results.write import write_csv
from model.scenario.check import name_faults
from model.scenario.document import read_document
from model.scenario.tree import locate
from model.studies.robust.asked import refused
from model.studies.sweeps.common import Ground
from model.studies.sweeps.sweep import Swept, axes_of, frames
from model.studies.sweeps.what_ifs import SWEPT, WhatIf, count, what_ifs

MOST = 20_000
"""Cases of one sweep; more are a slip."""

GAP = 1e-2
"""Gap at which a case is done."""

MILLION = 1e6


@dataclass(frozen=True)
class Ready:
    """A sweep that can be solved. sha256: of the scenario of each case."""

    prepared: Prepared
    ground: Ground
    cases: tuple[WhatIf, ...]
    sha256: tuple[str, ...]
    order: Order


def sweep(
    paths: Sequence[Path],
    settings: Sequence[str],
    inputs: Path,
    out: Path,
    workers: int = 1,
    scheduler: str | None = None,
    gap: float = GAP,
    lang: str = "en",
) -> int:
    """Solve every case of the sweeps of some scenarios and write OUT/SCENARIO/sweep/. Returns 0.

    workers: processes of this machine; scheduler: address of a Dask cluster in their place. gap: share of
    gross spending at which a case is done. lang: of the figures.

    Raises:
        InputError: something in the input of any of them is wrong; then nothing is written.
    """
    faults = []
    if not 0 <= gap < 1:
        faults.append(Fault("--gap", None, None, f"{gap:g}", "is not a share", "write such as 1e-2"))
    for each in of_each(paths, lambda path: _ready(path, settings, inputs), faults):
        began, scenario = time.monotonic(), each.prepared.scenario
        where = out / scenario.name / "sweep"
        files = CaseFiles(where / "cases", footing(each.prepared.tables, gap))
        runner = Runner(scenario.name, each.ground, files, gap)
        found = runner.run(each.order, workers, scheduler)
        assert scenario.sweep is not None
        axes = axes_of(scenario.sweep, each.ground.tree, each.cases)
        outcomes = [found[sha256] for sha256 in each.sha256]
        swept = Swept(axes, tuple(zip(each.cases, outcomes, strict=True)))
        spent = {"solved": runner.solved, "cpu_s": runner.cpu_s, "wall_s": time.monotonic() - began}
        _write(each, swept, where, {"gap_asked": gap, "workers": scheduler or workers, **spent})
        write_sweep_figures(frames(swept), lang, where / "figures")
        sys.stdout.write(_said(each, swept, where))
    return 0


def _ready(path: Path, settings: Sequence[str], inputs: Path) -> Ready:
    """Read a scenario and every case of its sweep.

    Raises:
        InputError: it has no sweep, or a value of some case is refused.
    """
    prepared = read_inputs(path, settings, inputs)
    asked = prepared.scenario.sweep
    if asked is None:
        right = "write sweep: {over: {PATH: [AMOUNT, ..]}}, or --set sweep.over.PATH='[..]'"
        raise InputError([Fault(str(path), None, "sweep", None, "is not there", right)])
    if faults := refused(prepared.scenario):
        raise InputError(faults)
    if count(asked) > MOST:
        place = locate("sweep", prepared.scenario.places)
        wrong = f"makes {count(asked)} cases, more than {MOST}"
        right = "shorten the lists, or take method random"
        raise InputError([Fault(place.file, place.line, "sweep", None, wrong, right)])
    start_inventory(prepared)
    ground = Ground(read_document(path, settings), path, prepared.tables, prepared.strengths)
    cases, known = what_ifs(asked), known_names(prepared.tables)
    sha256, faults = [], list[Fault]()
    for case in cases:
        try:
            scenario = ground.scenario(case.values)
        except InputError as error:
            faults += error.faults
            continue
        sha256.append(scenario.sha256)
        faults += [] if case.kind == SWEPT else name_faults(scenario, known)
    if faults:
        raise InputError(dict.fromkeys(faults))
    order = ordered(ground, zip((case.values for case in cases), sha256, strict=True))
    return Ready(prepared, ground, cases, tuple(sha256), order)


def _write(each: Ready, swept: Swept, where: Path, about: Mapping[str, Any]) -> None:
    """Every table and manifest.json, each replaced whole; the folder of finished cases stays."""
    where.mkdir(parents=True, exist_ok=True)
    for name, frame in frames(swept).items():
        new = where / f".{name}.new"
        write_csv(frame, new)
        new.replace(where / f"{name}.csv")
    scenario = each.prepared.scenario
    manifest = {
        "scenario": scenario.name,
        "scenario_sha256": scenario.sha256,
        "inputs": dict(each.prepared.tables.files),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "cases": len(swept.cases),
        "statuses": dict(sorted(Counter(outcome.status for _, outcome in swept.cases).items())),
        "greatest_gap": max((outcome.gap or 0.0 for _, outcome in swept.cases), default=0.0),
        **about,
    }
    new = where / ".manifest.new"
    new.write_text(
        json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    new.replace(where / "manifest.json")


def _said(each: Ready, swept: Swept, where: Path) -> str:
    """What a sweep comes to, in a few lines."""
    tables = frames(swept)
    cases, tornado = tables["sweep"], tables["tornado"]
    solved = cases[cases["status"].isin(("optimal", "feasible"))]
    statuses = Counter(cases["status"])
    lines = [
        f"{each.prepared.scenario.name}: {len(cases)} cases, "
        + ", ".join(f"{statuses[status]} {status}" for status in sorted(statuses))
    ]
    if len(solved):
        cost = solved["cost_cny"] / MILLION
        lines.append(
            f"  cost {cost.min():,.6g} to {cost.max():,.6g} M CNY, gaps up to {solved['gap'].max():.2%}"
        )
    for row in tornado.to_dict("records"):
        ends = [f"{row[end]} {row[f'{end}_cost_cny'] / MILLION:,.6g}" for end in ("low", "high")]
        lines.append(f"  {row['path']} alone: {', '.join(ends)} M CNY")
    return "\n".join([*lines, f"  written to {where}", ""])
