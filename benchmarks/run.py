"""The main job by stage: wall and CPU seconds, and the peak of memory up to its end.

    python benchmarks/run.py [SCENARIO] [--gap G]

Import and read; inventory, growth and states (of all cases together); build and solve of each case; results
and report. Nothing is left behind. Of two figures on a shared machine believe the CPU seconds.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from model.pipeline.clock import Clock  # noqa: E402


@dataclass
class Meter(Clock):
    """CPU seconds (of this process and its children) and peak MB by stage, too."""

    cpu: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, label: str) -> Iterator[None]:
        """Measures the block under it and prints its line."""
        began, cpu = time.monotonic(), _cpu()
        yield
        self.seconds[label] = time.monotonic() - began
        self.cpu[label] = _cpu() - cpu
        self.peak[label] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in kB
        show(label, self.seconds[label], self.cpu[label], self.peak[label])


def show(label: str, wall: float, cpu: float, peak: float) -> None:
    """One line of the table."""
    print(f"{label:22} {wall:9.2f} {cpu:9.2f} {peak:9.0f}", flush=True)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Run once and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    scenario = ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml"
    parser.add_argument("scenario", nargs="?", type=Path, default=scenario)
    parser.add_argument("--gap", help="in the place of solver.gap of the scenario")
    given = parser.parse_args()
    settings = [] if given.gap is None else [f"solver.gap={given.gap}"]
    meter = Meter("main job")
    print(f"{'stage':22} {'wall s':>9} {'CPU s':>9} {'peak MB':>9}")
    with meter.stage("import"):
        from model.base.faults import InputError
        from model.pipeline.prepare import INPUTS, read_inputs
        from model.pipeline.run import build_cases, run_one
    try:
        with meter.stage("read"):
            prepared = read_inputs(given.scenario, settings, INPUTS)
        built = build_cases(prepared, meter)
        if built.faults:
            raise InputError(built.faults)
    except InputError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory() as out:
        outcome = run_one(built, Path(out), "en")
    show("all", sum(meter.seconds.values()), sum(meter.cpu.values()), max(meter.peak.values()))
    facts = outcome.results.manifest
    print(f"{facts['sources']} sources, {facts['states']} states")
    print(f"status {facts['status']}, gap {facts['gap']:.2e}")


if __name__ == "__main__":
    main()
