"""The main job as a whole process: seconds by stage, proven gap, peak memory.

    python -m benchmarks.main_job [--gap 5e-3]

Figures that stand in benchmarks/README.md come from this command on an otherwise idle machine of 2 cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml"


def main() -> None:
    """Run once and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gap", default="5e-3")
    gap = parser.parse_args().gap
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "run_scenario.py",
            str(SCENARIO),
            "--set",
            f"solver.gap={gap}",
            "--out",
            out,
        ]
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        wall = time.monotonic() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        manifest = json.loads((Path(out) / SCENARIO.stem / "manifest.json").read_text(encoding="utf-8"))
    print(f"exit status {done.returncode}, status {manifest['status']}, gap {manifest['gap']:.2e}")
    print(f"sources {manifest['sources']}, states {manifest['states']}")
    for stage, seconds in manifest["wall_s"].items():
        print(f"{stage:24} {seconds:8.1f} s")
    print(f"{'whole process':24} {wall:8.1f} s, peak {memory:.0f} MB")


if __name__ == "__main__":
    main()
